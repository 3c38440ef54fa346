"""The form of a digest as it was sent, or as it stands while it is open (pure)."""

from datetime import time

from handlers.digest.ids import EditingDigest
from handlers.form.entered import Answers, Values
from handlers.form.form import board_filter
from store.digest.digest import DigestDraft, Part, Rhythm, Schedule

_DAYS = tuple("1234567")
_ASKS = {Rhythm.WEEKLY: "days", Rhythm.MONTHLY: "month_day"}
"""What a rhythm asks for besides."""


def draft(values: Values, editing: EditingDigest) -> DigestDraft:
    """What is to be saved; refuses with a sentence for each field that is wrong."""
    read = Answers(values)
    said = DigestDraft(
        schedule=_schedule(read, editing),
        filter=board_filter(values),
        parts=tuple(one for one in Part if one in read.ticked("parts")),
    )
    read.tried(said.schedule.checked)
    return read.agreed(said.checked)


def so_far(values: Values, editing: EditingDigest) -> Schedule:
    """When it comes, as the open form says it; it may lack a day or an hour."""
    return _schedule(Answers(values), editing)


def checked(values: Values, editing: EditingDigest) -> Schedule:
    """The same, refused where something is wrong with it."""
    read = Answers(values)
    return read.agreed(_schedule(read, editing).checked)


def lacks(values: Values) -> bool:
    """Whether a rhythm was chosen whose days the form did not ask for yet."""
    read = Answers(values)
    asks = _ASKS.get(read.member("rhythm", Rhythm) or Rhythm.WEEKDAYS)
    return asks is not None and asks not in read.values


def kept(schedule: Schedule) -> tuple[str, int]:
    """The days and the day of the month, as EditingDigest has them."""
    return "".join(map(str, schedule.days)), schedule.month_day


def _schedule(read: Answers, editing: EditingDigest) -> Schedule:
    return Schedule(
        rhythm=read.member("rhythm", Rhythm) or Rhythm.WEEKDAYS,
        at=_at(read),
        tz=read.text("tz"),
        days=_days(read, editing),
        month_day=_month_day(read, editing),
    )


def _at(read: Answers) -> time:
    hour = read.hour("at")
    if hour is None:
        read.wrong.setdefault("at", "Choose a time, like 09:00.")
    return hour or time()


def _days(read: Answers, editing: EditingDigest) -> tuple[int, ...]:
    """Those ticked; where the form doesn't ask for them, those that it keeps."""
    ticked = read.ticked("days") if "days" in read.values else list(editing.days or "1")
    return tuple(int(day) for day in _DAYS if day in ticked)


def _month_day(read: Answers, editing: EditingDigest) -> int:
    if "month_day" not in read.values:
        return editing.month_day or 1
    text = read.text("month_day")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len("31") else 0
