"""A loud win on the screen."""

from dataclasses import replace

from handlers.views.opportunity import win
from store.opportunity.opportunity import Card
from store.opportunity.win import Feat, Record, WinShown
from tests.handlers.views.seen import BOB, LINK, STYLE, WON, WORST, seen

SHOWN = WinShown(opportunity=WON, workspace=STYLE.workspace, days=34)


def test_it_names_the_deal_the_value_the_days_and_who() -> None:
    linked = replace(WON, card=Card("C0000DEALS", "1.2", LINK))
    made = win.message(STYLE, replace(SHOWN, opportunity=linked))
    assert seen(made).splitlines() == [
        "🎉 Acme renewal #12 was won for £11,500",
        "Jane Doe, Acme Ltd · 34 days · Alice",
    ]
    assert f"*<{LINK}|Acme renewal>*" in made.blocks[0]["text"]["text"]
    assert made.text == "Acme renewal #12 was won for £11,500 after 34 days, by Alice"
    assert "<@" not in str(made.blocks)


def test_it_says_which_record_it_is() -> None:
    records = (Record(Feat.LARGEST, 7), Record(Feat.FASTEST, 31))
    made = win.message(STYLE, replace(SHOWN, records=records))
    line = "The largest of 7 deals won in GBP this quarter · The fastest of 31 deals won this year"
    assert seen(made).splitlines()[-1] == line
    assert made.text.endswith(
        ". The largest of 7 deals won in GBP this quarter. The fastest of 31 deals won this year"
    )


def test_what_is_not_known_is_left_out() -> None:
    bare = replace(WON, final_value=None, contact=None, owner=None, status_by=BOB)
    made = win.message(STYLE, replace(SHOWN, opportunity=bare, days=0))
    assert seen(made).splitlines() == ["🎉 Acme renewal #12 was won", "Bob"]
    assert made.text == "Acme renewal #12 was won, by Bob"


def test_taken_back_it_is_struck_through() -> None:
    made = win.message(STYLE, replace(SHOWN, taken_back=True, back_by=BOB))
    assert seen(made) == "~Acme renewal #12 was won~, taken back by Bob"


def test_slack_takes_the_worst() -> None:
    worst = replace(SHOWN, opportunity=WORST, days=99_999)
    records = (Record(Feat.LARGEST, 10**9), Record(Feat.FASTEST, 10**9))
    assert seen(win.message(STYLE, replace(worst, records=records)))
    assert seen(win.message(STYLE, replace(worst, taken_back=True, back_by=WORST.owner)))
