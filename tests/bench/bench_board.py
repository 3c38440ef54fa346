"""The board and the search among 100,000 open opportunities.

Each time is of the use case, on a reader of the store, and of drawing it. The raw time is of the
same statements with the same parameters, given to the driver of the database by hand.
"""

import os
from dataclasses import replace
from typing import Any

import pytest

from handlers.views.pipeline import board as view
from handlers.views.text import Style
from store.board import PAGE, Filter, Query, Sort
from store.database import Store
from store.usecases import contacts
from store.usecases.opportunity import opportunities
from store.usecases.pipeline import pipeline
from tests.bench.data import NOW, TEAM, actor, copies, fill, vacuum
from tests.bench.databases import Databases
from tests.bench.raw import by_hand, statements
from tests.bench.report import Table, ms, percentile, timed, times_as, typical

TIMES = 25
WORDS = ("renewal", "renewl", "bacodi", "bacodi pilot", "wo", "jane smith", "zzzz", "smtih")


def page(store: Store, query: Query, team: str = TEAM) -> pipeline.Shown:
    by = actor(team)
    shown = store.read_now(pipeline.private, query, by=by, now=NOW)
    view.board(Style(shown.workspace, NOW), shown.board, None, can_post=True, viewer_id=by.id)
    return shown


def far_in(store: Store, pages: int, sort: Sort) -> Query:
    """The query of that page, as pressing Next so often would make it."""
    wanted = Query(sort=sort)
    keys, ascending = pipeline._ORDERS[sort]
    order = [key.asc() if ascending else key.desc() for key in keys]
    skipped = (pages - 1) * PAGE - 1

    def last(session: Any) -> Any:
        rows = pipeline.select(pipeline.OpportunityRow).where(
            pipeline.reading.seen_by(actor().viewer), pipeline.OpportunityRow.shelf == "open"
        )
        return session.scalars(rows.order_by(*order).offset(skipped).limit(1)).one()

    row = store.read_now(last)
    query = replace(wanted, first=(pages - 2) * PAGE + 1)
    return pipeline.following(query, pipeline.key(row, sort))


def bench_first_page(kind: str, large: Store, table: Table) -> None:
    took = timed(lambda: page(large, Query()), TIMES)
    raw = by_hand(large, statements(large, lambda: page(large, Query())), TIMES)
    p50 = percentile(took, 50)
    table.at_most(f"{kind}: first page, p50", p50, 0.080, ms)
    table.note(f"{kind}: first page, p95", ms(percentile(took, 95)))
    table.at_most(f"{kind}: as the raw SQL ({ms(raw)})", p50 / raw, 2, times_as)


@pytest.mark.parametrize("sort", list(Sort))
def bench_page_500(kind: str, large: Store, table: Table, sort: Sort) -> None:
    first = typical(lambda: page(large, Query(sort=sort)), TIMES)
    query = far_in(large, 500, sort)
    far = typical(lambda: page(large, query), TIMES)
    what = f"{kind}: page 500 by {sort} ({ms(far)}) as page 1"
    table.at_most(what, far / first, 1.5, times_as)


def bench_filters(kind: str, large: Store, table: Table) -> None:
    for name, said in (
        ("mine", Filter(owner=actor().id)),
        ("attention", Filter(attention=True)),
    ):
        took = typical(lambda said=said: page(large, Query(filter=said)), TIMES)
        table.note(f"{kind}: first page, filter {name}", ms(took))


def bench_words(kind: str, large: Store, table: Table) -> None:
    by = actor()
    for what, ask in (
        ("/opp words", lambda w: large.read_now(opportunities.find, w, by=by, now=NOW)),
        ("contact options", lambda w: large.read_now(contacts.options, w, by=by)),
    ):
        took = {w: typical(lambda w=w, ask=ask: ask(w), 15) for w in WORDS}
        worst = max(took, key=lambda w: took[w])
        table.at_most(f"{kind}: {what}, slowest: {worst!r}", took[worst], 0.050, ms)


@pytest.mark.skipif("BENCH_MILLION" not in os.environ, reason="BENCH_MILLION=1 fills a million")
def bench_million(kind: str, made: Databases, table: Table) -> None:
    each = 10_000
    store = made.store(kind, "million")
    fill(store, each, searchable=False)
    alone = typical(lambda: page(store, Query()), 60)
    for _ in copies(store, 99):
        pass
    vacuum(store)
    among = typical(lambda: page(store, Query()), 60)
    what = f"{kind}: board of {each:,} among a million ({ms(among)}) as alone"
    table.at_most(what, among / alone, 1.3, times_as)
    store.close()
