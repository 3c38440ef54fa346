"""The outbox's worker: takes what is due, and has it posted.

A claim is committed before anything is sent. Whatever happens then, the row comes back when its
lease ends.
"""

import asyncio
import contextlib
import logging
import secrets
import time
import uuid
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from bot.person.directory import Directory
from bot.slack import Slack
from store.database import Store
from store.errors import Busy
from store.outbox import claims, leases
from store.outbox.outbox import Job

if TYPE_CHECKING:
    from bot.delivery.posting import Posting

log = logging.getLogger(__name__)

AT_ONCE = 16
"""Calls to Slack under way at the same time."""
IDLE = 2.0
"""Seconds until it looks again for what another copy left, when nobody wakes it."""
SHORTEST, LONGEST = 0.05, 1.0
"""Seconds between two looks: four times as long as the last one took, so that in a storm of changes
or with a long backlog the database is there for people first.
"""
GATHER = 0.05
"""Seconds for which what is saved meanwhile is gathered: a look for each of fifty clicks at once
would keep the clicks waiting, and nobody sees a card change sooner.
"""


class Delivery:
    """Runs from `start` to `stop`; several copies share one database."""

    def __init__(
        self,
        store: Store,
        slack: Slack,
        directory: Directory,
        clock: Callable[[], datetime],
        *,
        prefix: str = "",
    ) -> None:
        self.store = store
        self.slack = slack
        self.directory = directory
        self.clock = clock
        self.prefix = prefix
        self.lessee = uuid.uuid4().hex[:16]
        self._wake = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._running: asyncio.Task[None] | None = None
        self._stopping = False
        self._waits = False
        loop = asyncio.get_running_loop()
        store.on_outbox(lambda: _wake(loop, self._wake))

    @cached_property
    def posting(self) -> "Posting":
        """Made for the first job, because it loads all that draws messages: a start would wait."""
        from bot.delivery.posting import Posting  # noqa: PLC0415

        return Posting(self.store, self.slack, self.directory, self.clock, self.lessee, self.prefix)

    def start(self) -> None:
        self._running = asyncio.create_task(self._run(), name="delivery")

    async def stop(self, grace: float) -> None:
        """Takes nothing new, finishes what is under way, and gives back what can't be finished."""
        self._stopping = True
        self._wake.set()
        if self._running is not None:
            await asyncio.wait({self._running})
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=grace)
        unfinished = list(self._under_way)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        self.posting.pictures.close()
        if unfinished:
            with contextlib.suppress(Busy):  # Then their leases run out.
                await self.store.write(leases.release, self.lessee, self.clock())

    async def _run(self) -> None:
        """A round that fails by itself, also by a mistake of ours, does not end delivery."""
        while not self._stopping:
            self._wake.clear()
            began = time.monotonic()
            turn = asyncio.create_task(self._round())
            await asyncio.wait({turn})
            took = time.monotonic() - began
            error = turn.exception()
            self._say(error)
            await asyncio.sleep(min(max(SHORTEST, 4 * took), LONGEST))
            await self._sleep(turn.result() if error is None else IDLE)

    def _say(self, error: BaseException | None) -> None:
        """A database that is away is waited for, and said once."""
        if isinstance(error, Busy):
            if not self._waits:
                log.warning("Delivery waits for the database")
        elif error is not None:
            log.error("Delivery can't take what is due", exc_info=error)
        elif self._waits:
            log.info("Delivery goes on")
        self._waits = isinstance(error, Busy)

    async def _sleep(self, pause: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._wake.wait()
                await asyncio.sleep(GATHER)

    async def _round(self) -> float:
        """Claims as much as there is room for; seconds until the next look."""
        room = AT_ONCE - len(self._under_way)
        if room <= 0:
            return IDLE
        now = self.clock()
        claim = await self.store.write(claims.claim, self.lessee, now, room)
        for job in claim.jobs:
            self._begin(job)
        wait = (claim.next_at - now).total_seconds() if claim.next_at else IDLE
        return min(max(wait, 0.0), IDLE)

    def _begin(self, job: Job) -> None:
        task = asyncio.create_task(self.posting.deliver(job))
        self._under_way.add(task)
        task.add_done_callback(lambda done: self._finished(done, job))

    def _finished(self, task: asyncio.Task[None], job: Job) -> None:
        self._under_way.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()):
            burying = asyncio.create_task(self._bury(job, error))
            self._under_way.add(burying)
            burying.add_done_callback(self._under_way.discard)

    async def _bury(self, job: Job, error: BaseException) -> None:
        """A mistake of ours would be made again: it is logged, and not tried again."""
        from store.usecases.delivery import outcomes  # noqa: PLC0415 - see `posting`.

        reference = secrets.token_hex(3).upper()
        log.error("Could not deliver %s, reference %s", job.key, reference, exc_info=error)
        with contextlib.suppress(Busy):  # Then it comes back, and fails once more.
            said = f"{type(error).__name__}, reference {reference}"
            await self.store.write(outcomes.buried, job, self.lessee, said)


def _wake(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    # A loop that has closed meanwhile has nobody left to wake.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(event.set)
