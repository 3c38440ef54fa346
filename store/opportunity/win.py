"""A win as a channel that wants it hears of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from store.opportunity.opportunity import Opportunity
from store.person.person import Person
from store.workspace import Workspace

WAITS = timedelta(minutes=2)
"""A wrong press can be undone before anybody hears of it."""
SAME = timedelta(days=1)
"""Won again within that, it is the same win: the message says what is so by now."""


class Feat(StrEnum):
    """What a win may be the first in."""

    LARGEST = "largest"  # The highest final value of the quarter, in its currency.
    FASTEST = "fastest"  # The fewest days from its opening of the year.


@dataclass(frozen=True, slots=True)
class Record:
    """`of` so many wins, itself among them."""

    feat: Feat
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WinShown:
    """`days` from its opening to its closing; `back_by` who took it back after it was posted."""

    opportunity: Opportunity
    workspace: Workspace
    days: int
    records: tuple[Record, ...] = ()
    taken_back: bool = False
    back_by: Person | None = None


def quarter(day: date) -> date:
    """Its first day."""
    return date(day.year, day.month - (day.month - 1) % 3, 1)
