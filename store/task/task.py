"""A task: something to be done, by whom and when."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zlib import crc32
from zoneinfo import ZoneInfo

from store.contact import ContactRef
from store.errors import Invalid
from store.opportunity.context import DealRef, Source
from store.person.person import Person
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

    def said(self, zone: ZoneInfo) -> tuple[str, str]:
        """The day and the hour as a form in that zone holds them; no hour is empty."""
        hour = f"{self.at.astimezone(zone):%H:%M}" if self.at else ""
        return self.day(zone).isoformat(), hour

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


def later_today(now: datetime, zone: ZoneInfo) -> Due:
    """In three hours or a little more, at a full hour there; in the evening that is tomorrow."""
    on = (now + timedelta(hours=3)).astimezone(zone)
    past = timedelta(minutes=on.minute, seconds=on.second, microseconds=on.microsecond)
    at = (on - past + (timedelta(hours=1) if past else timedelta(0))).astimezone(UTC)
    return Due(at.astimezone(zone).date(), at)


class Bucket(StrEnum):
    """Where a task stands in lists; an open one by when it is due, in the viewer's time zone."""

    OVERDUE = "overdue"
    TODAY = "today"
    TOMORROW = "tomorrow"
    THIS_WEEK = "this_week"
    NEXT_WEEK = "next_week"
    LATER = "later"
    NO_DATE = "no_date"
    DONE = "done"


OPEN_BUCKETS = tuple(bucket for bucket in Bucket if bucket is not Bucket.DONE)


def week_starts(today: date) -> date:
    """The Monday of that day's week (ISO 8601)."""
    return today - timedelta(days=today.weekday())


def span(bucket: Bucket, today: date) -> tuple[date, date]:
    """The days of a bucket, from the first until before the second. Tomorrow is tomorrow also where
    that is a Monday; what is left of this week may be no day at all.
    """
    tomorrow, after = today + timedelta(days=1), today + timedelta(days=2)
    monday = week_starts(today) + timedelta(weeks=1)
    days = {
        Bucket.TODAY: (today, tomorrow),
        Bucket.TOMORROW: (tomorrow, after),
        Bucket.THIS_WEEK: (after, max(after, monday)),
        Bucket.NEXT_WEEK: (max(after, monday), monday + timedelta(weeks=1)),
        Bucket.LATER: (monday + timedelta(weeks=1), date.max),
    }
    return days[bucket]


def bucket_of(due: Due | None, now: datetime, zone: ZoneInfo) -> Bucket:
    """Where an open task stands, seen from that zone."""
    if due is None:
        return Bucket.NO_DATE
    if due.passed(now, zone):
        return Bucket.OVERDUE
    day, today = due.day(zone), now.astimezone(zone).date()
    spans = {bucket: span(bucket, today) for bucket in OPEN_BUCKETS[1:-1]}
    return next(one for one, (start, end) in spans.items() if start <= day < end)


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
        source = self.source.checked() if self.source else None
        return replace(self, title=title, notes=notes, source=source)


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

    @property
    def draft(self) -> TaskDraft:
        """What a form of it says as long as nobody changes it."""
        return TaskDraft(
            title=self.title,
            assignee_id=self.assignee.id,
            due=self.due,
            notes=self.notes,
            number=self.deal.number if self.deal else None,
            contact_id=self.contact.id if self.contact else None,
        )


FIELDS = ("title", "assignee_id", "due", "notes", "number", "contact_id")


def marks(draft: TaskDraft, zone: ZoneInfo) -> dict[str, str]:
    """A short mark of each field as somebody in that zone reads it: what a form needs to carry to
    know, when it comes back, which of them were changed in it.
    """
    due = draft.due.said(zone) if draft.due else ()
    said = {name: getattr(draft, name) for name in FIELDS} | {"due": due}
    return {name: f"{crc32(repr(value).encode()):x}" for name, value in said.items()}


@dataclass(frozen=True, slots=True)
class NextStep:
    """The open task of a deal that is due first, as its card and the board say it."""

    title: str
    assignee: Person
    due: Due | None = None
    id: int = 0
    quiet: bool = False
    """Nobody wants to be reminded of it any more."""
