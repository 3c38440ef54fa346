"""Where a page begins in a list that is ordered by time, newest first."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Microseconds since 1970: exact, and short where it rides with a button."""
    return (at - _EPOCH) // _MICRO


def moment(micros: int) -> datetime:
    """The same back; any number that a payload takes is a time."""
    return _EPOCH + micros * _MICRO


@dataclass(frozen=True, slots=True)
class Spot:
    """The last row of the page before: its time, and its id among those of that time."""

    at: datetime
    id: int

    @classmethod
    def of(cls, micros: int, row_id: int) -> Self:
        """From what rides with a button."""
        return cls(moment(micros), row_id)

    @property
    def micros(self) -> int:
        return micros(self.at)
