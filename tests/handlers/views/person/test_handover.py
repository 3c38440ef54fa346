"""Handover as each who is concerned reads it."""

from typing import Any

import pytest

from handlers.person.ids import HandingOver
from handlers.views.person.handover import done, handover_form
from handlers.views.word import word
from store.person.handover import Handover, Held
from store.person.person import Person
from tests.handlers.views.seen import ALICE, BOB, NASTY, STYLE, pressed, seen

HELD = Held(deals=12, tasks=8)


def test_the_question_says_how_much_from_whom_to_whom() -> None:
    asked = handover_form(Handover(ALICE, BOB, HELD), HandingOver(ALICE.id, BOB.id))
    assert seen(asked) == (
        "Hand over\n"
        "Hand over 12 open deals and 8 open tasks from Alice to Bob?\n"
        "Bob is told once, and each deal's thread says so. Won, lost and archived deals stay "
        "as they are.\n"
        "[Hand over] [Cancel]"
    )


def test_who_takes_it_is_chosen_where_nobody_was_named() -> None:
    asked = handover_form(Handover(ALICE, None, Held(deals=1)), HandingOver(ALICE.id))
    assert "Hand over 1 open deal from Alice.\nNew owner" in seen(asked)


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (HELD, "12 open deals and 8 open tasks"),
        (Held(paused=1), "1 paused deal"),
        (Held(digests=2), "2 digests"),
        (Held(deals=2_000, paused=2, tasks=1), "2,000 open deals, 2 paused deals and 1 open task"),
    ],
)
def test_what_there_is_none_of_is_not_said(held: Held, said: str) -> None:
    assert seen(done(Handover(ALICE, BOB, held))) == f"Handed over {said} from Alice to Bob."


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"giver": "Alice"}, "Carol handed over 12 open deals and 8 open tasks from Alice to you."),
        ({}, "Carol handed over 12 open deals and 8 open tasks to you."),
        (
            {"hidden": 3},
            (
                "Carol handed over 12 open deals and 8 open tasks to you. 3 deals are in private "
                "channels that you aren't in: ask to be invited."
            ),
        ),
        (
            {"hidden": 1},
            (
                "Carol handed over 12 open deals and 8 open tasks to you. 1 deal is in a private "
                "channel that you aren't in: ask to be invited."
            ),
        ),
    ],
)
def test_the_new_owner_reads_it_with_a_button_to_the_deals(more: dict[str, Any], said: str) -> None:
    data = {"say": "handover", "by": "Carol", "deals": 12, "paused": 0, "tasks": 8} | more
    told = word(STYLE, data)
    assert seen(told) == f"{said}\n[My deals]"
    assert pressed(told, "My deals")["value"] == "[null,0]"


def test_the_longest_names_fit() -> None:
    long = Person("U1", NASTY[:255])
    assert seen(done(Handover(long, long, HELD)))
    assert seen(handover_form(Handover(long, long, HELD), HandingOver("U1", "U1", "C1")))
