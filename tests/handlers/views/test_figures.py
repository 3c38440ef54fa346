"""Figures in words, on the strict Slack's terms; each figure that is shown is defined in docs."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from handlers.views import figures as view
from store.figures import (
    Days,
    Figures,
    MonthFigures,
    OwnerFigures,
    Span,
    StageFigures,
    Worth,
)
from store.money import Money
from store.opportunity.status import STAGES
from store.person.person import Person
from tests.handlers.views.seen import ALICE, BOB, NASTY, NOW, STYLE
from tests.slack import blocks as strict
from tests.slack import reading

DOCS = Path(__file__).parents[3] / "docs" / "figures.md"
MONTHS = [date(2025, 12, 1), *(date(2026, month, 1) for month in range(1, 12))]
SHOWN = Figures(
    workspace=STYLE.workspace,
    span=Span.THIS_QUARTER,
    days=Days(date(2026, 10, 1), date(2026, 12, 31)),
    at=NOW,
    won=38,
    lost=52,
    worths=(Worth(36, Money(148_320_00, "GBP")), Worth(1, Money(3_000_00, "EUR"))),
    unpriced=1,
    cycle=34,
    stages=tuple(
        StageFigures(stage, 40 - at, 30 - at, days)
        for at, (stage, days) in enumerate(zip(STAGES, (12, 18, None, 1), strict=True))
    ),
    reasons=(("Price", 20), ("No decision", 12), ("", 1)),
    owners=(
        OwnerFigures(ALICE, 20, 10, (Worth(20, Money(90_000_00, "GBP")),)),
        OwnerFigures(BOB, 8, 3, ()),
        OwnerFigures(None, 0, 1, ()),
    ),
    months=tuple(MonthFigures(first, at, 2 * at) for at, first in enumerate(MONTHS)),
)
FEW = replace(SHOWN, won=4, lost=3, worths=(Worth(4, Money(31_000_00, "GBP")),))
WORST = replace(
    SHOWN,
    won=10**9,
    worths=tuple(Worth(1, Money(10**17, f"X{at:02}")) for at in range(40)),
    reasons=tuple((NASTY[at:100], 10**6) for at in range(60)),
    owners=tuple(
        OwnerFigures(Person(f"U{at}", NASTY[:150]), 10**6, 10**6, SHOWN.worths * 20)
        for at in range(300)
    ),
)


def read(shown: Figures) -> str:
    message = view.message(STYLE, shown, 17)
    strict.check_blocks(message.blocks, "message")
    strict.check_view(view.page(STYLE, shown, 17), "modal")
    return reading.of_blocks(message.blocks)


def test_enough_is_told_in_full() -> None:
    said = read(SHOWN)
    assert said.startswith("Figures this quarter\n1 Oct – 31 Dec")
    assert "[This quarter ▾]" in said
    assert "Win rate\n42%\n38 won, 52 lost" in said
    assert "Cycle time\n34 days\nmedian, from opened to won" in said
    assert "Value won\n£148,320\n€3,000" in said
    assert "Average value\n£4,120 of 36 won\n€3,000 of 1 won\n1 won without a value" in said
    assert "███████░░░ 12 days · 40 entered, 30 left" in said.replace("\u00a0", " ")
    assert "none left it · 38 entered, 28 left" in said
    assert "1 day · 37 entered" in said
    assert "██████████ 20" in said
    assert "None\u00a0given" in said
    assert "Alice · 20 won, 10 lost · 67% · £90,000" in said
    assert "Bob · 8 won, 3 lost\nNobody · 0 won, 1 lost" in said
    assert said.endswith(view.PICTURE_FOLLOWS)


def test_too_few_are_only_counted() -> None:
    said = read(FEW)
    assert "Only 7 deals were closed this quarter: too few to say more." in said
    assert said.endswith("4 won (£31,000), 3 lost.")
    assert "%" not in said
    one = read(replace(FEW, won=1, lost=0, span=Span.LAST_90_DAYS, worths=()))
    assert "Only 1 deal was closed in the last 90 days" in one
    none = read(replace(FEW, won=0, lost=0, span=Span.ALL_TIME, days=None))
    assert none.endswith("No deals were closed so far.")


def test_a_rate_of_one_owner_needs_as_many() -> None:
    assert "Bob · 8 won, 3 lost\n" in read(SHOWN)


def test_at_their_worst_they_still_fit() -> None:
    said = read(WORST)
    assert "36 more currencies" in said
    assert "52 other reasons" in said
    assert "290 others" in said
    assert "@channel" not in said


def test_each_figure_that_is_shown_is_defined_in_one_sentence() -> None:
    rows = re.findall(r"^\| ([A-Z][^|]*?) \| (.+?) \|$", DOCS.read_text("utf-8"), re.MULTILINE)
    defined = dict(rows)
    bold = set(
        re.findall(r"^\*(.+?)\*$", _mrkdwn(view.message(STYLE, SHOWN, 1).blocks), re.MULTILINE)
    )
    bold.discard("Figures this quarter")
    assert bold == set(view.NOUNS)
    assert bold | {"Entered", "Left", "Won and lost by month"} == set(defined)
    for name, sentence in defined.items():
        assert re.fullmatch(r"[^.]+\.", sentence), name


def _mrkdwn(blocks: list[dict[str, Any]]) -> str:
    texts = [block.get("text", {}).get("text", "") for block in blocks]
    texts += [field["text"] for block in blocks for field in block.get("fields", ())]
    return "\n".join(texts)


def test_the_alternative_text_says_what_the_picture_shows() -> None:
    said = view.alt(STYLE, SHOWN)
    assert said.startswith("Figures this quarter: 38 won, 52 lost. By month: Dec 2025 0 won, 0 ")
    assert "Jan 1 won, 2 lost" in said
    assert "Median days in each stage: Lead 12; Pitching 18; Closing 1." in said
    assert said.endswith(
        "Entered and left each stage: Lead 40 and 30; Pitching 39 and 29; "
        "Quoting 38 and 28; Closing 37 and 27."
    )
    assert len(view.alt(STYLE, WORST)) <= 1_000
    drawn = view.drawing(STYLE, SHOWN)
    assert drawn["months"][1] == [["Jan", "01/26"], 1, 2]
    assert drawn["stages"][0] == [["Lead", "Lead"], 12, 40, 30]


def test_the_message_of_the_picture() -> None:
    message = view.pictured(SHOWN, "F0123456789", "As it is")
    strict.check_blocks(message.blocks, "message")
    assert message.text == "Figures this quarter: 38 won, 52 lost"
    assert message.blocks[0]["slack_file"] == {"id": "F0123456789"}
    strict.check_blocks(view.sorry().blocks, "message")


@pytest.mark.parametrize(
    ("block_id", "asked"),
    [("figures:17:abc", 17), ("figures:x:abc", None), ("board:17:", None), ("", None)],
)
def test_which_request_a_row_is_of(block_id: str, asked: int | None) -> None:
    assert view.asked_in(block_id) == asked
