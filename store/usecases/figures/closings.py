"""What is kept of an opportunity that closes, for figures to go by."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.opportunity.history import Kind
from store.tables.records import HistoryRow, OpportunityRow
from store.workspace import Workspace

_RESTED = (Kind.RESUMED, Kind.RETURNED, Kind.REOPENED, Kind.WON, Kind.LOST)
"""What ends a time in which it didn't age, and so moved `aged_from` on by its length."""


def open_days(
    session: Session, row: OpportunityRow, closing: Mapping[str, Any], workspace: Workspace
) -> int:
    """The days from its making to this closing, by the calendar of the workspace; those that it was
    paused, or closed before, are left out.
    """
    ended = select(HistoryRow.fields).where(
        HistoryRow.workspace_id == row.workspace_id,
        HistoryRow.opportunity_id == row.id,
        HistoryRow.kind.in_(_RESTED),
        HistoryRow.undone_by.is_(None),
    )
    rest = closing.get("aged_from", row.aged_from) - row.aged_from
    for fields in session.scalars(ended):
        rest += _length(fields)
    return days_open(row.created_at, closing["closed_on"], workspace, rest)


def days_open(
    created_at: datetime,
    closed_on: date,
    workspace: Workspace,
    rest: timedelta = timedelta(0),
) -> int:
    """The same, where the rest is known: of one that was closed elsewhere no pauses are."""
    made = created_at.astimezone(workspace.zone).date()
    days = (closed_on - made).days
    return max(0, days - round(rest / timedelta(days=1)))


def _length(fields: Mapping[str, Any]) -> timedelta:
    before, after = fields.get("aged_from", (None, None))
    if before is None or after is None:
        return timedelta(0)
    return datetime.fromisoformat(after) - datetime.fromisoformat(before)
