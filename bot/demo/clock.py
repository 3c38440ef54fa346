"""The demo's clock: it can be turned back while weeks of history are played, and goes after."""

from datetime import UTC, datetime


class DemoClock:
    def __init__(self) -> None:
        self._standing: datetime | None = None

    def __call__(self) -> datetime:
        return self._standing or datetime.now(UTC)

    def stand_at(self, moment: datetime) -> None:
        self._standing = moment

    def go(self) -> None:
        """From here on it is the time that it is."""
        self._standing = None
