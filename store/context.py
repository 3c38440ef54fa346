"""What activities and tasks keep of where they were made: the deal, and the message."""

from dataclasses import dataclass

from store.status import Status


@dataclass(frozen=True, slots=True)
class DealRef:
    """An opportunity as an entry names it; `permalink` leads to its card."""

    id: int
    number: int
    name: str
    status: Status
    permalink: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The message that something was made from, and the name of whoever had written that."""

    link: str
    author: str
