"""SIGKILL, and replies written while no bot runs, or while one picks up what it missed: each is a
comment once, in order.
"""

import asyncio

from sqlalchemy import func, select

from store.database import Store
from store.tables.entries import CommentRow
from store.tables.records import ThreadRow, WorkspaceRow
from tests.faults.process import Site, site
from tests.slack.world import Message

DEALS, AWAY, LEASE = 4, 200, 61


async def until(store: Store, count: int, *, comments: bool = True) -> None:
    """Waits until the database has so many comments, or knows so many threads; it wakes nobody."""
    rows = CommentRow if comments else ThreadRow
    query = select(func.count()).select_from(rows)
    async with asyncio.timeout(30):
        while (store.read_now(lambda session: session.scalar(query)) or 0) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def listening(store: Store) -> None:
    """Waits until it is kept that the bot listens."""
    query = select(WorkspaceRow.heard_until)
    async with asyncio.timeout(10):
        while store.read_now(lambda session: session.scalar(query)) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def texts(store: Store) -> list[str]:
    query = select(CommentRow.text).order_by(CommentRow.at, CommentRow.id)
    return store.read_now(lambda session: list(session.scalars(query)))


def threads(at: Site) -> list[Message]:
    return [one for one in at.deals.top() if one.bot_id]


async def written(at: Site, words: str) -> list[str]:
    """Replies in all threads, by all people in turn."""
    said = []
    for number, thread in enumerate(threads(at)):
        said.append(f"{words} {number}")
        await at.people[number % len(at.people)].say(said[-1], thread=thread)
    return said


async def test_replies_around_kills_are_each_a_comment_once(
    migrated_url: str, store: Store
) -> None:
    async with site(migrated_url) as at:
        first = await at.start()
        await at.set_up()
        await at.open_deals(DEALS)
        await until(store, DEALS, comments=False)
        await listening(store)
        said = await written(at, "heard")
        at.slack.event_retries = ()
        await at.kill(first)
        said += await written(at, "missed")
        at.clock.turn(AWAY)
        stuck = at.slack.faults.next("conversations.replies", hang=30, when=is_first(at))
        second = await at.start()
        await at.slack.until(lambda: stuck.hits, "a thread that is being read", within=20)
        said += await written(at, "while it catches up")
        await at.kill(second)
        said += await written(at, "missed again")
        at.clock.turn(LEASE)
        await at.start()
        await until(store, len(said))
        assert texts(store) == said


def is_first(at: Site) -> object:
    """Only the thread that is asked last: that of the deal that was made first."""
    return lambda args: args["ts"] == threads(at)[0].ts
