"""What rides with the buttons, menus and forms of digests."""

from dataclasses import dataclass
from enum import StrEnum

from handlers.payload import Payload


class DigestVerb(StrEnum):
    """What the menu of a row offers."""

    PAUSE = "pause"
    RESUME = "resume"
    PREVIEW = "preview"
    SEND = "send"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class DigestId(Payload):
    """`listed` on a row of the private list: the list then shows what became of it."""

    id: int
    listed: bool | None = None


@dataclass(frozen=True, slots=True)
class NewDigest(Payload):
    """Opens the form of one for that channel."""

    channel_id: str


@dataclass(frozen=True, slots=True)
class DigestChoice(Payload):
    verb: DigestVerb
    id: int


@dataclass(frozen=True, slots=True)
class EditingDigest(Payload):
    """A form about a digest of `channel_id`: a new one without `id`. `version` is the newest that
    the person knows of; `days` (`135`) and `month_day` are kept for when its rhythm asks for them;
    `where` is the channel that it was opened in, `url` the private list that it was opened from;
    `paused` when it was paused then.
    """

    channel_id: str
    id: int | None = None
    version: int | None = None
    days: str | None = None
    month_day: int | None = None
    where: str | None = None
    url: str | None = None
    paused: bool | None = None


@dataclass(frozen=True, slots=True)
class DeletingDigest(Payload):
    """The question; `where` and `url` as above."""

    id: int
    channel_id: str
    where: str | None = None
    url: str | None = None
