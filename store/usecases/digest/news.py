"""What became of deals between two moments, from first to last, found in their history by SQL."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
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

from store.digest.news import OF_VALUE, News, Told
from store.opportunity.history import Kind
from store.opportunity.status import GOES_ON, STAGES, Shelf, Status, rank
from store.person.person import Viewer
from store.tables.records import HistoryRow, OpportunityRow
from store.usecases.opportunity import reading

_STATUS, _CLOSE, _VALUE = "status", "expected_close", "value"
_EDITS = (Kind.MOVED, Kind.EDITED, Kind.UNDONE)
_CLOSINGS = (Kind.WON, Kind.LOST, Kind.REOPENED)
_PAUSES = (Kind.PAUSED, Kind.RESUMED, Kind.RETURNED)
_TOUCHING: Mapping[str, tuple[Kind, ...]] = {
    _STATUS: (Kind.MOVED, Kind.UNDONE, *_CLOSINGS, *_PAUSES),
    _CLOSE: (*_EDITS, Kind.REOPENED),
    _VALUE: _EDITS,
}
"""The kinds of lines that may have touched a field: the others need not be opened."""
_WITHIN: Mapping[str, tuple[int, ...]] = {_VALUE: (0,)}
"""History keeps money as [minor, currency]: the place of what is compared."""
_CLOSED = (Status.WON, Status.LOST)


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
    deals = _deals(scope)
    each = (_made(scope, deals), _moved(scope, deals), _slipped(scope, deals))
    return select(union_all(*each, _repriced(scope, deals)).subquery("news"))


def told(said: Told, viewer: Viewer, statuses: Sequence[Status]) -> Select[Any]:
    """The ids of the deals of which that is told; of the `statuses`, if any, they were or became
    one.
    """

    def where(*shelves: Shelf) -> ColumnElement[bool]:
        return and_(reading.seen_by(viewer), OpportunityRow.shelf.in_(shelves))

    scope = Scope(
        workspace_id=viewer.workspace_id,
        since=said.since,
        until=said.until,
        where=where,
        statuses=statuses,
    )
    parts = {News.NEW: _made, News.SLIPPED: _slipped} | dict.fromkeys(OF_VALUE, _repriced)
    part = parts.get(said.news, _moved)(scope, _deals(scope)).subquery("told")
    return select(part.c.deal).where(part.c.news == said.news.value)


def _deals(scope: Scope) -> CTE:
    """The deals that have such lines, with the first and the last line that touched each field:
    both the history and the deals are gone through once. What was won is worth what it was won for.
    """
    lines = _lines(scope)
    final = and_(OpportunityRow.status == Status.WON, OpportunityRow.final_value_minor.is_not(None))
    minor = case((final, OpportunityRow.final_value_minor), else_=OpportunityRow.value_minor)
    currency = case((final, OpportunityRow.final_currency), else_=OpportunityRow.currency)
    goes_on = OpportunityRow.shelf.in_(GOES_ON)
    return (
        select(
            OpportunityRow.number,
            OpportunityRow.status,
            minor.label("amount"),
            currency.label("currency"),
            goes_on.label("goes_on"),
            (OpportunityRow.created_at <= scope.since).label("before"),
            *lines.c,
        )
        .join(OpportunityRow, OpportunityRow.id == lines.c.deal)
        .where(scope.where(*GOES_ON, Shelf.CLOSED))
        .cte("deals")
    )


def _lines(scope: Scope) -> Any:
    """By deal, in one look at the history; PostgreSQL is told to open each line once."""
    kinds = {kind for some in _TOUCHING.values() for kind in some} | {Kind.CREATED}
    opened = (
        select(
            HistoryRow.opportunity_id,
            HistoryRow.id,
            (HistoryRow.kind == Kind.CREATED).label("made"),
            *(_touched(field).label(field) for field in _TOUCHING),
        )
        .where(*_in_time(scope, HistoryRow), HistoryRow.kind.in_(sorted(kinds)))
        .cte("opened")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    ends = [
        end(opened.c.id).filter(opened.c[field]).label(f"{name}_{field}")
        for field in _TOUCHING
        for name, end in (("first", func.min), ("last", func.max))
    ]
    made = func.count().filter(opened.c.made)
    by_deal = select(opened.c.opportunity_id.label("deal"), made.label("made"), *ends)
    return by_deal.group_by(opened.c.opportunity_id).subquery("lines")


def _in_time(scope: Scope, line: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        line.workspace_id == scope.workspace_id,
        line.at > scope.since,
        line.at <= scope.until,
    )


def _touched(field: str) -> ColumnElement[bool]:
    sides = (_side(HistoryRow, field, side) for side in (0, 1))
    return and_(HistoryRow.kind.in_(_TOUCHING[field]), or_(*(side.is_not(None) for side in sides)))


def _side(line: Any, field: str, side: int) -> ColumnElement[str]:
    """A field before (0) or after (1) that line, as text."""
    kept: ColumnElement[str] = line.fields[(field, side, *_WITHIN.get(field, ()))].as_string()
    return kept


def _ends(scope: Scope, deals: CTE, field: str) -> CTE:
    """The deals of which it was touched, with what it was before its first line and after its last.
    PostgreSQL would open the same line again for each comparison, were it not told to keep them;
    and look through all of the history for these lines, were it not told of which time they are.
    """
    first, last = aliased(HistoryRow), aliased(HistoryRow)
    ends = [_side(first, field, 0).label("old"), _side(last, field, 1).label("new")]
    if field == _VALUE:
        ends.append(first.fields[(_VALUE, 0, 1)].as_string().label("old_currency"))
        ends.append(last.fields[(_VALUE, 1, 1)].as_string().label("new_currency"))
    joined = (
        select(*deals.c, *ends)
        .join(first, and_(first.id == deals.c[f"first_{field}"], *_in_time(scope, first)))
        .join(last, and_(last.id == deals.c[f"last_{field}"], *_in_time(scope, last)))
    )
    return joined.cte(f"of_{field}").prefix_with("MATERIALIZED", dialect="postgresql")


def _made(scope: Scope, deals: CTE) -> Select[Any]:
    """What is closed already when it is made was imported: that is no news."""
    nothing = cast(null(), String)
    rows = _rows(deals, literal(News.NEW.value), nothing, cast(deals.c.status, String))
    return rows.where(deals.c.made > 0, deals.c.goes_on, _among(scope, deals))


def _moved(scope: Scope, deals: CTE) -> Select[Any]:
    """Of what is new, it is told that it is, unless it was closed already."""
    moved = _ends(scope, deals, _STATUS)
    old, new = moved.c.old, moved.c.new
    news = _news_of_status(old, new)
    there = or_(moved.c.before, new.in_(_CLOSED))
    among = or_(old.in_(scope.statuses), new.in_(scope.statuses)) if scope.statuses else there
    return _rows(moved, news, old, new).where(there, news.is_not(None), among)


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


def _slipped(scope: Scope, deals: CTE) -> Select[Any]:
    dated = _ends(scope, deals, _CLOSE)
    old, new = dated.c.old, dated.c.new
    later = or_(new > old, and_(new.is_(None), old.is_not(None)))
    rows = _rows(dated, literal(News.SLIPPED.value), old, new)
    return rows.where(later, dated.c.before, dated.c.goes_on, _among(scope, dated))


def _repriced(scope: Scope, deals: CTE) -> Select[Any]:
    """Money of two currencies can't be compared."""
    priced = _ends(scope, deals, _VALUE)
    old, new = cast(priced.c.old, BigInteger), cast(priced.c.new, BigInteger)
    currencies = (priced.c.old_currency, priced.c.new_currency)
    same = priced.c.old_currency == priced.c.new_currency
    news = case(
        (or_(and_(same, old == new), and_(old.is_(None), new.is_(None))), null()),
        (or_(old.is_(None), and_(same, new > old)), News.UP.value),
        (or_(new.is_(None), same), News.DOWN.value),
        else_=News.REPRICED.value,
    )
    rows = _rows(priced, news, priced.c.old, priced.c.new, *currencies)
    wanted = (news.is_not(None), priced.c.before, priced.c.goes_on, _among(scope, priced))
    return rows.where(*wanted)


def _rows(
    deals: CTE,
    news: ColumnElement[Any],
    old: ColumnElement[Any],
    new: ColumnElement[Any],
    *currencies: ColumnElement[Any],
) -> Select[Any]:
    old_currency, new_currency = currencies or (cast(null(), String),) * 2
    return select(
        deals.c.deal,
        deals.c.number,
        cast(news, String).label("news"),
        cast(old, String).label("old"),
        cast(new, String).label("new"),
        old_currency.label("old_currency"),
        new_currency.label("new_currency"),
        deals.c.amount,
        deals.c.currency,
    ).select_from(deals)


def _among(scope: Scope, deals: CTE) -> ColumnElement[bool]:
    return deals.c.status.in_(scope.statuses or tuple(Status))
