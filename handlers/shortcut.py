"""Listeners on shortcuts: what can be made from anywhere, and from a message."""

from collections.abc import Mapping
from typing import Any

from handlers import opening
from handlers.answer import Answer
from handlers.ids import NewFor
from handlers.listening import Heard
from handlers.views.text import plain
from handlers.words import unescaped
from store.context import Source
from store.opportunity import NAME_MAX, NOTES_MAX
from store.text import clean, one_line


async def opportunity(heard: Heard) -> Answer:
    """**New opportunity**, from anywhere."""
    return await opening.form_of(heard, NewFor())


async def opportunity_of_message(heard: Heard) -> Answer:
    """**New opportunity** on a message: its first line is the name, all of it the notes."""
    said, source = text(heard), await origin(heard)
    first = next((line for line in said.split("\n") if line.strip()), "")
    told = f"From a message of {source.author}: {source.link}"
    notes = f"{plain(said, NOTES_MAX - len(told) - 2)}\n\n{told}"
    name = plain(one_line(first), NAME_MAX)
    return await opening.form_for(heard, {"name": name, "notes": notes})


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
