"""What became of deals between two moments, from first to last, found in their history by SQL."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from store.digest_content import News
from store.history import Kind
from store.status import STAGES, Shelf, Status, rank
from store.tables import HistoryRow, OpportunityRow

_CLOSED = (Status.WON, Status.LOST)
_GO_ON = (Shelf.OPEN, Shelf.PAUSED)

_EDITS = (Kind.MOVED, Kind.EDITED, Kind.UNDONE)
_TOUCHING: Mapping[str, tuple[Kind, ...]] = {
    "status": tuple(set(Kind) - {Kind.CREATED, Kind.EDITED, Kind.ARCHIVED, Kind.RESTORED}),
    "expected_close": (*_EDITS, Kind.REOPENED),
    "value": _EDITS,
}
"""The kinds of lines that may have touched a field: the others need not be opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """After `since` until `until`, and which deals: `where` on some shelves, as they now are; of
    the `statuses`, if any, it was or became one.
    """

    workspace_id: str
    since: datetime
    until: datetime
    where: Callable[..., ColumnElement[bool]]
    statuses: Sequence[Status] = ()


def found(scope: Scope) -> Select[Any]:
    """Rows of `deal`, `news`, `old`, `new` as text, with the currencies of values, and what the
    deal is worth now. A deal may have moved and slipped: then it has two rows.
    """
    each = (_made(scope), _moved(scope), _slipped(scope), _repriced(scope))
    return select(union_all(*each).subquery("news"))


def _made(scope: Scope) -> Select[Any]:
    """What is closed already when it is made was imported: that is no news."""
    made = select(HistoryRow.opportunity_id.label("deal")).where(*_between(scope, Kind.CREATED))
    deals = made.group_by(HistoryRow.opportunity_id).subquery()
    row = _row(literal(News.NEW.value), null(), cast(OpportunityRow.status, String))
    joined = row.join(deals, deals.c.deal == OpportunityRow.id)
    return joined.where(scope.where(*_GO_ON), _among(scope))


def _moved(scope: Scope) -> Select[Any]:
    ends = _ends(scope, "status")
    old, new = ends.c.old, ends.c.new
    news = _news_of_status(old, new)
    before = or_(OpportunityRow.created_at <= scope.since, new.in_(_CLOSED))
    among = or_(old.in_(scope.statuses), new.in_(scope.statuses)) if scope.statuses else None
    row = _row(news, old, new).join(ends, ends.c.deal == OpportunityRow.id)
    seen = scope.where(*_GO_ON, Shelf.CLOSED)
    return row.where(seen, before, news.is_not(None), *([] if among is None else [among]))


def _news_of_status(old: ColumnElement[str], new: ColumnElement[str]) -> ColumnElement[Any]:
    place = {status.value: rank(status) for status in STAGES}
    return case(
        (old == new, null()),
        (new == Status.WON, News.WON.value),
        (new == Status.LOST, News.LOST.value),
        (new == Status.PAUSED, News.PAUSED.value),
        (old == Status.PAUSED, News.RETURNED.value),
        (old.in_(_CLOSED), News.REOPENED.value),
        (case(place, value=new) < case(place, value=old), News.FORWARD.value),
        else_=News.BACK.value,
    )


def _slipped(scope: Scope) -> Select[Any]:
    ends = _ends(scope, "expected_close")
    old, new = ends.c.old, ends.c.new
    later = or_(new > old, and_(new.is_(None), old.is_not(None)))
    return _of_open(scope, ends, _row(literal(News.SLIPPED.value), old, new)).where(later)


def _repriced(scope: Scope) -> Select[Any]:
    ends = _ends(scope, "value", 0)
    old, new = cast(ends.c.old, BigInteger), cast(ends.c.new, BigInteger)
    same = ends.c.old_currency == ends.c.new_currency
    news = case(
        (and_(same, old == new), null()),
        (or_(old.is_(None), and_(same, new > old)), News.UP.value),
        (or_(new.is_(None), same), News.DOWN.value),
        else_=News.REPRICED.value,
    )
    currencies = (ends.c.old_currency, ends.c.new_currency)
    row = _row(news, ends.c.old, ends.c.new, *currencies)
    return _of_open(scope, ends, row).where(news.is_not(None))


def _of_open(scope: Scope, ends: Any, row: Select[Any]) -> Select[Any]:
    """What was there before, and goes on: of a new deal it is told that it is new."""
    joined = row.join(ends, ends.c.deal == OpportunityRow.id)
    there = OpportunityRow.created_at <= scope.since
    return joined.where(scope.where(*_GO_ON), there, _among(scope))


def _row(
    news: ColumnElement[Any],
    old: ColumnElement[Any],
    new: ColumnElement[Any],
    old_currency: ColumnElement[Any] | None = None,
    new_currency: ColumnElement[Any] | None = None,
) -> Select[Any]:
    """What was won is worth what it was won for."""
    won = and_(OpportunityRow.status == Status.WON, OpportunityRow.final_value_minor.is_not(None))
    nothing = cast(null(), String)
    return select(
        OpportunityRow.id.label("deal"),
        OpportunityRow.number,
        cast(news, String).label("news"),
        cast(old, String).label("old"),
        cast(new, String).label("new"),
        (nothing if old_currency is None else old_currency).label("old_currency"),
        (nothing if new_currency is None else new_currency).label("new_currency"),
        case((won, OpportunityRow.final_value_minor), else_=OpportunityRow.value_minor).label(
            "amount"
        ),
        case((won, OpportunityRow.final_currency), else_=OpportunityRow.currency).label("currency"),
    )


def _among(scope: Scope) -> ColumnElement[bool]:
    return OpportunityRow.status.in_(scope.statuses or tuple(Status))


def _between(scope: Scope, *kinds: Kind) -> tuple[ColumnElement[bool], ...]:
    return (
        HistoryRow.workspace_id == scope.workspace_id,
        HistoryRow.at > scope.since,
        HistoryRow.at <= scope.until,
        HistoryRow.kind.in_(kinds),
    )


def _ends(scope: Scope, field: str, *within: int) -> Any:
    """By deal: what a field was before its first change, and what it was after its last. Money is
    kept as [minor, currency]: `within` is the place of what is compared.
    """
    sides = [HistoryRow.fields[(field, side, *within)].as_string() for side in (0, 1)]
    span = (
        select(
            HistoryRow.opportunity_id,
            func.min(HistoryRow.id).label("first"),
            func.max(HistoryRow.id).label("last"),
        )
        .where(*_between(scope, *_TOUCHING[field]), or_(*(side.is_not(None) for side in sides)))
        .group_by(HistoryRow.opportunity_id)
        .subquery()
    )
    first, last = aliased(HistoryRow), aliased(HistoryRow)
    ends = [
        span.c.opportunity_id.label("deal"),
        first.fields[(field, 0, *within)].as_string().label("old"),
        last.fields[(field, 1, *within)].as_string().label("new"),
    ]
    if within:
        ends.append(first.fields[(field, 0, 1)].as_string().label("old_currency"))
        ends.append(last.fields[(field, 1, 1)].as_string().label("new_currency"))
    joined = select(*ends).join(first, first.id == span.c.first).join(last, last.id == span.c.last)
    return joined.subquery()
