"""Gets to know the names of people who write, after the fact: a reply is kept without asking who
its author is, and each new author is looked up once, at Slack's pace.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable

from bot.directory import Directory
from store.database import Store
from store.errors import Busy
from store.usecases import people

log = logging.getLogger(__name__)

PACE = 0.6
"""Seconds between two look-ups: of users.info Slack takes a hundred a minute."""
TRIES = 3


class Meeting:
    """Each person is met once in the life of the process; their changes come as events."""

    def __init__(self, store: Store, directory: Directory) -> None:
        self.store = store
        self.directory = directory
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

    async def stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> None:
        while self._waiting:
            workspace_id, user_id, tries = self._waiting.popleft()
            try:
                known = await self.store.read(people.known, workspace_id, user_id)
                if known:
                    continue
                learned = await self.directory.learn(workspace_id, user_id)
            except Busy:
                learned = False
            if learned:
                await asyncio.sleep(PACE)
            elif tries > 1:
                self._waiting.append((workspace_id, user_id, tries - 1))
                await asyncio.sleep(PACE * 10)
            else:
                self._met.discard((workspace_id, user_id))
