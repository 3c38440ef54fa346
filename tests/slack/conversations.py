"""The conversations.* methods, and which conversations the bot may look into."""

import re
from typing import Any

from tests.slack.call import Call, page
from tests.slack.errors import Refused
from tests.slack.world import Channel, Message

Json = dict[str, Any]

_TYPES = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


def wire(channel: Channel) -> Json:
    out: Json = {"id": channel.id, "created": 1_700_000_000, "is_archived": channel.archived}
    if channel.kind == "im":
        other = next(iter(channel.members - {channel.team.bot.id}))
        return {**out, "is_im": True, "user": other, "is_channel": False, "is_private": True}
    flags = {
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.kind == "private",
        "is_general": False,
        "is_member": channel.team.bot.id in channel.members,
        "is_shared": channel.shared,
        "is_ext_shared": channel.shared,
        "is_org_shared": False,
        "num_members": len(channel.members),
    }
    return {**out, **flags, "name": channel.name, "name_normalized": channel.name}


def _readable(call: Call) -> Channel:
    channel = call.channel()
    call.need(f"{channel.scope_word}:read")
    return channel


def info(call: Call) -> Json:
    channel = _readable(call)
    body = wire(channel)
    if not call.flag("include_num_members"):
        body.pop("num_members", None)
    return {"channel": body}


def members(call: Call) -> Json:
    channel = _readable(call)
    limit = call.whole("limit", 100, 1000, "invalid_limit")
    shown, more = page(call, sorted(channel.members), limit)
    return {"members": shown, **more}


def _listed(call: Call, channels: list[Channel]) -> Json:
    words = str(call.args.get("types") or "public_channel").split(",")
    if not set(words) <= set(_TYPES):
        raise Refused("invalid_types")
    kinds = {_TYPES[word] for word in words}
    for word in {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}.items():
        if word[0] in kinds:
            call.need(f"{word[1]}:read")
    hide = call.flag("exclude_archived")
    fit = [c for c in channels if c.kind in kinds and not (hide and c.archived)]
    shown, more = page(call, fit, call.whole("limit", 100, 1000, "invalid_limit"))
    return {"channels": [wire(channel) for channel in shown], **more}


def list_all(call: Call) -> Json:
    team = call.workspace
    known = (c for c in team.channels.values() if c.kind == "public" or team.bot.id in c.members)
    return _listed(call, list(known))


def list_of_user(call: Call) -> Json:
    team = call.workspace
    user = str(call.args.get("user") or team.bot.id)
    if user not in team.users:
        raise Refused("user_not_found")
    both = {user, team.bot.id}
    shared = [
        c
        for c in team.channels.values()
        if user in c.members and (c.kind == "public" or both <= c.members)
    ]
    return _listed(call, shared)


def join(call: Call) -> Json:
    channel = call.channel()
    if channel.kind != "public":
        raise Refused("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refused("is_archived")
    call.slack.spawn(call.slack.join(call.workspace.bot, channel))
    return {"channel": wire(channel)}


def open_dm(call: Call) -> Json:
    team = call.workspace
    if call.args.get("channel"):
        return {"channel": {"id": call.channel().id}}
    users = [one for one in str(call.args.get("users") or "").split(",") if one]
    if not users:
        raise Refused("users_list_not_supplied")
    if len(users) > 1:
        raise Refused("method_not_supported_for_channel_type", "several people are not played here")
    call.need("im:write")
    user = team.users.get(users[0])
    if user is None or user.id == team.bot.id:
        raise Refused("user_not_found")
    if user.deleted:
        raise Refused("user_disabled")
    known = user.id in team.ims
    channel = team.im(user.id)
    body = wire(channel) if call.flag("return_im") else {"id": channel.id}
    return {"channel": body, "no_op": known, "already_open": known}


def _stamp(call: Call, name: str, default: str) -> str:
    value = str(call.args.get(name) or default)
    if not re.fullmatch(r"\d+(\.\d{1,6})?", value):
        raise Refused(f"invalid_ts_{name}")
    whole, _, part = value.partition(".")
    return f"{whole:0>10}.{part:0<6}"


def _between(call: Call, messages: list[Message]) -> list[Message]:
    oldest, latest = _stamp(call, "oldest", "0"), _stamp(call, "latest", "9999999999.999999")
    if call.flag("inclusive"):
        return [m for m in messages if oldest <= m.ts <= latest]
    return [m for m in messages if oldest < m.ts < latest]


def _history_of(call: Call) -> Channel:
    channel = call.channel()
    call.need(f"{channel.scope_word}:history")
    if call.workspace.bot.id not in channel.members:
        raise Refused("not_in_channel")
    return channel


def _messages(call: Call, messages: list[Message]) -> Json:
    shown, more = page(call, messages, call.whole("limit", 100, 999, "invalid_limit"))
    metadata = call.flag("include_all_metadata")
    out = {"messages": [message.wire(metadata=metadata) for message in shown]}
    has_more = bool(more["response_metadata"]["next_cursor"])
    return {**out, "has_more": has_more, **(more if has_more else {})}


def history(call: Call) -> Json:
    channel = _history_of(call)
    return _messages(call, _between(call, channel.top())[::-1])


def replies(call: Call) -> Json:
    channel = _history_of(call)
    parent = channel.messages.get(str(call.args["ts"]))
    if parent is None:
        raise Refused("thread_not_found")
    inside = [parent] if parent.is_reply else [parent, *_between(call, parent.replies)]
    return _messages(call, inside)


HANDLERS = {
    "conversations.info": info,
    "conversations.members": members,
    "conversations.list": list_all,
    "conversations.join": join,
    "conversations.open": open_dm,
    "conversations.history": history,
    "conversations.replies": replies,
    "users.conversations": list_of_user,
}
