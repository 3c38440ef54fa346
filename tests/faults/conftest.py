"""An office that is set up, with a way to open deals and to look into its database."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from store.database import Store
from store.usecases.delivery import upkeep
from tests.faults import truth
from tests.flows.conftest import Office, office
from tests.slack.server import StrictSlack
from tests.slack.world import Message


@dataclass(slots=True)
class Desk:
    """The office of one test."""

    office: Office

    @property
    def slack(self) -> StrictSlack:
        return self.office.slack

    @property
    def store(self) -> Store:
        return self.office.bot.app.store

    async def open(self, name: str = "Acme", *, settled: bool = True) -> Message:
        """A deal in Lead, by Alice; its card, with the first line below."""
        at = self.office
        await at.alice.command(f"/opp new {name}", at.deals)
        await at.alice.sees("New opportunity")
        assert await at.alice.submit() == {}
        card = await at.slack.heard(at.deals, name, within=20)
        if settled:
            await at.slack.heard(at.deals, "opened it", thread=card, within=20)
        return card

    async def move(self, card: Message, to: str) -> None:
        ack = await self.office.alice.press(to, on=card)
        assert ack is not None
        assert ack.status == 200

    def backlog(self) -> dict[str, int]:
        now = datetime.fromtimestamp(self.office.clock(), UTC)
        found = self.store.read_now(upkeep.backlog, now)
        return {state: count for state, count in found.items() if count}

    async def at_rest(self, within: float = 30) -> None:
        """Waits until Slack shows what the database says, each line once and in order."""
        await truth.at_rest(self.slack, self.store, self.office.deals, within, still=0.2)

    async def nothing_waits(self, within: float = 30) -> None:
        """Waits until the outbox is done too: what Slack shows may still be unsure to the bot. The
        database wakes nobody, so it is asked again and again.
        """
        async with asyncio.timeout(within):
            while self.backlog():  # noqa: ASYNC110 - no event comes from another's database.
                await asyncio.sleep(0.05)


@pytest.fixture
def store(migrated_url: str) -> Iterator[Store]:
    """The database of the bot's processes, looked into from outside of them."""
    found = Store(migrated_url)
    yield found
    found.close()


@pytest.fixture
async def desk(migrated_sqlite_url: str) -> AsyncIterator[Desk]:
    async with office(migrated_sqlite_url) as working:
        await working.now_set_up()
        yield Desk(working)


@pytest.fixture
async def any_desk(migrated_url: str) -> AsyncIterator[Desk]:
    """On SQLite and on PostgreSQL."""
    async with office(migrated_url) as working:
        await working.now_set_up()
        yield Desk(working)
