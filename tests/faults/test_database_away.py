"""The database locked or gone: everybody is told, nothing is half-done, and it heals by itself."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from tests.conftest import Postgres
from tests.faults import truth
from tests.faults.conftest import Desk
from tests.flows.conftest import office

AWAY = "The database can't be reached just now"
Away = Callable[[], Any]


@contextmanager
def locked(url: str) -> Any:
    """Another process holds the file's lock."""
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


@contextmanager
def gone(postgres: Postgres, url: str) -> Any:
    """The server drops all connections and takes no new ones."""
    name = url.partition("?")[0].rpartition("/")[2]
    postgres.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    postgres.execute(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608
    )
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    yield
    postgres.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


@pytest.fixture
async def away(request: pytest.FixtureRequest, migrated_url: str) -> AsyncIterator[Any]:
    """The desk, and what takes its database away for a while."""
    async with office(migrated_url) as working:
        await working.now_set_up()
        if migrated_url.startswith("sqlite"):
            yield Desk(working), lambda: locked(migrated_url)
        else:
            server = request.getfixturevalue("postgres")
            yield Desk(working), lambda: gone(server, migrated_url)


async def test_a_command_is_answered_privately(away: tuple[Desk, Away]) -> None:
    desk, without = away
    at = desk.office
    await desk.open()
    with without():
        await at.alice.command("/opp 1 quoting", at.deals)
        assert at.alice.ack is not None
        assert at.alice.ack.status == 200
        await at.alice.hears(AWAY)
    await desk.at_rest()
    assert desk.store.read_now(truth.status, 1) == "Lead"
    await at.alice.command("/opp 1 quoting", at.deals)
    await at.slack.heard(at.deals, "✓ Quoting", within=10)
    await desk.at_rest()


async def test_a_press_is_answered_with_a_whisper(away: tuple[Desk, Away]) -> None:
    desk, without = away
    at = desk.office
    card = await desk.open()
    with without():
        ack = await at.alice.press("Quoting", on=card)
        assert ack is not None
        assert ack.status == 200
        await at.alice.hears(AWAY)
    await desk.at_rest()
    assert truth.ticked(card) == "Lead"
    await desk.move(card, "Quoting")
    await at.slack.shows(card, "✓ Quoting", within=10)
    await desk.at_rest()


async def test_a_form_keeps_what_was_typed_and_says_so(away: tuple[Desk, Away]) -> None:
    desk, without = away
    at = desk.office
    await at.alice.command("/opp new Horizon", at.deals)
    await at.alice.sees("New opportunity")
    with without():
        errors = await at.alice.submit()
        assert any(AWAY in sentence for sentence in errors.values())
    assert await at.alice.submit() == {}
    await at.slack.heard(at.deals, "Horizon", within=10)
    await desk.at_rest()
    assert len(desk.store.read_now(truth.deals)) == 1


async def test_an_event_is_left_to_slack_to_send_again(away: tuple[Desk, Away]) -> None:
    desk, without = away
    at = desk.office
    card = await desk.open()
    at.slack.event_retries = ()
    with without():
        await at.alice.delete(card)
        await at.slack.settled(within=10)
        (refused,) = [d for d in at.slack.deliveries if d.ack and d.ack.status >= 500]
        assert refused.kind == "event"
    (ack,) = await at.slack.repeat(1, of=refused, retry=True)
    assert ack.ok
    await at.alice.command("/opp 1 quoting", at.deals)
    again = await at.slack.heard(at.deals, "✓ Quoting", within=10)
    assert again.ts != card.ts


async def test_delivery_goes_on_by_itself(away: tuple[Desk, Away]) -> None:
    desk, without = away
    at = desk.office
    card = await desk.open()
    slow = at.slack.faults.next("chat.postMessage", delay=1.0)
    await desk.move(card, "Quoting")
    await at.slack.until(lambda: slow.hits, "a post under way")
    with without():
        # The answer comes while it can't be kept.
        await at.slack.until(lambda: len(card.replies) == 2, "the line")
        await at.alice.command("/opp 1 closing", at.deals)
        await at.alice.hears(AWAY)
    await desk.at_rest()
    await desk.nothing_waits()
