"""Rows become what a viewer sees: the only way an opportunity leaves the store."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.orm import Session

from store.contact import ContactRef
from store.errors import Gone, NotFound
from store.money import Money
from store.opportunity.history import UNDOABLE
from store.opportunity.opportunity import UNDO_FOR, Card, Offer, Opportunity
from store.opportunity.status import Health, Shelf, Status, health
from store.person.person import Actor, Person, Viewer
from store.tables.records import ContactRow, HistoryRow, OpportunityRow
from store.task.task import NextStep
from store.usecases.person import people
from store.usecases.task import rows as task_rows
from store.workspace import Workspace

# Statements of every click are built once: building them costs more than running them.
_FOUND = select(OpportunityRow).where(
    OpportunityRow.workspace_id == bindparam("team"),
    OpportunityRow.audience.in_(bindparam("seen", expanding=True)),
    OpportunityRow.number == bindparam("number"),
)
_LOCKED = _FOUND.with_for_update()
_LAST = select(HistoryRow.id, HistoryRow.kind, HistoryRow.at, HistoryRow.undone_by).where(
    HistoryRow.id == bindparam("id")
)


def seen_by(viewer: Viewer) -> ColumnElement[bool]:
    """In this workspace, and for these eyes: the condition of every query for people."""
    audiences = sorted(viewer.audiences)
    return and_(
        OpportunityRow.workspace_id == viewer.workspace_id,
        OpportunityRow.audience == audiences[0]
        if len(audiences) == 1
        else OpportunityRow.audience.in_(audiences),
    )


def row_of(session: Session, viewer: Viewer, number: int, *, lock: bool = False) -> OpportunityRow:
    """The row behind a number, locked for a change; the same refusal for none and for not yours."""
    seen = {"team": viewer.workspace_id, "seen": sorted(viewer.audiences), "number": number}
    row = session.scalar(_LOCKED if lock else _FOUND, seen)
    if row is None:
        raise NotFound(f"There is no opportunity #{number} that you can see.")
    return row


def row_to_change(session: Session, actor: Actor, number: int, now: datetime) -> OpportunityRow:
    """The same, for somebody who may write, and not archived."""
    actor.must_write()
    row = row_of(session, actor.viewer, number, lock=True)
    if row.archived_at is not None:
        raise Gone(archived_sentence(session, row, actor, now))
    return row


def archived_sentence(session: Session, row: OpportunityRow, actor: Actor, now: datetime) -> str:
    named = people.names(session, row.workspace_id, [row.archived_by])
    by = named[row.archived_by].name if row.archived_by else "Dealthread"
    at = row.archived_at or now
    return f"That opportunity was archived by {by} {when(at, actor, now)}."


def when(at: datetime, actor: Actor, now: datetime) -> str:
    """An instant for a sentence to one person, in their zone: `at 14:02`, `on 3 Nov`."""
    local, today = at.astimezone(actor.zone), now.astimezone(actor.zone).date()
    if local.date() == today:
        return f"at {local:%H:%M}"
    year = f" {local.year}" if local.year != today.year else ""
    return f"on {local.day} {local:%b}{year}"


def one(session: Session, row: OpportunityRow, workspace: Workspace, now: datetime) -> Opportunity:
    """A single opportunity, with what **Undo** would reverse."""
    (shown,) = many(session, [row], workspace, now, undo=_offer(session, row, now))
    return shown


def many(
    session: Session,
    rows: Sequence[OpportunityRow],
    workspace: Workspace,
    now: datetime,
    undo: Offer | None = None,
) -> tuple[Opportunity, ...]:
    """These rows in their order, with the names of their people and contacts, and their next steps:
    a query each.
    """
    if not rows:
        return ()
    contacts = contact_refs(session, workspace.id, {row.contact_id for row in rows})
    ids = {
        user_id
        for row in rows
        for user_id in (row.owner_id, row.created_by, row.status_by, row.archived_by)
    }
    named = people.names(session, workspace.id, ids)
    open_rows = (row for row in rows if row.shelf is Shelf.OPEN)
    wanted = {row.next_task_id for row in open_rows if row.next_task_id is not None}
    steps = task_rows.steps(session, workspace.id, wanted)
    return tuple(_opportunity(row, contacts, named, steps, workspace, now, undo) for row in rows)


def contact_refs(
    session: Session, workspace_id: str, ids: set[int | None]
) -> dict[int, ContactRef]:
    wanted = ids - {None}
    if not wanted:
        return {}
    rows = session.execute(
        select(ContactRow.id, ContactRow.name, ContactRow.company).where(
            ContactRow.workspace_id == workspace_id, ContactRow.id.in_(wanted)
        )
    )
    return {row.id: ContactRef(row.id, row.name, row.company) for row in rows}


def money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)


def days_between(since: datetime, now: datetime, workspace: Workspace) -> int:
    """Whole days by the calendar of the workspace: since yesterday evening is one."""
    start, end = since.astimezone(workspace.zone).date(), now.astimezone(workspace.zone).date()
    return max(0, (end - start).days)


def _offer(session: Session, row: OpportunityRow, now: datetime) -> Offer | None:
    if row.last_change is None:
        return None
    last = session.connection().execute(_LAST, {"id": row.last_change}).first()
    if last is None or last.undone_by or last.kind not in UNDOABLE or now >= last.at + UNDO_FOR:
        return None
    return Offer(last.id, last.at + UNDO_FOR)


def _opportunity(
    row: OpportunityRow,
    contacts: Mapping[int, ContactRef],
    named: Mapping[str, Person],
    steps: Mapping[int, NextStep],
    workspace: Workspace,
    now: datetime,
    undo: Offer | None,
) -> Opportunity:
    return Opportunity(
        workspace_id=row.workspace_id,
        id=row.id,
        number=row.number,
        name=row.name,
        status=row.status,
        stage=row.stage,
        probability=row.probability,
        value=money(row.value_minor, row.currency),
        contact=contacts.get(row.contact_id) if row.contact_id else None,
        expected_close=row.expected_close,
        notes=row.notes,
        created_at=row.created_at,
        stage_since=row.stage_since,
        status_since=row.status_since,
        final_value=money(row.final_value_minor, row.final_currency),
        closed_on=row.closed_on,
        lost_reason=row.lost_reason,
        lost_note=row.lost_note,
        paused_until=row.paused_until,
        archived_at=row.archived_at,
        card=_card(row),
        audience=row.audience,
        version=row.version,
        next_step=steps.get(row.next_task_id or 0),
        undo=undo,
        last_change=row.last_change or 0,
        **_people(row, named),
        **_of_today(row, workspace, now),
    )


def _people(row: OpportunityRow, named: Mapping[str, Person]) -> dict[str, Any]:
    return {
        "owner": named.get(row.owner_id or ""),
        "creator": named[row.created_by],
        "status_by": named.get(row.status_by or ""),
        "archived_by": named.get(row.archived_by or ""),
    }


def _of_today(row: OpportunityRow, workspace: Workspace, now: datetime) -> dict[str, Any]:
    """What is paused or closed doesn't age, and isn't overdue."""
    today = now.astimezone(workspace.zone).date()
    until = now if row.status.is_stage else row.status_since
    days = days_between(row.aged_from, until, workspace)
    late = row.shelf is Shelf.OPEN and row.expected_close and row.expected_close < today
    return {
        "days": days,
        "health": _health(row.status, days, workspace),
        "overdue": bool(late),
    }


def _card(row: OpportunityRow) -> Card | None:
    if row.card_channel is None:
        return None
    return Card(row.card_channel, row.card_ts, row.card_permalink)


def _health(status: Status, days: int, workspace: Workspace) -> Health:
    if not status.is_stage:
        return Health.GREEN
    return health(days, workspace.expected_days[status])


def as_json(value: Any) -> Any:
    """A field's value as history keeps it: money as [minor, currency], days and instants as ISO."""
    if isinstance(value, Money):
        return [value.minor, value.currency]
    return value.isoformat() if hasattr(value, "isoformat") else value
