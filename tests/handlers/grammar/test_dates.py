"""Dates as people write them, on Monday 23 November 2026."""

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.grammar.dates import EXAMPLE, YEARS, read_date
from store.errors import Invalid

TODAY = date(2026, 11, 23)
LOCALES = ("en_GB", "en_US", "de", "fr", "es", "ja", "sv", "hi", "ar", "tlh")


@pytest.mark.parametrize(
    ("text", "locale", "day"),
    [
        ("30 Nov", "en_GB", "2026-11-30"),
        ("30 nov.", "en_GB", "2026-11-30"),
        ("30nov", "en_GB", "2026-11-30"),
        ("Nov 30", "en_GB", "2026-11-30"),
        ("30th of November", "en_GB", "2026-11-30"),
        ("November 30, 2027", "en_US", "2027-11-30"),
        ("30-Nov-26", "en_GB", "2026-11-30"),
        ("Mon 30 Nov", "en_GB", "2026-11-30"),
        ("by 30 Nov", "en_GB", "2026-11-30"),
        ("1 Sept", "en_GB", "2027-09-01"),
        ("2026-11-30", "en_GB", "2026-11-30"),
        ("2026/11/30", "en_US", "2026-11-30"),
        ("2020-01-02", "en_GB", "2020-01-02"),
        ("30/11", "en_GB", "2026-11-30"),
        ("30.11.2026", "en_GB", "2026-11-30"),
        ("03/04", "en_GB", "2027-04-03"),
        ("03/04", "en_US", "2027-03-04"),
        ("30/11", "en_US", "2026-11-30"),
        ("3.4.", "en_US", "2027-04-03"),
        ("03/04/27", "en_US", "2027-03-04"),
        ("11-30", "sv", "2026-11-30"),
        ("٣٠/١١", "ar", "2026-11-30"),
        ("23 Nov", "en_GB", "2026-11-23"),
        ("22 Nov", "en_GB", "2027-11-22"),
        ("29 Feb", "en_GB", "2028-02-29"),
        ("yesterday", "en_GB", "2026-11-22"),
        ("Today", "en_GB", "2026-11-23"),
        ("tomorrow", "en_GB", "2026-11-24"),
        ("friday", "en_GB", "2026-11-27"),
        ("monday", "en_GB", "2026-11-30"),
        ("this friday", "en_GB", "2026-11-27"),
        ("next friday", "en_GB", "2026-12-04"),
        ("last friday", "en_GB", "2026-11-20"),
        ("next week", "en_GB", "2026-11-30"),
        ("next month", "en_GB", "2026-12-23"),
        ("in 2 weeks", "en_GB", "2026-12-07"),
        ("two weeks", "en_GB", "2026-12-07"),
        ("in a fortnight", "en_GB", "2026-12-07"),
        ("in 3 months", "en_GB", "2027-02-23"),
        ("3 days ago", "en_GB", "2026-11-20"),
        ("end of week", "en_GB", "2026-11-27"),
        ("end of the month", "en_GB", "2026-11-30"),
        ("EOM", "en_GB", "2026-11-30"),
        ("month end", "en_GB", "2026-11-30"),
        ("end of next month", "en_GB", "2026-12-31"),
        ("end of quarter", "en_GB", "2026-12-31"),
        ("end of year", "en_GB", "2026-12-31"),
        ("end of February", "en_GB", "2027-02-28"),
        ("end of Feb 2028", "en_GB", "2028-02-29"),
        ("Q1", "en_GB", "2027-03-31"),
        ("end of Q4 2027", "en_GB", "2027-12-31"),
        ("30. November", "de", "2026-11-30"),
        ("2. März 2027", "de", "2027-03-02"),
        ("nächsten Freitag", "de", "2026-12-04"),
        ("morgen", "de", "2026-11-24"),
        ("in zwei Wochen", "de", "2026-12-07"),
        ("le 30 novembre", "fr", "2026-11-30"),
        ("1er décembre", "fr", "2026-12-01"),
        ("vendredi prochain", "fr", "2026-12-04"),
        ("demain", "fr", "2026-11-24"),
        ("30 Nov", "fr", "2026-11-30"),
        ("30 de noviembre de 2026", "es", "2026-11-30"),
        ("11月30日", "ja", "2026-11-30"),
        ("2026年11月30日", "ja", "2026-11-30"),
        ("明日", "ja", "2026-11-24"),
        ("11월 30일", "ko", "2026-11-30"),
    ],
)
def test_reads(text: str, locale: str, day: str) -> None:
    assert read_date(text, today=TODAY, locale=locale) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("30 Nov", "2025-11-30"),
        ("23 Nov", "2026-11-23"),
        ("1/11", "2026-11-01"),
        ("friday", "2026-11-20"),
        ("29 Feb", "2024-02-29"),
        ("30 Nov 2027", "2027-11-30"),
    ],
)
def test_reads_what_has_been(text: str, day: str) -> None:
    read = read_date(text, today=TODAY, locale="en_GB", past=True)
    assert read == date.fromisoformat(day)


@pytest.mark.parametrize(
    "text", ["", "31 Feb", "31/02", "2026-02-31", "30 Feb 2028", "99/99", "0/0"]
)
@pytest.mark.parametrize("locale", LOCALES)
def test_refuses_days_that_are_not(text: str, locale: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_date(text, today=TODAY, locale=locale, field="closed_on")
    assert refused.value.fields == {"closed_on": EXAMPLE}


NAMES = (
    "May Smith", "March campaign", "renewal 2027", "May", "March", "April Jones", "June 2027",
    "2027", "12", "12 seats", "a", "second", "now", "Sun Ltd", "Friday Group", "Black Friday",
    "the", "in", "end", "end of", "ago", "next", "next deal", "30 Nov 15:00", "in 2 hours",
    "Tue 30 Nov", "1.2.3.4", "30/11/", "1/1/0000", "in 999 years", "for Jane", "Q5", "end of time",
    "2 weeks of training", "x" * 3000, "\x00", "<!channel>",
)  # fmt: skip


@pytest.mark.parametrize("text", NAMES)
def test_names_are_no_dates(text: str) -> None:
    with pytest.raises(Invalid):
        read_date(text, today=TODAY, locale="en_GB")


@pytest.mark.parametrize("text", ["Mai", "Müller", "Mai Lin", "in 2 Stunden", "1", "Morgen AG"])
def test_nor_are_german_ones(text: str) -> None:
    with pytest.raises(Invalid):
        read_date(text, today=TODAY, locale="de")


WORDS = st.sampled_from(
    (
        "in",
        "next",
        "end",
        "of",
        "the",
        "2",
        "30",
        "31",
        "Nov",
        "feb",
        "friday",
        "morgen",
        "demain",
        "weeks",
        "ago",
        "q1",
        "2027",
        "/",
        "-",
        ".",
        "month",
        "a",
    )
)


@settings(deadline=None)
@given(
    st.text(max_size=30) | st.text("0123456789/-. ", max_size=12) | st.lists(WORDS).map(" ".join),
    st.sampled_from(LOCALES),
    st.dates(),
    st.booleans(),
)
def test_nothing_typed_is_worse_than_a_refusal(
    text: str, locale: str, today: date, past: bool
) -> None:
    day: date | None = None
    try:
        day = read_date(text, today=today, locale=locale, past=past)
    except Invalid as refused:
        fields = refused.fields
    else:
        fields = {"expected_close": EXAMPLE}
    assert fields == {"expected_close": EXAMPLE}
    assert day is None or day.year in YEARS


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["en_GB", "en_US", "de"]))
def test_a_day_without_its_year_is_the_next_or_the_latest(day: date, locale: str) -> None:
    text = f"{day.day} {day:%B}"
    coming = read_date(text, today=TODAY, locale=locale)
    gone = read_date(text, today=TODAY, locale=locale, past=True)
    assert gone <= TODAY <= coming
    assert (coming.month, coming.day) == (gone.month, gone.day) == (day.month, day.day)
    assert read_date(day.isoformat(), today=TODAY, locale=locale) == day


def test_english_needs_no_dateparser_and_starting_needs_neither() -> None:
    code = (
        "import sys, datetime, handlers.grammar.dates as d\n"
        "early = {'babel', 'dateparser'} & set(sys.modules)\n"
        "try:\n d.read_date('demain', today=datetime.date(2026, 11, 23), locale='en_GB')\n"
        "except d.Invalid: pass\n"
        "sys.exit(bool(early) or 'dateparser' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603
