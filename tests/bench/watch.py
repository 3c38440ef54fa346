"""Where the time of a click goes: watches put around the parts of the bot, in its own process.

Each watch counts what passes between its beginning and its end, without what an inner watch counts.
Only right for one click at a time.
"""

from collections import defaultdict
from collections.abc import Callable
from time import perf_counter
from typing import Any

SPENT: defaultdict[str, float] = defaultdict(float)
"""Seconds by part, of all clicks so far."""

_running: list[str] = []
_since = 0.0


def _enter(part: str) -> None:
    global _since  # noqa: PLW0603 - One watch is handed on from part to part.
    now = perf_counter()
    if _running:
        SPENT[_running[-1]] += now - _since
    _running.append(part)
    _since = now


def _leave(*_: Any) -> None:
    global _since  # noqa: PLW0603
    now = perf_counter()
    SPENT[_running.pop()] += now - _since
    _since = now


def _sync(owner: Any, name: str, part: str) -> None:
    inner: Callable[..., Any] = getattr(owner, name)

    def watched(*args: Any, **kwargs: Any) -> Any:
        _enter(part)
        try:
            return inner(*args, **kwargs)
        finally:
            _leave()

    setattr(owner, name, watched)


def _async(owner: Any, name: str, part: str) -> None:
    inner: Callable[..., Any] = getattr(owner, name)

    async def watched(*args: Any, **kwargs: Any) -> Any:
        _enter(part)
        try:
            return await inner(*args, **kwargs)
        finally:
            _leave()

    setattr(owner, name, watched)


def install() -> None:
    """Before the bot is built."""
    from slack_bolt.async_app import AsyncApp  # noqa: PLC0415 - Loaded in the bot's process.
    from sqlalchemy import Engine, event  # noqa: PLC0415
    from sqlalchemy.dialects.sqlite.base import SQLiteDialect  # noqa: PLC0415

    from bot.gate import Gate  # noqa: PLC0415
    from bot.http import Inbound  # noqa: PLC0415
    from handlers import drawing, listening  # noqa: PLC0415
    from store.database import Store  # noqa: PLC0415

    _async(Inbound, "answer", "gate: signature, parsing")
    _async(Gate, "answer", "gate: app and team")
    _async(AsyncApp, "async_dispatch", "Bolt: finding the listener")
    _async(listening, "_who", "listener: who acts")
    _async(listening, "_answer", "listener")
    _async(listening, "_give", "listener")
    _async(Store, "write", "threads: there and back")
    _sync(Store, "_transaction", "rules, rows, history, outbox")
    _sync(SQLiteDialect, "do_commit", "commit, with synchronous=FULL")
    event.listen(Engine, "before_cursor_execute", lambda *_: _enter("SQL in SQLite"))
    event.listen(Engine, "after_cursor_execute", _leave)
    confirm: Any = drawing.confirm
    _sync(confirm, "changed", "views: the private word")
