"""What people did, logged from wherever they are, and seen in the thread and on pages."""

from datetime import UTC, datetime, time, timedelta

import pytest

from tests.flows.conftest import Office
from tests.flows.doing import LONDON, contact, lines, opened, page_of, texts, today
from tests.slack.person import Person
from tests.slack.reading import buttons, text
from tests.slack.view import View
from tests.slack.world import Message


@pytest.fixture
async def sales(work: Office) -> Office:
    await work.now_set_up()
    return work


async def logging(work: Office, card: Message, by: Person | None = None) -> View:
    """The form, opened on a card."""
    person = by or work.alice
    await person.press("Log activity", on=card)
    return await person.sees("Log activity")


async def logged(
    work: Office, card: Message, what: str, kind: str = "Call", by: Person | None = None
) -> Message:
    """An activity, logged from the card; returns its message in the thread."""
    person = by or work.alice
    view = await logging(work, card, person)
    view.choose("Type", kind)
    view.fill("What happened", what)
    assert await person.submit() == {}
    await person.hears("Logged")
    return await work.slack.heard(card.channel, f"{kind} · ", thread=card)


async def test_an_activity_from_the_card_is_a_line_in_its_thread(everywhere: Office) -> None:
    work = everywhere
    await work.now_set_up()
    await contact(work, "Jane Doe", Company="Acme Ltd")
    card = await opened(work, "Acme renewal for Jane Doe")
    view = await logging(work, card, work.bob)
    now = datetime.fromtimestamp(work.clock(), UTC).astimezone(LONDON)
    fields = view.fields()
    assert fields.pop("Time") in {f"{now:%H:%M}", f"{now - timedelta(minutes=1):%H:%M}"}
    assert fields == {
        "Type": "Note",
        "What happened": None,
        "When": today(work).isoformat(),
        "Opportunity": "#1 Acme renewal",
        "Contact": None,
    }
    view.choose("Type", "Call")
    view.fill("What happened", "Wants 3 more seats\nby January")
    assert await work.bob.submit() == {}
    await work.slack.repeat(3)
    said = await work.bob.hears("Logged a call on Acme renewal.")
    assert said.channel is work.deals
    assert buttons(said) == ["Add next step", "Details"]
    line = await work.slack.heard(work.deals, "Wants 3 more seats", thread=card)
    assert text(line).startswith("Call · Bob Stone\nWants 3 more seats\nby January")
    assert "Jane Doe" not in text(line)  # The card names her.
    await work.slack.quiet()
    assert len([one for one in texts(card) if "seats" in one]) == 1
    await work.bob.press("Add next step", on=said)
    task = await work.bob.sees("New task")
    assert task.value("Opportunity") == "#1 Acme renewal"


async def test_what_was_done_earlier_stands_at_its_time(sales: Office) -> None:
    card = await opened(sales)
    view = await logging(sales, card)
    view.fill("What happened", "Met for lunch")
    view.choose("Type", "Meeting")
    day = today(sales) - timedelta(days=3)
    view.choose("When", day)
    view.choose("Time", time(12, 30))
    assert await sales.alice.submit() == {}
    line = await sales.slack.heard(sales.deals, "Met for lunch", thread=card)
    at = datetime.combine(day, time(12, 30), LONDON)
    assert f"<!date^{int(at.timestamp())}^" in str(line.blocks)


async def test_what_the_form_refuses(sales: Office) -> None:
    card = await opened(sales)
    view = await logging(sales, card)
    view.fill("What happened", " \u200b ")
    view.choose("When", today(sales) + timedelta(days=3))
    assert await sales.alice.submit() == {
        "What happened": "Write what happened, like: wants 3 more seats.",
        "When": "Choose a time that has passed. What is to come is a task.",
    }
    view.choose("When", today(sales))
    view.fill("What happened", "x" * 3000)
    assert await sales.alice.submit() == {}
    line = await sales.slack.heard(sales.deals, "xxx", thread=card)
    assert text(line).count("x") == 3000
    assert not sales.alice.stack


async def test_what_people_type_mentions_nobody(sales: Office) -> None:
    card = await opened(sales)
    line = await logged(sales, card, "<!channel> *now* \u202eevil")
    assert "<!channel> ∗now∗ evil" in text(line)
    assert "<!channel>" not in line.text + str(line.blocks)


async def test_the_deal_and_the_contact_are_chosen_by_typing(sales: Office) -> None:
    await contact(sales, "Jane Doe")
    await opened(sales, "Acme renewal")
    zenith = await opened(sales, "Zenith pilot")
    await sales.bob.command("/activity new Sent them the deck", sales.deals)
    view = await sales.bob.sees("Log activity")
    assert view.value("What happened") == "Sent them the deck"
    offered = await sales.bob.type_into("Opportunity", "")
    assert offered[0] == "No opportunity"
    assert await sales.bob.type_into("Opportunity", "zenth") == ["#2 Zenith pilot"]
    view.choose("Opportunity", "#2 Zenith pilot")
    await sales.bob.type_into("Contact", "jane doe")
    await sales.bob.choose("Contact", 'Create "jane doe"')
    await sales.slack.shows(view, "Jane Doe is already a contact.")
    assert view.value("What happened") == "Sent them the deck"
    assert view.value("Opportunity") == "#2 Zenith pilot"
    await sales.bob.type_into("Contact", "Ada Lovelace")
    await sales.bob.choose("Contact", 'Create "Ada Lovelace"')
    await sales.slack.shows(view, lacking="already a contact")
    assert await sales.bob.submit() == {}
    line = await sales.slack.heard(sales.deals, "Sent them the deck", thread=zenith)
    assert "with Ada Lovelace" in text(line)
    await sales.bob.command("/contact ada", sales.deals)
    await sales.bob.sees("Ada Lovelace")


async def test_without_a_deal_it_is_with_a_contact_or_with_nobody(sales: Office) -> None:
    await contact(sales, "Jane Doe", Company="Acme Ltd")
    await sales.alice.command("/activity new Call: met at the fair", sales.deals)
    view = await sales.alice.sees("Log activity")
    assert (view.value("Type"), view.value("What happened")) == ("Call", "met at the fair")
    await sales.alice.type_into("Contact", "jane")
    await sales.alice.choose("Contact", "Jane Doe, Acme Ltd")
    assert await sales.alice.submit() == {}
    said = await sales.alice.hears("Logged a call with Jane Doe, Acme Ltd.")
    await sales.alice.press("Details", on=said)
    await sales.alice.sees("Jane Doe")
    await sales.alice.close()
    await sales.alice.command("/activity new Read the news", sales.deals)
    await sales.alice.sees("Log activity")
    assert await sales.alice.submit() == {}
    assert buttons(await sales.alice.hears("Logged a note.")) == []


async def test_its_author_edits_it_and_the_line_follows(sales: Office) -> None:
    card = await opened(sales)
    line = await logged(sales, card, "Wants 3 seats", by=sales.bob)
    await sales.bob.pick("Edit", on=line)
    view = await sales.bob.sees("Edit activity")
    assert "Opportunity" not in view.fields()
    view.choose("Type", "Email")
    view.fill("What happened", "Wants 5 seats")
    assert await sales.bob.submit() == {}
    assert (await sales.bob.hears("Saved an email on Acme renewal.")).channel is sales.deals
    await sales.slack.shows(line, "Email · Bob Stone\nWants 5 seats")
    assert text(line).endswith("· edited")


async def test_an_edit_that_somebody_else_made_meanwhile_is_told(sales: Office) -> None:
    card = await opened(sales)
    line = await logged(sales, card, "Wants 3 seats", by=sales.bob)
    await sales.bob.pick("Edit", on=line)
    mine = await sales.bob.sees("Edit activity")
    mine.fill("What happened", "Wants 5 seats")
    await sales.alice.pick("Edit", on=line)  # An admin.
    theirs = await sales.alice.sees("Edit activity")
    theirs.fill("What happened", "Wants 4 seats")
    assert await sales.alice.submit() == {}
    assert await sales.bob.submit() == {}
    view = await sales.bob.sees("Somebody changed this while you were editing.")
    assert view.value("What happened") == "Wants 5 seats"
    assert await sales.bob.submit() == {}
    await sales.slack.shows(line, "Wants 5 seats")


async def test_only_its_author_or_an_admin_changes_it(sales: Office) -> None:
    card = await opened(sales)
    line = await logged(sales, card, "Wants 3 seats", by=sales.bob)
    for word, verb in (("Edit", "edit"), ("Delete", "delete")):
        await sales.carol.pick(word, on=line)
        await sales.carol.hears(f"Only Bob Stone (who logged it) or an admin can {verb} it.")
    assert not sales.carol.stack


async def test_it_asks_before_it_deletes_and_the_line_is_struck(sales: Office) -> None:
    card = await opened(sales)
    line = await logged(sales, card, "Wants 3 seats", by=sales.bob)
    await sales.bob.pick("Delete", on=line)
    await sales.bob.sees("Delete this activity?")
    await sales.bob.close()
    await sales.alice.pick("Delete", on=line)
    await sales.alice.sees("Wants 3 seats")
    assert await sales.alice.submit() == {}
    await sales.slack.repeat(2)
    await sales.slack.shows(
        line, "~Bob Stone logged a call: Wants 3 seats~ deleted by Alice Johnson"
    )
    assert "⋯" not in text(line)
    assert (await sales.alice.hears("Deleted a call on Acme renewal.")).channel is sales.deals
    page = await page_of(sales, 1)
    await sales.alice.press("Timeline", on=page)
    await sales.slack.shows(page, "deleted by Alice Johnson")


async def test_an_archived_deal_takes_none(sales: Office) -> None:
    card = await opened(sales)
    line = await logged(sales, card, "Wants 3 seats", by=sales.bob)
    view = await logging(sales, card, sales.bob)
    view.fill("What happened", "Late")
    page = await page_of(sales, 1)
    await sales.alice.pick("Archive", on=page)
    await sales.alice.sees("Archive Acme renewal?")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(card, "Archived on")
    assert "That opportunity was archived by Alice" in (await sales.bob.submit())["Type"]
    await sales.bob.close()
    await sales.bob.pick("Delete", on=line)
    await sales.bob.hears("That opportunity was archived by Alice")
    await sales.bob.command("/activity 1 Call: late", sales.deals)
    await sales.bob.hears("That opportunity was archived by Alice")


async def test_the_timeline_has_all_of_it_and_each_alone(sales: Office) -> None:
    card = await opened(sales)
    await logged(sales, card, "Wants 3 seats")
    await sales.bob.press("Quoting", on=card)
    await lines(sales, card, 3)
    await sales.slack.quiet()
    page = await page_of(sales, 1)
    await sales.alice.press("Timeline", on=page)
    await sales.slack.shows(page, "Lead → Quoting")
    read = text(page).splitlines()
    rows = [one.partition("  ")[2] for one in read if " UTC  " in one]
    assert rows == [
        "Bob Stone: Lead → Quoting (the same day)",
        "Alice Johnson logged a call: Wants 3 seats",
        "Alice Johnson: opened it",
    ]
    for reply in card.replies:
        assert f"/p{reply.ts.replace('.', '')}?thread_ts={card.ts}" in str(page.body["blocks"])
    await sales.alice.press("Activities", on=page)
    await sales.slack.shows(page, "✓ Activities", lacking="opened it")
    await sales.alice.press("Comments", on=page)
    await sales.slack.shows(page, "No comments yet.", lacking="seats")
    await sales.alice.press("Changes", on=page)
    await sales.slack.shows(page, "opened it", lacking="seats")


async def test_replies_are_on_the_timeline_as_they_now_are(sales: Office) -> None:
    card = await opened(sales)
    reply = await sales.bob.say(f"Ask {sales.alice.mention} <!here> *now*", thread=card)
    other = await sales.bob.say("Never mind", thread=card)
    await sales.bob.edit(reply, f"Ask {sales.alice.mention} & me")
    await sales.bob.delete(other)
    await sales.slack.quiet()
    page = await page_of(sales, 1)
    await sales.alice.press("Timeline", on=page)
    await sales.slack.shows(page, "opened it")
    await sales.alice.press("Comments", on=page)
    await sales.slack.shows(page, 'Bob Stone wrote: "Ask @Alice Johnson & me"')
    assert "Bob Stone deleted a comment" in text(page)
    assert f"/p{reply.ts.replace('.', '')}?thread_ts={card.ts}" in str(page.body["blocks"])


async def test_logged_on_the_timeline_it_is_seen_there(sales: Office) -> None:
    card = await opened(sales)
    page = await page_of(sales, 1)
    await sales.alice.press("Timeline", on=page)
    await sales.slack.shows(page, "opened it")
    await sales.alice.press("Log activity", on=page)
    view = await sales.alice.sees("What happened")
    assert view.value("Opportunity") == "#1 Acme renewal"
    view.fill("What happened", "Wants 3 seats")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(page, "logged a note: Wants 3 seats")
    assert sales.alice.view is page
    await sales.slack.heard(sales.deals, "Wants 3 seats", thread=card)


async def test_a_contacts_page_has_theirs_and_those_of_their_deals(sales: Office) -> None:
    await contact(sales, "Jane Doe")
    card = await opened(sales, "Acme renewal for Jane Doe")
    await logged(sales, card, "Wants 3 seats")
    await sales.alice.command("/contact jane", sales.deals)
    page = await sales.alice.sees("Jane Doe")
    await sales.alice.press("Activities", on=page)
    await sales.slack.shows(page, "Wants 3 seats")
    await sales.alice.press("Log activity", on=page)
    view = await sales.alice.sees("What happened")
    assert (view.value("Opportunity"), view.value("Contact")) == (None, "Jane Doe")
    view.fill("What happened", "Met at the fair")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(page, "Met at the fair")
    await sales.alice.pick("Edit", on=page, row="fair")
    view = await sales.alice.sees("Edit activity")
    view.fill("What happened", "Met at the conference")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(page, "conference", lacking="fair")
    await sales.alice.pick("Delete", on=page, row="conference")
    await sales.alice.sees("Delete this activity?")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(page, "Wants 3 seats", lacking="conference")
