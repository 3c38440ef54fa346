"""The table of jobs: each runs at once and again, and none stops another."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot import scheduler
from bot.app import App
from bot.scheduler import Job
from store.errors import Busy
from tests.flows.conftest import Office, office


@pytest.fixture
async def app(migrated_sqlite_url: str) -> AsyncIterator[App]:
    async with office(migrated_sqlite_url) as working:
        yield _app(working)


def _app(working: Office) -> App:
    return working.bot.app


class Ran:
    """A job that counts its runs, and fails if it is told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.count = 0
        self.error = error
        self.twice = asyncio.Event()

    async def __call__(self, _app: App) -> None:
        self.count += 1
        if self.count == 2:
            self.twice.set()
        if self.error is not None:
            raise self.error


async def test_a_failing_job_is_named_and_stops_neither_itself_nor_others(
    app: App, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    well, broken, away = Ran(), Ran(KeyError("a mistake")), Ran(Busy("away"))
    jobs = (Job("well", 1, well), Job("broken", 1, broken), Job("away", 1, away))
    monkeypatch.setattr(scheduler, "JOBS", jobs)
    with caplog.at_level(logging.INFO):
        ticking = scheduler.start(app)
        async with asyncio.timeout(5):
            await asyncio.gather(*(job.twice.wait() for job in (well, broken, away)))
        ticking.shutdown(wait=False)
    said = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert any("broken" in r.getMessage() and r.exc_info for r in said)
    assert any(r.getMessage() == "The job away waits for the database" for r in said)
    assert not any("well" in r.getMessage() for r in said)


def test_every_job_has_a_name_of_its_own() -> None:
    assert len({job.id for job in scheduler.JOBS}) == len(scheduler.JOBS)
