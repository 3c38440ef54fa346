"""Dates as people write them: strict enough that a name is never taken for one.

Numbers, and the names of months and weekdays in the locale's language and in English, are read
here. Only the relative words of other languages (demain, in 2 Wochen) go to dateparser, and only
its relative parser: its absolute one guesses, reading 11月30日 as 11 November 2030.
"""

import calendar
import re
import unicodedata
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from store.errors import Invalid
from store.money import known_locale
from store.text import fold, one_line

EXAMPLE = "Write a date like 30 Nov or 2026-11-30."
YEARS = range(1970, 2200)
"""Outside these it is a typing error."""

_TEXT_MAX = 60
_ISO = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_NUMERIC = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})(?:\2([0-9]{4}|[0-9]{2})?)?")
_EAST_ASIAN = re.compile(r"(?:([0-9]{4})[年년])?([0-9]{1,2})[月월]([0-9]{1,2})[日일]")
_DAY = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|er|e|º|°)?")
_YEAR = re.compile(r"[0-9]{4}|'?[0-9]{2}")
_QUARTER = re.compile(r"q([1-4])")
_COUNTS: Mapping[str, int] = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
_UNITS: Mapping[str, tuple[int, int]] = {
    "day": (1, 0), "week": (7, 0), "fortnight": (14, 0),
    "month": (0, 1), "quarter": (0, 3), "year": (0, 12),
}  # fmt: skip
_SHORT: Mapping[str, str] = {
    "eow": "end week",
    "eom": "end month",
    "eoq": "end quarter",
    "eoy": "end year",
    "month end": "end month",
    "quarter end": "end quarter",
    "year end": "end year",
}
_FILLERS = frozenset({
    "of", "the", "on", "by", "le", "el", "il", "der", "den", "am", "de", "del", "du", "em", "op",
})  # fmt: skip
_NEXT = frozenset({
    "next", "nachste", "nachsten", "nachster", "kommenden", "prochain", "prochaine", "proximo",
    "proxima", "prossimo", "prossima", "volgende", "nasta",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Here:
    """What a date without a year, or with a foreign word in it, is read by."""

    today: date
    locale: str
    past: bool


def read_date(
    text: str, *, today: date, locale: str, field: str = "expected_close", past: bool = False
) -> date:
    """The day meant; without a year the next such day, or with `past` the latest one until today.

    "friday" is the first one after today, "next friday" the one in the next calendar week. Refuses,
    under `field`, whatever is not plainly a date: no time of day, no month alone, no 31 Feb.
    """
    here = _Here(today, known_locale(locale), past)
    try:
        day = _read(text, here)
    except (ValueError, OverflowError):
        day = None
    if day is None or day.year not in YEARS:
        raise Invalid({field: EXAMPLE})
    return day


def digits(text: str) -> str:
    """The digits of every script as 0-9."""
    return "".join(str(unicodedata.decimal(ch)) if ch.isdecimal() else ch for ch in text)


def _read(text: str, here: _Here) -> date | None:
    """None when it has no form that is known; ValueError when there is no such day."""
    if len(text) > _TEXT_MAX:
        return None
    plain = digits(fold(text))
    spaced = re.sub(r"(?<=[0-9])(?=[^\W\d_]{3})", " ", plain)
    words = [word.rstrip(".") for word in re.split(r"[\s,/-]+", spaced) if word.rstrip(".")]
    telling = tuple(word for word in words if word not in _FILLERS)
    return (
        _iso(plain, here)
        or _numeric(plain, here)
        or _east_asian(plain, here)
        or _named(telling, here)
        or _relative(telling, here)
        or _foreign(one_line(text), here)
    )


def _iso(text: str, _: _Here) -> date | None:
    found = _ISO.fullmatch(text)
    return date(int(found[1]), int(found[3]), int(found[4])) if found else None


def _numeric(text: str, here: _Here) -> date | None:
    """30/11 or 11/30 by the locale's order, the other one where that can't be."""
    found = _NUMERIC.fullmatch(text)
    # A point at the end is German, and only after points.
    if not found or text.endswith(("/", "-")):
        return None
    first, second = int(found[1]), int(found[3])
    # 30.11. is European wherever it is written.
    month_first = _month_first(here.locale) and found[2] != "."
    day, month = (second, first) if month_first else (first, second)
    if month > 12 >= day:  # noqa: PLR2004 - months.
        day, month = month, day
    return _dated(day, month, found[4], here)


def _east_asian(text: str, here: _Here) -> date | None:
    found = _EAST_ASIAN.fullmatch(unicodedata.normalize("NFC", text).replace(" ", ""))
    return _dated(int(found[3]), int(found[2]), found[1], here) if found else None


def _named(words: tuple[str, ...], here: _Here) -> date | None:
    """[weekday] 30 Nov [year], or Nov 30; a weekday must be that day's."""
    names = _names(here.locale)
    weekday = names.weekdays.get(words[0]) if len(words) > 2 else None  # noqa: PLR2004
    rest = words if weekday is None else words[1:]
    if len(rest) not in (2, 3):
        return None
    year = rest[2] if len(rest) > 2 else None  # noqa: PLR2004
    for number, name in (rest[:2], rest[1::-1]):
        found, month = _DAY.fullmatch(number), names.months.get(name)
        if found and month and (year is None or _YEAR.fullmatch(year)):
            day = _dated(int(found[1]), month, year, here)
            if weekday not in (None, day.weekday()):
                raise ValueError
            return day
    return None


def _dated(day: int, month: int, year: str | None, here: _Here) -> date:
    if year:
        number = int(year.lstrip("'"))
        return date(number if len(year) == 4 else 2000 + number, month, day)  # noqa: PLR2004
    # Nine years, for 29 Feb; a year in which it is missing is passed over.
    step = -1 if here.past else 1
    for later in range(9):
        in_year = here.today.year + step * later
        if day <= _length(in_year, month):
            found = date(in_year, month, day)
            if found <= here.today if here.past else found >= here.today:
                return found
    raise ValueError


def _length(year: int, month: int) -> int:
    """The days of that month; ValueError when there is no such month."""
    if not 1 <= month <= 12:  # noqa: PLR2004
        raise ValueError
    return calendar.monthrange(year, month)[1]


def _relative(words: tuple[str, ...], here: _Here) -> date | None:
    words = tuple(_SHORT.get(" ".join(words), " ".join(words)).split())
    if not words:
        return None
    fixed = {"yesterday": -1, "today": 0, "tomorrow": 1}
    if len(words) == 1 and words[0] in fixed:
        return here.today + timedelta(days=fixed[words[0]])
    readers: tuple[Callable[[tuple[str, ...], _Here], date | None], ...] = (_weekday, _in, _end)
    return next((day for reader in readers if (day := reader(words, here))), None)


def _weekday(words: tuple[str, ...], here: _Here) -> date | None:
    """friday, this friday, next friday, last friday; vendredi prochain."""
    names, today = _names(here.locale), here.today
    asked = [names.weekdays[word] for word in words if word in names.weekdays]
    how = [word for word in words if word not in names.weekdays]
    if len(asked) != 1 or len(how) > 1:
        return None
    if not how:
        if here.past:
            return today - timedelta(days=(today.weekday() - asked[0] - 1) % 7 + 1)
        return today + timedelta(days=(asked[0] - today.weekday() - 1) % 7 + 1)
    weeks = 1 if how[0] in _NEXT else {"this": 0, "last": -1}.get(how[0])
    if weeks is None:
        return None
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(days=asked[0], weeks=weeks)


def _in(words: tuple[str, ...], here: _Here) -> date | None:
    """Two weeks, in 2 weeks, next month, 3 days ago."""
    back = words[-1] == "ago"
    rest = words[:-1] if back else words
    if rest[:1] == ("next",) and len(rest) == 2 and not back:  # noqa: PLR2004
        rest = ("1", rest[1])
    elif rest[:1] == ("in",) and not back:
        rest = rest[1:]
    if len(rest) != 2 or not (rest[0] in _COUNTS or re.fullmatch("[0-9]{1,3}", rest[0])):  # noqa: PLR2004
        return None
    count = _COUNTS.get(rest[0]) or int(rest[0])
    unit = _UNITS.get(rest[1].removesuffix("s"))
    if unit is None:
        return None
    days, months = (-count * part if back else count * part for part in unit)
    return _months_on(here.today, months) + timedelta(days=days)


def _end(words: tuple[str, ...], here: _Here) -> date | None:
    """Q4 2026, end of month, of next quarter, of November; a week ends on its Friday."""
    if _QUARTER.fullmatch(words[0]):
        words = ("end", *words)
    if words[0] != "end" or len(words) not in (2, 3):
        return None
    if words[1] in ("this", "next") and len(words) == 3:  # noqa: PLR2004
        return _end_of(words[2], here.today, 1 if words[1] == "next" else 0)
    if len(words) == 2 and words[1] in _UNITS:  # noqa: PLR2004
        return _end_of(words[1], here.today, 0)
    quarter = _QUARTER.fullmatch(words[1])
    month = int(quarter[1]) * 3 if quarter else _names(here.locale).months.get(words[1])
    if not month or (len(words) == 3 and not re.fullmatch("[0-9]{4}", words[2])):  # noqa: PLR2004
        return None
    year = int(words[2]) if len(words) == 3 else here.today.year  # noqa: PLR2004
    last = date(year, month, _length(year, month))
    past_it = len(words) == 2 and last < here.today and not here.past  # noqa: PLR2004
    return date(year + 1, month, _length(year + 1, month)) if past_it else last


def _end_of(unit: str, today: date, ahead: int) -> date | None:
    if unit == "week":
        # On a weekend this week's Friday is gone: the coming one is meant.
        start = today + timedelta(days=2) if today.weekday() > 4 else today  # noqa: PLR2004
        return start + timedelta(days=4 - start.weekday(), weeks=ahead)
    size = {"month": 1, "quarter": 3, "year": 12}.get(unit)
    if size is None:
        return None
    first = _months_on(date(today.year, (today.month - 1) // size * size + 1, 1), size * ahead)
    return _months_on(first, size) - timedelta(days=1)


def _months_on(day: date, months: int) -> date:
    """That many months on, on its last day where the month is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, _length(year, month + 1)))


def _foreign(text: str, here: _Here) -> date | None:
    """Relative words of the locale's language; English was read above, without loading anything."""
    language = here.locale.partition("_")[0]
    # Letters, their marks, digits and spaces; a lone number would be a day of this month to it.
    kinds = {unicodedata.category(ch)[0] for ch in text}
    if language == "en" or "L" not in kinds or not kinds <= set("LMNZ"):
        return None
    with warnings.catch_warnings():
        # dateparser's own use of what Python deprecates is not ours to tell anybody.
        warnings.simplefilter("ignore")
        from dateparser.date import DateDataParser  # noqa: PLC0415 - loaded when first used.

        midnight = datetime.combine(here.today, time())  # A local day: no zone is meant.
        settings = {"RELATIVE_BASE": midnight, "PARSERS": ["relative-time"]}
        parser = DateDataParser(languages=[language], settings=settings)
        moment: datetime | None = parser.get_date_data(text).date_obj
    # "in 2 Stunden" is a time, not a day.
    return moment.date() if moment and moment.time() == time() else None


@dataclass(frozen=True, slots=True)
class _Names:
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    """Monday is 0."""


@lru_cache(maxsize=64)
def _names(locale: str) -> _Names:
    """The names of one word, in the locale's language and in English; the former win."""
    from babel.core import Locale  # noqa: PLC0415 - loaded when first used.

    months, weekdays = {"sept": 9}, {"tues": 1, "thurs": 3}
    for known in (Locale.parse("en"), Locale.parse(locale)):
        for form in ("format", "stand-alone"):
            for width in ("abbreviated", "wide"):
                months.update(_by_name(known.months[form][width]))
                weekdays.update(_by_name(known.days[form][width]))
    return _Names(months, weekdays)


def _by_name(names: Mapping[int, str]) -> dict[str, int]:
    return {
        word: number
        for number, name in names.items()
        if (word := fold(name).rstrip(".")) and " " not in word and not word.isdigit()
    }


@lru_cache(maxsize=64)
def _month_first(locale: str) -> bool:
    from babel.core import Locale  # noqa: PLC0415 - loaded when first used.

    pattern = Locale.parse(locale).date_formats["short"].pattern
    return bool(pattern.index("M") < pattern.index("d"))
