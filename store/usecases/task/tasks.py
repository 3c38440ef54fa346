"""Tasks: made, changed, done; their messages in threads (product page, 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.errors import Stale
from store.opportunity.status import Shelf
from store.outbox import outbox
from store.person.person import EVERYONE, Actor
from store.tables.entries import TaskRow
from store.tables.records import OpportunityRow
from store.task.task import Due, Task, TaskDraft
from store.usecases import workspaces
from store.usecases.card import channels
from store.usecases.opportunity import hanging, reading
from store.usecases.person import people
from store.usecases.task.rows import due_of, put_due, settle, settle_next
from store.workspace import Workspace

DONE, OPEN = "done", "open"
"""What a task is, for whoever pressed a button that was drawn from the other."""
DOUBLE = timedelta(seconds=5)
"""A second press of the same button within this is the same press."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A task after a change; `stepless` when its deal is open and now has no next step."""

    task: Task
    workspace: Workspace
    stepless: bool = False


def create(session: Session, draft: TaskDraft, *, by: Actor, now: datetime) -> Kept:
    """A new task, of whoever makes it unless somebody is named. Due in the past is taken as said:
    it is overdue, and nobody is reminded.
    """
    deal = hanging.deal_to_hang_on(session, by, draft.number, now)
    draft = draft.checked()
    assignee_id = draft.assignee_id or by.id
    people.must_be_member(session, by.workspace_id, assignee_id, "assignee_id")
    row = TaskRow(
        workspace_id=by.workspace_id,
        opportunity_id=deal.id if deal else None,
        contact_id=hanging.contact_to_hang_on(session, by, draft.contact_id),
        title=draft.title,
        notes=draft.notes,
        assignee_id=assignee_id,
        quiet=False,
        created_by=by.id,
        created_at=now,
        source_link=draft.source.link if draft.source else "",
        source_author=draft.source.author if draft.source else "",
    )
    put_due(row, draft.due)
    settle(session, row, deal, now)
    session.add(row)
    session.flush()
    _call(session, row, deal, by, now)
    show(session, row, deal, by, now)
    return kept(session, row, deal)


def _call(
    session: Session, row: TaskRow, deal: OpportunityRow | None, by: Actor, now: datetime
) -> None:
    """Whom somebody else gives a new task reads so in its thread, once; who can't is told."""
    if row.assignee_id == by.id:
        return
    in_channel = deal is not None and (deal.card_channel or "").startswith(("C", "G"))
    if deal is not None and in_channel and sees(session, row, deal):
        row.called_id = row.assignee_id
    else:
        tell_assignee(session, row, deal, by, now)


def sees(session: Session, row: TaskRow, deal: OpportunityRow) -> bool:
    """Whether its assignee can see the deal."""
    if deal.audience in (EVERYONE, row.assignee_id):
        return True
    return channels.is_member(session, row.workspace_id, deal.audience, row.assignee_id)


def tell_assignee(
    session: Session, row: TaskRow, deal: OpportunityRow | None, by: Actor, now: datetime
) -> None:
    """A word to somebody who was given a task; of a deal that they can't see only that."""
    said = {"say": "task", "task": row.id, "by": by.name}
    if deal is not None and not sees(session, row, deal):
        said = {"say": "unseen_task", "by": by.name}
    key = f"task:{row.id}:{row.assignee_id}:{now.timestamp():.0f}"
    outbox.tell(session, row.workspace_id, row.assignee_id, key, said, now)


def show(
    session: Session, row: TaskRow, deal: OpportunityRow | None, by: Actor, now: datetime
) -> None:
    """Its deal has its next step, and Slack shows both as they are now."""
    if deal is not None:
        settle_next(session, deal)
    hanging.show(session, row, outbox.TASK, by, now)


def kept(session: Session, row: TaskRow, deal: OpportunityRow | None) -> Kept:
    (task,) = loaded(session, row.workspace_id, [row])
    stepless = deal is not None and deal.shelf is Shelf.OPEN and deal.next_task_id is None
    return Kept(task, workspaces.load(session, row.workspace_id), stepless)


def done(session: Session, task_id: int, *, by: Actor, now: datetime) -> Kept:
    row, deal = to_change(session, task_id, by=by, now=now)
    if row.done_at is not None:
        raise _already(session, row, by, now)
    row.done_at, row.done_by = now, by.id
    return changed(session, row, deal, by=by, now=now)


def reopen(session: Session, task_id: int, *, by: Actor, now: datetime) -> Kept:
    """Open again, as it was; open already is no change."""
    row, deal = to_change(session, task_id, by=by, now=now)
    if row.done_at is None:
        raise Stale("It is open already.", OPEN, already=True, again=row.changed_by == by.id)
    row.done_at = row.done_by = None
    return changed(session, row, deal, by=by, now=now)


def snooze(session: Session, task_id: int, due: Due, *, by: Actor, now: datetime) -> Kept:
    """Due later, or at any other time that somebody chose."""
    row, deal = to_change(session, task_id, by=by, now=now)
    must_not_be_done(session, row, by, now)
    put_due(row, due)
    return changed(session, row, deal, by=by, now=now)


def quiet(session: Session, task_id: int, *, by: Actor, now: datetime) -> Kept:
    """**Stop**: nobody is reminded of it any more, until somebody else is to do it."""
    row, deal = to_change(session, task_id, by=by, now=now)
    row.quiet = True
    settle(session, row, deal, now)
    return kept(session, row, deal)


def to_change(
    session: Session, task_id: int, *, by: Actor, now: datetime
) -> tuple[TaskRow, OpportunityRow | None]:
    """The task and its deal, locked; refuses who may not, and what hangs on an archived deal."""
    by.must_write()
    row = hanging.row_of(session, by.viewer, TaskRow, task_id, lock=True)
    hanging.must_be_open(session, row, by, now)
    return row, hanging.deal_of(session, row)


def _already(session: Session, row: TaskRow, by: Actor, now: datetime) -> Stale:
    """Somebody was faster; a second press just after one's own says nothing."""
    who, at = _who_did(session, row, by, now)
    again = row.done_by == by.id and now - (row.done_at or now) < DOUBLE
    return Stale(f"{who} already did it {at}.", DONE, already=True, again=again)


def must_not_be_done(session: Session, row: TaskRow, by: Actor, now: datetime) -> None:
    if row.done_at is not None:
        who, at = _who_did(session, row, by, now)
        raise Stale(f"{who} did it {at}. Press Reopen first, then change it.", DONE, already=True)


def _who_did(session: Session, row: TaskRow, by: Actor, now: datetime) -> tuple[str, str]:
    named = people.names(session, row.workspace_id, [row.done_by])
    who = "You" if row.done_by == by.id else named[row.done_by or ""].name
    return who, reading.when(row.done_at or now, by, now)


def changed(
    session: Session, row: TaskRow, deal: OpportunityRow | None, *, by: Actor, now: datetime
) -> Kept:
    """After every change by a person, which an Undo of something else then leaves alone."""
    row.changed_by, row.changed_with, row.before = by.id, None, None
    settle(session, row, deal, now)
    show(session, row, deal, by, now)
    return kept(session, row, deal)


def get(session: Session, task_id: int, *, by: Actor) -> Task:
    """One task, done or not, if this person may see it."""
    by.must_read()
    row = hanging.row_of(session, by.viewer, TaskRow, task_id)
    (task,) = loaded(session, by.workspace_id, [row])
    return task


def loaded(session: Session, workspace_id: str, rows: Sequence[TaskRow]) -> tuple[Task, ...]:
    """These rows in their order, with the names of people, deals and contacts."""
    ids = {one for row in rows for one in (row.assignee_id, row.created_by, row.done_by)}
    named = people.names(session, workspace_id, ids)
    deals = hanging.deals(session, workspace_id, (row.opportunity_id for row in rows))
    contacts = reading.contact_refs(session, workspace_id, {row.contact_id for row in rows})
    return tuple(
        Task(
            id=row.id,
            title=row.title,
            assignee=named[row.assignee_id],
            due=due_of(row),
            notes=row.notes,
            deal=deals.get(row.opportunity_id or 0),
            contact=contacts.get(row.contact_id or 0),
            source=hanging.source(row),
            created_by=named[row.created_by],
            created_at=row.created_at,
            done_at=row.done_at,
            done_by=named.get(row.done_by or ""),
            called=row.called_id == row.assignee_id,
            permalink=row.permalink,
            version=row.version,
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A task as its thread shows it; `thread_ts` is None while there is no card."""

    task: Task
    workspace: Workspace
    channel_id: str | None
    thread_ts: str | None


def to_show(session: Session, workspace_id: str, task_id: int) -> Shown | None:
    """What delivery renders; None when it hangs on no deal any more."""
    row = session.scalars(
        select(TaskRow).where(TaskRow.workspace_id == workspace_id, TaskRow.id == task_id)
    ).one()
    deal = hanging.deal_of(session, row)
    if deal is None:
        return None
    (task,) = loaded(session, workspace_id, [row])
    return Shown(
        task=task,
        workspace=workspaces.load(session, workspace_id),
        channel_id=deal.card_channel,
        thread_ts=deal.card_ts,
    )
