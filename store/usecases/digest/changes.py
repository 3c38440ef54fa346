"""The changes that a digest tells: counted, summed, and the first of each kind named."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from store.digest.content import Changed, Group, Side
from store.digest.news import OF_VALUE, News
from store.money import Money
from store.opportunity.opportunity import Opportunity
from store.opportunity.status import Status
from store.tables.records import OpportunityRow
from store.usecases.digest import news
from store.usecases.opportunity import reading
from store.workspace import Workspace

NAMED = 3
"""So many deals are named of each news."""


def groups(
    session: Session, scope: news.Scope, workspace: Workspace, now: datetime
) -> tuple[Group, ...]:
    """In the order of the news; what has nothing to tell is left out."""
    rows = session.execute(_told(scope, workspace)).all()
    counted: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        if row.among == 1:
            counted[row.news].append(row)
    first = [row for row in rows if row.place <= NAMED]
    deals = _deals(session, {row.deal for row in first}, workspace, now)
    named: dict[str, list[Changed]] = defaultdict(list)
    for row in first:
        old, new = (_side(row, end) for end in ("old", "new"))
        named[row.news].append(Changed(deals[row.deal], old, new))
    return tuple(_group(one, counted[one], named[one]) for one in News if one in counted)


def _told(scope: news.Scope, workspace: Workspace) -> Select[Any]:
    """In one go: the first of each news, in `place`, those in the currency of the workspace before
    others and the largest first; and with the first of each currency, `among` those of the news,
    how many there are and what they are worth.
    """
    found = news.found(scope).subquery("changes")
    foreign = found.c.currency != workspace.currency
    order = (found.c.amount.is_(None), foreign, found.c.amount.desc(), found.c.number)
    alike: dict[str, Any] = {"partition_by": (found.c.news, found.c.currency)}
    placed = select(
        found,
        func.row_number().over(partition_by=found.c.news, order_by=order).label("place"),
        func.row_number().over(**alike, order_by=order).label("among"),
        func.count().over(**alike).label("n"),
        func.count(found.c.amount).over(**alike).label("priced"),
        func.sum(found.c.amount).over(**alike).label("total"),
    ).subquery("placed")
    wanted = or_(placed.c.place <= NAMED, placed.c.among == 1)
    return select(placed).where(wanted).order_by(placed.c.news, placed.c.place)


def _deals(
    session: Session, ids: set[int], workspace: Workspace, now: datetime
) -> dict[int, Opportunity]:
    found = select(OpportunityRow).where(
        OpportunityRow.workspace_id == workspace.id, OpportunityRow.id.in_(ids)
    )
    rows = session.scalars(found).all()
    return {one.id: one for one in reading.many(session, rows, workspace, now)}


def _side(row: Any, end: str) -> Side:
    """What the history has as text, as what it is."""
    kept: str | None = getattr(row, end)
    if kept is None:
        return None
    if row.news in OF_VALUE:
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
