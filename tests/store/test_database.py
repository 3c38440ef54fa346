"""Transactions under faults: refused in time, awaited once begun, healed by themselves."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from store import database
from store.database import DEADLINE, Store
from store.errors import Busy
from store.tables.machinery import BudgetRow
from tests.conftest import Postgres


@pytest.fixture
def store(migrated_url: str) -> Iterator[Store]:
    found = Store(migrated_url)
    yield found
    found.close()


@pytest.fixture
def sqlite_store(migrated_sqlite_url: str) -> Iterator[Store]:
    found = Store(migrated_sqlite_url)
    yield found
    found.close()


def keep(session: Session, name: str) -> str:
    session.execute(
        text("INSERT INTO budgets VALUES ('T1', :name, '2026-01-01 00:00:00')"), {"name": name}
    )
    return name


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(BudgetRow)) or 0


async def test_what_was_written_is_read(store: Store) -> None:
    assert await store.write(keep, "one") == "one"
    assert await store.read(count) == 1


async def test_a_failed_use_case_leaves_nothing(store: Store) -> None:
    def half(session: Session) -> None:
        keep(session, "half")
        raise KeyError("a mistake")

    with pytest.raises(KeyError):
        await store.write(half)
    assert await store.read(count) == 0


async def test_a_broken_rule_of_the_tables_is_no_busy_database(store: Store) -> None:
    await store.write(keep, "one")
    with pytest.raises(IntegrityError):
        await store.write(keep, "one")
    assert await store.read(count) == 1


async def test_a_mistake_in_a_statement_is_no_busy_database(store: Store) -> None:
    def mistaken(session: Session) -> None:
        session.execute(text("SELECT nothing FROM nowhere"))

    with pytest.raises(DBAPIError):
        await store.write(mistaken)
    with pytest.raises(DBAPIError):
        await store.read(mistaken)


async def test_a_locked_file_refuses_in_time_and_heals(
    sqlite_store: Store, migrated_sqlite_url: str
) -> None:
    other = sqlite3.connect(migrated_sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    tries = [sqlite_store.write(keep, str(number)) for number in range(5)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(one) for one in outcomes] == [Busy] * 5
    assert time.monotonic() - began < DEADLINE + 0.5
    assert await sqlite_store.read(count) == 0
    other.execute("ROLLBACK")
    other.close()
    # What was refused must not be done after all, now that the file is free.
    assert await sqlite_store.write(keep, "later") == "later"
    assert await sqlite_store.read(count) == 1


async def test_a_lock_that_ends_in_time_is_waited_for(
    sqlite_store: Store, migrated_sqlite_url: str
) -> None:
    other = sqlite3.connect(
        migrated_sqlite_url.removeprefix("sqlite:///"),
        isolation_level=None,
        check_same_thread=False,
    )
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.5, lambda: other.execute("ROLLBACK")).start()
    assert await sqlite_store.write(keep, "one") == "one"
    other.close()


async def test_a_begun_write_is_awaited(store: Store) -> None:
    begun = threading.Event()

    def slow(session: Session) -> str:
        begun.set()
        time.sleep(DEADLINE + 0.3)
        return keep(session, "slow")

    assert await store.write(slow) == "slow"
    assert begun.is_set()
    assert await store.read(count) == 1


async def test_a_begun_write_survives_that_nobody_waits(store: Store) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(session: Session) -> None:
        begun.set()
        go_on.wait(5)
        keep(session, "slow")

    writing = asyncio.create_task(store.write(slow))
    await asyncio.to_thread(begun.wait, 5)
    writing.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await asyncio.to_thread(store.close)  # It waits for what has begun.
    assert store.read_now(count) == 1


async def test_a_slow_read_is_refused_in_time(store: Store) -> None:
    def slow(session: Session) -> int:
        time.sleep(DEADLINE + 0.5)
        return count(session)

    began = time.monotonic()
    with pytest.raises(Busy):
        await store.read(slow)
    assert time.monotonic() - began < DEADLINE + 0.3


@pytest.mark.postgres
async def test_terminated_connections_go_unnoticed(
    migrated_postgresql_url: str, postgres: Postgres
) -> None:
    store = Store(migrated_postgresql_url)
    try:
        await store.write(keep, "one")
        await asyncio.gather(*(store.read(count) for _ in range(8)))
        for again in range(3):
            _terminate(postgres, migrated_postgresql_url)
            await store.write(keep, f"after {again}")
            assert await store.read(count) == 2 + again
    finally:
        store.close()


@pytest.mark.postgres
async def test_a_write_whose_connection_is_cut_is_run_anew(
    migrated_postgresql_url: str, postgres: Postgres
) -> None:
    store = Store(migrated_postgresql_url)
    runs = []

    def cut_once(session: Session) -> None:
        runs.append(1)
        keep(session, "one")
        if len(runs) == 1:
            _terminate(postgres, migrated_postgresql_url)
        keep(session, "two")

    try:
        await store.write(cut_once)
        assert await store.read(count) == 2
    finally:
        store.close()


@pytest.mark.postgres
async def test_a_locked_row_refuses_in_time(migrated_postgresql_url: str) -> None:
    store = Store(migrated_postgresql_url)
    await store.write(keep, "one")

    def touch(session: Session) -> None:
        session.execute(text("UPDATE budgets SET name = 'two'"))

    try:
        with psycopg.connect(migrated_postgresql_url) as other:
            other.execute("UPDATE budgets SET name = 'mine'")
            began = time.monotonic()
            with pytest.raises(Busy):
                await store.write(touch)
            assert time.monotonic() - began < 3
            other.rollback()
        await store.write(touch)
    finally:
        store.close()


async def test_a_server_that_is_not_there_refuses_in_time() -> None:
    store = Store("postgresql://nobody@127.0.0.1:1/nothing")
    began = time.monotonic()
    with pytest.raises(Busy):
        await store.write(keep, "one")
    with pytest.raises(Busy):
        await store.read(count)
    assert time.monotonic() - began < 3
    store.close()


def _terminate(postgres: Postgres, url: str) -> None:
    name = url.partition("?")[0].rpartition("/")[2]
    postgres.execute(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608
    )


async def test_what_nobody_waits_for_takes_its_time_and_holds_up_nobody(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A digest after an import of 100,000 deals takes longer to read than a person waits."""
    go_on = threading.Event()

    def slow(session: Session) -> int:
        assert go_on.wait(10)
        return count(session)

    monkeypatch.setattr(database, "DEADLINE", 0.05)
    reading = [asyncio.create_task(store.read_patiently(slow)) for _ in range(20)]
    with pytest.raises(Busy):
        await store.read(slow)
    monkeypatch.setattr(database, "DEADLINE", DEADLINE)
    assert await asyncio.gather(*(store.read(count) for _ in range(20))) == [0] * 20
    go_on.set()
    assert await asyncio.gather(*reading) == [0] * 20


async def test_what_was_not_begun_in_time_is_not_begun_later(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, begun = threading.Event(), list[int]()

    def slow(_session: Session) -> None:
        begun.append(1)
        assert go_on.wait(10)

    monkeypatch.setattr(database, "PATIENCE", 0.05)
    for _ in range(3):
        with pytest.raises(Busy):
            await store.read_patiently(slow)
    await asyncio.sleep(0)  # The last one is taken back by the loop.
    go_on.set()
    monkeypatch.setattr(database, "PATIENCE", DEADLINE)
    assert await store.read_patiently(count) == 0
    assert len(begun) == 1
