"""A workspace whose bot runs in processes that a test starts, kills and starts again."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot import manifest
from bot.http import EVENTS_PATH
from tests.flows.conftest import GoingClock
from tests.slack.faults import Fault
from tests.slack.person import Person
from tests.slack.server import StrictSlack
from tests.slack.world import Channel

ROOT = Path(__file__).parent.parent.parent
LEASE = 31.0
"""Seconds after which what a dead process had claimed comes back."""


@dataclass(slots=True)
class Site:
    """The strict Slack, its people, and the bot's processes; the newest hears them."""

    slack: StrictSlack
    clock: GoingClock
    url: str
    people: list[Person]
    deals: Channel
    processes: list[asyncio.subprocess.Process] = field(default_factory=list)

    async def start(self) -> asyncio.subprocess.Process:
        """Starts one more copy, and sends to it from now on."""
        environment = self.slack.environment(sockets=False)
        environment |= {"DATABASE_URL": self.url, "PORT": "0", "LOG_LEVEL": "warning"}
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.faults.runner",
            str(self.clock.ahead),
            cwd=ROOT,
            env=kept | environment,
            stdout=asyncio.subprocess.PIPE,
        )
        self.processes.append(process)
        assert process.stdout is not None
        async with asyncio.timeout(20):
            port = (await process.stdout.readline()).decode().strip()
        assert port, "the bot did not start"
        self.slack.http(f"http://127.0.0.1:{port}{EVENTS_PATH}")
        return process

    async def kill(self, process: asyncio.subprocess.Process) -> None:
        """Without a word, as a machine that loses its power; then time passes."""
        await self.end(process, signal.SIGKILL)
        self.clock.turn(LEASE)

    async def end(self, process: asyncio.subprocess.Process, number: int) -> None:
        process.send_signal(number)
        await process.wait()
        self.processes.remove(process)

    async def struck(self, fault: Fault, within: float) -> bool:
        """Whether a fault strikes within so many seconds; no more of them strike after that."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                while not fault.hits:
                    await self.slack._changed.wait()
        fault.stop()
        return fault.hits > 0

    async def set_up(self) -> None:
        alice = self.people[0]
        await alice.command("/dealthread setup", self.deals)
        await alice.sees("Set up Dealthread")
        alice.view.choose("Deals channel", self.deals)
        assert await alice.submit() == {}
        await alice.hears("Cards go to")

    async def open_deals(self, count: int) -> None:
        alice = self.people[0]
        for number in range(1, count + 1):
            await alice.command(f"/opp new Deal {number}", self.deals)
            await alice.sees("New opportunity")
            assert await alice.submit() == {}
        for number in range(1, count + 1):
            await self.slack.heard(self.deals, f"#{number}", within=20)


@asynccontextmanager
async def site(url: str, *, rate: float = float("inf")) -> AsyncIterator[Site]:
    clock = GoingClock()
    async with StrictSlack.from_manifest(manifest.load(), clock=clock, rate=rate) as slack:
        about = {"tz": "Europe/London", "locale": "en-GB"}
        people = [
            slack.person(name, admin=name.startswith("Alice"), **about)
            for name in ("Alice Johnson", "Bob Stone", "Carol King")
        ]
        deals = slack.channel("deals", members=[*people, slack.bot])
        at_work = Site(slack, clock, url, people, deals)
        try:
            yield at_work
        finally:
            for process in list(at_work.processes):
                await at_work.end(process, signal.SIGKILL)
        assert slack.violations == []
