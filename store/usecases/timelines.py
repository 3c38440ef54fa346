"""The history of an opportunity, paged, and the time it spent in each stage."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.history import Kind
from store.opportunity import Timeline
from store.person import Actor
from store.status import STAGES, Status
from store.tables import HistoryRow, OpportunityRow
from store.usecases import changes, reading, workspaces
from store.workspace import Workspace

TIMELINE_PAGE = 15


def timeline(
    session: Session, number: int, *, by: Actor, now: datetime, before: int | None = None
) -> Timeline:
    """A page of the history, newest first; the days spent in each stage, pauses left out."""
    by.must_read()
    row = reading.row_of(session, by.viewer, number)
    of_it = (
        HistoryRow.workspace_id == row.workspace_id,
        HistoryRow.opportunity_id == row.id,
    )
    page = select(HistoryRow).where(*of_it).order_by(HistoryRow.id.desc()).limit(TIMELINE_PAGE + 1)
    rows = list(session.scalars(page.where(HistoryRow.id < before) if before else page))
    more = len(rows) > TIMELINE_PAGE
    rows = rows[:TIMELINE_PAGE]
    workspace = workspaces.load(session, by.workspace_id)
    return Timeline(
        changes=tuple(changes.loaded(session, rows, {row.id: row.number})),
        spent=_spent(session, row, workspace, now),
        before=rows[-1].id if more else None,
        first=before is None,
    )


def _spent(
    session: Session, row: OpportunityRow, workspace: Workspace, now: datetime
) -> tuple[tuple[Status, int], ...]:
    """From the history: every change that left a stage for another kept the days it had aged
    there. A closing left none for good: while it lasts, the stage it closed from stands still.
    """
    left = session.execute(
        select(HistoryRow.fields, HistoryRow.days_before).where(
            HistoryRow.workspace_id == row.workspace_id,
            HistoryRow.opportunity_id == row.id,
            HistoryRow.kind == Kind.MOVED,
            HistoryRow.undone_by.is_(None),
        )
    )
    days = dict.fromkeys(STAGES, 0)
    for fields, before in left:
        if "stage" in fields:
            days[Status(fields["stage"][0])] += before or 0
    until = now if row.status.is_stage else row.status_since
    days[row.stage] += reading.days_between(row.aged_from, until, workspace)
    return tuple((stage, days[stage]) for stage in STAGES)
