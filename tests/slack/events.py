"""The events that follow from what happens, for an app that subscribed and was granted to see."""

import asyncio
import secrets
from typing import TYPE_CHECKING, Any

from tests.slack import users
from tests.slack.delivery import Ack, event_id
from tests.slack.facts import EVENTS
from tests.slack.payloads import TOKEN
from tests.slack.world import Channel, Message, User, Workspace

if TYPE_CHECKING:
    from tests.slack.server import StrictSlack

Json = dict[str, Any]

_MESSAGE = {"public": "message.channels", "private": "message.groups", "im": "message.im"}
_TYPES = {"public": "channel", "private": "group", "im": "im"}


def reachable(scopes: frozenset[str]) -> frozenset[str]:
    """All events that these scopes allow."""
    return frozenset(name for name, any_of in EVENTS.items() if not any_of or scopes & {*any_of})


class Events:
    """Sends events to the app; each method returns when the first attempt was acknowledged."""

    def __init__(self, slack: "StrictSlack", subscribed: frozenset[str]) -> None:
        self.slack = slack
        self.subscribed = subscribed

    def envelope(self, team: Workspace, event: Json, *, shared: bool = False) -> Json:
        bot = {"enterprise_id": None, "team_id": team.id, "user_id": team.bot.id}
        return {
            "token": TOKEN,
            "team_id": team.id,
            "context_team_id": team.id,
            "context_enterprise_id": None,
            "api_app_id": self.slack.app_id,
            "event": event,
            "type": "event_callback",
            "event_id": event_id(),
            "event_time": int(self.slack.clock()),
            "authorizations": [{**bot, "is_bot": True, "is_enterprise_install": False}],
            "is_ext_shared_channel": shared,
            "event_context": f"4-{secrets.token_hex(8)}",
        }

    async def send(
        self, name: str, team: Workspace, event: Json, *, shared: bool = False
    ) -> Ack | None:
        if name not in self.subscribed or team.revoked:
            return None
        return await self.slack.delivery.deliver("event", self.envelope(team, event, shared=shared))

    async def _about(self, channel: Channel, event: Json) -> Ack | None:
        if channel.team.bot.id not in channel.members:
            return None
        kind = {"channel": channel.id, "channel_type": _TYPES[channel.kind]}
        name = _MESSAGE[channel.kind]
        return await self.send(name, channel.team, {**event, **kind}, shared=channel.shared)

    async def posted(self, message: Message) -> None:
        """A message, and an app_mention beside it when it names the bot."""
        channel = message.channel
        event = {**message.wire(), "event_ts": message.ts}
        if message.bot_id is None:
            event |= {"client_msg_id": secrets.token_hex(8), "team": channel.team.id}
            if channel.shared:
                home = channel.team.users[message.user].home
                event |= {"user_team": home, "source_team": home}
        parent = channel.messages.get(message.thread_ts or "")
        if message.subtype == "thread_broadcast" and parent is not None:
            event["root"] = parent.wire()
        going = [self._about(channel, event)]
        named = channel.team.bot.mention in message.text
        if named and message.bot_id is None and channel.kind != "im":
            mention = {**event, "type": "app_mention", "channel": channel.id}
            if channel.team.bot.id in channel.members:
                going.append(self.send("app_mention", channel.team, mention, shared=channel.shared))
        await asyncio.gather(*going)

    async def changed(self, message: Message, before: Json) -> None:
        now = self.slack.stamps.next()
        event = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": now}
        body = {"message": message.wire(), "previous_message": before, "event_ts": now}
        await self._about(message.channel, {**event, **body})

    async def unfurled(self, message: Message, title: str) -> None:
        """Slack shows what a link in it leads to, and says so as if it had been edited."""
        before = message.wire()
        message.attachments = [{"id": 1, "title": title, "from_url": "https://example.com"}]
        self.slack.touched(message)
        await self.changed(message, before)

    async def deleted(self, message: Message, before: Json) -> None:
        now = self.slack.stamps.next()
        event = {"type": "message", "subtype": "message_deleted", "hidden": True, "ts": now}
        body = {"deleted_ts": message.ts, "previous_message": before, "event_ts": now}
        if message.thread_ts:
            body["thread_ts"] = message.thread_ts
        await self._about(message.channel, {**event, **body})

    async def member(self, user: User, channel: Channel, *, joined: bool) -> None:
        """Joined or left; that the bot itself was removed also comes as channel_left."""
        team, now = channel.team, self.slack.stamps.next()
        name = "member_joined_channel" if joined else "member_left_channel"
        body = {"user": user.id, "channel": channel.id, "team": user.home, "event_ts": now}
        kind = {"channel_type": "C" if channel.kind == "public" else "G"}
        is_bot = user.id == team.bot.id
        if is_bot or team.bot.id in channel.members:
            await self.send(name, team, {"type": name, **body, **kind}, shared=channel.shared)
        if is_bot and not joined:
            left = "channel_left" if channel.kind == "public" else "group_left"
            await self.send(left, team, {"type": left, "channel": channel.id, "event_ts": now})

    async def archived(self, channel: Channel, by: User) -> None:
        word = "archive" if channel.archived else "unarchive"
        name = f"{'channel' if channel.kind == 'public' else 'group'}_{word}"
        body = {"type": name, "channel": channel.id, "user": by.id}
        await self.send(name, channel.team, {**body, "event_ts": self.slack.stamps.next()})

    async def shared(self, channel: Channel) -> None:
        """With another organisation, or no longer."""
        name = "channel_shared" if channel.shared else "channel_unshared"
        other = "connected_team_id" if channel.shared else "previously_connected_team_id"
        body = {"type": name, "channel": channel.id, other: "T0ELSEWHERE"}
        await self.send(name, channel.team, {**body, "event_ts": self.slack.stamps.next()})

    async def renumber(self, channel: Channel, new: str) -> None:
        """Give a channel another id, as may happen when an invitation to share it is accepted."""
        old, channel.id = channel.id, new
        channel.team.channels[new] = channel.team.channels.pop(old)
        now = self.slack.stamps.next()
        ids = {"old_channel_id": old, "new_channel_id": new}
        body = {"type": "channel_id_changed", **ids, "event_ts": now}
        await self.send("channel_id_changed", channel.team, body)

    async def renamed(self, channel: Channel) -> None:
        name = "channel_rename" if channel.kind == "public" else "group_rename"
        what = {"id": channel.id, "name": channel.name, "created": 1_700_000_000}
        await self.send(name, channel.team, {"type": name, "channel": what})

    async def user_changed(self, user: User, team: Workspace) -> None:
        shown = users.wire(user, team, locale=True)
        body = {"user": shown, "cache_ts": int(self.slack.clock())}
        now = self.slack.stamps.next()
        await self.send("user_change", team, {"type": "user_change", **body, "event_ts": now})

    async def home_opened(self, user: User, team: Workspace, tab: str) -> None:
        view = self.slack.homes.get(user.id)
        event = {"type": "app_home_opened", "user": user.id, "channel": team.im(user.id).id}
        event |= {"tab": tab, "event_ts": self.slack.stamps.next()}
        if tab == "home" and view:
            event["view"] = view.wire(self.slack.app_id)
        await self.send("app_home_opened", team, event)

    async def uninstalled(self, team: Workspace) -> None:
        """app_uninstalled and tokens_revoked; nothing is promised of their order."""
        tokens = {"oauth": [], "bot": [team.bot.id]}
        for body in ({"type": "tokens_revoked", "tokens": tokens}, {"type": "app_uninstalled"}):
            now = {"event_ts": self.slack.stamps.next()}
            envelope = self.envelope(team, {**body, **now})
            if body["type"] in self.subscribed:
                await self.slack.delivery.deliver("event", envelope)
