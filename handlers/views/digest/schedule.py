"""When a digest comes, in words: its rhythm, and the times to come, in its own time zone."""

from collections.abc import Sequence
from datetime import time
from zoneinfo import ZoneInfo

from handlers.views.text import Style, clip, listed
from store.digest.digest import Rhythm, Schedule, Slot

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WHOLE = 2
"""So many days of the week are named in full."""
_LAST = 31
_TEENS = range(11, 14)


def place(tz: str) -> str:
    """`Europe/London` as people say it: London."""
    return clip(tz.rpartition("/")[2].replace("_", " "), 40)


def clock(at: time) -> str:
    return f"{at:%H:%M}"


def comes(schedule: Schedule) -> str:
    """`Weekdays at 09:00 (London)`."""
    return f"{_rhythm(schedule)} at {clock(schedule.at)} ({place(schedule.tz)})"


def _rhythm(schedule: Schedule) -> str:
    match schedule.rhythm:
        case Rhythm.WEEKDAYS:
            return "Weekdays"
        case Rhythm.DAILY:
            return "Every day"
        case Rhythm.WEEKLY:
            return _weekly(schedule.days)
        case Rhythm.MONTHLY:
            return _monthly(schedule.month_day)


def _weekly(days: Sequence[int]) -> str:
    names = [DAYS[day - 1] for day in days]
    if len(names) > _WHOLE:
        return f"Every {listed([name[:3] for name in names])}"
    return listed([f"{name}s" for name in names])


def _monthly(day: int) -> str:
    if day == _LAST:
        return "On the last day of each month"
    ending = "th" if day in _TEENS else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"On the {day}{ending} of each month"


def moment(style: Style, slot: Slot, tz: str) -> str:
    """`Mon 30 Nov 09:00`, as the clocks in its zone show it: where the night of a change to summer
    time skips the hour that was chosen, they show another.
    """
    there = slot.at.astimezone(ZoneInfo(tz))
    return f"{style.weekday(there.date())} {clock(there.time())}"


def coming(style: Style, slots: Sequence[Slot], tz: str, *, paused: bool = False) -> str:
    """`Comes next Mon 30 Nov 09:00, Tue 1 Dec 09:00 and Wed 2 Dec 09:00 (London).`"""
    first, *later = slots
    if paused or first.at > style.now:
        comes = "Paused. Resumed now, it comes next" if paused else "Comes next"
        return f"{comes} {listed([moment(style, slot, tz) for slot in slots])} ({place(tz)})."
    then = listed([moment(style, slot, tz) for slot in later])
    return f"Comes at once, then {then} ({place(tz)})."
