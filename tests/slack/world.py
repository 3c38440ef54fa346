"""Workspaces, users, channels and messages, as plain data."""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["public", "private", "im"]

_numbers = itertools.count(0x1A2B)


def new_id(letter: str) -> str:
    return f"{letter}0{next(_numbers):09X}"


class Stamps:
    """Message timestamps: microseconds of the clock, never twice the same."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._last = 0

    def next(self) -> str:
        self._last = max(self._last + 1, int(self.clock() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


@dataclass(slots=True, eq=False)
class User:
    """Someone as one workspace sees them; `home` is the id of the workspace that they belong to."""

    id: str
    name: str
    real_name: str
    home: str
    tz: str = "Europe/London"
    locale: str = "en-GB"
    email: str = ""
    admin: bool = False
    owner: bool = False
    guest: bool = False
    single_channel_guest: bool = False
    stranger: bool = False
    deleted: bool = False
    bot_id: str | None = None

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    @property
    def is_guest(self) -> bool:
        return self.guest or self.single_channel_guest


@dataclass(slots=True, eq=False)
class Message:
    """One message; an ephemeral one names the person who alone sees it in `only_for`."""

    channel: "Channel"
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    subtype: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    metadata: Json | None = None
    edited: Json | None = None
    only_for: str | None = None
    gone: bool = False
    version: int = 0
    replies: list["Message"] = field(default_factory=list)

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def is_tombstone(self) -> bool:
        return self.subtype == "tombstone"

    def wire(self, *, metadata: bool = False) -> Json:
        out: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text}
        if self.is_tombstone:
            out |= {"subtype": "tombstone", "hidden": True}
        elif self.subtype:
            out["subtype"] = self.subtype
        if self.bot_id:
            out |= {"bot_id": self.bot_id, "app_id": self.app_id, "team": self.channel.team.id}
        for name in ("blocks", "files", "attachments", "edited"):
            if part := getattr(self, name):
                out[name] = part
        if metadata and self.metadata:
            out["metadata"] = self.metadata
        if self.thread_ts:
            out["thread_ts"] = self.thread_ts
        parent = self.channel.messages.get(self.thread_ts or "")
        if self.is_reply and parent:
            out["parent_user_id"] = parent.user
        elif self.replies:
            out |= self._thread()
        return out

    def _thread(self) -> Json:
        users = list(dict.fromkeys(reply.user for reply in self.replies))
        about = {"thread_ts": self.ts, "reply_count": len(self.replies), "reply_users": users}
        return {**about, "reply_users_count": len(users), "latest_reply": self.replies[-1].ts}


@dataclass(slots=True, eq=False)
class Channel:
    """A conversation; a direct message has the bot and one person as members."""

    id: str
    name: str
    team: "Workspace"
    kind: Kind = "public"
    members: set[str] = field(default_factory=set)
    archived: bool = False
    shared: bool = False
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def payload_name(self) -> str:
        """How payloads of commands and interactions call it: private names are not given away."""
        return {"public": self.name, "private": "privategroup", "im": "directmessage"}[self.kind]

    @property
    def scope_word(self) -> str:
        return {"public": "channels", "private": "groups", "im": "im"}[self.kind]

    def top(self) -> list[Message]:
        """Messages of the channel itself, and replies also sent to it, oldest first, tombstones
        included.
        """
        also = "thread_broadcast"
        return [m for m in self.messages.values() if not m.is_reply or m.subtype == also]

    def sees(self, user_id: str) -> bool:
        return user_id in self.members or (self.kind == "public" and self.team.is_member(user_id))


@dataclass(slots=True, eq=False)
class Workspace:
    """A workspace with the app installed: its bot, its people, its channels."""

    id: str
    name: str
    domain: str
    token: str
    scopes: frozenset[str]
    bot: User
    bot_id: str
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    ims: dict[str, Channel] = field(default_factory=dict)
    revoked: bool = False

    def is_member(self, user_id: str) -> bool:
        user = self.users.get(user_id)
        return user is not None and user.home == self.id and not user.is_guest

    def file(self, name: str, by: User) -> Json:
        """A file as messages show it: the file itself stays in Slack."""
        key = new_id("F")
        link = f"https://{self.domain}.slack.com/files/{by.id}/{key}/{name}"
        about = {"id": key, "name": name, "title": name, "user": by.id, "mode": "hosted"}
        return {**about, "permalink": link, "url_private": link}

    def im(self, user_id: str) -> Channel:
        """The direct message of the bot and a person, opened when it is first needed."""
        if user_id not in self.ims:
            channel = Channel(new_id("D"), "", self, "im", {user_id, self.bot.id})
            self.ims[user_id] = self.channels[channel.id] = channel
        return self.ims[user_id]

    def people(self) -> Iterable[User]:
        return (user for user in self.users.values() if user.bot_id is None)
