"""Several copies of the bot on one PostgreSQL: they share the work and repeat nothing."""

import asyncio
import signal
from collections.abc import Iterator

import pytest

from store.database import Store
from tests.faults import truth
from tests.faults.process import LEASE, Site, site
from tests.slack.server import StrictSlack

pytestmark = pytest.mark.postgres

STAGES = ("Pitching", "Quoting", "Closing")
DEALS = 8


@pytest.fixture
def store(migrated_postgresql_url: str) -> Iterator[Store]:
    found = Store(migrated_postgresql_url)
    yield found
    found.close()


def limited(slack: StrictSlack) -> int:
    return sum(call.status == 429 for call in slack.calls())


async def _move_all(at: Site, stage: str, within: float) -> None:
    cards = [truth.cards(at.deals, number)[0] for number in range(1, DEALS + 1)]
    who = at.people[len(stage) % 3]
    acks = await asyncio.gather(*(who.press(stage, on=card) for card in cards))
    assert all(ack is not None and ack.ok for ack in acks)
    for card in cards:
        await at.slack.shows(card, f"✓ {stage}", within=within)


async def test_two_copies_share_the_work(migrated_postgresql_url: str, store: Store) -> None:
    async with site(migrated_postgresql_url) as at:
        for _ in range(2):
            await at.start()
        await at.set_up()
        await at.open_deals(DEALS)
        at.slack.faults.latency = 0.1
        for stage in STAGES:
            await _move_all(at, stage, within=30)
        await truth.at_rest(at.slack, store, at.deals, within=60)
        posts = at.slack.calls("chat.postMessage")
        assert len(posts) == DEALS * (2 + len(STAGES))


async def test_two_copies_keep_to_one_rate(migrated_postgresql_url: str, store: Store) -> None:
    async with site(migrated_postgresql_url, rate=1) as at:
        for _ in range(2):
            await at.start()
        await at.set_up()
        await at.open_deals(DEALS)
        await truth.at_rest(at.slack, store, at.deals, within=60)
        await _move_all(at, "Quoting", within=30)
        await truth.at_rest(at.slack, store, at.deals, within=60)
        assert limited(at.slack) <= 5


async def test_what_a_dead_copy_had_claimed_comes_back(
    migrated_postgresql_url: str, store: Store
) -> None:
    async with site(migrated_postgresql_url) as at:
        first = await at.start()
        await at.set_up()
        await at.open_deals(DEALS)
        await truth.at_rest(at.slack, store, at.deals, within=60)
        stuck = at.slack.faults.next("chat.update", hang=30, times=DEALS)
        cards = [truth.cards(at.deals, number)[0] for number in range(1, DEALS + 1)]
        await asyncio.gather(*(at.people[0].press("Quoting", on=card) for card in cards))
        await at.slack.until(lambda: stuck.hits >= DEALS, "all updates under way", within=10)
        stuck.stop()
        await at.end(first, signal.SIGKILL)
        at.clock.turn(LEASE)
        await at.start()
        await truth.at_rest(at.slack, store, at.deals, within=60)


async def test_a_copy_that_stops_hands_over_at_once(
    migrated_postgresql_url: str, store: Store
) -> None:
    async with site(migrated_postgresql_url) as at:
        first = await at.start()
        await at.set_up()
        await at.open_deals(3)
        await truth.at_rest(at.slack, store, at.deals, within=60)
        stuck = at.slack.faults.next("chat.postMessage", hang=30, times=3)
        cards = [truth.cards(at.deals, number)[0] for number in range(1, 4)]
        await asyncio.gather(*(at.people[0].press("Quoting", on=card) for card in cards))
        await at.slack.until(lambda: stuck.hits >= 1, "a post under way", within=10)
        stuck.stop()
        async with asyncio.timeout(10):
            await at.end(first, signal.SIGTERM)
        # No clock is turned: no lease has to run out.
        await at.start()
        await truth.at_rest(at.slack, store, at.deals, within=20)
