"""One job of delivery from claim to outcome: the one place that posts to Slack."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.delivery.render import Rendered, home, render
from bot.figures.pictures import Pictures
from bot.person.directory import Directory
from bot.slack import FAILURES, Slack, Trouble, reason, retry_after, trouble
from handlers.grammar.prefix import everywhere, named
from store.database import Store
from store.errors import Busy
from store.outbox import leases, outbox
from store.outbox.outbox import Job
from store.usecases.delivery import outcomes

log = logging.getLogger(__name__)

T = TypeVar("T")
EVENT_TYPE = "dealthread_message"
BACKOFF = (2, 5, 15, 60, 300, 900)
"""Seconds before the next try; the last stays."""
LOCKED_OUT = timedelta(minutes=1)
SKEW = timedelta(minutes=2)
"""How far our clock and Slack's may be apart."""
AGAIN = (0.5, 1.0, 2.0, 4.0)
"""Seconds before an outcome is kept again that the database did not take: well within the lease."""
ANOTHER = timedelta(seconds=2)
"""When it is looked again whether a picture can be drawn, a digest be read."""
FOR_ALL = (outbox.DIGEST, outbox.WIN)
DIGESTS = 8
"""So many wait at once to be read, one after the other: the other calls are for what is quick."""
MISSING = "its card is missing"
REFUSED_BLOCK = "invalid_blocks"
NO_HOME = frozenset({"not_enabled", "user_not_found"})
"""Where the Home tab is off, or whom it is not for any more: nobody is to do anything about it."""


class Posting:
    """Renders a job from the store as it is now, calls Slack, and keeps what came of it."""

    def __init__(
        self,
        store: Store,
        slack: Slack,
        directory: Directory,
        clock: Callable[[], datetime],
        lessee: str,
        prefix: str,
    ) -> None:
        self.store = store
        self.directory = directory
        self.slack = slack
        self.clock = clock
        self.lessee = lessee
        self.prefix = prefix
        self.pictures = Pictures(store, slack, clock)
        self._digests = 0

    async def deliver(self, job: Job) -> None:
        """Without the database its lease just runs out."""
        try:
            await self.slack.ready(job.workspace_id)
            if job.kind == outbox.HOME:
                await self._publish(job)
            elif job.kind == outbox.PICTURE and not job.unsure:
                await self._picture(job)
            elif job.unsure:
                await self._look_up(job)
            elif job.kind == outbox.DIGEST:
                await self._digest(job)
            else:
                await self._show(job)
        except Busy:
            log.warning("The database went away while %s was delivered", job.key)

    async def _show(self, job: Job) -> None:
        """What goes to all who read a channel goes by what that is now: that people from outside
        came to read it may have been said while the bot was not there to hear it.
        """
        if job.kind in FOR_ALL and job.ts is None:
            await self.directory.channel(job.workspace_id, job.channel_id or "")
        await self._shown(job, await render(self.store, job, self.clock()))

    async def _shown(self, job: Job, shown: Rendered | None) -> None:
        if shown is None:
            await self._keep(leases.needless, job, self.clock())
            return
        shown = replace(shown, message=named(shown.message, self.prefix))
        if job.ts is not None:
            await self._update(job, job.ts, shown)
        elif job.kind in outbox.IN_THREAD and shown.thread_ts is None:
            await self._keep(outcomes.threadless, job, self.clock(), MISSING)
        else:
            await self._post(job, shown)

    async def _digest(self, job: Job) -> None:
        """Of many that are due in one minute some take long to read: cards don't wait for them."""
        if self._digests >= DIGESTS:
            await self._put_back(job, "others are read")
            return
        self._digests += 1
        try:
            await self._show(job)
        finally:
            self._digests -= 1

    async def _put_back(self, job: Job, why: str) -> None:
        await self._keep(leases.retry, job, self.clock() + ANOTHER, why, failed=False)

    async def _picture(self, job: Job) -> None:
        """One is drawn at a time, and takes the room of one call only: nothing waits for it."""
        if self.pictures.busy:
            await self._put_back(job, "another is drawn")
            return
        try:
            shown = await self.pictures.rendered(job, self.lessee)
        except FAILURES as error:
            # Slack's rates for files are their own: no message waits because of them.
            wait = timedelta(seconds=retry_after(error))
            pause = wait if trouble(error) is Trouble.WAIT else _backoff(job)
            await self._keep(leases.retry, job, self.clock() + pause, reason(error))
            return
        await self._shown(job, shown)

    async def _publish(self, job: Job) -> None:
        """A Home has no place and no address, and twice the same is once."""
        view = everywhere(await home(self.store, job, self.clock()), self.prefix)
        client, user_id = self.slack.client(job.workspace_id), str((job.data or {})["user"])
        try:
            await client.views_publish(user_id=user_id, view=view)
        except FAILURES as error:
            if reason(error) in NO_HOME:
                await self._keep(outcomes.homeless, job)
            else:
                await self._failed(job, error, posting=False)
            return
        await self._keep(leases.done, job, self.clock())

    async def _keep(self, outcome: Callable[..., T], job: Job, *args: Any, **known: Any) -> T:
        """Keeps an outcome; a database that is away for a moment is waited for, because without
        it a message that stands would have to be looked for.
        """
        for pause in AGAIN:
            try:
                return await self.store.write(outcome, job, self.lessee, *args, **known)
            except Busy:
                await asyncio.sleep(pause)
        return await self.store.write(outcome, job, self.lessee, *args, **known)

    async def _update(self, job: Job, ts: str, shown: Rendered) -> None:
        client, channel = self.slack.client(job.workspace_id), job.channel_id or ""
        try:
            await client.chat_update(channel=channel, ts=ts, **shown.message.payload)
        except FAILURES as error:
            await self._failed(job, error, posting=False)
            return
        await self._done(job, shown, channel, ts)

    async def _post(self, job: Job, shown: Rendered) -> None:
        client = self.slack.client(job.workspace_id)
        try:
            channel = shown.channel_id or await self._direct(job, shown.user_id or "")
        except FAILURES as error:
            await self._failed(job, error, posting=False)
            return
        aimed = await self.store.write(
            leases.aim, job, self.lessee, self.clock(), channel, shown.thread_ts
        )
        if aimed is None:
            return
        try:
            answer = await client.chat_postMessage(
                channel=channel,
                thread_ts=shown.thread_ts,
                reply_broadcast=shown.also or None,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": _mark(aimed)}},
                unfurl_links=False,
                unfurl_media=False,
                **shown.message.payload,
            )
        except FAILURES as error:
            await self._failed(aimed, error, posting=True)
            return
        await self._done(aimed, shown, str(answer["channel"]), str(answer["ts"]))

    async def _direct(self, job: Job, user_id: str) -> str:
        answer = await self.slack.client(job.workspace_id).conversations_open(users=user_id)
        return str(answer["channel"]["id"])

    async def _done(self, job: Job, shown: Rendered, channel: str, ts: str) -> None:
        permalink = job.permalink or await self._permalink(job, channel, ts)
        kept = await self._keep(
            outcomes.delivered,
            job,
            self.clock(),
            channel_id=channel,
            ts=ts,
            permalink=permalink,
            again_at=shown.again_at,
        )
        if not kept:
            log.info("%s was taken over or moved while it was delivered", job.key)

    async def _permalink(self, job: Job, channel: str, ts: str) -> str | None:
        """Boards link to cards by it; without one the next update asks again."""
        if job.kind not in (outbox.CARD, outbox.BOARD, *outbox.IN_THREAD):
            return None
        try:
            answer = await self.slack.client(job.workspace_id).chat_getPermalink(
                channel=channel, message_ts=ts
            )
        except FAILURES as error:
            log.info("No permalink for %s: %s", job.key, reason(error))
            return None
        return str(answer["permalink"])

    async def _look_up(self, job: Job) -> None:
        """Whether a post whose answer was lost arrived after all: then it is brought up to date,
        else it is posted when its turn comes.
        """
        try:
            message = await self._looked_for(job)
        except FAILURES as error:
            await self._look_up_failed(job, error)
            return
        if message is None:
            said = "it did not arrive"
            await self._keep(leases.retry, job, self.clock(), said, failed=False)
        else:
            await self._keep(outcomes.found, job, self.clock(), ts=str(message["ts"]))

    async def _looked_for(self, job: Job) -> dict[str, Any] | None:
        client, cursor = self.slack.client(job.workspace_id), None
        oldest = (job.aimed_at or self.clock()) - SKEW
        while True:
            asked: dict[str, Any] = {
                "channel": job.channel_id,
                "oldest": f"{oldest.timestamp():.6f}",
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

    async def _look_up_failed(self, job: Job, error: BaseException) -> None:
        """When Slack won't say, it is not sent again: two cards are worse than a late one."""
        now, said = self.clock(), reason(error)
        kind = Trouble.BAD if said == "missing_scope" else trouble(error)
        log.info("Looking for %s: %s (%s)", job.key, said, kind.value)
        match kind:
            case Trouble.WAIT:
                until = now + timedelta(seconds=retry_after(error))
                await self._keep(outcomes.held, job, until, said, unsure=True)
            case Trouble.MAYBE | Trouble.NOT_SENT:
                await self._keep(leases.retry, job, now + _backoff(job), said, unsure=True)
            case Trouble.LOCKED_OUT:
                await self._keep(outcomes.locked_out, job, now + LOCKED_OUT, said, unsure=True)
            case Trouble.THREAD:
                await self._keep(leases.retry, job, now, said)
            case _:
                log.warning("Slack won't say whether %s arrived: %s", job.key, said)
                await self._keep(leases.give_up, job, said, state=outbox.UNKNOWN)

    async def _failed(self, job: Job, error: BaseException, *, posting: bool) -> None:
        """Keeps what a failed call means for this job."""
        now, kind, said = self.clock(), _kind(job, error), reason(error)
        log.info("%s: %s (%s)", job.key, said, kind.value)
        match kind:
            case Trouble.WAIT:
                until = now + timedelta(seconds=retry_after(error))
                await self._keep(outcomes.held, job, until, said)
            case Trouble.MAYBE:
                await self._keep(leases.retry, job, now + _backoff(job), said, unsure=posting)
            case Trouble.NOT_SENT:
                await self._keep(leases.retry, job, now + _backoff(job), said)
            case Trouble.LOCKED_OUT:
                log.error("Slack does not let us into %s: %s", job.workspace_id, said)
                await self._keep(outcomes.locked_out, job, now + LOCKED_OUT, said)
            case Trouble.GONE:
                await self._keep(outcomes.gone, job, now)
            case Trouble.THREAD:
                await self._keep(outcomes.threadless, job, now, said)
            case Trouble.PLACE:
                await self._keep(outcomes.refused, job, now, said)
            case Trouble.BAD:
                log.error("Slack won't have %s: %s", job.key, error)
                await self._keep(outcomes.dropped, job, said)


def _kind(job: Job, error: BaseException) -> Trouble:
    """What it means for this job: nothing is gone that didn't stand yet."""
    kind = trouble(error)
    if kind is Trouble.GONE and job.ts is None:
        return Trouble.THREAD if job.kind in outbox.IN_THREAD else Trouble.BAD
    if job.kind == outbox.PICTURE and reason(error) == REFUSED_BLOCK:
        return Trouble.NOT_SENT  # Slack has not taken its file over yet.
    return kind


def _mark(job: Job) -> str:
    """Finds this post of ours again: another one of the same thing, or of another database that
    counts alike, was aimed at another time.
    """
    return f"{job.id} at {job.aimed_at.isoformat() if job.aimed_at else None}"


def _backoff(job: Job) -> timedelta:
    return timedelta(seconds=BACKOFF[min(job.attempts, len(BACKOFF) - 1)])
