"""Money: integer minor units with an ISO 4217 currency, read and shown as people write it.

The number of minor digits is CLDR's, through babel: JPY 0, GBP 2, KWD 3. Nothing here is a float.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from store.errors import Invalid
from store.text import one_line

if TYPE_CHECKING:
    from babel.numbers import NumberPattern

MAX_MINOR = 10**13
"""Twelve digits of pounds: beyond that it is a typing error, and sums would outgrow 64 bits."""

EXAMPLE = "Write an amount like 12k, £12,500 or 1.2m EUR."
DEFAULT_LOCALE = "en_GB"
_COMMON = "EUR USD GBP CHF CAD AUD NZD SEK NOK DKK PLN CZK JPY CNY INR SGD HKD BRL MXN ZAR"
COMMON = tuple(_COMMON.split())
"""The currencies that most people choose from, first."""

_TEXT_MAX = 100
_NOT_MONEY = frozenset({"XXX", "XTS"})  # "No currency" and "for testing".
_SCALES: Mapping[str, int] = {
    "k": 3, "tsd": 3, "thousand": 3,
    "m": 6, "mn": 6, "mio": 6, "mln": 6, "million": 6,
    "b": 9, "bn": 9, "mrd": 9, "billion": 9,
}  # fmt: skip
_LONGEST_FIRST = ("", *sorted(_SCALES, key=len))[::-1]

# Signs that several currencies share. The default currency comes first, then the one that the
# locale means by it, then the first here; with "?" there, the sign alone is not enough.
_SHARED: Mapping[str, str] = {
    "$": "USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP UYU BSD BBD BZD BMD FJD JMD TTD",
    "£": "GBP EGP GIP FKP SHP LBP",
    "¥": "JPY CNY", "￥": "JPY CNY", "円": "JPY", "元": "CNY",
    "kr": "? SEK NOK DKK ISK",
    "Rs": "INR PKR LKR NPR MUR",
    "Fr": "CHF", "zł": "PLN", "Kč": "CZK", "Ft": "HUF", "lei": "RON", "R": "ZAR",
    "C$": "CAD", "S$": "SGD", "₽": "RUB", "₺": "TRY", "₴": "UAH", "฿": "THB",
}  # fmt: skip

_AMOUNT = re.compile(
    r"(?P<before>[^0-9]*?)"
    # A separator may lead (.5m), but the point of "Rs.500" belongs to the sign.
    r"(?P<number>(?:(?<![^\W_])[.,])?[0-9](?:[0-9.,'’ ]*[0-9])?)"
    r"(?P<after>[^0-9]*)"
)
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([.,'’ ])[0-9]{3})(?:\1[0-9]{3})*")
# Lakh and crore: groups of two, and three at the end.
_LAKH = re.compile(r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}")
_FOREIGN_COMMAS = "٬،⹁"
_MINUS = "-−–‐‑﹣－"


@dataclass(frozen=True, slots=True, order=True)
class Money:
    minor: int
    currency: str

    def share(self, percent: int) -> "Money":
        """That many per cent of it, halves rounded up, as people round money."""
        return Money((self.minor * percent + 50) // 100, self.currency)


def read_money(text: str, *, currency: str, locale: str, field: str = "value") -> Money:
    """An amount as a person of that locale writes it; without a sign or code it is in `currency`.

    Refuses, under `field`, what is negative, over 10¹³ minor units, finer than the currency's
    minor unit, readable in two ways, or no amount at all.
    """
    try:
        return _read(text, currency, _style(known_locale(locale)))
    except _UnreadableError as why:
        raise Invalid({field: str(why)}) from None


@lru_cache(maxsize=8192)
def format_money(money: Money, locale: str) -> str:
    """As the locale writes it, without minor digits when it is whole: £12,000, 12.000,50 €."""
    name, digits = known_locale(locale), minor_digits(money.currency)
    pattern = _pattern(money.currency, name, digits if money.minor % 10**digits else 0)
    amount = Decimal(money.minor).scaleb(-digits)
    return str(pattern.apply(amount, name, currency=money.currency, currency_digits=False))


def editable_money(money: Money, *, currency: str, locale: str) -> str:
    """As a form is prefilled: as it is shown, or by its code where the sign would be read as
    another currency: $ in Sydney is A$, unless the workspace sells in US$.
    """
    shown = format_money(money, locale)
    try:
        if read_money(shown, currency=currency, locale=locale) == money:
            return shown
    except Invalid:
        pass
    return f"{money.currency} {_plain(money, _style(known_locale(locale)))}"


def is_currency(code: str) -> bool:
    """Whether it is an ISO 4217 code, in capitals, that amounts can be in."""
    return code in _codes()


@lru_cache(maxsize=64)
def currencies(locale: str = DEFAULT_LOCALE) -> tuple[tuple[str, str], ...]:
    """Those in use today, as (code, name): the common ones first, then by code."""
    from babel.core import get_global  # noqa: PLC0415 - babel is loaded when first used.
    from babel.numbers import get_currency_name  # noqa: PLC0415

    tenders = (
        tender for history in get_global("territory_currencies").values() for tender in history
    )
    current = {code for code, _, until, legal in tenders if legal and until is None}
    rest = sorted(current & _codes() - set(COMMON))
    known = known_locale(locale)
    return tuple((code, get_currency_name(code, locale=known)) for code in (*COMMON, *rest))


@lru_cache(maxsize=256)
def minor_digits(currency: str) -> int:
    from babel.numbers import get_currency_precision  # noqa: PLC0415 - see currencies().

    return get_currency_precision(currency)


@lru_cache(maxsize=512)
def known_locale(name: str) -> str:
    """The locale's name as CLDR spells it (Slack says en-GB), or en_GB when nobody knows it."""
    from babel.core import Locale, UnknownLocaleError  # noqa: PLC0415 - see currencies().

    try:
        return str(Locale.parse(name.replace("-", "_")))
    except (ValueError, TypeError, UnknownLocaleError):
        return DEFAULT_LOCALE


class _UnreadableError(Exception):
    """The sentence for the field."""

    def __init__(self, sentence: str = EXAMPLE) -> None:
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class _Style:
    """How a locale writes amounts: the signs that mean one currency, "." or "," for decimals."""

    locale: str
    decimal: str
    group: str
    symbols: Mapping[str, str]
    sign_follows: bool


def _read(text: str, currency: str, style: _Style) -> Money:
    plain = _ascii(text, style)
    found = _AMOUNT.fullmatch(plain) if len(plain) <= _TEXT_MAX else None
    if not found:
        raise _UnreadableError
    before, after = found["before"].strip(), found["after"].strip()
    bare = (before.strip(_MINUS + "( "), after.strip(_MINUS + ") "))
    scale, suffix = _scaled(bare[1], currency, style)
    code = _currency(bare[0], suffix, currency, style)
    minor = _minor(found["number"], scale, code, style)
    if bare != (before, after):
        raise _UnreadableError("Write an amount of 0 or more, like 12k or £12,500.")
    if minor > MAX_MINOR:
        most = format_money(Money(MAX_MINOR, code), style.locale)
        raise _UnreadableError(f"Write an amount of at most {most}.")
    return Money(minor, code)


def _ascii(text: str, style: _Style) -> str:
    """Every script's digits as 0-9, and the Arabic separators as those of the locale.

    Not NFKC: it would read 10² as 102.
    """
    thousands = "." if style.decimal == "," else ","
    marks = {"٫": style.decimal, **dict.fromkeys(_FOREIGN_COMMAS, thousands)}
    return "".join(
        marks.get(ch) or (str(unicodedata.decimal(ch)) if ch.isdecimal() else ch)
        for ch in one_line(text)
    )


def _scaled(after: str, currency: str, style: _Style) -> tuple[int, str]:
    """The power of ten and the currency's part of what follows the number: "k€" is (3, "€")."""
    # BND is no billion, nor is K a thousand where it is the sign, and follows (Myanmar).
    if is_currency(after.upper()) or (style.sign_follows and after in style.symbols):
        return 0, after
    lower = after.lower()
    for word in _LONGEST_FIRST:
        rest = after[len(word) :].lstrip(". ") if word else after
        if lower.startswith(word) and (not rest or _codes_of(rest, currency, style)):
            if word == "billion" and not style.locale.startswith("en"):
                break  # Elsewhere "billion" is mostly 10¹².
            return _SCALES.get(word, 0), rest
    raise _UnreadableError


def _currency(before: str, after: str, currency: str, style: _Style) -> str:
    """The one that both parts can mean: "$12 AUD" is Australian, "€12 GBP" is nothing."""
    wanted = [_codes_of(part, currency, style) for part in (before, after) if part]
    if not all(wanted):
        raise _UnreadableError
    if len(wanted) == 2:  # noqa: PLR2004 - before and after.
        both = [code for code in wanted[0] if code in wanted[1]]
        if not both:
            raise _UnreadableError
        wanted = [both]
    code = wanted[0][0] if wanted else currency
    if code == "?":
        raise _UnreadableError
    return code


def _codes_of(sign: str, currency: str, style: _Style) -> list[str]:
    """What a sign or code may mean, the likeliest first ("?" when that can't be told)."""
    if is_currency(sign.upper()):
        return [sign.upper()]
    bare = sign.rstrip(".")
    shared = (_SHARED.get(bare) or _SHARED.get(bare.lower()) or "").split()
    mine = sign == _symbol(currency, style.locale) or currency in shared
    local = style.symbols.get(sign) or style.symbols.get(bare)
    return [*([currency] if mine else []), *([local] if local else []), *shared]


def _minor(number: str, scale: int, code: str, style: _Style) -> int:
    digits = minor_digits(code)
    whole, fraction = _parts(number, scale, digits, style)
    exact = fraction.rstrip("0")
    # 12.00 yen is harmless, but 12.500 may be twelve thousand five hundred.
    spare = fraction if not scale and len(fraction) == 3 else exact  # noqa: PLR2004
    if len(spare) > digits + scale:
        most = f"at most {digits} decimals" if digits else "no decimals"
        raise _UnreadableError(f"Write an amount with {most} in {code}, like 12k or 12500.")
    return int(whole + exact.ljust(digits + scale, "0"))


def _parts(number: str, scale: int, digits: int, style: _Style) -> tuple[str, str]:
    """The digits before and after the decimal sign.

    With two kinds of separator the last one is the decimal sign, whatever the locale: 1.000,50 has
    one reading. One kind groups when it stands before three digits, unless it is the locale's
    decimal sign. That leaves 12,50 in London and 12.50 in Berlin: a foreign decimal, or 12,500
    with a digit lost. A wrong guess is a thousandfold wrong, so it is refused, except before k or
    m, where nobody groups by two.
    """
    marks = [ch for ch in number if not ch.isdigit()]
    last = marks[-1] if marks else ""
    once = last in (".", ",") and marks.count(last) == 1
    whole, _, fraction = number.rpartition(last) if once else (number, "", "")
    if once and (last == style.decimal or len(set(marks)) > 1):
        return _ungrouped(whole or "0"), fraction
    # Three digits after a foreign mark may be the fils of a dinar.
    if not once or (_GROUPED.fullmatch(number) and (last == style.group or digits < 3)):  # noqa: PLR2004
        return _ungrouped(number), ""
    if scale or last != style.group or not whole.strip("0"):
        return _ungrouped(whole or "0"), fraction
    if len(fraction) > 2:  # noqa: PLR2004 - neither cents nor a group.
        raise _UnreadableError
    raise _UnreadableError(
        f"Write {whole}{style.decimal}{fraction} or {whole}{fraction}: "
        f"{number} can be read both ways."
    )


def _ungrouped(number: str) -> str:
    if number.isdigit():
        return number
    if _GROUPED.fullmatch(number) or _LAKH.fullmatch(number):
        return "".join(ch for ch in number if ch.isdigit())
    raise _UnreadableError


def _plain(money: Money, style: _Style) -> str:
    digits = minor_digits(money.currency)
    text = str(money.minor).rjust(digits + 1, "0")
    return f"{text[:-digits]}{style.decimal}{text[-digits:]}" if digits else text


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    from babel.numbers import list_currencies  # noqa: PLC0415 - see currencies().

    return frozenset(list_currencies()) - _NOT_MONEY


@lru_cache(maxsize=2048)
def _symbol(currency: str, locale: str) -> str:
    from babel.numbers import get_currency_symbol  # noqa: PLC0415 - see currencies().

    return one_line(get_currency_symbol(currency, locale=locale))


@lru_cache(maxsize=64)
def _style(locale: str) -> _Style:
    from babel.core import Locale  # noqa: PLC0415 - see currencies().
    from babel.numbers import get_decimal_symbol, get_group_symbol  # noqa: PLC0415

    decimal, group = get_decimal_symbol(locale), get_group_symbol(locale)
    # English signs (US$, CA$, JP¥) are understood everywhere; the locale's own win.
    symbols: dict[str, str] = {}
    for name in (locale, DEFAULT_LOCALE, "en_US"):
        for code in (*COMMON, *sorted(_codes())):
            sign = _symbol(code, name)
            if sign != code and (name == locale or len(sign) > 1 or sign not in _SHARED):
                symbols.setdefault(sign, code)
    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    return _Style(
        locale=locale,
        decimal="," if decimal == "," else ".",
        group="," if group in _FOREIGN_COMMAS else group,
        symbols=symbols,
        sign_follows=pattern.endswith("¤"),
    )


@lru_cache(maxsize=1024)
def _pattern(currency: str, locale: str, digits: int) -> "NumberPattern":
    """The locale's pattern with that many decimals, and a space where a sign of letters needs one.

    CLDR asks for the space (UTS 35, currencySpacing); babel leaves it out: EUR12 in Sydney.
    """
    from babel.core import Locale  # noqa: PLC0415 - see currencies().
    from babel.numbers import parse_pattern  # noqa: PLC0415

    pattern = parse_pattern(Locale.parse(locale).currency_formats["standard"].pattern)
    pattern.frac_prec = (digits, digits)
    sign = _symbol(currency, locale)
    before, minus_before = pattern.prefix
    after, minus_after = pattern.suffix
    if not unicodedata.category(sign[-1]).startswith("S"):
        pattern.prefix = (_spaced("¤$", before), _spaced("¤$", minus_before))
    if not unicodedata.category(sign[0]).startswith("S"):
        pattern.suffix = (_spaced("^¤", after), _spaced("^¤", minus_after))
    return pattern


def _spaced(sign: str, affix: str) -> str:
    return re.sub(sign, "¤\xa0" if sign.endswith("$") else "\xa0¤", affix)
