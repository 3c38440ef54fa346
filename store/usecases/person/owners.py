"""Who owns an opportunity that nobody owned: whoever takes it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.errors import Stale
from store.opportunity.history import Kind
from store.person.person import Actor
from store.tables.records import HistoryRow, OpportunityRow
from store.usecases import workspaces
from store.usecases.opportunity import changes, reading
from store.usecases.opportunity.staleness import DOUBLE
from store.usecases.opportunity.status import Changed
from store.usecases.person import people


def take(session: Session, number: int, *, by: Actor, now: datetime) -> Changed:
    """**Take it**: whoever presses owns it from now on. Refuses with Stale when somebody already
    does. A card in direct messages stays there: only its creator sees it, and so can take it.
    """
    row = reading.row_to_change(session, by, number, now)
    if row.owner_id is not None:
        raise _taken(session, row, by, now)
    workspace = workspaces.load(session, by.workspace_id)
    change = changes.apply(session, row, Kind.EDITED, {"owner_id": by.id}, by=by, now=now)
    return Changed(reading.one(session, row, workspace, now), change, workspace)


def _taken(session: Session, row: OpportunityRow, by: Actor, now: datetime) -> Stale:
    """Says who made whom the owner, and when; a second press after one's own says nothing."""
    last = _when_owned(session, row)
    giver = last.by if last else None
    named = people.names(session, row.workspace_id, [row.owner_id, giver])
    who = {user_id: one.name for user_id, one in named.items()} | {by.id: "you", None: "Dealthread"}
    at = reading.when(last.at if last else row.created_at, by, now)
    mine = giver == row.owner_id == by.id
    done = (
        "already took it over" if giver == row.owner_id else f"made {who[row.owner_id]} the owner"
    )
    said = f"{'You' if giver == by.id else who[giver]} {done} {at}."
    again = mine and last is not None and now - last.at < DOUBLE
    return Stale(said, row.status.value, already=True, again=again)


def _when_owned(session: Session, row: OpportunityRow) -> HistoryRow | None:
    """The newest line of history that says whose it is."""
    lines = select(HistoryRow).where(
        HistoryRow.workspace_id == row.workspace_id, HistoryRow.opportunity_id == row.id
    )
    newest = session.scalars(lines.order_by(HistoryRow.id.desc()))
    return next((line for line in newest if "owner_id" in line.fields), None)
