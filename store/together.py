"""One commit for several writes that wait: SQLite has one writer, and syncing a commit to disk
takes it as long as the write itself.

Each write has a savepoint of its own, so that one that is refused leaves the others alone. Whatever
else goes wrong undoes all of them, and each is run anew by itself.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from store.errors import Busy, Refusal

AWAY = "The database can't be reached just now, so nothing was saved. Try again in a minute."
MOST = 16
"""Writes in one commit: the first is acknowledged with the last."""


class Turn:
    """Whether a write has begun. It is either begun or refused, whichever comes first: what the
    person was told, that nothing was saved, stays true.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begun = False
        self._refused = False

    def check(self) -> None:
        if self._refused:
            raise Busy(AWAY)

    def begin(self) -> None:
        with self._lock:
            self.check()
            self._begun = True

    def refuse(self) -> bool:
        with self._lock:
            self._refused = not self._begun
            return self._refused


@dataclass(slots=True, eq=False)
class _Write:
    """`kind` is its use case: only alike ones share a commit, since they take alike long."""

    turn: Turn
    kind: Callable[..., Any]
    run: Callable[[Session], Any]
    committed: bool = False
    result: Any = None
    refusal: Refusal | None = None


class Together:
    """The writes that wait for the writer's thread, in their order."""

    def __init__(
        self,
        engine: Engine,
        thread: ThreadPoolExecutor,
        alone: Callable[[Turn, Callable[[Session], Any]], Any],
        committed: Callable[[Session], None],
    ) -> None:
        self._engine, self._thread = engine, thread
        self._alone, self._committed = alone, committed
        self._waiting: deque[_Write] = deque()
        self._trying = ThreadPoolExecutor(1, thread_name_prefix="store-together")

    def submit(
        self, turn: Turn, kind: Callable[..., Any], run: Callable[[Session], Any]
    ) -> Future[Any]:
        write = _Write(turn, kind, run)
        self._waiting.append(write)
        return self._thread.submit(self._take, write)

    def close(self) -> None:
        self._trying.shutdown()

    def _take(self, write: _Write) -> Any:
        """What became of it, if it went with those before; else it goes, with those behind."""
        if self._waiting and self._waiting[0] is write:
            writes = self._alike()
            if len(writes) > 1:
                # An executor of its own, which keeps whatever goes wrong: then each goes alone.
                self._trying.submit(self._all, writes).exception()
        if not write.committed:
            return self._alone(write.turn, write.run)
        if write.refusal is not None:
            raise write.refusal
        return write.result

    def _alike(self) -> list[_Write]:
        kind, writes = self._waiting[0].kind, list[_Write]()
        while self._waiting and self._waiting[0].kind is kind and len(writes) < MOST:
            writes.append(self._waiting.popleft())
        return writes

    def _all(self, writes: list[_Write]) -> None:
        with self._engine.begin() as connection:
            sessions = [_one(connection, write) for write in writes]
        for write, session in zip(writes, sessions, strict=True):
            write.committed = True
            self._committed(session)


def _one(connection: Connection, write: _Write) -> Session:
    session = Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
    try:
        write.turn.begin()
        with session, session.begin():
            write.result = write.run(session)
    except Refusal as refusal:
        write.refusal = refusal
        session.info.clear()
    return session
