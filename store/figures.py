"""What happened to the deals of a period, in figures: won, lost, worth, days, movement.

Each is defined in one sentence in docs/figures.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from store.money import Money, minor_digits
from store.opportunity.status import Status
from store.person.person import Person
from store.workspace import Workspace

ENOUGH = 20
"""Below so many closed deals a rate or a median says more about chance than about selling."""
OWNERS, REASONS = 10, 8
"""So many are shown by name; the rest is counted together."""
MONTHS = 12
"""The picture shows so many months, up to the one that the period ends in."""
_NINETY = 90
_MANY = 100
"""From so many on nobody asks for the pence of an average."""


class Span(StrEnum):
    """A period, by its words."""

    THIS_MONTH = "this month"
    LAST_MONTH = "last month"
    THIS_QUARTER = "this quarter"
    LAST_QUARTER = "last quarter"
    THIS_YEAR = "this year"
    LAST_YEAR = "last year"
    LAST_90_DAYS = "last 90 days"
    ALL_TIME = "all time"

    @property
    def phrase(self) -> str:
        """As the end of a sentence: `this quarter`, `in the last 90 days`, `so far`."""
        if self is Span.ALL_TIME:
            return "so far"
        return f"in the {self.value}" if self is Span.LAST_90_DAYS else self.value


@dataclass(frozen=True, slots=True)
class Days:
    """From the first to the last of them, both counted."""

    first: date
    last: date


def days_of(span: Span, today: date) -> Days | None:
    """The days of a period, by the calendar of the workspace; None is all time."""
    if span is Span.ALL_TIME:
        return None
    if span is Span.LAST_90_DAYS:
        return Days(today - timedelta(days=_NINETY - 1), today)
    length = {"month": 1, "quarter": 3, "year": 12}[span.value.rpartition(" ")[2]]
    month = today.year * 12 + today.month - 1
    first = month - month % length - (length if span.value.startswith("last") else 0)
    return Days(_first_of(first), _first_of(first + length) - timedelta(days=1))


def months_of(days: Days | None, today: date) -> tuple[date, ...]:
    """The first days of the months that the picture shows, oldest first."""
    last = min(days.last, today) if days else today
    month = last.year * 12 + last.month - 1
    return tuple(_first_of(one) for one in range(month - MONTHS + 1, month + 1))


def _first_of(month: int) -> date:
    year, rest = divmod(month, 12)
    return date(year, rest + 1, 1)


def median(counted: Iterable[tuple[int, int]]) -> int | None:
    """The least number of days that half of them took at most; of (days, how many took those)."""
    rows = sorted(counted)
    half = sum(count for _, count in rows) / 2
    below = 0
    for days, count in rows:
        below += count
        if below >= half:
            return days
    return None


@dataclass(frozen=True, slots=True)
class Worth:
    """What the priced ones among the deals won were won for, in one currency."""

    count: int
    total: Money

    @property
    def average(self) -> Money:
        """The mean, rounded half up: to whole pounds, unless there are few of them."""
        pound = 10 ** minor_digits(self.total.currency)
        to = pound if self.total.minor >= _MANY * pound * self.count else 1
        mean = (2 * self.total.minor + self.count * to) // (2 * self.count * to)
        return Money(mean * to, self.total.currency)


@dataclass(frozen=True, slots=True)
class OwnerFigures:
    """Of one owner; of nobody when nobody owns them."""

    owner: Person | None
    won: int
    lost: int
    worths: tuple[Worth, ...]

    @property
    def closed(self) -> int:
        return self.won + self.lost


@dataclass(frozen=True, slots=True)
class StageFigures:
    """How many entered and left a stage within the period, and the median days of those that left
    it, pauses left out; None when none left.
    """

    stage: Status
    entered: int
    left: int
    days: int | None


@dataclass(frozen=True, slots=True)
class MonthFigures:
    first: date
    won: int
    lost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """As a viewer may see them at `at`, over `days` (None: all time)."""

    workspace: Workspace
    span: Span
    days: Days | None
    at: datetime
    won: int
    lost: int
    worths: tuple[Worth, ...]
    """By currency, the workspace's own first."""
    unpriced: int
    """Won without a value."""
    cycle: int | None
    """Median days from making to winning."""
    stages: tuple[StageFigures, ...]
    reasons: tuple[tuple[str, int], ...]
    """Why deals were lost, the most frequent first; empty is none given."""
    owners: tuple[OwnerFigures, ...]
    """Who closed most first."""
    months: tuple[MonthFigures, ...]

    @property
    def closed(self) -> int:
        return self.won + self.lost

    @property
    def enough(self) -> bool:
        return self.closed >= ENOUGH


def rate(won: int, closed: int) -> int:
    """Whole per cent, rounded half up."""
    return (200 * won + closed) // (2 * closed)
