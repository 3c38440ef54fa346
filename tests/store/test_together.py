"""Writes that wait at the same time share a commit, and nothing else."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from store.database import Store
from store.errors import NotFound
from store.tables.machinery import BudgetRow


@pytest.fixture
async def store(migrated_sqlite_url: str) -> AsyncIterator[Store]:
    store = Store(migrated_sqlite_url)
    yield store
    store.close()


def keep(session: Session, name: str, *, wrong: Exception | None = None) -> str:
    session.execute(
        text("INSERT INTO budgets VALUES ('T1', :name, '2026-01-01 00:00:00')"), {"name": name}
    )
    if wrong is not None:
        raise wrong
    return name


def names(session: Session) -> list[str]:
    return sorted(session.scalars(select(BudgetRow.name)))


async def all_at_once(store: Store, wrong: dict[str, Exception]) -> list[object]:
    """Ten writes that have to wait for one before them."""
    going = threading.Event()
    before = asyncio.ensure_future(store.write(lambda _: going.wait()))
    writes = [store.write(keep, str(at), wrong=wrong.get(str(at))) for at in range(10)]
    waiting = asyncio.gather(*writes, return_exceptions=True)
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_later(0.05, going.set)
    await before
    return list(await waiting)


def commits(store: Store) -> list[None]:
    counted: list[None] = []
    event.listen(store.writer, "commit", lambda _: counted.append(None))
    return counted


async def test_ten_that_wait_are_one_commit(store: Store) -> None:
    counted = commits(store)
    assert await all_at_once(store, {}) == [str(at) for at in range(10)]
    assert await store.read(names) == [str(at) for at in range(10)]
    assert len(counted) == 2, "one for the write before, one for the ten"


async def test_one_that_is_refused_leaves_the_others_alone(store: Store) -> None:
    refusal = NotFound("There is no opportunity #4 that you can see.")
    found = await all_at_once(store, {"4": refusal})
    assert found == ["0", "1", "2", "3", refusal, "5", "6", "7", "8", "9"]
    assert "4" not in await store.read(names)
    assert len(await store.read(names)) == 9


async def test_a_mistake_is_told_to_its_own_caller_and_undoes_nothing_else(store: Store) -> None:
    mistake = KeyError("nobody thought of that")
    found = await all_at_once(store, {"4": mistake})
    assert found == ["0", "1", "2", "3", mistake, "5", "6", "7", "8", "9"]
    assert len(await store.read(names)) == 9


async def test_what_the_database_refuses_goes_alone(store: Store) -> None:
    await store.write(keep, "7")
    found = await all_at_once(store, {})
    assert [one for one in found if not isinstance(one, Exception)] == list("012345689")
    assert await store.read(names) == [str(at) for at in range(10)]


async def test_delivery_is_woken_for_what_was_committed_only(store: Store) -> None:
    def want(session: Session, name: str) -> str:
        session.info["outbox"] = True
        return keep(session, name, wrong=NotFound("No.") if name == "1" else None)

    woken: list[None] = []
    store.on_outbox(lambda: woken.append(None))
    going = threading.Event()
    before = asyncio.ensure_future(store.write(lambda _: going.wait()))
    both = asyncio.gather(*(store.write(want, n) for n in "01"), return_exceptions=True)
    asyncio.get_running_loop().call_later(0.05, going.set)
    await before
    assert [str(one) for one in await both] == ["0", "No."]
    assert len(woken) == 1
