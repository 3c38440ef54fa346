"""A comment: what a person wrote in the thread of a deal's card."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from store.person.person import Person

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TOKEN = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>|&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}
NAMED = 50
"""So many people that a comment names are called by their names, the others by their ids."""
_MENTIONED = re.compile(r"<@([UW][A-Z0-9]+)")


@dataclass(frozen=True, slots=True)
class File:
    """A file as a link: it stays in Slack."""

    name: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A reply in a thread, in one of its versions: `edited_ts` is when it was edited to say so,
    empty as it was first written.
    """

    channel_id: str
    ts: str
    thread_ts: str
    by_id: str
    text: str
    files: tuple[File, ...] = ()
    edited_ts: str = ""

    @property
    def at(self) -> datetime:
        return instant(self.ts)

    @property
    def people(self) -> list[str]:
        """Whoever wrote it and whom it names: those whose names must be known to show it."""
        return list(dict.fromkeys([self.by_id, *mentioned(self.text)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """As read for a viewer; `text` is what a person reads of it, empty once deleted."""

    id: int
    by: Person
    at: datetime
    text: str
    files: tuple[File, ...] = ()
    permalink: str | None = None
    edited: bool = False
    deleted_at: datetime | None = None


def mentioned(text: str) -> list[str]:
    """Whom Slack's mrkdwn names by their ids, as far as a line shows them: each costs a look-up,
    and a message has room for thousands.
    """
    return list(dict.fromkeys(_MENTIONED.findall(text)))[:NAMED]


def plain(text: str, names: Mapping[str, str]) -> str:
    """What a person reads of Slack's mrkdwn: people and channels by name, links, &<> as such.
    https://docs.slack.dev/messaging/formatting-message-text/
    """

    def read(found: re.Match[str]) -> str:
        sign, target, label, entity = found.groups()
        if entity:
            return _ENTITIES[entity]
        if sign == "@":
            return f"@{names.get(target) or label or target}"
        if sign == "#":
            return f"#{label or target}"
        return (label or f"@{target}") if sign == "!" else target

    return _TOKEN.sub(read, text)


def instant(ts: str) -> datetime:
    """When a message was written, by the timestamp that is its name in Slack; to the microsecond,
    so that the order stays.
    """
    seconds, _, micros = ts.partition(".")
    return _EPOCH + timedelta(seconds=int(seconds), microseconds=int(micros[:6].ljust(6, "0")))


def stamp(at: datetime) -> str:
    """The other way round, for comparing."""
    since = at - _EPOCH
    return f"{since.days * 86_400 + since.seconds:010}.{since.microseconds:06}"
