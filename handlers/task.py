"""Listeners on tasks: their forms, and the buttons of their messages."""

from dataclasses import replace

from handlers import drawing, task_form
from handlers.answer import NOTHING, Answer, show
from handlers.ids import NewTask, TaskId
from handlers.listening import Heard
from handlers.task_ids import TaskOrigin
from handlers.views import task as view
from handlers.views import task_form as form_view
from handlers.views import task_said as said
from handlers.views.task_form import Filled
from handlers.views.text import Style
from store.context import Source
from store.usecases import hanging, tasks
from store.usecases.tasks import Kept


async def new(heard: Heard) -> Answer:
    """**Add task**, **Add next step**."""
    return await form_of(heard, NewTask.load(heard.value))


async def form_of(heard: Heard, wanted: NewTask) -> Answer:
    """The form, with that opportunity or contact chosen."""
    deal, contact = await heard.read(
        hanging.context, wanted.number, wanted.contact_id, by=heard.actor, now=heard.now
    )
    return form_for(heard, Filled(deal=deal, contact=contact))


async def about(heard: Heard, number: int) -> Answer:
    """The form of a task for that opportunity."""
    return await form_of(heard, NewTask(number))


def form_for(heard: Heard, filled: Filled) -> Answer:
    """The form with what is known; whoever opens it is the assignee unless another is named."""
    heard.actor.must_write()
    filled = replace(filled, assignee_id=filled.assignee_id or heard.actor.id)
    return show(form_view.new_form(filled, _origin(heard, filled.source)), heard.how)


def _origin(heard: Heard, source: Source | None = None) -> TaskOrigin:
    return TaskOrigin(
        channel_id=heard.channel_id,
        page=drawing.page_id(heard),
        link=source.link[:500] if source else None,
        author=source.author[:255] if source else None,
    )


async def created(heard: Heard) -> Answer:
    """The form **New task** was sent."""
    origin = TaskOrigin.load(heard.meta)
    source = Source(origin.link, origin.author or "") if origin.link else None
    draft = replace(task_form.task(heard.values, heard.actor), source=source)
    if draft.assignee_id:
        await heard.services.directory.know(heard.workspace_id, draft.assignee_id)
    return await heard.write(
        tasks.create,
        draft,
        by=heard.actor,
        now=heard.now,
        answer=lambda made: _added(heard, made, origin),
    )


def _added(heard: Heard, made: Kept, origin: TaskOrigin) -> Answer:
    style = Style(made.workspace, heard.now)
    return Answer(say=said.added(style, made.task, heard.actor), where=origin.channel_id)


async def open_page(heard: Heard) -> Answer:
    """**Details**."""
    task = await heard.read(tasks.get, TaskId.load(heard.value).id, by=heard.actor)
    return show(view.page(await heard.style(), task), heard.how)


async def done(heard: Heard) -> Answer:
    """**Done**."""
    wanted = TaskId.load(heard.value)
    return await heard.write(
        tasks.done, wanted.id, by=heard.actor, now=heard.now, answer=lambda _: NOTHING
    )
