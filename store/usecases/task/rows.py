"""Rows of tasks: what is derived from the rest of one, and the next step of a deal."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from store.opportunity.status import Shelf
from store.person.person import Person
from store.tables.entries import TaskRow
from store.tables.records import OpportunityRow, PersonRow
from store.task.task import NO_DUE, Due, NextStep

# Built once: a click may have to say it.
_STEPS = (
    select(
        TaskRow.id,
        TaskRow.title,
        TaskRow.assignee_id,
        TaskRow.due_on,
        TaskRow.due_at,
        TaskRow.quiet,
        PersonRow.name,
    )
    .outerjoin(
        PersonRow,
        and_(
            PersonRow.workspace_id == TaskRow.workspace_id,
            PersonRow.user_id == TaskRow.assignee_id,
        ),
    )
    .where(
        # Spelled so that no index fits: SQLite would walk through all tasks of the workspace rather
        # than look at these few.
        func.coalesce(TaskRow.workspace_id, "") == bindparam("team"),
        TaskRow.id.in_(bindparam("tasks", expanding=True)),
    )
)


def due_of(row: TaskRow) -> Due | None:
    return None if row.due_on is None else Due(row.due_on, row.due_at)


def put_due(row: TaskRow, due: Due | None) -> None:
    row.due_on, row.due_at = (due.on, due.at) if due else (None, None)


def settle(session: Session, row: TaskRow, deal: OpportunityRow | None, now: datetime) -> None:
    """Sets what is derived, for lists and reminders; `deal` is the one it hangs on."""
    due = due_of(row)
    row.open = row.done_at is None
    row.due_key = due.key if due else NO_DUE
    row.remind_at = _reminder(session, row, deal, now)


def _reminder(
    session: Session, row: TaskRow, deal: OpportunityRow | None, now: datetime
) -> datetime | None:
    """When its assignee is reminded. What was due in the past when it was said is not reminded of;
    what is due just now, and not yet told, still is.
    """
    due, rests = due_of(row), deal is not None and deal.shelf is not Shelf.OPEN
    if due is None or not row.open or row.quiet or rests:
        return None
    at = due.reminds(zone_of(session, row.workspace_id, row.assignee_id))
    return at if at > now or at == row.remind_at else None


def zone_of(session: Session, workspace_id: str, user_id: str) -> ZoneInfo:
    """UTC for somebody whose profile was never read."""
    found = select(PersonRow.tz).where(
        PersonRow.workspace_id == workspace_id, PersonRow.user_id == user_id
    )
    return ZoneInfo(session.scalar(found) or "UTC")


def settle_next(session: Session, deal: OpportunityRow) -> None:
    """Keeps the next step of a deal: its open task that is due first."""
    session.flush()
    deal.next_task_id = session.scalar(
        select(TaskRow.id)
        .where(
            TaskRow.workspace_id == deal.workspace_id,
            TaskRow.opportunity_id == deal.id,
            TaskRow.open.is_(True),
        )
        .order_by(TaskRow.due_key, TaskRow.id)
        .limit(1)
    )


def steps(session: Session, workspace_id: str, ids: Iterable[int]) -> dict[int, NextStep]:
    """The next steps behind these ids of tasks, with the names of those who take them."""
    wanted = sorted(ids)
    if not wanted:
        return {}
    rows = session.connection().execute(_STEPS, {"team": workspace_id, "tasks": wanted})
    return {
        row.id: NextStep(
            row.title,
            Person(row.assignee_id, row.name or row.assignee_id),
            Due(row.due_on, row.due_at) if row.due_on else None,
            row.id,
            row.quiet,
        )
        for row in rows
    }
