"""The forecast: what is open by the month that it is expected to close in."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from store.digest.content import Expected, When
from store.money import Money
from store.opportunity.status import Shelf, Status
from store.tables.records import OpportunityRow
from store.usecases.opportunity.changes import NO_DAY
from store.usecases.pipeline.sums import summed, sums_of

MONTHS = 6
"""So many by their names, this one first; what closes after them is together."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the forecast: what closes before the day `until`, and before no line above it."""

    when: When
    until: date
    month: date | None = None


def forecast(
    session: Session, where: Callable[..., ColumnElement[bool]], today: date
) -> tuple[Expected, ...]:
    """Of the deals that `where` finds on a shelf: what is overdue, then the months, then what
    closes later and what has no date; lines without a deal are left out.
    """
    lines, this = _lines(today), today.replace(day=1)
    found = _open(session, where(Shelf.OPEN), lines)
    won = _won(session, where(Shelf.CLOSED), today)
    told = [
        _expected(line, found.get(at, ()), won if line.month == this else ())
        for at, line in enumerate(lines)
    ]
    return tuple(one for one in told if one.count or one.won)


def _lines(today: date) -> tuple[_Line, ...]:
    firsts = [_month_after(today.replace(day=1), step) for step in range(MONTHS + 1)]
    months = [_Line(When.MONTH, after, first) for first, after in pairwise(firsts)]
    rest = (_Line(When.LATER, date.fromisoformat(NO_DAY)), _Line(When.NO_DATE, date.max))
    return (_Line(When.PASSED, today), *months, *rest)


def _month_after(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def _open(
    session: Session, where: ColumnElement[bool], lines: Sequence[_Line]
) -> dict[int, list[Any]]:
    """What is open by the place of the line and currency. It is summed day by day first: so SQLite
    meets the days in the order of its index, and sorts days rather than deals.
    """
    by = (OpportunityRow.rank, OpportunityRow.currency, OpportunityRow.close_key)
    days = summed(*by).where(where).group_by(*by).subquery()
    ends = (days.c.close_key < line.until.isoformat() for line in lines[:-1])
    place = case(*((end, at) for at, end in enumerate(ends)), else_=len(lines) - 1).label("line")
    sums = (func.sum(days.c[name]).label(name) for name in ("n", "priced", "total", "weighted"))
    by_line = select(place, days.c.currency, *sums).group_by("line", days.c.currency)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(by_line):
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
        count=sum(int(row.n) for row in rows),
        unpriced=sum(int(row.n - row.priced) for row in rows),
        sums=sums_of(rows),
        won=won,
    )
