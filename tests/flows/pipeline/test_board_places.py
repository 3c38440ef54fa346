"""Where `/pipeline` posts, and where it shows itself privately (product page, 6)."""

from tests.flows.conftest import Office
from tests.flows.doing import opened
from tests.flows.pipeline.test_board import STEP, board_in, many, rows
from tests.slack.reading import buttons, text
from tests.slack.world import Channel, Message


async def asked(work: Office, channel: Channel) -> Message:
    answer = await work.bob.command("/pipeline", channel)
    assert answer is not None
    return answer


async def test_it_is_at_home_where_cards_are(work: Office) -> None:
    await work.now_set_up()
    lab = work.slack.channel("lab", members=[work.alice, work.bob, work.slack.bot])
    await opened(work, "Deal 01 £1k", **{"Post card in": lab})
    assert await work.bob.command("/pipeline", lab) is None
    await work.slack.heard(lab, "Pipeline")


async def test_elsewhere_it_is_private_and_can_be_posted(work: Office) -> None:
    await work.now_set_up()
    await many(work, 11)
    lab = work.slack.channel("lab", members=[work.alice, work.bob, work.slack.bot])
    copy = await asked(work, lab)
    assert not lab.top()
    await work.bob.press("Next", on=copy)
    await work.slack.shows(copy, "11–11 of 11")
    await work.bob.pick("Weighted value", on=copy)
    await work.slack.shows(copy, "[Weighted value ▾]")
    await work.bob.press("Post it here", on=copy)
    board = await work.slack.heard(lab, "Pipeline")
    assert "[Weighted value ▾]" in text(board)
    assert rows(board)[0] == "Deal 11"
    assert "Post it here" not in buttons(board)
    assert await work.bob.command("/pipeline", lab) is None


async def test_where_the_bot_is_not_it_says_what_to_do(work: Office) -> None:
    copy = await asked(work, work.random)
    assert "invite me with /invite @Dealthread first" in text(copy)
    assert "Post it here" not in buttons(copy)
    await work.bob.invite(work.slack.bot, work.random)
    assert "Post it here" in buttons(await asked(work, work.random))


async def test_an_invitation_counts_at_once_even_if_its_event_is_late(work: Office) -> None:
    await asked(work, work.random)
    work.random.members.add(work.slack.bot.id)
    assert "Post it here" in buttons(await asked(work, work.random))


async def test_in_direct_messages_it_is_private(work: Office) -> None:
    copy = await asked(work, work.bob.dm)
    why = "Only you see this. Use /pipeline in a channel to post it there."
    assert why in text(copy)
    assert "Post it here" not in buttons(copy)
    await work.bob.press("Refresh", on=copy)
    await work.slack.until(lambda: copy.version, "it is drawn anew")
    assert why in text(copy)
    await work.bob.pick("Mine", on=copy)
    await work.slack.shows(copy, "Only yours")
    assert why in text(copy)


async def test_where_outsiders_read_it_is_private(work: Office) -> None:
    ext = work.slack.channel("ext", members=[work.bob, work.slack.bot], shared=True)
    copy = await asked(work, ext)
    assert "people from outside your company are in this channel" in text(copy)
    assert "Post it here" not in buttons(copy)
    assert not ext.top()


async def test_a_copy_is_not_posted_where_outsiders_came_in_meanwhile(work: Office) -> None:
    lab = work.slack.channel("lab", members=[work.bob, work.slack.bot])
    copy = await asked(work, lab)
    await work.bob.share(lab)
    await work.bob.press("Post it here", on=copy)
    await work.bob.hears("People from outside are in this channel")
    await work.slack.quiet()
    assert not lab.top()


async def test_a_board_hides_while_outsiders_can_read_it(work: Office) -> None:
    await work.now_set_up()
    await opened(work, "Deal 01 £1k")
    board = await board_in(work, work.deals)
    await work.slack.quiet()
    await work.alice.share(work.deals)
    work.clock.turn(STEP)
    await work.slack.shows(board, "while people from outside can read it", lacking="Deal 01")
    assert buttons(board) == []
    await work.alice.share(work.deals, shared=False)
    work.clock.turn(STEP)
    await work.slack.shows(board, "Deal 01")


async def test_a_word_that_it_does_not_know_gets_the_right_form(work: Office) -> None:
    for words, says in (("/pipeline help", "/pipeline me"), ("/pipeline every", "/pipeline help")):
        answer = await work.bob.command(words, work.deals)
        assert answer is not None
        assert says in text(answer)
