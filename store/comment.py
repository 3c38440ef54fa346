"""A comment: what a person wrote in the thread of a deal's card."""

from dataclasses import dataclass
from datetime import datetime

from store.person import Person


@dataclass(frozen=True, slots=True)
class File:
    """A file as a link: it stays in Slack."""

    name: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """As read for a viewer; `text` is Slack's mrkdwn as people typed it, empty once deleted."""

    id: int
    by: Person
    at: datetime
    text: str
    files: tuple[File, ...] = ()
    permalink: str | None = None
    edited: bool = False
    deleted_at: datetime | None = None
