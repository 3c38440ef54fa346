"""A digest with everything in it: 100,000 opportunities, 10,000 changes since the last one.

The time is of the use case, on a reader of the store, and of drawing it. The raw time is of the
same statements with the same parameters, given to the driver of the database by hand, and of
fetching all that they find.
"""

from collections.abc import Iterator
from statistics import median

import pytest

from handlers.views.digest import digest as view
from handlers.views.text import Style
from store.database import Store
from store.usecases.digest import reading as digest_reading
from tests.bench.changed import decide, fill_changes
from tests.bench.data import NOW, TEAM, fill, fill_tasks, vacuum
from tests.bench.databases import Databases
from tests.bench.raw import by_hand, statements
from tests.bench.report import Table, ms, percentile, tell, timed, times_as

OPEN, ALL, CHANGES, BEFORE, TASKS = 80_000, 100_000, 10_000, 200_000, 20_000
TURNS, TIMES = 5, 6


@pytest.fixture(scope="module")
def told(kind: str, made: Databases) -> Iterator[tuple[Store, int]]:
    tell(f"\nFilling {kind} with {ALL:,} opportunities and {CHANGES + BEFORE:,} changes …")
    store = made.store(kind, "digest")
    fill(store, OPEN, searchable=False)
    store.write_now(fill_changes, CHANGES, BEFORE)
    fill_tasks(store, TASKS, mine=1_000, deals=OPEN)
    run_id = store.write_now(decide)
    vacuum(store)
    yield store, run_id
    store.close()


def digest(store: Store, run_id: int) -> None:
    content = store.read_now(digest_reading.to_show, TEAM, run_id, NOW)
    assert content
    assert content.groups
    view.digest(Style(content.workspace, NOW), content)


def bench_digest(kind: str, told: tuple[Store, int], table: Table) -> None:
    """In turns, so that whatever else the machine does hits both alike."""
    store, run_id = told
    sent = statements(store, lambda: digest(store, run_id))
    took: list[float] = []
    raws: list[float] = []
    for _ in range(TURNS):
        took += timed(lambda: digest(store, run_id), TIMES)
        raws.append(by_hand(store, sent, TIMES))
    p50, raw = percentile(took, 50), median(raws)
    table.at_most(f"{kind}: read and rendered, p50", p50, 0.500, ms)
    table.note(f"{kind}: its p95", ms(percentile(took, 95)))
    what = f"{kind}: as its raw SQL ({len(sent)} statements, {ms(raw)})"
    table.at_most(what, p50 / raw, 2, times_as)
