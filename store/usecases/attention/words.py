"""The message to an owner about what needs attention: as it is when it is sent, and what is done
from it: Snooze and Stop.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from store.errors import Gone, Invalid, NotAllowed
from store.opportunity.attention import Attention, Told, reasons
from store.opportunity.opportunity import Opportunity
from store.outbox import outbox
from store.person.person import Actor
from store.tables import dialect
from store.tables.records import OpportunityRow
from store.tables.recurring import AttentionRow
from store.usecases import workspaces
from store.usecases.attention import attention, rounds
from store.usecases.opportunity import reading
from store.usecases.person import people
from store.workspace import Workspace

_TABLE = cast("Table", AttentionRow.__table__)


def to_show(
    session: Session, workspace_id: str, data: Mapping[str, Any], now: datetime, *, again: bool
) -> Attention | None:
    """What delivery renders. Sent for the first time it names only what is still theirs, still
    needs attention, and wasn't snoozed or stopped meanwhile: None, when nothing is left of it.
    Brought up to date, it says of each of them what it is now.
    """
    by = people.looker(session, workspace_id, str(data["user"]))
    if not by.may_read:
        return None
    workspace = workspaces.load(session, workspace_id)
    told = _told(session, by, data["deals"], workspace, now)
    if not again:
        today = now.astimezone(by.zone).date()
        told = [one for one in told if _still(one, today, workspace, now)]
    if not told:
        return None
    return Attention(by.id, str(data["on"]), workspace, tuple(told), int(data["more"]))


def _told(
    session: Session, by: Actor, ids: list[int], workspace: Workspace, now: datetime
) -> list[Told]:
    """Those that they own and see, in their order."""
    found = select(OpportunityRow).where(
        reading.seen_by(by.viewer), OpportunityRow.owner_id == by.id, OpportunityRow.id.in_(ids)
    )
    deals = reading.many(session, session.scalars(found).all(), workspace, now)
    kept = attention.kept(session, workspace.id, by.id, ids)
    told = [_one(deal, kept.get(deal.id)) for deal in deals]
    return sorted(told, key=lambda one: ids.index(one.opportunity.id))


def _one(deal: Opportunity, row: AttentionRow | None) -> Told:
    return Told(deal, row.snoozed_until, row.stopped) if row else Told(deal)


def _still(told: Told, today: date, workspace: Workspace, now: datetime) -> bool:
    rests = attention.rests(told.stopped, told.snoozed_until, today)
    return not rests and bool(reasons(told.opportunity, workspace, now))


def to_snooze(session: Session, number: int, *, by: Actor, now: datetime) -> Opportunity:
    """The deal that a form asks about; refuses as `snooze` would."""
    row = _row(session, number, by, now)
    return reading.one(session, row, workspaces.load(session, by.workspace_id), now)


def snooze(session: Session, number: int, day: date, on: str, *, by: Actor, now: datetime) -> date:
    """Its owner does not want to hear of this deal until that day of theirs, or the Monday after
    it, which is returned, and then of all that it needs; `on` is the day of the message that was
    pressed, which then says so.
    """
    row = _row(session, number, by, now)
    if day <= now.astimezone(by.zone).date():
        raise Invalid({"until": "Choose a day after today."})
    until = rounds.workday(day)
    put: dict[str, Any] = {"said": {}, "snoozed_until": until, "stopped": False}
    _put(session, row, put, on, by, now)
    return until


def stop(session: Session, number: int, on: str, *, by: Actor, now: datetime) -> None:
    """Its owner does not want to hear of this deal any more; whoever owns it next will."""
    row = _row(session, number, by, now)
    put: dict[str, Any] = {"said": {}, "snoozed_until": None, "stopped": True}
    _put(session, row, put, on, by, now)


def _row(session: Session, number: int, by: Actor, now: datetime) -> OpportunityRow:
    """Only its owner is told of it, so only they have something to snooze."""
    by.must_write()
    row = reading.row_of(session, by.viewer, number, lock=True)
    if row.archived_at is not None:
        raise Gone(reading.archived_sentence(session, row, by, now))
    if row.owner_id != by.id:
        named = people.names(session, by.workspace_id, [row.owner_id])
        whose = f"{named[row.owner_id].name} owns it now" if row.owner_id else "Nobody owns it now"
        raise NotAllowed(f"{whose}, so you won't be reminded of it any more.")
    return row


def _put(
    session: Session,
    row: OpportunityRow,
    values: Mapping[str, Any],
    on: str,
    by: Actor,
    now: datetime,
) -> None:
    keys = {"workspace_id": by.workspace_id, "user_id": by.id, "opportunity_id": row.id}
    kept = dialect.insert(session, _TABLE).values({**keys, **values})
    session.connection().execute(
        kept.on_conflict_do_update(index_elements=list(keys), set_=dict(values))
    )
    outbox.say_anew(session, by.workspace_id, attention.key_of(by.id, on), now)
