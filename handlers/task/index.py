"""Listeners on the index of tasks: `/task`, its filters and pages."""

from dataclasses import replace

from handlers.answer import Answer, How, say, show
from handlers.form.entered import Answers
from handlers.grammar import grammar
from handlers.grammar.requests import HELP, AddTask, Help, MyTasks, TasksOf
from handlers.grammar.words import Context
from handlers.ids import Command
from handlers.listening import Heard
from handlers.task import drawing as task_drawing
from handlers.task import task
from handlers.task.ids import TaskList, TaskOrigin, list_of
from handlers.views import workspace as workspace_view
from handlers.views.inputs import read_deal
from handlers.views.task import lists as view
from handlers.views.task.lists import DONE, SOMEONE
from store.usecases import workspaces
from store.usecases.opportunity import hanging


async def command(heard: Heard) -> Answer:
    """`/task` in all its forms."""
    workspace = await heard.read(workspaces.load, heard.workspace_id)
    locale = heard.actor.locale
    context = Context(today=heard.today, currency=workspace.currency, locale=locale)
    match grammar.task(str(heard.body.get("text") or ""), context):
        case Help():
            return say(workspace_view.help_message(HELP[Command.TASK]))
        case MyTasks():
            return await listed(heard, TaskList(whose=heard.actor.id))
        case TasksOf(number):
            return await listed(heard, TaskList(number=number))
        case AddTask() as words:
            return await task.from_words(heard, words)


async def listed(heard: Heard, shown: TaskList) -> Answer:
    return say(await task_drawing.index(heard, shown))


async def turn(heard: Heard) -> Answer:
    """Previous, Next, and the choices above the list; on a page its tab turns."""
    if heard.value == SOMEONE:
        block = str(heard.pressed.get("block_id") or "")
        return await _ask(heard, list_of(block) or TaskList())
    shown = TaskList.load(heard.value)
    if heard.in_modal:
        return show(await task_drawing.page(heard, shown), "update")
    message = await task_drawing.index(heard, replace(shown, beside=None))
    return say(message, replace=not shown.beside)


async def filter_form(heard: Heard) -> Answer:
    """**Filter**."""
    return await _ask(heard, TaskList.load(heard.value))


async def _ask(heard: Heard, shown: TaskList) -> Answer:
    deal, _ = await heard.read(hanging.context, shown.number, None, by=heard.actor, now=heard.now)
    where = replace(task_drawing.origin(heard), shown=shown.dump(), url=heard.response_url)
    how: How = "push" if heard.in_modal else "open"
    return show(view.filter_form(where, shown, deal), how)


async def filtered(heard: Heard) -> Answer:
    """The form **Filter** was sent: the list starts at its first page."""
    where = TaskOrigin.load(heard.meta)
    read = Answers(heard.values)
    shown = TaskList(
        whose=read.text("whose") or None,
        number=read_deal(read.text("number")),
        done=True if read.text("state") == DONE else None,
    )
    if shown.whose:
        await heard.services.directory.know(heard.workspace_id, shown.whose)
    message = await task_drawing.index(heard, shown)
    return Answer(say=message, where=where.channel_id, url=where.url)
