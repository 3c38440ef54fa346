"""Replies that came while nobody heard them: at a start, after a connection was away, or when the
database was, the threads of open deals are read, in the background and at Slack's pace.
"""

import asyncio
import contextlib
import logging
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.install.installed import Installed
from bot.slack import FAILURES, Slack, Trouble, reason, retry_after, trouble
from handlers import comment
from handlers.services import Meet
from store.comment import Reply
from store.database import Store
from store.errors import Busy
from store.usecases.comment import catching_up, comments
from store.usecases.comment.catching_up import Absence, Thread

log = logging.getLogger(__name__)

EVERY = 50.0
"""Seconds between two times that it is kept that all was heard."""
PAGE = 200
KEPT_AT_ONCE = 50
"""Replies in one transaction: people's clicks wait for no more."""
AT_ONCE = 4
"""Workspaces that are caught up with at the same time."""
PATIENCE = 3
"""So many times in a row Slack may fail before it is left in peace until the next look."""
LOCKED_OUT = timedelta(minutes=1)
LONGEST_WAIT = 20.0
"""Seconds; shorter than the lease, which is kept at each turn."""
_ELSEWHERE = frozenset({"not_in_channel", "channel_not_found", "is_archived", "is_inactive"})
"""Where the bot hears nothing at all; that its cards can't stand there is told by the outbox."""


class Stopped(Exception):
    """Slack is away, or another copy has taken over: it begins anew at a later look."""


class CatchingUp:
    """`connected` says whether Slack can reach us; over HTTP it is taken to."""

    def __init__(
        self,
        store: Store,
        slack: Slack,
        installed: Installed,
        meet: Meet,
        clock: Callable[[], datetime],
    ) -> None:
        self.store, self.slack, self.installed = store, slack, installed
        self.meet, self.clock = meet, clock
        self.connected: Callable[[], bool] = lambda: True
        self.lessee = uuid.uuid4().hex[:16]
        self._looked_at: float | None = None
        self._listening_since: datetime | None = None
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(AT_ONCE)

    async def tick(self) -> None:
        """To be called every few seconds: looks once a minute, and when a connection is back."""
        looked, now = self._looked_at, time.monotonic()
        if looked is None or now - looked >= EVERY or not self.connected():
            await self.look()

    async def look(self) -> None:
        """Keeps that all is heard; where it was not, begins to catch up."""
        self._looked_at = None
        if not self.connected():
            self._listening_since = None
            return
        now, ids = self.clock(), self.installed.workspace_ids
        try:
            missed = await self.store.write(catching_up.listening, ids, now)
        except Busy:
            self._listening_since = None  # Without a database nothing is heard either.
            raise
        self._looked_at = time.monotonic()
        self._listening_since = self._listening_since or now
        for workspace_id in missed:
            if workspace_id not in self._under_way:
                self._begin(workspace_id)

    def _begin(self, workspace_id: str) -> None:
        task = asyncio.create_task(self._catch_up(workspace_id), name="catching up")
        self._under_way[workspace_id] = task
        task.add_done_callback(lambda done: self._ended(workspace_id, done))

    def _ended(self, workspace_id: str, task: asyncio.Task[None]) -> None:
        del self._under_way[workspace_id]
        if not task.cancelled() and (error := task.exception()):
            log.error("Can't catch up with %s", workspace_id, exc_info=error)

    async def settled(self) -> None:
        """Waits until what was begun is done."""
        await asyncio.gather(*self._under_way.values())

    async def stop(self) -> None:
        """What is under way is begun anew by the next copy, at once."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if tasks:
            with contextlib.suppress(Busy):  # Then the lease runs out.
                await self.store.write(catching_up.release, self.lessee)

    async def _catch_up(self, workspace_id: str) -> None:
        async with self._room:
            began = self.clock()
            try:
                await self.slack.ready(workspace_id)
                absence = await self.store.write(
                    catching_up.begin, workspace_id, self.lessee, began
                )
                if absence is not None:
                    await self._picked_up(workspace_id, absence, began)
            except Busy:
                log.warning("Catching up waits for the database")
            except Stopped as stopped:
                log.warning("Catching up stops for now: %s", stopped)

    async def _picked_up(self, workspace_id: str, absence: Absence, began: datetime) -> None:
        log.info("Nothing was heard since %s: reading the threads", absence.since)
        reading = Reading(self, workspace_id, absence)
        await reading.all()
        through = self._listening_since is not None and self._listening_since <= began
        until = self.clock() if through else began
        await self.store.write(catching_up.done, workspace_id, self.lessee, until, reading.refused)
        log.info("Read %d threads; all was heard", len(absence.threads))


class Reading:
    """The threads of one workspace, asked one after the other."""

    def __init__(self, parent: CatchingUp, workspace_id: str, absence: Absence) -> None:
        self.parent, self.workspace_id, self.absence = parent, workspace_id, absence
        self.refused: dict[str, str] = {}
        self._shut: set[str] = set()
        self._failed: Counter[Thread] = Counter()
        self._in_a_row = 0
        self._bot_user_id = parent.installed.bot_user_id(workspace_id)

    async def all(self) -> None:
        """A thread that fails is asked again at the end; one that always does, when others don't,
        is left out.
        """
        waiting = deque(self.absence.threads)
        while waiting:
            thread = waiting.popleft()
            if thread.channel_id not in self._shut and not await self._asked(thread):
                waiting.append(thread)

    async def _asked(self, thread: Thread) -> bool:
        """Whether there is nothing more to ask of it."""
        try:
            await self._read(thread)
        except FAILURES as error:
            return await self._failure(thread, error)
        self._in_a_row = 0
        return True

    async def _read(self, thread: Thread) -> None:
        """What is kept of it and not there any more was deleted."""
        store, clock, cursor, present = self.parent.store, self.parent.clock, "", set[str]()
        known = await store.read(
            catching_up.known_in, self.workspace_id, thread, self.absence.oldest, clock()
        )
        while True:
            answer = await self._page(thread, cursor)
            messages: list[Mapping[str, Any]] = answer["messages"]
            present.update(str(message.get("ts")) for message in messages)
            await self._keep(thread, messages)
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        for ts in known - present:
            where = self.workspace_id, thread.channel_id
            await store.write(comments.deleted, *where, ts, clock())

    async def _page(self, thread: Thread, cursor: str) -> Any:
        """The next two hundred, or as many as Slack gives; when it says so, after a while."""
        client = self.parent.slack.client(self.workspace_id)
        while True:
            await self._turn()
            try:
                return await client.conversations_replies(
                    channel=thread.channel_id,
                    ts=thread.ts,
                    oldest=f"{self.absence.oldest.timestamp():.6f}",
                    limit=PAGE,
                    cursor=cursor or None,
                )
            except FAILURES as error:
                if trouble(error) is not Trouble.WAIT:
                    raise
                await self._hold(timedelta(seconds=retry_after(error)))

    async def _turn(self) -> None:
        """Waits until the pace allows a call."""
        parent = self.parent
        while True:
            wait = await parent.store.write(
                catching_up.turn, self.workspace_id, parent.lessee, parent.clock()
            )
            if wait is None:
                raise Stopped("another copy has taken over")
            if not wait:
                return
            await asyncio.sleep(min(wait.total_seconds(), LONGEST_WAIT))

    async def _keep(self, thread: Thread, messages: list[Mapping[str, Any]]) -> None:
        """What asked the bot for something is no comment, and is not done so long after."""
        bot = self._bot_user_id
        told = [
            found
            for message in messages
            if not comment.is_command(message, bot)
            and (found := comment.reply(message, thread.channel_id, bot))
        ]
        for start in range(0, len(told), KEPT_AT_ONCE):
            part: list[Reply] = told[start : start + KEPT_AT_ONCE]
            await self.parent.store.write(catching_up.found, self.workspace_id, part)
            for one in part:
                self.parent.meet(self.workspace_id, one.people)

    async def _failure(self, thread: Thread, error: BaseException) -> bool:
        kind, said = trouble(error), reason(error)
        log.info("Can't read the thread %s: %s", thread, said)
        if kind in (Trouble.MAYBE, Trouble.NOT_SENT):
            return self._put_off(thread, said)
        if kind is Trouble.LOCKED_OUT and said not in ("missing_scope", "access_denied"):
            await self._hold(LOCKED_OUT)
            raise Stopped(said)
        if kind not in (Trouble.GONE, Trouble.THREAD):
            self._shut.add(thread.channel_id)
            if said not in _ELSEWHERE:
                log.warning("Slack does not let %s be read: %s", thread.channel_id, said)
                self.refused[thread.channel_id] = said
        return True

    def _put_off(self, thread: Thread, said: str) -> bool:
        self._failed[thread] += 1
        self._in_a_row += 1
        if self._in_a_row >= PATIENCE:
            raise Stopped(said)
        return self._failed[thread] >= PATIENCE

    async def _hold(self, wait: timedelta) -> None:
        again_at = self.parent.clock() + wait
        await self.parent.store.write(catching_up.held, self.workspace_id, again_at)
