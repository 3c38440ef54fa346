"""The forms of activities as they were sent: typed answers, or a sentence for each field."""

from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.form.entered import Answers, Values
from handlers.views.inputs import read_contact, read_deal
from store.activity import ActivityDraft, ActivityKind, ActivityQuery, Period
from store.zones import local


def activity(values: Values, zone: ZoneInfo, shown: datetime) -> ActivityDraft:
    """A day and an hour are meant as whoever filled it in, in their zone, says them. `at` is None
    when they are still those of the moment that was shown.
    """
    read = Answers(values)
    contact_id, new_contact = read_contact(read.text("contact_id"))
    draft = ActivityDraft(
        kind=read.member("kind", ActivityKind) or ActivityKind.NOTE,
        what=read.text("what"),
        at=_at(read, zone, shown.astimezone(zone)),
        number=read_deal(read.text("number")),
        contact_id=contact_id,
        new_contact=new_contact,
    )
    return read.agreed(lambda: draft)


def _at(read: Answers, zone: ZoneInfo, shown: datetime) -> datetime | None:
    day, hour = read.required_day("at"), read.hour("hour")
    if hour is None:
        read.wrong.setdefault("hour", "Choose a time, like 15:00.")
        return None
    same = (day, hour) == (shown.date(), shown.time().replace(second=0, microsecond=0))
    return None if same or read.wrong else local(day, hour, zone)


def query(values: Values) -> ActivityQuery:
    """What can't be read does not narrow."""
    read = Answers(values)
    return ActivityQuery(
        by=read.text("by") or None,
        kind=read.member("kind", ActivityKind),
        period=read.member("period", Period),
        number=read_deal(read.text("number")),
        contact_id=read_contact(read.text("contact_id"))[0],
    )
