"""What a digest says: what changed since the last one, how the pipeline stands, what comes next."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from store.board import Filter, StageTotal, Sum
from store.contact import ContactRef
from store.digest.digest import Part
from store.digest.news import News
from store.money import Money
from store.opportunity.opportunity import Opportunity
from store.opportunity.status import Status
from store.person.person import Person
from store.task.task import Task
from store.workspace import Workspace

Side = Status | date | Money | None
"""A status, an expected close or a value, as the news is about one."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A deal as it is now, and what it was and became between the two digests."""

    deal: Opportunity
    old: Side = None
    new: Side = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """All deals with the same news: how many, what those of them that are priced are worth by
    currency (what was won: for how much), and the first of them, the largest first.
    """

    news: News
    total: int
    sums: tuple[Money, ...] = ()
    rows: tuple[Changed, ...] = ()


class When(StrEnum):
    """Where an open deal stands in the forecast."""

    PASSED = "passed"
    MONTH = "month"
    LATER = "later"
    NO_DATE = "no_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One line of the forecast: the open deals that are to close then, `month` by its first day,
    and what was won in that month already. What is paused or lost is not expected.
    """

    when: When
    month: date | None = None
    count: int = 0
    unpriced: int = 0
    sums: tuple[Sum, ...] = ()
    won: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deals:
    """The first of some deals, of how many, and what they are worth."""

    total: int = 0
    rows: tuple[Opportunity, ...] = ()
    sums: tuple[Sum, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    """The first of some tasks, of how many."""

    total: int = 0
    rows: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A digest as all readers of its channel may see it. `workspace` has the time zone of the
    digest: its days are days there. What is not among `parts` is empty.
    """

    digest_id: int
    workspace: Workspace
    filter: Filter
    owner: Person | None = None
    contact: ContactRef | None = None
    """Whom the filter names."""
    parts: tuple[Part, ...]
    since: datetime
    until: datetime
    late_for: datetime | None = None
    """When it was due, if it is sent late."""
    groups: tuple[Group, ...] = ()
    totals: tuple[StageTotal, ...] = ()
    paused: int = 0
    forecast: tuple[Expected, ...] = ()
    closing: Deals = Deals()
    attention: Deals = Deals()
    tasks: Tasks = Tasks()

    @property
    def open(self) -> int:
        """How many open deals it is about."""
        return sum(one.count for one in self.totals)

    @property
    def is_quiet(self) -> bool:
        """Whether nobody need read more than one line of it: nothing changed, and nothing waits
        for somebody.
        """
        waiting = self.closing.total or self.attention.total or self.tasks.total
        stands = Part.CHANGES not in self.parts and (self.open or self.forecast)
        return not (self.groups or waiting or stands)
