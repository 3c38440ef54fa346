"""`dealthread demo` as one starts it: what it prints, how it ends, what it leaves behind."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.demo import start
from bot.demo.sample.sample import DEALS

STARTED = 90
ENDED = 15


@asynccontextmanager
async def demo(folder: Path, *options: str) -> AsyncIterator[Process]:
    """A demo of its own, whose temporary files are in `folder`."""
    command = [sys.executable, "-m", "bot.cli", "demo", "--no-browser", *options]
    process = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, "TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def left_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def told(process: Process, words: str) -> str:
    """What it prints until these words."""
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(STARTED):
        while words not in said:
            line = await process.stdout.readline()
            assert line, said
            said += line.decode()
    return said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_says_where_it_is_and_ends_with_nothing_left(
    binary: None, tmp_path: Path, number: signal.Signals
) -> None:
    async with demo(tmp_path) as process:
        said = await told(process, "Ctrl-C ends it.")
        assert all(line in said for line in start.TO_TRY)
        url = next(word for word in said.split() if word.startswith("http://127.0.0.1:"))
        async with aiohttp.ClientSession() as session:
            async with session.get(f"{url}/_control/messages/C01DEALS") as answer:
                messages = (await answer.json())["messages"]
            assert any(message["text"].startswith("Pipeline: 20 open") for message in messages)
            besides = ("the board", "a digest")
            stands = [one for one in messages if "thread_ts" not in one]
            assert len(stands) == len(DEALS) + len(besides)
            process.send_signal(number)
            out, err = await asyncio.wait_for(process.communicate(), ENDED)
            assert (process.returncode, err) == (0, b"")
            assert "Nothing was kept." in out.decode()
            with pytest.raises(aiohttp.ClientError):
                await session.get(url)
    assert left_in(tmp_path) == []


async def test_a_port_that_is_taken_is_told_in_a_sentence(binary: None, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        async with demo(tmp_path, "--port", str(taken.getsockname()[1])) as process:
            _, err = await asyncio.wait_for(process.communicate(), STARTED)
    assert process.returncode == 1
    assert err.decode() == (
        "That port is taken. Choose another with --port, or leave it out for a free one.\n"
    )


async def test_the_tour_plays_to_its_end(binary: None, tmp_path: Path) -> None:
    async with demo(tmp_path, "--tour") as process:
        out, err = await asyncio.wait_for(process.communicate(), 2 * STARTED)
    said = out.decode()
    assert (process.returncode, err) == (0, b""), said
    for seen in (
        "Cards go to #deals. Amounts are in GBP",
        "Maria Lopez, Fabrikam · Alice Anderson",
        "~Bob Brown moved it from Lead to Quoting~ undone by Bob Brown",
        "so nothing was changed.",
        "Won on ",
        "Lost on ",
        "Paused in Closing until",
        "Only yours · overdue",
        "Fabrikam rollout: Alice Anderson marked it won for £11,500",
        "Snoozed until",
        "Figures this year",
        "All of it happened",
        *transcript(),
    ):
        assert seen in said
    assert left_in(tmp_path) == []


def transcript() -> list[str]:
    """What the README says that the tour prints."""
    readme = (Path(__file__).parent.parent.parent / "README.md").read_text("utf-8")
    block = readme.partition("--tour`")[2].split("```")[1]
    lines = [line for line in block.splitlines() if line and "…" not in line]
    assert lines
    return lines


def test_without_windows_no_browser_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    assert not start._has_windows()
    monkeypatch.setenv("DISPLAY", ":0")
    assert start._has_windows()


def test_the_first_start_says_that_it_downloads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    said: list[str] = []
    start._announce(said.append)
    assert said[0].startswith("First start: downloading the local Slack from npm")
    assert len(said) == 2
