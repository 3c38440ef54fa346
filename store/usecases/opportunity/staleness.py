"""When a press comes too late: who made the status what it is now, and when."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from store.errors import Stale
from store.opportunity.status import Status
from store.person.person import Actor
from store.tables.records import OpportunityRow
from store.usecases.opportunity import reading
from store.usecases.person import people
from store.workspace import Workspace

DOUBLE = timedelta(seconds=5)
"""A second press of the same button within this is the same press."""


def still(
    session: Session,
    row: OpportunityRow,
    to: Status,
    seen: Status | None,
    by: Actor,
    now: datetime,
    workspace: Workspace,
) -> None:
    """Refuses with Stale when the status is no longer the one that the person saw, or already is
    the one they want; says who changed it, to what, and when.
    """
    if row.status is not to and seen in (None, row.status):
        return
    who, at = _who_last(session, row, by, now)
    already = row.status is to
    if already:
        sentence = f"{who} already moved it to {workspace.label(to)} {at}."
    else:
        label = workspace.label(row.status)
        sentence = f"{who} moved it to {label} {at}, so nothing was changed."
    again = already and just_now(row, by, now)
    raise Stale(sentence, row.status.value, already=already, again=again)


def first_open(
    session: Session, row: OpportunityRow, by: Actor, now: datetime, workspace: Workspace
) -> str:
    press = "Resume" if row.status is Status.PAUSED else "Reopen"
    who, at = _who_last(session, row, by, now)
    return (
        f"{who} moved it to {workspace.label(row.status)} {at}. Press {press} first, then move it."
    )


def back_already(
    session: Session, row: OpportunityRow, by: Actor, now: datetime, workspace: Workspace
) -> Stale:
    """It is open, or closed another way; a second press just after one's own says nothing."""
    who, at = _who_last(session, row, by, now)
    label = workspace.label(row.status)
    sentence = f"{who} moved it to {label} {at}, so nothing was changed."
    again = row.status.is_stage and just_now(row, by, now)
    return Stale(sentence, row.status.value, already=True, again=again)


def just_now(row: OpportunityRow, by: Actor, now: datetime) -> bool:
    return row.status_by == by.id and now - row.status_since < DOUBLE


def _who_last(session: Session, row: OpportunityRow, by: Actor, now: datetime) -> tuple[str, str]:
    """Who made its status what it is, and when, for a sentence to `by`."""
    at = reading.when(row.status_since, by, now)
    if row.status_by == by.id:
        return "You", at
    named = people.names(session, row.workspace_id, [row.status_by])
    return named[row.status_by].name if row.status_by else "Dealthread", at
