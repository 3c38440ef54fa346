"""Gets to know the names of people who write, after the fact: a reply is kept without asking who
its author is, and each new author is looked up once, at Slack's pace.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Iterable

from bot.person.directory import Directory
from store.database import Store
from store.errors import Busy
from store.usecases.person import people

PACE = 0.6
"""Seconds between two look-ups: of users.info Slack takes a hundred a minute."""
AGAIN = 10.0
"""Seconds until somebody who could not be looked up is tried again."""
TRIES = 3


class Meeting:
    """Each person is met once in the life of the process; their changes come as events."""

    def __init__(
        self,
        store: Store,
        directory: Directory,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.store = store
        self.directory = directory
        self.pause = pause
        self._met: set[tuple[str, str]] = set()
        self._waiting: deque[tuple[str, str, int]] = deque()
        self._running: asyncio.Task[None] | None = None

    def __call__(self, workspace_id: str, people: Iterable[str]) -> None:
        for user_id in people:
            if (workspace_id, user_id) not in self._met:
                self._met.add((workspace_id, user_id))
                self._waiting.append((workspace_id, user_id, TRIES))
        if self._waiting and (self._running is None or self._running.done()):
            self._running = asyncio.create_task(self._run(), name="meeting")

    async def settled(self) -> None:
        """Waits until nobody is left to be met."""
        while self._running is not None and not self._running.done():
            await asyncio.wait({self._running})

    async def stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> None:
        while self._waiting:
            workspace_id, user_id, tries = self._waiting.popleft()
            if await self._is_known(workspace_id, user_id):
                continue
            if await self._learned(workspace_id, user_id):
                await self.pause(PACE if self._waiting else 0)
            elif tries > 1:
                self._waiting.append((workspace_id, user_id, tries - 1))
                await self.pause(AGAIN)
            else:
                self._met.discard((workspace_id, user_id))

    async def _is_known(self, workspace_id: str, user_id: str) -> bool:
        with contextlib.suppress(Busy):
            return await self.store.read(people.known, workspace_id, user_id)
        return False

    async def _learned(self, workspace_id: str, user_id: str) -> bool:
        with contextlib.suppress(Busy):
            return await self.directory.learn(workspace_id, user_id)
        return False
