"""What stands at the end of typed words: days and amounts, and what Slack makes of typed text."""

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from handlers.grammar.dates import digits, read_date
from store.errors import Invalid
from store.money import COMMON, Money, is_currency, known_locale, read_money
from store.opportunity.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What amounts, days and statuses are read by: the person's locale, the workspace's rest."""

    today: date
    currency: str
    locale: str
    labels: Mapping[Status, str] = field(default_factory=dict)

    def label(self, status: Status) -> str:
        return self.labels.get(status) or status.label


_ESCAPED = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>|&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}
_RUN = 6
"""Words that a date or an amount has at most: Monday the 30th of November 2026."""
_SCALES = frozenset({"bn", "mn", "mio", "mln", "mrd", "tsd", "thousand", "million", "billion"})
_SIGNS = frozenset({"kr", "zł", "Kč", "Ft", "Rs", *map(str.lower, COMMON)})


def unescaped(text: str) -> str:
    """What was typed, from what Slack made of it: mentions and links by their names, &<> as such.

    In one pass, so that a typed "&lt;" stays those four characters.
    """
    return _ESCAPED.sub(_typed, text)


def _typed(found: re.Match[str]) -> str:
    sign, target, name, entity = found.groups()
    if entity:
        return _ENTITIES[entity]
    shown = unescaped(name or target.removeprefix("mailto:"))
    mark = "@" if sign == "!" else sign
    return shown if shown.startswith(mark) else mark + shown


def close_at_end(words: list[str], context: Context) -> tuple[list[str], date] | None:
    """The words before "close 30 Nov", and the day."""
    for at in range(max(0, len(words) - _RUN - 1), len(words) - 1):
        if words[at].lower() in ("close", "closes"):
            text = " ".join(words[at + 1 :])
            with suppress(Invalid):
                return words[:at], read_date(text, today=context.today, locale=context.locale)
    return None


def value_at_end(words: list[str], context: Context) -> tuple[list[str], Money] | None:
    """The words before "1.2m EUR", and the amount: the longest run of words that is one."""
    for at in range(max(0, len(words) - _RUN), len(words)):
        text, currency, locale = " ".join(words[at:]), context.currency, context.locale
        if _is_priced(words[at:], locale):
            with suppress(Invalid):
                return words[:at], read_money(text, currency=currency, locale=locale)
    return None


def _is_priced(run: list[str], locale: str) -> bool:
    """Whether words may be an amount in a name: by a sign, a code, k or m, never a bare number.

    The value's own field is not so strict. Here Bob, all and pen, currencies of Bolivia, Albania
    and Peru, are words: a code counts in capitals, or in small letters when it is a common one;
    12b is a door and 12 m a length.
    """
    text = digits(" ".join(run))
    if sum(any(ch.isdigit() for ch in word) for word in run) > 1 and not _spaces_group(locale):
        return False
    if any(unicodedata.category(ch) == "Sc" for ch in text):
        return True
    letters = re.findall(r"[^\W\d_]+", text)
    scales = [word.lower() for word in letters if word not in _SIGNS and not is_currency(word)]
    signed, loose = len(scales) < len(letters), {word.lower() for word in run if word.isalpha()}
    return bool(letters) and all(
        word in _SCALES or (word in ("k", "m") and (signed or word not in loose)) for word in scales
    )


@lru_cache(maxsize=64)
def _spaces_group(locale: str) -> bool:
    """Whether 12 500 is one number there; elsewhere "phase 2 500 EUR" is 500."""
    from babel.numbers import get_group_symbol  # noqa: PLC0415 - loaded when first used.

    return str(get_group_symbol(known_locale(locale))).isspace()
