"""A clock that a test turns."""

import time


class Clock:
    """Stands still until it is turned; begins at the real time, for signatures grow old."""

    def __init__(self, now: float | None = None) -> None:
        self.now = time.time() if now is None else now

    def __call__(self) -> float:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += seconds
