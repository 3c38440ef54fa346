"""Shortcuts: what is made from anywhere, and from a message."""

from tests.flows.conftest import Office
from tests.flows.doing import opened, page_of
from tests.slack.reading import text


async def test_a_deal_and_a_contact_are_made_from_anywhere(work: Office) -> None:
    await work.now_set_up()
    await work.alice.shortcut("New contact")
    view = await work.alice.sees("New contact")
    view.fill("Name", "Jane Doe")
    assert await work.alice.submit() == {}
    assert "Jane Doe" in text(await work.alice.hears("Added"))
    await work.alice.shortcut("New opportunity")
    view = await work.alice.sees("New opportunity")
    view.fill("Name", "Acme renewal")
    assert await work.alice.submit() == {}
    await work.slack.heard(work.deals, "Acme renewal")


async def test_a_message_becomes_a_deal_that_says_where_it_came_from(work: Office) -> None:
    await work.now_set_up()
    wish = await work.bob.say("Acme & <Co> want 40 seats\nJane asks for a quote", work.deals)
    await work.alice.shortcut("New opportunity", wish)
    view = await work.alice.sees("New opportunity")
    assert view.value("Name") == "Acme & <Co> want 40 seats"
    assert "Jane asks for a quote" in view.value("Notes")
    assert await work.alice.submit() == {}
    card = await work.slack.heard(work.deals, "Acme & <Co> want 40 seats")
    assert card is not wish
    shown = text(await page_of(work, 1))
    assert "From a message of Bob Stone: https://" in shown
    assert f"/archives/{work.deals.id}/p{wish.ts.replace('.', '')}" in shown


async def test_what_the_bot_said_can_be_made_a_deal_too(work: Office) -> None:
    await work.now_set_up()
    card = await opened(work)
    await work.alice.shortcut("New opportunity", card)
    assert (await work.alice.sees("New opportunity")).value("Name")


async def test_a_guest_makes_nothing_by_a_shortcut(work: Office) -> None:
    await work.alice.change(guest=True)
    await work.alice.shortcut("New opportunity")
    await work.alice.hears("members of this workspace")
    assert work.alice.stack == []


async def test_a_message_of_40_000_characters_fits_the_form(work: Office) -> None:
    await work.now_set_up()
    wish = await work.bob.say("a" * 40_000, work.deals)
    await work.alice.shortcut("New opportunity", wish)
    view = await work.alice.sees("New opportunity")
    assert len(view.value("Name")) == 150
    assert await work.alice.submit() == {}
    await work.slack.heard(work.deals, "aaa…")
