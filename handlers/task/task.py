"""Listeners on the forms and the page of a task."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers.answer import NOTHING, Answer, say, show
from handlers.grammar.requests import AddTask
from handlers.ids import NewTask, TaskId
from handlers.listening import Heard
from handlers.task import drawing as task_drawing
from handlers.task import form as task_form
from handlers.task.ids import EditingTask, TaskOrigin
from handlers.views.task import form as form_view
from handlers.views.task import said
from handlers.views.task import task as view
from handlers.views.task.form import Filled
from handlers.views.task.task import when_in
from handlers.views.text import Style
from store.errors import Conflict, Gone, NotFound, Refusal, Stale
from store.opportunity.context import DealRef, Source
from store.task.task import FIELDS, Due, Task, TaskDraft, marks
from store.usecases.opportunity import hanging
from store.usecases.task import edits as task_edits
from store.usecases.task import tasks

LABELS = {
    "title": "Title",
    "assignee_id": "Assignee",
    "due": "Due date",
    "notes": "Notes",
    "number": "Opportunity",
    "contact_id": "Contact",
}


async def new(heard: Heard) -> Answer:
    """**Add task**, **Add next step**."""
    return await form_of(heard, NewTask.load(heard.value))


async def form_of(heard: Heard, wanted: NewTask) -> Answer:
    """The form, with that opportunity or contact chosen."""
    deal, contact = await heard.read(
        hanging.context, wanted.number, wanted.contact_id, by=heard.actor, now=heard.now
    )
    return form_for(heard, Filled(deal=deal, contact=contact))


async def from_words(
    heard: Heard, words: AddTask, *, number: int | None = None, source: Source | None = None
) -> Answer:
    """The form with what was read; `number` is the opportunity where the words name none."""
    words, deal, notices = await _about(heard, words, number)
    due = _due(heard, words)
    due_on, due_hour = due.said(heard.actor.zone) if due else ("", "")
    filled = Filled(
        title=words.title,
        assignee_id=words.person_id,
        due_on=due_on,
        due_hour=due_hour,
        deal=deal,
        source=source,
        notices=notices,
    )
    return form_for(heard, filled)


async def add(heard: Heard, words: AddTask, number: int) -> Answer:
    """Made at once, on that opportunity; a number of another one stays in the title."""
    if words.number != number:
        words = words.otherwise or words
    if not words.title:
        raise Refusal("Write what is to be done, like `@Dealthread task Send the quote friday`.")
    if words.person_id:
        await heard.services.directory.know(heard.workspace_id, words.person_id)
    draft = TaskDraft(
        title=words.title,
        assignee_id=words.person_id,
        due=_due(heard, words),
        number=number,
    )
    kept = await task_drawing.keep(heard, tasks.create, draft)
    if kept is None:
        return NOTHING
    return say(said.added(Style(kept.workspace, heard.now), kept.task, heard.actor))


async def _about(
    heard: Heard, words: AddTask, number: int | None
) -> tuple[AddTask, DealRef | None, tuple[str, ...]]:
    """The deal that the words name; a number that is none's stays in the title."""
    who: dict[str, Any] = {"by": heard.actor, "now": heard.now}
    notices: tuple[str, ...] = ()
    if words.number is not None and words.otherwise is not None:
        try:
            deal, _ = await heard.read(hanging.context, words.number, None, **who)
        except (NotFound, Gone) as refused:
            signed = f"#{words.number}" in words.otherwise.title
            words, notices = words.otherwise, ((refused.sentence,) if signed else ())
        else:
            return words, deal, ()
    deal, _ = await heard.read(hanging.context, number, None, **who)
    return words, deal, notices


def _due(heard: Heard, words: AddTask) -> Due | None:
    """An hour alone is today's, or tomorrow's when it has passed."""
    zone = heard.actor.zone
    if words.day is not None or words.hour is None:
        return Due.of(words.day, words.hour, zone) if words.day else None
    due = Due.of(heard.today, words.hour, zone)
    if due.passed(heard.now, zone):
        due = Due.of(heard.today + timedelta(days=1), words.hour, zone)
    return due


async def about(heard: Heard, number: int) -> Answer:
    """The form of a task for that opportunity."""
    return await form_of(heard, NewTask(number))


def form_for(heard: Heard, filled: Filled) -> Answer:
    """The form with what is known; whoever opens it is the assignee unless another is named."""
    heard.actor.must_write()
    filled = replace(filled, assignee_id=filled.assignee_id or heard.actor.id)
    where = task_drawing.origin(heard, filled.source)
    return show(form_view.new_form(filled, where), heard.how)


async def created(heard: Heard) -> Answer:
    """The form **New task** was sent."""
    where = TaskOrigin.load(heard.meta)
    source = Source(where.link, where.author or "") if where.link else None
    draft = replace(await _read(heard), source=source)
    kept = await task_drawing.keep(heard, tasks.create, draft)
    if kept is None:
        return NOTHING
    told = said.added(Style(kept.workspace, heard.now), kept.task, heard.actor)
    return await task_drawing.after_form(heard, where, told)


async def _read(heard: Heard) -> TaskDraft:
    """What was filled in; the assignee is looked up, for the use case to know who that is."""
    draft = task_form.task(heard.values, heard.actor)
    if draft.assignee_id:
        await heard.services.directory.know(heard.workspace_id, draft.assignee_id)
    return draft


async def open_page(heard: Heard) -> Answer:
    """**Details**."""
    return await shown(heard, TaskId.load(heard.value).id)


async def shown(heard: Heard, task_id: int) -> Answer:
    task = await heard.read(tasks.get, task_id, by=heard.actor)
    return show(view.page(await heard.style(), task), heard.how)


async def edit(heard: Heard) -> Answer:
    """**Edit**."""
    return await edit_form(heard, TaskId.load(heard.value).id)


async def edit_form(heard: Heard, task_id: int) -> Answer:
    who = {"by": heard.actor, "now": heard.now}
    try:
        task = await heard.read(task_edits.to_edit, task_id, **who)
    except Stale as refused:
        return await task_drawing.stale(heard, refused, task_id)
    was = marks(task.draft, heard.actor.zone)
    editing = EditingTask(
        task.id,
        task.version,
        was=" ".join(was[name] for name in FIELDS),
        origin=task_drawing.origin(heard).dump(),
    )
    filled = form_view.filled(task, heard.actor.zone)
    return show(form_view.edit_form(filled, editing), heard.how)


async def saved(heard: Heard) -> Answer:
    """The form **Edit task** was sent: only what was changed in it is saved."""
    editing = EditingTask.load(heard.meta)
    draft = await _read(heard)
    was = dict(zip(FIELDS, editing.was.split(), strict=False))
    try:
        kept = await task_drawing.keep(
            heard, task_edits.save, editing.id, draft, was=was, version=editing.version
        )
    except Conflict as conflict:
        return await _settle(heard, editing, draft, conflict)
    if kept is None:
        return NOTHING
    told = said.saved(Style(kept.workspace, heard.now), kept.task, heard.actor)
    where = TaskOrigin.load(editing.origin)
    return await task_drawing.after_form(heard, where, told, editing.id)


async def _settle(
    heard: Heard, editing: EditingTask, draft: TaskDraft, conflict: Conflict
) -> Answer:
    """Somebody else changed the same field: what they made of it is said, what was typed stays."""
    if not conflict.changed:
        raise Refusal(conflict.sentence)
    task = await heard.read(tasks.get, editing.id, by=heard.actor)
    style = await heard.style()
    notices = tuple(
        f"{who} changed {LABELS[field]} to {_shown(heard, style, task, field)} while you were "
        "editing. Save again to replace it."
        for field, who in conflict.changed.items()
    )
    filled = replace(form_view.filled(task, heard.actor.zone, draft), notices=notices)
    return show(form_view.edit_form(filled, replace(editing, version=task.version)), "update")


def _shown(heard: Heard, style: Style, task: Task, field: str) -> str:
    """A field's value in a sentence."""
    now = {
        "title": task.title,
        "assignee_id": task.assignee.name,
        "due": when_in(style, task.due, heard.actor.zone) if task.due else None,
        "notes": "something else",
        "number": f"#{task.deal.number}" if task.deal else None,
        "contact_id": task.contact.title if task.contact else None,
    }
    return now[field] or "nothing"
