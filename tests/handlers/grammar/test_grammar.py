"""Slash text and what it means, on Monday 23 November 2026."""

import subprocess
import sys
from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.grammar.grammar import opp, parse
from handlers.grammar.requests import (
    HELP,
    About,
    ChangeStatus,
    Handover,
    Help,
    Mine,
    NewContact,
    NewOpportunity,
    OppRequest,
    Recent,
    Request,
    Search,
    SearchContacts,
    Settings,
    Setup,
    Show,
    Somebody,
)
from handlers.grammar.words import Context, unescaped
from handlers.ids import Command, Verb
from store.errors import Refusal
from store.money import Money
from store.opportunity.status import Status
from store.text import one_line

HERE = Context(today=date(2026, 11, 23), currency="GBP", locale="en_GB")
FRENCH = Context(today=date(2026, 11, 23), currency="EUR", locale="fr")
OWN_WORDS = Context(
    today=date(2026, 11, 23),
    currency="GBP",
    locale="en_GB",
    labels={Status.QUOTING: "Proposal sent", Status.LEAD: "Quoting", Status.PITCHING: "Won"},
)
NOV_30 = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("command", "text", "request_"),
    [
        (Command.DEALTHREAD, "", About()),
        (Command.DEALTHREAD, " Help ", Help(Command.DEALTHREAD)),
        (Command.DEALTHREAD, "settings", Settings()),
        (Command.DEALTHREAD, "setup", Setup()),
        (Command.OPP, "", Mine()),
        (Command.OPP, "HELP", Help(Command.OPP)),
        (Command.OPP, "12", Show(12)),
        (Command.OPP, "#12", Show(12)),
        (Command.OPP, "٣", Show(3)),
        (Command.OPP, "999999", Show(999_999)),
        (Command.OPP, str(2**53), Show(2**53)),
        (Command.OPP, str(2**53 + 1), Search(str(2**53 + 1))),
        (Command.OPP, "9" * 5000, Search("9" * 5000)),
        (Command.OPP, f"{2**53 + 1} won", Search(f"{2**53 + 1} won")),
        (Command.OPP, "acme", Search("acme")),
        (Command.OPP, "  acme \n ltd ", Search("acme ltd")),
        (Command.OPP, "help me", Search("help me")),
        (Command.OPP, "-5", Search("-5")),
        (Command.OPP, "12 angry men", Search("12 angry men")),
        (Command.OPP, "find new horizon", Search("new horizon")),
        (Command.OPP, "find 12", Search("12")),
        (Command.OPP, "&lt;!channel&gt; &amp;amp;", Search("<!channel> &amp;")),
        (Command.OPP, "<@U123|jane> <#C1|deals>", Search("@jane #deals")),
        (Command.CONTACT, "", Recent()),
        (Command.CONTACT, "help", Help(Command.CONTACT)),
        (Command.CONTACT, "new", NewContact()),
        (Command.CONTACT, "New Jane  Doe", NewContact("Jane Doe")),
        (Command.CONTACT, "jane doe", SearchContacts("jane doe")),
        (Command.CONTACT, "newton", SearchContacts("newton")),
        (Command.CONTACT, "<mailto:j@acme.com|j@acme.com>", SearchContacts("j@acme.com")),
    ],
)
def test_means(command: Command, text: str, request_: Request) -> None:
    assert parse(command, text, HERE) == request_


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("12 quoting", Status.QUOTING),
        ("#12 Lead", Status.LEAD),
        ("12 move to closing", Status.CLOSING),
        ("12 to pitching.", Status.PITCHING),
        ("12 won", Status.WON),
        ("12 closed won", Status.WON),
        ("12 lost", Status.LOST),
        ("12 pause", Status.PAUSED),
        ("12 Paused", Status.PAUSED),
        ("12 resume", Verb.RESUME),
        ("12 reopen", Verb.REOPEN),
        ("12 re-open", Verb.REOPEN),
    ],
)
def test_changes_status(text: str, to: Status | Verb) -> None:
    assert opp(text, HERE) == ChangeStatus(12, to)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "to"),
    [
        ("proposal sent", Status.QUOTING),
        ("Proposal  SENT", Status.QUOTING),
        ("quoting", Status.LEAD),
        ("lead", Status.LEAD),
        ("won", Status.WON),
    ],
)
def test_a_workspaces_own_labels_come_before_ours_but_not_before_the_verbs(
    words: str, to: Status
) -> None:
    assert opp(f"12 {words}", OWN_WORDS) == ChangeStatus(12, to)


def new(
    name: str = "",
    contact: str = "",
    full: str | None = None,
    value: Money | None = None,
    close: date | None = None,
) -> NewOpportunity:
    return NewOpportunity(name, contact, name if full is None else full, value, close)


TWELVE_K = Money(12_000_00, "GBP")
WHOLE = new("Acme renewal", "Jane Doe", "Acme renewal for Jane Doe", TWELVE_K, NOV_30)


@pytest.mark.parametrize(
    ("words", "read"),
    [
        ("", new()),
        ("Acme renewal", new("Acme renewal")),
        ("Acme renewal for Jane Doe £12k close 30 Nov", WHOLE),
        ("Acme renewal £12k for Jane Doe close 30 Nov", WHOLE),
        ("Acme renewal close 30 Nov £12k for Jane Doe", WHOLE),
        ("Acme renewal CLOSES on Mon 30 November 2026 for Jane Doe 12k GBP", WHOLE),
        ("Acme 12 seats", new("Acme 12 seats")),
        ("Acme 12000", new("Acme 12000")),
        ("Acme 12,500.50", new("Acme 12,500.50")),
        ("Acme £12000", new("Acme", value=TWELVE_K)),
        ("Acme 12k", new("Acme", value=TWELVE_K)),
        ("Acme 12 k", new("Acme 12 k")),
        ("Acme 1.2m EUR", new("Acme", value=Money(1_200_000_00, "EUR"))),
        ("Acme eur 1.2m", new("Acme", value=Money(1_200_000_00, "EUR"))),
        ("Acme 2 million", new("Acme", value=Money(2_000_000_00, "GBP"))),
        ("Acme phase 2 500 EUR", new("Acme phase 2", value=Money(500_00, "EUR"))),
        ("Acme £5k £12k", new("Acme £5k", value=TWELVE_K)),
        ("Ask Bob 12k", new("Ask Bob", value=TWELVE_K)),
        ("Buy all 12k", new("Buy all", value=TWELVE_K)),
        ("Rope 12 m", new("Rope 12 m")),
        ("Room 12b", new("Room 12b")),
        ("12 pen", new("12 pen")),
        *((f"Acme {bad}", new(f"Acme {bad}")) for bad in ("-5", "£-5", "1e9", "£", "£12 apples")),
        *((f"Acme {bad}", new(f"Acme {bad}")) for bad in ("12,50", "£12,50", "٣", f"£{10**15}")),
        ("Store close to you", new("Store close to you")),
        ("Acme close 31 Feb", new("Acme close 31 Feb")),
        ("Acme close May Smith", new("Acme close May Smith")),
        ("Acme 30 Nov", new("Acme 30 Nov")),
        ("Acme close friday", new("Acme", close=date(2026, 11, 27))),
        ("Acme close in 2 weeks £12k", new("Acme", value=TWELVE_K, close=date(2026, 12, 7))),
        ("Acme close 2020-01-02", new("Acme", close=date(2020, 1, 2))),
        ("Acme close friday close 30 Nov", new("Acme close friday", close=NOV_30)),
        ("May Smith, March campaign, renewal 2027", new("May Smith, March campaign, renewal 2027")),
        (
            "Tools for cutting for Jane",
            new("Tools for cutting", "Jane", "Tools for cutting for Jane"),
        ),
        ("Looking for", new("Looking for")),
        ("for Jane", new("", "Jane", "for Jane")),
        ("Budget £12k for training", new("Budget", "training", "Budget for training", TWELVE_K)),
        ("&lt;!here&gt; &amp; <@U1|jane> `x`", new("<!here> & @jane `x`")),
    ],
)
def test_reads_the_words_of_a_new_opportunity(words: str, read: NewOpportunity) -> None:
    assert opp(f"new {words}", HERE) == read


def test_reads_them_in_the_persons_locale() -> None:
    assert opp("new Acme 12 500,50 € close demain", FRENCH) == new(
        "Acme", value=Money(12_500_50, "EUR"), close=date(2026, 11, 24)
    )


STATUSES = (
    "Write `/opp 12 quoting`, or one of "
    "Lead, Pitching, Quoting, Closing, won, lost, pause, resume, reopen."
)
SETUP = (
    "Write `/dealthread`, `/dealthread setup`, `/dealthread settings`, `/dealthread help` or "
    "`/dealthread handover @alice @bob`."
)
HANDOVER = "Write `/dealthread handover @alice @bob`: whose things, then who takes them."
FIND = "Write `/opp find` and some words of its name, like `/opp find acme`."


@pytest.mark.parametrize(
    ("command", "text", "sentence"),
    [
        (Command.OPP, "12 quotng", STATUSES),
        (Command.OPP, "#12 what is this", STATUSES),
        (Command.OPP, "find", FIND),
        (Command.DEALTHREAD, "reboot", SETUP),
        (Command.DEALTHREAD, "x" * 3000, SETUP),
        (Command.DEALTHREAD, "handover", HANDOVER),
        (Command.DEALTHREAD, "handover <@U0ALICE|alice>", HANDOVER),
        (Command.DEALTHREAD, "handover <@U0ALICE|alice> to <@U0BOB|bob>", HANDOVER),
        (Command.DEALTHREAD, "handover <@U0A|a> <@U0B|b> <@U0C|c>", HANDOVER),
        (Command.DEALTHREAD, "handover alice bob", HANDOVER),
    ],
)
def test_refuses_with_the_right_form(command: Command, text: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse(command, text, HERE)
    assert refused.value.sentence == sentence


@pytest.mark.parametrize(
    ("text", "giver", "taker"),
    [
        ("handover <@U0ALICE|alice> <@U0BOB|bob>", {"user_id": "U0ALICE"}, {"user_id": "U0BOB"}),
        ("Handover  <@U0ALICE><@W0BOB>", {"user_id": "U0ALICE"}, {"user_id": "W0BOB"}),
        ("handover @Alice Johnson <@U0BOB|b>", {"name": "Alice Johnson"}, {"user_id": "U0BOB"}),
        ("handover @Zoë &amp; Co @bob", {"name": "Zoë & Co"}, {"name": "bob"}),
        ("handover U0123ABCDE @bob", {"user_id": "U0123ABCDE"}, {"name": "bob"}),
    ],
)
def test_names_who_hands_over_to_whom(
    text: str, giver: dict[str, str], taker: dict[str, str]
) -> None:
    """Slack makes no mention of somebody who was deactivated: they stay a name."""
    wanted = Handover(Somebody(**giver), Somebody(**taker))
    assert parse(Command.DEALTHREAD, text, HERE) == wanted


def test_a_refusal_speaks_the_workspaces_words() -> None:
    with pytest.raises(
        Refusal, match="Write `/opp 12 proposal sent`, or one of Quoting, Won, Prop"
    ):
        opp("12 nothing", OWN_WORDS)


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("&amp;lt;", "&lt;"),
        ("&amp;amp;amp;", "&amp;amp;"),
        ("&quot;", "&quot;"),
        ("<@U123|alice>", "@alice"),
        ("<@U123>", "@U123"),
        ("<#C123|deals>", "#deals"),
        ("<!here>", "@here"),
        ("<!subteam^S1|@sales>", "@sales"),
        ("<https://acme.com|acme.com>", "acme.com"),
        ("<https://acme.com?a=1&amp;b=2>", "https://acme.com?a=1&b=2"),
        ("<mailto:j@acme.com>", "j@acme.com"),
        ("&lt;@U123|alice&gt;", "<@U123|alice>"),
        ("a <> b", "a <> b"),
    ],
)
def test_unescapes_once(sent: str, typed: str) -> None:
    assert unescaped(sent) == typed


@given(st.text())
def test_what_slack_escapes_comes_back(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert unescaped(escaped) == text


PIECES = st.sampled_from(
    ("new", "find", "help", "12", "#12", "won", "quoting", "Acme", "for", "Jane", "£12k", "1.2m",
     "EUR", "close", "30", "Nov", "friday", "£", "5", "k", "closes", "on", "-5", "<@U1|x>")
)  # fmt: skip
TYPED = st.text(max_size=60) | st.lists(PIECES, max_size=12).map(" ".join)


@settings(deadline=None)
@given(st.sampled_from(Command), TYPED, st.sampled_from([HERE, FRENCH, OWN_WORDS]))
def test_whatever_is_typed_is_a_request_or_a_refusal(
    command: Command, text: str, context: Context
) -> None:
    try:
        assert parse(command, text, context)
    except Refusal as refused:
        sentence = refused.sentence
    else:
        sentence = "Write."
    assert sentence.startswith("Write")


@settings(deadline=None)
@given(TYPED.filter(lambda text: not set(text) & set("<>&")))
def test_no_word_of_a_new_opportunity_is_lost(text: str) -> None:
    read = opp(f"new {text}", HERE)
    assert isinstance(read, NewOpportunity)
    kept = Counter(read.name_with_contact.split())
    typed = one_line(f"new {text}").split()[1:]
    assert not kept - Counter(typed)
    if read.value is None and read.expected_close is None:
        assert typed == read.name_with_contact.split()
    assert len(typed) - kept.total() <= 6 * bool(read.value) + 7 * bool(read.expected_close)
    assert read.name_with_contact.startswith(read.name)
    assert read.name_with_contact.endswith(read.contact_words)


@given(TYPED)
def test_a_search_keeps_every_word(text: str) -> None:
    request: OppRequest = opp(f"find {text} end", HERE)
    assert request == Search(one_line(f"find {unescaped(text)} end").partition(" ")[2])


def test_help_is_there_for_every_command() -> None:
    assert set(HELP) == set(Command)
    for command, lines in HELP.items():
        assert all(usage.split()[0] == command and meaning for usage, meaning in lines)


@pytest.mark.parametrize(
    "usage", [(command, usage) for command, lines in HELP.items() for usage, _ in lines]
)
def test_every_usage_in_help_can_be_read(usage: tuple[Command, str]) -> None:
    command, line = usage
    assert parse(command, line.removeprefix(command), HERE)


def test_starting_loads_neither_babel_nor_dateparser() -> None:
    unwanted = "{'babel', 'dateparser'}"
    code = f"import sys, handlers.grammar.grammar; sys.exit(bool({unwanted} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603
