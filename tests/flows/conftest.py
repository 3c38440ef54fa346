"""The whole bot against the strict Slack: both transports, both databases, one clock for all."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot import manifest
from bot.http import EVENTS_PATH
from bot.serve import Running, running
from bot.settings import GivenSettings
from store.outbox import budget, outbox
from store.outbox.budget import Pace
from store.usecases.digest import turns as digest_turns
from tests import rest
from tests.slack.clock import Clock
from tests.slack.person import Person
from tests.slack.server import StrictSlack
from tests.slack.state import PATIENCE
from tests.slack.world import Channel, Message


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

    async def noted(self, message: Message, within: float = PATIENCE) -> Message:
        """Waits until the bot knows that its message stands, as it does long before anybody can
        answer there. The database wakes nobody, so it is asked again and again.
        """
        store, where = self.bot.app.store, (message.channel.team.id, message.channel.id, message.ts)
        try:
            async with asyncio.timeout(within):
                while not store.read_now(rest.is_noted, *where):  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"not noted within {within:g} s: {message.text}") from None
        return message


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
            slack.app_waits_for = lambda: rest.waits_for(bot.app)
            yield Office(slack, bot, url, alice, bob, carol, deals, random, clock)
            await slack.settled()  # Who stops while Slack still sends leaves connections half open.
            slack.app_waits_for = str
        assert slack.violations == []


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cards, lines and Homes may change ten times a second here, and a channel takes as many
    posts, where people would get dizzy and Slack would refuse; and what was pressed is saved before
    a digest is decided. What is about that pause asks for `unhurried`.
    """
    monkeypatch.setattr(digest_turns, "SETTLES", timedelta(0))
    monkeypatch.setitem(budget.PACES, budget.CHANNEL, Pace(timedelta(seconds=0.1), 10))
    for kind in (outbox.CARD, outbox.ACTIVITY, outbox.TASK, outbox.HOME):
        monkeypatch.setitem(outbox.QUIET, kind, timedelta(seconds=0.1))


@pytest.fixture
def unhurried(hurried: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As people see it: a second between two looks of one card."""
    for kind in (outbox.CARD, outbox.ACTIVITY, outbox.TASK, outbox.HOME):
        monkeypatch.setitem(outbox.QUIET, kind, timedelta(seconds=1))


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
