"""**Undo**: the way back from a change, while nothing newer has touched the same thing."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.errors import Conflict, Gone, Refusal, Stale
from store.opportunity.history import UNDOABLE, Kind
from store.opportunity.opportunity import UNDO_FOR
from store.outbox import outbox
from store.person.person import Actor
from store.tables.records import HistoryRow, OpportunityRow
from store.usecases import workspaces
from store.usecases.card import cards
from store.usecases.opportunity import changes, reading
from store.usecases.opportunity.staleness import DOUBLE
from store.usecases.opportunity.status import Changed
from store.usecases.person import people
from store.usecases.task import of_deal as deal_tasks


def undo(session: Session, number: int, history_id: int, *, by: Actor, now: datetime) -> Changed:
    """Restores what that change replaced. Refuses after ten minutes, twice, and when something
    newer touched the same thing.
    """
    row = reading.row_to_change(session, by, number, now)
    workspace = workspaces.load(session, by.workspace_id)
    last = session.get(HistoryRow, history_id)
    if last is None or last.opportunity_id != row.id or last.kind not in UNDOABLE:
        raise Refusal("There is nothing to undo here.")
    if last.undone_by:
        raise _undone_already(session, row, last, by, now)
    if now >= last.at + UNDO_FOR:
        raise Gone("That is more than ten minutes ago. Change it back by hand.")
    before = {field: changes.from_json(field, pair[0]) for field, pair in last.fields.items()}
    for field, pair in last.fields.items():
        if changes.get(row, field) != changes.from_json(field, pair[1]):
            raise Conflict(_touched(session, row, history_id, field, by, now))
    last.undone_by = by.id
    changes.in_thread(session, row, outbox.LINE, last.id, now)
    change = changes.apply(session, row, Kind.UNDONE, before, by=by, now=now, reverses=history_id)
    deal_tasks.bring_back(session, row, history_id, now)
    if "owner_id" in before and cards.is_direct(row):
        cards.follow_owner(session, row, now)
    return Changed(reading.one(session, row, workspace, now), change, workspace)


def _undone_already(
    session: Session, row: OpportunityRow, last: HistoryRow, by: Actor, now: datetime
) -> Stale:
    """A second press just after one's own says nothing."""
    named = people.names(session, row.workspace_id, [last.undone_by])
    who = "You" if last.undone_by == by.id else named[last.undone_by or ""].name
    reversal = session.scalar(
        select(HistoryRow.at).where(
            HistoryRow.workspace_id == row.workspace_id,
            HistoryRow.opportunity_id == row.id,
            HistoryRow.reverses == last.id,
        )
    )
    again = last.undone_by == by.id and reversal is not None and now - reversal < DOUBLE
    return Stale(f"{who} already undid that.", row.status.value, already=True, again=again)


def _touched(
    session: Session, row: OpportunityRow, after: int, field: str, by: Actor, now: datetime
) -> str:
    newer = session.scalars(
        select(HistoryRow)
        .where(
            HistoryRow.workspace_id == row.workspace_id,
            HistoryRow.opportunity_id == row.id,
            HistoryRow.id > after,
        )
        .order_by(HistoryRow.id.desc())
    )
    touched = next((change for change in newer if field in change.fields), None)
    at = reading.when(touched.at if touched else now, by, now)
    named = people.names(session, row.workspace_id, [touched.by if touched else None])
    who = named[touched.by].name if touched and touched.by else "Dealthread"
    who = "You" if touched and touched.by == by.id else who
    return f"{who} changed it again {at}, so this can't be undone any more."
