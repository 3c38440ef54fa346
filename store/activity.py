"""An activity: something that was done, with whom it was done, and to which deal."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from store.contact import ContactRef
from store.errors import Invalid
from store.opportunity.context import DealRef, Source
from store.paging import Spot
from store.person.person import Person
from store.text import clean, one_line
from store.workspace import Workspace

WHAT_MAX = 3000
AHEAD = timedelta(days=1)
"""An activity was done: a time further ahead than the zones of the world are apart is a task."""


class ActivityKind(StrEnum):
    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"
    NOTE = "note"
    OTHER = "other"

    @property
    def label(self) -> str:
        return self.value.capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityDraft:
    """What a form or a command says of an activity; `at` None is now, `number` the deal's."""

    kind: ActivityKind = ActivityKind.NOTE
    what: str
    at: datetime | None = None
    number: int | None = None
    contact_id: int | None = None
    new_contact: str = ""
    """A contact's name to create along with it, in the same transaction."""
    source: Source | None = None

    def checked(self, now: datetime) -> "ActivityDraft":
        """The same, cleaned; refuses an empty or overlong text, and a time that is to come."""
        wrong: dict[str, str] = {}
        what = clean(self.what)
        if not one_line(what):
            wrong["what"] = "Write what happened, like: wants 3 more seats."
        elif len(what) > WHAT_MAX:
            wrong["what"] = f"Write what happened in at most {WHAT_MAX:,} characters."
        if self.at is not None and self.at > now + AHEAD:
            wrong["at"] = "Choose a time that has passed. What is to come is a task."
        if wrong:
            raise Invalid(wrong)
        source = self.source.checked() if self.source else None
        new_contact = one_line(self.new_contact)
        return replace(self, what=what, new_contact=new_contact, source=source)


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """As read for a viewer; `permalink` leads to its message in the deal's thread."""

    id: int
    kind: ActivityKind
    what: str
    at: datetime
    by: Person
    deal: DealRef | None = None
    contact: ContactRef | None = None
    source: Source | None = None
    permalink: str | None = None
    created_at: datetime
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    deleted_by: Person | None = None
    version: int = 1


class Period(StrEnum):
    """How far back the index goes."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def length(self) -> timedelta:
        return timedelta(days={"day": 1, "week": 7, "month": 30}[self.value])


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityQuery:
    """Which activities: all of these at once, empty ones don't narrow; `number` is the deal's.
    Those of a contact are those with them, and those of their deals.
    """

    by: str | None = None
    kind: ActivityKind | None = None
    period: Period | None = None
    number: int | None = None
    contact_id: int | None = None
    before: Spot | None = None

    @property
    def narrowed(self) -> bool:
        return self != ActivityQuery(before=self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPage:
    """A page of activities, newest first; `older` is where the next one begins, if there is one.
    `person`, `deal` and `contact` are those of the query.
    """

    query: ActivityQuery
    rows: tuple[Activity, ...]
    older: Spot | None
    workspace: Workspace
    person: Person | None = None
    deal: DealRef | None = None
    contact: ContactRef | None = None
