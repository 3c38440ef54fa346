"""What begins a moment after the start, because nobody waits for it: what was not needed so far is
loaded, and then the jobs run.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType

from bot.app import App
from handlers import listeners

AFTER = 0.1
"""Seconds from the start."""


@asynccontextmanager
async def going_on(app: App) -> AsyncIterator[None]:
    """Until the end of the block."""
    task = asyncio.create_task(_go_on(app), name="jobs")
    yield
    task.cancel()
    await asyncio.wait({task})


async def _go_on(app: App) -> None:
    await asyncio.sleep(AFTER)
    scheduler = await asyncio.to_thread(_loaded)
    jobs = scheduler.start(app)
    try:
        await asyncio.Event().wait()
    finally:
        jobs.shutdown(wait=False)


def _loaded() -> ModuleType:
    """On a thread, so that what comes meanwhile is answered; returns the table of jobs."""
    listeners.load()
    from bot import scheduler  # noqa: PLC0415 - see the first line.
    from bot.delivery import posting  # noqa: F401, PLC0415 - see Delivery.posting.

    return scheduler
