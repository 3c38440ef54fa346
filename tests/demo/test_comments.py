"""The demo: what is written in a card's thread in the local Slack is a comment, as in Slack."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from bot.demo.running import Demo, running
from bot.demo.workspace import BOB, BOT
from store.opportunity.status import Status
from store.tables.entries import CommentRow
from store.tables.records import OpportunityRow


@pytest.fixture
async def demo(binary: None) -> AsyncIterator[Demo]:
    async with running() as demo:
        await demo.fill()
        yield demo


def rows(demo: Demo) -> list[CommentRow]:
    query = select(CommentRow).order_by(CommentRow.at)
    return demo.app.store.read_now(lambda session: list(session.scalars(query)))


def deal(demo: Demo) -> OpportunityRow:
    """The newest that is in Lead, and has a card."""
    newest = OpportunityRow.number.desc()
    query = select(OpportunityRow).where(OpportunityRow.status == Status.LEAD).order_by(newest)
    return demo.app.store.read_now(lambda session: session.scalars(query.limit(1)).one())


async def eventually(check: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not check():  # noqa: ASYNC110 - the database tells nobody.
            await asyncio.sleep(0.05)


async def test_replies_are_comments_are_edited_and_deleted(demo: Demo) -> None:
    card = deal(demo)
    where = {"channel": card.card_channel, "user": BOB.id}
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{demo.url}/ui", max_msg_size=0) as page,
    ):
        posted = {"t": "post_message", **where, "thread_ts": card.card_ts}
        await page.send_json({**posted, "text": "They want 3 seats"})
        await eventually(lambda: rows(demo))
        (row,) = rows(demo)
        assert (row.by_id, row.text, row.opportunity_id) == (BOB.id, "They want 3 seats", card.id)
        edited = {"t": "edit_message", **where, "ts": row.ts, "text": "They want 5 seats"}
        await page.send_json(edited)
        await eventually(lambda: rows(demo)[0].edited_ts)
        assert rows(demo)[0].text == "They want 5 seats"
        assert rows(demo)[0].former == [["They want 3 seats", ""]]
        await page.send_json({"t": "delete_message", **where, "ts": row.ts})
        await eventually(lambda: rows(demo)[0].deleted_at)
        await page.send_json({**posted, "text": f"<@{BOT}> pitching"})
        await eventually(lambda: deal(demo).id != card.id)
        assert len(rows(demo)) == 1
