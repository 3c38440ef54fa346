"""Home of somebody with 2,000 open opportunities and 5,000 tasks, in a workspace with many more.

Each time is of the use case, on a reader of the store, and of drawing it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import cycle
from typing import Any

import pytest
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from handlers.views.person import home as view
from handlers.views.text import Style
from store.database import Store
from store.opportunity.status import STAGES, Shelf
from store.tables.entries import TaskRow
from store.tables.records import OpportunityRow
from store.usecases.opportunity import status
from store.usecases.person import homes
from store.usecases.person.handovers import hand_over
from tests.bench.data import NOW, TEAM, VIEWER, actor, fill, fill_activities, vacuum
from tests.bench.databases import Databases
from tests.bench.raw import by_hand, statements
from tests.bench.report import Table, ms, percentile, tell, timed, times_as, typical

DEALS, MINE, TASKS, OTHERS, TIMES = 20_000, 2_000, 5_000, 50_000, 25


@pytest.fixture(scope="module")
def busy(kind: str, made: Databases) -> Iterator[Store]:
    tell(f"\nFilling {kind} with {DEALS:,} deals and {TASKS + OTHERS:,} tasks …")
    store = made.store(kind, "home")
    fill(store, DEALS, searchable=False)
    store.write_now(_give)
    store.write_now(_tasks, VIEWER, TASKS)
    store.write_now(_tasks, "U0001", OTHERS)
    fill_activities(store, OTHERS, DEALS)
    vacuum(store)
    yield store
    store.close()


def _give(session: Session) -> None:
    """The first open ones are the viewer's, the other ones somebody else's."""
    of_team = update(OpportunityRow).where(OpportunityRow.workspace_id == TEAM)
    session.execute(of_team.where(OpportunityRow.owner_id == VIEWER).values(owner_id="U0001"))
    first = of_team.where(OpportunityRow.shelf == Shelf.OPEN, OpportunityRow.id <= MINE)
    session.execute(first.values(owner_id=VIEWER, audience=""))


def _tasks(session: Session, assignee_id: str, count: int) -> None:
    """Of ten one is overdue, one is due today, and the others are later."""
    about = {"workspace_id": TEAM, "assignee_id": assignee_id, "created_by": assignee_id}
    about |= {"created_at": NOW, "notes": "", "open": True, "quiet": False, "version": 1}
    about |= {"source_link": "", "source_author": ""}
    rows: list[dict[str, Any]] = []
    for at in range(count):
        day = (NOW + timedelta(days=(-3, 0, *range(1, 9))[at % 10])).date()
        due = {"due_on": day, "due_key": f"{day}T99", "title": f"Task {at}"}
        rows.append(about | due | {"opportunity_id": at % DEALS + 1})
    session.execute(insert(TaskRow), rows)


def home(store: Store) -> None:
    shown = store.read_now(homes.to_show, TEAM, VIEWER, NOW)
    assert shown
    view.home(Style(shown.workspace, NOW), shown)


def bench_home(kind: str, busy: Store, table: Table) -> None:
    took = timed(lambda: home(busy), TIMES)
    sent = statements(busy, lambda: home(busy))
    raw = by_hand(busy, sent, TIMES)
    p50 = percentile(took, 50)
    table.at_most(f"{kind}: read and rendered, p50", p50, 0.080, ms)
    table.note(f"{kind}: its p95", ms(percentile(took, 95)))
    table.note(f"{kind}: as the raw SQL ({len(sent)} statements, {ms(raw)})", times_as(p50 / raw))


def bench_click_of_somebody_with_a_home(kind: str, busy: Store, table: Table) -> None:
    """What having looked at it once costs each of their status clicks."""
    by = actor()

    def click() -> float:
        def run() -> None:
            busy.write_now(status.move, 1, next(stages), seen=None, by=by, now=NOW)

        return typical(run, 200)

    stages = cycle(reversed(STAGES))
    without = click()
    busy.write_now(homes.opened, TEAM, VIEWER, NOW)
    table.note(f"{kind}: a status click ({ms(without)}) with a Home", times_as(click() / without))


def bench_handover(kind: str, busy: Store, table: Table) -> None:
    """All that the viewer has, to somebody else and back: its threads are told of each deal."""
    admin = replace(actor(), admin=True)
    ways = iter([(VIEWER, "U0002"), ("U0002", VIEWER)] * 3)

    def run() -> None:
        giver, taker = next(ways)
        busy.write_now(hand_over, giver, taker, by=admin, now=NOW)

    took = timed(run, 2, warm=0)
    what = f"{kind}: handover of {MINE:,} deals and {TASKS:,} tasks"
    table.at_most(what, max(took), 2.0, ms)
