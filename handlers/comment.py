"""Replies in the threads of cards: what of Slack's messages is a comment, and what becomes of it.

Most messages in a channel are none of ours: they cost no more than a look at the event, and those
in threads one look-up.
"""

import re
from collections.abc import Mapping
from typing import Any

from handlers.answer import NOTHING, Answer
from handlers.listening import Heard
from store.comment import File, Reply
from store.errors import Busy
from store.text import one_line
from store.usecases.card import cards
from store.usecases.comment import comments

Json = Mapping[str, Any]

WRITTEN = frozenset({None, "file_share", "me_message", "thread_broadcast"})
"""How people write (docs.slack.dev/reference/events/message, under "Message subtypes"); all other
subtypes say that something happened.
"""
_STAMP = re.compile(r"[0-9]{10}\.[0-9]{1,6}")
_NAME_MAX, _LINK_MAX = 255, 2_000
_UNNAMED = "File"


def reply(message: Json, channel_id: str, bot_user_id: str) -> Reply | None:
    """The reply that a person wrote; None for a message of the channel itself, and for what bots
    and Slack write.
    """
    ts, thread_ts = str(message.get("ts")), str(message.get("thread_ts"))
    by_id = str(message.get("user") or "")
    if not (_STAMP.fullmatch(ts) and _STAMP.fullmatch(thread_ts)) or ts == thread_ts:
        return None
    ours = message.get("subtype") not in WRITTEN or message.get("bot_id") or message.get("hidden")
    if ours or by_id in ("", "USLACKBOT", bot_user_id):
        return None
    return Reply(
        channel_id=channel_id,
        ts=ts,
        thread_ts=thread_ts,
        by_id=by_id,
        text=str(message.get("text") or ""),
        files=tuple(_links(message)),
        edited_ts=str((message.get("edited") or {}).get("ts") or ""),
    )


def _links(message: Json) -> list[File]:
    """Its files; of a message that only passes another one on, the link to that."""
    files = [one for one in message.get("files") or () if one.get("mode") != "tombstone"]
    links = [(one.get("title") or one.get("name"), one.get("permalink")) for one in files]
    if not (links or message.get("text")):
        shared = message.get("attachments") or ()
        links = [(one.get("author_name"), one.get("from_url")) for one in shared]
    return [
        File(one_line(str(name or ""))[:_NAME_MAX] or _UNNAMED, str(link or "")[:_LINK_MAX])
        for name, link in links
    ]


def is_command(message: Json, bot_user_id: str) -> bool:
    """A message that begins by naming the bot asks it for something."""
    text = str(message.get("text") or "").lstrip()
    return text.startswith((f"<@{bot_user_id}>", f"<@{bot_user_id}|"))


async def written(heard: Heard, message: Json) -> Answer:
    """A message that may be a reply in a card's thread."""
    found = None if is_command(message, heard.bot_user_id) else _reply(heard, message)
    if found is None or not await _of_a_card(heard, found, message):
        return NOTHING
    heard.services.meet(heard.workspace_id, found.people)
    return await heard.write(comments.said, heard.workspace_id, found, answer=_nothing)


async def edited(heard: Heard, message: Json, before: Json) -> Answer:
    """Also what Slack shows of a link that was written comes so: then nothing was edited."""
    asked, asks = (is_command(one, heard.bot_user_id) for one in (before, message))
    if asks and (asked or not before):
        return NOTHING
    told = [message] if asked else [before, message]
    versions = [found for one in told if (found := _reply(heard, one))]
    unchanged = len({(one.text, one.edited_ts) for one in versions}) < len(versions)
    if not versions or unchanged or not await _in_thread(heard, versions[-1]):
        return NOTHING
    heard.services.meet(heard.workspace_id, versions[-1].people)
    return await heard.write(comments.edited, heard.workspace_id, versions, answer=_nothing)


async def deleted(heard: Heard, ts: str, last: Json) -> Answer | None:
    """None when it was no reply of a person: it may have been a message of ours."""
    found, channel_id = _reply(heard, last), str(_event(heard)["channel"])
    if found is None:
        if last or not await heard.read(comments.is_known, heard.workspace_id, channel_id, ts):
            return None
    elif not await _in_thread(heard, found):
        return NOTHING
    if is_command(last, heard.bot_user_id):
        return NOTHING
    return await heard.write(
        comments.deleted,
        heard.workspace_id,
        channel_id,
        ts,
        now=heard.now,
        last=found,
        answer=_nothing,
    )


def _event(heard: Heard) -> Json:
    event: Json = heard.body.get("event") or {}
    return event


def _reply(heard: Heard, message: Json) -> Reply | None:
    return reply(message, str(_event(heard).get("channel")), heard.bot_user_id)


async def _of_a_card(heard: Heard, found: Reply, message: Json) -> bool:
    """A card that was posted just now may not be known to stand yet. Then the event is refused, and
    Slack sends it again.
    """
    if await _in_thread(heard, found):
        return True
    if message.get("parent_user_id") != heard.bot_user_id:
        return False
    if await heard.read(cards.is_under_way, heard.workspace_id, found.channel_id):
        raise Busy("A reply came before its card was known.")
    return await _in_thread(heard, found)


async def _in_thread(heard: Heard, found: Reply) -> bool:
    """Whether a card stands, or stood, above it."""
    where = found.channel_id, found.thread_ts
    return await heard.read(comments.thread_of, heard.workspace_id, *where) is not None


def _nothing(_: object) -> Answer:
    return NOTHING
