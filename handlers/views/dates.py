"""The days that forms offer: a week on, a month on."""

from calendar import monthrange
from datetime import date, timedelta


def week_after(day: date) -> date:
    return day + timedelta(weeks=1)


def month_after(day: date) -> date:
    """The same day of the next month, or its last: 31 Jan leads to 28 Feb."""
    following = day.replace(day=1) + timedelta(days=31)
    last = monthrange(following.year, following.month)[1]
    return following.replace(day=min(day.day, last))
