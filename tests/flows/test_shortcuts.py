"""Shortcuts: what is made from anywhere, and from a message."""

from tests.flows.conftest import Office
from tests.flows.doing import lines, opened, page_of
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


async def test_a_message_becomes_a_task_that_leads_back_to_it(work: Office) -> None:
    await work.now_set_up()
    wish = await work.bob.say("Send Jane the quote\nShe wants 40 seats", work.deals)
    await work.alice.shortcut("Create task", wish)
    view = await work.alice.sees("New task")
    assert view.value("Title") == "Send Jane the quote"
    assert "She wants 40 seats" in view.value("Notes")
    assert await work.alice.submit() == {}
    await work.alice.hears("Send Jane the quote")


async def test_a_reply_in_a_cards_thread_becomes_a_task_of_that_deal(work: Office) -> None:
    await work.now_set_up()
    card = await opened(work)
    await lines(work, card, 1)
    reply = await work.bob.say("Jane wants the quote by Friday", thread=card)
    await work.alice.shortcut("Create task", reply)
    view = await work.alice.sees("New task")
    assert "Acme renewal" in str(view.value("Opportunity"))
    assert await work.alice.submit() == {}
    line = await work.slack.heard(work.deals, "Jane wants the quote by Friday", thread=card)
    assert "by Bob Stone" in text(line)


async def test_on_a_card_its_deal_is_chosen(work: Office) -> None:
    await work.now_set_up()
    card = await opened(work)
    await lines(work, card, 1)
    await work.alice.shortcut("Create task", card)
    assert "Acme renewal" in str((await work.alice.sees("New task")).value("Opportunity"))


async def test_a_task_is_made_from_anywhere(work: Office) -> None:
    await work.now_set_up()
    await work.alice.shortcut("New task")
    view = await work.alice.sees("New task")
    view.fill("Title", "Buy stamps")
    assert await work.alice.submit() == {}
    await work.alice.hears("Buy stamps")


async def test_a_reply_is_logged_as_what_was_done_and_when(work: Office) -> None:
    await work.now_set_up()
    card = await opened(work)
    await lines(work, card, 1)
    reply = await work.bob.say("Called Jane: she wants 3 more seats", thread=card)
    work.clock.turn(3600)
    await work.alice.shortcut("Log as activity", reply)
    view = await work.alice.sees("Log activity")
    assert view.value("What happened") == "Called Jane: she wants 3 more seats"
    assert "Acme renewal" in str(view.value("Opportunity"))
    view.choose("Type", "Call")
    assert await work.alice.submit() == {}
    line = (await lines(work, card, 3))[-1]
    assert "she wants 3 more seats" in line
    assert "by Bob Stone" in line


async def test_an_activity_is_logged_from_anywhere(work: Office) -> None:
    await work.now_set_up()
    await work.alice.shortcut("Log activity")
    view = await work.alice.sees("Log activity")
    view.fill("What happened", "Met Jane at the fair")
    assert await work.alice.submit() == {}
    await work.alice.hears("Logged")


async def test_who_makes_something_of_a_private_message_is_told_who_will_see_it(
    work: Office,
) -> None:
    await work.now_set_up()
    vip = work.slack.channel("vip", private=True, members=[work.alice, work.slack.bot])
    wish = await work.alice.say("Only between us", vip)
    for shortcut, title in (("Create task", "New task"), ("Log as activity", "Log activity")):
        await work.alice.shortcut(shortcut, wish)
        assert "every member of this workspace can see this" in text(await work.alice.sees(title))
        await work.alice.close()
