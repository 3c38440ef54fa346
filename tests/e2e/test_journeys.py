"""The main journeys of people, in the real local Slack and a real browser."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, expect

from bot.demo.running import Demo, running
from tests.e2e.browser import Person, seated

pytestmark = pytest.mark.browser

CARD = "Acme renewal #1"
"""Words of the card (and of its page), which no private sentence says."""


@pytest.fixture
async def demo() -> AsyncIterator[Demo]:
    """Without sample data: as a team finds it on the first day."""
    async with running() as demo:
        yield demo


@pytest.fixture
async def filled(demo: Demo) -> Demo:
    await demo.fill()
    return demo


@pytest.fixture
async def alice(chromium: Browser, demo: Demo) -> AsyncIterator[Person]:
    async with seated(chromium, demo.url, "Alice") as person:
        await person.open_channel("deals")
        yield person


@pytest.fixture
async def bob(chromium: Browser, demo: Demo) -> AsyncIterator[Person]:
    async with seated(chromium, demo.url, "Bob") as person:
        await person.open_channel("deals")
        yield person


async def fill_in(person: Person, title: str, answers: dict[str, str | bool]) -> None:
    await person.wait_for_form(title)
    await person.fill_form(answers)
    await person.submit()
    await person.form_closed()


async def set_up(alice: Person) -> None:
    await alice.slash("/dealthread")
    await alice.press("Set up", within="keeps your deals in Slack")
    await fill_in(alice, "Set up Dealthread", {"Deals channel": "#deals"})
    await alice.read("Cards go to #deals. Amounts are in GBP, times in Europe/London.")


async def deal_from_contact(alice: Person) -> None:
    """A contact, and from its page a deal with it."""
    await alice.slash("/contact new Jane Doe")
    await fill_in(alice, "New contact", {"Company": "Acme Ltd", "E-mail": "jane@acme.example"})
    await alice.press("Details", within="Added Jane Doe, Acme Ltd.")
    await alice.press("Opportunities", within="jane@acme.example")
    await alice.press("New opportunity", within="No opportunities with this contact yet")
    await alice.wait_for_form("New opportunity")
    assert await alice.field_value("Contact") == "Jane Doe, Acme Ltd"
    close = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    answers = {"Name": "Acme renewal", "Value": "12 apples", "Expected close": close}
    await alice.fill_form(answers)
    await alice.submit()
    errors = await alice.form_errors()
    assert errors == ["Value: Write an amount like 12k, £12,500 or 1.2m EUR."]
    await alice.fill_form({"Value": "12k"})
    await alice.submit()
    await alice.form_closed()
    # The page it was opened on now lists the deal.
    await alice.press("Close", within="✓ Opportunities")
    card = await alice.read("✓ Lead", within=CARD)
    assert "£12,000" in card
    assert "Jane Doe, Acme Ltd · Alice Anderson" in card


async def test_a_deal_from_first_contact_to_won(alice: Person, bob: Person) -> None:
    await set_up(alice)
    await deal_from_contact(alice)

    await bob.press("Quoting", within=CARD)
    await alice.read("✓ Quoting", within=CARD)
    await alice.thread_of(CARD)
    await alice.read("Bob Brown moved it from Lead to Quoting", thread=True)
    await bob.press("Undo", within="Moved Acme renewal to Quoting.")
    await bob.read("Undone. Acme renewal is in Lead, as before.")
    await alice.read("undone by Bob Brown", thread=True)
    await alice.read("✓ Lead", within=CARD)
    await alice.close_thread()

    await alice.press("Won", within=CARD)
    await alice.wait_for_form("Won: #1")
    assert await alice.field_value("Final value") == "£12,000"
    await fill_in(alice, "Won: #1", {"Final value": "£11,500"})
    assert "for £11,500" in await bob.read("Won on", within=CARD)

    await bob.press("Reopen", within=CARD)
    await alice.read("✓ Lead", within=CARD)


async def test_a_press_that_comes_too_late_and_the_page(alice: Person, bob: Person) -> None:
    await set_up(alice)
    await deal_from_contact(alice)

    alice.wire.hold()
    await bob.press("Quoting", within=CARD)
    await bob.read("✓ Quoting", within=CARD)
    await alice.press("Pitching", within=CARD)
    alice.wire.release()
    told = await alice.read("Bob Brown moved it to Quoting")
    assert "so nothing was changed." in told
    await alice.press("Do it anyway", within="so nothing was changed.")
    await bob.read("✓ Pitching", within=CARD)

    await alice.press("Details", within=CARD)
    page = await alice.read("Expected close", within="Opportunity #1")
    assert "Change status" in page
    await alice.press("Timeline", within="Opportunity #1")
    timeline = await alice.read("Time in each stage", within="Opportunity #1")
    assert "Bob Brown: Lead → Quoting" in timeline
    assert "Alice Anderson: Quoting → Pitching" in timeline
    await alice.press("Close", within="✓ Timeline")
    await alice.gone("✓ Timeline")


async def test_lost_with_a_reason_and_paused_until_resumed(alice: Person, bob: Person) -> None:
    await set_up(alice)
    await deal_from_contact(alice)

    await bob.choose_menu("Pause", within=CARD)
    await fill_in(bob, "Pause #1", {})
    assert "Resume" in await alice.read("Paused in Lead until", within=CARD)
    await alice.press("Resume", within=CARD)
    await bob.read("✓ Lead", within=CARD)

    await bob.choose_menu("Lost", within=CARD)
    await bob.wait_for_form("Lost: #1")
    await bob.fill_form({"Reason": "Other"})
    await bob.submit()
    assert await bob.form_errors() == [
        "Note: Write what happened, since the reason is Other.",
    ]
    await bob.fill_form({"Note": "Their office moved away"})
    await bob.submit()
    await bob.form_closed()
    assert "Other. Their office moved away" in await alice.read("Lost on", within=CARD)


async def test_the_board_turns_for_its_maker_and_copies_for_others(
    filled: Demo, alice: Person, bob: Person
) -> None:
    await alice.slash("/pipeline")
    await alice.read("This board is no longer updated")
    board = await alice.read("as of", within="1–10 of 20")
    assert "£441,550, €73,500" in board
    await alice.press("Next", within="1–10 of 20")
    await bob.read("Previous", within="11–20 of 20")
    await alice.choose_menu("Newest", within="11–20 of 20", menu="Closest to closing")
    newest = await bob.read("Vandelay Sunday opening", within="1–10 of 20")
    assert newest.index("Vandelay Sunday opening") < newest.index("Dunder Paper website")

    await bob.choose_menu("Mine", within="1–10 of 20", menu="Everyone")
    mine = await bob.read("Only yours")
    assert "only visible to you" in mine
    assert "Hooli Berlin office" in mine
    assert "Globex rollout" not in mine
    await bob.press("Filter", within="Only yours")
    await fill_in(bob, "Filter", {"Expected close": "Overdue"})
    overdue = await bob.read("Soylent catering app", within="Only yours · overdue")
    assert "1–1 of 1" in overdue

    await bob.choose_in_row("Move to Pitching", "Vandelay Sunday opening", within="1–10 of 20")
    await alice.read("Moved Vandelay Sunday opening", within="to Bob")
    assert "Only" not in await alice.read("Pitching 0 days", within="1–10 of 20")


async def test_home_is_each_persons_own_and_fresh(alice: Person, bob: Person) -> None:
    await bob.open_home()
    assert "New opportunity" in await bob.read("Hello Bob Brown.")
    await set_up(alice)
    await bob.press("New opportunity", within="Hello Bob Brown.")
    await fill_in(bob, "New opportunity", {"Name": "Globex rollout", "Value": "12k"})
    assert "1 open · £12,000" in await bob.read("My pipeline")
    await alice.slash("/task Send the quote today")
    await fill_in(alice, "New task", {})
    await alice.open_home()
    await alice.read("Send the quote", within="My pipeline")
    await alice.press("Done", within="Send the quote")
    await alice.read("Nothing is due today.", within="My pipeline")
    await alice.press("New contact", within="My pipeline")
    await fill_in(alice, "New contact", {"Name": "Jane Doe"})
    await alice.read("Jane Doe", within="My pipeline")
    assert "Globex rollout" not in await alice.read("My pipeline")


async def test_what_is_done_said_and_to_do_stands_in_the_thread_and_on_the_timeline(
    alice: Person, bob: Person
) -> None:
    await set_up(alice)
    await alice.slash("/opp new Acme renewal £12k")
    await fill_in(alice, "New opportunity", {})
    await alice.press("Log activity", within=CARD)
    await fill_in(alice, "Log activity", {"Type": "Call", "What happened": "Wants 3 seats"})
    await alice.press("Add task", within=CARD)
    await fill_in(alice, "New task", {"Title": "Send the quote", "Assignee": "Bob Brown"})
    await bob.read("Next: Send the quote", within=CARD)
    await bob.thread_of(CARD)
    await bob.read("Wants 3 seats", thread=True)
    await bob.reply("They have the budget")
    await bob.press("Done", within="Send the quote", thread=True)
    await bob.read("Done by Bob Brown", thread=True)
    await bob.close_thread()
    await bob.read("No next step", within=CARD)
    await bob.press("Details", within=CARD)
    await bob.press("Timeline", within="Change status")
    timeline = await bob.read("They have the budget", within="Change status")
    assert "Alice Anderson logged a call: Wants 3 seats" in timeline


async def test_a_digest_is_set_up_looked_at_and_sent(alice: Person, bob: Person) -> None:
    await set_up(alice)
    await alice.slash("/opp new Acme renewal £12k")
    await fill_in(alice, "New opportunity", {})
    await alice.slash("/pipeline digest")
    await alice.press("Add digest", within="No digests in #deals yet.")
    await alice.wait_for_form("New digest")
    assert await alice.field_value("Time zone") == "Europe/London"
    # The local Slack tells of choices when the form is sent: first it shows what they lead to.
    await alice.fill_form({"How often": "Once a month"})
    await alice.submit()
    await alice.fill_form({"Day of the month": "The last day", "Time": "17:30"})
    await alice.submit()
    await expect(alice.form).to_contain_text("17:30 (London).")
    await alice.submit()
    await alice.form_closed()
    listed = await alice.read("Saved.", within="Digests in #deals")
    assert "On the last day of each month at 17:30 (London)" in listed
    await alice.choose_menu("Send now", within="Digests in #deals")
    assert "Acme renewal" in await bob.read("1 new · £12,000", within="Pipeline, ")
    await bob.press("Settings", within="Pipeline, ")
    await bob.wait_for_form("Edit digest")
    await bob.fill_form({"How often": "Every day"})
    await bob.submit()
    await expect(bob.form.locator(".modal-title")).to_contain_text("Edit digest")
    await bob.submit()
    await bob.form_closed()
    await bob.read("Saved. The digest comes to #deals next")
    await alice.slash("/pipeline digest")
    await alice.read("Every day at 17:30 (London)", within="Digests in #deals")
    await alice.choose_menu("Preview", within="Every day at 17:30")
    assert "Nothing changed." in await alice.read("Only you see this preview")


async def test_a_stage_is_called_otherwise_and_a_channel_hears_of_moves(
    alice: Person, bob: Person
) -> None:
    page = "A loud win is a message of its own"
    await set_up(alice)
    await alice.slash("/opp new Acme renewal £12k")
    await fill_in(alice, "New opportunity", {})
    await alice.slash("/dealthread settings")
    await alice.press_in_row("Edit", "Quoting · 50%", within=page)
    await alice.wait_for_form("Stages")
    await alice.fill_form({"Quoting: label": "Won"})
    await alice.submit()
    assert await alice.form_errors() == [
        "Quoting: label: Commands use that word for something else. Choose another."
    ]
    await alice.fill_form({"Quoting: label": "Angebot"})
    await alice.submit()
    await alice.form_closed()
    assert "Angebot · 50% · 10 days" in await alice.read("✓ Saved. Cards", within=page)
    await alice.press_in_row("Edit", "no loud wins", within=page)
    moves = {
        "Loud wins": "Post each win",
        "Lines that also go to the channel": "Moved to another stage",
    }
    await fill_in(alice, "Channel", moves)
    await alice.read("loud wins · lines: moved to another stage", within=page)
    await bob.press("Angebot", within=CARD)
    await alice.read("✓ Angebot", within=CARD)
    line = "Bob Brown moved it from Lead to Angebot"
    assert line in await alice.read(line)
    await bob.press("Undo", within="Moved Acme renewal to Angebot.")
    await alice.read("undone by Bob Brown", within=line)
