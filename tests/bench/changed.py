"""What was changed since the last digest: lines of history that fit the deals as they now are."""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from store.digest.digest import Outcome, Part, Rhythm
from store.opportunity.history import Kind
from store.opportunity.status import STAGES
from store.tables.records import HistoryRow, OpportunityRow
from store.tables.recurring import DigestRow, DigestRunRow
from tests.bench.data import CHUNK, NOW, TEAM

SINCE = NOW - timedelta(days=1)
DEALS = "C0DEALS"
NEW = 7
"""One in so many of what was changed is new."""


def fill_changes(session: Session, count: int, before: int) -> None:
    """So many since yesterday, each of another deal, and so many in the years before."""
    dice = Random(3)  # noqa: S311 - The same ones in each run.
    total = session.scalar(select(func.count()).select_from(OpportunityRow)) or 0
    _keep(session, (_old(dice, dice.randint(1, total)) for _ in range(before)))
    chosen = dice.sample(range(1, total + 1), count)
    for start in range(0, count, CHUNK):
        found = select(
            OpportunityRow.id,
            OpportunityRow.status,
            OpportunityRow.value_minor,
            OpportunityRow.currency,
            OpportunityRow.expected_close,
        ).where(
            OpportunityRow.workspace_id == TEAM,
            OpportunityRow.id.in_(chosen[start : start + CHUNK]),
        )
        rows = session.execute(found).all()
        _keep(session, (_change(dice, row) for row in rows))
        _make(session, [row.id for row in rows if row.id % NEW == 0], timedelta(hours=2))
        _make(session, [row.id for row in rows if row.id % NEW], timedelta(days=90))


def _make(session: Session, ids: list[int], ago: timedelta) -> None:
    these = update(OpportunityRow).where(OpportunityRow.id.in_(ids))
    session.execute(these.values(created_at=NOW - ago))


def _keep(session: Session, rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == CHUNK:
            session.execute(insert(HistoryRow), batch)
            batch = []
    if batch:
        session.execute(insert(HistoryRow), batch)


def _line(deal: int, kind: Kind, ago: timedelta, **fields: Any) -> dict[str, Any]:
    about = {"workspace_id": TEAM, "opportunity_id": deal, "by": "U0001"}
    return about | {"kind": kind.value, "at": NOW - ago, "fields": fields}


def _old(dice: Random, deal: int) -> dict[str, Any]:
    ago = timedelta(minutes=dice.randint(2 * 1440, 1_000 * 1440))
    return _line(deal, Kind.MOVED, ago, status=["lead", "pitching"], stage=["lead", "pitching"])


def _change(dice: Random, row: Any) -> dict[str, Any]:
    """As the deal now is; of those that go on some moved, some slipped, some are worth more."""
    ago = timedelta(minutes=dice.randint(1, 1_400))
    if row.id % NEW == 0:
        return _line(row.id, Kind.CREATED, ago, owner_id=[None, "U0001"])
    if not row.status.is_stage:
        return _line(row.id, Kind(row.status.value), ago, status=["quoting", row.status.value])
    if row.id % NEW in (1, 2) and row.expected_close:
        days = [
            (row.expected_close - timedelta(days=9)).isoformat(),
            row.expected_close.isoformat(),
        ]
        return _line(row.id, Kind.EDITED, ago, expected_close=days)
    if row.id % NEW == 3 and row.value_minor:
        old, new = [row.value_minor // 2, row.currency], [row.value_minor, row.currency]
        return _line(row.id, Kind.EDITED, ago, value=[old, new])
    was = dice.choice([one for one in STAGES if one is not row.status]).value
    stages = [was, row.status.value]
    moved = {"status": stages, "stage": stages, "probability": [10, 30]}
    moved |= {"stage_since": ["2026-10-01T10:00:00+00:00", "2026-11-23T10:00:00+00:00"]}
    return _line(row.id, Kind.MOVED, ago, **moved)


def decide(session: Session) -> int:
    """A digest with everything in it, that last came yesterday, and is to be posted now."""
    row = DigestRow(
        workspace_id=TEAM,
        channel_id=DEALS,
        maker_id="U0001",
        rhythm=Rhythm.WEEKDAYS,
        days=[],
        month_day=1,
        at="09:00",
        tz="Europe/London",
        filter={
            "owner": None,
            "statuses": [],
            "contact": None,
            "closes": None,
            "attention": False,
        },
        parts=[part.value for part in Part],
        created_at=SINCE,
        told_until=SINCE,
    )
    session.add(row)
    session.flush()
    run = DigestRunRow(
        workspace_id=TEAM,
        digest_id=row.id,
        slot=f"{NOW:%Y-%m-%d}",
        due_at=NOW,
        decided_at=NOW,
        outcome=Outcome.SENT,
        since=SINCE,
        until=NOW,
    )
    session.add(run)
    session.flush()
    return run.id
