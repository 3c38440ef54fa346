"""The card in every state, as it is read."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from handlers.ids import Action, Choice, Press, Verb
from handlers.views.opportunity.card import card
from handlers.views.text import Style
from store.opportunity.opportunity import NAME_MAX, Offer
from store.opportunity.status import Health, Status
from tests.handlers.views.seen import (
    ARCHIVED,
    LINK,
    LOST,
    NOW,
    OPP,
    PAUSED,
    STATES,
    STYLE,
    WON,
    WORST,
    elements,
    menu,
    pressed,
    seen,
)

OFFER = Offer(88, NOW + timedelta(minutes=3))


def test_an_open_card() -> None:
    assert seen(card(STYLE, OPP)) == (
        "Acme renewal #12 · £12,000\n"
        "Jane Doe, Acme Ltd · Alice\n"
        "⋯(Edit · Change close date · Pause · Lost)\n"
        "🟢 Quoting since 19 Nov · closes 30 Nov · weighted £6,000\n"
        "Next: Send the quote, Fri 27 Nov, Bob\n"
        "[Lead] [Pitching] [✓ Quoting] [Closing] [Won]\n"
        "[Log activity] [Add task] [Details]"
    )
    assert card(STYLE, OPP).text == "Acme renewal #12 · £12,000 · Quoting"


def test_a_card_with_its_name_only() -> None:
    bare = replace(OPP, value=None, contact=None, expected_close=None, owner=None)
    assert seen(card(STYLE, bare)).splitlines()[:4] == [
        "Acme renewal #12",
        "No contact · No owner",
        "⋯(Edit · Change close date · Pause · Lost)",
        "🟢 Quoting since 19 Nov",
    ]


@pytest.mark.parametrize(
    ("opp", "shown"),
    [
        (WON, "Won on 21 Nov for £11,500 after 34 days\n[Reopen] [Details]"),
        (
            replace(WON, created_at=NOW, closed_on=NOW.date()),
            "Won on 23 Nov for £11,500\n[Reopen] [Details]",
        ),
        (LOST, "Lost on 21 Nov: Price. They went with X\n[Reopen] [Details]"),
        (replace(LOST, lost_note=""), "Lost on 21 Nov: Price\n[Reopen] [Details]"),
        (PAUSED, "Paused in Quoting until 12 Dec, by Alice\n[Resume] [Lost] [Details]"),
        (
            replace(PAUSED, paused_until=None),
            "Paused in Quoting without a date, by Alice\n[Resume] [Lost] [Details]",
        ),
        (ARCHIVED, "Archived on 23 Nov by Bob\n[Details]"),
    ],
)
def test_a_card_that_is_not_open(opp: object, shown: str) -> None:
    assert seen(card(STYLE, opp)).endswith(shown)  # type: ignore[arg-type]


def test_what_is_overdue_stays_true_tomorrow() -> None:
    late = replace(OPP, expected_close=date(2026, 11, 20), overdue=True, health=Health.RED)
    assert "🔴 Quoting since 19 Nov · overdue since 20 Nov · weighted" in seen(card(STYLE, late))


@pytest.mark.parametrize(
    ("state", "choices"),
    [
        ("open", ["Edit", "Change close date", "Pause", "Lost"]),
        ("won", ["Edit"]),
        ("lost", ["Edit"]),
        ("paused", ["Edit", "Change close date"]),
        ("archived", []),
    ],
)
def test_the_menu_by_state_with_undo_while_it_is_offered(state: str, choices: list[str]) -> None:
    opp = STATES[state]
    assert menu(card(STYLE, opp)) == choices
    undo = ["Undo last change"] if choices else []
    assert menu(card(STYLE, replace(opp, undo=OFFER))) == [*undo, *choices]
    assert menu(card(STYLE, replace(opp, undo=Offer(88, NOW)))) == choices


def test_menu_entries_carry_what_they_are_about() -> None:
    options = next(e for e in elements(card(STYLE, replace(OPP, undo=OFFER))) if "options" in e)
    choices = [Choice.load(option["value"]) for option in options["options"]]
    assert choices[0] == Choice(Verb.UNDO, 12, history_id=88)
    assert choices[-1] == Choice(Verb.LOST, 12, seen=Status.QUOTING)


def test_a_status_button_carries_the_status_it_was_drawn_from() -> None:
    won = pressed(card(STYLE, OPP), "Won")
    assert won["action_id"] == f"{Action.STATUS_PRESS}:won"
    assert Press.load(won["value"]) == Press(12, Status.WON, seen=Status.QUOTING)
    assert Press.load(pressed(card(STYLE, PAUSED), "Lost")["value"]) == Press(
        12, Status.LOST, seen=Status.PAUSED
    )


def test_resume_and_reopen_carry_what_a_menu_would() -> None:
    resume, reopen = pressed(card(STYLE, PAUSED), "Resume"), pressed(card(STYLE, WON), "Reopen")
    assert Choice.load(resume["value"]) == Choice(Verb.RESUME, 12, Status.PAUSED)
    assert Choice.load(reopen["value"]) == Choice(Verb.REOPEN, 12, Status.WON)
    assert {resume["action_id"], reopen["action_id"]} == {
        f"{Action.OPPORTUNITY_MENU}:resume",
        f"{Action.OPPORTUNITY_MENU}:reopen",
    }


def test_the_current_stage_says_so_to_a_screen_reader_and_nothing_is_pressed_upon_one() -> None:
    shown = card(STYLE, OPP)
    assert pressed(shown, "✓ Quoting")["accessibility_label"] == "Quoting, where it is now"
    assert not any("style" in element for element in elements(shown))


def test_an_old_thread_is_linked() -> None:
    shown = card(STYLE, OPP, old_thread=LINK)
    assert "What was said before is in its old thread." in seen(shown)
    assert LINK in str(shown.blocks)


def test_a_team_may_call_a_stage_something_else() -> None:
    ours = replace(STYLE, workspace=replace(STYLE.workspace, labels={Status.QUOTING: "*Offer*"}))
    assert "🟢 ∗Offer∗ since" in seen(card(ours, OPP))
    assert pressed(card(ours, OPP), "✓ *Offer*")


def test_what_people_type_never_breaks_it() -> None:
    shown = card(STYLE, replace(OPP, name="<!channel> *x* _y_ `z`"))
    assert "*&lt;!channel&gt; ∗x∗ ˍyˍ ˋzˋ* #12" in str(shown.blocks)


@pytest.mark.parametrize("state", STATES)
def test_the_worst_card_is_one_that_slack_takes(state: str) -> None:
    like = STATES[state]
    opp = replace(WORST, status=like.status, archived_at=like.archived_at, undo=OFFER)
    assert len(opp.name) == NAME_MAX
    assert "999999" in seen(card(STYLE, opp, old_thread=LINK))


def test_how_long_it_was_open_goes_by_the_calendar_of_the_workspace() -> None:
    """Made on the evening of the 20th in New York, where it is already the 21st in UTC."""
    style = Style(replace(STYLE.workspace, tz="America/New_York"), NOW)
    made = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
    opp = replace(WON, created_at=made, closed_on=date(2026, 11, 21))
    assert "after 1 day" in seen(card(style, opp))


@pytest.mark.parametrize("state", ["open", "won", "lost", "paused"])
def test_what_nobody_owns_can_be_taken(state: str) -> None:
    opp = replace(STATES[state], owner=None)
    taken = pressed(card(STYLE, opp), "Take it")
    assert (taken["action_id"], taken["value"]) == (Action.OPPORTUNITY_TAKE, "[12]")
    assert "[Take it]" not in seen(card(STYLE, STATES[state]))
    assert "[Take it]" not in seen(card(STYLE, replace(ARCHIVED, owner=None)))
