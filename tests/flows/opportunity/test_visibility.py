"""Who sees a deal: those who can see its card's channel, on every surface (product page, 11)."""

from tests.flows.conftest import Office
from tests.slack.person import Person
from tests.slack.reading import text
from tests.slack.world import Channel, Message

NONE = "There is no opportunity #1 that you can see."


async def opened(
    work: Office, who: Person, words: str, here: Channel, *, place: Channel | None = None
) -> Message:
    """A deal whose card stands in `place`, made from a command in `here`."""
    await who.command(f"/opp new {words}", here)
    await who.sees("New opportunity")
    await who.choose("Post card in", place or here)
    assert await who.submit() == {}
    await who.hears("Created")
    return await work.noted(await work.slack.heard(place or here, "✓ Lead"))


async def secret(work: Office) -> tuple[Channel, Message]:
    """#vip, with Alice, Bob and the bot, and a deal of Alice's in it."""
    vip = work.slack.channel("vip", members=[work.alice, work.bob, work.slack.bot], private=True)
    card = await opened(work, work.alice, "Zebra merger £90k", vip)
    await work.slack.quiet()
    return vip, card


async def told(who: Person, words: str, where: Channel) -> str:
    answer = await who.command(words, where)
    return text(answer) if answer else ""


async def finds(who: Person, where: Channel) -> bool:
    """Whether the deal shows anywhere: by number, name, in a board of one's own and its totals."""
    board = await told(who, "/pipeline", where)
    seen = {
        "Zebra" in board,
        "90,000" in board,
        "1 open" in board,
        "No deal matches" not in await told(who, "/opp find zebra", where),
    }
    refused = await told(who, "/opp 1", where) == NONE
    if not refused:
        await who.sees("Zebra")
        await who.close()
    assert seen == {not refused}
    return not refused


async def test_a_deal_in_a_private_channel_is_seen_by_its_members_only(everywhere: Office) -> None:
    work = everywhere
    await secret(work)
    assert await finds(work.bob, work.random)
    assert not await finds(work.carol, work.random)


async def test_the_form_says_who_will_see_it(work: Office) -> None:
    vip = work.slack.channel("vip", members=[work.alice, work.slack.bot], private=True)
    await work.alice.command("/opp new Zebra", work.deals)
    await work.alice.sees("New opportunity")
    await work.alice.choose("Post card in", vip)
    await work.alice.sees("Only members of #vip will see this.")
    await work.alice.choose("Post card in", work.deals)
    await work.slack.shows(work.alice.view, lacking="Only members of")


async def test_a_channel_is_called_as_it_is_called_now(work: Office) -> None:
    vip = work.slack.channel("vip", members=[work.alice, work.slack.bot], private=True)
    await work.alice.command("/opp new Secret", work.deals)
    await work.alice.sees("New opportunity")
    await work.alice.choose("Post card in", vip)
    await work.alice.sees("Only members of #vip will see this.")
    await work.alice.rename(vip, "board-room")
    await work.slack.settled()
    await work.alice.choose("Post card in", work.deals)
    await work.alice.choose("Post card in", vip)
    await work.alice.sees("Only members of #board-room will see this.")


async def test_who_joins_sees_it_and_who_leaves_does_not(work: Office) -> None:
    vip, _ = await secret(work)
    assert not await finds(work.carol, work.random)
    await work.bob.invite(work.carol, vip)
    assert await finds(work.carol, work.random)
    await work.carol.leave(vip)
    assert not await finds(work.carol, work.random)


async def test_a_channel_made_private_takes_its_deals_along_and_back(work: Office) -> None:
    await work.now_set_up()
    lab = work.slack.channel("lab", members=[work.alice, work.bob, work.slack.bot])
    await opened(work, work.alice, "Zebra merger £90k", lab)
    assert await finds(work.carol, work.random)
    await work.alice.convert(lab, private=True)
    assert not await finds(work.carol, work.random)
    assert await finds(work.bob, work.random)
    await work.alice.convert(lab, private=False)
    assert await finds(work.carol, work.random)


async def test_a_board_follows_when_its_channel_or_a_deals_channel_changes(work: Office) -> None:
    await work.now_set_up()
    lab = work.slack.channel("lab", members=[work.alice, work.bob, work.slack.bot])
    await opened(work, work.alice, "Zebra merger £90k", lab)
    await work.alice.command("/pipeline", work.deals)
    board = await work.slack.heard(work.deals, "Pipeline")
    await work.slack.shows(board, "Zebra merger")
    await work.alice.convert(lab, private=True)
    work.clock.turn(11)
    await work.slack.shows(board, "0 open", lacking="Zebra")


async def test_a_board_shows_what_all_readers_of_its_channel_may_see(work: Office) -> None:
    await work.now_set_up()
    vip, _ = await secret(work)
    await opened(work, work.alice, "Open house £10k", work.deals)
    await work.alice.command("/pipeline", work.deals)
    public = await work.slack.heard(work.deals, "Pipeline")
    assert "Zebra" not in text(public)
    assert "1 open · £10,000" in text(public)
    await work.alice.command("/pipeline", vip)
    private = await work.slack.heard(vip, "Pipeline")
    assert "Zebra" in text(private)
    assert "2 open · £100,000" in text(private)


async def test_when_the_bot_leaves_a_private_channel_its_deals_are_their_owners(
    work: Office,
) -> None:
    vip, card = await secret(work)
    # With nothing left to post there: what could not be posted would take the card elsewhere.
    await work.slack.heard(vip, "opened it", thread=card)
    await work.alice.remove(work.slack.bot, vip)
    assert await finds(work.alice, work.random)
    assert not await finds(work.bob, work.random)
    await work.alice.invite(work.slack.bot, vip)
    assert await finds(work.bob, work.random)
    assert not await finds(work.carol, work.random)
    await work.alice.press("Quoting", on=card)
    await work.slack.shows(card, "✓ Quoting")


async def test_without_a_channel_a_deal_is_its_owners_alone(work: Office) -> None:
    await work.alice.command("/opp new Zebra merger £90k", work.random)
    await work.alice.sees("New opportunity")
    assert await work.alice.submit() == {}
    await work.alice.hears("No deals channel is set. The card goes to its owner directly.")
    assert "Zebra merger" in text(await work.slack.heard(work.alice, "✓ Lead"))
    assert await finds(work.alice, work.random)
    assert not await finds(work.bob, work.random)


async def test_a_private_deal_can_be_neither_pressed_nor_changed_by_number(work: Office) -> None:
    _, card = await secret(work)
    for words in ("/opp 1 quoting", "/opp 1 won", "/opp 1 lost", "/opp 1 pause"):
        assert await told(work.carol, words, work.random) == NONE
    assert "✓ Lead" in text(card)


async def test_a_contacts_page_shows_only_what_the_viewer_may_see(work: Office) -> None:
    vip = work.slack.channel("vip", members=[work.alice, work.bob, work.slack.bot], private=True)
    await work.alice.command("/contact new Jane Doe", work.random)
    await work.alice.sees("New contact")
    assert await work.alice.submit() == {}
    await work.alice.hears("Added")
    await opened(work, work.alice, "Zebra merger for Jane Doe", vip, place=vip)
    for who, sees in ((work.bob, True), (work.carol, False)):
        answer = await who.command("/contact jane", work.random)
        assert answer is None or "Zebra" not in text(answer)
        if answer is not None:
            await who.press("Details", on=answer)
        await who.sees("Jane Doe")
        await who.press("Opportunities")
        await work.slack.quiet()
        assert ("Zebra" in text(who.view)) is sees
        await who.close(everything=True)


async def test_members_are_read_before_the_first_deal_of_a_private_channel(work: Office) -> None:
    """A page of members at a time, and a channel whose members can't be read takes no deal."""
    vip = work.slack.channel("vip", members=[work.alice, work.slack.bot], private=True)
    fault = work.slack.faults.always("conversations.members", error="internal_error")
    await work.alice.command("/opp new Zebra", work.deals)
    await work.alice.sees("New opportunity")
    await work.alice.choose("Post card in", vip)
    errors = await work.alice.submit()
    assert errors["Post card in"].startswith("Who is in that channel can't be read just now.")
    fault.stop()
    assert await work.alice.submit() == {}
    await work.slack.heard(vip, "Zebra")
