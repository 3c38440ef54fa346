"""What rides with the buttons, rows and forms of tasks."""

from dataclasses import dataclass
from enum import StrEnum

from handlers.payload import Payload

WORD = "word"
"""The suffix of buttons in direct messages: what comes of a press takes the message's place."""


class TaskVerb(StrEnum):
    """What the menu of a row offers."""

    DONE = "done"
    REOPEN = "reopen"
    SNOOZE = "snooze"
    EDIT = "edit"
    DETAILS = "details"


@dataclass(frozen=True, slots=True)
class TaskChoice(Payload):
    verb: TaskVerb
    id: int


@dataclass(frozen=True, slots=True)
class TaskList(Payload):
    """A page of tasks: `whose` (None: everyone's), of which opportunity or contact, open or `done`;
    `tab` when it stands on a page, which has both. `at` is the row that it starts after, or with
    `back` ends before, and `first` the number of its first row; `beside` that it leaves the message
    that opens it in place.
    """

    whose: str | None = None
    number: int | None = None
    contact_id: int | None = None
    done: bool | None = None
    tab: bool | None = None
    at: str | None = None
    back: bool | None = None
    first: int | None = None
    beside: bool | None = None


@dataclass(frozen=True, slots=True)
class TaskOrigin(Payload):
    """Where something about a task was asked for, to show there what came of it: the channel, or
    the page, or the private list behind `url`; `shown` is the TaskList that was in sight. `link`
    and `author` are of the message that a task is made from.
    """

    channel_id: str | None = None
    page: str | None = None
    shown: str | None = None
    url: str | None = None
    link: str | None = None
    author: str | None = None


@dataclass(frozen=True, slots=True)
class EditingTask(Payload):
    """`was` are marks of the fields as the form was filled, in their order, `version` the newest
    that the person knows of; `origin` is a TaskOrigin.
    """

    id: int
    version: int
    was: str
    origin: str


@dataclass(frozen=True, slots=True)
class SnoozingTask(Payload):
    """`hour` is the one that it has, which it keeps; `origin` is a TaskOrigin."""

    id: int
    hour: str
    origin: str


_ROW = "tasks"


def row_id(shown: TaskList, task_id: int = 0) -> str:
    """The block id of a row: of a press in a private list Slack sends nothing else along that says
    which list it was. Zero is the row of buttons.
    """
    return f"{_ROW}:{task_id}:{shown.dump()}"


def list_of(block_id: str) -> TaskList | None:
    """The list that `row_id` was made for; None when it was no row of one."""
    name, _, rest = block_id.partition(":")
    return TaskList.load(rest.partition(":")[2]) if name == _ROW else None
