"""What people write in a card's thread, and what of it is kept (product page, 5)."""

import pytest
from sqlalchemy import func, select

from store.tables.entries import CommentRow
from store.tables.machinery import HeardRow
from store.tables.records import PersonRow
from tests.flows.conftest import Office
from tests.flows.doing import just_opened, lines, opened
from tests.slack.person import Person
from tests.slack.reading import text
from tests.slack.world import Channel, Message


def kept(work: Office) -> list[CommentRow]:
    query = select(CommentRow).order_by(CommentRow.at, CommentRow.id)
    return work.bot.app.store.read_now(lambda session: list(session.scalars(query)))


def texts(work: Office) -> list[str]:
    """What the comments say that are not deleted, oldest first."""
    return [row.text for row in kept(work) if row.deleted_at is None]


def heard(work: Office) -> int:
    """How many things were heard that changed something."""
    query = select(func.count()).select_from(HeardRow)
    return work.bot.app.store.read_now(lambda session: session.scalar(query)) or 0


async def card_in(
    work: Office, place: Channel | None = None, name: str = "Acme renewal"
) -> Message:
    card = await opened(work, name, **({"Post card in": place} if place else {}))
    await lines(work, card, 1)
    return card


async def test_a_reply_is_a_comment_over_all_transports(everywhere: Office) -> None:
    card = await card_in(everywhere)
    said = await everywhere.bob.say("They want 3 seats", thread=card)
    await everywhere.slack.settled()
    (row,) = kept(everywhere)
    assert (row.by_id, row.text, row.ts) == (everywhere.bob.id, "They want 3 seats", said.ts)
    assert (row.channel_id, row.thread_ts) == (everywhere.deals.id, card.ts)


async def test_replies_in_private_channels_and_direct_messages_are_comments(work: Office) -> None:
    vip = work.slack.channel("vip", members=[work.alice, work.bob, work.slack.bot], private=True)
    card = await card_in(work, vip)
    await work.bob.say("privately", thread=card)
    await work.alice.command("/opp new Zebra merger", work.random)
    await work.alice.sees("New opportunity")
    assert await work.alice.submit() == {}
    mine = await work.slack.heard(work.alice, "✓ Lead")
    await work.slack.quiet()
    await work.alice.say("to myself", thread=mine)
    await work.slack.quiet()
    assert texts(work) == ["privately", "to myself"]
    assert not any("understands" in text(one) for one in work.alice.private)
    await work.alice.say("what can you do")
    await work.alice.hears("What Dealthread understands")
    assert len(kept(work)) == 2


async def test_an_event_that_comes_four_times_counts_once(work: Office) -> None:
    card = await card_in(work)
    for words in ("one", "two"):
        work.slack.faults.delivering("event", duplicate=3)
        reply = await work.bob.say(words, thread=card)
        work.slack.faults.delivering("event", duplicate=3)
        await work.bob.edit(reply, f"{words}, edited")
        await work.slack.settled()
    assert texts(work) == ["one, edited", "two, edited"]
    assert [row.former for row in kept(work)] == [[["one", ""]], [["two", ""]]]


async def test_an_edit_that_comes_before_the_message_is_not_undone_by_it(work: Office) -> None:
    card = await card_in(work)
    work.slack.faults.delivering("event", hold=True)
    reply = await work.bob.say("They want 3 seats", thread=card)
    assert texts(work) == []
    await work.bob.edit(reply, "They want 5 seats")
    await work.slack.settled()
    assert texts(work) == ["They want 5 seats"]
    assert kept(work)[0].former == [["They want 3 seats", ""]]


async def test_an_older_edit_that_comes_late_is_a_former_text(work: Office) -> None:
    card = await card_in(work)
    reply = await work.bob.say("3", thread=card)
    work.slack.faults.delivering("event", hold=True)
    await work.bob.edit(reply, "4")
    await work.bob.edit(reply, "5")
    await work.slack.settled()
    assert texts(work) == ["5"]
    assert [was for was, _ in kept(work)[0].former] == ["3", "4"]


async def test_a_deletion_that_comes_before_the_edit_and_the_message_wins(work: Office) -> None:
    card = await card_in(work)
    for _ in range(2):
        work.slack.faults.delivering("event", hold=True)
    reply = await work.bob.say("3", thread=card)
    await work.bob.edit(reply, "4")
    await work.bob.delete(reply)
    await work.slack.settled()
    (row,) = kept(work)
    assert row.deleted_at is not None
    await work.slack.quiet()
    assert texts(work) == []


async def test_a_reply_with_files_keeps_them_as_links(work: Office) -> None:
    card = await card_in(work)
    await work.bob.say("", thread=card, files=["quote.pdf", "plan.xlsx"])
    await work.slack.settled()
    (row,) = kept(work)
    assert [file["name"] for file in row.files] == ["quote.pdf", "plan.xlsx"]
    assert row.files[0]["link"].endswith("/quote.pdf")


async def test_a_reply_that_is_also_sent_to_the_channel_counts_once(work: Office) -> None:
    card = await card_in(work)
    reply = await work.bob.say("for all to see", thread=card, also=True)
    await work.bob.edit(reply, "for all of us to see")
    await work.slack.settled()
    assert texts(work) == ["for all of us to see"]


async def test_a_link_that_is_shown_is_no_edit(work: Office) -> None:
    card = await card_in(work)
    reply = await work.bob.say("<https://example.com>", thread=card)
    before = heard(work)
    await work.slack.events.unfurled(reply, "Example")
    await work.slack.settled()
    assert heard(work) == before
    assert (kept(work)[0].former, kept(work)[0].edited_ts) == ([], "")


async def test_what_bots_and_slack_say_in_the_thread_is_no_comment(work: Office) -> None:
    slack, card = work.slack, await card_in(work)
    await work.bob.press("Quoting", on=card)
    await slack.heard(work.deals, "moved it", thread=card)
    before = heard(work)
    for about in (
        {"bot_id": "B0ROBO"},
        {"subtype": "bot_message", "bot_id": "B0ROBO"},
        {"subtype": "channel_join"},
        {"subtype": "channel_topic"},
        {"subtype": "tombstone"},
    ):
        message = Message(work.deals, slack.stamps.next(), work.bob.id, "x", thread_ts=card.ts)
        for name, value in about.items():
            setattr(message, name, value)
        await slack.events.posted(message)
    by_slack = Message(work.deals, slack.stamps.next(), "USLACKBOT", "x", thread_ts=card.ts)
    await slack.events.posted(by_slack)
    await slack.settled()
    assert kept(work) == []
    assert heard(work) == before


async def test_what_is_said_outside_of_threads_of_cards_writes_nothing(work: Office) -> None:
    card = await card_in(work)
    before = heard(work)
    hello = await work.bob.say("hello", work.deals)
    reply = await work.alice.say("hello Bob", thread=hello)
    await work.alice.edit(reply, "hello, Bob")
    await work.slack.events.unfurled(hello, "Example")
    await work.alice.delete(reply)
    await work.bob.delete(hello)
    await work.slack.settled()
    assert kept(work) == []
    assert heard(work) == before
    assert text(card)


async def test_a_reply_of_40_000_characters_is_kept_whole_and_so_is_its_edit(work: Office) -> None:
    card = await card_in(work)
    long = "😀" * 40_000
    reply = await work.bob.say(long, thread=card)
    rich = {"type": "rich_text", "elements": [{"type": "text", "text": long}]}
    reply.blocks = [rich]
    await work.bob.edit(reply, long[:-1] + "!")
    await work.slack.settled()
    assert texts(work) == [long[:-1] + "!"]
    assert kept(work)[0].former == [[long, ""]]


async def test_the_thread_of_a_deleted_card_is_still_its_thread(work: Office) -> None:
    card = await card_in(work)
    await work.bob.say("before", thread=card)
    await work.alice.delete(card)
    await work.bob.say("after", thread=card)
    await work.alice.command("/opp 1 quoting", work.deals)
    anew = await work.slack.heard(work.deals, "✓ Quoting")
    await work.slack.quiet()
    await work.bob.say("in the new one", thread=anew)
    await work.slack.settled()
    assert texts(work) == ["before", "after", "in the new one"]
    assert len({row.opportunity_id for row in kept(work)}) == 1


async def test_a_reply_that_is_faster_than_the_bot_is_not_lost(work: Office) -> None:
    """Slack shows the card, and the bot waits for the answer: the event is sent again."""
    work.slack.faults.next("chat.getPermalink", delay=0.3)
    card = await just_opened(work)
    await work.bob.say("first", thread=card)
    await work.slack.settled()
    assert texts(work) == ["first"]


async def test_a_reply_while_the_answer_about_the_card_is_lost_is_not_lost(work: Office) -> None:
    work.slack.event_retries = (0.2, 0.5, 2.0)
    work.slack.faults.next("chat.postMessage", lose_answer=True)
    await work.alice.command("/opp new Acme renewal", work.deals)
    await work.alice.sees("New opportunity")
    assert await work.alice.submit() == {}
    card = await work.slack.heard(work.deals, "Acme renewal")
    await work.bob.say("first", thread=card)
    work.clock.turn(10)
    await work.slack.until(lambda: texts(work) == ["first"], "the comment")


def named(work: Office, who: Person) -> str | None:
    query = select(PersonRow.name).where(PersonRow.user_id == who.id)
    return work.bot.app.store.read_now(lambda session: session.scalar(query))


async def test_a_person_whom_nobody_met_is_known_by_name_soon_after(work: Office) -> None:
    card = await card_in(work)
    dan, gus = work.slack.person("Dan Lowe"), work.slack.person("Gus Best", guest=True)
    await work.alice.invite(dan, work.deals)
    await work.alice.invite(gus, work.deals)
    for _ in range(5):
        await dan.say(f"as {gus.mention} said", thread=card)
    await work.slack.settled()
    assert len(texts(work)) == 5
    await work.bot.app.meeting.settled()
    assert [named(work, who) for who in (dan, gus)] == ["Dan Lowe", "Gus Best"]
    asked = [call.args["user"] for call in work.slack.calls("users.info")]
    assert asked.count(dan.id) == 1


@pytest.mark.parametrize("retries", [1, 3])
async def test_what_the_database_did_not_take_comes_again(work: Office, retries: int) -> None:
    card = await card_in(work)
    work.slack.faults.delivering("event", drop=True, times=retries)
    await work.bob.say("once", thread=card)
    await work.slack.settled()
    assert texts(work) == ["once"]
