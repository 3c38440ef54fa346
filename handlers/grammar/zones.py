"""Typed words become time zones: a city, a country, `CET`, or a zone's own name (pure)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from store.text import fold
from store.zones import zones

MOST = 50
"""More than anybody reads; the next letter leaves fewer."""
COMMON = (
    "UTC", "Europe/London", "Europe/Paris", "Europe/Berlin", "Europe/Madrid", "Europe/Athens",
    "Europe/Istanbul", "Africa/Johannesburg", "Africa/Lagos", "Africa/Nairobi", "Asia/Dubai",
    "Asia/Kolkata", "Asia/Singapore", "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney",
    "Pacific/Auckland", "America/New_York", "America/Chicago", "America/Denver",
    "America/Los_Angeles", "America/Toronto", "America/Sao_Paulo", "Pacific/Honolulu",
)  # fmt: skip
"""Offered before anything is typed, and first among those that a word may mean."""
_ALSO = {"GB": "uk britain england", "US": "usa", "AE": "uae", "NL": "holland"}
_NEITHER = re.compile(r"localtime|Factory|Etc/.*|posix.*|right/.*")
"""Zones of machines; of Etc/GMT+2 hardly anybody knows that it is two hours behind."""
_WINTER, _SUMMER = datetime(2026, 1, 15, 12), datetime(2026, 7, 15, 12)  # noqa: DTZ001 - any zone's own.


@dataclass(frozen=True, slots=True)
class _Zone:
    name: str
    whole: str
    city: str
    words: tuple[str, ...]
    short: frozenset[str]
    """What clocks there call it, `gmt` and `bst`; only of those that are common."""
    current: bool
    """Whether it is a country's own by now, and no former name."""


def zones_called(typed: str) -> list[str]:
    """The zones that these words may mean, the likeliest first; the common ones without words."""
    words = _folded(typed)
    if not words:
        return list(COMMON)
    ranked = ((_rank(zone, words), zone.name) for zone in _known())
    found = sorted((rank, name) for rank, name in ranked if rank is not None)
    return [name for _, name in found[:MOST]]


def _rank(zone: _Zone, typed: str) -> tuple[int, bool, bool] | None:
    """How near it is, nearest first; None when it is not meant."""
    rest = (zone.name not in COMMON, not zone.current)
    if typed in zone.short:
        return 0, *rest
    if typed in (zone.whole, zone.city):
        return 1, *rest
    if zone.city.startswith(typed):
        return 2, *rest
    if all(any(word.startswith(one) for word in zone.words) for one in typed.split()):
        return 3, *rest
    return None


def _folded(words: str) -> str:
    return fold(words[:100].replace("/", " ").replace("_", " ").replace("-", " "))


@lru_cache(maxsize=1)
def _known() -> tuple[_Zone, ...]:
    return tuple(_read())


def _read() -> Iterator[_Zone]:
    from babel.core import Locale, get_global  # noqa: PLC0415 - start-up imports little

    territory_of, names = get_global("zone_territories"), Locale("en").territories
    for name in sorted(name for name in zones() if not _NEITHER.fullmatch(name)):
        territory = territory_of.get(name, "")
        country = f"{territory} {names.get(territory, '')} {_ALSO.get(territory, '')}"
        whole = _folded(name)
        yield _Zone(
            name,
            whole,
            _folded(name.rpartition("/")[2]),
            tuple(f"{whole} {_folded(country)}".split()),
            _short(name) if name in COMMON else frozenset(),
            bool(territory),
        )


def _short(name: str) -> frozenset[str]:
    at = (moment.replace(tzinfo=ZoneInfo(name)) for moment in (_WINTER, _SUMMER))
    return frozenset(fold(moment.tzname() or "") for moment in at)
