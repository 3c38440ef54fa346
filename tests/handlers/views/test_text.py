"""People's text on the screen: harmless, as typed, and never too long."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.views.text import Style, clip, escape, instant, link, listed, plain, sentence
from store.money import Money
from store.text import clean
from tests.handlers.views.seen import NOW, STYLE
from tests.slack.reading import mrkdwn

MARKS = "*_~`<>&|@#!:; \n\tab1é→שـ\u202e\u200d\ufe0f🤷🏽🇬🇧"
typed = st.text(st.sampled_from(MARKS), max_size=80) | st.text(max_size=80)
PLAIN_AGAIN = str.maketrans("∗∼ˋˍ›", "*~`_>", "\u2068\u2069")


def active(shown: str) -> str | None:
    """The first thing in it that Slack would act on."""
    rules = (r"[*~`<>]", r"(?<![A-Za-z0-9])_", r"_(?![A-Za-z0-9])", r"&(?!amp;|lt;|gt;)")
    found = (re.search(rule, shown) for rule in (*rules, r"(?m)^\s*&gt;"))
    return next((match[0] for match in found if match), None)


@given(typed)
def test_nothing_that_people_type_is_acted_on(text: str) -> None:
    assert active(escape(text)) is None


@given(typed)
def test_it_reads_as_typed(text: str) -> None:
    shown = mrkdwn(escape(text)).translate(PLAIN_AGAIN)
    assert shown == clean(text).translate(PLAIN_AGAIN)


@given(typed, st.integers(1, 90))
def test_what_is_cut_is_no_longer_than_allowed_and_still_harmless(text: str, most: int) -> None:
    shown = clip(text, most)
    assert len(shown) <= most
    assert active(shown) is None
    assert shown.count("\u2068") == shown.count("\u2069")
    assert (shown == escape(text)) == (len(escape(text)) <= most)


@given(typed, st.integers(1, 90))
def test_plain_text_is_cut_but_not_escaped(text: str, most: int) -> None:
    shown = plain(text, most)
    assert len(shown) <= most
    assert clean(text).startswith(shown.removesuffix("…"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Acme renewal", "Acme renewal"),
        ("<!channel> & <@U123>", "&lt;!channel&gt; &amp; &lt;@U123&gt;"),
        ("*bold* ~gone~ `code`", "∗bold∗ ∼gone∼ ˋcodeˋ"),
        ("jane_doe@acme.com", "jane_doe@acme.com"),
        ("_quiet_ word", "ˍquietˍ word"),
        ("> said\n  >> again", "› said\n  ›&gt; again"),
        ("1 > 0", "1 &gt; 0"),
        ("עסקה 12", "\u2068עסקה 12\u2069"),
        ("paid\u202egpj.exe\x07", "paidgpj.exe"),
    ],
)
def test_examples_of_escaping(text: str, shown: str) -> None:
    assert escape(text) == shown


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("a & b", 5, "a…"),
        ("a & b", 7, "a…"),
        ("a & b", 8, "a &amp;…"),
        ("a & b", 9, "a &amp; b"),
        ("family 👩‍👩‍👧 deal", 10, "family…"),
        ("wave 👋🏽 hello", 7, "wave…"),
        ("cafe\u0301 au lait", 5, "caf…"),
    ],
)
def test_no_sign_is_cut_in_two(text: str, most: int, shown: str) -> None:
    assert clip(text, most) == shown


def test_a_sentence_keeps_our_commands_and_nothing_else() -> None:
    said = sentence("Find *it* with `/opp 12` or `@Dealthread help`, `rm -rf`.")
    assert said == "Find ∗it∗ with `/opp 12` or `@Dealthread help`, ˋrm -rfˋ."


def test_a_bar_in_a_name_does_not_end_the_address_of_its_link() -> None:
    assert link("https://x.slack.com/a|b>", "Acme | Renewal") == (
        "<https://x.slack.com/a%7Cb%3E|Acme ∣ Renewal>"
    )


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://x.slack.com/a b<!here>", "<https://x.slack.com/a%20b%3C!here%3E|Quote>"),
        ("http://127.0.0.1:80/a", "<http://127.0.0.1:80/a|Quote>"),
        ("javascript:alert(1)", "Quote"),
        ("!channel", "Quote"),
        ("@U0ALICE", "Quote"),
        ("", "Quote"),
        ("https://x/" + "y" * 500, "Quote"),
    ],
)
def test_a_link_leads_into_the_web_or_is_none(url: str, shown: str) -> None:
    assert link(url, "Quote") == shown


@pytest.mark.parametrize("sign", ["a", "&", "é", "a b\n", "\u0627 "])
def test_of_a_long_text_no_more_is_looked_at_than_is_shown(sign: str) -> None:
    """A hundred of them are shown at once, while everybody else waits."""
    text = sign * 40_000
    began = perf_counter()
    for _ in range(10):
        assert len(clip(" ".join(text.split()), 300)) <= 300
    assert perf_counter() - began < 0.5


def test_an_instant_is_each_readers_own_with_a_fallback() -> None:
    assert instant(NOW) == f"<!date^{int(NOW.timestamp())}^{{time}}|14:02 UTC>"
    assert mrkdwn(instant(NOW, "{date_short_pretty} {time}")) == "23 Nov 2026 14:02 UTC"


@pytest.mark.parametrize(
    ("locale", "day", "shown"),
    [
        ("en_GB", date(2026, 11, 30), "30 Nov"),
        ("en_GB", date(2027, 1, 2), "2 Jan 2027"),
        ("en_US", date(2026, 11, 30), "Nov 30"),
        ("de_DE", date(2026, 11, 30), "30. Nov."),
        ("xx_YY", date(2026, 11, 30), "30 Nov"),
    ],
)
def test_days_in_the_order_of_the_locale(locale: str, day: date, shown: str) -> None:
    assert in_locale(locale).day(day) == shown


def in_locale(locale: str) -> Style:
    return replace(STYLE, workspace=replace(STYLE.workspace, locale=locale))


def test_money_in_the_workspaces_locale() -> None:
    assert STYLE.money(Money(1_200_000, "GBP")) == "£12,000"
    assert in_locale("de_DE").money(Money(1_200_050, "EUR")) == "12.000,50\u00a0€"


def test_today_is_the_workspaces_day() -> None:
    tokyo = replace(STYLE.workspace, tz="Asia/Tokyo")
    assert Style(tokyo, datetime(2026, 11, 23, 20, tzinfo=UTC)).today == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("parts", "shown"), [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_in_words(parts: list[str], shown: str) -> None:
    assert listed(parts) == shown
