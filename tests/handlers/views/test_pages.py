"""Pages with their tabs, private lists, and what the workspace says of itself."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from handlers.ids import Choice, ContactTab, ListPage, NewFor, Verb, View, Words
from handlers.views import contact, workspace
from handlers.views.opportunity import lists
from handlers.views.opportunity.page import page
from store.contact import ContactListing
from store.opportunity.opportunity import Card, Listing, Offer
from tests.handlers.views.seen import (
    ARCHIVED,
    CONTACT,
    LINK,
    LOST,
    NASTY,
    NOW,
    OPP,
    PAUSED,
    STATES,
    STYLE,
    WON,
    WORST,
    menu,
    pressed,
    seen,
)

SUMMARY = "Send me a summary"


def test_the_page_of_an_open_opportunity() -> None:
    opp = replace(OPP, notes="Wants *3* seats", card=Card("C0000DEALS", "1.2", LINK))
    assert seen(page(STYLE, opp)) == (
        "Opportunity #12\n"
        "Acme renewal #12 · £12,000\n"
        "[Change status] [Edit] ⋯(Change close date · Send me a summary · Archive)\n"
        "[✓ Overview] [Tasks] [Timeline]\n"
        "🟢 Quoting since 19 Nov, 4 days\n"
        "Value\n£12,000\n"
        "Expected close\n30 Nov\n"
        "Owner\nAlice\n"
        "Probability\n50%\n"
        "Weighted value\n£6,000\n"
        "Next step\nSend the quote, Fri 27 Nov, Bob\n"
        "Contact\nJane Doe, Acme Ltd\n[Open contact]\n"
        "Notes\nWants ∗3∗ seats\n"
        "Opened on 20 Oct by Bob · Open its thread\n"
        "[Close]"
    )


@pytest.mark.parametrize(
    ("opp", "buttons", "choices"),
    [
        (OPP, "[Change status] [Edit]", ["Change close date", SUMMARY, "Archive"]),
        (WON, "[Reopen] [Edit]", [SUMMARY, "Archive"]),
        (LOST, "[Reopen] [Edit]", [SUMMARY, "Archive"]),
        (PAUSED, "[Resume] [Edit]", ["Change close date", "Lost", SUMMARY, "Archive"]),
        (ARCHIVED, "", ["Restore", SUMMARY]),
    ],
)
def test_what_can_be_done_by_state(opp: Any, buttons: str, choices: list[str]) -> None:
    assert buttons in seen(page(STYLE, opp))
    assert menu(page(STYLE, opp)) == choices
    offered = replace(opp, undo=Offer(88, NOW + timedelta(minutes=1)))
    assert len(menu(page(STYLE, offered))) <= 5


def test_a_card_that_was_never_posted_can_be() -> None:
    offered = pressed(page(STYLE, OPP), "Post card")
    assert Choice.load(offered["value"]).verb is Verb.POST_CARD
    assert "No card yet" in seen(page(STYLE, OPP))
    direct = replace(OPP, card=Card("D0ALICE", "1.2", LINK))
    assert "[Post card]" in seen(page(STYLE, direct))
    assert "[Post card]" not in seen(page(STYLE, replace(OPP, card=Card("C1", "1.2", LINK))))


def test_what_nobody_owns_can_be_taken_on_its_page() -> None:
    assert "[Edit] [Take it]" in seen(page(STYLE, replace(OPP, owner=None)))
    assert "[Take it]" not in seen(page(STYLE, replace(ARCHIVED, owner=None)))


@pytest.mark.parametrize("state", STATES)
def test_the_worst_pages_are_taken_by_slack(state: str) -> None:
    like = STATES[state]
    worst = replace(WORST, status=like.status, archived_at=like.archived_at)
    assert seen(page(STYLE, worst))


def test_my_open_opportunities() -> None:
    listing = Listing(rows=(OPP, replace(OPP, number=13, contact=None)), total=2)
    assert seen(lists.mine(STYLE, listing)) == (
        "You own 2 open opportunities\n"
        "Acme renewal #12 · £12,000\n🟢 Quoting 4 days · closes 30 Nov · Acme Ltd\n[Details]\n"
        "Acme renewal #13 · £12,000\n🟢 Quoting 4 days · closes 30 Nov\n[Details]\n"
        "[New opportunity]"
    )


def test_none_of_mine_offers_the_first() -> None:
    assert seen(lists.mine(STYLE, Listing(rows=(), total=0))) == (
        "You have no open opportunities yet.\n[New opportunity]"
    )


def test_what_was_found() -> None:
    rows = (OPP, replace(WON, number=13), replace(PAUSED, number=14))
    read = seen(lists.found(STYLE, Listing(rows=rows, total=3, words="acme")))
    assert read.startswith('3 deals match "acme"\n')
    assert "Won on 21 Nov for £11,500 after 34 days · Acme Ltd" in read
    assert "Paused in Quoting until 12 Dec · Acme Ltd" in read
    none = lists.found(STYLE, Listing(rows=(), total=0, words="acme"))
    assert seen(none) == 'No deal matches "acme".\n[Create it]'
    assert NewFor.load(pressed(none, "Create it")["value"]) == NewFor(name="acme")


def test_a_long_list_is_paged() -> None:
    rows = tuple(replace(OPP, number=n) for n in range(10))
    shown = lists.found(STYLE, Listing(rows=rows, total=34, offset=10, words="acme"))
    assert seen(shown).endswith("11–20 of 34\n[Previous] [Next] [New opportunity]")
    assert ListPage.load(pressed(shown, "Previous")["value"]) == ListPage("acme", 0)
    assert ListPage.load(pressed(shown, "Next")["value"]) == ListPage("acme", 20)
    past = lists.mine(STYLE, Listing(rows=(), total=5, offset=10))
    assert seen(past) == "You own 5 open opportunities\n[Previous] [New opportunity]"


def test_contacts() -> None:
    listing = ContactListing(rows=(CONTACT, replace(CONTACT, id=6, company="")), total=2)
    assert seen(lists.contacts(listing)) == (
        "Recent contacts\n"
        "Jane Doe\nAcme Ltd · jane_doe@acme.com · 2 open deals\n[Details]\n"
        "Jane Doe\njane_doe@acme.com · 2 open deals\n[Details]\n"
        "[New contact]"
    )
    found = lists.contacts(replace(listing, words="jane"))
    assert seen(found).startswith('2 contacts for "jane"\n')


def test_no_contacts() -> None:
    assert seen(lists.contacts(ContactListing(rows=(), total=0))) == (
        "No contacts yet.\n[New contact]"
    )
    none = lists.contacts(ContactListing(rows=(), total=0, words="jane"))
    assert seen(none) == 'No contact matches "jane".\n[New contact]'
    assert Words.load(pressed(none, "New contact")["value"]) == Words("jane")


def test_the_page_of_a_contact() -> None:
    assert seen(contact.page(STYLE, replace(CONTACT, notes="Likes calls"))) == (
        "Contact\nJane Doe\n[Edit] ⋯(Archive)\n[✓ Overview] [Opportunities] [Activities] [Tasks]\n"
        "Company\nAcme Ltd\nE-mail\njane_doe@acme.com\n"
        "Notes\nLikes calls\n"
        "Added on 23 Nov · 2 open deals\n[Close]"
    )


def test_its_opportunities_and_a_new_one_for_it() -> None:
    rows = tuple(replace(OPP, number=n) for n in range(10))
    deals = Listing(rows=rows, total=34, offset=10)
    shown = contact.page(STYLE, CONTACT, deals=deals)
    assert seen(shown).endswith("11–20 of 34\n[Previous] [Next] [New opportunity]\n[Close]")
    new = NewFor.load(pressed(shown, "New opportunity")["value"])
    assert new == NewFor(contact_id=5)
    turned = ContactTab.load(pressed(shown, "Next")["value"])
    assert turned == ContactTab(5, View.OPPORTUNITIES, 20)
    none = contact.page(STYLE, CONTACT, deals=Listing(rows=(), total=0))
    assert "No opportunities with this contact yet.\n[New opportunity]" in seen(none)


def test_an_archived_contact_can_be_restored_and_nothing_else() -> None:
    gone = replace(CONTACT, archived_at=NOW)
    assert menu(contact.page(STYLE, gone)) == ["Restore"]
    assert "Archived on 23 Nov" in seen(contact.page(STYLE, gone))
    deals = contact.page(STYLE, gone, deals=Listing(rows=(OPP,), total=1))
    assert "[Edit]" not in seen(deals)
    assert "[New opportunity]" not in seen(deals)
    bare = contact.page(STYLE, gone, deals=Listing(rows=(), total=0))
    assert "No opportunities with this contact yet." in seen(bare)


def test_the_worst_lists_are_taken_by_slack() -> None:
    rows = tuple(replace(WORST, number=900_000 + n) for n in range(10))
    listing = Listing(rows=rows, total=10**6, offset=500, words=NASTY)
    assert seen(lists.mine(STYLE, replace(listing, words=None)))
    assert seen(lists.found(STYLE, listing))
    assert seen(lists.found(STYLE, Listing(rows=(), total=0, words=NASTY)))
    worst = replace(
        CONTACT,
        id=2**53,
        name="&" * 200,
        company=NASTY[:200],
        email="&" * 254,
        phone="&" * 200,
        notes="&" * 3000,
    )
    people = ContactListing(rows=(worst,), total=10**6, offset=10, words=NASTY)
    assert seen(lists.contacts(people))
    assert seen(contact.page(STYLE, worst))
    assert seen(contact.page(STYLE, worst, deals=listing))


def test_what_it_is_and_what_comes_first() -> None:
    assert seen(workspace.welcome(STYLE, admin=True)).splitlines()[-2:] == [
        "#C0000DEALS · GBP · Europe/London · not set up yet",
        "[Set up] [Help]",
    ]
    assert seen(workspace.welcome(STYLE, admin=False)).endswith("\n[Help]")
    ready = replace(STYLE, workspace=replace(STYLE.workspace, set_up=True))
    assert seen(workspace.welcome(ready, admin=True)).endswith("\n[Settings] [Help]")


def test_help_lists_each_command() -> None:
    rows = [("/opp", "my open opportunities"), ("/opp 12", "its page")] * 20
    read = seen(workspace.help_message(rows))
    assert read.splitlines()[:3] == [
        "What Dealthread understands",
        "/opp my open opportunities",
        "/opp 12 its page",
    ]
