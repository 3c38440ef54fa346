"""Deals counted and summed: the columns that say so, and the sums that they make."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from store.board import Sum
from store.money import Money
from store.tables.records import OpportunityRow


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
