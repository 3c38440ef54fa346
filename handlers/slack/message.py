"""Listeners on messages: direct ones, replies in the threads of cards, and ours that are gone."""

from collections.abc import Mapping
from typing import Any

from handlers import comment
from handlers.answer import NOTHING, Answer
from handlers.listening import Heard
from handlers.slack import mention
from handlers.slack.slack import channel_changed
from store.usecases.card import cards

CHANGED = frozenset(
    {"channel_archive", "channel_convert_to_private", "channel_convert_to_public", "group_archive"}
)
"""What Slack says of a channel by a message in it (docs.slack.dev/reference/events/message)."""

Json = Mapping[str, Any]


async def heard(heard: Heard) -> Answer:
    """Any message in a channel where the bot is: most are not for it."""
    event: Json = heard.body.get("event") or {}
    match event.get("subtype"):
        case "message_deleted":
            return await _deleted(heard, event)
        case "message_changed":
            return await _changed(heard, event)
        case subtype if subtype in CHANGED:
            return await channel_changed(heard)
        case subtype if subtype in comment.WRITTEN:
            return await _written(heard, event)
        case _:
            return NOTHING


async def _written(heard: Heard, event: Json) -> Answer:
    """To the bot alone, anything but a comment is answered with help."""
    if event.get("channel_type") != "im" or event.get("bot_id"):
        return await comment.written(heard, event)
    if await mention.in_card_thread(heard):
        asks = comment.is_command(event, heard.bot_user_id)
        return await (mention.asked(heard) if asks else comment.written(heard, event))
    return NOTHING if event.get("subtype") else await mention.helped(heard)


async def _changed(heard: Heard, event: Json) -> Answer:
    """Edited; or deleted with replies below it, of which a tombstone is left."""
    message, before = event.get("message") or {}, event.get("previous_message") or {}
    if message.get("subtype") == "tombstone":
        return await _gone(heard, event, str(message.get("ts")), message)
    return await comment.edited(heard, message, before)


async def _deleted(heard: Heard, event: Json) -> Answer:
    ts = str(event.get("deleted_ts"))
    said = await comment.deleted(heard, ts, event.get("previous_message") or {})
    return said or await _gone(heard, event, ts, event)


async def _gone(heard: Heard, event: Json, ts: str, message: Json) -> Answer:
    """Nothing is written for messages of others."""
    before = event.get("previous_message") or message
    where = heard.workspace_id, str(event["channel"]), ts
    if not await heard.read(cards.is_ours, *where):
        return NOTHING
    replies = bool(message.get("reply_count") or before.get("reply_count"))
    return await heard.write(cards.gone, *where, replies=replies, answer=lambda _: NOTHING)
