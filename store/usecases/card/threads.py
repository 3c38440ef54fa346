"""The thread of a card that goes elsewhere: who reads it may not see any more what is done."""

from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from store.outbox import outbox, retiring
from store.tables.entries import ActivityRow, EntryRow, TaskRow


def leave(
    session: Session, workspace_id: str, which: Select[int], place: str, now: datetime
) -> None:
    """Nothing new is shown in the threads of these opportunities; their open tasks, which are still
    to be done, stand below their cards in the new place. Nobody is called there again.
    """
    retiring.threads(session, workspace_id, which, now)
    tables: tuple[type[EntryRow], ...] = (ActivityRow, TaskRow)
    for entry in tables:
        gone = {"permalink": None} | ({"called_id": None} if entry is TaskRow else {})
        theirs = entry.workspace_id == workspace_id, entry.opportunity_id.in_(which)
        nowhere = update(entry).where(*theirs, entry.permalink.is_not(None)).values(gone)
        session.execute(nowhere.execution_options(synchronize_session=False))
    wanted = select(TaskRow.id, TaskRow.opportunity_id).where(
        TaskRow.workspace_id == workspace_id,
        TaskRow.opportunity_id.in_(which),
        TaskRow.open.is_(True),
    )
    things = [(task_id, deal, place) for task_id, deal in session.execute(wanted) if deal]
    outbox.want_many(session, workspace_id, outbox.TASK, things, now)
