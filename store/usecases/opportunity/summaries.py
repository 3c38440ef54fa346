"""**Send me a summary**: asked for on a page, read when it is sent (product page, 7)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.opportunity.opportunity import Opportunity
from store.opportunity.summary import Summary
from store.outbox import outbox
from store.person.person import Actor
from store.tables.entries import ActivityRow, CommentRow, TaskRow
from store.tables.records import HistoryRow, OpportunityRow
from store.task.task import Task
from store.usecases import workspaces
from store.usecases.opportunity import reading, timelines
from store.usecases.person import people
from store.usecases.task import tasks

ROWS, TASKS = 150, 60
"""More than one message holds."""


def ask(session: Session, number: int, *, by: Actor, now: datetime) -> Opportunity:
    """Sends it to whoever asks, each time they do."""
    by.must_read()
    row = reading.row_of(session, by.viewer, number)
    key = f"summary:{row.id}:{by.id}:{now:%Y%m%d%H%M%S%f}"
    said = {"say": "summary", "opportunity": row.id}
    outbox.tell(session, by.workspace_id, by.id, key, said, now)
    return reading.one(session, row, workspaces.load(session, by.workspace_id), now)


def to_show(
    session: Session, workspace_id: str, opportunity_id: int, user_id: str, now: datetime
) -> Summary | None:
    """As it is now; None when this person may not see it any more."""
    to = people.looker(session, workspace_id, user_id)
    found = select(OpportunityRow).where(OpportunityRow.id == opportunity_id)
    row = session.scalar(found.where(reading.seen_by(to.viewer)))
    if row is None or not to.may_read:
        return None
    workspace = workspaces.load(session, workspace_id)
    return Summary(
        opportunity=reading.one(session, row, workspace, now),
        workspace=workspace,
        rows=tuple(reversed(timelines.newest(session, row, ROWS))),
        total=sum(_count(session, row, table) for table in (HistoryRow, ActivityRow, CommentRow)),
        tasks=_tasks(session, row),
        tasks_total=_count(session, row, TaskRow),
    )


def _tasks(session: Session, deal: OpportunityRow) -> tuple[Task, ...]:
    order = TaskRow.open.desc(), TaskRow.due_key, TaskRow.id
    rows: Sequence[TaskRow] = session.scalars(
        select(TaskRow)
        .where(TaskRow.workspace_id == deal.workspace_id, TaskRow.opportunity_id == deal.id)
        .order_by(*order)
        .limit(TASKS)
    ).all()
    return tasks.loaded(session, deal.workspace_id, rows)


def _count(session: Session, deal: OpportunityRow, table: Any) -> int:
    counted = select(func.count()).select_from(table)
    of_it = (table.workspace_id == deal.workspace_id, table.opportunity_id == deal.id)
    return session.scalar(counted.where(*of_it)) or 0
