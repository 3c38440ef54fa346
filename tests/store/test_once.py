"""What is heard twice at once counts once, and gets the same answer."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from store.database import Store
from store.errors import Refusal
from store.tables.machinery import BudgetRow, HeardRow
from store.usecases.once import KEPT, forget, once

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def store(migrated_url: str) -> Iterator[Store]:
    found = Store(migrated_url)
    yield found
    found.close()


def work(session: Session) -> dict[str, int]:
    """Counts itself, without any key of its own to stumble over."""
    number = (session.scalar(select(func.count()).select_from(BudgetRow)) or 0) + 1
    session.execute(
        text("INSERT INTO budgets VALUES ('T1', :name, '2026-01-01 00:00:00')"),
        {"name": f"{number}-{id(session)}"},
    )
    return {"number": number}


def done(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(BudgetRow)) or 0


def kept(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(HeardRow)) or 0


@pytest.mark.parametrize("times", [2, 4, 20])
@pytest.mark.parametrize("key", ["trigger:1.2", "view:V1:hash", "event:Ev1"])
async def test_the_same_at_once_counts_once(store: Store, key: str, times: int) -> None:
    heard = [store.write(once, "T1", key, NOW, work) for _ in range(times)]
    answers = await asyncio.gather(*heard)
    assert [answer for answer, _ in answers] == [{"number": 1}] * times
    assert sorted(repeated for _, repeated in answers) == [False] + [True] * (times - 1)
    assert store.read_now(done) == 1


async def test_different_things_at_once_all_count(store: Store) -> None:
    heard = [store.write(once, "T1", f"event:{n}", NOW, work) for n in range(20)]
    heard += [store.write(once, "T2", f"event:{n}", NOW, work) for n in range(5)]
    assert not any(repeated for _, repeated in await asyncio.gather(*heard))
    assert store.read_now(done) == 25


async def test_a_refusal_keeps_nothing(store: Store) -> None:
    def refuse(session: Session) -> None:
        work(session)
        raise Refusal("Not like this.")

    with pytest.raises(Refusal):
        await store.write(once, "T1", "view:V1:hash", NOW, refuse)
    assert store.read_now(done) == 0
    assert await store.write(once, "T1", "view:V1:hash", NOW, work) == ({"number": 1}, False)


def test_old_keys_are_forgotten_in_steps(store: Store) -> None:
    for number in range(25):
        store.write_now(once, "T1", f"event:{number}", NOW, work)
    store.write_now(once, "T1", "event:new", NOW + timedelta(hours=1), work)
    later = NOW + KEPT + timedelta(minutes=1)
    assert store.write_now(forget, later, 10)
    assert store.write_now(forget, later, 10)
    assert not store.write_now(forget, later, 10)
    assert store.read_now(kept) == 1
