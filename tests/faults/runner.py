"""The bot as a process of its own, so that it can be killed: `python -m tests.faults.runner 31`.

The argument is how many seconds its clock is ahead, so that the leases of its predecessor end.
"""

import asyncio
import signal
import sys
import time
from datetime import UTC, datetime

from bot.serve import running
from bot.settings import Settings


async def main(ahead: float) -> None:
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    clock = lambda: datetime.fromtimestamp(time.time() + ahead, UTC)  # noqa: E731
    async with running(Settings(), clock=clock) as bot:
        print(bot.port, flush=True)  # noqa: T201 - the test reads it.
        await stopping.wait()


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
