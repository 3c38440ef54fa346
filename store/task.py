"""A task: something to be done, by whom and when."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from store.contact import ContactRef
from store.context import DealRef, Source
from store.errors import Invalid
from store.person import Person
from store.text import clean, one_line
from store.zones import MORNING, local

TITLE_MAX = 200
NOTES_MAX = 3000
NO_DUE = "9999-12-31"
"""The due key of a task without a date: after all that have one."""


@dataclass(frozen=True, slots=True)
class Due:
    """A day, and an instant of it when an hour was said. Without an hour it is a day wherever one
    looks from; with one it is the same moment for everybody.
    """

    on: date
    at: datetime | None = None

    @classmethod
    def of(cls, on: date, hour: time | None, zone: ZoneInfo) -> "Due":
        """As somebody in that zone says it. An hour that the night skips is the one the clock then
        shows; one that comes twice is the first.
        """
        return cls(on, local(on, hour, zone) if hour else None)

    def day(self, zone: ZoneInfo) -> date:
        """The calendar day that it is due, seen from that zone."""
        return self.at.astimezone(zone).date() if self.at else self.on

    def passed(self, now: datetime, zone: ZoneInfo) -> bool:
        if self.at is not None:
            return self.at < now
        return self.on < now.astimezone(zone).date()

    def reminds(self, zone: ZoneInfo) -> datetime:
        """When its assignee, in that zone, is reminded: at its hour, else that morning."""
        return self.at or local(self.on, MORNING, zone)

    @property
    def key(self) -> str:
        """Orders due dates as text: what has only a day comes after the hours of that day."""
        if self.at is None:
            return f"{self.on.isoformat()}T99"
        return self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")


class Bucket(StrEnum):
    """Where an open task stands in the index, in the viewer's time zone."""

    OVERDUE = "overdue"
    TODAY = "today"
    TOMORROW = "tomorrow"
    THIS_WEEK = "this_week"
    NEXT_WEEK = "next_week"
    LATER = "later"
    NO_DATE = "no_date"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDraft:
    """What a form or a command says of a task; only the title is required. `assignee_id` None is
    whoever makes it, `number` the deal's.
    """

    title: str
    assignee_id: str | None = None
    due: Due | None = None
    notes: str = ""
    number: int | None = None
    contact_id: int | None = None
    source: Source | None = None

    def checked(self) -> "TaskDraft":
        """The same, cleaned; refuses an empty or overlong title, and overlong notes."""
        wrong: dict[str, str] = {}
        title, notes = one_line(self.title), clean(self.notes)
        if not title:
            wrong["title"] = "Write what is to be done, like Send the quote."
        elif len(title) > TITLE_MAX:
            wrong["title"] = f"Write a title of at most {TITLE_MAX} characters."
        if len(notes) > NOTES_MAX:
            wrong["notes"] = f"Write notes of at most {NOTES_MAX:,} characters."
        if wrong:
            raise Invalid(wrong)
        return replace(self, title=title, notes=notes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """As read for a viewer; `permalink` leads to its message in the deal's thread, `called` says
    whether that message mentions its assignee.
    """

    id: int
    title: str
    assignee: Person
    due: Due | None = None
    notes: str = ""
    deal: DealRef | None = None
    contact: ContactRef | None = None
    source: Source | None = None
    created_by: Person
    created_at: datetime
    done_at: datetime | None = None
    done_by: Person | None = None
    called: bool = False
    permalink: str | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        return self.done_at is None


@dataclass(frozen=True, slots=True)
class NextStep:
    """The open task of a deal that is due first, as its card and the board say it."""

    title: str
    assignee: Person
    due: Due | None = None


def week_starts(today: date) -> date:
    """The Monday of that day's week (ISO 8601)."""
    return today - timedelta(days=today.weekday())
