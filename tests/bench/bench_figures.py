"""Figures over 100,000 closed deals of three years, and 400,000 moves between stages.

Each time is of the use case, on a reader of the store, and of drawing it.
"""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy.orm import Session

from store.database import Store
from store.figures import Span
from store.opportunity.status import STAGES, Status
from store.tables.records import HistoryRow, OpportunityRow
from store.usecases.figures import figures
from store.workspace import LOST_REASONS
from tests.bench.data import NOW, TEAM, _bulk, actor, fill, opportunity, vacuum
from tests.bench.databases import Databases
from tests.bench.raw import by_hand, statements
from tests.bench.report import Table, ms, percentile, tell, timed, times_as

OPEN, CLOSED, TIMES, YEARS = 10_000, 100_000, 15, 3


@pytest.fixture(scope="module")
def years(kind: str, made: Databases) -> Iterator[Store]:
    tell(f"\nFilling {kind} with {CLOSED:,} closed deals and {4 * CLOSED:,} moves …")
    store = made.store(kind, "figures")
    fill(store, OPEN, searchable=False)
    store.write_now(_closed)
    store.write_now(_moves)
    vacuum(store)
    yield store
    store.close()


def _closed(session: Session) -> None:
    dice = Random(17)  # noqa: S311 - The same ones in each run.
    first = 2 * OPEN
    _bulk(session, OpportunityRow, (_deal(dice, first + at) for at in range(CLOSED)))


def _deal(dice: Random, at: int) -> dict[str, Any]:
    """Four in ten are won; it took them up to half a year."""
    won = dice.random() < 0.4
    row = opportunity(dice, at, Status.WON if won else Status.LOST, 0)
    closed = NOW - timedelta(minutes=dice.randint(0, YEARS * 365 * 1440))
    days = int(dice.expovariate(1 / 40)) % 180
    row |= {"closed_on": closed.date(), "created_at": closed - timedelta(days=days)}
    row |= {"status_since": closed, "open_days": days}
    row["lost_reason"] = "" if won else dice.choice(LOST_REASONS)
    row["final_value_minor"] = row["value_minor"] if won else None
    row["final_currency"] = row["currency"] if won else ""
    return row


def _moves(session: Session) -> None:
    """Each went from Lead to Closing by and by; so many that each stage was left once."""
    dice = Random(19)  # noqa: S311 - The same ones in each run.

    def lines() -> Iterator[dict[str, Any]]:
        for deal in range(2 * OPEN, 2 * OPEN + CLOSED):
            at = NOW - timedelta(minutes=dice.randint(0, YEARS * 365 * 1440))
            for left, entered in zip(STAGES, (*STAGES[1:], None), strict=True):
                days = dice.randint(0, 40)
                about = {"workspace_id": TEAM, "opportunity_id": deal, "at": at, "by": "U0001"}
                about |= {"kind": "moved" if entered else "won", "days_before": days}
                fields = {"stage": [left, entered]} if entered else {}
                yield about | {"from_stage": left, "to_stage": entered, "fields": fields}
                at += timedelta(days=days)

    _bulk(session, HistoryRow, lines())


@pytest.mark.parametrize("span", [Span.THIS_QUARTER, Span.LAST_YEAR, Span.ALL_TIME])
def bench_figures(kind: str, years: Store, table: Table, span: Span) -> None:
    def look() -> object:
        return years.read_now(figures.of, span, by=actor(), now=NOW)

    took = timed(look, TIMES)
    sent = statements(years, look)
    raw = by_hand(years, sent, TIMES)
    p50 = percentile(took, 50)
    table.at_most(f"{kind}: {span.value}, p50", p50, 0.300, ms)
    table.note(f"{kind}: its p95", ms(percentile(took, 95)))
    table.note(f"{kind}: as the raw SQL ({len(sent)} statements, {ms(raw)})", times_as(p50 / raw))
