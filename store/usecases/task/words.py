"""What is told of a task by direct message, as it is when it is told."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.opportunity.status import Shelf
from store.tables.entries import TaskRow
from store.task.task import Task
from store.usecases.opportunity import hanging
from store.usecases.person import people
from store.usecases.task import tasks


def to_tell(
    session: Session, workspace_id: str, task_id: int, user_id: str, *, reminder: bool
) -> Task | None:
    """The task, as long as it is for this person to do, and they may see it. They are not reminded
    of one that they stopped, nor of one whose deal is not open any more.
    """
    row = session.scalar(
        select(TaskRow).where(TaskRow.workspace_id == workspace_id, TaskRow.id == task_id)
    )
    if row is None or not row.open or row.assignee_id != user_id:
        return None
    deal, to = hanging.deal_of(session, row), people.looker(session, workspace_id, user_id)
    if not to.may_read or (deal is not None and deal.audience not in to.viewer.audiences):
        return None
    rests = row.quiet or (deal is not None and deal.shelf is not Shelf.OPEN)
    if reminder and rests:
        return None
    (task,) = tasks.loaded(session, workspace_id, [row])
    return task
