"""The news of a deal: what became of it between two moments, as digests tell it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class News(StrEnum):
    """What became of a deal, from first to last: what was taken back meanwhile is no news. In the
    order in which it is told.
    """

    WON = "won"
    LOST = "lost"
    NEW = "new"
    FORWARD = "forward"
    BACK = "back"
    REOPENED = "reopened"
    RETURNED = "returned"  # From its pause.
    PAUSED = "paused"
    SLIPPED = "slipped"  # Its expected close is later, or it has none any more.
    UP = "up"  # Worth more, or priced for the first time.
    DOWN = "down"
    REPRICED = "repriced"  # In another currency, which can't be compared.


OF_VALUE = (News.UP, News.DOWN, News.REPRICED)


@dataclass(frozen=True, slots=True)
class Told:
    """The deals of which that is told: what happened after `since`, until `until`."""

    news: News
    since: datetime
    until: datetime
