"""Where a card goes, and where it goes when it can't stay (product page, 3, 11 and 12)."""

from tests.flows.conftest import Office
from tests.flows.opportunity.test_visibility import opened
from tests.slack.reading import buttons, text
from tests.slack.world import Channel


async def saved_in(work: Office, place: Channel) -> dict[str, str]:
    await work.alice.command("/opp new Zebra merger", work.deals)
    await work.alice.sees("New opportunity")
    await work.alice.choose("Post card in", place)
    return await work.alice.submit()


async def test_where_the_bot_is_not_the_deals_channel_takes_it_saying_why(work: Office) -> None:
    await work.now_set_up()
    assert await saved_in(work, work.random) == {}
    said = text(await work.alice.hears("Created"))
    assert "Created Zebra merger in #deals." in said
    assert "I'm not in #random." in said
    await work.slack.heard(work.deals, "Zebra merger")


async def test_an_archived_channel_takes_none(work: Office) -> None:
    await work.now_set_up()
    lab = work.slack.channel("lab", members=[work.alice, work.slack.bot])
    await opened(work, work.alice, "First", lab)
    await work.alice.archive(lab)
    assert await saved_in(work, lab) == {}
    assert "#lab is archived." in text(await work.alice.hears("Created"))
    await work.slack.heard(work.deals, "Zebra merger")


async def test_a_private_channel_without_the_bot_is_an_error_in_the_form(work: Office) -> None:
    vip = work.slack.channel("vip", members=[work.alice], private=True)
    errors = await saved_in(work, vip)
    assert errors == {"Post card in": "Invite me there first, with /invite @Dealthread."}
    await work.alice.invite(work.slack.bot, vip)
    assert await work.alice.submit() == {}
    await work.slack.heard(vip, "Zebra merger")


async def test_a_private_channel_that_one_is_not_in_can_not_be_chosen(work: Office) -> None:
    """The form does not offer it; who sends it all the same learns nothing, not even its name."""
    vip = work.slack.channel("vip", members=[work.bob, work.slack.bot], private=True)
    await work.alice.command("/opp new Zebra merger", work.deals)
    view = await work.alice.sees("New opportunity")
    block, element = view.field("Post card in")
    view.values[block["block_id"], element["action_id"]]["selected_conversation"] = vip.id
    assert await work.alice.submit() == {"Post card in": "Choose a channel that you are in."}
    await work.slack.quiet()
    assert vip.top() == []


async def test_a_private_deals_channel_is_proposed_to_its_members_only(work: Office) -> None:
    vip = work.slack.channel("vip", members=[work.alice, work.slack.bot], private=True)
    await work.alice.command("/dealthread setup", work.deals)
    await work.alice.sees("Set up Dealthread")
    work.alice.view.choose("Deals channel", vip)
    assert await work.alice.submit() == {}
    await work.alice.hears("Cards go to")
    for who, proposed in ((work.alice, vip.id), (work.bob, None)):
        await who.command("/opp new Zebra", work.random)
        view = await who.sees("New opportunity")
        assert view.value("Post card in") == proposed
        await who.close()


async def test_a_card_whose_channel_was_archived_moves_and_its_owner_is_told_once(
    work: Office,
) -> None:
    await work.now_set_up()
    lab = work.slack.channel("lab", members=[work.alice, work.bob, work.slack.bot])
    card = await opened(work, work.alice, "Zebra merger", lab)
    await work.slack.quiet()
    await work.alice.archive(lab)
    await work.bob.command("/opp 1 quoting", work.deals)
    moved = await work.slack.heard(work.deals, "Zebra merger")
    await work.slack.shows(moved, "✓ Quoting")
    told = text(await work.slack.heard(work.alice, "I can't post in #lab"))
    assert "the card of Zebra merger #1 has moved to #deals." in told
    await work.slack.heard(work.deals, "moved it from Lead to Quoting", thread=moved)
    await work.bob.press("Closing", on=moved)
    await work.slack.shows(moved, "✓ Closing")
    await work.slack.quiet()
    assert sum("I can't post" in line for line in work.alice.reads()) == 1
    assert "✓ Lead" in text(card)


async def test_a_card_that_had_to_leave_a_private_channel_goes_back_by_post_card(
    work: Office,
) -> None:
    await work.now_set_up()
    vip = work.slack.channel("vip", members=[work.alice, work.bob, work.slack.bot], private=True)
    await opened(work, work.alice, "Zebra merger", vip)
    await work.slack.quiet()
    await work.alice.remove(work.slack.bot, vip)
    await work.alice.command("/opp 1 quoting", work.deals)
    await work.slack.heard(work.alice, "I can't post in #vip")
    await work.slack.heard(work.alice, "✓ Quoting")
    await work.slack.quiet()
    assert not any("Zebra" in text(message) for message in work.deals.top())
    await work.alice.invite(work.slack.bot, vip)
    await work.alice.command("/opp 1", work.deals)
    page = await work.alice.sees("Opportunity #1")
    await work.alice.press("Post card", on=page)
    back = await work.slack.heard(vip, "✓ Quoting")
    await work.bob.press("Closing", on=back)
    await work.slack.shows(back, "✓ Closing")


async def test_what_stands_in_the_thread_of_a_card_that_had_to_leave_changes_no_more(
    work: Office,
) -> None:
    """Without a deals channel the card goes to its owner: what is done now is not for #lab."""
    lab = work.slack.channel("lab", members=[work.alice, work.bob, work.slack.bot])
    card = await opened(work, work.alice, "Zebra merger", lab)
    for button, form, label in (
        ("Log activity", "Log activity", "What happened"),
        ("Add task", "New task", "Title"),
    ):
        await work.alice.press(button, on=card)
        (await work.alice.sees(form)).fill(label, f"plain {form}")
        assert await work.alice.submit() == {}
    call = await work.slack.heard(lab, "plain Log activity", thread=card)
    old = await work.slack.heard(lab, "plain New task", thread=card)
    await work.slack.quiet()
    await work.alice.remove(work.slack.bot, lab)
    await work.slack.remove(card)
    await work.alice.command("/opp 1 quoting", lab)
    mine = await work.slack.heard(work.alice, "✓ Quoting")
    task = await work.slack.heard(work.alice, "plain New task", thread=mine)
    await work.alice.press("Edit", on=task)
    (await work.alice.sees("Edit task")).fill("Title", "Offer them the secret price")
    assert await work.alice.submit() == {}
    await work.slack.shows(task, "secret price")
    await work.alice.pick("Edit", on=call)
    (await work.alice.sees("Edit activity")).fill("What happened", "They know the secret price")
    assert await work.alice.submit() == {}
    await work.slack.quiet()
    assert "plain Log activity" in text(call)
    assert text(old) == "This task has moved along with its card."


async def test_a_deal_without_a_channel_can_be_posted_in_the_deals_channel_later(
    work: Office,
) -> None:
    await work.alice.command("/opp new Zebra merger", work.random)
    await work.alice.sees("New opportunity")
    assert await work.alice.submit() == {}
    was = await work.slack.heard(work.alice, "✓ Lead")
    await work.slack.quiet()
    await work.now_set_up()
    await work.alice.command("/opp 1", work.deals)
    await work.alice.press("Post card", on=await work.alice.sees("Opportunity #1"))
    await work.slack.heard(work.deals, "✓ Lead")
    await work.slack.shows(was, "has moved to #deals.")


async def test_a_card_in_direct_messages_follows_its_owner(work: Office) -> None:
    await work.alice.command("/opp new Zebra merger", work.random)
    await work.alice.sees("New opportunity")
    assert await work.alice.submit() == {}
    card = await work.slack.heard(work.alice, "✓ Lead")
    await work.slack.quiet()
    await work.alice.pick("Edit", on=card)
    await work.alice.sees("Owner")
    work.alice.view.choose("Owner", work.bob)
    assert await work.alice.submit() == {}
    mine = await work.slack.heard(work.bob, "✓ Lead")
    await work.bob.press("Quoting", on=mine)
    await work.slack.shows(mine, "✓ Quoting")
    await work.slack.shows(card, "The card of Zebra merger #1 has moved to Bob Stone.")
    assert buttons(card) == []
    await work.alice.command("/opp 1 closing", work.deals)
    await work.alice.hears("There is no opportunity #1 that you can see.")
    await work.slack.quiet()
    assert "✓ Quoting" in text(mine)
    assert not any("made you the owner of" in line for line in work.bob.reads())


async def test_an_owner_who_is_not_in_the_private_channel_is_told_whom_to_ask(
    work: Office,
) -> None:
    vip = work.slack.channel("vip", members=[work.alice, work.carol, work.slack.bot], private=True)
    card = await opened(work, work.alice, "Zebra merger", vip)
    for owner in (work.carol, work.bob):
        await work.alice.pick("Edit", on=card)
        await work.alice.sees("Owner")
        work.alice.view.choose("Owner", owner)
        assert await work.alice.submit() == {}
        await work.slack.shows(card, owner.user.real_name)
    told = text(await work.slack.heard(work.bob, "made you the owner of Zebra merger #1"))
    assert "Ask Alice Johnson to invite you there." in told
    assert "vip" not in told
    await work.slack.quiet()
    assert not any("made you the owner" in line for line in work.carol.reads())
    await work.bob.command("/opp 1", work.deals)
    await work.bob.hears("There is no opportunity #1 that you can see.")
    await work.alice.invite(work.bob, vip)
    await work.bob.command("/opp 1", work.deals)
    await work.bob.sees("Opportunity #1")


async def test_a_channel_with_people_from_outside_gets_no_card(work: Office) -> None:
    ext = work.slack.channel("ext", members=[work.alice, work.slack.bot], shared=True)
    await work.alice.command("/opp new Zebra", ext)
    view = await work.alice.sees("New opportunity")
    assert view.value("Post card in") is None
    block, element = view.field("Post card in")
    view.values[block["block_id"], element["action_id"]]["selected_conversation"] = ext.id
    said = "People from outside are there. Choose another channel."
    assert await work.alice.submit() == {"Post card in": said}


async def test_a_channel_that_gets_another_id_keeps_its_cards_and_its_board(work: Office) -> None:
    vip = work.slack.channel("vip", members=[work.alice, work.bob, work.slack.bot], private=True)
    card = await opened(work, work.alice, "Zebra merger", vip)
    await work.alice.command("/pipeline", vip)
    board = await work.slack.heard(vip, "Pipeline")
    await work.slack.quiet()
    await work.slack.events.renumber(vip, "C0VIPNEW")
    await work.bob.press("Quoting", on=card)
    await work.slack.shows(card, "✓ Quoting")
    await work.slack.heard(vip, "moved it from Lead to Quoting", thread=card)
    await work.alice.press("Refresh", on=board)
    work.clock.turn(15)
    await work.slack.shows(board, "Quoting 0 days")
    await work.carol.command("/opp 1", work.deals)
    await work.carol.hears("There is no opportunity #1 that you can see.")
    await work.slack.quiet()
    assert sum("Zebra merger" in text(message) for message in vip.top()) == 2
