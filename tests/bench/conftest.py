"""What benchmarks may ask for: a table to report in, and two large databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.database import Store
from tests.bench.data import fill
from tests.bench.databases import Databases, databases
from tests.bench.report import Table, tell

OPEN = 100_000


@pytest.fixture(scope="module")
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    """Shown when the last benchmark of its file is done."""
    doc = str(request.module.__doc__ or Path(request.path).stem)
    table = Table(doc.splitlines()[0])
    yield table
    table.show()


@pytest.fixture(scope="session")
def made() -> Iterator[Databases]:
    with databases() as made:
        yield made


@pytest.fixture(scope="session", params=["SQLite", "PostgreSQL"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def large(kind: str, made: Databases) -> Iterator[Store]:
    """100,000 open opportunities and as many contacts, all to be searched."""
    tell(f"\nFilling {kind} with {OPEN:,} open opportunities …")
    store = made.store(kind, "large")
    fill(store, OPEN)
    yield store
    store.close()
