"""Listeners on messages: a mention, a direct message, and messages of ours that are gone."""

from collections.abc import Mapping
from typing import Any

from handlers.answer import NOTHING, Answer, say
from handlers.listening import Heard
from handlers.slack import channel_changed
from handlers.views import confirm
from handlers.workspace import help_message
from store.errors import Refusal
from store.usecases import cards

CHANGED = frozenset(
    {"channel_archive", "channel_convert_to_private", "channel_convert_to_public", "group_archive"}
)
"""What Slack says of a channel by a message in it (docs.slack.dev/reference/events/message)."""


async def mention(heard: Heard) -> Answer:
    """`@Dealthread help`, or anything else: what it understands, privately. Other bots that name
    it are not answered.
    """
    event: Mapping[str, Any] = heard.body.get("event") or {}
    return NOTHING if event.get("bot_id") else await _help(heard)


async def heard(heard: Heard) -> Answer:
    """Any message in a channel where the bot is: most are not for it."""
    event: Mapping[str, Any] = heard.body.get("event") or {}
    match event.get("subtype"):
        case "message_deleted":
            return await _gone(heard, event, str(event.get("deleted_ts")), event)
        case "message_changed" if (event.get("message") or {}).get("subtype") == "tombstone":
            message = event["message"]
            return await _gone(heard, event, str(message.get("ts")), message)
        case subtype if subtype in CHANGED:
            return await channel_changed(heard)
        case None if event.get("channel_type") == "im" and not event.get("bot_id"):
            return await _help(heard)
        case _:
            return NOTHING


async def _help(heard: Heard) -> Answer:
    """Once, however often Slack repeats the event."""
    try:
        heard.actor.must_read()
    except Refusal as refusal:
        told = confirm.refusal(refusal.sentence)
    else:
        told = help_message()
    return await heard.write(_nothing, answer=lambda _: say(told))


def _nothing(_session: object) -> None:
    """Only that it was heard is kept."""


async def _gone(
    heard: Heard, event: Mapping[str, Any], ts: str, message: Mapping[str, Any]
) -> Answer:
    before = event.get("previous_message") or message
    replies = bool(message.get("reply_count") or before.get("reply_count"))
    return await heard.write(
        cards.gone,
        heard.workspace_id,
        str(event["channel"]),
        ts,
        replies=replies,
        answer=lambda _: NOTHING,
    )
