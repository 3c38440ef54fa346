"""SIGKILL around digests: between due, decided, claimed, sent, marked sent. Each comes once."""

import asyncio
import random
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.database import Store
from store.digest.digest import DigestDraft, Outcome, Rhythm, Schedule
from store.outbox import outbox
from store.tables.machinery import OutboxRow
from store.tables.recurring import DigestRunRow
from store.usecases.digest import digests
from store.usecases.person import people
from tests.faults.process import Site, site
from tests.slack.faults import Fault
from tests.slack.reading import text
from tests.slack.world import Message

DIGESTS = 9
MOMENTS: tuple[Mapping[str, Any] | None, ...] = (
    {"hang": 30},  # claimed, not sent
    None,  # about when it is decided
    {"delay": 30},  # sent, not marked
    {"lose_answer": True},
    None,
    {"delay": 30},
)


async def test_kills_around_digests_repeat_none_and_lose_none(
    migrated_url: str, store: Store
) -> None:
    async with site(migrated_url) as at:
        await at.start()
        await at.set_up()
        for number in range(DIGESTS):
            _made(at, store, timedelta(minutes=2 + number))
        struck = 0
        for how in MOMENTS:
            await at.kill(at.processes[-1])
            at.clock.turn(60)
            fault = at.slack.faults.next("chat.postMessage", when=_is_digest, **how or {})
            await at.start()
            struck += await at.struck(fault, within=20) if how else await _any_moment(fault)
        at.slack.faults.clear()
        await at.kill(at.processes[-1])
        at.clock.turn(60 * DIGESTS)
        await at.start()
        await at.slack.until(lambda: len(_told(at)) >= DIGESTS, lambda: str(_told(at)), within=40)
        await at.slack.quiet(1.5, within=30)
        said = store.read_now(_posted)
        assert len(said) == DIGESTS
        assert said == sorted(message.ts for message in _told(at))
        assert struck >= len([how for how in MOMENTS if how]) - 1


def _is_digest(args: Mapping[str, Any]) -> bool:
    return str(args.get("text")).startswith("Pipeline, ")


def _made(at: Site, store: Store, after: timedelta) -> None:
    """A digest that is due so much later."""
    now = datetime.fromtimestamp(at.clock(), UTC)
    alice = store.read_now(people.looker, at.slack.team.id, at.people[0].id)
    due = now + after
    draft = DigestDraft(schedule=Schedule(rhythm=Rhythm.DAILY, at=time(due.hour, due.minute)))
    store.write_now(digests.add, draft, at.deals.id, by=alice, now=now)


async def _any_moment(fault: Fault) -> bool:
    fault.stop()
    await asyncio.sleep(random.uniform(0, 0.6))  # noqa: S311 - the kill comes when it comes.
    return False


def _told(at: Site) -> list[Message]:
    return [one for one in at.deals.top() if text(one).startswith("Pipeline, ")]


def _posted(session: Session) -> list[str]:
    """The messages that the digests are, each decided once and marked as sent."""
    query = (
        select(OutboxRow.ts, OutboxRow.state)
        .join(DigestRunRow, DigestRunRow.id == OutboxRow.ref_id)
        .where(
            OutboxRow.kind == outbox.DIGEST,
            DigestRunRow.outcome.in_([Outcome.SENT, Outcome.LATE]),
        )
    )
    rows = session.execute(query).all()
    assert {row.state for row in rows} == {outbox.IDLE}
    return sorted(row.ts for row in rows)
