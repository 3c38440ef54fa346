"""Rates that are shared by all copies: so many at once, then one by one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from store.database import Store
from store.outbox.budget import CHANNEL, PACES, POST, UPDATE, Charge, Ledger, hold, waiting

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
UPDATES = Charge("T1", UPDATE)
HERE = Charge("T1", f"{CHANNEL}:C1")


@pytest.fixture
def store(migrated_url: str) -> Iterator[Store]:
    found = Store(migrated_url)
    yield found
    found.close()


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def take(session: Session, now: datetime, *charges: Charge) -> bool:
    return Ledger(session, now, charges).take(charges)


def taken(store: Store, now: datetime, *charges: Charge, tries: int = 100) -> int:
    return sum(store.write_now(take, now, *charges) for _ in range(tries))


def test_a_burst_then_one_by_one(store: Store) -> None:
    assert taken(store, NOW, HERE) == PACES[CHANNEL].burst
    assert taken(store, after(0.9), HERE) == 0
    assert [taken(store, after(second), HERE) for second in (1, 2, 3)] == [1, 1, 1]
    assert taken(store, after(60), HERE) == PACES[CHANNEL].burst


def test_a_call_that_one_pace_refuses_is_counted_by_none(store: Store) -> None:
    both = (Charge("T1", POST), HERE)
    assert taken(store, NOW, *both) == PACES[CHANNEL].burst
    left = PACES[POST].burst - PACES[CHANNEL].burst
    assert taken(store, NOW, Charge("T1", POST)) == left


def test_workspaces_and_channels_count_apart(store: Store) -> None:
    taken(store, NOW, HERE)
    assert taken(store, NOW, Charge("T1", f"{CHANNEL}:C2")) == PACES[CHANNEL].burst
    assert taken(store, NOW, Charge("T2", f"{CHANNEL}:C1")) == PACES[CHANNEL].burst


def test_what_waits_and_until_when(store: Store) -> None:
    assert store.read_now(waiting, NOW) == {}
    taken(store, NOW, HERE)
    assert store.read_now(waiting, NOW) == {HERE: after(1)}
    assert store.read_now(waiting, after(1)) == {}


def test_a_hold_stops_the_burst_and_is_never_shortened(store: Store) -> None:
    store.write_now(hold, [UPDATES], after(30))
    store.write_now(hold, [UPDATES], after(5))
    assert taken(store, after(29.9), UPDATES) == 0
    assert taken(store, after(30), UPDATES) == 1


def test_several_copies_at_once_take_no_more(store: Store) -> None:
    with ThreadPoolExecutor(8) as copies:
        found = list(copies.map(lambda _: store.write_now(take, NOW, UPDATES), range(60)))
    assert sum(found) == PACES[UPDATE].burst
