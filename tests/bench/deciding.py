"""A process that decides which digests are due, as the job of the bot does.

`python -m tests.bench.deciding URL NOW` says when it is ready, waits for a line, and prints as JSON
how many it decided, in which time, and by how many megabytes its memory grew at most.
"""

import asyncio
import json
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from store.database import Store
from store.usecases.digest import sending as digest_sending
from store.usecases.digest import turns as digest_turns


async def decide(store: Store, now: datetime) -> int:
    found = 0
    while await store.write(digest_sending.skip_late, now):
        pass
    while some := await store.write(digest_turns.decide_due, now):
        found += some
    return found


def most_memory(*, anew: bool = False) -> float | None:
    """Megabytes that it had at most, `anew` from now on, where the system tells (Linux)."""
    try:
        if anew:
            Path("/proc/self/clear_refs").write_text("5")
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return None
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


async def main(url: str, now: datetime) -> None:
    store = Store(url)
    await decide(store, now - timedelta(days=1))
    print("ready", flush=True)  # noqa: T201 - the benchmark reads it.
    await asyncio.to_thread(sys.stdin.readline)
    had, began = most_memory(anew=True), time.monotonic()
    decided = await decide(store, now)
    said: dict[str, Any] = {"decided": decided, "seconds": time.monotonic() - began}
    said |= {"grew": had and (most_memory() or had) - had}
    print(json.dumps(said), flush=True)  # noqa: T201
    store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], datetime.fromisoformat(sys.argv[2])))
