"""The processes of a measurement: one that is measured, one that sends."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(slots=True)
class Serving:
    process: Process
    port: int

    async def ask(self, what: str) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{what}\n".encode())
        return json.loads(await self.process.stdout.readline())

    async def cpu(self) -> float:
        """Seconds of CPU that it has used so far, all threads."""
        return float(await self.ask("cpu"))


@asynccontextmanager
async def serving(which: str, settings: dict[str, Any]) -> AsyncIterator[Serving]:
    """One of tests/bench/server.py, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.server", which, json.dumps(settings)),
        stdin=PIPE,
        stdout=PIPE,
        cwd=ROOT,
        limit=2**20,
    )
    assert process.stdin
    assert process.stdout
    yield Serving(process, int(await process.stdout.readline()))
    process.stdin.close()
    await process.wait()


async def load(
    port: int, requests: list[str], at_once: int = 1, rest: float = 0.0, pace: float = 0.0
) -> list[tuple[int, float]]:
    """Status and seconds of each request, sent by a process that does nothing else; with a `pace`
    one every so many seconds, else each as soon as one is answered.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.load", stdin=PIPE, stdout=PIPE, cwd=ROOT
    )
    asked = {"port": port, "requests": requests, "at_once": at_once, "rest": rest, "pace": pace}
    said, _ = await process.communicate(json.dumps(asked).encode())
    return [(int(status), float(took)) for status, took in json.loads(said)]
