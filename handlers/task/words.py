"""What words say of a task: its title, and at their end when, for whom and of which deal (pure)."""

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from handlers.grammar.dates import digits, read_date
from handlers.grammar.requests import AddTask
from handlers.grammar.words import Context, unescaped
from store.errors import Invalid
from store.text import fold, one_line

_WORD = re.compile(r"<[^<>]*>|[^\s<]+|<")
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_NUMBER = re.compile(r"(#?)([0-9]{1,15})")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:h]([0-5][0-9])h?")
_HALVES = re.compile(r"(1[0-2]|0?[1-9])(?:[:.]([0-5][0-9]))?([ap])\.?m\.?")
_HALF = {"a": 0, "p": 12}
_DATE = 6
"""Words that a date has at most: Monday the 30th of November 2026."""
_BEFORE_HOURS = frozenset({"at", "@", "by", "um", "à", "due"})
_BEFORE_DAYS = frozenset({"due", "by", "on"})
_BEFORE_NUMBERS = frozenset({"for", "of", "on", "in", "re", "about"})


@dataclass(frozen=True, slots=True)
class _Word:
    """As it reads, and whom it mentions."""

    text: str
    person_id: str | None = None


Words = Sequence[_Word]
Taken = tuple[Words, Any] | None


def add_task(text: str, context: Context) -> AddTask:
    """Takes day, hour, person and number off the end, each once and in any order, while it can.
    What isn't read stays in the title, so that nothing that was typed is lost.
    """
    words = [_word(found) for found in _WORD.findall(text)]
    said = _read(words, context, {"number": _number, **_READERS})
    if said.number is None:
        return _numbered_first(words, context) or said
    return replace(said, otherwise=_read(words, context, _READERS))


def _word(raw: str) -> _Word:
    person = _PERSON.fullmatch(raw)
    return _Word(unescaped(raw), person[1] if person else None)


def _read(
    words: Words, context: Context, readers: "dict[str, Callable[[Words, Context], Taken]]"
) -> AddTask:
    said: dict[str, Any] = {}
    while words:
        open_ones = ((name, read) for name, read in readers.items() if name not in said)
        found = ((name, taken) for name, read in open_ones if (taken := read(words, context)))
        name, taken = next(found, ("", None))
        if taken is None:
            break
        words, said[name] = taken
    return AddTask(title=one_line(" ".join(word.text for word in words)), **said)


def _numbered_first(words: Words, context: Context) -> AddTask | None:
    """#12 Send the quote: with its sign, the number may come first."""
    found = _NUMBER.fullmatch(words[0].text) if words else None
    if found is None or not found[1]:
        return None
    said = _read(words[1:], context, _READERS)
    return replace(said, number=int(found[2]), otherwise=_read(words, context, _READERS))


def _day(words: Words, context: Context) -> Taken:
    """The longest run of words that is a date. Before a number that may be a deal's, one that has
    passed is none: in "3 Nov 12", 12 is no year.
    """
    for at in range(max(0, len(words) - _DATE), len(words)):
        run = words[at:]
        if any(word.person_id for word in run):
            continue
        with suppress(Invalid):
            text = " ".join(word.text for word in run)
            day = read_date(text, today=context.today, locale=context.locale)
            numbered = _NUMBER.fullmatch(digits(run[-1].text))
            passed = numbered is not None and day < context.today
            return None if passed else (_without(words[:at], _BEFORE_DAYS), day)
    return None


def _hour(words: Words, _context: Context) -> Taken:
    """15:00, 3pm, 3 pm, noon."""
    for size in (2, 1):
        if len(words) < size:
            continue
        hour = _clock("".join(word.text for word in words[-size:]))
        if hour is not None and not (size > 1 and _clock(words[-1].text)):
            return _without(words[:-size], _BEFORE_HOURS), hour
    return None


def _clock(text: str) -> time | None:
    plain = digits(fold(text))
    if plain == "noon":
        return time(12)
    if found := _CLOCK.fullmatch(plain):
        return time(int(found[1]), int(found[2]))
    if found := _HALVES.fullmatch(plain):
        return time(int(found[1]) % 12 + _HALF[found[3]], int(found[2] or 0))
    return None


def _person(words: Words, _context: Context) -> Taken:
    if words[-1].person_id is None:
        return None
    return _without(words[:-1], _BEFORE_NUMBERS), words[-1].person_id


def _number(words: Words, context: Context) -> Taken:
    """#12, or a bare 12 that is not the end of a date."""
    found = _NUMBER.fullmatch(digits(words[-1].text))
    if found is None or (not found[1] and _day(words, context)):
        return None
    rest = words[:-1]
    return (_without(rest, _BEFORE_NUMBERS) if found[1] else rest), int(found[2])


def _without(words: Words, leads: frozenset[str]) -> Words:
    """Without the word that leads to what was taken off: at 15:00, due friday, for #12."""
    return words[:-1] if len(words) > 1 and fold(words[-1].text) in leads else words


_READERS: dict[str, Callable[[Words, Context], Taken]] = {
    "person_id": _person,
    "day": _day,
    "hour": _hour,
}
