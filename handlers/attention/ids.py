"""What rides with the message about what needs attention. `on` is the day of that message, which is
brought up to date by what is pressed in it.
"""

from dataclasses import dataclass

from handlers.payload import Payload


@dataclass(frozen=True, slots=True)
class Stopping(Payload):
    """**Stop**."""

    number: int
    on: str


@dataclass(frozen=True, slots=True)
class Snoozing(Payload):
    """An option of **Snooze**: for so many days; None asks for a date."""

    number: int
    on: str
    days: int | None = None


@dataclass(frozen=True, slots=True)
class SnoozingUntil(Payload):
    """The form that asks for the date."""

    number: int
    on: str
