"""Engines, threads and transactions: the one place where the event loop meets the database.

SQLite has one writer thread, so that writers queue here and not on the file's lock, and readers
apart. PostgreSQL has a pool of threads for both. A write that has begun is never cancelled: its
outcome is awaited, because the person must be told what really happened.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Concatenate, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from store.errors import Busy

T = TypeVar("T")

DEADLINE = 2.0
"""Seconds for queue and lock together; Slack waits three for its answer."""
READERS = 4
POOL = 8
TRIES = 3
"""A transaction that lost a race on a unique key or a version is run anew, this often in all."""

AWAY = "The database can't be reached just now, so nothing was saved. Try again in a minute."


def engine_url(url: str) -> URL:
    """What users write (`sqlite:///…`, `postgresql://…`), with the driver that is installed."""
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def make_engine(url: str, *, writer: bool, size: int) -> Engine:
    parsed = engine_url(url)
    if parsed.get_backend_name() != "sqlite":
        millis = int(DEADLINE * 1000)
        options = f"-c lock_timeout={millis} -c timezone=UTC"
        return create_engine(
            parsed,
            pool_size=size,
            max_overflow=0,
            pool_timeout=DEADLINE,
            connect_args={"options": options, "connect_timeout": 2, "prepare_threshold": 2},
        )
    engine = create_engine(
        parsed,
        pool_size=size,
        max_overflow=0,
        pool_timeout=DEADLINE,
        connect_args={"timeout": DEADLINE, "check_same_thread": False, "isolation_level": None},
    )
    event.listen(engine, "connect", _pragmas)
    event.listen(engine, "begin", _begin_immediate if writer else _begin)
    return engine


def _pragmas(connection: Any, _record: Any) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-32000",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


class Store:
    """Runs use cases: `await store.write(use_case, …)` is one transaction, `read` a look."""

    def __init__(self, url: str) -> None:
        self.sqlite = engine_url(url).get_backend_name() == "sqlite"
        writers, readers = (1, READERS) if self.sqlite else (POOL, POOL)
        self.writer = make_engine(url, writer=True, size=writers)
        self.reader = make_engine(url, writer=False, size=readers) if self.sqlite else self.writer
        self._writers = ThreadPoolExecutor(writers, thread_name_prefix="store-writer")
        self._readers = (
            ThreadPoolExecutor(readers, thread_name_prefix="store-reader")
            if self.sqlite
            else self._writers
        )
        self._wakers: list[Callable[[], None]] = []

    def on_outbox(self, wake: Callable[[], None]) -> None:
        """Calls `wake`, from a worker thread, after each commit that left something to deliver."""
        self._wakers.append(wake)

    async def write(
        self, use_case: Callable[Concatenate[Session, ...], T], *args: Any, **kwargs: Any
    ) -> T:
        """Runs the use case in a transaction of its own; refuses with Busy when it can't begin."""
        return await _within_deadline(
            self._writers, lambda: self.write_now(use_case, *args, **kwargs)
        )

    async def read(
        self, use_case: Callable[Concatenate[Session, ...], T], *args: Any, **kwargs: Any
    ) -> T:
        return await _within_deadline(
            self._readers, lambda: self.read_now(use_case, *args, **kwargs)
        )

    def write_now(
        self, use_case: Callable[Concatenate[Session, ...], T], *args: Any, **kwargs: Any
    ) -> T:
        """The same, on this thread: for the command line and for tests."""
        for left in reversed(range(TRIES)):
            try:
                return self._transaction(use_case, *args, **kwargs)
            except (IntegrityError, StaleDataError):
                if not left:
                    raise
            except (OperationalError, PoolTimeout) as error:
                if not left or not _lost_race(error):
                    raise Busy(AWAY) from error
        raise AssertionError  # pragma: no cover - the loop returns or raises.

    def read_now(
        self, use_case: Callable[Concatenate[Session, ...], T], *args: Any, **kwargs: Any
    ) -> T:
        try:
            with Session(self.reader, expire_on_commit=False) as session:
                return use_case(session, *args, **kwargs)
        except (OperationalError, PoolTimeout) as error:
            raise Busy(AWAY) from error

    def _transaction(
        self, use_case: Callable[Concatenate[Session, ...], T], *args: Any, **kwargs: Any
    ) -> T:
        with Session(self.writer, expire_on_commit=False) as session, session.begin():
            result = use_case(session, *args, **kwargs)
        if session.info.get("outbox"):
            for wake in self._wakers:
                wake()
        return result

    def close(self) -> None:
        """Waits for what has begun."""
        self._writers.shutdown()
        self._readers.shutdown()
        self.writer.dispose()
        self.reader.dispose()


def _lost_race(error: Exception) -> bool:
    """PostgreSQL's deadlock and serialization failures: the loser runs anew."""
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    return state in ("40001", "40P01")


async def _within_deadline(executor: ThreadPoolExecutor, run: Callable[[], T]) -> T:
    started = time.monotonic()
    begun = threading.Event()

    def guarded() -> T:
        if time.monotonic() - started > DEADLINE:
            raise Busy(AWAY)
        begun.set()
        return run()

    job: Future[T] = executor.submit(guarded)
    future = asyncio.wrap_future(job)
    await asyncio.wait({future}, timeout=DEADLINE)
    if not future.done() and job.cancel():
        raise Busy(AWAY)
    return await asyncio.shield(future)
