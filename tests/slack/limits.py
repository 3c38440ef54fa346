"""Rate budgets as token buckets, on a clock that a test may turn."""

import math
from collections.abc import Callable, Hashable

from tests.slack.facts import POST_BURST, POSTS_PER_MINUTE


class Budgets:
    """So many calls a minute for each key; `scale` 10 allows ten times as many, `inf` all."""

    def __init__(self, clock: Callable[[], float], scale: float = 1.0) -> None:
        self.clock = clock
        self.scale = scale
        self._left: dict[Hashable, tuple[float, float]] = {}

    def take(self, key: Hashable, per_minute: float, burst: float | None = None) -> int:
        """Return 0 and count the call, or return the seconds to wait and count nothing."""
        if math.isinf(self.scale):
            return 0
        rate = per_minute * self.scale / 60
        size = (per_minute if burst is None else burst) * self.scale
        now = self.clock()
        left, since = self._left.get(key, (size, now))
        left = min(size, left + max(0.0, now - since) * rate)
        if left < 1:
            return max(1, math.ceil((1 - left) / rate))
        self._left[key] = (left - 1, now)
        return 0

    def post(self, channel: Hashable) -> int:
        return self.take(("post", channel), POSTS_PER_MINUTE, POST_BURST)
