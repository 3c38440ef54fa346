"""Private words after the commit: handed over in memory, not stored, not awaited.

Nothing important is only a whisper: what must be seen is in the outbox.
"""

import asyncio
import logging

from bot.slack import FAILURES, Slack, reason
from handlers.services import Whisper

log = logging.getLogger(__name__)

AT_ONCE = 16
"""Calls under way at the same time: after many clicks at once, connections are used again."""


class Whispers:
    def __init__(self, slack: Slack) -> None:
        self.slack = slack
        self._under_way: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(AT_ONCE)

    def __call__(self, whisper: Whisper) -> None:
        task = asyncio.create_task(self._told(whisper))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def drain(self, grace: float) -> None:
        """Lets what is being told be told; what takes longer is dropped."""
        if not self._under_way:
            return
        _, late = await asyncio.wait(self._under_way, timeout=grace)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _told(self, whisper: Whisper) -> None:
        """A whisper that can't be told is logged and dropped."""
        try:
            async with self._room:
                await self._tell(whisper)
        except FAILURES as error:
            log.info("A private word did not get through: %s", reason(error))

    async def _tell(self, whisper: Whisper) -> None:
        if whisper.view is not None:
            client = self.slack.client(whisper.workspace_id)
            await client.views_update(view_id=whisper.view_id, view=whisper.view)
        elif whisper.response_url:
            await self._respond(whisper)
        else:
            await self._say(whisper)

    async def _respond(self, whisper: Whisper) -> None:
        assert whisper.message is not None and whisper.response_url is not None  # noqa: S101, PT018
        body = whisper.message.payload | {
            "response_type": "ephemeral",
            "replace_original": whisper.replace,
        }
        async with self.slack.session.post(whisper.response_url, json=body) as answer:
            if answer.ok:
                return
            log.info("A response_url answered %s", answer.status)
        await self._say(whisper)

    async def _say(self, whisper: Whisper) -> None:
        """In the channel that the form remembers; where that can't be, directly."""
        assert whisper.message is not None  # noqa: S101 - a whisper without a view has one.
        client, words = self.slack.client(whisper.workspace_id), whisper.message.payload
        direct = (whisper.channel_id or "").startswith("D")
        thread = whisper.thread_ts
        if whisper.channel_id and not direct:
            try:
                await client.chat_postEphemeral(
                    channel=whisper.channel_id, user=whisper.user_id, thread_ts=thread, **words
                )
            except FAILURES as error:
                log.info("No private word in %s: %s", whisper.channel_id, reason(error))
            else:
                return
        opened = await client.conversations_open(users=whisper.user_id)
        await client.chat_postMessage(
            channel=opened["channel"]["id"], thread_ts=thread if direct else None, **words
        )
