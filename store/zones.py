"""Time zones: which names are known, and local hours as instants."""

from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

MORNING = time(9)
"""When what belongs to a day, without an hour, happens: a pause ends, a reminder comes."""


@cache
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


def is_zone(name: str) -> bool:
    return name in zones()


def local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """That local hour as an instant in UTC. An hour that the night of a change to summer time
    skips is the one that the clock shows instead; one that comes twice is the first.
    """
    return datetime.combine(day, at, zone).astimezone(UTC)
