"""What comes of a task, shown where it was asked for: in a thread, a list, on a page, directly."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from handlers import drawing
from handlers.answer import NOTHING, Answer, say
from handlers.ids import Callback, Ref
from handlers.listening import Heard
from handlers.payload import StaleButton
from handlers.task.ids import WORD, TaskList, TaskOrigin, list_of
from handlers.views import confirm
from handlers.views.blocks import Json, Message
from handlers.views.task import lists as list_view
from handlers.views.task import said
from handlers.views.task import task as view
from handlers.views.text import Style
from store.errors import Stale
from store.opportunity.context import Source
from store.task.lists import Scope, Spot, TaskPage
from store.usecases.task import lists as task_lists
from store.usecases.task import tasks
from store.usecases.task.tasks import Kept


def origin(heard: Heard, source: Source | None = None) -> TaskOrigin:
    """What a form remembers of where it was opened."""
    shown = in_sight(heard)
    return TaskOrigin(
        channel_id=heard.channel_id,
        page=drawing.page_id(heard),
        shown=shown.dump() if shown else None,
        url=heard.response_url if _in_its_place(heard, shown) else None,
        link=source.link[:500] if source else None,
        author=source.author[:255] if source else None,
    )


def _in_its_place(heard: Heard, shown: TaskList | None) -> bool:
    """Whether what comes of it stands where it was asked for: in a private list, in a word."""
    told = str(heard.pressed.get("action_id") or "").endswith(f":{WORD}")
    return not heard.in_modal and (shown is not None or told)


def in_sight(heard: Heard) -> TaskList | None:
    """The list that was pressed in; on a page it is the one of its tab."""
    shown = list_of(str(heard.pressed.get("block_id") or ""))
    if shown is None and heard.view.get("callback_id") == Callback.OPPORTUNITY_PAGE:
        return TaskList(number=Ref.load(heard.meta).number, tab=True)
    return shown


async def keep(heard: Heard, use_case: Callable[..., Kept], *args: Any, **said: Any) -> Kept | None:
    """Runs it once; None for a repeat, which shows and says nothing more."""
    made: list[Kept] = []

    def answer(kept: Kept) -> Answer:
        made[:] = [kept]
        return NOTHING

    who = {"by": heard.actor, "now": heard.now}
    await heard.write(use_case, *args, answer=answer, **who, **said)
    return made[0] if made else None


async def after_press(heard: Heard, task_id: int, told: Message, *, worth: bool = True) -> Answer:
    """A thread and a Home show by themselves what was done: there only what is `worth` it is said,
    and on a Home nothing.
    """
    shown = in_sight(heard)
    if heard.in_modal:
        return Answer(view=await page(heard, shown, task_id), how="update")
    if shown is not None:
        return say(await index(heard, shown, told), replace=True)
    if _in_its_place(heard, shown) or drawing.private(heard):
        return say(told, replace=True)
    return say(told) if worth and heard.view.get("type") != "home" else NOTHING


async def after_form(
    heard: Heard, where: TaskOrigin, told: Message, task_id: int | None = None
) -> Answer:
    """On the page below, or in the private list, that it was asked for in."""
    shown = TaskList.load(where.shown) if where.shown else None
    if where.page and (shown or task_id):
        return drawing.done(heard, where.page, await page(heard, shown, task_id or 0))
    told = await index(heard, shown, told) if where.url and shown else told
    return Answer(say=told, where=where.channel_id, url=where.url)


async def stale(heard: Heard, refused: Stale, task_id: int) -> Answer:
    """Somebody was faster: it is said, and what was pressed in shows what they made of it. One's
    own double press counts once, and says nothing but, in its place, what the first one said.
    """
    told = confirm.refusal(refused.sentence)
    if refused.again and not _in_its_place(heard, in_sight(heard)):
        return NOTHING
    if refused.again:
        task = await heard.read(tasks.get, task_id, by=heard.actor)
        told = said.reopened(task) if task.is_open else said.done(task, stepless=False)
    answer = await after_press(heard, task_id, told)
    if answer.view is None:
        return answer
    return replace(answer, view=answer.view | {"blocks": [*told.blocks, *answer.view["blocks"]]})


async def index(heard: Heard, shown: TaskList, told: Message | None = None) -> Message:
    """The private list as it now is, below what was just done in it."""
    found = await look(heard, shown)
    style = Style(found.workspace, heard.now)
    return list_view.index(style, found, shown, heard.actor, told)


async def look(heard: Heard, shown: TaskList) -> TaskPage:
    """The page of a list that a button or a row says."""
    scope = Scope(
        whose=shown.whose,
        number=shown.number,
        contact_id=shown.contact_id,
        done=None if shown.tab else bool(shown.done),
    )
    try:
        spot = Spot.load(shown.at) if shown.at else None
    except ValueError:
        raise StaleButton from None
    start, end = (None, spot) if shown.back else (spot, None)
    who = {"by": heard.actor, "now": heard.now}
    return await heard.read(task_lists.page, scope, start=start, end=end, **who)


async def page(heard: Heard, shown: TaskList | None, task_id: int = 0) -> Json:
    """The page that it was pressed on: a task's, or the tab of an opportunity or a contact."""
    if shown is None:
        task = await heard.read(tasks.get, task_id, by=heard.actor)
        return view.page(await heard.style(), task)
    found = await look(heard, shown)
    style = Style(found.workspace, heard.now)

    def rows(can_add: bool) -> list[Json]:
        return list_view.tab(style, found, shown, heard.actor, can_add=can_add)

    if shown.contact_id is not None:
        return await drawing.contact_tasks_page(heard, shown.contact_id, rows)
    return await drawing.tasks_page(heard, shown.number or 0, rows)
