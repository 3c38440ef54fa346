"""The chat.* methods: who may post, change and delete what, and where."""

import re
from typing import Any

from tests.slack.call import Call
from tests.slack.errors import Refused
from tests.slack.view import with_ids
from tests.slack.world import Channel, Message

Json = dict[str, Any]

SPLIT_AT = 4_000
"""Above this Slack splits a post into several messages, and refuses an update."""


def _target(call: Call) -> Channel:
    """The channel to post in; a user id stands for the direct message with that person."""
    team = call.workspace
    wanted = str(call.args["channel"])
    if wanted in team.users:
        if team.users[wanted].deleted:
            raise Refused("user_disabled")
        return team.im(wanted)
    return call.channel()


def _may_post(call: Call, channel: Channel, *, public: bool = True) -> None:
    team = call.workspace
    if channel.archived:
        raise Refused("is_archived")
    if team.bot.id not in channel.members and not (public and "chat:write.public" in team.scopes):
        raise Refused("not_in_channel")
    if channel.kind == "im" and not call.slack.messages_tab:
        raise Refused("messages_tab_disabled")


def _parent(call: Call, channel: Channel) -> str | None:
    ts = call.args.get("thread_ts")
    if ts is None:
        return None
    if not isinstance(ts, str) or not re.fullmatch(r"\d{10}\.\d{6}", ts):
        raise Refused("invalid_thread_ts")
    parent = channel.messages.get(ts)
    if parent is None or parent.is_reply:
        # Slack is lenient with these and makes threads that nobody finds: a bug in the app.
        raise Refused("cannot_reply_to_message")
    return ts


def _metadata(call: Call) -> Json | None:
    value = call.parsed("metadata", "invalid_metadata_format")
    if not value:
        return value if value is None else {}
    if not isinstance(value, dict) or set(value) != {"event_type", "event_payload"}:
        raise Refused("invalid_metadata_format")
    event_type, payload = value["event_type"], value["event_payload"]
    if not re.fullmatch(r"[a-z][a-z0-9_]*", str(event_type)) or not isinstance(payload, dict):
        raise Refused("invalid_metadata_schema")
    if not all(_flat(one) for one in payload.values()):
        raise Refused("invalid_metadata_schema")
    return value


def _flat(value: Any) -> bool:
    if isinstance(value, list):
        return all(_flat(one) for one in value)
    inner = value.values() if isinstance(value, dict) else [value]
    return all(isinstance(one, str | int | float | bool) for one in inner)


def post_message(call: Call) -> Json:
    team, slack = call.workspace, call.slack
    channel = _target(call)
    _may_post(call, channel)
    text, blocks = call.text_and_blocks()
    parent, metadata = _parent(call, channel), _metadata(call)
    if text and len(text) > SPLIT_AT:
        slack.violate(f"a text of {len(text)} characters: Slack would split it")
    message = Message(channel, slack.stamps.next(), team.bot.id, text or "", thread_ts=parent)
    message.blocks = with_ids(blocks or [])
    message.bot_id, message.app_id = team.bot_id, slack.app_id
    message.metadata = metadata or None
    if parent and call.flag("reply_broadcast"):
        message.subtype = "thread_broadcast"
    slack.put(message)
    slack.spawn(slack.events.posted(message))
    return {"channel": channel.id, "ts": message.ts, "message": message.wire()}


def _own(call: Call, refusal: str) -> Message:
    """The bot's own message that is to be changed or deleted."""
    channel = call.channel()
    message = channel.messages.get(str(call.args["ts"]))
    if message is None:
        raise Refused("message_not_found")
    if message.user != call.workspace.bot.id or message.is_tombstone:
        raise Refused(refusal)
    return message


def update(call: Call) -> Json:
    slack = call.slack
    message = _own(call, "cant_update_message")
    if message.channel.archived:
        raise Refused("is_inactive")
    text, blocks = call.text_and_blocks()
    if text and len(text) > SPLIT_AT:
        raise Refused("msg_too_long")
    metadata = _metadata(call)
    before = message.wire()
    message.text = text or message.text
    message.blocks = message.blocks if blocks is None else with_ids(blocks)
    if metadata is not None:
        message.metadata = metadata or None
    message.edited = {"user": message.user, "ts": slack.stamps.next()}
    slack.touched(message)
    slack.spawn(slack.events.changed(message, before))
    answer = {"channel": message.channel.id, "ts": message.ts, "text": message.text}
    return {**answer, "message": message.wire()}


def delete(call: Call) -> Json:
    message = _own(call, "cant_delete_message")
    call.slack.spawn(call.slack.remove(message))
    return {"channel": message.channel.id, "ts": message.ts}


def post_ephemeral(call: Call) -> Json:
    slack, channel = call.slack, call.channel()
    _may_post(call, channel, public=False)
    user = str(call.args["user"])
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    text, blocks = call.text_and_blocks()
    if text and len(text) > SPLIT_AT:
        raise Refused("msg_too_long")
    parent = _parent(call, channel)
    slack.whisper(channel, user, text or "", blocks or [], parent)
    return {"message_ts": slack.stamps.next()}


def permalink(call: Call) -> Json:
    channel = call.channel()
    message = channel.messages.get(str(call.args["message_ts"]))
    if message is None:
        raise Refused("message_not_found")
    path = f"archives/{channel.id}/p{message.ts.replace('.', '')}"
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.is_reply else ""
    link = f"https://{channel.team.domain}.slack.com/{path}{thread}"
    return {"channel": channel.id, "permalink": link}


HANDLERS = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": permalink,
}
