"""Amounts as people write them, in several locales; and back again."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import Invalid
from store.money import (
    COMMON,
    EXAMPLE,
    MAX_MINOR,
    Money,
    currencies,
    editable_money,
    format_money,
    is_currency,
    known_locale,
    minor_digits,
    read_money,
)

LOCALES = ("en_GB", "en_US", "en_AU", "en_IN", "de", "de_CH", "fr", "sv", "pl", "ar_EG", "ja", "my")

codes = st.sampled_from([code for code, _ in currencies()])
locales = st.sampled_from(LOCALES)
moneys = st.builds(Money, st.integers(0, MAX_MINOR), codes)


@pytest.mark.parametrize(
    ("text", "locale", "minor", "code"),
    [
        ("12k", "en_GB", 12_000_00, "GBP"),
        ("12K", "en_GB", 12_000_00, "GBP"),
        ("£12k", "en_GB", 12_000_00, "GBP"),
        ("£12,500", "en_GB", 12_500_00, "GBP"),
        ("£ 12 500", "en_GB", 12_500_00, "GBP"),
        ("1.2m EUR", "en_GB", 1_200_000_00, "EUR"),
        ("EUR 1.2m", "en_GB", 1_200_000_00, "EUR"),
        ("eur1.2m", "en_GB", 1_200_000_00, "EUR"),
        ("1.2 million EUR", "en_GB", 1_200_000_00, "EUR"),
        ("2bn", "en_GB", 2_000_000_000_00, "GBP"),
        ("2 billion", "en_GB", 2_000_000_000_00, "GBP"),
        ("0,50", "en_GB", 50, "GBP"),
        (".5m", "en_GB", 500_000_00, "GBP"),
        ("0", "en_GB", 0, "GBP"),
        ("007", "en_GB", 7_00, "GBP"),
        ("12.5", "en_GB", 12_50, "GBP"),
        ("1,2m", "en_GB", 1_200_000_00, "GBP"),
        ("1.2345k", "en_GB", 1_234_50, "GBP"),
        ("1.000,50", "en_GB", 1_000_50, "GBP"),
        ("12.500 €", "de", 12_500_00, "EUR"),
        ("12.500,50 €", "de", 12_500_50, "EUR"),
        ("12,50", "de", 12_50, "GBP"),
        ("12,50", "fr", 12_50, "GBP"),
        ("12.50", "fr", 12_50, "GBP"),
        ("12 500,50 €", "fr", 12_500_50, "EUR"),
        ("12 k€", "fr", 12_000_00, "EUR"),
        ("1,000.50", "de", 1_000_50, "GBP"),
        ("1,2 Mio. €", "de", 1_200_000_00, "EUR"),
        ("1'000.50 CHF", "de_CH", 1_000_50, "CHF"),
        ("1’000 Fr.", "de_CH", 1_000_00, "CHF"),
        ("500 kr", "sv", 500_00, "SEK"),
        ("500 kr.", "da", 500_00, "DKK"),
        ("12,34,567", "en_IN", 12_34_567_00, "GBP"),
        ("Rs.500", "en_IN", 500_00, "INR"),
        ("5", "nobody_KNOWS", 5_00, "GBP"),
        ("$1,000.50", "en_GB", 1_000_50, "USD"),
        ("US$5", "en_GB", 5_00, "USD"),
        ("$5 AUD", "en_GB", 5_00, "AUD"),
        ("CA$5 cad", "en_GB", 5_00, "CAD"),
        ("£5 GBP", "en_GB", 5_00, "GBP"),
        ("¥12000", "en_GB", 12_000, "JPY"),
        ("12.00 JPY", "en_GB", 12, "JPY"),
        ("1.234 KWD", "en_GB", 1_234, "KWD"),
        ("1,234 KWD", "en_GB", 1_234_000, "KWD"),
        ("500 BND", "en_GB", 500_00, "BND"),
        ("5 mad", "en_GB", 5_00, "MAD"),
        ("٣", "en_GB", 3_00, "GBP"),
        ("١٢٬٥٠٠٫٥٠", "ar_EG", 12_500_50, "GBP"),
        ("\u202a£\u202c12\u00a0500", "en_GB", 12_500_00, "GBP"),
    ],
)
def test_reads(text: str, locale: str, minor: int, code: str) -> None:
    assert read_money(text, currency="GBP", locale=locale) == Money(minor, code)


UNREADABLE = (
    "", "£", "k", "GBP", "12 apples", "twelve", "1e9", "12²", "½", "12k5", "10 000 0", "1,00,0",
    "1,000,00", "1,0000", "1.2.3", "£12 EUR", "12 k k", "12,", "£€5", "5 kr", "2 XXX",
    "12 <!channel>", "5%", "+-5", "\x00", "9" * 101, "9" * 5000,
)  # fmt: skip


@pytest.mark.parametrize("text", UNREADABLE)
def test_refuses_with_an_example(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_money(text, currency="GBP", locale="en_GB")
    assert refused.value.fields == {"value": EXAMPLE}


@pytest.mark.parametrize(
    ("text", "locale", "sentence"),
    [
        ("-5", "en_GB", "Write an amount of 0 or more, like 12k or £12,500."),
        ("−£5", "en_GB", "Write an amount of 0 or more, like 12k or £12,500."),
        ("£-5k", "en_GB", "Write an amount of 0 or more, like 12k or £12,500."),
        ("(5)", "en_GB", "Write an amount of 0 or more, like 12k or £12,500."),
        ("12,50", "en_GB", "Write 12.50 or 1250: 12,50 can be read both ways."),
        ("12.50", "de", "Write 12,50 or 1250: 12.50 can be read both ways."),
        (str(10**15), "en_GB", "Write an amount of at most £100,000,000,000."),
        ("101bn", "en_GB", "Write an amount of at most £100,000,000,000."),
        (
            "12.345",
            "en_GB",
            "Write an amount with at most 2 decimals in GBP, like 12k or 12500.",
        ),
        (
            "12.500",
            "en_GB",
            "Write an amount with at most 2 decimals in GBP, like 12k or 12500.",
        ),
        ("¥1.5", "en_GB", "Write an amount with no decimals in JPY, like 12k or 12500."),
    ],
)
def test_refuses_saying_why(text: str, locale: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_money(text, currency="GBP", locale=locale, field="final_value")
    assert refused.value.fields == {"final_value": sentence}


@pytest.mark.parametrize(
    ("default", "locale", "code"),
    [
        ("USD", "en_GB", "USD"),
        ("AUD", "en_GB", "AUD"),
        ("MXN", "es_MX", "MXN"),
        ("GBP", "en_GB", "USD"),
        ("GBP", "en_US", "USD"),
        ("GBP", "en_AU", "AUD"),
    ],
)
def test_a_dollar_is_ours_then_the_locales_then_american(
    default: str, locale: str, code: str
) -> None:
    assert read_money("$5", currency=default, locale=locale) == Money(5_00, code)


@pytest.mark.parametrize(
    ("minor", "code", "locale", "shown"),
    [
        (12_000_00, "GBP", "en_GB", "£12,000"),
        (12_500_50, "GBP", "en_GB", "£12,500.50"),
        (1_200_000_00, "EUR", "en_GB", "€1,200,000"),
        (12_000_00, "EUR", "de", "12.000\u00a0€"),
        (12_000_50, "EUR", "de-DE", "12.000,50\u00a0€"),
        (12_000, "JPY", "en_US", "¥12,000"),
        (1_234, "KWD", "en_GB", "KWD\u00a01.234"),
        (5_00, "EUR", "en_AU", "EUR\u00a05"),
        (12_34_567_00, "INR", "en_IN", "₹12,34,567"),
        (-5_00, "GBP", "en_GB", "-£5"),
        (5_00, "GBP", "nobody_KNOWS", "£5"),
    ],
)
def test_shows(minor: int, code: str, locale: str, shown: str) -> None:
    assert format_money(Money(minor, code), locale) == shown


@given(moneys, locales)
def test_what_is_shown_reads_back(money: Money, locale: str) -> None:
    shown = format_money(money, locale)
    assert read_money(shown, currency=money.currency, locale=locale) == money


@given(moneys, locales, codes)
def test_what_a_form_is_filled_with_reads_back_whatever_the_default(
    money: Money, locale: str, default: str
) -> None:
    shown = editable_money(money, currency=default, locale=locale)
    assert read_money(shown, currency=default, locale=locale) == money


def test_a_sign_that_would_change_currency_is_written_as_a_code() -> None:
    assert editable_money(Money(5_00, "AUD"), currency="GBP", locale="en_AU") == "$5"
    assert editable_money(Money(5_50, "AUD"), currency="USD", locale="en_AU") == "AUD 5.50"


@given(st.text(max_size=30) | st.text("0123456789.,' -£$€kmbEURGBP", max_size=12), locales)
def test_nothing_typed_is_worse_than_a_refusal(text: str, locale: str) -> None:
    try:
        money = read_money(text, currency="GBP", locale=locale)
    except Invalid as refused:
        money, fields = Money(0, "GBP"), set(refused.fields)
    else:
        fields = {"value"}
    assert fields == {"value"}
    assert 0 <= money.minor <= MAX_MINOR
    assert is_currency(money.currency)


@given(st.text(max_size=20))
def test_any_name_of_a_locale_is_safe(name: str) -> None:
    assert format_money(Money(5_00, "GBP"), known_locale(name))


def test_currencies_to_choose_from() -> None:
    listed = currencies("de")
    assert listed[0] == ("EUR", "Euro")
    assert [code for code, _ in listed[: len(COMMON)]] == list(COMMON)
    assert len({code for code, _ in listed}) == len(listed)
    assert all(is_currency(code) for code, _ in listed)
    assert not {"DEM", "XXX"} & {code for code, _ in listed}


def test_is_currency() -> None:
    assert is_currency("GBP")
    assert not any(is_currency(code) for code in ("gbp", "XXX", "ZZZ", "", "£"))


def test_minor_digits() -> None:
    assert [minor_digits(code) for code in ("JPY", "GBP", "KWD")] == [0, 2, 3]


def test_known_locale() -> None:
    assert known_locale("en-US") == "en_US"
    assert known_locale("de") == "de"
    assert known_locale("../de") == known_locale("") == "en_GB"


def test_a_share_rounds_halves_up() -> None:
    assert Money(5, "GBP").share(50) == Money(3, "GBP")
    assert Money(12_000_00, "GBP").share(50) == Money(6_000_00, "GBP")


def test_babel_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys, store.money; sys.exit('babel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603
