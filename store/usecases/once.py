"""What is heard twice counts once, and gets the same answer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select
from sqlalchemy.orm import Session

from store.tables.machinery import HeardRow

KEPT = timedelta(hours=48)
"""Slack's delayed events come for 24 hours (docs.slack.dev/apis/events-api)."""

# Statements of every click are built once, and run without the ORM's part: both cost more than what
# the database does.
_HEARD = cast("Table", HeardRow.__table__)
_KNOWN = select(_HEARD.c.answer).where(
    _HEARD.c.workspace_id == bindparam("team"), _HEARD.c.key == bindparam("heard")
)
_KEEP = insert(_HEARD)


def once(
    session: Session,
    workspace_id: str,
    key: str,
    now: datetime,
    run: Callable[[Session], dict[str, Any] | None],
) -> tuple[dict[str, Any] | None, bool]:
    """Runs it, and keeps its answer with the key; a repeat runs nothing and is told so (True).

    A refusal keeps nothing, because its transaction is rolled back. Two copies that hear the same
    at once meet on the unique key: the loser's transaction is run anew and finds the answer.
    """
    known = session.connection().execute(_KNOWN, {"team": workspace_id, "heard": key}).first()
    if known is not None:
        return known.answer, True
    answer = run(session)
    kept = {"workspace_id": workspace_id, "key": key, "answer": answer, "at": now}
    session.connection().execute(_KEEP, kept)
    return answer, False


def forget(session: Session, now: datetime, limit: int = 1000) -> bool:
    """Drops keys that can't come again; whether there may be more. In steps, so that the writer is
    never held long.
    """
    old = select(HeardRow.workspace_id, HeardRow.key).where(HeardRow.at < now - KEPT).limit(limit)
    keys = session.execute(old).all()
    for workspace_id, key in keys:
        session.execute(
            delete(HeardRow).where(HeardRow.workspace_id == workspace_id, HeardRow.key == key)
        )
    return len(keys) == limit
