"""The timeline of an opportunity: activities, comments and changes, merged and paged; the time
that it spent in each stage.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from store.activity import Activity
from store.opportunity.history import Kind
from store.opportunity.opportunity import Change
from store.opportunity.status import STAGES, Status
from store.opportunity.timeline import Mark, Part, Row, Timeline, mark
from store.outbox import outbox
from store.paging import Spot
from store.person.person import Actor, Viewer
from store.tables.entries import ActivityRow
from store.tables.machinery import OutboxRow
from store.tables.records import HistoryRow, OpportunityRow
from store.usecases import workspaces
from store.usecases.activity import reading as activity_reading
from store.usecases.comment import reading as comment_reading
from store.usecases.opportunity import changes, reading
from store.usecases.person import people
from store.workspace import Workspace

TIMELINE_PAGE = 15


def timeline(
    session: Session,
    number: int,
    *,
    by: Actor,
    now: datetime,
    only: Part | None = None,
    below: Mark | None = None,
) -> Timeline:
    """A page of it, newest first; the days spent in each stage, pauses left out."""
    by.must_read()
    deal = reading.row_of(session, by.viewer, number)
    rows: list[Row] = []
    for part in [only] if only else list(Part):
        spot = below.within(part) if below else None
        rows += _READ[part](session, deal, spot, TIMELINE_PAGE + 1)
    rows.sort(key=_place, reverse=True)
    page = rows[:TIMELINE_PAGE]
    workspace = workspaces.load(session, by.workspace_id)
    return Timeline(
        rows=tuple(page),
        spent=_spent(session, deal, workspace, now),
        only=only,
        older=mark(page[-1]) if len(rows) > TIMELINE_PAGE else None,
        first=below is None,
    )


def newest(session: Session, deal: OpportunityRow, limit: int) -> list[Row]:
    """So much of all of it, newest first, of a deal that the viewer sees."""
    rows = [row for part in Part for row in _READ[part](session, deal, None, limit)]
    return sorted(rows, key=_place, reverse=True)[:limit]


def _place(row: Row) -> tuple[datetime, int, int]:
    here = mark(row)
    return here.at, here.part.rank, here.id


def _changes(
    session: Session, deal: OpportunityRow, before: Spot | None, limit: int
) -> list[Change]:
    found = select(HistoryRow).where(
        HistoryRow.workspace_id == deal.workspace_id, HistoryRow.opportunity_id == deal.id
    )
    if before is not None:
        types = [HistoryRow.at.type, HistoryRow.id.type]
        there = tuple_(before.at, before.id, types=types)
        found = found.where(tuple_(HistoryRow.at, HistoryRow.id) < there)
    newest = found.order_by(HistoryRow.at.desc(), HistoryRow.id.desc()).limit(limit)
    rows = list(session.scalars(newest))
    links = _links(session, deal.workspace_id, [row.reverses or row.id for row in rows])
    return [
        replace(change, permalink=links.get(change.reverses or change.id))
        for change in changes.loaded(session, rows, {deal.id: deal.number})
    ]


def _links(session: Session, workspace_id: str, ids: list[int]) -> Mapping[int, str | None]:
    """Where the lines of history stand in the thread; an undoing shows in the one it struck."""
    keys = {f"{outbox.LINE}:{history_id}": history_id for history_id in ids}
    found = select(OutboxRow.key, OutboxRow.permalink).where(
        OutboxRow.workspace_id == workspace_id, OutboxRow.key.in_(keys)
    )
    return {keys[key]: permalink for key, permalink in session.execute(found)} if keys else {}


def _activities(
    session: Session, deal: OpportunityRow, before: Spot | None, limit: int
) -> list[Activity]:
    """Deleted ones too: they stay in the thread, struck through."""
    viewer = Viewer(deal.workspace_id, frozenset({deal.audience}))
    found = activity_reading.shown(viewer).where(ActivityRow.opportunity_id == deal.id)
    if before is not None:
        found = found.where(activity_reading.before(before))
    rows = session.execute(activity_reading.newest(found, limit)).all()
    named = people.names(session, deal.workspace_id, {row.deleted_by for row in rows})
    return [activity_reading.activity(row, named.get(row.deleted_by)) for row in rows]


_READ: Mapping[Part, Callable[[Session, OpportunityRow, Spot | None, int], Sequence[Row]]] = {
    Part.CHANGE: _changes,
    Part.ACTIVITY: _activities,
    Part.COMMENT: comment_reading.of_deal,
}


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
