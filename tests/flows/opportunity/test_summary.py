"""**Send me a summary** on the page of a deal: one direct message with all of it."""

from tests.flows.conftest import Office
from tests.flows.doing import opened, page_of
from tests.slack.reading import buttons, text


async def test_the_summary_comes_by_direct_message_once_a_request(work: Office) -> None:
    await work.now_set_up()
    card = await opened(work, "Acme renewal £12k for Jane")
    await work.bob.press("Quoting", on=card)
    await work.bob.say("They want two floors", thread=card)
    await work.slack.shows(card, "✓ Quoting")
    page = await page_of(work, 1, by=work.carol)
    await work.carol.pick("Send me a summary", on=page)
    await work.carol.sees("The summary comes by direct message in a moment.")
    told = await work.carol.hears("Acme renewal for Jane #1 · £12,000")
    assert told.channel is work.carol.dm
    read = text(told)
    order = ["Quoting since", "What happened", "opened it", "Lead → Quoting", "They want two"]
    places = [read.index(part) for part in order]
    assert places == sorted(places)
    assert buttons(told) == ["Details"]
    await work.slack.repeat(2, kind="interactive")
    await work.slack.quiet()
    assert len([m for m in work.carol.private if "What happened" in text(m)]) == 1
    await work.carol.press("Details", on=told)
    await work.carol.sees("Opportunity #1")


async def test_who_lost_sight_of_it_meanwhile_gets_nothing(work: Office) -> None:
    vip = work.slack.channel("vip", members=[work.alice, work.bob, work.slack.bot], private=True)
    await work.alice.command("/opp new Zebra", vip)
    await work.alice.sees("New opportunity")
    await work.alice.choose("Post card in", vip)
    assert await work.alice.submit() == {}
    await work.slack.heard(vip, "Zebra #1")
    held = work.slack.faults.always("conversations.open", retry_after=1)
    await work.bob.command("/opp 1", vip)
    page = await work.bob.sees("Opportunity #1")
    await work.bob.pick("Send me a summary", on=page)
    await work.bob.sees("The summary comes by direct message")
    await work.bob.leave(vip)
    held.stop()
    work.clock.turn(2)  # Slack asked for a second.
    await work.slack.quiet()
    assert not [m for m in work.bob.private if "Zebra" in text(m)]
