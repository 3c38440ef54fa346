"""Editing an opportunity: only what was changed is saved, and nobody's work is lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.contact import ContactDraft
from store.errors import Conflict, Invalid
from store.opportunity.history import Kind
from store.opportunity.opportunity import NAME_MAX, NOTES_MAX
from store.opportunity.status import STAGES
from store.person.person import Actor
from store.tables.records import HistoryRow, OpportunityRow
from store.text import clean, one_line
from store.usecases import contacts, workspaces
from store.usecases.card import cards
from store.usecases.opportunity import changes, opportunities, reading
from store.usecases.opportunity.status import Changed
from store.usecases.person import people
from store.workspace import Workspace

EDITABLE = frozenset(
    {"name", "contact_id", "value", "expected_close", "owner_id", "status", "probability", "notes"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What an edit form says; `since` is the newest line of history when it was filled, `told` the
    newest that the person knows of: what others changed until then, they mean to replace.
    """

    fields: Mapping[str, Any]
    since: int
    told: int = 0
    new_contact: str = ""


def edit(session: Session, number: int, said: Edit, *, by: Actor, now: datetime) -> Changed:
    """Saves the fields that were changed; none changed is no change. When somebody else changed
    one of them meanwhile, it refuses with Conflict, which names them.
    """
    row = reading.row_to_change(session, by, number, now)
    workspace = workspaces.load(session, by.workspace_id)
    meanwhile = _meanwhile(session, row, said.since)
    new = _mine(row, said, meanwhile)
    _nobody_else(session, row, new, [line for line in meanwhile if line.id > said.told])
    if said.new_contact:
        made = contacts.create(session, ContactDraft(name=said.new_contact), by=by, now=now)
        new["contact_id"] = made.id
    new = _checked_edit(session, row, new, by, workspace)
    new |= _stage_too(row, new, workspace, by, now)
    new = {field: value for field, value in new.items() if value != changes.get(row, field)}
    if not new:
        return Changed(reading.one(session, row, workspace, now), None, workspace)
    kind = Kind.MOVED if "stage" in new else Kind.EDITED
    days = reading.days_between(row.aged_from, now, workspace) if kind is Kind.MOVED else None
    change = changes.apply(session, row, kind, new, by=by, now=now, days_before=days)
    if "owner_id" in new and cards.is_direct(row):
        cards.follow_owner(session, row, now)
    return Changed(reading.one(session, row, workspace, now), change, workspace)


def _meanwhile(session: Session, row: OpportunityRow, since: int) -> list[HistoryRow]:
    """What changed after the form was filled, oldest first."""
    newer = select(HistoryRow).where(
        HistoryRow.workspace_id == row.workspace_id,
        HistoryRow.opportunity_id == row.id,
        HistoryRow.id > since,
    )
    return list(session.scalars(newer.order_by(HistoryRow.id)))


def _mine(row: OpportunityRow, said: Edit, meanwhile: list[HistoryRow]) -> dict[str, Any]:
    """The fields that differ from what stood in the form: those are what the person changed."""
    filled: dict[str, Any] = {}
    for history in meanwhile:
        for field, pair in history.fields.items():
            filled.setdefault(field, changes.from_json(field, pair[0]))
    return {
        field: value
        for field, value in said.fields.items()
        if field in EDITABLE and value != filled.get(field, changes.get(row, field))
    }


def _nobody_else(
    session: Session, row: OpportunityRow, new: Mapping[str, Any], meanwhile: list[HistoryRow]
) -> None:
    touched = {field: h.by for h in meanwhile for field in h.fields if field in new}
    theirs = {f: by for f, by in touched.items() if changes.get(row, f) != new[f]}
    if theirs:
        named = people.names(session, row.workspace_id, theirs.values())
        who = {f: named[by].name if by else "Dealthread" for f, by in theirs.items()}
        raise Conflict("Somebody changed this while you were editing.", who, frozenset(new))


def _checked_edit(
    session: Session, row: OpportunityRow, new: Mapping[str, Any], by: Actor, workspace: Workspace
) -> dict[str, Any]:
    fields = {f: v for f, v in new.items() if f in EDITABLE}
    wrong: dict[str, str] = {}
    if "name" in fields:
        fields["name"] = one_line(fields["name"])
        if not fields["name"] or len(fields["name"]) > NAME_MAX:
            wrong["name"] = f"Write a name of 1 to {NAME_MAX} characters."
    if "notes" in fields:
        fields["notes"] = clean(fields["notes"])
        if len(fields["notes"]) > NOTES_MAX:
            wrong["notes"] = f"Write notes of at most {NOTES_MAX:,} characters."
    percent = fields.get("probability", row.probability)
    if not isinstance(percent, int) or not 0 <= percent <= 100:  # noqa: PLR2004 - per cent.
        wrong["probability"] = "Write a whole number from 0 to 100."
    if "status" in fields and fields["status"] not in STAGES:
        wrong["status"] = workspace.choose_stage
    if wrong:
        raise Invalid(wrong)
    if fields.get("contact_id") is not None:
        opportunities.must_be_contact(session, by.workspace_id, fields["contact_id"])
    if fields.get("owner_id"):
        people.must_be_member(session, by.workspace_id, fields["owner_id"], "owner_id")
    return fields


def _stage_too(
    row: OpportunityRow,
    new: Mapping[str, Any],
    workspace: Workspace,
    by: Actor,
    now: datetime,
) -> dict[str, Any]:
    """A stage chosen in the edit form is a move; its default probability yields to one written."""
    to = new.get("status")
    if to is None or to == row.status:
        return {}
    if not row.status.is_stage:
        raise Conflict("It isn't open any more. Reopen or resume it first.")
    entering = {
        "stage": to,
        "stage_since": now,
        "aged_from": now,
        "status_since": now,
        "status_by": by.id,
    }
    if "probability" not in new:
        entering["probability"] = workspace.probability[to]
    return entering
