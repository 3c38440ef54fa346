"""`dealthread run` as a process: what it refuses and how, what it does by itself, how it ends."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot import manifest
from bot.http import EVENTS_PATH
from store import migrate
from store.database import Store
from store.usecases import workspaces
from tests.slack.person import Person
from tests.slack.reading import text
from tests.slack.server import StrictSlack

ROOT = Path(__file__).parent.parent.parent
NOBODY = "http://127.0.0.1:9/api/"
ENOUGH = 30.0


@pytest.fixture
async def slack() -> AsyncIterator[StrictSlack]:
    async with StrictSlack.from_manifest(manifest.load(), rate=float("inf")) as slack:
        yield slack
        assert slack.violations == []


def environment(slack: StrictSlack, url: str, *, sockets: bool = False) -> dict[str, str]:
    return {**slack.environment(sockets=sockets), "DATABASE_URL": url, "PORT": str(free_port())}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def started(given: Mapping[str, str], tmp_path: Path) -> asyncio.subprocess.Process:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "run",
        cwd=tmp_path,
        env={**kept, "PYTHONPATH": str(ROOT), **given},
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def refused(given: Mapping[str, str], tmp_path: Path) -> str:
    """What it says when it won't start."""
    process = await started(given, tmp_path)
    async with asyncio.timeout(ENOUGH):
        _, said = await process.communicate()
    assert process.returncode == 1
    assert b"Traceback" not in said
    return said.decode()


@asynccontextmanager
async def running(
    given: Mapping[str, str], tmp_path: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await started(given, tmp_path)
    said = b""
    try:
        async with asyncio.timeout(ENOUGH):
            while b"Dealthread is ready" not in said:
                line = await process.stderr.readline()
                assert line, said.decode()
                said += line
        rest = asyncio.create_task(process.stderr.read())
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    await rest


async def ended(process: asyncio.subprocess.Process) -> float:
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(15):
        assert await process.wait() == 0
    return time.monotonic() - began


async def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    said = await refused({"PORT": "many", "LOG_LEVEL": "loud", "COMMAND_PREFIX": "A b"}, tmp_path)
    assert said.startswith("Some settings need a look, in the environment or in .env:\n")
    for name in ("PORT", "LOG_LEVEL", "COMMAND_PREFIX", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        assert f"  - {name}" in said


async def test_a_server_that_is_behind_is_refused_and_left_alone(
    slack: StrictSlack, postgresql_url: str, tmp_path: Path
) -> None:
    said = await refused(environment(slack, postgresql_url), tmp_path)
    assert said == "The database is not up to date. Run `dealthread migrate`, then start again.\n"
    assert migrate.revision(postgresql_url) is None


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DATABASE_URL", "postgresql://u:hunter2@127.0.0.1:9/none", "database can't be reached"),
        ("DATABASE_URL", "sqlite:///none/such/folder/x.db", "The database can't be reached"),
        ("SLACK_BOT_TOKEN", "xoxb-wrong", "Slack does not accept SLACK_BOT_TOKEN (invalid_auth)"),
        ("SLACK_API_URL", NOBODY, "Slack can't be reached (ClientConnectorError)"),
        ("PORT", "taken", "Set HOST and PORT to what is free."),
    ],
)
async def test_what_is_wrong_is_said_in_a_sentence(
    slack: StrictSlack, sqlite_url: str, tmp_path: Path, name: str, value: str, words: str
) -> None:
    wrong = str(slack.port) if value == "taken" else value
    said = await refused({**environment(slack, sqlite_url), name: wrong}, tmp_path)
    assert words in said
    assert "hunter2" not in said
    assert said.count("\n") <= 3


async def test_an_embedded_database_is_made_and_migrated_by_itself(
    slack: StrictSlack, sqlite_url: str, tmp_path: Path
) -> None:
    async with running(environment(slack, sqlite_url), tmp_path) as process:
        assert migrate.revision(sqlite_url) == migrate.newest()
        assert await ended(process) < 10


@pytest.mark.parametrize("sockets", [False, True])
async def test_a_second_start_without_slack_goes_on_as_last_time(
    slack: StrictSlack, sqlite_url: str, tmp_path: Path, *, sockets: bool
) -> None:
    given = environment(slack, sqlite_url, sockets=sockets)
    async with running(given, tmp_path) as process:
        await ended(process)
    gone = {**given, "SLACK_API_URL": NOBODY}
    async with running(gone, tmp_path) as process:
        assert await answers(given["PORT"], "/healthz") == 200
        assert await answers(given["PORT"], "/readyz") == (503 if sockets else 200)
        if not sockets:
            alice = people(slack, given["PORT"], 1)[0]
            deals = slack.channel("deals", members=[alice, slack.bot])
            said = await alice.command("/opp help", deals)
            assert "/opp new" in text(said)
        assert await ended(process) < 10


async def answers(port: str, path: str) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{path}") as response,
    ):
        return response.status


def people(slack: StrictSlack, port: str, count: int) -> list[Person]:
    slack.http(f"http://127.0.0.1:{port}{EVENTS_PATH}")
    return [slack.person(f"Alice {number}", admin=True) for number in range(count)]


async def test_under_load_it_ends_within_ten_seconds_and_keeps_what_it_acknowledged(
    slack: StrictSlack, sqlite_url: str, tmp_path: Path
) -> None:
    given = environment(slack, sqlite_url)
    async with running(given, tmp_path) as process:
        staff = people(slack, given["PORT"], 10)
        deals = slack.channel("deals", members=[*staff, slack.bot])
        for one in staff:
            await one.command(f"/contact new {one.user.real_name} Smith", deals)
            await one.sees("New contact")
        slack.faults.latency = 0.5
        answered = [asyncio.create_task(one.submit()) for one in staff]
        await asyncio.gather(*answered)
        for one in staff:
            await one.command(f"/opp new Deal of {one.user.real_name}", deals)
            await one.sees("New opportunity")
            assert await one.submit() == {}
        assert await ended(process) < 10
    store = Store(sqlite_url)
    made = store.read_now(lambda s: s.get(workspaces.WorkspaceRow, slack.team.id).last_number)
    store.close()
    assert made == len(staff)


async def test_commands_answer_to_the_prefix_of_the_manifest(
    sqlite_url: str, tmp_path: Path
) -> None:
    asked = manifest.build(prefix="acme-")
    async with StrictSlack.from_manifest(asked) as slack:
        given = {**environment(slack, sqlite_url), "COMMAND_PREFIX": "acme-"}
        async with running(given, tmp_path):
            (alice,) = people(slack, given["PORT"], 1)
            deals = slack.channel("deals", members=[alice, slack.bot])
            await alice.command("/acme-opp new Acme renewal", deals)
            await alice.sees("New opportunity")
        assert slack.violations == []
