"""The index of activities among a million, of 100,000 opportunities.

Each time is of the use case, on a reader of the store, and of drawing it; beside the raw SQL it is
of the use case alone. The raw time is of the same statements given to the driver of the database by
hand. Where that is less than what Python needs for ten rows, so much is allowed.
"""

import os
from collections.abc import Iterator

import pytest

from handlers.views.activity import index as view
from handlers.views.text import Style
from store.activity import ActivityKind, ActivityPage, ActivityQuery, Period
from store.board import PAGE
from store.database import Store
from store.paging import Spot
from store.usecases.activity import reading as activity_reading
from tests.bench.data import NOW, actor, fill, fill_activities, vacuum
from tests.bench.databases import Databases
from tests.bench.raw import by_hand, statements
from tests.bench.report import Table, ms, percentile, tell, timed, times_as, typical

TIMES = 60
ENTRIES = int(os.environ.get("BENCH_ENTRIES", "1_000_000"))
"""Fewer, to see that it runs."""
DEALS = ENTRIES // 10
FOR_PYTHON = 0.002
"""Seconds."""


@pytest.fixture(scope="module")
def busy(kind: str, made: Databases) -> Iterator[Store]:
    tell(f"\nFilling {kind} with {ENTRIES:,} activities of {DEALS:,} opportunities …")
    store = made.store(kind, "busy")
    fill(store, DEALS, searchable=False)
    fill_activities(store, ENTRIES, DEALS)
    vacuum(store)
    yield store
    store.close()


def look(store: Store, query: ActivityQuery) -> ActivityPage:
    return store.read_now(activity_reading.index, query, by=actor(), now=NOW)


def page(store: Store, query: ActivityQuery) -> ActivityPage:
    found = look(store, query)
    view.index(found, Style(found.workspace, NOW), actor())
    return found


def far_in(store: Store, pages: int) -> ActivityQuery:
    """The query of that page, as pressing Older so often would make it."""
    skipped = (pages - 1) * PAGE - 1
    found = activity_reading.newest(activity_reading.shown(actor().viewer), 1).offset(skipped)
    last = store.read_now(lambda session: session.execute(found).one())
    return ActivityQuery(before=Spot(last.at, last.id))


def measured(kind: str, store: Store, table: Table, what: str, query: ActivityQuery) -> float:
    """Its p50, against the target and the raw SQL."""
    p50 = percentile(timed(lambda: page(store, query), TIMES), 50)
    table.at_most(f"{kind}: {what}, p50", p50, 0.050, ms)
    alone = typical(lambda: look(store, query), TIMES)
    raw = by_hand(store, statements(store, lambda: look(store, query)), TIMES)
    table.note(f"{kind}: {what}, raw SQL", f"{ms(raw)}, {times_as(alone / raw)}")
    table.at_most(f"{kind}: {what}, beside it", alone, max(2 * raw, raw + FOR_PYTHON), ms)
    return p50


def bench_pages(kind: str, busy: Store, table: Table) -> None:
    first = measured(kind, busy, table, "page 1", ActivityQuery())
    far = measured(kind, busy, table, "page 200", far_in(busy, 200))
    table.at_most(f"{kind}: page 200 as page 1", far / first, 1.5, times_as)


def bench_filters(kind: str, busy: Store, table: Table) -> None:
    by, call = actor().id, ActivityKind.CALL
    for name, query in (
        ("mine", ActivityQuery(by=by)),
        ("calls", ActivityQuery(kind=call)),
        ("my calls", ActivityQuery(by=by, kind=call)),
        ("last week", ActivityQuery(period=Period.WEEK)),
        ("of a deal", ActivityQuery(number=busy_deal(busy))),
        ("calls of a deal", ActivityQuery(number=busy_deal(busy), kind=call)),
        ("of a contact", ActivityQuery(contact_id=7)),
        ("calls of a contact", ActivityQuery(contact_id=7, kind=call)),
    ):
        took = typical(lambda query=query: page(busy, query), TIMES)
        table.at_most(f"{kind}: {name}", took, 0.050, ms)


def busy_deal(store: Store) -> int:
    """The number of one that this person sees."""
    found = page(store, ActivityQuery())
    return next(row.deal.number for row in found.rows if row.deal)
