"""The three seconds of an acknowledgement, fairly counted on a machine that is busy otherwise."""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

SLICE = 0.05


async def in_time(what: Coroutine[Any, Any, T], seconds: float) -> T:
    """What it returns, or TimeoutError. Time in which the machine let nothing run here does not
    count: of each slice that took longer than asked for, only what this process computed.
    """
    task, left = asyncio.get_running_loop().create_task(what), seconds
    try:
        while left > 0 and not task.done():
            began, computed = time.monotonic(), time.process_time()
            await asyncio.wait({task}, timeout=min(left, SLICE))
            used = SLICE + time.process_time() - computed
            left -= min(time.monotonic() - began, used)
        if not task.done():
            raise TimeoutError
        return task.result()
    finally:
        task.cancel()
