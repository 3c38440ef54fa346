"""What stands somewhere and is left behind there: it says so, and is not kept fresh any more."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from store.outbox import outbox
from store.tables.dialect import insert
from store.tables.machinery import OutboxRow


def card(session: Session, workspace_id: str, opportunity_id: int, now: datetime) -> None:
    """Its card will be another message than the one that it was, which then says so."""
    was = _left_behind(session, workspace_id, outbox.CARD, opportunity_id, outbox.OLD_CARD, now)
    if was is not None:
        was.ts = was.permalink = was.channel_id = was.thread_ts = None
        session.flush()


def task(session: Session, workspace_id: str, task_id: int, now: datetime) -> None:
    """It hangs on another deal from now on, or on none: its message stays behind, and says so."""
    was = _left_behind(session, workspace_id, outbox.TASK, task_id, outbox.OLD_TASK, now)
    if was is not None:
        session.delete(was)
        session.flush()


def _left_behind(
    session: Session, workspace_id: str, kind: str, ref_id: int, old_kind: str, now: datetime
) -> OutboxRow | None:
    was = session.scalar(
        select(OutboxRow).where(
            OutboxRow.workspace_id == workspace_id, OutboxRow.key == f"{kind}:{ref_id}"
        )
    )
    if was is not None and was.ts is not None:
        row = outbox.row_of(workspace_id, old_kind, f"{old_kind}:{was.channel_id}:{was.ts}", now)
        row |= {"ref_id": ref_id, "channel_id": was.channel_id, "ts": was.ts}
        statement = insert(session, OutboxRow).values(row)
        session.execute(statement.on_conflict_do_nothing(index_elements=["workspace_id", "key"]))
        session.info["outbox"] = True
    return was


def cards(session: Session, workspace_id: str, which: Select[int], now: datetime) -> None:
    """The same of many; `which` selects their ids."""
    _leave(session, workspace_id, (outbox.CARD, outbox.OLD_CARD), OutboxRow.ref_id.in_(which), now)


def threads(session: Session, workspace_id: str, which: Select[int], now: datetime) -> None:
    """What stands in the threads of these cards is not shown there any more. A task says so; what
    was done stands as it was told.
    """
    of_them = OutboxRow.opportunity_id.in_(which)
    _leave(
        session,
        workspace_id,
        (outbox.TASK, outbox.OLD_TASK),
        of_them,
        now,
        data={"with_card": True},
    )
    _leave(session, workspace_id, (outbox.ACTIVITY, None), of_them, now)


def _leave(
    session: Session,
    workspace_id: str,
    kinds: tuple[str, str | None],
    which: ColumnElement[bool],
    now: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    """These stand nowhere from now on; where they stood it is said, if there is a kind for that."""
    kind, old = kinds
    theirs = (
        OutboxRow.workspace_id == workspace_id,
        OutboxRow.kind == kind,
        which,
        OutboxRow.ts.is_not(None),
    )
    if old is not None:
        _say_left(session, workspace_id, theirs, old, now, data)
    gone = {"ts": None, "permalink": None, "channel_id": None, "thread_ts": None}
    nowhere = update(OutboxRow).where(*theirs).values(gone)
    session.execute(nowhere.execution_options(synchronize_session=False))


def _say_left(
    session: Session,
    workspace_id: str,
    theirs: tuple[ColumnElement[bool], ...],
    old: str,
    now: datetime,
    data: dict[str, Any] | None,
) -> None:
    stood = select(OutboxRow.ref_id, OutboxRow.channel_id, OutboxRow.ts).where(*theirs)
    rows = [
        outbox.row_of(workspace_id, old, f"{old}:{was.channel_id}:{was.ts}", now)
        | {"priority": outbox.BACKGROUND, "data": data, **was._asdict()}
        for was in session.execute(stood)
    ]
    if rows:
        said = insert(session, OutboxRow.__table__)
        said = said.on_conflict_do_nothing(index_elements=["workspace_id", "key"])
        session.connection().execute(said, rows)
