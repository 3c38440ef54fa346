"""The search alone, among 100,000 records: names that are all alike, and names as in real life.

A search is all that a command needs: candidates among those that may be seen, their names, the
ranking.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from random import Random

import pytest
from sqlalchemy import Column as Col
from sqlalchemy import MetaData, String, Table, insert, select
from sqlalchemy.orm import Session

from store.database import Store
from store.search import likeness, search
from store.tables import records as tables
from tests.bench.data import FAMILY, GIVEN, TEAM, WHAT, vacuum, word
from tests.bench.databases import Databases
from tests.bench.report import Table as Report
from tests.bench.report import ms, tell, typical

RECORDS, TARGET, TIMES = 100_000, 0.050, 15
KIND = search.Kind.OPPORTUNITY

records = Table(
    "bench_records",
    MetaData(),
    Col("workspace_id", tables.Team, primary_key=True),
    Col("id", tables.Id, primary_key=True, autoincrement=False),
    Col("name", String(150)),
    Col("audience", tables.SlackId),
)


def alike(rows: int) -> Iterator[str]:
    """The worst case: every name has the same two words."""
    return (f"Acme renewal {10_000 + at}" for at in range(rows))


def varied(rows: int) -> Iterator[str]:
    """Like a real address book: common given names, rare companies, common purposes."""
    dice = Random(7)  # noqa: S311 - The same names in each run.
    for at in range(rows):
        company = word(dice)
        name = f"{dice.choice(GIVEN)} {dice.choice(FAMILY)}"
        mail = f"{name.lower().replace(' ', '.')}{at}@{company.lower()}.com"
        yield f"{company} {dice.choice(WHAT)} {name} {mail}"


QUESTIONS = {
    alike: (
        "acme",
        "renewal",
        "a",
        "re",
        "renewl",
        "acme renewal",
        "renewl acem",
        "acme renewal 48213",
        "acme renewl 48213",
        "acme renewal 482133",
        "acme renewal 4",
        "acme 9999999",
        "beta",
        "acme renewal for the zebra company in town",
    ),
    varied: (
        "jane smith",
        "jane smtih",
        "renewal",
        "com",
        "j",
        "j s",
        "ba",
        "renewl muller",
        "jane.smith4242",
        "bacodi pilot jane smith",
        "jane smith brown",
        "zzzz",
        "jane zzzzz",
        "jonh smiht renewl",
    ),
}


def fill(store: Store, rows: int, names: Callable[[int], Iterator[str]]) -> None:
    records.metadata.create_all(store.writer)
    left, at = names(rows), 1
    while chunk := list(enumerate(islice(left, 10_000), start=at)):
        at += len(chunk)
        store.write_now(fill_some, chunk)
    vacuum(store)


def fill_some(session: Session, chunk: list[tuple[int, str]]) -> None:
    row = {"workspace_id": TEAM, "audience": ""}
    session.execute(insert(records), [{**row, "id": at, "name": name} for at, name in chunk])
    search.index_many(session, TEAM, KIND, chunk)


def ask(session: Session, words: str) -> list[str]:
    seen = select(records.c.id).where(
        records.c.workspace_id == TEAM, records.c.audience.in_(["", "U1", "G1"])
    )
    ids = search.candidates(session, TEAM, KIND, words, among=seen)
    named = select(records.c.id, records.c.name).where(
        records.c.workspace_id == TEAM, records.c.id.in_(ids)
    )
    texts = {row.id: row.name for row in session.execute(named)}
    return [texts[ref_id] for ref_id in likeness.best(words, texts, limit=10)]


@pytest.mark.parametrize("names", QUESTIONS)
def bench_search(
    kind: str, made: Databases, table: Report, names: Callable[[int], Iterator[str]]
) -> None:
    tell(f"\nFilling {kind} with {RECORDS:,} {names.__name__} names …")
    store = made.store(kind, f"search_{names.__name__}")
    fill(store, RECORDS, names)
    took = {w: typical(lambda w=w: store.read_now(ask, w), TIMES) for w in QUESTIONS[names]}
    store.close()
    worst = max(took, key=lambda w: took[w])
    table.note(
        f"{kind}, {names.__name__} names: median of {len(took)}",
        ms(sorted(took.values())[len(took) // 2]),
    )
    table.at_most(f"{kind}, {names.__name__} names: slowest, {worst!r}", took[worst], TARGET, ms)
