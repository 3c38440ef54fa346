"""What can happen to a deal of the sample data, and when."""

from dataclasses import dataclass

from bot.demo.workspace import Person
from store.activity import ActivityKind
from store.money import Money
from store.opportunity.status import Status


@dataclass(frozen=True, slots=True)
class Moved:
    to: Status


@dataclass(frozen=True, slots=True)
class Won:
    final: Money | None


@dataclass(frozen=True, slots=True)
class Lost:
    reason: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Paused:
    """Until in so many days from today."""

    until: int


@dataclass(frozen=True, slots=True)
class Resumed:
    pass


@dataclass(frozen=True, slots=True)
class Reopened:
    close: int


@dataclass(frozen=True, slots=True)
class Edited:
    """Of value, probability, notes: as the fields of an opportunity are called."""

    field: str
    to: Money | str | int


@dataclass(frozen=True, slots=True)
class Rescheduled:
    close: int


@dataclass(frozen=True, slots=True)
class Logged:
    kind: ActivityKind
    what: str


@dataclass(frozen=True, slots=True)
class Planned:
    """A task, due so many days from today; its assignee is whoever plans it, if nobody is named."""

    title: str
    due: int | None = None
    hour: int | None = None
    assignee: Person | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Did:
    """The task of that title."""

    title: str


What = (
    Moved | Won | Lost | Paused | Resumed | Reopened | Edited | Rescheduled | Logged | Planned | Did
)


@dataclass(frozen=True, slots=True)
class Step:
    """`ago` in days; `by` is the deal's owner, unless it says otherwise."""

    ago: int
    what: What
    by: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """`opened` in days ago, `close` in days from today; `contact` by name."""

    name: str
    contact: str | None
    owner: Person
    opened: int
    value: Money | None = None
    close: int | None = None
    notes: str = ""
    steps: tuple[Step, ...] = ()
