"""Activities: logged, edited, deleted, and shown in the threads of their deals."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.activity import Activity, ActivityDraft
from store.contact import ContactDraft
from store.errors import Conflict, Gone, NotAllowed
from store.opportunity.status import Shelf
from store.outbox import outbox
from store.person.person import EVERYONE, Actor, Viewer
from store.tables.entries import ActivityRow
from store.usecases import contacts, workspaces
from store.usecases.activity import reading as activity_reading
from store.usecases.opportunity import hanging, reading
from store.usecases.person import people
from store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Logged:
    """`stepless` when its deal is open and has no next step."""

    activity: Activity
    stepless: bool
    workspace: Workspace


@dataclass(frozen=True, slots=True)
class Shown:
    """An activity as its thread shows it; `thread_ts` is None while there is no card."""

    activity: Activity
    workspace: Workspace
    channel_id: str | None
    thread_ts: str | None


def log(session: Session, draft: ActivityDraft, *, by: Actor, now: datetime) -> Logged:
    """A new activity of this person; with its deal's contact, when it names none."""
    deal = hanging.deal_to_hang_on(session, by, draft.number, now)
    draft = draft.checked(now)
    row = ActivityRow(
        workspace_id=by.workspace_id,
        opportunity_id=deal.id if deal else None,
        contact_id=_contact(session, draft, by, now) or (deal.contact_id if deal else None),
        kind=draft.kind,
        what=draft.what,
        by_id=by.id,
        at=draft.at or now,
        created_by=by.id,
        created_at=now,
        source_link=draft.source.link if draft.source else "",
        source_author=draft.source.author if draft.source else "",
    )
    session.add(row)
    session.flush()
    hanging.show(session, row, outbox.ACTIVITY, by, now)
    stepless = deal is not None and deal.shelf is Shelf.OPEN and deal.next_task_id is None
    made = activity_reading.one(session, by.viewer, row.id)
    return Logged(made, stepless, workspaces.load(session, by.workspace_id))


def _contact(session: Session, draft: ActivityDraft, by: Actor, now: datetime) -> int | None:
    if draft.new_contact:
        made = contacts.create(session, ContactDraft(name=draft.new_contact), by=by, now=now)
        return made.id
    return hanging.contact_to_hang_on(session, by, draft.contact_id)


def get(session: Session, activity_id: int, *, by: Actor) -> Activity:
    """One activity, deleted or not, if this person may see it."""
    by.must_read()
    hanging.row_of(session, by.viewer, ActivityRow, activity_id)
    return activity_reading.one(session, by.viewer, activity_id)


def to_edit(session: Session, activity_id: int, *, by: Actor, now: datetime) -> Activity:
    """The same, for a form that is to change it: refuses what is deleted, and who may not."""
    _to_change(session, activity_id, by, now, "edit")
    return activity_reading.one(session, by.viewer, activity_id)


def to_delete(session: Session, activity_id: int, *, by: Actor, now: datetime) -> Activity:
    """The same, for what asks before it is deleted."""
    _to_change(session, activity_id, by, now, "delete")
    return activity_reading.one(session, by.viewer, activity_id)


def edit(
    session: Session,
    activity_id: int,
    draft: ActivityDraft,
    *,
    version: int,
    by: Actor,
    now: datetime,
) -> Activity:
    """By its author or an admin; the deal it is about stays. Refuses with Conflict when somebody
    else changed it after that `version`.
    """
    row = _to_change(session, activity_id, by, now, "edit")
    draft = draft.checked(now)
    if row.version != version:
        raise Conflict("Somebody changed this while you were editing.")
    new = {
        "kind": draft.kind,
        "what": draft.what,
        "at": draft.at or row.at,
        "contact_id": _contact(session, draft, by, now),
    }
    if any(getattr(row, field) != value for field, value in new.items()):
        for field, value in new.items():
            setattr(row, field, value)
        row.edited_at = now
        session.flush()
        hanging.show(session, row, outbox.ACTIVITY, by, now)
    return activity_reading.one(session, by.viewer, activity_id)


def delete(session: Session, activity_id: int, *, by: Actor, now: datetime) -> Activity:
    """By its author or an admin: it leaves the lists, and its line in the thread says so."""
    row = _to_change(session, activity_id, by, now, "delete")
    row.deleted_at, row.deleted_by = now, by.id
    session.flush()
    hanging.show(session, row, outbox.ACTIVITY, by, now)
    return activity_reading.one(session, by.viewer, activity_id)


def _to_change(
    session: Session, activity_id: int, by: Actor, now: datetime, what: str
) -> ActivityRow:
    """The row, locked; `what` is what they may not, where they may not."""
    by.must_write()
    row = hanging.row_of(session, by.viewer, ActivityRow, activity_id, lock=True)
    named = people.names(session, row.workspace_id, [row.by_id, row.deleted_by])
    if row.deleted_at is not None:
        who = named[row.deleted_by].name if row.deleted_by else "Dealthread"
        raise Gone(f"That activity was deleted by {who} {reading.when(row.deleted_at, by, now)}.")
    if not (by.admin or by.id == row.by_id):
        raise NotAllowed(f"Only {named[row.by_id].name} (who logged it) or an admin can {what} it.")
    hanging.must_be_open(session, row, by, now)
    return row


def to_show(session: Session, workspace_id: str, activity_id: int) -> Shown:
    """What delivery renders in the thread of its deal, whoever may see that."""
    row = session.scalars(
        select(ActivityRow).where(
            ActivityRow.workspace_id == workspace_id, ActivityRow.id == activity_id
        )
    ).one()
    deal = hanging.deal_of(session, row)
    viewer = Viewer(workspace_id, frozenset({deal.audience if deal else EVERYONE}))
    activity = activity_reading.one(session, viewer, activity_id)
    if deal is not None and row.contact_id == deal.contact_id:
        activity = replace(activity, contact=None)  # Its card names that one.
    return Shown(
        activity=activity,
        workspace=workspaces.load(session, workspace_id),
        channel_id=deal.card_channel if deal else None,
        thread_ts=deal.card_ts if deal else None,
    )
