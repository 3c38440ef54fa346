"""`/task` of somebody with 5,000 open tasks among a million.

Each time is of the use case, on a reader of the store, and of drawing it. With the raw time, which
is of the same statements given to the driver by hand, the use case alone is compared.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from handlers.task.ids import TaskList
from handlers.views.task import lists as view
from handlers.views.text import Style
from store.database import Store
from store.task.lists import Scope, TaskPage
from store.usecases.task import lists as task_lists
from tests.bench.data import NOW, VIEWER, actor, fill, fill_tasks
from tests.bench.databases import Databases
from tests.bench.raw import by_hand, statements
from tests.bench.report import Table, ms, percentile, tell, timed, times_as, typical

TASKS = int(os.environ.get("BENCH_TASKS", "1000000"))
MINE, DEALS, TIMES = 5_000, 20_000, 25
SCOPES = {
    "mine": Scope(whose=VIEWER),
    "everyone's": Scope(),
    "one deal's": Scope(number=7),
    "mine, done": Scope(whose=VIEWER, done=True),
    "everyone's, done": Scope(done=True),
    "of a contact": Scope(contact_id=7, done=None),
}


@pytest.fixture(scope="module")
def busy(kind: str, made: Databases) -> Iterator[Store]:
    """20,000 deals and a million tasks, of which 5,000 open ones are the viewer's."""
    tell(f"\nFilling {kind} with {TASKS:,} tasks …")
    store = made.store(kind, "tasks")
    fill(store, DEALS, searchable=False)
    fill_tasks(store, TASKS, mine=MINE, deals=DEALS)
    yield store
    store.close()


def look(store: Store, scope: Scope, **where: Any) -> TaskPage:
    return store.read_now(task_lists.page, scope, by=actor(), now=NOW, **where)


def page(store: Store, scope: Scope, **where: Any) -> TaskPage:
    found = look(store, scope, **where)
    shown = TaskList(whose=scope.whose)
    view.index(Style(found.workspace, NOW), found, shown, actor())
    return found


@pytest.mark.parametrize("name", list(SCOPES))
def bench_first_page(kind: str, busy: Store, table: Table, name: str) -> None:
    took = timed(lambda: page(busy, SCOPES[name]), TIMES)
    table.at_most(f"{kind}: {name}, p50", percentile(took, 50), 0.050, ms)
    table.note(f"{kind}: {name}, p95", ms(percentile(took, 95)))


def bench_raw(kind: str, busy: Store, table: Table) -> None:
    scope = SCOPES["mine"]
    alone = typical(lambda: look(busy, scope), TIMES)
    raw = by_hand(busy, statements(busy, lambda: look(busy, scope)), TIMES)
    what = f"{kind}: mine ({ms(alone)}) as the raw SQL ({ms(raw)})"
    table.at_most(what, alone / raw, 2, times_as)


def bench_far_in(kind: str, busy: Store, table: Table) -> None:
    found = page(busy, SCOPES["mine"])
    for _ in range(199):
        found = page(busy, SCOPES["mine"], start=found.after)
    far = typical(lambda: page(busy, SCOPES["mine"], start=found.after), TIMES)
    table.at_most(f"{kind}: mine, page 201", far, 0.050, ms)


def bench_my_day(kind: str, busy: Store, table: Table) -> None:
    took = typical(lambda: busy.read_now(task_lists.my_day, by=actor(), now=NOW), TIMES)
    table.at_most(f"{kind}: overdue and today's, for Home", took, 0.020, ms)
