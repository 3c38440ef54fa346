"""What becomes of the open tasks of a deal when its status changes, and the way back from that."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.outbox import outbox
from store.person.person import Actor
from store.tables.entries import TaskRow
from store.tables.records import OpportunityRow
from store.task.task import Due
from store.usecases.opportunity import changes, reading
from store.usecases.task.rows import due_of, put_due, settle, settle_next
from store.workspace import Workspace


def open_count(session: Session, number: int, *, by: Actor) -> int:
    """How many tasks of it are open: what **Lost** asks about."""
    by.must_read()
    row = reading.row_of(session, by.viewer, number)
    counted = select(func.count()).select_from(TaskRow).where(*_open_of(row))
    return session.scalar(counted) or 0


def close_all(
    session: Session, row: OpportunityRow, history_id: int, by: Actor, now: datetime
) -> int:
    """They are done with, along with the deal; how many."""
    tasks = _open(session, row)
    for task in tasks:
        _keep(task, history_id, by, done=True)
        task.done_at, task.done_by = now, by.id
    return _shown(session, row, tasks, now)


def put_off(
    session: Session,
    row: OpportunityRow,
    until: date,
    history_id: int,
    workspace: Workspace,
    by: Actor,
    now: datetime,
) -> int:
    """What is due before the deal comes back from its pause is due on that day; how many."""
    zone = workspace.zone
    early = [
        task for task in _open(session, row) if (due := due_of(task)) and due.day(zone) < until
    ]
    for task in early:
        _keep(task, history_id, by, due_on=task.due_on, due_at=task.due_at)
        hour = task.due_at.astimezone(zone).time() if task.due_at else None
        put_due(task, Due.of(until, hour, zone))
    return _shown(session, row, early, now)


def bring_back(session: Session, row: OpportunityRow, history_id: int, now: datetime) -> None:
    """As they were before that change, but for those that somebody changed since."""
    tasks = session.scalars(
        select(TaskRow)
        .where(
            TaskRow.workspace_id == row.workspace_id,
            TaskRow.opportunity_id == row.id,
            TaskRow.changed_with == history_id,
        )
        .with_for_update()
    ).all()
    for task in tasks:
        before: dict[str, Any] = task.before or {}
        task.changed_with = task.before = None
        if before.get("done"):
            task.done_at = task.done_by = None
        elif before.get("due_on"):
            at = before.get("due_at")
            day = date.fromisoformat(before["due_on"])
            put_due(task, Due(day, datetime.fromisoformat(at) if at else None))
    _shown(session, row, tasks, now)


def _open_of(row: OpportunityRow) -> tuple[Any, ...]:
    return (
        TaskRow.workspace_id == row.workspace_id,
        TaskRow.opportunity_id == row.id,
        TaskRow.open.is_(True),
    )


def _open(session: Session, row: OpportunityRow) -> Sequence[TaskRow]:
    found = select(TaskRow).where(*_open_of(row)).order_by(TaskRow.id)
    return session.scalars(found.with_for_update()).all()


def _keep(task: TaskRow, history_id: int, by: Actor, **before: Any) -> None:
    """How it is now, for Undo."""
    task.changed_by, task.changed_with = by.id, history_id
    task.before = {name: reading.as_json(value) for name, value in before.items()}


def _shown(session: Session, row: OpportunityRow, tasks: Sequence[TaskRow], now: datetime) -> int:
    """Settles what is derived, and has their messages drawn anew; the card is already."""
    for task in tasks:
        settle(session, task, row, now)
        changes.in_thread(session, row, outbox.TASK, task.id, now)
    if tasks:
        settle_next(session, row)
    return len(tasks)
