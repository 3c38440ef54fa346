"""From the command to /readyz, and what the process holds when nothing happens.

The second start: the database is there and up to date. The strict Slack answers at once.
"""

import asyncio
import os
import socket
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter

import aiohttp

from tests.bench.cards import Floor, floor
from tests.bench.processes import ROOT
from tests.bench.report import Table, ms, times_as

TIMES = 7
COMPILED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""A second start finds what the first has compiled, ours and the libraries' alike."""
IMPORTED = "import slack_bolt.async_app, aiohttp, sqlalchemy"
MEGABYTE = 2**20
SETTLING = 10.0
"""Seconds after which nothing of the start goes on."""


async def imports() -> float:
    """Seconds for the libraries alone, in a process of its own."""
    started = perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", IMPORTED, env=COMPILED, cwd=ROOT
    )
    await process.wait()
    return perf_counter() - started


@asynccontextmanager
async def started(busy: Floor, port: int) -> AsyncIterator[tuple[float, int]]:
    """Runs `dealthread run`: the seconds until it says that it is ready, and its process id."""
    environment = {**COMPILED, **busy.slack.environment(sockets=False), "LOG_LEVEL": "error"}
    environment |= {"DATABASE_URL": busy.url, "PORT": str(port)}
    began = perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.cli", "run"), env=environment, cwd=ROOT, stderr=DEVNULL
    )
    await ready(port)
    yield perf_counter() - began, process.pid
    process.terminate()
    await process.wait()


async def ready(port: int) -> None:
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.005)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def resident(pid: int) -> int | None:
    """Bytes of memory that are its own or shared, where the system tells."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


async def bench_second_start(tmp_path: Path, table: Table) -> None:
    """Best of several, in turns: what a busy machine adds is not the start's."""
    ours, theirs = [], []
    async with floor(f"sqlite:///{tmp_path / 'start.db'}", 25) as busy:
        for _ in range(TIMES):
            theirs.append(await imports())
            async with started(busy, free_port()) as (took, _pid):
                ours.append(took)
        async with started(busy, free_port()) as (_took, pid):
            await asyncio.sleep(SETTLING)
            size = resident(pid)
    table.note("import slack_bolt.async_app, aiohttp, sqlalchemy", ms(min(theirs)))
    what = f"second start until ready ({ms(min(ours))}), as these imports"
    table.at_most(what, min(ours) / min(theirs), 1.5, times_as)
    if size is not None:
        table.at_most("resident when idle", size / MEGABYTE, 150, lambda mb: f"{mb:.0f} MB")
