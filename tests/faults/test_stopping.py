"""SIGTERM drains and exits within ten seconds; nothing is lost or repeated at the next start."""

import asyncio
import signal
import time
from collections.abc import Iterator

import pytest

from store.database import Store
from tests.faults import truth
from tests.faults.process import Site, site


@pytest.fixture
def store(migrated_sqlite_url: str) -> Iterator[Store]:
    found = Store(migrated_sqlite_url)
    yield found
    found.close()


async def _stopped(at: Site) -> float:
    began = time.monotonic()
    process = at.processes[-1]
    await at.end(process, signal.SIGTERM)
    assert process.returncode == 0
    return time.monotonic() - began


async def test_an_idle_bot_stops_at_once(migrated_sqlite_url: str) -> None:
    async with site(migrated_sqlite_url) as at:
        await at.start()
        await at.set_up()
        await at.slack.quiet(0.5)
        assert await _stopped(at) < 2


@pytest.mark.parametrize("what", [{"delay": 1.5}, {"delay": 30}, {"hang": 30}], ids=str)
@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update", "chat.getPermalink"])
async def test_what_is_under_way_is_finished_or_found(
    migrated_sqlite_url: str, store: Store, method: str, what: dict
) -> None:
    async with site(migrated_sqlite_url) as at:
        await at.start()
        await at.set_up()
        await at.open_deals(2)
        await truth.at_rest(at.slack, store, at.deals)
        slow = at.slack.faults.next(method, times=2, **what)
        for number in (1, 2):
            await at.people[0].press("Quoting", on=truth.cards(at.deals, number)[0])
        await at.slack.until(lambda: slow.hits, "a call under way", within=10)
        assert await _stopped(at) < 10
        slow.stop()
        await at.start()
        await truth.at_rest(at.slack, store, at.deals)


async def test_presses_while_it_stops_are_saved_or_not_acknowledged(
    migrated_sqlite_url: str, store: Store
) -> None:
    async with site(migrated_sqlite_url) as at:
        await at.start()
        await at.set_up()
        await at.open_deals(6)
        await truth.at_rest(at.slack, store, at.deals)
        cards = [truth.cards(at.deals, number)[0] for number in range(1, 7)]
        presses = [asyncio.create_task(at.people[0].press("Quoting", on=card)) for card in cards]
        stopping = asyncio.create_task(_stopped(at))
        acks = await asyncio.gather(*presses)
        assert await stopping < 10
        await at.start()
        await truth.at_rest(at.slack, store, at.deals)
        for deal, ack in zip(store.read_now(truth.deals), acks, strict=True):
            assert deal.status == "Quoting" or not (ack and ack.ok)
