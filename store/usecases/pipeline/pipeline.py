"""The pipeline as a viewer sees it: totals by stage, and one page of opportunities."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, tuple_, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from store.board import PAGE, Board, Closes, Filter, Query, Sort, StageTotal
from store.contact import ContactRef
from store.errors import Gone
from store.opportunity.status import STAGES, Shelf, Status, rank, shelf
from store.person.person import Actor, Person, Viewer
from store.tables.records import OpportunityRow
from store.usecases import workspaces
from store.usecases.attention import needing
from store.usecases.digest import news
from store.usecases.opportunity import reading
from store.usecases.person import people
from store.usecases.pipeline.sums import summed, sums_of
from store.workspace import Workspace

_ORDERS: dict[Sort, tuple[tuple[InstrumentedAttribute[Any], ...], bool]] = {
    Sort.CLOSING: (
        (OpportunityRow.rank, OpportunityRow.close_key, OpportunityRow.number),
        True,
    ),
    Sort.WEIGHTED: (
        (OpportunityRow.currency, OpportunityRow.weighted_minor, OpportunityRow.number),
        False,
    ),
    Sort.DAYS: ((OpportunityRow.aged_from, OpportunityRow.number), True),
    Sort.NEWEST: ((OpportunityRow.number,), False),
}
"""The key of each order, and whether it ascends. All of a key goes one way, so that a page is one
range of its index."""

SOON = timedelta(days=7)
BACK_MAX = 30
RANKS, BIGGEST, DAY = 100, 2**62, len("9999-12-31")
"""The greatest rank, number and text that a key can have: no database column stumbles over it."""

Keyset = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A board, the workspace whose money and labels it shows, and whom its filter names."""

    board: Board
    workspace: Workspace
    owner: Person | None = None
    contact: ContactRef | None = None


def look(session: Session, query: Query, viewer: Viewer, now: datetime) -> Shown:
    """A page of the pipeline as these eyes see it."""
    workspace = workspaces.load(session, viewer.workspace_id)
    query, rows = page_or_first(session, query, viewer, workspace, now)
    return shown(session, query, viewer, workspace, now, rows)


def private(session: Session, query: Query, *, by: Actor, now: datetime) -> Shown:
    by.must_read()
    return look(session, query, by.viewer, now)


def shown(
    session: Session,
    query: Query,
    viewer: Viewer,
    workspace: Workspace,
    now: datetime,
    rows: Sequence[OpportunityRow],
) -> Shown:
    totals = _totals(session, query, viewer, workspace, now)
    statuses = query.shown
    matching = sum(row.n for row in totals if _status(row.rank) in statuses)
    more = len(rows) == PAGE and query.first + PAGE <= matching
    board = Board(
        query=query,
        totals=tuple(_stage_total(stage, totals) for stage in reversed(STAGES)),
        paused=sum(row.n for row in totals if _status(row.rank) is Status.PAUSED),
        rows=reading.many(session, rows, workspace, now),
        matching=matching,
        previous=_previous(query),
        next=following(query, key(rows[-1], query.sort)) if more else None,
        at=now,
    )
    return Shown(board, workspace, *named(session, query.filter, viewer))


def totals(
    session: Session, query: Query, viewer: Viewer, workspace: Workspace, now: datetime
) -> tuple[tuple[StageTotal, ...], int]:
    """What is open by stage, Closing first, and how many are paused."""
    rows = _totals(session, query, viewer, workspace, now)
    stages = tuple(_stage_total(stage, rows) for stage in reversed(STAGES))
    return stages, sum(row.n for row in rows if _status(row.rank) is Status.PAUSED)


def count(
    session: Session, query: Query, viewer: Viewer, workspace: Workspace, now: datetime
) -> int:
    """How many a filter matches."""
    counted = select(func.count()).select_from(OpportunityRow).where(*_seen(query, viewer))
    places = _places(query, workspace, now)
    return sum(session.scalar(counted.where(*where)) or 0 for where in places)


def named(
    session: Session, said: Filter, viewer: Viewer
) -> tuple[Person | None, ContactRef | None]:
    """The person and the contact that a filter is on."""
    owners = people.names(session, viewer.workspace_id, [said.owner])
    refs = reading.contact_refs(session, viewer.workspace_id, {said.contact})
    return owners.get(said.owner or ""), refs.get(said.contact or 0)


def page_or_first(
    session: Session, query: Query, viewer: Viewer, workspace: Workspace, now: datetime
) -> tuple[Query, Sequence[OpportunityRow]]:
    """The page asked for; the first, when nothing is left on it."""
    rows = page(session, query, viewer, workspace, now)
    if rows or query.after is None:
        return query, rows
    first = replace(query, after=None, first=1, back=())
    return first, page(session, first, viewer, workspace, now)


def any_on(
    session: Session, query: Query, viewer: Viewer, workspace: Workspace, now: datetime
) -> bool:
    """Whether that page has a row."""
    return bool(page(session, query, viewer, workspace, now, limit=1))


def page(
    session: Session,
    query: Query,
    viewer: Viewer,
    workspace: Workspace,
    now: datetime,
    limit: int = PAGE,
) -> Sequence[OpportunityRow]:
    keys, ascending = _ORDERS[query.sort]
    found = select(OpportunityRow).where(*_seen(query, viewer))
    if query.after is not None:
        found = found.where(_beyond(query.sort, query.after))
    found = found.order_by(*(key.asc() if ascending else key.desc() for key in keys)).limit(limit)
    places = [
        session.scalars(found.where(*where)).all() for where in _places(query, workspace, now)
    ]
    if len(places) == 1:
        return places[0]
    rows = [row for place in places for row in place]
    rows.sort(key=attrgetter(*(key.key for key in keys)), reverse=not ascending)
    return rows[:limit]


def _seen(query: Query, viewer: Viewer) -> list[ColumnElement[bool]]:
    """What these eyes see, and a digest told, where it is about that."""
    seen = [reading.seen_by(viewer)]
    if query.told:
        seen.append(OpportunityRow.id.in_(news.told(query.told, viewer, query.filter.statuses)))
    return seen


def _places(query: Query, workspace: Workspace, now: datetime) -> list[list[ColumnElement[bool]]]:
    """The conditions of a query, shelf by shelf: within one the index has all orders."""
    found: dict[Shelf, list[Status]] = {}
    for status in query.shown:
        found.setdefault(shelf(status, archived=False), []).append(status)
    return [
        [*_standing(place, statuses), *narrowed(place, query.filter, workspace, now)]
        for place, statuses in found.items()
    ]


def _standing(place: Shelf, statuses: Sequence[Status]) -> list[ColumnElement[bool]]:
    """On that shelf, in these statuses of it."""
    there = [status for status in Status if shelf(status, archived=False) is place]
    on_shelf = [OpportunityRow.shelf == place]
    if set(statuses) == set(there):
        return on_shelf
    return [*on_shelf, OpportunityRow.rank.in_([rank(status) for status in statuses])]


def narrowed(
    place: Shelf, said: Filter, workspace: Workspace, now: datetime
) -> list[ColumnElement[bool]]:
    """What else a filter says of what stands on that shelf."""
    where: list[ColumnElement[bool]] = []
    if said.owner:
        where.append(OpportunityRow.owner_id == said.owner)
    if said.contact is not None:
        where.append(OpportunityRow.contact_id == said.contact)
    if said.closes:
        where.append(_closes(said.closes, now.astimezone(workspace.zone).date()))
    if said.attention:
        where.append(needing.attention(place, workspace, now))
    return where


def _closes(when: Closes, today: date) -> ColumnElement[bool]:
    close = OpportunityRow.expected_close
    if when is Closes.NONE:
        return close.is_(None)
    if when is Closes.OVERDUE:
        return and_(OpportunityRow.shelf == Shelf.OPEN, close < today)
    return and_(close >= today, close <= _last_day(when, today))


def _last_day(when: Closes, today: date) -> date:
    """Seven days from today, of this week (Sunday), month or quarter."""
    if when is Closes.SOON:
        return today + SOON
    if when is Closes.WEEK:
        return today + timedelta(days=6 - today.weekday())
    months = 1 if when is Closes.MONTH else 3 - (today.month - 1) % 3
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return date(year, month + 1, 1) - timedelta(days=1)


def _beyond(sort: Sort, after: Keyset) -> ColumnElement[bool]:
    """Past that key, as one comparison of rows, which both databases answer from the index."""
    keys, ascending = _ORDERS[sort]
    try:
        values = [_value(key, said) for key, said in zip(keys, after, strict=True)]
    except (TypeError, ValueError):
        raise Gone("This board was drawn by an older version. Press Refresh.") from None
    here = tuple_(*keys)
    there = tuple_(*values, types=[key.type for key in keys])
    return here > there if ascending else here < there


def _value(key: InstrumentedAttribute[Any], said: str | int) -> Any:
    """One part of a key as its column has it: a button says it, so it is only a claim."""
    if key is OpportunityRow.aged_from:
        return datetime.fromisoformat(str(said)).astimezone(UTC)
    most = RANKS if key is OpportunityRow.rank else BIGGEST
    if type(said) is not key.type.python_type or (isinstance(said, int) and abs(said) > most):
        raise TypeError
    if isinstance(said, str) and not (said.isascii() and said.isprintable() and len(said) <= DAY):
        raise ValueError
    return said


def key(row: OpportunityRow, sort: Sort) -> Keyset:
    """Where this row stands in that order, as a button carries it."""
    keys, _ = _ORDERS[sort]
    values = (getattr(row, key.key) for key in keys)
    return tuple(v.isoformat() if isinstance(v, datetime) else v for v in values)


def _previous(query: Query) -> Query | None:
    if query.after is None:
        return None
    if not query.back:
        return replace(query, after=None, first=1, back=())
    *back, before = query.back
    first = max(1, query.first - PAGE) if before is not None else 1
    return replace(query, after=before, first=first, back=tuple(back))


def following(query: Query, end: Keyset) -> Query:
    """The page after the one that ends there."""
    back = (*query.back, query.after)[-BACK_MAX:]
    return replace(query, after=end, first=query.first + PAGE, back=back)


def _totals(
    session: Session, query: Query, viewer: Viewer, workspace: Workspace, now: datetime
) -> Sequence[Any]:
    """One aggregate for everything that is counted or summed, apart by stage and currency; a part
    for each shelf, because SQLite then meets the groups in the order of its index and sorts none.
    """
    shelves = {Shelf.OPEN, Shelf.PAUSED}
    shelves |= {shelf(status, archived=False) for status in query.shown}
    counted = (
        summed(OpportunityRow.rank, OpportunityRow.currency)
        .where(*_seen(query, viewer))
        .group_by(OpportunityRow.rank, OpportunityRow.currency)
    )
    parts = [
        counted.where(OpportunityRow.shelf == place, *narrowed(place, query.filter, workspace, now))
        for place in sorted(shelves)
    ]
    return session.execute(union_all(*parts)).all()


def _status(place: int) -> Status:
    return next(status for status in Status if rank(status) == place)


def _stage_total(stage: Status, totals: Sequence[Any]) -> StageTotal:
    of_stage = [row for row in totals if row.rank == rank(stage)]
    return StageTotal(
        stage=stage,
        count=sum(row.n for row in of_stage),
        unpriced=sum(row.n - row.priced for row in of_stage),
        sums=sums_of(of_stage),
    )
