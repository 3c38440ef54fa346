"""The changes that a digest tells: counted, summed, and the first of each kind named."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.digest_content import Changed, Group, News, Side
from store.money import Money
from store.opportunity import Opportunity
from store.status import Status
from store.tables import OpportunityRow
from store.usecases import news, reading
from store.workspace import Workspace

NAMED = 3
"""So many deals are named of each news."""

_OF_VALUE = (News.UP, News.DOWN, News.REPRICED)


def groups(
    session: Session, scope: news.Scope, workspace: Workspace, now: datetime
) -> tuple[Group, ...]:
    """In the order of the news; what has nothing to tell is left out."""
    counted = _counted(session, scope)
    if not counted:
        return ()
    rows = _first(session, scope, workspace)
    deals = _deals(session, [row.deal for row in rows], workspace, now)
    named: dict[str, list[Changed]] = defaultdict(list)
    for row in rows:
        if row.deal in deals:
            old, new = (_side(row, end) for end in ("old", "new"))
            named[row.news].append(Changed(deals[row.deal], old, new))
    return tuple(_group(one, counted[one], named[one]) for one in News if one in counted)


def _counted(session: Session, scope: news.Scope) -> Mapping[str, list[Any]]:
    found = news.found(scope).subquery("changes")
    by = (found.c.news, found.c.currency)
    summed = select(
        *by,
        func.count().label("n"),
        func.count(found.c.amount).label("priced"),
        func.sum(found.c.amount).label("total"),
    )
    counted: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(summed.group_by(*by)):
        counted[row.news].append(row)
    return counted


def _first(session: Session, scope: news.Scope, workspace: Workspace) -> Sequence[Any]:
    """Those in the currency of the workspace before others, the largest first."""
    found = news.found(scope).subquery("changes")
    foreign = found.c.currency != workspace.currency
    order = (found.c.amount.is_(None), foreign, found.c.amount.desc(), found.c.number)
    place = func.row_number().over(partition_by=found.c.news, order_by=order).label("place")
    placed = select(found, place).subquery("placed")
    return session.execute(
        select(placed).where(placed.c.place <= NAMED).order_by(placed.c.news, placed.c.place)
    ).all()


def _deals(
    session: Session, ids: Sequence[int], workspace: Workspace, now: datetime
) -> dict[int, Opportunity]:
    found = select(OpportunityRow).where(
        OpportunityRow.workspace_id == workspace.id, OpportunityRow.id.in_(set(ids))
    )
    rows = session.scalars(found).all()
    return {one.id: one for one in reading.many(session, rows, workspace, now)}


def _side(row: Any, end: str) -> Side:
    """What the history has as text, as what it is."""
    kept: str | None = getattr(row, end)
    if kept is None:
        return None
    if row.news in _OF_VALUE:
        return Money(int(kept), getattr(row, f"{end}_currency"))
    return date.fromisoformat(kept) if row.news == News.SLIPPED else Status(kept)


def _group(one: News, counted: Sequence[Any], rows: Sequence[Changed]) -> Group:
    by_count = sorted(counted, key=lambda row: -row.n)
    return Group(
        news=one,
        total=sum(row.n for row in counted),
        sums=tuple(Money(int(row.total), row.currency) for row in by_count if row.priced),
        rows=tuple(rows),
    )
