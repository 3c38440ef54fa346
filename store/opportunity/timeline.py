"""The timeline of an opportunity: what was done, said and changed, in one order."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from store.activity import Activity
from store.comment import Comment
from store.opportunity.opportunity import Change
from store.opportunity.status import Status
from store.paging import Spot, micros


class Part(StrEnum):
    """What a timeline is made of; what is of the same time stands in this order, last first."""

    CHANGE = "change"
    ACTIVITY = "activity"
    COMMENT = "comment"

    @property
    def rank(self) -> int:
        return list(Part).index(self)


Row = Change | Activity | Comment


@dataclass(frozen=True, slots=True)
class Mark:
    """The last row of a page: the next, older, one starts below it."""

    at: datetime
    part: Part
    id: int

    @property
    def micros(self) -> int:
        return micros(self.at)

    def within(self, part: Part) -> Spot:
        """The same place among the rows of one kind."""
        if part is self.part:
            return Spot(self.at, self.id)
        return Spot(self.at, 0 if part.rank > self.part.rank else _BEYOND)


_BEYOND = 2**62
"""Greater than any id, and no number that a database column stumbles over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A page of what became of an opportunity, newest first, and the days it spent in each stage.
    `only` one kind of it, or all (None).
    """

    rows: tuple[Row, ...]
    spent: tuple[tuple[Status, int], ...]
    only: Part | None = None
    older: Mark | None = None
    """Where the next page begins; None on the last."""
    first: bool = True
    """Whether this is the newest page."""


def mark(row: Row) -> Mark:
    """Where a row stands."""
    parts = {Change: Part.CHANGE, Activity: Part.ACTIVITY, Comment: Part.COMMENT}
    return Mark(row.at, parts[type(row)], row.id)
