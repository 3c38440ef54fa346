"""Listeners on the index of activities: its filters and its pages."""

from dataclasses import replace

from handlers.activity import form as activity_form
from handlers.activity.ids import ActivityList, EditingActivity, Logging, list_of
from handlers.answer import Answer, How, say, show
from handlers.listening import Heard
from handlers.payload import StaleButton
from handlers.views.activity import index as view
from handlers.views.activity.form import filter_form
from handlers.views.activity.index import EVERYONE, MINE, SOMEONE, query_of
from handlers.views.blocks import Message
from handlers.views.text import Style
from store.activity import ActivityKind, ActivityQuery, Period
from store.usecases.activity import reading as activity_reading


async def listed(heard: Heard, query: ActivityQuery, *, again: bool = False) -> Answer:
    """The index for this person only; `again` in the place of the one that was pressed."""
    return say(await _drawn(heard, query), replace=again)


async def _drawn(heard: Heard, query: ActivityQuery, told: Message | None = None) -> Message:
    page = await heard.read(activity_reading.index, query, by=heard.actor, now=heard.now)
    return view.index(page, Style(page.workspace, heard.now), heard.actor, told)


async def in_its_place(heard: Heard, opened: Logging | EditingActivity, told: Answer) -> Answer:
    """What was done from a private list stands in it, above its rows as they now are."""
    if told.say is None or opened.listed is None or opened.url is None:
        return told
    query = query_of(ActivityList.load(opened.listed))
    return replace(told, say=await _drawn(heard, query, told.say), url=opened.url)


def in_sight(heard: Heard) -> dict[str, str | None]:
    """The private list that was pressed in, as a form remembers it."""
    shown = list_of(str(heard.pressed.get("block_id") or ""))
    if shown is None or heard.in_modal:
        return {}
    return {"listed": shown.dump(), "url": heard.response_url}


async def turn(heard: Heard) -> Answer:
    """Newest, Older, Show everything."""
    return await listed(heard, query_of(ActivityList.load(heard.value)), again=True)


async def person(heard: Heard) -> Answer:
    """Everyone, mine, the one it is on, or **Someone else…**, who is chosen in the form."""
    query = _query(heard)
    if heard.value == SOMEONE:
        return await _form(heard, query)
    whose = {EVERYONE: None, MINE: heard.actor.id}.get(heard.value, heard.value)
    return await listed(heard, _checked(replace(query, by=whose)), again=True)


async def kind(heard: Heard) -> Answer:
    wanted = next((one for one in ActivityKind if one == heard.value), None)
    return await listed(heard, replace(_query(heard), kind=wanted), again=True)


async def period(heard: Heard) -> Answer:
    wanted = next((one for one in Period if one == heard.value), None)
    return await listed(heard, replace(_query(heard), period=wanted), again=True)


def _query(heard: Heard) -> ActivityQuery:
    """That of the row of selects, at its first page."""
    shown = list_of(str(heard.pressed.get("block_id") or ""))
    if shown is None:
        raise StaleButton
    return replace(query_of(shown), before=None)


def _checked(query: ActivityQuery) -> ActivityQuery:
    return query_of(view.state(query))


async def filter_(heard: Heard) -> Answer:
    """**Filter**: all that it can be narrowed by, the opportunity and the contact too."""
    return await _form(heard, query_of(ActivityList.load(heard.value)))


async def _form(heard: Heard, query: ActivityQuery) -> Answer:
    first = replace(query, before=None)
    page = await heard.read(activity_reading.index, first, by=heard.actor, now=heard.now)
    state = replace(view.state(first), channel_id=heard.channel_id, url=heard.response_url)
    how: How = "push" if heard.in_modal else "open"
    return show(filter_form(page, state), how)


async def filtered(heard: Heard) -> Answer:
    """The form **Filter** was sent: the index starts at its first page."""
    state = ActivityList.load(heard.meta)
    query = _checked(activity_form.query(heard.values))
    if query.by:
        await heard.services.directory.know(heard.workspace_id, query.by)
    answer = await listed(heard, query)
    return Answer(say=answer.say, where=state.channel_id, url=state.url)
