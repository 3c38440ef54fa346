"""An activity: its message in the thread, its forms, and what is said of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handlers.activity.ids import ActivityChoice, ActivityList, EditingActivity, LogFor, Logging
from handlers.ids import NewTask, Ref, Verb
from handlers.views.activity import form
from handlers.views.activity.activity import gone, logged, message, saved
from handlers.views.activity.form import Filled
from handlers.views.opportunity.card import card
from store.activity import Activity, ActivityKind, ActivityPage, ActivityQuery, Period
from store.contact import ContactRef
from store.opportunity.context import DealRef, Source
from store.opportunity.status import Status
from store.person.person import Person
from tests.handlers.views.seen import (
    ALICE,
    BOB,
    LINK,
    NASTY,
    NOW,
    OPP,
    PAUSED,
    STYLE,
    WON,
    elements,
    menu,
    pressed,
    seen,
)

DEAL = DealRef(1, 12, "Acme renewal", Status.QUOTING, LINK)
JANE = ContactRef(5, "Jane Doe", "Acme Ltd")
CALL = Activity(
    id=7,
    kind=ActivityKind.CALL,
    what="Wants 3 more seats\nby January",
    at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
    by=ALICE,
    deal=DEAL,
    contact=JANE,
    permalink=f"{LINK}7",
    created_at=NOW,
)
WORST = replace(
    CALL,
    id=2**53,
    what="&" * 3000,
    by=Person("U0000WORST", NASTY[:255]),
    deal=replace(DEAL, number=999_999, name="&" * 150),
    contact=ContactRef(2**53, "&" * 200, "&" * 200),
    source=Source(f"https://a.slack.com/{'x' * 470}", "&" * 255),
    edited_at=NOW,
)
AT = datetime(2026, 11, 23, 14, 2, 33, tzinfo=UTC)


def test_its_message_says_what_who_when_and_with_whom() -> None:
    shown = message(STYLE, CALL)
    assert seen(shown) == (
        "Call · Alice\nWants 3 more seats\nby January\n⋯(Edit · Delete)\n"
        "23 Nov 2026 09:30 UTC · with Jane Doe, Acme Ltd"
    )
    assert shown.text == "Alice logged a call: Wants 3 more seats by January"
    (overflow,) = elements(shown)
    choices = [ActivityChoice.load(option["value"]) for option in overflow["options"]]
    assert choices == [ActivityChoice(Verb.EDIT, 7), ActivityChoice(Verb.DELETE, 7)]


def test_the_message_it_was_made_from_is_linked_with_its_author() -> None:
    made = replace(CALL, contact=None, source=Source(LINK, "Bob <b>"), edited_at=NOW)
    shown = message(STYLE, made)
    assert seen(shown).endswith("UTC · from a message by Bob <b> · edited")
    assert f"<{LINK}|a message>" in shown.blocks[1]["elements"][0]["text"]


def test_a_deleted_one_is_struck_through_on_one_line() -> None:
    shown = message(STYLE, replace(CALL, deleted_at=NOW, deleted_by=BOB))
    said = "~Alice logged a call: Wants 3 more seats by January~ deleted by Bob"
    assert seen(shown) == shown.text == said


def test_all_of_a_long_text_is_shown_and_the_longest_is_cut_with_a_sign() -> None:
    words = " ".join(f"word{n}" for n in range(400))[:3000].rstrip()
    shown = message(STYLE, replace(CALL, what=words))
    first, more, _ = (block.get("text", {}).get("text", "") for block in shown.blocks)
    assert f"{first.partition(chr(10))[2]} {more}" == words
    worst = message(STYLE, WORST)
    assert seen(worst)
    assert "…" in worst.blocks[2]["text"]["text"]
    for what in (NASTY * 2, "🤷🏽‍♀️" * 600, "x" * 3000, "\n" + "- line\n" * 400):
        assert seen(message(STYLE, replace(WORST, what=what[:3000])))


def test_what_people_type_is_shown_as_typed() -> None:
    shown = message(STYLE, replace(CALL, what="<!channel> *b* ~s~"))
    assert "<!channel> ∗b∗ ∼s∼" in seen(shown)
    assert "<!channel>" not in str(shown.payload)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (ActivityKind.CALL, "a call"),
        (ActivityKind.EMAIL, "an email"),
        (ActivityKind.MEETING, "a meeting"),
        (ActivityKind.NOTE, "a note"),
        (ActivityKind.OTHER, "an activity"),
    ],
)
def test_the_confirmation(kind: ActivityKind, said: str) -> None:
    made = replace(CALL, kind=kind)
    assert seen(logged(made, stepless=False)) == f"Logged {said} on Acme renewal.\n[Details]"
    assert seen(saved(made)) == f"Saved {said} on Acme renewal.\n[Details]"
    assert seen(gone(made)) == f"Deleted {said} on Acme renewal."


def test_what_comes_after_it() -> None:
    shown = logged(CALL, stepless=True)
    assert seen(shown) == "Logged a call on Acme renewal.\n[Add next step] [Details]"
    assert NewTask.load(pressed(shown, "Add next step")["value"]) == NewTask(12)
    assert Ref.load(pressed(shown, "Details")["value"]) == Ref(12)
    alone = replace(CALL, deal=None)
    assert seen(logged(alone, stepless=False)) == (
        "Logged a call with Jane Doe, Acme Ltd.\n[Details]"
    )
    assert seen(logged(replace(alone, contact=None), stepless=False)) == "Logged a call."
    assert seen(logged(WORST, stepless=True))


def test_the_card_has_it_while_the_deal_is_open() -> None:
    shown = card(STYLE, OPP)
    assert LogFor.load(pressed(shown, "Log activity")["value"]) == LogFor(12)
    assert "Log activity" not in seen(card(STYLE, WON)) + seen(card(STYLE, PAUSED))


def test_the_form() -> None:
    shown = form.log_form(Filled(at=AT, deal=DEAL), Logging(0))
    assert seen(shown).splitlines() == [
        "Log activity",
        "Type: [Note ▾]",
        "What happened: [Wants 3 more seats ▾]",
        "When: [Choose a date ▾]",
        "Time: [Choose a time ▾]",
        "Opportunity: [#12 Acme renewal ▾]",
        "Contact: [Type a name, company or e-mail ▾] Leave empty for the opportunity's contact.",
        "[Log] [Cancel]",
    ]
    at, hour = (block["element"] for block in shown["blocks"][2:4])
    assert (at["initial_date"], hour["initial_time"]) == ("2026-11-23", "14:02")


def test_the_form_names_the_message_it_is_made_from() -> None:
    logging = Logging(0, link=LINK, author="Bob")
    assert "From a message by Bob" in seen(form.log_form(Filled(at=AT), logging))
    worst = Logging(2**40, "C0123456789", "V" * 20, 999_999, 2**53, WORST_LINK, "&" * 255)
    given = Filled(at=AT, what="&" * 5000, deal=WORST.deal, contact=WORST.contact)
    assert seen(form.log_form(given, worst))
    assert len(worst.dump()) < 3000


WORST_LINK = f"https://a.slack.com/{'x' * 480}"


def test_the_edit_form_stays_with_its_deal() -> None:
    editing = EditingActivity(7, 1, 0)
    shown = form.edit_form(CALL, Filled(at=AT, what=CALL.what, contact=JANE), editing)
    read = seen(shown).splitlines()
    assert read[:2] == ["Edit activity", "On Acme renewal #12"]
    assert not any(line.startswith("Opportunity:") for line in read)
    assert "Contact: [Jane Doe, Acme Ltd ▾]" in read
    assert seen(form.edit_form(WORST, Filled(at=AT, what="&" * 3000), editing))


def test_it_asks_before_it_deletes() -> None:
    editing = EditingActivity(7, 1, 0)
    assert seen(form.delete_form(STYLE, CALL, editing)) == (
        "Delete activity\n"
        "Call · Alice · 23 Nov 2026 09:30 UTC\nWants 3 more seats\nby January\n"
        "Delete this activity? It leaves every list. It is struck through in its thread.\n"
        "[Delete] [Keep]"
    )
    alone = seen(form.delete_form(STYLE, replace(CALL, deal=None), editing))
    assert "thread" not in alone
    assert seen(form.delete_form(STYLE, WORST, editing))


def test_the_filter_shows_what_it_is_on() -> None:
    query = ActivityQuery(by=BOB.id, kind=ActivityKind.CALL, period=Period.WEEK)
    page = ActivityPage(
        query=query, rows=(), older=None, workspace=STYLE.workspace, deal=DEAL, contact=JANE
    )
    shown = form.filter_form(page, ActivityList())
    assert seen(shown).splitlines()[1:] == [
        "Person: [Choose a person ▾] Leave empty for everyone.",
        "Type: [Call ▾]",
        "Opportunity: [#12 Acme renewal ▾]",
        "Contact: [Jane Doe, Acme Ltd ▾]",
        "When: [Last week ▾]",
        "[Show] [Cancel]",
    ]
    assert shown["blocks"][0]["element"]["initial_user"] == BOB.id


def test_menus_offer_no_more_than_the_message_does() -> None:
    assert menu(message(STYLE, WORST)) == ["Edit", "Delete"]
