"""Forms as they open: their fields in order, what is filled in, and what rides along."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from handlers.ids import Action, Asking, Callback, Editing, EditingContact, Origin
from handlers.views import contact, workspace
from handlers.views.dates import month_after
from handlers.views.inputs import contact_options, read_contact
from handlers.views.opportunity import opportunity, status
from store.contact import ContactRef
from store.money import Money
from store.opportunity.opportunity import Opportunity
from store.opportunity.status import Status
from tests.handlers.views.seen import (
    CONTACT,
    LOST,
    NASTY,
    OPP,
    PAUSED,
    STYLE,
    WON,
    WORST,
    elements,
    seen,
)

ASKING = Asking(12, Status.QUOTING, "C0000DEALS")


def labels(form: Any) -> list[str]:
    return [block["label"]["text"] for block in form["blocks"] if block["type"] == "input"]


def initial(form: Any) -> dict[str, Any]:
    """What each input holds when the form opens."""
    keys = ("initial_value", "initial_date", "initial_user", "initial_conversation")
    held = {}
    for block in form["blocks"]:
        element = block.get("element", {})
        found = next((element[key] for key in keys if key in element), None)
        if "initial_option" in element:
            found = element["initial_option"]["value"]
        if found:
            held[block["block_id"]] = found
    return held


def required(form: Any) -> list[str]:
    inputs = [block for block in form["blocks"] if block["type"] == "input"]
    return [block["block_id"] for block in inputs if not block["optional"]]


def test_a_new_opportunity() -> None:
    form = opportunity.new_form(STYLE, opportunity.Filled(), Origin("C0000DEALS"))
    assert labels(form) == [
        "Name",
        "Contact",
        "Value",
        "Expected close",
        "Owner",
        "Stage",
        "Notes",
        "Post card in",
    ]
    assert required(form) == ["name"]
    assert initial(form) == {"stage": "lead"}
    assert seen(form).endswith("[Create] [Cancel]")
    assert form["callback_id"] == Callback.OPPORTUNITY_CREATE
    assert Origin.load(form["private_metadata"]) == Origin("C0000DEALS")


def test_a_new_opportunity_prefilled_says_what_is_worth_knowing() -> None:
    given = opportunity.Filled(
        name="Acme renewal",
        contact=ContactRef(5, "Jane Doe", "Acme Ltd"),
        value="£12,000",
        expected_close="2026-11-30",
        owner_id="U0000ALICE",
        stage=Status.PITCHING,
        notes="3 seats",
        channel_id="C0000DEALS",
        notices=("Jane Doe has 2 open deals: *A* #1, B #2.", "Only members of #vip will see this."),
    )
    form = opportunity.new_form(STYLE, given, Origin())
    assert initial(form) == {
        "name": "Acme renewal",
        "contact_id": "5",
        "value": "£12,000",
        "expected_close": "2026-11-30",
        "owner_id": "U0000ALICE",
        "stage": "pitching",
        "notes": "3 seats",
        "channel_id": "C0000DEALS",
    }
    assert seen(form).splitlines()[1:3] == [
        "Jane Doe has 2 open deals: ∗A∗ #1, B #2.",
        "Only members of #vip will see this.",
    ]


def test_the_channel_of_a_card_is_one_of_ours() -> None:
    form = opportunity.new_form(STYLE, opportunity.Filled(), Origin())
    where = elements(form)[-1]
    assert where["action_id"] == Action.FORM_CHANNEL
    assert where["filter"] == {
        "include": ["public", "private"],
        "exclude_external_shared_channels": True,
    }


def test_what_no_input_can_hold_is_left_out() -> None:
    given = opportunity.Filled(expected_close="soon", channel_id="D0000ALICE")
    form = opportunity.new_form(STYLE, given, Origin())
    assert initial(form) == {"stage": "lead"}
    assert seen(form)


def test_an_edit_form_holds_what_is_and_leaves_closing_to_its_own_questions() -> None:
    editing = Editing(12, 88, "C0000DEALS")
    form = opportunity.edit_form(STYLE, opportunity.filled(STYLE, OPP, locale="en_GB"), editing)
    assert labels(form)[5:8] == ["Stage", "Probability", "Notes"]
    assert initial(form) == {
        "name": "Acme renewal",
        "contact_id": "5",
        "value": "£12,000",
        "expected_close": "2026-11-30",
        "owner_id": "U0000ALICE",
        "stage": "quoting",
        "probability": "50",
    }
    stages = next(e for e in elements(form) if e["action_id"] == "stage")
    assert [o["text"]["text"] for o in stages["options"]] == [
        "Lead",
        "Pitching",
        "Quoting",
        "Closing",
    ]
    assert Editing.load(form["private_metadata"]) == editing


@pytest.mark.parametrize("opp", [WON, LOST, PAUSED])
def test_a_closed_or_paused_one_is_edited_without_its_stage(opp: Opportunity) -> None:
    given = opportunity.filled(STYLE, opp, locale="en_GB")
    form = opportunity.edit_form(STYLE, given, Editing(12, 88))
    assert "Stage" not in labels(form)
    assert "Probability" not in labels(form)


def test_an_amount_stands_there_as_the_person_who_edits_writes_it() -> None:
    given = opportunity.filled(STYLE, OPP, locale="de_DE")
    assert given.value.replace("\u00a0", " ") == "12.000 £"


def test_a_conflict_stands_on_top_of_the_form() -> None:
    said = "Bob changed Value to £12,000 while you were editing. Save again to replace it."
    given = opportunity.filled(STYLE, OPP, locale="en_GB", notices=(said,))
    form = opportunity.edit_form(STYLE, given, Editing(12, 88))
    assert seen(form).splitlines()[1] == said


def test_change_close_date_offers_what_is_meant_most_often() -> None:
    form = opportunity.close_form(STYLE, OPP, ASKING)
    assert seen(form) == (
        "Change close date\n"
        "Acme renewal\nNow 30 Nov.\n"
        "Expected close: ( ) One week later, 7 Dec ( ) One month later, 30 Dec"
        " ( ) On this day: ( ) No date\n"
        "Day: [Choose a date ▾]\n"
        "[Save] [Cancel]"
    )
    values = [option["value"] for option in elements(form)[0]["options"]]
    assert values == ["2026-12-07", "2026-12-30", opportunity.PICKED, opportunity.NO_DATE]


def test_later_is_counted_from_today_when_the_date_has_passed_or_is_missing() -> None:
    for close in (date(2026, 10, 1), None):
        form = opportunity.close_form(STYLE, replace(OPP, expected_close=close), ASKING)
        assert elements(form)[0]["options"][0]["text"]["text"] == "One week later, 30 Nov"


@pytest.mark.parametrize(
    ("day", "after"),
    [
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2026, 12, 31), date(2027, 1, 31)),
        (date(2028, 1, 30), date(2028, 2, 29)),
        (date(2026, 11, 23), date(2026, 12, 23)),
    ],
)
def test_a_month_later(day: date, after: date) -> None:
    assert month_after(day) == after


def test_archiving_asks() -> None:
    assert seen(opportunity.archive_form(OPP, ASKING)).splitlines()[:2] == [
        "Archive #12",
        "Archive Acme renewal?",
    ]


def test_change_status_offers_stages_and_what_asks_more() -> None:
    form = status.change_form(STYLE, OPP, ASKING)
    assert initial(form) == {"status": "quoting"}
    assert "( ) Closing ( ) Won… ( ) Lost… ( ) Pause…" in seen(form)
    assert "Pause…" not in seen(status.change_form(STYLE, PAUSED, ASKING))


def test_won_asks_for_the_final_value_and_the_day() -> None:
    form = status.win_form(STYLE, OPP, ASKING, locale="en_GB", today=STYLE.today)
    assert labels(form) == ["Final value", "Closed on"]
    assert initial(form) == {"final_value": "£12,000", "closed_on": "2026-11-23"}
    assert Asking.load(form["private_metadata"]) == ASKING


def test_lost_asks_for_a_reason_and_a_note() -> None:
    form = status.lose_form(STYLE, OPP, ASKING)
    assert labels(form) == ["Reason", "Note"]
    assert required(form) == ["reason"]
    assert "Needed when the reason is Other." in seen(form)


def test_paused_asks_until_when_and_no_date_is_a_choice() -> None:
    form = status.pause_form(STYLE, OPP, ASKING)
    assert initial(form) == {"until": "2026-12-23"}
    assert "( ) No date" in seen(form)


def test_reopen_asks_for_a_close_that_has_not_passed() -> None:
    form = status.reopen_form(STYLE, WON, ASKING)
    assert "It goes back to Quoting. Its close date, 30 Nov, has passed." in seen(form)
    assert required(form) == ["expected_close"]


def test_contact_options_offer_to_create_what_was_typed() -> None:
    found = [ContactRef(5, "Jane Doe", "Acme Ltd")]
    offered = contact_options("  jane ", found, create=True)["options"]
    assert [o["text"]["text"] for o in offered] == ['Create "jane"', "Jane Doe, Acme Ltd"]
    assert [read_contact(o["value"]) for o in offered] == [(None, "jane"), (5, "")]
    blank = contact_options("", found, create=True)["options"]
    assert [o["text"]["text"] for o in blank] == ["No contact", "Jane Doe, Acme Ltd"]
    assert read_contact(blank[0]["value"]) == (None, "")
    narrowing = contact_options("jane", found, create=False)["options"]
    assert [o["text"]["text"] for o in narrowing] == ["Jane Doe, Acme Ltd"]


@pytest.mark.parametrize("value", ["", "x", "-5", "٣", "1e3", "9" * 19, "none", "new:", "new:  "])
def test_an_option_that_names_no_contact(value: str) -> None:
    assert read_contact(value) == (None, "")


def test_the_worst_contact_options_are_options() -> None:
    found = [ContactRef(n, NASTY[:200], "&" * 200) for n in range(1, 150)]
    offered = contact_options(NASTY * 2, found, create=True)["options"]
    assert len(offered) == 100
    assert all(len(o["text"]["text"]) <= 75 and 0 < len(o["value"]) <= 150 for o in offered)


def test_a_new_contact() -> None:
    form = contact.new_form(contact.Filled(name="Jane"), Origin())
    assert labels(form) == ["Name", "Company", "E-mail", "Phone", "Notes"]
    assert required(form) == ["name"]
    assert initial(form) == {"name": "Jane"}


def test_who_may_be_the_same_is_pointed_out_before_saving() -> None:
    said = "Jane Doe, Acme Ltd has the same e-mail. Save again to keep both."
    form = contact.new_form(contact.Filled(name="Jane", notices=(said,)), Origin())
    assert seen(form).splitlines()[1] == said


def test_an_edited_contact() -> None:
    form = contact.edit_form(contact.filled(CONTACT), EditingContact(5, 3))
    assert initial(form) == {
        "name": "Jane Doe",
        "company": "Acme Ltd",
        "email": "jane_doe@acme.com",
    }
    assert seen(contact.archive_form(CONTACT, EditingContact(5, 3))).startswith("Archive contact")


def test_set_up_asks_what_everything_else_is_shown_in() -> None:
    form = workspace.setup_form(STYLE, Origin("C0000DEALS"), tz="Asia/Tokyo")
    assert form["title"]["text"] == "Set up Dealthread"
    assert labels(form) == ["Deals channel", "Currency", "Time zone", "Amounts and dates"]
    assert initial(form) == {
        "deals_channel": "C0000DEALS",
        "currency": "GBP",
        "tz": "Asia/Tokyo",
        "locale": "en_GB",
    }
    assert seen(form)


def test_settings_keep_what_was_set_up_even_if_nobody_lists_it() -> None:
    ours = replace(STYLE.workspace, set_up=True, currency="XAU", tz="US/Eastern", locale="fy_NL")
    form = workspace.setup_form(replace(STYLE, workspace=ours), Origin(), tz="Asia/Tokyo")
    assert initial(form)["currency"] == "XAU"
    assert initial(form)["tz"] == "US/Eastern"
    assert initial(form)["locale"] == "fy_NL"
    assert seen(form)


@pytest.mark.parametrize("opp", [WORST, replace(WORST, value=Money(10**13, "KWD"))])
def test_the_worst_forms_are_taken_by_slack(opp: Opportunity) -> None:
    asking = Asking(opp.number, Status.QUOTING, "C0123456789", "V0123456789")
    longest = opportunity.Filled(
        name=NASTY, new_contact=NASTY, value=NASTY, notes=NASTY * 3, notices=(NASTY * 3,) * 20
    )
    assert seen(opportunity.new_form(STYLE, longest, Origin("C0123456789")))
    given = opportunity.filled(STYLE, opp, locale="en_GB", notices=(NASTY,))
    assert seen(opportunity.edit_form(STYLE, given, Editing(opp.number, 2**53, None, "V1")))
    assert seen(opportunity.close_form(STYLE, opp, asking))
    assert seen(opportunity.archive_form(opp, asking))
    reasons = replace(STYLE.workspace, lost_reasons=("Other", NASTY[:150]))
    for made in (status.change_form, status.pause_form, status.reopen_form):
        assert seen(made(STYLE, opp, asking))
    assert seen(status.lose_form(replace(STYLE, workspace=reasons), opp, asking))
    assert seen(status.win_form(STYLE, opp, asking, locale="en_GB", today=STYLE.today))
    worst = contact.Filled(name=NASTY, company=NASTY, notes=NASTY * 3, notices=(NASTY * 3,) * 20)
    assert seen(contact.new_form(worst, Origin()))
    assert seen(contact.archive_form(replace(CONTACT, name="&" * 200), EditingContact(5, 3)))
