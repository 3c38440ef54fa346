"""Private sentences, and the button that comes next."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.ids import NewFor, Press, Undo
from handlers.payload import StaleButton
from handlers.views import confirm
from handlers.views.blocks import Message
from store.opportunity.opportunity import Card, Offer, Opportunity
from store.opportunity.status import Status
from tests.handlers.views.seen import (
    LOST,
    NASTY,
    NOW,
    OPP,
    PAUSED,
    STYLE,
    WON,
    WORST,
    pressed,
    seen,
)

OFFERED = Offer(88, NOW + timedelta(minutes=10))


def test_created() -> None:
    made = replace(OPP, card=Card("C0000DEALS"))
    shown = confirm.created(STYLE, made)
    assert seen(shown) == "Created Acme renewal in <#C0000DEALS>.\n[Details]".replace(
        "<#C0000DEALS>", "#C0000DEALS"
    )
    assert shown.text == "Created *Acme renewal* in <#C0000DEALS>."


def test_created_where_it_was_not_meant_to_be() -> None:
    why = "I can't post in #vip, so its card is here."
    shown = confirm.created(STYLE, replace(OPP, card=Card("D0000ALICE")), why=why)
    assert shown.text == f"Created *Acme renewal*. {why}"


@pytest.mark.parametrize(
    ("opp", "kind", "said"),
    [
        (OPP, "", "Moved Acme renewal to Quoting."),
        (WON, "", "Marked Acme renewal won for £11,500."),
        (replace(WON, final_value=None), "", "Marked Acme renewal won."),
        (LOST, "", "Marked Acme renewal lost: Price."),
        (PAUSED, "", "Paused Acme renewal until 12 Dec."),
        (replace(PAUSED, paused_until=None), "", "Paused Acme renewal."),
        (OPP, "resumed", "Resumed Acme renewal, in Quoting."),
        (OPP, "reopened", "Reopened Acme renewal, in Quoting."),
        (OPP, "archived", "Archived Acme renewal."),
        (OPP, "restored", "Restored Acme renewal."),
        (OPP, "edited", "Saved Acme renewal."),
    ],
)
def test_what_was_done_with_undo_while_it_is_offered(
    opp: Opportunity, kind: str, said: str
) -> None:
    assert seen(confirm.changed(STYLE, opp, kind)) == said
    offered = confirm.changed(STYLE, replace(opp, undo=OFFERED), kind)
    assert seen(offered) == f"{said}\n[Undo]"
    assert Undo.load(pressed(offered, "Undo")["value"]) == Undo(12, 88)


def test_undone() -> None:
    assert seen(confirm.undone(STYLE, OPP)) == "Undone. Acme renewal is in Quoting, as before."


def test_stale_offers_to_do_it_anyway() -> None:
    said = "Bob moved it to Quoting at 14:02, so nothing was changed."
    shown = confirm.stale(said, Press(12, Status.CLOSING, seen=Status.LEAD))
    assert seen(shown) == f"{said}\n[Do it anyway]"
    assert Press.load(pressed(shown, "Do it anyway")["value"]) == Press(12, Status.CLOSING)


def test_a_refusal_is_read_as_it_was_written() -> None:
    stale = confirm.refusal(str(StaleButton()))
    assert stale.text.endswith("with `/opp`, `/contact`, `/task` or `/pipeline`.")
    assert confirm.refusal("Only *Al* (owner) can.").text == "Only ∗Al∗ (owner) can."


def test_nothing_matches() -> None:
    shown = confirm.no_match("acme <b>")
    assert seen(shown) == 'No deal matches "acme <b>".\n[Create it]'
    assert NewFor.load(pressed(shown, "Create it")["value"]) == NewFor(name="acme <b>")


def test_what_was_undone() -> None:
    assert (
        confirm.undone(STYLE, OPP, moved=False).text
        == "Undone. *Acme renewal* is as it was before."
    )


def test_what_was_taken_for_granted() -> None:
    said = "I assumed: amounts in GBP, times in Europe/London and cards in #C0000DEALS."
    assert seen(confirm.guessed(STYLE, admin=True)) == f"{said}\n[Set up]"
    assert seen(confirm.guessed(STYLE, admin=False)) == (
        f"{said} An admin can change that with /dealthread."
    )


@pytest.mark.parametrize(
    "shown",
    [
        confirm.created(STYLE, WORST, why=NASTY),
        *(confirm.changed(STYLE, WORST, kind) for kind in ("moved", "won", "lost", "edited")),
        confirm.undone(STYLE, WORST),
        confirm.stale(NASTY * 3, Press(999_999, Status.WON)),
        confirm.refusal("&" * 600),
        confirm.refusal(NASTY * 5),
        confirm.no_match(NASTY),
        confirm.no_match("   "),
    ],
)
def test_the_worst_ones_are_taken_by_slack(shown: Message) -> None:
    assert seen(shown)
    assert seen(confirm.notice("Archived", NASTY * 3))
