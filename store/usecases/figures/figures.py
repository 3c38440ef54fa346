"""Figures of a period, over what a viewer may see: a handful of SQL aggregates, whatever there is
(definitions: docs/figures.md).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from store.figures import (
    Days,
    Figures,
    MonthFigures,
    OwnerFigures,
    Span,
    StageFigures,
    Worth,
    days_of,
    median,
    months_of,
)
from store.money import Money
from store.opportunity.status import STAGES, Shelf, Status
from store.person.person import Actor, Person, Viewer
from store.tables.records import HistoryRow, OpportunityRow
from store.usecases import workspaces
from store.usecases.opportunity import reading
from store.usecases.person import people
from store.workspace import Workspace
from store.zones import local


class _Closed(NamedTuple):
    """So many deals that are alike; `priced` of them have a value."""

    status: Status
    owner_id: str | None
    lost_reason: str
    n: int
    priced: int
    currency: str
    total: int


def of(session: Session, span: Span, *, by: Actor, now: datetime) -> Figures:
    """The figures of a period; refuses whoever may not read."""
    by.must_read()
    return read(session, span, by.viewer, now)


def read(session: Session, span: Span, viewer: Viewer, now: datetime) -> Figures:
    workspace = workspaces.load(session, viewer.workspace_id)
    today = now.astimezone(workspace.zone).date()
    days = days_of(span, today)
    closed = _closed(session, viewer, days)
    won = [row for row in closed if row.status is Status.WON]
    lost = [row for row in closed if row.status is Status.LOST]
    return Figures(
        workspace=workspace,
        span=span,
        days=days,
        at=now,
        won=sum(row.n for row in won),
        lost=sum(row.n for row in lost),
        worths=_worths(won, workspace),
        unpriced=sum(row.n - row.priced for row in won),
        cycle=median(_cycles(session, viewer, days)),
        stages=_stages(session, viewer, days, workspace),
        reasons=_reasons(lost),
        owners=_owners(session, closed, workspace),
        months=_months(session, viewer, months_of(days, today), today),
    )


def _closed_in(viewer: Viewer, days: Days | None) -> ColumnElement[bool]:
    """What was won or lost on these days and still is; what is archived does not count."""
    within: list[ColumnElement[bool]] = [OpportunityRow.closed_on.is_not(None)]
    if days is not None:
        within = [OpportunityRow.closed_on.between(days.first, days.last)]
    return and_(reading.seen_by(viewer), OpportunityRow.shelf == Shelf.CLOSED, *within)


def _closed(session: Session, viewer: Viewer, days: Days | None) -> list[_Closed]:
    """What was closed alike, together; by plain columns, because so an index has them in order."""
    deal = OpportunityRow
    keys = deal.status, deal.owner_id, deal.lost_reason, deal.currency, deal.final_currency
    counted = select(
        *keys,
        func.count(),
        func.count(deal.value_minor),
        func.sum(deal.value_minor),
        func.sum(deal.final_value_minor),
    )
    rows = session.execute(counted.where(_closed_in(viewer, days)).group_by(*keys))
    return [_alike(*row) for row in rows]


def _alike(
    status: Status,
    owner_id: str | None,
    reason: str,
    currency: str,
    final_currency: str,
    n: int,
    priced: int,
    total: int | None,
    final_total: int | None,
) -> _Closed:
    """A deal was won for its final value, or for its value where none was given."""
    if final_currency:
        priced, total, currency = n, final_total, final_currency
    return _Closed(status, owner_id, reason, n, priced, currency, int(total or 0))


def _cycles(session: Session, viewer: Viewer, days: Days | None) -> list[tuple[int, int]]:
    """How many deals won took how many days: from so little any median is told exactly, and on
    every database alike.
    """
    took = OpportunityRow.open_days
    of_won = _closed_in(viewer, days), OpportunityRow.status == Status.WON, took.is_not(None)
    counted = select(took, func.count()).where(*of_won).group_by(took)
    return [(days_open or 0, n) for days_open, n in session.execute(counted)]


def _stages(
    session: Session, viewer: Viewer, days: Days | None, workspace: Workspace
) -> tuple[StageFigures, ...]:
    rows = _moves(session, viewer, days, workspace)
    return tuple(_stage(stage, rows) for stage in STAGES)


def _stage(stage: Status, rows: Sequence[Any]) -> StageFigures:
    left = [row for row in rows if row.from_stage is stage]
    return StageFigures(
        stage=stage,
        entered=sum(row.n for row in rows if row.to_stage is stage),
        left=sum(row.n for row in left),
        days=median((row.days_before or 0, row.n) for row in left),
    )


def _moves(
    session: Session, viewer: Viewer, days: Days | None, workspace: Workspace
) -> Sequence[Any]:
    """Which stages were left and entered on these days, after how many days in them; without what
    was undone.
    """
    zone, line = workspace.zone, HistoryRow
    within: list[ColumnElement[bool]] = [line.from_stage.is_not(None) | line.to_stage.is_not(None)]
    if days is not None:
        within.append(line.at >= local(days.first, time(0), zone))
        within.append(line.at < local(days.last + timedelta(days=1), time(0), zone))
    keys = line.from_stage, line.to_stage, line.days_before
    hidden = select(OpportunityRow.id).where(
        OpportunityRow.workspace_id == viewer.workspace_id,
        (OpportunityRow.shelf == Shelf.ARCHIVED)
        | OpportunityRow.audience.not_in(sorted(viewer.audiences)),
    )
    counted = select(*keys, func.count().label("n")).where(
        line.workspace_id == viewer.workspace_id,
        line.undone_by.is_(None),
        line.opportunity_id.not_in(hidden),
        *within,
    )
    return session.execute(counted.group_by(*keys)).all()


def _worths(won: Iterable[_Closed], workspace: Workspace) -> tuple[Worth, ...]:
    counts: defaultdict[str, int] = defaultdict(int)
    totals: defaultdict[str, int] = defaultdict(int)
    for row in won:
        if row.priced:
            counts[row.currency] += row.priced
            totals[row.currency] += row.total
    order = sorted(counts, key=lambda code: (code != workspace.currency, code))
    return tuple(Worth(counts[code], Money(totals[code], code)) for code in order)


def _reasons(lost: Iterable[_Closed]) -> tuple[tuple[str, int], ...]:
    counts: defaultdict[str, int] = defaultdict(int)
    for row in lost:
        counts[row.lost_reason] += row.n
    return tuple(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _owners(
    session: Session, closed: Sequence[_Closed], workspace: Workspace
) -> tuple[OwnerFigures, ...]:
    theirs: defaultdict[str | None, list[_Closed]] = defaultdict(list)
    for row in closed:
        theirs[row.owner_id].append(row)
    named = people.names(session, workspace.id, theirs)
    found = [_owner(named, one, rows, workspace) for one, rows in theirs.items()]
    return tuple(sorted(found, key=_first_owners))


def _owner(
    named: Mapping[str, Person], owner_id: str | None, rows: Sequence[_Closed], workspace: Workspace
) -> OwnerFigures:
    won = [row for row in rows if row.status is Status.WON]
    return OwnerFigures(
        owner=named.get(owner_id or ""),
        won=sum(row.n for row in won),
        lost=sum(row.n for row in rows) - sum(row.n for row in won),
        worths=_worths(won, workspace),
    )


def _first_owners(one: OwnerFigures) -> tuple[int, str, str]:
    owner = one.owner
    return -one.closed, owner.name if owner else "", owner.id if owner else ""


def _months(
    session: Session, viewer: Viewer, months: Sequence[date], today: date
) -> tuple[MonthFigures, ...]:
    """Counted by day, as the index gives them."""
    days, status = OpportunityRow.closed_on, OpportunityRow.status
    within = _closed_in(viewer, Days(months[0], max(today, _end(months[-1]))))
    counted = select(days, status, func.count()).where(within).group_by(days, status)
    counts: defaultdict[tuple[date, Status], int] = defaultdict(int)
    for day, as_what, n in session.execute(counted):
        if day is not None:
            counts[day.replace(day=1), as_what] += n
    return tuple(
        MonthFigures(month, counts[month, Status.WON], counts[month, Status.LOST])
        for month in months
    )


def _end(month: date) -> date:
    """A day that is in no later month than the next."""
    return month + timedelta(days=31)
