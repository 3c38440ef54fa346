"""Editing an opportunity: only what was changed is saved, and nobody's work is lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.contact import ContactDraft
from store.errors import Conflict, Invalid
from store.history import Kind
from store.opportunity import NAME_MAX, NOTES_MAX
from store.person import Actor
from store.status import STAGES
from store.tables import HistoryRow, OpportunityRow
from store.text import clean, one_line
from store.usecases import (
    cards,
    changes,
    contacts,
    opportunities,
    people,
    reading,
    workspaces,
)
from store.usecases.status import Changed
from store.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What an edit form says, against the opportunity as the form was filled: `before`."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
    new_contact: str = ""

    @property
    def changed(self) -> dict[str, Any]:
        return {f: v for f, v in self.after.items() if v != self.before.get(f)}


EDITABLE = frozenset(
    {"name", "contact_id", "value", "expected_close", "owner_id", "status", "probability", "notes"}
)


def edit(
    session: Session, number: int, said: Edit, *, sure: bool, by: Actor, now: datetime
) -> Changed:
    """Saves the fields that were changed; none changed is no change. When somebody else changed one of them meanwhile, it
    refuses with Conflict, which names them, unless the person is `sure`.
    """
    row = reading.row_to_change(session, by, number, now)
    workspace = workspaces.load(session, by.workspace_id)
    new = said.changed
    if said.new_contact:
        made = contacts.create(session, ContactDraft(name=said.new_contact), by=by, now=now)
        new["contact_id"] = made.id
    new = _checked_edit(session, row, new, by)
    if not sure:
        _nobody_else(session, row, said.before, new)
    new |= _stage_too(row, new, workspace, by, now)
    if not any(changes.get(row, field) != value for field, value in new.items()):
        return Changed(reading.one(session, row, workspace, now), None, workspace)
    kind = Kind.MOVED if "stage" in new else Kind.EDITED
    days = reading.days_between(row.aged_from, now, workspace) if kind is Kind.MOVED else None
    moved_owner = new.get("owner_id", row.owner_id) != row.owner_id
    change = changes.apply(session, row, kind, new, by=by, now=now, days_before=days)
    if change.fields.keys() & {"name", "contact_id"}:
        opportunities.index(session, [row])
    if moved_owner and row.audience not in ("", row.card_channel):
        cards.follow_owner(session, row, now)
    return Changed(reading.one(session, row, workspace, now), change, workspace)


def _checked_edit(
    session: Session, row: OpportunityRow, new: Mapping[str, Any], by: Actor
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
        wrong["status"] = "Choose Lead, Pitching, Quoting or Closing."
    if wrong:
        raise Invalid(wrong)
    if fields.get("contact_id") is not None:
        opportunities.must_be_contact(session, by.workspace_id, fields["contact_id"])
    if fields.get("owner_id"):
        people.must_be_member(session, by.workspace_id, fields["owner_id"], "owner_id")
    return fields


def _nobody_else(
    session: Session,
    row: OpportunityRow,
    before: Mapping[str, Any],
    new: Mapping[str, Any],
) -> None:
    touched = {f for f in new if f in before and changes.get(row, f) != before[f] != new[f]}
    if not touched:
        return
    newest = session.scalars(
        select(HistoryRow)
        .where(HistoryRow.workspace_id == row.workspace_id, HistoryRow.opportunity_id == row.id)
        .order_by(HistoryRow.id.desc())
        .limit(50)
    ).all()
    who: dict[str, str] = {}
    for history in newest:
        for field in touched & set(history.fields) - set(who):
            named = people.names(session, row.workspace_id, [history.by])
            who[field] = named[history.by].name if history.by else "Dealthread"
    raise Conflict(
        "Somebody changed this while you were editing.",
        {field: who.get(field, "Somebody") for field in sorted(touched)},
    )


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
