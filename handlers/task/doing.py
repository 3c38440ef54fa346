"""Listeners on what is done with a task: done, again open, snoozed, no longer reminded of."""

from handlers.answer import NOTHING, Answer, show
from handlers.ids import TaskId
from handlers.listening import Heard
from handlers.task import drawing as task_drawing
from handlers.task import form as task_form
from handlers.task import task
from handlers.task.ids import SnoozingTask, TaskChoice, TaskOrigin, TaskVerb
from handlers.views.task import form as form_view
from handlers.views.task import said
from handlers.views.text import Style
from store.errors import Stale
from store.usecases.task import edits as task_edits
from store.usecases.task import tasks


async def done(heard: Heard) -> Answer:
    """**Done**."""
    return await do(heard, TaskId.load(heard.value).id)


async def do(heard: Heard, task_id: int) -> Answer:
    try:
        kept = await task_drawing.keep(heard, tasks.done, task_id)
    except Stale as refused:
        return await task_drawing.stale(heard, refused, task_id)
    if kept is None:
        return NOTHING
    told = said.done(kept.task, stepless=kept.stepless)
    return await task_drawing.after_press(heard, task_id, told, worth=kept.stepless)


async def reopen(heard: Heard) -> Answer:
    """**Reopen**."""
    return await undo(heard, TaskId.load(heard.value).id)


async def undo(heard: Heard, task_id: int) -> Answer:
    try:
        kept = await task_drawing.keep(heard, tasks.reopen, task_id)
    except Stale as refused:
        return await task_drawing.stale(heard, refused, task_id)
    if kept is None:
        return NOTHING
    return await task_drawing.after_press(heard, task_id, said.reopened(kept.task), worth=False)


async def stop(heard: Heard) -> Answer:
    """**Stop** in a reminder."""
    task_id = TaskId.load(heard.value).id
    kept = await task_drawing.keep(heard, tasks.quiet, task_id)
    if kept is None:
        return NOTHING
    return await task_drawing.after_press(heard, task_id, said.quieted(kept.task))


async def snooze(heard: Heard) -> Answer:
    """**Snooze** asks until when."""
    return await ask(heard, TaskId.load(heard.value).id)


async def ask(heard: Heard, task_id: int) -> Answer:
    try:
        found = await heard.read(task_edits.to_edit, task_id, by=heard.actor, now=heard.now)
    except Stale as refused:
        return await task_drawing.stale(heard, refused, task_id)
    zone = heard.actor.zone
    hour = found.due.said(zone)[1] if found.due else ""
    asking = SnoozingTask(task_id, hour, task_drawing.origin(heard).dump())
    return show(form_view.snooze_form(await heard.style(), found, zone, asking), heard.how)


async def snoozed(heard: Heard) -> Answer:
    """The form **Snooze** was sent."""
    asking = SnoozingTask.load(heard.meta)
    due = task_form.snooze(heard.values, asking.hour, heard.actor, heard.now)
    kept = await task_drawing.keep(heard, tasks.snooze, asking.id, due)
    if kept is None:
        return NOTHING
    told = said.snoozed(Style(kept.workspace, heard.now), kept.task, heard.actor)
    where = TaskOrigin.load(asking.origin)
    return await task_drawing.after_form(heard, where, told, asking.id)


async def menu(heard: Heard) -> Answer:
    """⋯ of a row."""
    choice = TaskChoice.load(heard.value)
    listeners = {
        TaskVerb.DONE: do,
        TaskVerb.REOPEN: undo,
        TaskVerb.SNOOZE: ask,
        TaskVerb.EDIT: task.edit_form,
    }
    return await listeners.get(choice.verb, task.shown)(heard, choice.id)
