"""An upgrade tells of what was before it: stages left and entered, days that deals were open."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, MetaData, Table, create_engine, insert, select

from store import migrate
from store.database import engine_url

BEFORE = "20261125_add_what_hangs_on_deals"
AT = datetime(2026, 11, 2, 10, tzinfo=UTC)
TEAM = {"workspace_id": "T1"}


def _deal(number: int, **about: Any) -> dict[str, Any]:
    deal = {"id": number, "number": number, "name": "Acme", "currency": "", "probability": 10}
    deal |= {"status": "lead", "stage": "lead", "created_by": "U1", "created_at": AT, "notes": ""}
    deal |= {"stage_since": AT, "aged_from": AT, "status_since": AT, "final_currency": ""}
    deal |= {"lost_reason": "", "lost_note": "", "audience": "", "shelf": "open", "rank": 3}
    deal |= {"close_key": "9999-12-31", "weighted_minor": 0, "version": 1, "closed_on": None}
    return TEAM | deal | about


def _line(deal: int, kind: str, day: int, **about: Any) -> dict[str, Any]:
    at = AT + timedelta(days=day)
    line = {"opportunity_id": deal, "kind": kind, "by": "U1", "at": at, "fields": {}}
    return TEAM | line | {"days_before": None, "undone_by": None} | about


def _rested(first: int, last: int) -> dict[str, list[str]]:
    return {"aged_from": [(AT + timedelta(days=day)).isoformat() for day in (first, last)]}


def _fill(connection: Connection) -> None:
    known = MetaData()
    known.reflect(connection, only=("workspaces", "opportunities", "history"))

    def put(name: str, *rows: dict[str, Any]) -> None:
        connection.execute(insert(known.tables[name]), list(rows))

    team = {"name": "", "app_id": "", "bot_id": "", "bot_user_id": "", "currency": "GBP"}
    team |= {"locale": "en_GB", "tz": "Europe/London", "last_number": 3, "settings": {}}
    put("workspaces", TEAM | team)
    put(
        "opportunities",
        _deal(1, status="won", stage="quoting", shelf="closed", closed_on=date(2026, 11, 22)),
        _deal(2, stage="closing"),
        _deal(3, status="lost", shelf="closed", closed_on=date(2026, 11, 9)),
    )
    put(
        "history",
        _line(1, "created", 0),
        _line(1, "moved", 3, days_before=3, fields={"stage": ["lead", "pitching"]}),
        _line(1, "moved", 4, fields={"stage": ["pitching", "closing"]}, undone_by="U1"),
        _line(1, "undone", 4, fields={"stage": ["closing", "pitching"]}),
        _line(1, "paused", 5),
        _line(1, "resumed", 11, fields=_rested(3, 9)),
        _line(1, "moved", 12, days_before=3, fields={"stage": ["pitching", "quoting"]}),
        _line(1, "won", 20, days_before=8),
        _line(2, "created", 0, by=None),
        _line(3, "created", 0),
        _line(3, "lost", 7),
        _line(3, "reopened", 9, fields=_rested(0, 2)),
        _line(3, "lost", 9),
    )


def _told(connection: Connection) -> tuple[list[Any], list[Any]]:
    lines = Table("history", MetaData(), autoload_with=connection)
    deals = Table("opportunities", MetaData(), autoload_with=connection)
    columns = lines.c.opportunity_id, lines.c.kind, lines.c.from_stage, lines.c.to_stage
    moves = connection.execute(select(*columns).order_by(lines.c.id)).all()
    days = connection.execute(select(deals.c.open_days).order_by(deals.c.id)).scalars()
    return [tuple(one) for one in moves if one.from_stage or one.to_stage], list(days)


@pytest.fixture
def looked_back(database_url: str) -> Any:
    configured = migrate._config(database_url)
    command.upgrade(configured, BEFORE)
    engine = create_engine(engine_url(database_url))
    with engine.begin() as connection:
        _fill(connection)
    migrate.upgrade(database_url)
    with engine.begin() as connection:
        yield _told(connection)
    engine.dispose()


def test_what_was_before_is_told_as_what_comes_after(looked_back: Any) -> None:
    moves, days = looked_back
    assert moves == [
        (1, "created", None, "lead"),
        (1, "moved", "lead", "pitching"),
        (1, "moved", "pitching", "closing"),
        (1, "moved", "pitching", "quoting"),
        (1, "won", "quoting", None),
        (3, "created", None, "lead"),
        (3, "lost", "lead", None),
        (3, "reopened", None, "lead"),
        (3, "lost", "lead", None),
    ]
    assert days == [14, None, 5]
