"""What needs attention, in words: on the card and the board, and in the message to the owner."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from handlers.attention.ids import Snoozing, SnoozingUntil, Stopping
from handlers.ids import BoardState, Ref
from handlers.views.attention.attention import why
from handlers.views.attention.message import message, snooze_form
from handlers.views.opportunity.card import card
from handlers.views.pipeline.board import board
from handlers.views.pipeline.query import load_query
from store.board import Filter
from store.opportunity.attention import Attention, Told
from store.opportunity.opportunity import Card, Opportunity
from store.opportunity.status import Health, Status
from store.task.task import Due, NextStep
from tests.handlers.views.seen import (
    BOB,
    LINK,
    NASTY,
    NOW,
    OPP,
    PAUSED,
    STYLE,
    WON,
    WORST,
    board_of,
    elements,
    pressed,
    seen,
)

ON = "2026-11-23"
LATE = replace(OPP, expected_close=date(2026, 11, 20), overdue=True, card=Card("C1", "1.2", LINK))
STEP = NextStep("Send the quote", BOB, Due(date(2026, 11, 20)), 7)
RETURNING = replace(PAUSED, paused_until=date(2026, 11, 26), next_step=None)


def told(*deals: Told | Opportunity, more: int = 0) -> Any:
    rows = tuple(one if isinstance(one, Told) else Told(one) for one in deals)
    return message(STYLE, Attention("U0000ALICE", ON, STYLE.workspace, rows, more))


@pytest.mark.parametrize(
    ("opp", "said"),
    [
        (OPP, ""),
        (WON, ""),
        (PAUSED, ""),
        (LATE, "Overdue since 20 Nov"),
        (replace(OPP, health=Health.RED, days=40), "🔴 Quoting since 19 Nov"),
        (replace(OPP, next_step=STEP), "Task overdue since Fri 20 Nov"),
        (replace(OPP, next_step=None), "No next step"),
        (RETURNING, "Back from its pause on Thu 26 Nov"),
        (replace(LATE, next_step=None), "Overdue since 20 Nov · no next step"),
    ],
)
def test_why(opp: Opportunity, said: str) -> None:
    assert why(STYLE, opp) == said


def test_an_hour_that_has_passed_is_each_readers_own() -> None:
    hour = NOW - timedelta(hours=2)
    opp = replace(OPP, next_step=replace(STEP, due=Due(hour.date(), hour)))
    assert why(STYLE, opp).startswith("Task overdue since <!date^")


def test_the_card_and_the_board_say_what_is_overdue_and_what_returns() -> None:
    late = replace(OPP, next_step=STEP)
    assert "Next: Send the quote, overdue since Fri 20 Nov, Bob\n" in seen(card(STYLE, late))
    both = board_of(rows=(late, replace(RETURNING, number=13)))
    rows = seen(board(STYLE, both, None, can_post=False))
    assert "Next: Send the quote, overdue since Fri 20 Nov\n" in rows
    assert "🟡 Paused in Quoting until Thu 26 Nov · Alice" in rows
    assert "🟡 Paused in Quoting until Thu 26 Nov, by Alice\n" in seen(card(STYLE, RETURNING))


def test_the_message_names_each_deal_and_why() -> None:
    said = told(LATE, replace(RETURNING, number=13, name="Globex"), more=3)
    assert seen(said) == (
        "Needs attention\n"
        "Acme renewal #12 · £12,000\nOverdue since 20 Nov\n"
        "[Details] [Snooze ▾] [Stop]\n"
        "Globex #13 · £12,000\nBack from its pause on Thu 26 Nov\n"
        "[Details] [Snooze ▾] [Stop]\n"
        "[and 3 more]"
    )
    assert said.text == "Needs attention: Acme renewal, Globex and 3 more"
    assert f"<{LINK}|Acme renewal>" in str(said.blocks)


def test_of_one_deal_the_notification_says_why() -> None:
    assert told(LATE).text == "Acme renewal #12 needs attention: Overdue since 20 Nov"


def test_what_was_done_with_it_stands_in_its_place() -> None:
    snoozing = Told(LATE, snoozed_until=date(2026, 11, 30))
    stop = Told(replace(LATE, number=13), stopped=True)
    said = seen(told(snoozing, stop, replace(OPP, number=14)))
    assert "Snoozed until Mon 30 Nov.\n[Details] [Snooze ▾] [Stop]" in said
    assert "Stopped: no more reminders of it, unless you snooze it.\n[Details] [Snooze ▾]\n" in said
    assert "Needs nothing any more." in said


def test_four_are_shown_and_the_rest_opens_the_board() -> None:
    deals = [replace(LATE, number=number) for number in range(1, 7)]
    said = told(*deals, more=10)
    assert seen(said).count("[Stop]") == 4
    state = BoardState.load(pressed(said, "and 12 more")["value"])
    wanted = Filter(owner="U0000ALICE", attention=True)
    assert (state.board_id, load_query(state.query).filter) == (None, wanted)
    labels = [one for one in elements(said) if one.get("type") == "button"]
    assert len(labels) <= 10


def test_the_buttons_carry_the_deal_and_the_day() -> None:
    said = told(LATE)
    assert Ref.load(pressed(said, "Details")["value"]) == Ref(12)
    assert Stopping.load(pressed(said, "Stop")["value"]) == Stopping(12, ON)
    (chosen,) = [one for one in elements(said) if one["type"] == "static_select"]
    options = {one["text"]["text"]: Snoozing.load(one["value"]) for one in chosen["options"]}
    assert options == {
        "1 day": Snoozing(12, ON, 1),
        "3 days": Snoozing(12, ON, 3),
        "1 week": Snoozing(12, ON, 7),
        "A date…": Snoozing(12, ON),
    }


def test_the_form_names_the_deal() -> None:
    form = snooze_form(OPP, NOW.date(), SnoozingUntil(12, ON))
    assert "Acme renewal #12\nUntil:" in seen(form)


@pytest.mark.parametrize("name", [NASTY[:150], "&" * 150, "x" * 150])
def test_the_worst_is_taken_by_slack(name: str) -> None:
    worst = replace(WORST, name=name, health=Health.RED, expected_close=date(2199, 1, 1))
    step = replace(worst.next_step, due=Due(NOW.date(), datetime(2020, 1, 1, tzinfo=NOW.tzinfo)))  # type: ignore[type-var]
    deals = [replace(worst, next_step=step, number=10**6 + n) for n in range(20)]
    paused = replace(worst, status=Status.PAUSED, paused_until=NOW.date())
    assert seen(told(*deals, more=10**6))
    assert seen(told(paused))
