"""What needs attention among 100,000 open opportunities, most of which have a next step.

The time of the board is of the use case, on a reader of the store, and of drawing it; the raw time
is of the same statements given to the driver by hand. A round is of one of twenty owners, with
everything that it writes.
"""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from handlers.views.pipeline import board as view
from handlers.views.text import Style
from store.board import Filter, Query
from store.database import Store
from store.tables.machinery import OutboxRow
from store.tables.recurring import RoundRow
from store.usecases.attention import attention, rounds
from store.usecases.pipeline import pipeline
from tests.bench.data import CHUNK, NOW, TEAM, actor, fill, fill_tasks, vacuum
from tests.bench.databases import Databases
from tests.bench.raw import by_hand, statements
from tests.bench.report import Table, count, ms, percentile, tell, timed, times_as

DEALS, TIMES = 100_000, 25


@pytest.fixture(scope="module")
def busy(kind: str, made: Databases) -> Iterator[Store]:
    tell(f"\nFilling {kind} with {DEALS:,} open opportunities and as many tasks …")
    store = made.store(kind, "attention")
    fill(store, DEALS, searchable=False)
    fill_tasks(store, 2 * DEALS, mine=0, deals=DEALS)
    for first in range(1, 2 * DEALS, CHUNK):
        store.write_now(_steps, first)
    vacuum(store)
    yield store
    store.close()


def _steps(session: Session, first: int) -> None:
    """Each of these deals has the open task that is due first as its next step."""
    session.execute(
        text(
            "UPDATE opportunities SET next_task_id = (SELECT id FROM tasks "
            "WHERE tasks.workspace_id = opportunities.workspace_id "
            "AND tasks.opportunity_id = opportunities.id AND tasks.open "
            "ORDER BY due_key, id LIMIT 1) WHERE id >= :first AND id < :end"
        ),
        {"first": first, "end": first + CHUNK},
    )


def page(store: Store, query: Query) -> pipeline.Shown:
    shown = store.read_now(pipeline.private, query, by=actor(), now=NOW)
    view.board(Style(shown.workspace, NOW), shown.board, None, can_post=True, viewer_id=actor().id)
    return shown


def bench_board(kind: str, busy: Store, table: Table) -> None:
    query = Query(filter=Filter(attention=True))
    shown = page(busy, query)
    p50 = percentile(timed(lambda: page(busy, query), TIMES), 50)
    raw = by_hand(busy, statements(busy, lambda: page(busy, query)), TIMES)
    table.note(f"{kind}: deals that need attention", count(shown.board.matching))
    table.note(f"{kind}: first page of them, p50", ms(p50))
    table.at_most(f"{kind}: as the raw SQL ({ms(raw)})", p50 / raw, 2, times_as)


def bench_rounds(kind: str, busy: Store, table: Table) -> None:
    """Twenty owners with 5,000 deals each, told for the first time: nothing was said yet."""
    owners = busy.read_now(rounds.missing, TEAM)
    busy.write_now(rounds.enlist_all, TEAM, owners, NOW)
    busy.write_now(_due)
    looked, told = _rounds(busy)
    table.note(f"{kind}: a round of 5,000 deals, p50", ms(percentile(looked, 50)))
    written = percentile(told, 50)
    if kind == "SQLite":
        table.at_most(f"{kind}: its write, which others wait for, p50", written, 0.25, ms)
    else:
        table.note(f"{kind}: its write, p50", ms(written))
    table.exactly(f"{kind}: messages", busy.read_now(_words), len(owners))
    busy.write_now(_due)
    again, _ = _rounds(busy)
    table.note(f"{kind}: the next morning, p50", ms(percentile(again, 50)))


def _rounds(store: Store) -> tuple[list[float], list[float]]:
    """Seconds that each took to be looked at, and to be written."""
    looked: list[float] = []
    told: list[float] = []
    for due in store.read_now(attention.due, NOW, 100):
        began = time.perf_counter()
        news = store.read_now(attention.look, due, NOW)
        looked.append(time.perf_counter() - began)
        store.write_now(attention.tell, due, news, NOW)
        told.append(time.perf_counter() - began - looked[-1])
    return looked, told


def _due(session: Session) -> None:
    session.execute(update(RoundRow).values(next_at=NOW, told_on=None))


def _words(session: Session) -> Any:
    return session.scalar(select(func.count()).select_from(OutboxRow))
