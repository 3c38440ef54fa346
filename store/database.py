"""Engines, threads and transactions: the one place where the event loop meets the database.

SQLite has one writer thread, so that writers queue here and not on the file's lock; those that wait
share a commit (together.py). Its readers are apart. PostgreSQL has a pool of threads for both. A
write that has begun is never cancelled: its outcome is awaited, because the person must be told
what really happened.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Concatenate, TypeVar

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from store.errors import Busy
from store.together import AWAY, Together, Turn

log = logging.getLogger(__name__)

T = TypeVar("T")

DEADLINE = 2.0
"""Seconds for queue and lock together; Slack waits three for its answer."""
LOCK = 1.5
"""Seconds that a write which has begun may wait for a row on a server; longer than the second after
which PostgreSQL looks for a deadlock, whose loser is run anew."""
STATEMENT = 15.0
"""Seconds that a statement of the running bot may take on a server; a record takes milliseconds."""
PATIENCE = 20.0
"""Seconds for a look that no person waits for, queue and all: well within a lease of the outbox,
and beyond what a digest takes after an import of everything."""
READERS = 4
POOL = 8
TRIES = 3
"""A transaction that lost a race on a unique key or a version, or its connection, is run anew,
this often in all."""


def engine_url(url: str) -> URL:
    """What users write (`sqlite:///…`, `postgresql://…`), with the driver that is installed."""
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def make_engine(url: str, *, writer: bool, size: int, patience: float = 0) -> Engine:
    """`patience` is how many seconds a statement may take on a server; 0 is for ever."""
    parsed = engine_url(url)
    if parsed.get_backend_name() != "sqlite":
        limits = {"lock_timeout": LOCK, "statement_timeout": patience}
        limits["idle_in_transaction_session_timeout"] = patience
        options = " ".join(f"-c {name}={int(most * 1000)}" for name, most in limits.items())
        return create_engine(
            parsed,
            pool_size=size,
            max_overflow=0,
            pool_timeout=DEADLINE,
            connect_args={
                "options": f"{options} -c timezone=UTC",
                "connect_timeout": 2,
                "prepare_threshold": 2,
                # A server that is cut off is noticed, so that its threads come back.
                "keepalives_idle": 10,
                "keepalives_interval": 5,
                "keepalives_count": 2,
                "tcp_user_timeout": int(STATEMENT * 1000),
            },
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
        size = writers if self.sqlite else writers + 1
        self.writer = make_engine(url, writer=True, size=size, patience=STATEMENT)
        self.reader = (
            make_engine(url, writer=False, size=readers + 1, patience=STATEMENT)
            if self.sqlite
            else self.writer
        )
        self._writers = ThreadPoolExecutor(writers, thread_name_prefix="store-writer")
        self._readers = (
            ThreadPoolExecutor(readers, thread_name_prefix="store-reader")
            if self.sqlite
            else self._writers
        )
        self._patient = ThreadPoolExecutor(1, thread_name_prefix="store-patient")
        self._wakers: list[Callable[[], None]] = []
        self._together = Together(self.writer, self._writers, self._write, self._committed)

    def on_outbox(self, wake: Callable[[], None]) -> None:
        """Calls `wake`, from a worker thread, after each commit that left something to deliver."""
        self._wakers.append(wake)

    async def write(
        self, use_case: Callable[Concatenate[Session, ...], T], *args: Any, **kwargs: Any
    ) -> T:
        """Runs the use case, all of it or nothing; refuses with Busy when it can't begin."""
        turn, run = Turn(), partial(_run, use_case, args, kwargs)
        if self.sqlite:
            submitted = self._together.submit(turn, use_case, run)
        else:
            submitted = self._writers.submit(self._write, turn, run)
        future: asyncio.Future[T] = asyncio.wrap_future(submitted)
        await asyncio.wait({future}, timeout=DEADLINE)
        if not future.done() and turn.refuse():
            _forgotten(future)
            raise Busy(AWAY)
        return await asyncio.shield(future)

    async def read(
        self, use_case: Callable[Concatenate[Session, ...], T], *args: Any, **kwargs: Any
    ) -> T:
        """Runs the use case on a reader; refuses with Busy when it takes too long."""
        look = partial(self.read_now, use_case, *args, **kwargs)
        return await self._looked(self._readers, look, DEADLINE)

    async def read_patiently(
        self, use_case: Callable[Concatenate[Session, ...], T], *args: Any, **kwargs: Any
    ) -> T:
        """The same for what no person waits for: it may take long, one at a time, and whoever does
        wait is not held up by it.
        """
        look = partial(self.read_now, use_case, *args, **kwargs)
        return await self._looked(self._patient, look, PATIENCE)

    async def _looked(
        self, readers: ThreadPoolExecutor, look: Callable[[], T], patience: float
    ) -> T:
        future = asyncio.get_running_loop().run_in_executor(readers, look)
        await asyncio.wait({future}, timeout=patience)
        if not future.done():
            future.cancel()  # What has not begun never will; how the rest ends, nobody asks.
            raise Busy(AWAY)
        return future.result()

    def write_now(
        self, use_case: Callable[Concatenate[Session, ...], T], *args: Any, **kwargs: Any
    ) -> T:
        """The same, on this thread: for the command line and for tests."""
        return self._write(Turn(), partial(_run, use_case, args, kwargs))

    def read_now(
        self, use_case: Callable[Concatenate[Session, ...], T], *args: Any, **kwargs: Any
    ) -> T:
        for left in reversed(range(TRIES)):
            try:
                with Session(self.reader, expire_on_commit=False) as session:
                    return use_case(session, *args, **kwargs)
            except (DBAPIError, PoolTimeout) as error:
                if not left or not _lost(error):
                    raise _busy(error) from error
        raise AssertionError  # pragma: no cover - the loop returns or raises.

    def _write(self, turn: Turn, run: Callable[[Session], T]) -> T:
        turn.check()
        for left in reversed(range(TRIES)):
            try:
                return self._transaction(turn, run)
            except (IntegrityError, StaleDataError):
                if not left:
                    raise
            except (DBAPIError, PoolTimeout) as error:
                if not left or not _lost(error):
                    raise _busy(error) from error
        raise AssertionError  # pragma: no cover - the loop returns or raises.

    def _transaction(self, turn: Turn, run: Callable[[Session], T]) -> T:
        with Session(self.writer, expire_on_commit=False) as session, session.begin():
            session.connection()  # Here it waits: for a connection, or for SQLite's lock.
            turn.begin()
            result = run(session)
        self._committed(session)
        return result

    def _committed(self, session: Session) -> None:
        if session.info.get("outbox"):
            for wake in self._wakers:
                wake()

    def close(self) -> None:
        """Waits for what has begun."""
        self._writers.shutdown()
        self._together.close()
        self._readers.shutdown()
        self._patient.shutdown()
        self.writer.dispose()
        self.reader.dispose()


def _run(
    use_case: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any], session: Session
) -> T:
    return use_case(session, *args, **kwargs)


def _forgotten(future: asyncio.Future[Any]) -> None:
    """Nobody waits for it any more: how it ended is of no interest."""
    future.add_done_callback(lambda done: done.cancelled() or done.exception())


def _lost(error: Exception) -> bool:
    """The loser of a race runs anew (PostgreSQL's deadlock and serialization failures), and what
    lost its connection: the once key tells whether it had been saved.
    """
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    return state in ("40001", "40P01") or error.connection_invalidated


_SQLITE_AWAY = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)
_POSTGRESQL_AWAY = ("08", "25006", "25P03", "53", "55P03", "57", "58")
"""Connection, read-only, idle, resources, lock, operator (shut down, timed out), system:
https://www.postgresql.org/docs/current/errcodes-appendix.html."""


def _busy(error: Exception) -> Exception:
    """Busy, when the database is locked or away; a mistake of ours stays what it is."""
    if isinstance(error, DBAPIError) and not _away(error):
        return error
    log.warning("The database is locked or away: %s", getattr(error, "orig", error))
    return Busy(AWAY)


def _away(error: DBAPIError) -> bool:
    if isinstance(error.orig, sqlite3.Error):
        # The low byte is the error, the rest its details: https://www.sqlite.org/rescode.html.
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _SQLITE_AWAY
    state = getattr(error.orig, "sqlstate", None)
    if state is None:
        return error.connection_invalidated or not isinstance(error, ProgrammingError)
    return str(state).startswith(_POSTGRESQL_AWAY)
