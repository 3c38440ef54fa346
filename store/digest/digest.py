"""A digest: a pipeline summary that comes to a channel on a schedule.

A slot is a local day on which it is due, at most one a day: so an hour that a night skips or shows
twice, and a clock that is set back, never make it two.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo

from store.board import Filter
from store.errors import Invalid
from store.person.person import Person
from store.zones import is_zone, local

LATE = timedelta(minutes=10)
"""Sent later than this after its time, it says so."""
TOO_LATE = timedelta(hours=12)
"""From then on it is skipped, and recorded (product page, 9)."""
WEEKDAYS = (1, 2, 3, 4, 5)
_MONTH_DAYS = 31


class Rhythm(StrEnum):
    WEEKDAYS = "weekdays"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Outcome(StrEnum):
    """What became of one time that it was due."""

    SENT = "sent"
    LATE = "late"
    SKIPPED = "skipped"
    BY_HAND = "by_hand"


class Part(StrEnum):
    """What a digest can contain, in this order."""

    CHANGES = "changes"
    TOTALS = "totals"
    FORECAST = "forecast"
    CLOSING = "closing"
    ATTENTION = "attention"
    TASKS = "tasks"


@dataclass(frozen=True, slots=True)
class Slot:
    """A local day, and its hour as an instant."""

    day: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When it comes: `days` are the weekdays of a weekly one (1 Monday to 7 Sunday), `month_day` is
    the day of a monthly one, the last of the month where that is shorter.
    """

    rhythm: Rhythm = Rhythm.WEEKDAYS
    at: time = time(9)
    tz: str = "UTC"
    days: tuple[int, ...] = (1,)
    month_day: int = 1

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tz)

    def checked(self) -> "Schedule":
        """Refuses no day chosen, a day of no month, a zone that nobody knows."""
        wrong: dict[str, str] = {}
        if self.rhythm is Rhythm.WEEKLY and not self.days:
            wrong["days"] = "Choose at least one day."
        if not set(self.days) <= set(range(1, 8)):
            wrong["days"] = "Choose days from Monday to Sunday."
        if not 1 <= self.month_day <= _MONTH_DAYS:
            wrong["month_day"] = "Choose a day from 1 to 31; 31 is the last day of each month."
        if not is_zone(self.tz):
            wrong["tz"] = "Choose a time zone, like Europe/London."
        if wrong:
            raise Invalid(wrong)
        whole = self.at.replace(second=0, microsecond=0)
        return replace(self, at=whole, days=tuple(sorted(set(self.days))))

    def falls_on(self, day: date) -> bool:
        """Whether it comes on that day."""
        match self.rhythm:
            case Rhythm.DAILY:
                return True
            case Rhythm.WEEKDAYS:
                return day.isoweekday() in WEEKDAYS
            case Rhythm.WEEKLY:
                return day.isoweekday() in self.days
            case Rhythm.MONTHLY:
                last = calendar.monthrange(day.year, day.month)[1]
                return day.day == min(self.month_day, last)

    def slot(self, day: date) -> Slot:
        return Slot(day, local(day, self.at, self.zone))

    def slots(self, first: date) -> Iterator[Slot]:
        """Those from that local day on, the day itself included."""
        day = first
        while True:
            if self.falls_on(day):
                yield self.slot(day)
            day += timedelta(days=1)

    def after(self, now: datetime, last: date | None = None) -> Iterator[Slot]:
        """Those still to come: later than `now`, and on no day up to `last`, which was decided."""
        today = now.astimezone(self.zone).date()
        # The day before too: its hour may be still to come where the night skipped it.
        first = today - timedelta(days=1)
        if last is not None:
            first = max(first, last + timedelta(days=1))
        return (slot for slot in self.slots(first) if slot.at > now)

    def before(self, now: datetime) -> datetime:
        """When it last would have come, at `now` at the latest."""
        day = now.astimezone(self.zone).date()
        while not (self.falls_on(day) and self.slot(day).at <= now):
            day -= timedelta(days=1)
        return self.slot(day).at

    def come(self, first: Slot, now: datetime, most: int) -> tuple[tuple[Slot, ...], Slot]:
        """`first`, which has come, with those that came after it until `now`, at most so many; and
        the next one, which is still to come unless these were too many.
        """
        found = [first]
        for slot in self.slots(first.day + timedelta(days=1)):
            if slot.at > now or len(found) == most:
                return tuple(found), slot
            found.append(slot)
        raise AssertionError  # pragma: no cover - a schedule has no end.

    def instead(self, waiting: date | None, now: datetime, last: date | None = None) -> Slot:
        """The first one where this takes the place of another schedule, which was to come on the
        day `waiting` and was decided up to the day `last`. That day is not lost where this one's
        hour of it has passed already: it is due at once.
        """
        coming = next(self.after(now, last))
        if waiting is None or not self.falls_on(waiting) or self.slot(waiting).at > now:
            return coming
        (*_, newest), _ = self.come(self.slot(waiting), now, _MONTH_DAYS)
        return Slot(newest.day, now)

    def next_three(self, now: datetime) -> tuple[Slot, ...]:
        """What a form shows before it is saved."""
        return tuple(islice(self.after(now), 3))


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestDraft:
    """What a form says of a digest."""

    schedule: Schedule
    filter: Filter = field(default_factory=Filter)
    parts: tuple[Part, ...] = tuple(Part)

    def checked(self) -> "DigestDraft":
        if not self.parts:
            raise Invalid({"parts": "Choose at least one thing that it contains."})
        ordered = tuple(part for part in Part if part in self.parts)
        return replace(self, schedule=self.schedule.checked(), parts=ordered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """As read for somebody in its channel; `next` is None while it is paused."""

    id: int
    channel_id: str
    maker: Person
    schedule: Schedule
    filter: Filter
    parts: tuple[Part, ...]
    paused: bool = False
    paused_by: Person | None = None
    """None, while it is paused: Dealthread itself, because it could not come any more as it was."""
    next: Slot | None = None
    told_until: datetime
    version: int = 1
