"""What can be chosen for one channel: loud wins, and which lines of threads also go to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from store.money import Money
from store.opportunity.history import Kind
from store.settings.settings import marked


class Told(StrEnum):
    """Lines of threads that a channel may ask for."""

    OPENED = "opened"
    MOVED = "moved"
    WON = "won"
    LOST = "lost"
    PAUSED = "paused"
    REOPENED = "reopened"
    VALUE = "value"
    CLOSE = "close"
    OWNER = "owner"


_KINDS: Mapping[str, Told] = {
    Kind.CREATED: Told.OPENED,
    Kind.WON: Told.WON,
    Kind.LOST: Told.LOST,
    Kind.PAUSED: Told.PAUSED,
    Kind.RESUMED: Told.PAUSED,
    Kind.RETURNED: Told.PAUSED,
    Kind.REOPENED: Told.REOPENED,
}
_FIELDS: Mapping[str, Told] = {
    "stage": Told.MOVED,
    "value": Told.VALUE,
    "expected_close": Told.CLOSE,
    "owner_id": Told.OWNER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """At first nothing: a line is said in its thread, and a win no louder than that. `threshold` is
    the least final value of a loud win; one in another currency can't be compared with it.
    """

    loud_wins: bool = False
    threshold: Money | None = None
    also: frozenset[Told] = frozenset()

    @property
    def mark(self) -> str:
        return marked(as_json(self))

    def is_loud(self, price: Money | None) -> bool:
        """Whether a win at this price is posted."""
        least = self.threshold
        if not self.loud_wins or least is None:
            return self.loud_wins
        return price is not None and (price.currency != least.currency or price >= least)

    def asks_for(self, kind: str, fields: Iterable[str]) -> bool:
        """Whether this line of history also goes to the channel."""
        if kind not in (Kind.EDITED, Kind.MOVED):
            return _KINDS.get(kind) in self.also
        return any(_FIELDS.get(field) in self.also for field in fields)


PLAIN = ChannelSettings()


def as_json(settings: ChannelSettings) -> dict[str, Any] | None:
    """None for what is as at first."""
    if settings == PLAIN:
        return None
    least = settings.threshold
    return {
        "loud_wins": settings.loud_wins,
        "threshold": [least.minor, least.currency] if least else None,
        "also": sorted(settings.also),
    }


def from_json(kept: Mapping[str, Any] | None) -> ChannelSettings:
    """What an earlier version kept, and this one doesn't know, is left out."""
    said = kept or {}
    least = said.get("threshold")
    known = {one.value for one in Told}
    return ChannelSettings(
        loud_wins=bool(said.get("loud_wins")),
        threshold=Money(least[0], least[1]) if least else None,
        also=frozenset(Told(one) for one in said.get("also", ()) if one in known),
    )
