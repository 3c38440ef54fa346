"""Contacts as people add, find, edit and archive them, and choose them for a deal."""

import pytest

from tests.flows.conftest import Office
from tests.flows.doing import contact, opened
from tests.slack.reading import buttons, text
from tests.slack.view import View


@pytest.fixture
async def sales(work: Office) -> Office:
    await work.now_set_up()
    return work


async def test_a_contact_has_a_page(sales: Office) -> None:
    said = await contact(
        sales,
        "Jane Doe",
        Company="Acme Ltd",
        Email="jane@acme.com",
        Phone="020 7946 0000",
        Notes="Likes <b>tea</b>",
    )
    assert text(said).startswith("Added Jane Doe, Acme Ltd.")
    await sales.alice.press("Details", on=said)
    page = await sales.alice.sees("Jane Doe")
    for words in ("Acme Ltd", "jane@acme.com", "020 7946 0000", "Likes <b>tea</b>", "0 open deals"):
        assert words in text(page)
    assert buttons(page)[:3] == ["Edit", "✓ Overview", "Opportunities"]


async def test_a_deal_is_one_press_from_a_new_contact(sales: Office) -> None:
    said = await contact(sales, "Jane Doe")
    await sales.alice.press("New opportunity", on=said)
    view = await sales.alice.sees("New opportunity")
    assert view.value("Contact") == "Jane Doe"


async def test_what_is_wrong_in_the_form(sales: Office) -> None:
    await sales.alice.command("/contact new", sales.deals)
    view = await sales.alice.sees("New contact")
    view.fill("Name", "   ")
    view.fill("E-mail", "jane at acme")
    assert await sales.alice.submit() == {
        "Name": "Write a name, like Jane Doe.",
        "E-mail": "Write an e-mail address like jane@acme.com.",
    }
    view.fill("Name", "x" * 201)
    view.fill("E-mail", "")
    assert await sales.alice.submit() == {"Name": "Write a name of at most 200 characters."}
    view.fill("Name", "x" * 200)
    view.fill("Company", "y" * 200)
    assert await sales.alice.submit() == {}
    await sales.alice.hears("Added")
    await sales.alice.command("/contact xxx", sales.deals)
    await sales.alice.sees("y" * 200)


async def test_who_may_be_the_same_is_pointed_out_once(sales: Office) -> None:
    await contact(sales, "Jane Doe", Company="Acme Ltd", Email="jane@acme.com")
    await sales.bob.command("/contact new J. Doe", sales.deals)
    view = await sales.bob.sees("New contact")
    view.fill("E-mail", "Jane@ACME.com")
    assert await sales.bob.submit() == {}
    view = await sales.bob.sees("Jane Doe, Acme Ltd is already a contact (jane@acme.com).")
    assert view.value("Name") == "J. Doe"
    view.fill("E-mail", "")
    view.fill("Name", "JANE doe")
    view.fill("Company", "acme ltd")
    assert await sales.bob.submit() == {}  # Alike for another reason: told again.
    await sales.bob.sees("is already a contact")
    assert await sales.bob.submit() == {}
    await sales.bob.hears("Added JANE doe, acme ltd.")


async def test_contacts_are_found_with_typing_errors_forgiven(sales: Office) -> None:
    await contact(sales, "Jane Doe", Company="Acme Ltd", Email="jane@acme.com")
    await contact(sales, "Peter Horizon")
    for words in ("jane", "acme", "jane@acme.com", "DOE"):
        await sales.bob.command(f"/contact {words}", sales.deals)
        await sales.bob.sees("Jane Doe")
        await sales.bob.close()
    said = await sales.bob.command("/contact horizn", sales.deals)
    assert said
    assert "Peter Horizon" in text(said)
    assert "Jane" not in text(said)
    said = await sales.bob.command("/contact zebra", sales.deals)
    assert said
    assert 'No contact matches "zebra".' in text(said)
    await sales.bob.press("New contact", on=said)
    view = await sales.bob.sees("New contact")
    assert view.value("Name") == "zebra"


async def test_recent_contacts_are_paged(sales: Office) -> None:
    said = await sales.alice.command("/contact", sales.deals)
    assert said
    assert "No contacts yet." in text(said)
    for number in range(11):
        await contact(sales, f"Person {number:02}")
    said = await sales.alice.command("/contact", sales.deals)
    assert said
    assert "1–10 of 11" in text(said)
    assert "Person 10" in text(said)
    await sales.alice.press("Next", on=said)
    await sales.slack.until(
        lambda: any("11–11 of 11" in text(m) for m in sales.alice.private), "the next page"
    )


async def test_editing_keeps_what_others_changed(sales: Office) -> None:
    said = await contact(sales, "Jane Doe", Company="Acme Ltd")
    await sales.alice.press("Details", on=said)
    page = await sales.alice.sees("Jane Doe")
    await sales.alice.press("Edit", on=page)
    view = await sales.alice.sees("Edit contact")
    view.fill("Company", "Acme plc")
    view.fill("Phone", "1")

    await sales.bob.command("/contact jane", sales.deals)
    await sales.bob.sees("Jane Doe")
    await sales.bob.press("Edit")
    other = await sales.bob.sees("Edit contact")
    other.fill("Company", "Acme GmbH")
    other.fill("E-mail", "jane@acme.com")
    assert await sales.bob.submit() == {}

    assert await sales.alice.submit() == {}
    view = await sales.alice.sees("Bob Stone changed Company to Acme GmbH while you were editing.")
    assert view.value("Company") == "Acme plc"
    assert await sales.alice.submit() == {}
    await sales.slack.shows(page, "Acme plc")
    assert "jane@acme.com" in text(page)  # What only Bob changed stays.
    assert "1" in text(page)


async def test_another_name_shows_wherever_it_stands(sales: Office) -> None:
    await contact(sales, "Jane Doe", Company="Acme Ltd")
    card = await opened(sales, "Renewal for Jane Doe")
    await sales.slack.shows(card, "Jane Doe, Acme Ltd")
    await sales.alice.command("/contact jane", sales.deals)
    await sales.alice.sees("Jane Doe")
    await sales.alice.press("Edit")
    view = await sales.alice.sees("Edit contact")
    view.fill("Name", "Jane Smith")
    view.fill("Company", "Zenith")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(card, "Jane Smith, Zenith")
    await sales.bob.command("/opp zenith", sales.deals)
    await sales.bob.sees("Opportunity #1")
    await sales.bob.close()
    said = await sales.bob.command("/opp acme", sales.deals)
    assert said
    assert "No deal matches" in text(said)


async def test_another_name_shows_in_the_threads_that_say_it(sales: Office) -> None:
    await contact(sales, "Jane Doe")
    card = await opened(sales)
    for button, form, label in (
        ("Log activity", "Log activity", "What happened"),
        ("Add task", "New task", "Title"),
    ):
        await sales.alice.press(button, on=card)
        view = await sales.alice.sees(form)
        view.fill(label, form)
        await sales.alice.type_into("Contact", "Jane")
        await sales.alice.choose("Contact", "Jane Doe")
        assert await sales.alice.submit() == {}
    done = await sales.slack.heard(sales.deals, "with Jane Doe", thread=card)
    task = await sales.slack.heard(sales.deals, "Task for", thread=card)
    await sales.slack.quiet()
    await sales.alice.command("/contact jane", sales.deals)
    await sales.alice.press("Edit", on=await sales.alice.sees("Jane Doe"))
    (await sales.alice.sees("Edit contact")).fill("Name", "Jane Smith")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(done, "with Jane Smith")
    await sales.slack.shows(task, "with Jane Smith")
    assert len(card.replies) == 3


async def test_archived_contacts_are_not_offered(sales: Office) -> None:
    await contact(sales, "Jane Doe")
    card = await opened(sales, "Renewal for Jane Doe")
    alice = sales.alice
    await alice.command("/contact jane", sales.deals)
    page = await alice.sees("Jane Doe")
    await alice.pick("Archive", on=page)
    await alice.sees("Archive Jane Doe?")
    await alice.close()
    await alice.pick("Archive", on=page)
    await alice.sees("Archive Jane Doe?")
    assert await alice.submit() == {}
    await sales.slack.shows(page, "Archived on")
    assert "Edit" not in buttons(page)
    said = await sales.bob.command("/contact jane", sales.deals)
    assert said
    assert "No contact matches" in text(said)
    await sales.bob.command("/opp new", sales.deals)
    await sales.bob.sees("New opportunity")
    assert await sales.bob.type_into("Contact", "jane") == ['Create "jane"']
    assert "Jane Doe" in text(card)
    await alice.pick("Restore", on=page)
    await sales.slack.shows(page, "1 open deal")
    assert await sales.bob.type_into("Contact", "jane") == ['Create "jane"', "Jane Doe"]


async def test_a_form_on_an_archived_contact_is_told(sales: Office) -> None:
    await contact(sales, "Jane Doe")
    await sales.bob.command("/contact jane", sales.deals)
    page = await sales.bob.sees("Jane Doe")
    await sales.alice.command("/contact jane", sales.deals)
    await sales.alice.sees("Jane Doe")
    await sales.alice.pick("Archive")
    await sales.alice.sees("Archive Jane Doe?")
    assert await sales.alice.submit() == {}
    await sales.bob.press("Edit", on=page)
    await sales.bob.sees("That contact was archived at ")


async def test_choosing_a_contact_names_its_open_deals(sales: Office) -> None:
    await contact(sales, "Jane Doe", Company="Acme Ltd")
    for name in ("One", "Two", "Three", "Four"):
        await opened(sales, f"{name} for Jane Doe")
    await sales.bob.command("/opp new Five £3k", sales.deals)
    view = await sales.bob.sees("New opportunity")
    view.fill("Notes", "kept")
    assert await sales.bob.type_into("Contact", "") == ["No contact", "Jane Doe, Acme Ltd"]
    assert await sales.bob.type_into("Contact", "acmee jane")  # A typing error.
    await sales.bob.choose("Contact", "Jane Doe, Acme Ltd")
    await sales.slack.shows(
        view, "Jane Doe, Acme Ltd has 4 open deals: Four #4, Three #3, Two #2 and 1 more."
    )
    assert view.value("Name") == "Five"
    assert view.value("Value") == "£3,000"
    assert view.value("Notes") == "kept"
    assert await sales.bob.submit() == {}
    card = await sales.slack.heard(sales.deals, "Five #5")
    assert "Jane Doe, Acme Ltd" in text(card)


async def test_a_contact_is_made_along_with_its_deal(sales: Office) -> None:
    view = await _new(sales)
    assert await sales.bob.type_into("Contact", "  Ada   Lovelace ") == ['Create "Ada Lovelace"']
    await sales.bob.choose("Contact", 'Create "Ada Lovelace"')
    view.fill("Value", "12 apples")
    assert list(await sales.bob.submit()) == ["Value"]
    said = await sales.alice.command("/contact ada", sales.deals)
    assert said
    assert "No contact matches" in text(said)  # Nothing half-done.
    view.fill("Value", "£5k")
    assert await sales.bob.submit() == {}
    await sales.slack.repeat(2)
    await sales.slack.heard(sales.deals, "Ada Lovelace · Bob Stone")
    await sales.alice.command("/contact ada", sales.deals)
    await sales.alice.sees("1 open deal")


async def test_creating_who_is_there_already_is_pointed_out(sales: Office) -> None:
    await contact(sales, "Jane Doe", Company="Acme Ltd")
    view = await _new(sales)
    await sales.bob.type_into("Contact", "jane doe")
    await sales.bob.choose("Contact", 'Create "jane doe"')
    await sales.slack.shows(view, "Jane Doe, Acme Ltd is already a contact.")


async def test_a_long_name_is_chosen_whole(sales: Office) -> None:
    name = "Wolfeschlegelsteinhausen " * 8
    await contact(sales, name.strip()[:200])
    view = await _new(sales)
    create, known = await sales.bob.type_into("Contact", "wolfeschlegel")
    assert create == 'Create "wolfeschlegel"'
    await sales.bob.choose("Contact", known)
    assert view.value("Contact") == known
    assert await sales.bob.type_into("Contact", "z" * 160) == []  # Too long for an option.
    assert await sales.bob.submit() == {}
    card = await sales.slack.heard(sales.deals, "Five #1")
    assert name.strip()[:190] in text(card)


async def _new(sales: Office) -> View:
    await sales.bob.command("/opp new Five", sales.deals)
    return await sales.bob.sees("New opportunity")
