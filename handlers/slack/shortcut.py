"""Listeners on shortcuts: what can be made from anywhere, and from a message."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from handlers.activity import activity
from handlers.answer import Answer
from handlers.grammar.words import unescaped
from handlers.ids import NewFor, NewTask
from handlers.listening import Heard
from handlers.opportunity import opening
from handlers.task import task
from handlers.views.task.form import Filled as FilledTask
from handlers.views.text import plain
from store.activity import WHAT_MAX
from store.errors import NotFound
from store.opportunity.context import DealRef, Source
from store.opportunity.opportunity import NAME_MAX, NOTES_MAX
from store.task.task import NOTES_MAX as TASK_NOTES_MAX
from store.task.task import TITLE_MAX
from store.text import clean, one_line
from store.usecases.card import channels
from store.usecases.comment import comments


async def opportunity(heard: Heard) -> Answer:
    """**New opportunity**, from anywhere."""
    return await opening.form_of(heard, NewFor())


async def opportunity_of_message(heard: Heard) -> Answer:
    """**New opportunity** on a message: its first line is the name, all of it the notes."""
    said, source = text(heard), await origin(heard)
    told = f"From a message of {source.author}: {source.link}"
    notes = f"{plain(said, NOTES_MAX - len(told) - 2)}\n\n{told}"
    name = plain(_first_line(said), NAME_MAX)
    return await opening.form_for(heard, {"name": name, "notes": notes})


async def new_task(heard: Heard) -> Answer:
    """**New task**, from anywhere."""
    return await task.form_of(heard, NewTask())


async def task_of_message(heard: Heard) -> Answer:
    """**Create task** on a message: its first line is the title, what else it says the notes; in a
    card's thread for that opportunity.
    """
    said = text(heard)
    title = plain(_first_line(said), TITLE_MAX)
    more = "" if title == said.strip() else plain(said, TASK_NOTES_MAX)
    about = await deal(heard)
    filled = FilledTask(
        title=title,
        notes=more,
        deal=about,
        source=await origin(heard),
        notices=await _seen_by_all(heard, about),
    )
    return task.form_for(heard, filled)


async def _seen_by_all(heard: Heard, about: DealRef | None) -> tuple[str, ...]:
    """What was said among a few, and hangs on no deal, is about to be seen by many."""
    if about is not None:
        return ()
    where = await heard.services.directory.channel(heard.workspace_id, str(heard.channel_id))
    if where.kind == channels.PUBLIC:
        return ()
    return ("Without an opportunity, every member of this workspace can see this.",)


async def log_activity(heard: Heard) -> Answer:
    """**Log activity**, from anywhere."""
    return activity.form_for(heard, activity.filled_now(heard))


async def activity_of_message(heard: Heard) -> Answer:
    """**Log as activity** on a message: what it says is what happened, when it was written; in a
    card's thread for that opportunity.
    """
    about = await deal(heard)
    filled = replace(
        activity.filled_now(heard),
        what=plain(text(heard), WHAT_MAX),
        at=written(heard),
        deal=about,
        notices=await _seen_by_all(heard, about),
    )
    return activity.form_for(heard, filled, await origin(heard))


def written(heard: Heard) -> datetime:
    """When the message was written, in the zone of whoever reads it now."""
    try:
        at = datetime.fromtimestamp(float(str(_message(heard).get("ts"))), UTC)
    except (ValueError, OverflowError, OSError):
        at = heard.now
    return at.astimezone(heard.actor.zone)


def _first_line(said: str) -> str:
    return one_line(next((line for line in said.split("\n") if line.strip()), ""))


async def deal(heard: Heard) -> DealRef | None:
    """The opportunity in whose thread the message stands, where it is one that this person sees."""
    message = _message(heard)
    thread_ts = str(message.get("thread_ts") or message.get("ts"))
    try:
        return await heard.read(comments.deal, str(heard.channel_id), thread_ts, by=heard.actor)
    except NotFound:
        return None


def text(heard: Heard) -> str:
    """What the message says, as it was typed."""
    return clean(unescaped(str(_message(heard).get("text") or "")))


async def origin(heard: Heard) -> Source:
    """The message as a link, and the name of whoever wrote it."""
    message, channel = _message(heard), str((heard.body.get("channel") or {}).get("id"))
    domain = str((heard.body.get("team") or {}).get("domain"))
    link = permalink(domain, channel, str(message.get("ts")), message.get("thread_ts"))
    return Source(link, await _author(heard, message))


def permalink(domain: str, channel_id: str, ts: str, thread_ts: str | None = None) -> str:
    """As chat.getPermalink makes it (docs.slack.dev/reference/methods/chat.getPermalink)."""
    link = f"https://{domain}.slack.com/archives/{channel_id}/p{ts.replace('.', '')}"
    if thread_ts in (None, ts):
        return link
    return f"{link}?thread_ts={thread_ts}&cid={channel_id}"


async def _author(heard: Heard, message: Mapping[str, Any]) -> str:
    """A person by name; an app, and what has no name, as such."""
    user_id = message.get("user")
    if user_id and not message.get("bot_id"):
        return await heard.services.directory.name(heard.workspace_id, str(user_id))
    return one_line(str(message.get("username") or "")) or "an app"


def _message(heard: Heard) -> Mapping[str, Any]:
    return heard.body.get("message") or {}
