"""The status of an opportunity: every way it changes, and the way back (product page, 4)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.errors import Conflict, Invalid
from store.money import Money
from store.opportunity.history import Kind
from store.opportunity.opportunity import Change, Opportunity
from store.opportunity.status import Status
from store.person.person import Actor
from store.tables.records import OpportunityRow
from store.text import clean
from store.usecases import workspaces
from store.usecases.figures import closings
from store.usecases.opportunity import changes, reading, staleness
from store.usecases.task import of_deal as deal_tasks
from store.workspace import OTHER, Workspace
from store.zones import MORNING, local

NOTE_MAX = 1000


@dataclass(frozen=True, slots=True)
class Changed:
    """An opportunity after a change, and the line of history it left, if anything changed; `tasks`
    are how many of its tasks were closed or put off with it.
    """

    opportunity: Opportunity
    change: Change | None
    workspace: Workspace
    tasks: int = 0


def move(
    session: Session,
    number: int,
    to: Status,
    *,
    seen: Status | None,
    by: Actor,
    now: datetime,
) -> Changed:
    """To another stage, forward or back, with that stage's default probability. `seen` is the
    status that the button was drawn from; None is somebody who means it whatever it is now.
    """
    row = reading.row_to_change(session, by, number, now)
    workspace = workspaces.load(session, by.workspace_id)
    if not to.is_stage:
        raise Invalid({"status": workspace.choose_stage})
    if not row.status.is_stage:
        raise Conflict(staleness.first_open(session, row, by, now, workspace))
    staleness.still(session, row, to, seen, by, now, workspace)
    fields = _entering(to, workspace, now) | {"status_by": by.id, "status_since": now}
    days = reading.days_between(row.aged_from, now, workspace)
    return _changed(session, row, Kind.MOVED, fields, by, now, workspace, days)


def _entering(stage: Status, workspace: Workspace, now: datetime) -> dict[str, Any]:
    return {
        "status": stage,
        "stage": stage,
        "probability": workspace.probability[stage],
        "stage_since": now,
        "aged_from": now,
    }


def before_asking(
    session: Session, number: int, to: Status, *, seen: Status | None, by: Actor, now: datetime
) -> tuple[Opportunity, Workspace]:
    """What a question about a change of status is asked of; refuses as that change would."""
    row = reading.row_to_change(session, by, number, now)
    workspace = workspaces.load(session, by.workspace_id)
    if row.status.is_closed and row.status is not to:
        raise Conflict(staleness.first_open(session, row, by, now, workspace))
    staleness.still(session, row, to, seen, by, now, workspace)
    return reading.one(session, row, workspace, now), workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Win:
    final_value: Money | None
    closed_on: date


def win(
    session: Session, number: int, said: Win, *, seen: Status | None, by: Actor, now: datetime
) -> Changed:
    """Won, with the final value and the date; the value itself is kept apart."""
    row = reading.row_to_change(session, by, number, now)
    workspace = workspaces.load(session, by.workspace_id)
    if row.status.is_closed and row.status is not Status.WON:
        raise Conflict(staleness.first_open(session, row, by, now, workspace))
    staleness.still(session, row, Status.WON, seen, by, now, workspace)
    if said.closed_on > max(_today(by, now), _today(workspace, now)):
        raise Invalid({"closed_on": "Choose today or an earlier day."})
    fields = {
        "status": Status.WON,
        "final_value": said.final_value,
        "closed_on": said.closed_on,
    }
    return _close(session, row, Kind.WON, fields, by, now, workspace)


def _today(whose: Actor | Workspace, now: datetime) -> date:
    return now.astimezone(whose.zone).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    reason: str
    note: str = ""
    close_tasks: bool = False
    """Whether its open tasks are done with."""


def lose(
    session: Session, number: int, said: Loss, *, seen: Status | None, by: Actor, now: datetime
) -> Changed:
    """Lost, with a reason of the workspace's list, and a note, required with Other."""
    row = reading.row_to_change(session, by, number, now)
    workspace = workspaces.load(session, by.workspace_id)
    if row.status.is_closed and row.status is not Status.LOST:
        raise Conflict(staleness.first_open(session, row, by, now, workspace))
    staleness.still(session, row, Status.LOST, seen, by, now, workspace)
    note = clean(said.note)
    if said.reason not in workspace.lost_reasons:
        raise Invalid({"reason": "Choose a reason."})
    if said.reason == OTHER and not note:
        raise Invalid({"note": "Write what happened, since the reason is Other."})
    if len(note) > NOTE_MAX:
        raise Invalid({"note": f"Write a note of at most {NOTE_MAX:,} characters."})
    fields = {
        "status": Status.LOST,
        "lost_reason": said.reason,
        "lost_note": note,
        "closed_on": _today(by, now),
    }
    made = _close(session, row, Kind.LOST, fields, by, now, workspace)
    if not said.close_tasks or made.change is None:
        return made
    return replace(made, tasks=deal_tasks.close_all(session, row, made.change.id, by, now))


def _close(
    session: Session,
    row: OpportunityRow,
    kind: Kind,
    fields: dict[str, Any],
    by: Actor,
    now: datetime,
    workspace: Workspace,
) -> Changed:
    cleared = {
        "final_value": None,
        "closed_on": None,
        "lost_reason": "",
        "lost_note": "",
        "paused_until": None,
        "returns_at": None,
    }
    fields = cleared | _ageing_stops(row, now) | fields
    fields |= {"status_by": by.id, "status_since": now}
    days = reading.days_between(fields.get("aged_from", row.aged_from), now, workspace)
    fields["open_days"] = closings.open_days(session, row, fields, workspace)
    return _changed(session, row, kind, fields, by, now, workspace, days)


def _ageing_stops(row: OpportunityRow, now: datetime) -> dict[str, Any]:
    """What is paused or closed doesn't age: that time is taken out when it ends."""
    if row.status.is_stage:
        return {}
    return {"aged_from": row.aged_from + (now - row.status_since)}


def pause(
    session: Session,
    number: int,
    until: date | None,
    *,
    seen: Status | None,
    by: Actor,
    now: datetime,
) -> Changed:
    """Out of totals, forecast and ageing, until that day's morning or until somebody resumes it."""
    row = reading.row_to_change(session, by, number, now)
    workspace = workspaces.load(session, by.workspace_id)
    if row.status.is_closed:
        raise Conflict(staleness.first_open(session, row, by, now, workspace))
    staleness.still(session, row, Status.PAUSED, seen, by, now, workspace)
    if until and until <= _today(workspace, now):
        raise Invalid({"until": "Choose a day after today."})
    fields = {
        "status": Status.PAUSED,
        "paused_until": until,
        "returns_at": local(until, MORNING, workspace.zone) if until else None,
        "status_by": by.id,
        "status_since": now,
    }
    made = _changed(session, row, Kind.PAUSED, fields, by, now, workspace)
    if until is None or made.change is None:
        return made
    moved = deal_tasks.put_off(session, row, until, made.change.id, workspace, by, now)
    return replace(made, tasks=moved)


def resume(session: Session, number: int, *, by: Actor, now: datetime) -> Changed:
    """Back to the stage it was paused in."""
    row = reading.row_to_change(session, by, number, now)
    workspace = workspaces.load(session, by.workspace_id)
    if row.status is not Status.PAUSED:
        raise staleness.back_already(session, row, by, now, workspace)
    fields = _back_in_stage(row, now) | {"status_by": by.id}
    return _changed(session, row, Kind.RESUMED, fields, by, now, workspace)


def _back_in_stage(row: OpportunityRow, now: datetime) -> dict[str, Any]:
    return _ageing_stops(row, now) | {
        "status": row.stage,
        "status_since": now,
        "paused_until": None,
        "returns_at": None,
    }


def reopen(
    session: Session,
    number: int,
    expected_close: date | None,
    *,
    seen: Status | None = None,
    by: Actor,
    now: datetime,
) -> Changed:
    """Won or Lost back to the stage it closed from; the closing is cleared, history keeps it.
    Where the expected close has passed, a new one is asked for.
    """
    row = reading.row_to_change(session, by, number, now)
    workspace = workspaces.load(session, by.workspace_id)
    if not row.status.is_closed or seen not in (None, row.status):
        raise staleness.back_already(session, row, by, now, workspace)
    close = expected_close or row.expected_close
    if close and close < min(_today(by, now), _today(workspace, now)):
        raise Invalid({"expected_close": "Choose today or a later day."})
    cleared: dict[str, Any] = {"final_value": None, "closed_on": None, "open_days": None}
    cleared |= {"lost_reason": "", "lost_note": ""}
    fields = _back_in_stage(row, now) | cleared | {"expected_close": close, "status_by": by.id}
    return _changed(session, row, Kind.REOPENED, fields, by, now, workspace)


def return_due(session: Session, now: datetime, limit: int = 100) -> int:
    """Takes back what is due from its pause, telling its owner in the thread; how many."""
    rows = session.scalars(
        select(OpportunityRow)
        .where(OpportunityRow.returns_at <= now, OpportunityRow.archived_at.is_(None))
        .order_by(OpportunityRow.returns_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        fields = _back_in_stage(row, now) | {"status_by": None}
        changes.apply(session, row, Kind.RETURNED, fields, by=None, now=now)
    return len(rows)


def _changed(
    session: Session,
    row: OpportunityRow,
    kind: Kind,
    fields: dict[str, Any],
    by: Actor,
    now: datetime,
    workspace: Workspace,
    days: int | None = None,
) -> Changed:
    change = changes.apply(session, row, kind, fields, by=by, now=now, days_before=days)
    return Changed(reading.one(session, row, workspace, now), change, workspace)
