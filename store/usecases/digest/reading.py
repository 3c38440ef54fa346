"""What a digest tells, read for all readers of its channel (product page, 9)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from store.board import Filter, Query
from store.digest.content import Content, Deals, Tasks
from store.digest.digest import LATE, Outcome, Part
from store.opportunity.status import GOES_ON, STAGES, Shelf, Status, rank
from store.person.person import Actor, Viewer
from store.tables.entries import TaskRow
from store.tables.records import OpportunityRow
from store.tables.recurring import DigestRow
from store.usecases import workspaces
from store.usecases.card import channels
from store.usecases.card.channels import Channel
from store.usecases.digest import changes as digest_changes
from store.usecases.digest import news
from store.usecases.digest import rows as digest_rows
from store.usecases.opportunity import hanging, reading
from store.usecases.pipeline import boards, forecasts, pipeline, sums
from store.usecases.task import lists as task_lists
from store.usecases.task import tasks
from store.workspace import Workspace
from store.zones import is_zone

NAMED = 4
"""So many are named in each section; the rest is a press away."""


def to_show(session: Session, workspace_id: str, run_id: int, now: datetime) -> Content | None:
    """What delivery renders, as it is now; None when the digest was deleted meanwhile. However it
    came to be late, it then says so.
    """
    run = digest_rows.run_of(session, workspace_id, run_id)
    row = session.get_one(DigestRow, run.digest_id)
    if row.deleted_at is not None:
        return None
    content = read(session, row, _channel(session, row).viewer(), run.since, run.until, now)
    late = run.outcome is not Outcome.BY_HAND and now - run.due_at > LATE
    return replace(content, late_for=run.due_at) if late else content


def preview(session: Session, digest_id: int, *, by: Actor, now: datetime) -> Content:
    """What it would tell if it came now; refuses when it is gone, or in a channel that this person
    can't see.
    """
    by.must_read()
    row = digest_rows.found(session, digest_id, by)
    return read(session, row, _channel(session, row).viewer(), row.told_until, now, now)


def _channel(session: Session, row: DigestRow) -> Channel:
    known = channels.find(session, row.workspace_id, row.channel_id)
    return known or Channel(workspace_id=row.workspace_id, id=row.channel_id)


@dataclass(frozen=True, slots=True)
class _Look:
    """Which deals, for whose eyes, between which moments; `workspace` has the digest's zone."""

    session: Session
    viewer: Viewer
    workspace: Workspace
    filter: Filter
    since: datetime
    until: datetime
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(self.workspace.zone).date()

    def where(self, *shelves: Shelf) -> ColumnElement[bool]:
        """What these eyes see on those shelves, and the filter finds but for its statuses."""
        of_each = (
            and_(
                OpportunityRow.shelf == one,
                *pipeline.narrowed(one, self.filter, self.workspace, self.now),
            )
            for one in shelves
        )
        return and_(reading.seen_by(self.viewer), or_(*of_each))

    def among(self, *shelves: Shelf) -> ColumnElement[bool]:
        """The same, of the statuses of the filter."""
        chosen = self.filter.statuses
        seen = self.where(*shelves)
        return and_(seen, OpportunityRow.status.in_(chosen)) if chosen else seen


def read(
    session: Session,
    row: DigestRow,
    viewer: Viewer,
    since: datetime,
    until: datetime,
    now: datetime,
) -> Content:
    """What changed after `since` until `until`, and how the pipeline stands now, by the clock of
    the digest: only what its filter finds, and these eyes may see.
    """
    workspace = workspaces.load(session, row.workspace_id)
    workspace = replace(workspace, tz=row.tz if is_zone(row.tz) else workspace.tz)
    said = boards.filter_from_json(row.filter)
    look = _Look(session, viewer, workspace, said, since, until, now)
    parts = tuple(part for part in Part if part in row.parts)
    owner, contact = pipeline.named(session, said, viewer)
    read_parts: dict[str, Any] = {}
    for part in parts:
        read_parts |= _READ[part](look)
    return Content(
        digest_id=row.id,
        workspace=workspace,
        filter=said,
        owner=owner,
        contact=contact,
        parts=parts,
        since=since,
        until=until,
        **read_parts,
    )


def _changes(look: _Look) -> dict[str, Any]:
    scope = news.Scope(
        workspace_id=look.workspace.id,
        since=look.since,
        until=look.until,
        where=look.where,
        statuses=look.filter.statuses,
    )
    return {"groups": digest_changes.groups(look.session, scope, look.workspace, look.now)}


def _totals(look: _Look) -> dict[str, Any]:
    """Of the stages that the filter is on; all, when it is on none."""
    chosen = look.filter.statuses
    query = Query(filter=look.filter)
    about = (query, look.viewer, look.workspace, look.now)
    stages, paused = pipeline.totals(look.session, *about)
    kept = tuple(one for one in stages if not chosen or one.stage in chosen)
    return {"totals": kept, "paused": paused if not chosen or Status.PAUSED in chosen else 0}


def _forecast(look: _Look) -> dict[str, Any]:
    return {"forecast": forecasts.forecast(look.session, look.among, look.today)}


def _closing(look: _Look) -> dict[str, Any]:
    """What is to close within seven days from today, the next first."""
    last = look.today + pipeline.SOON
    near = (
        look.among(Shelf.OPEN),
        OpportunityRow.rank.in_([rank(stage) for stage in STAGES]),
        OpportunityRow.close_key >= look.today.isoformat(),
        OpportunityRow.close_key <= last.isoformat(),
    )
    order = (OpportunityRow.close_key, OpportunityRow.rank, OpportunityRow.number)
    first = select(OpportunityRow).where(*near).order_by(*order).limit(NAMED)
    rows = look.session.scalars(first).all()
    # Spelled so that no index fits: SQLite would walk through all that is open in its order, rather
    # than look at these.
    currency = func.coalesce(OpportunityRow.currency, OpportunityRow.currency)
    summed = sums.summed(currency.label("currency")).where(*near).group_by(currency)
    found = look.session.execute(summed).all()
    shown = reading.many(look.session, rows, look.workspace, look.now)
    total = sum(one.n for one in found)
    return {"closing": Deals(total=total, rows=shown, sums=sums.sums_of(found))}


def _attention(look: _Look) -> dict[str, Any]:
    query = Query(filter=replace(look.filter, attention=True))
    about = (query, look.viewer, look.workspace, look.now)
    rows = pipeline.page(look.session, *about, limit=NAMED)
    total = len(rows) if len(rows) < NAMED else pipeline.count(look.session, *about)
    shown = reading.many(look.session, rows, look.workspace, look.now)
    return {"attention": Deals(total=total, rows=shown)}


def _tasks(look: _Look) -> dict[str, Any]:
    """The overdue ones of these deals, the longest overdue first."""
    late = (
        TaskRow.workspace_id == look.workspace.id,
        TaskRow.opportunity_id.is_not(None),
        look.among(*GOES_ON, Shelf.CLOSED),
        *task_lists.overdue(look.now, look.workspace.zone),
    )
    found = hanging.with_deal(select(TaskRow), TaskRow).where(*late)
    first = found.order_by(TaskRow.due_key, TaskRow.id).limit(NAMED)
    rows = look.session.scalars(first).all()
    counted = hanging.with_deal(select(func.count()).select_from(TaskRow), TaskRow)
    total = look.session.scalar(counted.where(*late)) or 0
    shown = tasks.loaded(look.session, look.workspace.id, rows)
    return {"tasks": Tasks(total=total, rows=shown)}


_READ: Mapping[Part, Callable[[_Look], dict[str, Any]]] = {
    Part.CHANGES: _changes,
    Part.TOTALS: _totals,
    Part.FORECAST: _forecast,
    Part.CLOSING: _closing,
    Part.ATTENTION: _attention,
    Part.TASKS: _tasks,
}
