"""What rides with the buttons, menus and forms of activities."""

from dataclasses import dataclass

from handlers.ids import Verb
from handlers.payload import Payload
from store.activity import ActivityKind, Period


@dataclass(frozen=True, slots=True)
class LogFor(Payload):
    """Opens the form with this deal and this contact chosen."""

    number: int | None = None
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class Logging(Payload):
    """The form of a new activity: `at` is the moment that it was filled with, in microseconds since
    1970. `page` is the view that it was opened on, the page of that deal or that contact; `link`
    and `author` are of the message that it is made from. `listed` is the ActivityList that was in
    sight, behind `url`.
    """

    at: int
    channel_id: str | None = None
    page: str | None = None
    number: int | None = None
    contact_id: int | None = None
    link: str | None = None
    author: str | None = None
    listed: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ActivityChoice(Payload):
    """An option of an activity's menu; `number` is its deal's, for DETAILS."""

    verb: Verb
    id: int
    number: int | None = None


@dataclass(frozen=True, slots=True)
class EditingActivity(Payload):
    """A form about an activity: `version` is the newest that the person knows of, `at` the moment
    that it showed, in microseconds since 1970; `page` is that of the contact that it was opened on,
    `listed` the ActivityList, behind `url`.
    """

    id: int
    version: int
    at: int
    channel_id: str | None = None
    page: str | None = None
    contact_id: int | None = None
    listed: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ActivityList(Payload):
    """The index: its filter, and the row that a page starts below, `at` in microseconds since 1970.
    `channel_id` is where its filter was asked for, `url` the list that it then takes the place of.
    """

    by: str | None = None
    kind: ActivityKind | None = None
    period: Period | None = None
    number: int | None = None
    contact_id: int | None = None
    at: int | None = None
    id: int | None = None
    channel_id: str | None = None
    url: str | None = None


_ROW = "activities"


def row_id(shown: ActivityList, name: str) -> str:
    """The block id of a row of the private list: of a press in one Slack sends nothing else along
    that says which list it was.
    """
    return f"{_ROW}:{name}:{shown.dump()}"


def list_of(block_id: str) -> ActivityList | None:
    """The list that `row_id` was made for; None when it was no row of one."""
    row, _, rest = block_id.partition(":")
    return ActivityList.load(rest.partition(":")[2]) if row == _ROW else None
