"""What the doctor finds, against the strict Slack: each thing that can be wrong, and what to do."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text as sql

from bot import manifest
from bot.install.sealing import Box
from bot.schema import Behind, prepare
from bot.settings import GivenSettings
from bot.upkeep import checkup
from bot.upkeep.doctor import examine
from store.database import Store
from store.digest.digest import DigestDraft, Rhythm, Schedule
from store.person.person import Actor, Role
from store.usecases import workspaces
from store.usecases.card import channels
from store.usecases.card.channels import Channel
from store.usecases.digest import digests
from store.usecases.digest import turns as digest_turns
from store.usecases.workspaces import Identity
from tests.slack.server import StrictSlack

KEY = "k" * 40


@pytest.fixture
async def slack() -> AsyncIterator[StrictSlack]:
    async with StrictSlack.from_manifest(manifest.load()) as slack:
        yield slack
        assert slack.violations == []


def given(slack: StrictSlack, url: str, *, sockets: bool = True, **other: Any) -> GivenSettings:
    said = {name.lower(): value for name, value in slack.environment(sockets=sockets).items()}
    return GivenSettings(**{"database_url": url, **said, **other})


async def found(
    settings: GivenSettings, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> list[str]:
    return [str(one) async for one in examine(settings, clock)]


def wrong(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("✗")]


async def test_a_bot_that_is_well(slack: StrictSlack, migrated_url: str) -> None:
    lines = await found(given(slack, migrated_url))
    assert wrong(lines) == []
    for part in (
        "✓ Settings: one workspace, over Socket Mode.",
        "✓ Database:",
        f"✓ Bot token: it is dealthread in Acme Sales ({slack.team.id}).",
        "✓ Scopes: all that manifest.yml asks for",
        "✓ Clock: as Slack's.",
        "✓ App token: Slack opens a connection with it.",
        "– Command names: Slack tells nobody which app has a command. If /opp opens another app",
        "✓ Outbox: nothing waits, nothing failed.",
    ):
        assert any(line.startswith(part) for line in lines), part


async def test_over_http_it_says_what_it_cannot_know(slack: StrictSlack, sqlite_url: str) -> None:
    lines = await found(given(slack, sqlite_url, sockets=False, command_prefix="acme-"))
    assert wrong(lines) == []
    assert "– Signing secret: it is set; only a request of Slack's" in "\n".join(lines)
    assert "If /acme-opp opens another app" in "\n".join(lines)


async def test_missing_scopes_are_named(migrated_sqlite_url: str) -> None:
    some = manifest.load()
    some["oauth_config"]["scopes"]["bot"] = ["chat:write", "commands", "users:read"]
    some["settings"]["event_subscriptions"]["bot_events"] = []
    async with StrictSlack.from_manifest(some) as slack:
        (line,) = wrong(await found(given(slack, migrated_sqlite_url)))
    assert line.startswith("✗ Scopes: app_mentions:read, channels:history, channels:read")
    assert "install it anew" in line


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"slack_bot_token": "xoxb-wrong"}, "Bot token: Slack does not accept it (invalid_auth)."),
        ({"slack_app_token": "xapp-1-wrong"}, "App token: Slack does not accept it"),
        ({"slack_app_token": "xapp-1-A0OTHER-1-x"}, "App token: it is of the app A0OTHER"),
        ({"slack_api_url": "http://127.0.0.1:9/api/"}, "Slack can't be reached"),
    ],
)
async def test_a_token_that_is_not_accepted(
    slack: StrictSlack, migrated_sqlite_url: str, other: dict[str, str], words: str
) -> None:
    lines = wrong(await found(given(slack, migrated_sqlite_url, **other)))
    assert any(words in line for line in lines)
    for secret in (slack.team.token, slack.app_token, slack.signing_secret):
        assert secret not in "\n".join(lines)


@pytest.mark.parametrize(("off", "words"), [(420, "ahead of"), (-90, "behind")])
async def test_a_clock_that_is_off(
    slack: StrictSlack, migrated_sqlite_url: str, off: int, words: str
) -> None:
    settings = given(slack, migrated_sqlite_url)
    (line,) = wrong(await found(settings, lambda: datetime.now(UTC) + timedelta(seconds=off)))
    assert line.startswith("✗ Clock:")
    assert f"seconds {words} Slack's. Let this machine set it by the network" in line


async def test_a_server_that_is_behind_away_or_newer(
    slack: StrictSlack, postgresql_url: str, migrated_postgresql_url: str
) -> None:
    (line,) = wrong(await found(given(slack, postgresql_url)))
    assert line.endswith("is not up to date (empty). Run `dealthread migrate`.")
    with pytest.raises(Behind, match="Run `dealthread migrate`, then start again"):
        prepare(postgresql_url)
    newer(migrated_postgresql_url)
    (line,) = wrong(await found(given(slack, migrated_postgresql_url)))
    assert "is of a newer Dealthread (20991231_x). Install that version." in line
    away = "postgresql://u:hunter2@127.0.0.1:9/none"
    (line,) = wrong(await found(given(slack, away)))
    assert "can't be reached" in line
    assert "hunter2" not in line


def newer(url: str) -> None:
    store = Store(url)
    store.write_now(lambda s: s.execute(sql("UPDATE alembic_version SET version_num='20991231_x'")))
    store.close()


async def test_an_embedded_database_that_is_newer_is_left_alone(
    slack: StrictSlack, migrated_sqlite_url: str
) -> None:
    newer(migrated_sqlite_url)
    with pytest.raises(Behind, match="of a newer Dealthread"):
        prepare(migrated_sqlite_url)
    assert "newer" in "".join(wrong(await found(given(slack, migrated_sqlite_url))))


async def test_what_is_stuck_is_told_with_what_to_do(slack: StrictSlack, migrated_url: str) -> None:
    store, now = Store(migrated_url), datetime.now(UTC)
    store.write_now(workspaces.install, identity("T1"), now)
    for number, (kind, state, error) in enumerate([
        ("card", "dead", "not_in_channel"), ("card", "dead", "not_in_channel"),
        ("line", "dead", "is_archived"), ("board", "unknown", "missing_scope"),
        ("word", "unsure", "TimeoutError"), ("card", "dead", "nothing to show"),
    ]):  # fmt: skip
        store.write_now(put, number, kind, state, error, now)
    store.write_now(put, 90, "card", "due", None, now - timedelta(hours=1))
    store.write_now(put, 91, "card", "dead", "not_in_channel", now - timedelta(days=8))
    store.close()
    lines = await found(given(slack, migrated_url))
    text = "\n".join(lines)
    assert (
        "✗ Outbox: 2 cards in #deals refused (not_in_channel). Invite Dealthread there, with "
        "/invite. Then choose Post card in the deal's menu." in text
    )
    assert "✗ Outbox: 1 thread line in #deals refused (is_archived). Open the channel again" in text
    assert "✗ Outbox: 1 board in #deals: Slack won't say whether it arrived (missing_scope)" in text
    assert "– Outbox: 1 message in #deals: not yet known whether Slack has it" in text
    assert "✗ Outbox: 1 wait since" in text
    assert "nothing to show" not in text
    assert len(wrong(lines)) == 4


def put(session: Any, number: int, kind: str, state: str, error: str | None, at: datetime) -> None:
    from store.tables.machinery import OutboxRow  # noqa: PLC0415 - what no use case makes.
    from store.tables.records import ChannelRow  # noqa: PLC0415 - see above.

    if session.get(ChannelRow, ("T1", "C1")) is None:
        channel = {"channel_id": "C1", "name": "deals", "kind": "public", "read_at": at}
        session.add(ChannelRow(workspace_id="T1", **channel))
    due = at if state in ("due", "unsure") else None
    row = {"key": f"{kind}:{number}", "kind": kind, "state": state, "error": error, "due_at": due}
    times = {"not_before": at, "created_at": at, "channel_id": "C1"}
    session.add(OutboxRow(workspace_id="T1", **row, **times))


async def test_digests_that_do_not_come_are_told(slack: StrictSlack, migrated_url: str) -> None:
    store, now = Store(migrated_url), datetime.now(UTC)
    store.write_now(workspaces.install, identity("T1"), now)
    deals = Channel(workspace_id="T1", id="C1", name="deals", bot_in=True)
    store.write_now(channels.know, deals, now)
    ann = Actor(workspace_id="T1", id="U1", name="Ann", role=Role.MEMBER)
    draft = DigestDraft(schedule=Schedule(rhythm=Rhythm.DAILY))
    for ago in (timedelta(0), timedelta(days=3)):
        store.write_now(digests.add, draft, "C1", by=ann, now=now - ago)
    assert wrong(await found(given(slack, migrated_url)))[0].startswith("✗ Digests: 1 due since")
    store.write_now(channels.know, replace(deals, shared=True), now)
    store.write_now(digest_turns.decide_due, now)
    assert wrong(await found(given(slack, migrated_url)))[0] == (
        "✗ Digests: 1 of #deals can't come, so paused. Their makers were told what to do."
    )
    store.close()


def identity(team: str, token: bytes | None = None) -> Identity:
    return Identity(
        workspace_id=team, name="Acme", app_id="A1", bot_id="B1", bot_user_id="U9", bot_token=token
    )


async def test_many_workspaces_are_each_looked_at(
    slack: StrictSlack, migrated_sqlite_url: str
) -> None:
    said = {name.lower(): value for name, value in slack.environment_of_many().items()}
    settings = GivenSettings(database_url=migrated_sqlite_url, secret_key=KEY, **said)
    assert any("Installations: none yet" in line for line in await found(settings))
    store, team = Store(migrated_sqlite_url), slack.team
    sealed = Box(KEY).seal(team.token, team.id)
    store.write_now(workspaces.install, identity(team.id, sealed), datetime.now(UTC))
    lines = await found(settings)
    assert wrong(lines) == []
    assert "✓ Installations: 1, and SECRET_KEY opens their tokens." in lines
    assert "✓ OAuth client: Slack knows it." in lines
    store.write_now(workspaces.install, identity("T2", sealed), datetime.now(UTC))
    bad = settings.model_copy(update={"slack_client_secret": settings.secret_key})
    first, second = wrong(await found(bad))
    assert first.startswith("✗ Installations: SECRET_KEY is not the one")
    assert second.startswith("✗ OAuth client: Slack does not know it.")
    store.close()


async def test_wrong_settings_are_findings_and_the_database_is_looked_at_even_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, migrated_sqlite_url: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", migrated_sqlite_url)
    monkeypatch.setenv("PORT", "many")
    lines: list[str] = []
    assert not await checkup.checkup(lines.append)
    assert len(wrong(lines)) == 3
    assert any(line.startswith("✗ Settings: SLACK_BOT_TOKEN is missing") for line in lines)
    assert lines[-1].startswith("✓ Database:")
