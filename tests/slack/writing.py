"""What people write: messages, replies, files, edits, deletions."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tests.slack.world import Channel, Message, User, Workspace

if TYPE_CHECKING:
    from tests.slack.server import StrictSlack

_KEPT = re.compile(r"(<[@#!][^<>]+>|<https?://[^<>]+>)")


def escaped(words: str) -> str:
    """Text as Slack passes it on: mentions stay tokens, the rest is escaped."""
    parts = _KEPT.split(words)
    return "".join(
        part if index % 2 else part.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        for index, part in enumerate(parts)
    )


class Writer:
    """The part of a person that writes."""

    def __init__(self, slack: "StrictSlack", user: User, team: Workspace) -> None:
        self.slack, self.user, self.team = slack, user, team
        self.id, self.mention = user.id, user.mention

    @property
    def dm(self) -> Channel:
        """Their direct message with the bot."""
        return self.team.im(self.id)

    async def say(
        self,
        words: str,
        where: Channel | None = None,
        *,
        thread: Message | None = None,
        also: bool = False,
        files: Iterable[str] = (),
    ) -> Message:
        """Write in a channel, in a thread (`also` to its channel), or to the bot, with files by
        their names; returns what they wrote.
        """
        channel = where or (thread.channel if thread else self.dm)
        assert self.id in channel.members, f"{self} is not in #{channel.name}"
        assert channel.kind != "im" or self.slack.messages_tab, "the Messages tab is off"
        assert not channel.archived, f"#{channel.name} is archived"
        ts = thread and (thread.thread_ts or thread.ts)
        message = Message(channel, self.slack.stamps.next(), self.id, escaped(words), thread_ts=ts)
        message.files = [self.team.file(name, self.user) for name in files]
        message.subtype = "thread_broadcast" if also else "file_share" if message.files else None
        self.slack.put(message)
        await self.slack.events.posted(message)
        return message

    async def edit(self, message: Message, words: str) -> None:
        assert message.user == self.id, "people edit their own messages only"
        before = message.wire()
        message.text = escaped(words)
        message.edited = {"user": self.id, "ts": self.slack.stamps.next()}
        self.slack.touched(message)
        await self.slack.events.changed(message, before)

    async def delete(self, message: Message) -> None:
        """Delete a message: their own, or as an admin anybody's."""
        assert message.user == self.id or self.user.admin, f"{self} may not delete this"
        await self.slack.remove(message)
