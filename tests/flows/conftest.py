"""The whole bot against the strict Slack: both transports, both databases, one clock for all."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot import manifest
from bot.http import EVENTS_PATH
from bot.serve import Running, running
from bot.settings import GivenSettings
from tests.slack.clock import Clock
from tests.slack.person import Person
from tests.slack.server import StrictSlack
from tests.slack.world import Channel


class GoingClock(Clock):
    """Goes by itself, and can be turned ahead besides."""

    def __call__(self) -> float:
        return time.time() + self.ahead

    def __init__(self) -> None:
        super().__init__()
        self.ahead = 0.0

    def turn(self, seconds: float) -> None:
        self.ahead += seconds


@dataclass(slots=True)
class Office:
    """A workspace at work: three people, a deals channel and one without the bot, and the bot."""

    slack: StrictSlack
    bot: Running
    url: str
    alice: Person
    bob: Person
    carol: Person
    deals: Channel
    random: Channel
    clock: Clock

    async def now_set_up(self) -> None:
        """Alice sets the workspace up, as an admin does first."""
        await self.alice.command("/dealthread setup", self.deals)
        await self.alice.sees("Set up Dealthread")
        self.alice.view.choose("Deals channel", self.deals)
        assert await self.alice.submit() == {}
        await self.alice.hears("Cards go to")


def settings_for(slack: StrictSlack, url: str, *, sockets: bool, prefix: str = "") -> GivenSettings:
    environment = slack.environment(sockets=sockets)
    given = {name.lower(): value for name, value in environment.items()}
    return GivenSettings(database_url=url, port=0, command_prefix=prefix, **given)


@asynccontextmanager
async def office(
    url: str,
    *,
    sockets: bool = False,
    clock: Clock | None = None,
    rate: float = float("inf"),
    prefix: str = "",
) -> AsyncIterator[Office]:
    clock = clock or GoingClock()
    options = {"clock": clock, "rate": rate}
    async with StrictSlack.from_manifest(manifest.build(prefix=prefix), **options) as slack:
        alice = slack.person("Alice Johnson", admin=True, tz="Europe/London", locale="en-GB")
        bob = slack.person("Bob Stone", tz="Europe/London", locale="en-GB")
        carol = slack.person("Carol King", tz="Europe/London", locale="en-GB")
        deals = slack.channel("deals", members=[alice, bob, carol, slack.bot])
        random = slack.channel("random", members=[alice, bob, carol])
        settings = settings_for(slack, url, sockets=sockets, prefix=prefix)
        async with running(settings, clock=lambda: datetime.fromtimestamp(clock(), UTC)) as bot:
            if sockets:
                await slack.connected(1)
            else:
                slack.http(f"http://127.0.0.1:{bot.port}{EVENTS_PATH}")
            yield Office(slack, bot, url, alice, bob, carol, deals, random, clock)
        assert slack.violations == []


@pytest.fixture(params=["http", "sockets"])
async def everywhere(request: pytest.FixtureRequest, migrated_url: str) -> AsyncIterator[Office]:
    """Over HTTP and Socket Mode, on SQLite and PostgreSQL."""
    async with office(migrated_url, sockets=request.param == "sockets") as working:
        yield working


@pytest.fixture
async def work(migrated_sqlite_url: str) -> AsyncIterator[Office]:
    """Over HTTP on SQLite: what is not about transports or databases."""
    async with office(migrated_sqlite_url) as working:
        yield working
