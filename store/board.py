"""The board: what it shows, in which order, and which part of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from store.digest.news import Told
from store.money import Money
from store.opportunity.opportunity import Opportunity
from store.opportunity.status import STAGES, Status

PAGE = 10
"""Rows on a page of the board, and of every list."""


def page_start(offset: int, total: int) -> int:
    """Where a list's page begins; what was asked for may have become shorter meanwhile."""
    last = max(0, total - 1) // PAGE * PAGE
    return min(max(0, offset), last)


class Sort(StrEnum):
    CLOSING = "closing"
    WEIGHTED = "weighted"
    DAYS = "days"
    NEWEST = "newest"


class Closes(StrEnum):
    """The filter on expected close."""

    OVERDUE = "overdue"
    SOON = "soon"  # Within seven days from today.
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Filter:
    """All of these at once; empty ones don't narrow. No status means the open stages, and with
    `attention` also what is paused: its return may need some.
    """

    owner: str | None = None
    statuses: tuple[Status, ...] = ()
    contact: int | None = None
    closes: Closes | None = None
    attention: bool = False

    @property
    def shown(self) -> tuple[Status, ...]:
        """The statuses of what it finds."""
        return self.statuses or ((*STAGES, Status.PAUSED) if self.attention else STAGES)


@dataclass(frozen=True, slots=True)
class Query:
    """Which board: filter, order, and how far in. `after` is the keyset of the row before. With
    `told` it is of these deals, whatever has become of them since.
    """

    filter: Filter = field(default_factory=Filter)
    sort: Sort = Sort.CLOSING
    after: tuple[str | int, ...] | None = None
    first: int = 1
    """The number of the first row, for "11–20 of 63"."""
    back: tuple[tuple[str | int, ...] | None, ...] = ()
    """The keysets of the pages before, nearest last; kept short, Previous past them starts anew."""
    told: Told | None = None

    @property
    def shown(self) -> tuple[Status, ...]:
        """The statuses of what it finds."""
        return tuple(Status) if self.told else self.filter.shown


@dataclass(frozen=True, slots=True)
class Sum:
    """Money of one currency."""

    total: Money
    weighted: Money


@dataclass(frozen=True, slots=True)
class StageTotal:
    """`unpriced` are the opportunities without a value: counted, not priced."""

    stage: Status
    count: int
    unpriced: int
    sums: tuple[Sum, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A page of the pipeline as a viewer may see it at `at`."""

    query: Query
    totals: tuple[StageTotal, ...]
    """Closing first, as the board lists them."""
    paused: int
    rows: tuple[Opportunity, ...]
    matching: int
    """How many opportunities the filter matches, all pages."""
    previous: Query | None
    next: Query | None
    at: datetime
    channel_id: str | None = None
    """Set on a posted board; None on a private copy."""
    maker_id: str | None = None
    shared: bool = False
    """Whether people from outside read the channel that it stands in: they see no page."""
    replaced: bool = False
    """Whether it is no longer live; `newer` is then the permalink of the one that is, if known."""
    newer: str | None = None
