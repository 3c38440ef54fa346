"""Loud wins, and lines of threads that also go to the channel, as people in it see them."""

import pytest

from tests.flows.conftest import Office
from tests.flows.doing import lines, opened, page_of, texts
from tests.slack.reading import text
from tests.slack.world import Channel, Message

JUST_OVER = 121.0


async def wanted(
    work: Office, *also: str, loud: bool = True, least: str = "", where: Channel | None = None
) -> None:
    """Alice says what #deals, or another channel, hears of."""
    await work.alice.command("/dealthread settings", work.deals)
    await work.alice.sees("Settings")
    await work.alice.choose("Choose a channel", where or work.deals)
    view = await work.alice.sees("hears of")
    view.choose("Loud wins", ["Post each win"] if loud else [])
    view.fill("Loud wins from", least)
    view.choose("Lines that also go to the channel", list(also))
    assert await work.alice.submit() == {}
    await work.alice.sees("✓ Saved for")
    await work.alice.close(everything=True)


async def won(work: Office, card: Message, price: str = "£11.5k") -> None:
    await work.bob.press("Won", on=card)
    view = await work.bob.sees("Won: #")
    view.fill("Final value", price)
    assert await work.bob.submit() == {}
    await work.bob.hears("Marked")
    await work.slack.shows(card, "Won on")


def loud(work: Office, where: Channel | None = None) -> list[str]:
    return [text(one) for one in (where or work.deals).top() if "was won" in text(one)]


async def later(work: Office) -> None:
    """Two minutes on, and nothing more happens."""
    work.clock.turn(JUST_OVER)
    await work.slack.quiet(0.5, within=20.0)


async def test_a_win_is_told_in_the_channel_that_wants_it(everywhere: Office) -> None:
    work = everywhere
    await work.now_set_up()
    await wanted(work, least="10k")
    card = await opened(work, "Acme & Co £12k")
    await won(work, card)
    assert loud(work) == []
    work.clock.turn(JUST_OVER)
    said = await work.slack.heard(work.deals, "was won", within=20.0)
    assert text(said).splitlines() == [
        "🎉 Acme & Co #1 was won for £11,500",
        "Alice Johnson",
    ]
    assert said.text == "Acme &amp; Co #1 was won for £11,500, by Alice Johnson"
    assert work.deals.top().count(said) == 1
    await later(work)
    assert len(loud(work)) == 1


async def test_nothing_is_told_of_a_win_that_was_undone_or_is_too_small(work: Office) -> None:
    await work.now_set_up()
    await wanted(work, least="10k")
    undone, small = await opened(work, "First £12k"), await opened(work, "Second £12k")
    await won(work, undone)
    page = await page_of(work, 1, by=work.bob)
    await work.bob.pick("Undo last change", on=page)
    await work.slack.shows(undone, "✓ Lead")
    await won(work, small, "£9,999")
    await later(work)
    assert loud(work) == []


async def test_a_win_that_was_told_and_is_undone_says_so(work: Office) -> None:
    await work.now_set_up()
    await wanted(work)
    card = await opened(work)
    await won(work, card)
    work.clock.turn(JUST_OVER)
    said = await work.slack.heard(work.deals, "was won", within=20.0)
    page = await page_of(work, 1, by=work.carol)
    await work.carol.pick("Undo last change", on=page)
    await work.slack.shows(said, "~Acme renewal #1 was won~, taken back by Carol King")
    await work.slack.shows(card, "✓ Lead")
    await won(work, card, "£9k")
    await work.slack.shows(said, "was won for £9,000")
    await later(work)
    assert len(loud(work)) == 1


async def test_where_nobody_asked_a_win_is_quiet(work: Office) -> None:
    vip = work.slack.channel("vip", members=[work.alice, work.bob, work.slack.bot], private=True)
    await work.now_set_up()
    await wanted(work, where=vip)
    card = await opened(work)
    await won(work, card)
    await later(work)
    assert loud(work) + loud(work, vip) == []


def also_there(work: Office) -> list[str]:
    """Lines that stand in the channel besides their threads."""
    return [text(one) for one in work.deals.top() if one.is_reply]


async def test_lines_go_to_the_channel_that_asked_for_them(work: Office) -> None:
    await work.now_set_up()
    card = await opened(work, "Quiet £1k")
    await work.bob.press("Pitching", on=card)
    await lines(work, card, 2)
    await work.slack.shows(card, "✓ Pitching")
    assert also_there(work) == []
    await wanted(work, "Moved to another stage", "Value changed", loud=False)
    await work.bob.press("Closing", on=card)
    await lines(work, card, 3)
    moved = "Quiet: Bob Stone moved it from Pitching to Closing"
    assert also_there(work) == [moved]
    await work.slack.shows(card, "✓ Closing")
    await work.bob.pick("Pause", on=card)
    await work.bob.sees("Pause #1")
    assert await work.bob.submit() == {}
    await lines(work, card, 4)
    assert also_there(work) == [moved]


async def test_a_line_that_is_undone_is_struck_through_in_both_places(work: Office) -> None:
    await work.now_set_up()
    await wanted(work, "Moved to another stage", loud=False)
    card = await opened(work)
    await work.bob.press("Closing", on=card)
    await lines(work, card, 2)
    (line,) = (one for one in work.deals.top() if one.is_reply)
    page = await page_of(work, 1, by=work.bob)
    await work.bob.pick("Undo last change", on=page)
    await work.slack.shows(line, "~Bob Stone moved it from Lead to Closing~ undone by Bob Stone")
    assert text(line) in texts(card)
    assert len(also_there(work)) == 1


async def test_what_is_opened_may_go_there_too(work: Office) -> None:
    await work.now_set_up()
    await wanted(work, "Opened", loud=False)
    card = await opened(work)
    await lines(work, card, 1)
    assert also_there(work) == ["Acme renewal: Alice Johnson opened it"]


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived"])
async def test_a_channel_that_takes_no_posts_keeps_nothing_else_waiting(
    work: Office, error: str
) -> None:
    await work.now_set_up()
    await wanted(work)
    card = await opened(work)
    await won(work, card)
    if error == "is_archived":
        await work.bob.archive(work.deals)
    else:
        await work.bob.remove(work.slack.bot, work.deals)
    await later(work)
    assert loud(work) == []
    assert not [one for one in work.slack.calls("chat.postMessage") if "was won" in str(one.args)]
    other = work.slack.channel("other", members=[work.alice, work.slack.bot])
    beta = await opened(work, "Beta £1k", **{"Post card in": other})
    assert await lines(work, beta, 1) == ["Alice Johnson opened it"]


async def test_people_from_outside_of_whom_no_event_told_hear_of_none(work: Office) -> None:
    """The channel was shared while the bot was not there to hear of it."""
    await work.now_set_up()
    await wanted(work)
    card = await opened(work)
    await won(work, card)
    work.deals.shared = True
    work.clock.turn(11 * 60)
    await work.slack.quiet(0.5, within=20.0)
    assert loud(work) == []
