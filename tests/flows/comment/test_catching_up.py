"""Replies that came while nobody heard them are comments once the bot is back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot import catching_up
from bot.catching_up import CatchingUp
from bot.http import EVENTS_PATH
from bot.serve import running
from bot.upkeep.doctor import examine
from store.tables.records import PersonRow, WorkspaceRow
from tests.flows.comment.test_comments import card_in, kept, texts
from tests.flows.conftest import Office, office, settings_for
from tests.slack.call import Call

AWAY = 600.0


@pytest.fixture
async def sales(migrated_sqlite_url: str) -> AsyncIterator[Office]:
    """A bot that has kept that it listens."""
    async with office(migrated_sqlite_url) as working:
        await working.bot.app.catching_up.look()
        yield working


@asynccontextmanager
async def away(work: Office, seconds: float = AWAY) -> AsyncIterator[None]:
    """Slack can't reach the bot, and gives up what it sends meanwhile."""
    slack, url, retries = work.slack, work.slack.request_url, work.slack.event_retries
    slack.event_retries = ()
    slack.http("http://127.0.0.1:9/")
    yield
    await slack.settled()
    slack.event_retries = retries
    slack.http(str(url))
    work.clock.turn(seconds)


async def back(work: Office) -> list[Call]:
    """The bot looks, and is done; the threads that it asked."""
    before = len(work.slack.calls("conversations.replies"))
    await work.bot.app.catching_up.look()
    await work.bot.app.catching_up.settled()
    return work.slack.calls("conversations.replies")[before:]


def heard_until(work: Office) -> float:
    query = select(WorkspaceRow.heard_until)
    found = work.bot.app.store.read_now(lambda session: session.scalar(query))
    assert found is not None
    return float(found.timestamp())


async def test_what_was_said_meanwhile_is_found_in_all_kinds_of_channels(sales: Office) -> None:
    vip = sales.slack.channel("vip", members=[sales.alice, sales.bob, sales.slack.bot])
    vip.kind = "private"
    card, private = await card_in(sales), await card_in(sales, vip)
    await sales.alice.command("/opp new Zebra merger", sales.random)
    await sales.alice.sees("New opportunity")
    assert await sales.alice.submit() == {}
    mine = await sales.slack.heard(sales.alice, "✓ Lead")
    await sales.slack.quiet()
    hello = await sales.bob.say("hello", sales.deals)
    await sales.bob.say("heard", thread=card)
    async with away(sales):
        await sales.bob.say("one", thread=card, files=["quote.pdf"])
        await sales.bob.say(f"{sales.slack.bot.mention} quoting", thread=card)
        await sales.carol.say("two", thread=card, also=True)
        await sales.bob.say("three", thread=private)
        await sales.alice.say("four", thread=mine)
        await sales.bob.say("no comment", thread=hello)
    asked = await back(sales)
    assert texts(sales) == ["heard", "one", "two", "three", "four"]
    assert kept(sales)[1].files[0]["name"] == "quote.pdf"
    assert [call.args["ts"] for call in asked] == [mine.ts, private.ts, card.ts]
    assert await back(sales) == []
    await sales.slack.quiet()
    assert "✓ Lead" in str(card.blocks)


async def test_edits_and_deletions_meanwhile_are_found_too(sales: Office) -> None:
    card = await card_in(sales)
    edited = await sales.bob.say("They want 3", thread=card)
    deleted = await sales.bob.say("nonsense", thread=card)
    sales.clock.turn(180)
    await back(sales)
    async with away(sales):
        await sales.bob.edit(edited, "They want 5")
        await sales.bob.delete(deleted)
    await back(sales)
    assert texts(sales) == ["They want 5"]
    assert kept(sales)[0].former == [["They want 3", ""]]


async def test_a_short_absence_is_slacks_to_repeat(sales: Office) -> None:
    await card_in(sales)
    async with away(sales, seconds=60):
        pass
    assert await back(sales) == []
    assert heard_until(sales) == pytest.approx(sales.clock(), abs=5)


async def test_a_long_thread_is_read_page_by_page(
    sales: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catching_up, "PAGE", 3)
    monkeypatch.setattr(catching_up, "KEPT_AT_ONCE", 2)
    card = await card_in(sales)
    async with away(sales):
        for number in range(10):
            await sales.bob.say(str(number), thread=card)
    asked = await back(sales)
    assert texts(sales) == [str(number) for number in range(10)]
    assert len(asked) > 3
    assert {call.args["limit"] for call in asked} == {"3"}


async def test_of_a_thread_only_what_is_new_is_read(sales: Office) -> None:
    card = await card_in(sales)
    await sales.bob.say("long ago", thread=card)
    sales.clock.turn(3 * 3600)
    await back(sales)
    async with away(sales):
        await sales.bob.say("meanwhile", thread=card)
    (call,) = await back(sales)
    assert [one["text"] for one in call.answer["messages"]][1:] == ["meanwhile"]
    assert texts(sales) == ["long ago", "meanwhile"]


async def test_when_slack_says_wait_it_waits_and_goes_on_there(
    sales: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catching_up, "PAGE", 3)
    monkeypatch.setattr(catching_up, "LONGEST_WAIT", 0.05)
    card = await card_in(sales)
    async with away(sales):
        for number in range(4):
            await sales.bob.say(str(number), thread=card)
    sales.slack.faults.next("conversations.replies", retry_after=1, when=is_second)
    asked = await back(sales)
    assert [call.status for call in asked] == [200, 429, 200]
    assert texts(sales) == ["0", "1", "2", "3"]
    assert asked[2].at - asked[1].at >= 1.0


def is_second(args: Any) -> bool:
    return bool(args.get("cursor"))


async def test_while_slack_fails_it_begins_anew_at_a_later_look(sales: Office) -> None:
    card = await card_in(sales)
    async with away(sales):
        await sales.bob.say("one", thread=card)
    before = heard_until(sales)
    fault = sales.slack.faults.always("conversations.replies", status=503)
    assert len(await back(sales)) == catching_up.PATIENCE
    assert (texts(sales), heard_until(sales)) == ([], before)
    fault.stop()
    sales.clock.turn(61)
    await back(sales)
    assert texts(sales) == ["one"]
    assert heard_until(sales) > before


async def test_one_thread_that_always_fails_holds_up_no_other(sales: Office) -> None:
    cards = [await card_in(sales, name=f"Deal {at}") for at in range(4)]
    async with away(sales):
        for number, card in enumerate(cards):
            await sales.bob.say(str(number), thread=card)
    sales.slack.faults.always(
        "conversations.replies", error="fatal_error", when=lambda args: args["ts"] == cards[3].ts
    )
    before = heard_until(sales)
    await back(sales)
    assert texts(sales) == ["0", "1", "2"]
    assert heard_until(sales) > before


async def test_with_a_dead_token_nothing_is_taken_for_heard(sales: Office) -> None:
    card = await card_in(sales)
    async with away(sales):
        await sales.bob.say("one", thread=card)
    before = heard_until(sales)
    fault = sales.slack.faults.always("conversations.replies", error="invalid_auth")
    assert len(await back(sales)) == 1
    assert heard_until(sales) == before
    fault.stop()
    sales.clock.turn(61)
    await back(sales)
    assert texts(sales) == ["one"]


async def told(work: Office) -> str:
    settings = settings_for(work.slack, work.url, sockets=False)
    now = datetime.fromtimestamp(work.clock(), UTC)
    return "\n".join([str(one) async for one in examine(settings, lambda: now)])


@pytest.mark.parametrize(
    ("error", "do"),
    [
        ("missing_scope", "Paste `dealthread manifest` into App Manifest"),
        ("not_allowed_token_type", "Slack does not let this bot read threads there"),
        ("method_not_supported_for_channel_type", "Slack does not let this bot read threads"),
    ],
)
async def test_where_slack_refuses_the_doctor_says_what_to_do(
    sales: Office, error: str, do: str
) -> None:
    vip = sales.slack.channel("vip", members=[sales.alice, sales.bob, sales.slack.bot])
    cards = [await card_in(sales, place, str(at)) for at, place in enumerate((None, vip, vip))]
    assert "Replies:" not in await told(sales)
    async with away(sales):
        for card in cards:
            await sales.bob.say("hello", thread=card)
    fault = sales.slack.faults.always(
        "conversations.replies", error=error, when=lambda args: args["channel"] == vip.id
    )
    assert len(await back(sales)) == 2
    assert texts(sales) == ["hello"]
    said = await told(sales)
    assert (
        f"✗ Replies: what was said in #vip while nobody heard it can't be read ({error})." in said
    )
    assert do in said
    fault.stop()
    sales.clock.turn(AWAY)
    await back(sales)
    assert "Replies:" not in await told(sales)


async def test_where_the_bot_is_no_longer_it_asks_once_and_goes_on(sales: Office) -> None:
    vip = sales.slack.channel("vip", members=[sales.alice, sales.bob, sales.slack.bot])
    card, gone = await card_in(sales), [await card_in(sales, vip, f"Deal {at}") for at in range(3)]
    async with away(sales):
        await sales.bob.say("hello", thread=card)
        await sales.bob.say("unheard", thread=gone[0])
        await sales.alice.remove(sales.slack.bot, vip)
    await back(sales)
    assert texts(sales) == ["hello"]
    assert "Replies:" not in await told(sales)


async def test_a_thread_whose_card_was_deleted_without_replies_is_none(sales: Office) -> None:
    card, other = await card_in(sales), await card_in(sales, name="Other")
    for line in list(card.replies):
        await sales.slack.remove(line)
    async with away(sales):
        await sales.alice.delete(card)
        await sales.bob.say("hello", thread=other)
    await back(sales)
    assert texts(sales) == ["hello"]


async def test_over_socket_mode_it_listens_while_a_connection_lives(
    migrated_sqlite_url: str,
) -> None:
    async with office(migrated_sqlite_url, sockets=True) as work:
        catching = work.bot.app.catching_up
        await catching.look()
        card = await card_in(work)
        before = heard_until(work)
        held = work.slack.faults.always("apps.connections.open", status=503)
        work.slack.event_retries = ()
        await work.slack.sockets.cut()
        await work.bob.say("meanwhile", thread=card)
        work.clock.turn(AWAY)
        while catching.connected():  # noqa: ASYNC110 - it learns of that by itself.
            await asyncio.sleep(0.01)
        await catching.tick()
        assert heard_until(work) == before
        held.stop()
        await work.slack.connected(1, within=20)
        while not catching.connected():  # noqa: ASYNC110 - see above.
            await asyncio.sleep(0.01)
        await catching.tick()
        await catching.settled()
        assert texts(work) == ["meanwhile"]
        assert heard_until(work) > before + AWAY


async def test_an_absence_while_it_catches_up_is_caught_up_with_too(sales: Office) -> None:
    card = await card_in(sales)
    async with away(sales):
        await sales.bob.say("one", thread=card)
    catching = sales.bot.app.catching_up
    slow = sales.slack.faults.next("conversations.replies", delay=0.3)
    await catching.look()
    await sales.slack.until(lambda: slow.hits, "a thread that is read")
    up = catching.connected
    catching.connected = lambda: False
    await catching.look()
    async with away(sales):
        await sales.bob.say("two", thread=card)
    catching.connected = up
    await catching.settled()
    await back(sales)
    assert texts(sales) == ["one", "two"]


async def test_two_copies_do_not_read_the_same(sales: Office) -> None:
    cards = [await card_in(sales, name=f"Deal {at}") for at in range(3)]
    async with away(sales):
        for card in cards:
            await sales.bob.say("hello", thread=card)
    app = sales.bot.app
    other = CatchingUp(app.store, app.slack, app.installed, app.meeting, app.clock)
    await asyncio.gather(other.look(), app.catching_up.look())
    await asyncio.gather(other.settled(), app.catching_up.settled())
    assert len(sales.slack.calls("conversations.replies")) == 3
    assert len(texts(sales)) == 3


async def test_a_bot_that_starts_again_finds_what_was_said(migrated_url: str) -> None:
    async with office(migrated_url) as work:
        card = await card_in(work)
        await work.bot.app.catching_up.look()
        async with away(work):
            dan = work.slack.person("Dan Lowe")
            await work.alice.invite(dan, work.deals)
            await dan.say("while it was down", thread=card)
        await _started(work)
        assert texts(work) == ["while it was down"]
        assert await names(work) >= {"Dan Lowe"}


async def _started(work: Office) -> None:
    """One more copy, which does what a start does, until it has caught up."""
    settings = settings_for(work.slack, work.url, sockets=False)
    now = lambda: datetime.fromtimestamp(work.clock(), UTC)  # noqa: E731
    async with running(settings, clock=now) as bot:
        work.slack.http(f"http://127.0.0.1:{bot.port}{EVENTS_PATH}")
        await work.slack.called("conversations.replies")
        await bot.app.catching_up.settled()
        await bot.app.meeting.settled()


async def names(work: Office) -> set[str]:
    query = select(PersonRow.name)
    return await work.bot.app.store.read(lambda session: set(session.scalars(query)))
