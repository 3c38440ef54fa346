"""The outbox's worker: the one place that posts to Slack.

It claims what is due (committed), renders it from the store as it is now, calls Slack, and keeps
what came of it. Whatever happens in between, the row comes back when its lease ends.
"""

import asyncio
import contextlib
import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.render import Rendered, render
from bot.slack import FAILURES, Slack, Trouble, reason, retry_after, trouble
from store import budget, outbox
from store.database import Store
from store.errors import Busy
from store.outbox import Job
from store.usecases import cards, channels

log = logging.getLogger(__name__)

AT_ONCE = 16
"""Calls to Slack under way at the same time."""
IDLE = 2.0
"""Seconds until it looks again for what another copy left, when nobody wakes it."""
EVENT_TYPE = "dealthread_message"
BACKOFF = (2, 5, 15, 60, 300, 900)
"""Seconds before the next try; the last stays."""
LOCKED_OUT = timedelta(minutes=5)


class Delivery:
    def __init__(
        self, store: Store, slack: Slack, clock: Callable[[], datetime], *, name: str = ""
    ) -> None:
        self.store = store
        self.slack = slack
        self.clock = clock
        self.lessee = name or uuid.uuid4().hex[:16]
        self._wake = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()
        self._stopping = False
        loop = asyncio.get_running_loop()
        store.on_outbox(lambda: _wake(loop, self._wake))

    async def run(self) -> None:
        """Until `stop`: claims and delivers; a database that is away is waited for."""
        while not self._stopping:
            self._wake.clear()
            try:
                pause = await self._round()
            except Busy:
                log.warning("Delivery waits for the database")
                pause = IDLE
            await self._sleep(pause)

    async def stop(self) -> None:
        """Takes nothing new and finishes what is under way."""
        self._stopping = True
        self._wake.set()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _sleep(self, pause: float) -> None:
        try:
            async with asyncio.timeout(pause):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _round(self) -> float:
        """Claims as much as there is room for; seconds until the next look."""
        room = AT_ONCE - len(self._under_way)
        if room <= 0:
            return IDLE
        now = self.clock()
        claim = await self.store.write(outbox.claim, self.lessee, now, room)
        for job in claim.jobs:
            task = asyncio.create_task(self._deliver(job))
            self._under_way.add(task)
            task.add_done_callback(self._finished)
        if claim.jobs:
            return 0.0 if len(claim.jobs) < room else IDLE
        wait = (claim.next_at - now).total_seconds() if claim.next_at else IDLE
        return min(max(wait, 0.02), IDLE)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._wake.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("A delivery failed", exc_info=error)

    async def _deliver(self, job: Job) -> None:
        """One job from claim to outcome. Without the database its lease just runs out."""
        try:
            await self.slack.ready(job.workspace_id)
            shown = await render(self.store, job, self.clock())
            if shown is None:
                await self._keep(outbox.give_up, job, "nothing to show", state=outbox.DEAD)
            elif job.ts is not None:
                await self._update(job, shown)
            elif job.unsure and await self._found(job):
                return
            else:
                await self._post(job, shown)
        except Busy:
            log.warning("The database went away while %s was delivered", job.key)

    async def _keep(self, outcome: Callable[..., Any], job: Job, *args: Any, **kw: Any) -> None:
        await self.store.write(outcome, job, self.lessee, *args, **kw)

    async def _update(self, job: Job, shown: Rendered) -> None:
        client = self.slack.client(job.workspace_id)
        try:
            await client.chat_update(
                channel=job.channel_id or "", ts=job.ts or "", **shown.message.payload
            )
        except FAILURES as error:
            await self._failed(job, error, posting=False)
            return
        permalink = job.permalink or await self._permalink(job, job.channel_id or "", job.ts or "")
        await self._done(job, shown, job.channel_id or "", job.ts or "", permalink)

    async def _post(self, job: Job, shown: Rendered) -> None:
        client = self.slack.client(job.workspace_id)
        try:
            channel = shown.channel_id or await self._direct(job, shown.user_id or "")
            aimed = await self.store.write(outbox.aim, job, self.lessee, channel, shown.thread_ts)
            if not aimed:
                return  # The lease ran out: another copy has it.
        except FAILURES as error:
            await self._failed(job, error, posting=False)
            return
        try:
            answer = await client.chat_postMessage(
                channel=channel,
                thread_ts=shown.thread_ts,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": _mark(job)}},
                unfurl_links=False,
                unfurl_media=False,
                **shown.message.payload,
            )
        except FAILURES as error:
            await self._failed(job, error, posting=True)
            return
        channel, ts = str(answer["channel"]), str(answer["ts"])
        await self._done(job, shown, channel, ts, await self._permalink(job, channel, ts))

    async def _direct(self, job: Job, user_id: str) -> str:
        answer = await self.slack.client(job.workspace_id).conversations_open(users=user_id)
        return str(answer["channel"]["id"])

    async def _permalink(self, job: Job, channel: str, ts: str) -> str | None:
        """Boards link to cards by it; without one the next update asks again."""
        if job.kind not in (outbox.CARD, outbox.BOARD, outbox.LINE):
            return None
        try:
            answer = await self.slack.client(job.workspace_id).chat_getPermalink(
                channel=channel, message_ts=ts
            )
        except FAILURES as error:
            log.info("No permalink for %s: %s", job.key, reason(error))
            return None
        return str(answer["permalink"])

    async def _done(
        self, job: Job, shown: Rendered, channel: str, ts: str, permalink: str | None
    ) -> None:
        await self.store.write(
            _delivered,
            job,
            self.lessee,
            self.clock(),
            channel_id=channel,
            ts=ts,
            permalink=permalink,
            again_at=shown.again_at,
        )

    async def _found(self, job: Job) -> bool:
        """Whether a post whose answer was lost arrived after all: then it is right, or is updated.
        When Slack won't say, it is not sent again: two cards are worse than a late one.
        """
        if job.channel_id is None:
            return False  # It was never aimed, so it was never sent.
        try:
            message = await self._looked_for(job)
        except FAILURES as error:
            await self._look_up_failed(job, error)
            return True
        if message is None:
            return False
        await self.store.write(_found_again, job, self.lessee, self.clock(), ts=str(message["ts"]))
        return True

    async def _look_up_failed(self, job: Job, error: BaseException) -> None:
        now = self.clock()
        match trouble(error):
            case Trouble.WAIT | Trouble.MAYBE | Trouble.NOT_SENT:
                wait = max(retry_after(error), _backoff(job))
                at = now + timedelta(seconds=wait)
                await self._keep(outbox.retry, job, at, reason(error), unsure=True)
            case _:
                await self._keep(outbox.give_up, job, reason(error), state=outbox.UNKNOWN)

    async def _looked_for(self, job: Job) -> dict[str, Any] | None:
        client = self.slack.client(job.workspace_id)
        oldest = f"{(job.created_at - timedelta(minutes=2)).timestamp():.6f}"
        cursor = None
        while True:
            asked: dict[str, Any] = {
                "channel": job.channel_id,
                "oldest": oldest,
                "limit": 200,
                "cursor": cursor,
                "include_all_metadata": True,
            }
            if job.thread_ts:
                answer = await client.conversations_replies(ts=job.thread_ts, **asked)
            else:
                answer = await client.conversations_history(**asked)
            for message in answer["messages"]:
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("key") == _mark(job):
                    return dict(message)
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None

    async def _failed(self, job: Job, error: BaseException, *, posting: bool) -> None:
        """Keeps what a failed call means for this job."""
        now, kind = self.clock(), trouble(error)
        later = now + timedelta(seconds=_backoff(job))
        log.info("%s: %s (%s)", job.key, reason(error), kind.value)
        match kind:
            case Trouble.WAIT:
                until = now + timedelta(seconds=retry_after(error))
                await self.store.write(_held, job, self.lessee, until)
            case Trouble.MAYBE:
                await self._keep(outbox.retry, job, later, reason(error), unsure=posting)
            case Trouble.NOT_SENT:
                await self._keep(outbox.retry, job, later, reason(error))
            case Trouble.LOCKED_OUT:
                await self._keep(outbox.retry, job, now + LOCKED_OUT, reason(error))
            case Trouble.GONE:
                await self.store.write(_gone, job, self.lessee, now)
            case Trouble.PLACE:
                await self.store.write(_refused, job, self.lessee, now, reason(error))
            case Trouble.BAD:
                log.error("Slack won't have %s: %s", job.key, error)
                await self._keep(outbox.give_up, job, reason(error))


def _wake(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    # A loop that has closed meanwhile has nobody left to wake.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(event.set)


def _mark(job: Job) -> str:
    """Finds a post of ours again; with its time, since another database may count alike."""
    return f"{job.id}-{job.created_at.timestamp():.6f}"


def _backoff(job: Job) -> float:
    return BACKOFF[min(job.attempts, len(BACKOFF) - 1)]


def _delivered(session: Any, job: Job, lessee: str, now: datetime, **known: Any) -> None:
    ours = outbox.done(session, job, lessee, now, **known)
    if ours and job.kind == outbox.CARD and job.ref_id is not None:
        known.pop("again_at")
        cards.posted(session, job.workspace_id, job.ref_id, **known)


def _found_again(session: Any, job: Job, lessee: str, now: datetime, *, ts: str) -> None:
    """It stands: a card or board is brought up to date next, a line is as it was."""
    if not outbox.done(session, job, lessee, now, ts=ts, again_at=now):
        return
    if job.kind == outbox.CARD and job.ref_id is not None:
        channel = job.channel_id or ""
        cards.posted(
            session, job.workspace_id, job.ref_id, channel_id=channel, ts=ts, permalink=None
        )


def _held(session: Any, job: Job, lessee: str, until: datetime) -> None:
    budget.hold(session, outbox.charges(job)[:1], until)
    outbox.retry(session, job, lessee, until, "ratelimited")


def _gone(session: Any, job: Job, lessee: str, now: datetime) -> None:
    if job.kind != outbox.CARD or job.ref_id is None:
        outbox.give_up(session, job, lessee, "the message is gone")
        return
    place = cards.lost(session, job.workspace_id, job.ref_id)
    outbox.post_anew(session, job, lessee, now, place)


def _refused(session: Any, job: Job, lessee: str, now: datetime, error: str) -> None:
    """It can't stand there: a card goes to the next place, anything else is told or dropped."""
    if job.kind == outbox.CARD and job.ref_id is not None:
        place = cards.displaced(session, job.workspace_id, job.ref_id, now)
        if place is not None:
            outbox.post_anew(session, job, lessee, now, place)
            return
    if job.channel_id:
        channels.forget(session, job.workspace_id, job.channel_id)
    outbox.give_up(session, job, lessee, error)
