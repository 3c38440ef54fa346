"""Has figures drawn by a program of its own (picture.py), within a time."""

import asyncio
import contextlib
import json
import logging
import sys
import tempfile
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

PROGRAM = Path(__file__).with_name("picture.py")
PATIENCE = 15.0
"""Seconds that a drawing may take. It takes one or two; the first one looks for fonts besides."""
LARGEST = 200_000
"""Bytes of a picture; one has half as many."""


class CannotDraw(Exception):
    """There is no picture; the log says why."""


class Painter:
    def __init__(self, program: Path = PROGRAM, patience: float = PATIENCE) -> None:
        self.program = program
        self.patience = patience
        self._home: tempfile.TemporaryDirectory[str] | None = None

    async def draw(self, said: dict[str, Any]) -> bytes:
        """A PNG. The program gets no environment of ours, so no tokens, and what it keeps about
        fonts is gone when we are.
        """
        if self._home is None:
            self._home = tempfile.TemporaryDirectory(prefix="dealthread-picture-")
        home = self._home.name
        running = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            str(self.program),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={"HOME": home, "MPLCONFIGDIR": home, "TMPDIR": home},
        )
        return await self._drawn(running, json.dumps(said).encode())

    async def _drawn(self, running: asyncio.subprocess.Process, said: bytes) -> bytes:
        try:
            async with asyncio.timeout(self.patience):
                drawn, complaint = await running.communicate(said)
        except TimeoutError:
            log.warning("A picture was not drawn within %g s", self.patience)
            raise CannotDraw from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                running.kill()  # If it has not ended; also when we are told to stop.
            await running.wait()
        if running.returncode or not drawn.startswith(b"\x89PNG") or len(drawn) > LARGEST:
            last = complaint.decode("utf-8", "replace").strip().rpartition("\n")[2]
            log.warning("A picture was not drawn: %s, %d bytes", last, len(drawn))
            raise CannotDraw
        return drawn

    def close(self) -> None:
        if self._home is not None:
            self._home.cleanup()
