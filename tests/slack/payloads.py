"""What Slack sends to an app, in its real shape."""

import re
from typing import TYPE_CHECKING, Any

from tests.slack.world import Channel, Message, User, Workspace

if TYPE_CHECKING:
    from tests.slack.server import StrictSlack
    from tests.slack.view import View

Json = dict[str, Any]

TOKEN = "verification-token"
"""The deprecated verification token, which nothing may rely on."""


def who(slack: "StrictSlack", user: User, team: Workspace) -> Json:
    person = {"id": user.id, "username": user.name, "name": user.name, "team_id": user.home}
    return {
        "user": person,
        "api_app_id": slack.app_id,
        "token": TOKEN,
        "team": {"id": team.id, "domain": team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def passed_on(words: str, team: Workspace, *, escape: bool) -> str:
    """The text of a command: mentions as tokens with names, or without `should_escape` as names."""

    def token(match: re.Match[str]) -> str:
        sign, key = match[1], match[2]
        known = team.users if sign == "@" else team.channels
        if key not in known:
            return match[0]
        private = sign == "#" and team.channels[key].kind != "public"
        name = "" if private else known[key].name
        return f"<{sign}{key}|{name}>" if escape else f"{sign}{name}"

    return re.sub(r"<([@#])(\w+)>", token, words)


def command(slack: "StrictSlack", user: User, channel: Channel, words: str) -> Json:
    name, _, rest = words.partition(" ")
    team = channel.team
    rest = passed_on(rest.strip(), team, escape=(slack.commands or {}).get(name, True))
    return {
        "token": TOKEN,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": channel.payload_name,
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": rest,
        "api_app_id": slack.app_id,
        "is_enterprise_install": "false",
        "response_url": slack.response_url(user, channel),
        "trigger_id": slack.trigger(team, user, channel.id),
    }


def message_action(slack: "StrictSlack", user: User, message: Message, action: Json) -> Json:
    """A press on a message; of an ephemeral one Slack tells no content."""
    channel, hidden = message.channel, message.only_for is not None
    container = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    container["is_ephemeral"] = hidden
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    return {
        "type": "block_actions",
        **who(slack, user, channel.team),
        "container": container,
        "trigger_id": slack.trigger(channel.team, user, channel.id),
        "channel": {"id": channel.id, "name": channel.payload_name},
        **({} if hidden else {"message": message.wire()}),
        "state": slack.message_state(message, user),
        "response_url": slack.response_url(user, channel, message),
        "actions": [action],
    }


def view_action(slack: "StrictSlack", user: User, view: "View", action: Json) -> Json:
    return {
        "type": "block_actions",
        **who(slack, user, view.team),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": slack.trigger(view.team, user, view.channel),
        "view": view.wire(slack.app_id),
        "actions": [action],
    }


def suggestion(
    slack: "StrictSlack", user: User, shown: "View | Message", ids: tuple[str, str], words: str
) -> Json:
    asked = {"type": "block_suggestion", "block_id": ids[0], "action_id": ids[1], "value": words}
    if isinstance(shown, Message):
        channel = shown.channel
        container = {"type": "message", "message_ts": shown.ts, "channel_id": channel.id}
        container["is_ephemeral"] = shown.only_for is not None
        place = {"id": channel.id, "name": channel.payload_name}
        body = {"container": container, "channel": place, "message": shown.wire()}
        return {**asked, **who(slack, user, channel.team), **body}
    container = {"type": "view", "view_id": shown.id}
    body = {"container": container, "view": shown.wire(slack.app_id)}
    return {**asked, **who(slack, user, shown.team), **body}


def submission(slack: "StrictSlack", user: User, view: "View") -> Json:
    return {
        "type": "view_submission",
        **who(slack, user, view.team),
        "trigger_id": slack.trigger(view.team, user, view.channel),
        "view": view.wire(slack.app_id),
        "response_urls": slack.response_urls_of(view, user),
    }


def closing(slack: "StrictSlack", user: User, view: "View", *, cleared: bool) -> Json:
    shown = view.wire(slack.app_id)
    return {
        "type": "view_closed",
        **who(slack, user, view.team),
        "view": shown,
        "is_cleared": cleared,
    }


def shortcut(
    slack: "StrictSlack", user: User, team: Workspace, callback_id: str, message: Message | None
) -> Json:
    """A global shortcut, or one on a message; the former has no response_url."""
    base = {**who(slack, user, team), "callback_id": callback_id, "action_ts": slack.stamps.next()}
    if message is None:
        return {"type": "shortcut", **base, "trigger_id": slack.trigger(team, user, None)}
    channel = message.channel
    return {
        "type": "message_action",
        **base,
        "trigger_id": slack.trigger(team, user, channel.id),
        "response_url": slack.response_url(user, channel, message),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel.payload_name},
        "message": message.wire(),
    }
