"""Reminders of tasks: when they come, and that each comes once (product page, 9)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.opportunity.status import Shelf
from store.outbox import outbox
from store.tables.entries import TaskRow
from store.tables.records import OpportunityRow
from store.usecases.task.rows import due_of, settle


def remind_due(session: Session, now: datetime, limit: int = 100) -> int:
    """Has everybody reminded whose task is due, once; how many. The word and what says that it was
    written are one transaction; a task that another copy holds is left to that.
    """
    rows = session.scalars(
        select(TaskRow)
        .where(TaskRow.remind_at <= now)
        .order_by(TaskRow.remind_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        key = f"reminder:{row.id}:{row.remind_at:%Y-%m-%dT%H:%M}"
        said = {"say": "reminder", "task": row.id}
        outbox.tell(session, row.workspace_id, row.assignee_id, key, said, now)
        row.remind_at = None
    return len(rows)


def follow_shelf(session: Session, deal: OpportunityRow, now: datetime) -> None:
    """Nobody is reminded of the tasks of a deal that is closed, paused or archived; when it is open
    again, they are reminded of what is still to come.
    """
    of_it = (
        TaskRow.workspace_id == deal.workspace_id,
        TaskRow.opportunity_id == deal.id,
        TaskRow.open.is_(True),
    )
    if deal.shelf is Shelf.OPEN:
        dated = select(TaskRow).where(*of_it, TaskRow.due_on.is_not(None))
        for row in session.scalars(dated.with_for_update()).all():
            settle(session, row, deal, now)
        return
    session.execute(
        update(TaskRow)
        .where(*of_it, TaskRow.remind_at.is_not(None))
        .values(remind_at=None)
        .execution_options(synchronize_session="fetch")
    )


def follow_zone(session: Session, workspace_id: str, user_id: str, tz: str, now: datetime) -> None:
    """Somebody is in another time zone: what has no hour comes in the morning there."""
    rows = session.scalars(
        select(TaskRow)
        .where(
            TaskRow.workspace_id == workspace_id,
            TaskRow.assignee_id == user_id,
            TaskRow.open.is_(True),
            TaskRow.remind_at.is_not(None),
            TaskRow.due_at.is_(None),
        )
        .with_for_update()
    ).all()
    for row in rows:
        due = due_of(row)
        if due is not None:
            row.remind_at = max(due.reminds(ZoneInfo(tz)), now)
