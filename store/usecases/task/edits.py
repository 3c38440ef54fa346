"""Editing a task: only what was changed is saved, and nobody's work is lost."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from store.errors import Conflict
from store.outbox import retiring
from store.person.person import Actor
from store.tables.entries import TaskRow
from store.tables.records import OpportunityRow
from store.task.task import FIELDS, Task, TaskDraft, marks
from store.usecases.opportunity import changes, hanging
from store.usecases.person import people
from store.usecases.task import tasks
from store.usecases.task.rows import put_due, settle_next
from store.usecases.task.tasks import Kept


def save(
    session: Session,
    task_id: int,
    draft: TaskDraft,
    *,
    was: Mapping[str, str],
    version: int,
    by: Actor,
    now: datetime,
) -> Kept:
    """Saves the fields that were changed since they had the marks `was`. Refuses with Conflict,
    which names the fields, when somebody else changed the same ones after that `version`.
    """
    row, deal = tasks.to_change(session, task_id, by=by, now=now)
    tasks.must_not_be_done(session, row, by, now)
    draft = draft.checked()
    (before,) = tasks.loaded(session, row.workspace_id, [row])
    said, stands = marks(draft, by.zone), marks(before.draft, by.zone)
    mine = {name for name in FIELDS if said[name] not in (was.get(name), stands[name])}
    if row.version != version:
        theirs = {name for name in FIELDS if stands[name] != was.get(name)}
        _nobody_else(session, row, mine & theirs, mine)
    if not mine:
        return tasks.kept(session, row, deal)
    _put(session, row, draft, mine, by)
    if "number" in mine:
        deal = _hang_elsewhere(session, row, deal, draft.number, by, now)
    if "assignee_id" in mine and row.assignee_id != by.id:
        tasks.tell_assignee(session, row, deal, by, now)
    return tasks.changed(session, row, deal, by=by, now=now)


def _nobody_else(session: Session, row: TaskRow, both: set[str], mine: set[str]) -> None:
    if both:
        named = people.names(session, row.workspace_id, [row.changed_by])
        who = named[row.changed_by].name if row.changed_by else "Somebody"
        changed = {name: who for name in FIELDS if name in both}
        raise Conflict("Somebody changed this while you were editing.", changed, frozenset(mine))


def _put(session: Session, row: TaskRow, draft: TaskDraft, mine: set[str], by: Actor) -> None:
    if "title" in mine:
        row.title = draft.title
    if "notes" in mine:
        row.notes = draft.notes
    if "due" in mine:
        put_due(row, draft.due)
    if "contact_id" in mine:
        row.contact_id = hanging.contact_to_hang_on(session, by, draft.contact_id)
    if "assignee_id" in mine:
        row.assignee_id, row.quiet = draft.assignee_id or by.id, False
        people.must_be_member(session, row.workspace_id, row.assignee_id, "assignee_id")


def _hang_elsewhere(
    session: Session,
    row: TaskRow,
    was: OpportunityRow | None,
    number: int | None,
    by: Actor,
    now: datetime,
) -> OpportunityRow | None:
    """On another deal, or on none: it leaves the thread that it stood in."""
    deal = hanging.deal_to_hang_on(session, by, number, now)
    row.opportunity_id, row.permalink, row.called_id = deal.id if deal else None, None, None
    if was is not None:
        retiring.task(session, row.workspace_id, row.id, now)
        settle_next(session, was)
        changes.want_card(session, was, now)
    return deal


def to_edit(session: Session, task_id: int, *, by: Actor, now: datetime) -> Task:
    """The task for a form that is to change it: refuses as saving would."""
    row, _ = tasks.to_change(session, task_id, by=by, now=now)
    tasks.must_not_be_done(session, row, by, now)
    (task,) = tasks.loaded(session, row.workspace_id, [row])
    return task
