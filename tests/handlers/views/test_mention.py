"""Private answers in a card's thread, and the buttons that open what they ask."""

from dataclasses import replace
from datetime import date

import pytest

from handlers.ids import Press
from handlers.views import mention
from store.opportunity.context import DealRef
from store.opportunity.status import Status
from tests.handlers.views.seen import LOST, OPP, STYLE, WORST, pressed, seen


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.QUOTING, "Acme renewal #12 is in Quoting.\n[Details]"),
        (Status.PAUSED, "Acme renewal #12 is paused.\n[Details]"),
        (Status.WON, "Acme renewal #12 is won.\n[Details]"),
    ],
)
def test_details_say_where_it_stands(status: Status, said: str) -> None:
    assert seen(mention.details(STYLE, DealRef(1, 12, "Acme renewal", status))) == said


@pytest.mark.parametrize(
    ("to", "said"),
    [
        (Status.WON, "To mark Acme renewal won, give its final value and date.\n[Won…]"),
        (Status.LOST, "To mark Acme renewal lost, give a reason.\n[Lost…]"),
        (Status.PAUSED, "To pause Acme renewal, say until when.\n[Pause…]"),
    ],
)
def test_what_is_asked_has_a_button(to: Status, said: str) -> None:
    shown = mention.asks(OPP, to)
    assert seen(shown) == said
    label = said.partition("[")[2].rstrip("]")
    assert pressed(shown, label)["value"] == Press(OPP.number, to).dump()


def test_a_close_that_has_passed_is_named() -> None:
    shown = mention.asks_close(STYLE, replace(LOST, expected_close=date(2026, 11, 3)))
    assert seen(shown) == (
        "Acme renewal was to close on 3 Nov. Reopen it with a new expected close.\n[Reopen]"
    )


def test_the_worst_case_is_still_a_message() -> None:
    deal = DealRef(1, WORST.number, WORST.name, Status.QUOTING)
    for shown in (
        mention.details(STYLE, deal),
        mention.asks(WORST, Status.WON),
        mention.asks_close(STYLE, WORST),
    ):
        assert seen(shown)
