"""The forecast: what is open by the month that it is expected to close in."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from store.board import Sum
from store.digest_content import Expected, When
from store.money import Money
from store.status import Shelf, Status
from store.tables import OpportunityRow

MONTHS = 6
"""So many by their names, this one first; what closes after them is together."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the forecast: `key` in SQL, `until` the first day after it."""

    key: str
    when: When
    month: date | None
    until: date | None


def forecast(
    session: Session, where: Callable[..., ColumnElement[bool]], today: date
) -> tuple[Expected, ...]:
    """Of the deals that `where` finds on a shelf: what is overdue, then the months, then what
    closes later and what has no date; lines without a deal are left out.
    """
    lines = _lines(today)
    found = _open(session, where(Shelf.OPEN), lines)
    won, this = _won(session, where(Shelf.CLOSED), today), today.replace(day=1)
    told = [
        _expected(one, found.get(one.key, ()), won if one.month == this else ()) for one in lines
    ]
    return tuple(one for one in told if one.count or one.won)


def _lines(today: date) -> tuple[_Line, ...]:
    months = [_month_after(today.replace(day=1), step) for step in range(MONTHS + 1)]
    named = [
        _Line(first.isoformat(), When.MONTH, first, after) for first, after in pairwise(months)
    ]
    later = _Line("later", When.LATER, None, date.max)
    none = _Line("none", When.NO_DATE, None, None)
    return (_Line("passed", When.PASSED, None, today), *named, later, none)


def _month_after(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _open(
    session: Session, where: ColumnElement[bool], lines: Sequence[_Line]
) -> dict[str, list[Any]]:
    """One aggregate, apart by line and currency; the close key is a day as text."""
    ends = [
        (OpportunityRow.close_key < line.until.isoformat(), line.key)
        for line in lines
        if line.until
    ]
    key = case(*ends, else_="none").label("line")
    by_line = summed(key, OpportunityRow.currency).where(where)
    found: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(by_line.group_by("line", OpportunityRow.currency)):
        found[row.line].append(row)
    return found


def _won(session: Session, where: ColumnElement[bool], today: date) -> tuple[Money, ...]:
    """What was won in the month of that day, until it."""
    final = OpportunityRow.final_value_minor.is_not(None)
    minor = case((final, OpportunityRow.final_value_minor), else_=OpportunityRow.value_minor)
    currency = case((final, OpportunityRow.final_currency), else_=OpportunityRow.currency)
    summed = (
        select(currency.label("money"), func.sum(minor).label("total"), func.count().label("n"))
        .where(
            where,
            OpportunityRow.closed_on >= today.replace(day=1),
            OpportunityRow.closed_on < today + timedelta(days=1),
            OpportunityRow.status == Status.WON,
            minor.is_not(None),
        )
        .group_by("money")
    )
    rows = sorted(session.execute(summed), key=lambda row: -row.n)
    return tuple(Money(int(row.total), row.money) for row in rows)


def _expected(line: _Line, rows: Sequence[Any], won: tuple[Money, ...]) -> Expected:
    return Expected(
        when=line.when,
        month=line.month,
        count=sum(row.n for row in rows),
        unpriced=sum(row.n - row.priced for row in rows),
        sums=sums_of(rows),
        won=won,
    )


def summed(*by: ColumnElement[Any] | InstrumentedAttribute[Any]) -> Select[Any]:
    """How many deals, how many of them priced, and what they are worth, to be grouped `by`."""
    return select(
        *by,
        func.count().label("n"),
        func.count(OpportunityRow.value_minor).label("priced"),
        func.sum(OpportunityRow.value_minor).label("total"),
        func.sum(OpportunityRow.weighted_minor).label("weighted"),
    )


def sums_of(rows: Sequence[Any]) -> tuple[Sum, ...]:
    """Of rows with `currency`, `n`, `priced`, `total` and `weighted`: most deals first."""
    return tuple(
        Sum(Money(int(row.total), row.currency), Money(int(row.weighted), row.currency))
        for row in sorted(rows, key=lambda row: -row.n)
        if row.priced
    )
