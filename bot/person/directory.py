"""Who people are and what channels are: the database first, Slack when it doesn't know."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.slack import FAILURES, Slack, Trouble, reason, retry_after, trouble
from store.database import Store
from store.person.person import Actor, Role
from store.usecases import workspaces
from store.usecases.card import channels
from store.usecases.card.channels import Channel
from store.usecases.person import people
from store.usecases.person.people import Profile
from store.zones import is_zone

log = logging.getLogger(__name__)

REMEMBERED = 60.0
"""Seconds that a profile is used from memory; another copy's changes are seen after that."""
ASKING = 1.0
"""Seconds that Slack may take to answer while a person waits."""
MEMBERS = 1000
"""People on one page of a channel's members, as many as Slack gives."""


class Directory:
    """The one place that knows who acts."""

    def __init__(self, store: Store, slack: Slack, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.slack = slack
        self.clock = clock
        self._actors: dict[tuple[str, str], tuple[float, Actor]] = {}
        self._guessed: set[str] = set()
        self._changes = 0

    async def actor(self, workspace_id: str, user_id: str, team_id: str | None) -> Actor:
        """The person who acts. Somebody of another organisation is an outsider, whatever their
        profile says; somebody whose profile can't be read is a reader.
        """
        if team_id and team_id != workspace_id and not team_id.startswith("E"):
            return Actor(workspace_id=workspace_id, id=user_id, name=user_id, role=Role.OUTSIDER)
        at, known = self._actors.get((workspace_id, user_id), (0.0, None))
        if known is not None and time.monotonic() - at < REMEMBERED:
            return known
        changes = self._changes
        actor = await self._read(workspace_id, user_id)
        if actor is None:
            return Actor(workspace_id=workspace_id, id=user_id, name=user_id, role=Role.UNKNOWN)
        if changes == self._changes:  # Else it was read before somebody left or joined.
            self._actors[workspace_id, user_id] = (time.monotonic(), actor)
        await self._guess(actor)
        return actor

    async def _read(self, workspace_id: str, user_id: str) -> Actor | None:
        known = await self.store.read(people.actor, workspace_id, user_id, self.clock())
        if known is None and await self.learn(workspace_id, user_id):
            known = await self.store.read(people.actor, workspace_id, user_id, self.clock())
        return known

    async def learn(self, workspace_id: str, user_id: str) -> bool:
        """Asks Slack for a profile and keeps it; False when it can't be had now."""
        try:
            async with asyncio.timeout(ASKING):
                client = self.slack.client(workspace_id)
                answer = await client.users_info(user=user_id, include_locale=True)
        except FAILURES as error:
            log.warning("Can't read the profile of %s: %s", user_id, reason(error))
            return False
        await self.keep(workspace_id, answer["user"])
        return True

    async def keep(self, workspace_id: str, user: dict[str, Any]) -> None:
        """Keeps a profile that Slack sent, by answer or by event."""
        await self.store.write(people.know, profile(workspace_id, user), self.clock())
        self.forget(workspace_id, user["id"])

    async def know(self, workspace_id: str, user_id: str) -> None:
        """Makes sure that this person's name and role are known, before they become an owner."""
        if not await self.store.read(people.known, workspace_id, user_id):
            await self.learn(workspace_id, user_id)

    async def name(self, workspace_id: str, user_id: str) -> str:
        """What this person is called; asked for, if nobody has told yet."""
        await self.know(workspace_id, user_id)
        named = await self.store.read(people.names, workspace_id, [user_id])
        return named[user_id].name

    async def reread_people(self, workspace_id: str, ids: Iterable[str]) -> None:
        """Asks Slack for these profiles anew, one after the other, as fast as it allows."""
        for user_id in ids:
            pause = await self._learn_slowly(workspace_id, user_id)
            while pause:
                await asyncio.sleep(pause)
                pause = await self._learn_slowly(workspace_id, user_id)

    async def _learn_slowly(self, workspace_id: str, user_id: str) -> float:
        """Seconds until it may be asked again; none once it has answered, whatever it said."""
        try:
            client = self.slack.client(workspace_id)
            answer = await client.users_info(user=user_id, include_locale=True)
        except FAILURES as error:
            log.info("Can't read the profile of %s: %s", user_id, reason(error))
            return retry_after(error) if trouble(error) is Trouble.WAIT else 0.0
        await self.keep(workspace_id, answer["user"])
        return 0.0

    def forget(self, workspace_id: str, user_id: str | None = None) -> None:
        """Reads them anew next time: one person, or everybody of the workspace."""
        self._changes += 1
        for key in [k for k in self._actors if k[0] == workspace_id and user_id in (None, k[1])]:
            del self._actors[key]

    async def _guess(self, actor: Actor) -> None:
        if actor.workspace_id in self._guessed or actor.role is not Role.MEMBER:
            return
        await self.store.write(workspaces.guess, actor, _currency(actor.locale))
        self._guessed.add(actor.workspace_id)

    async def channel(self, workspace_id: str, channel_id: str) -> Channel:
        """A channel as it is; one that can't be read counts as private, without the bot. One that
        takes no posts is asked for each time: the bot may just have been invited. Direct messages
        can't be read without a scope of their own, and need not be.
        """
        if channel_id.startswith("D"):
            return Channel(workspace_id=workspace_id, id=channel_id, kind=channels.IM)
        now = self.clock()
        known = await self.store.read(channels.find, workspace_id, channel_id, now)
        if known is None or not known.takes_posts:
            return await self.reread(workspace_id, channel_id)
        if known.kind != channels.PRIVATE or await self._has_members(known):
            return known
        return await self.reread(workspace_id, channel_id)

    async def _has_members(self, channel: Channel) -> bool:
        return await self.store.read(channels.members_known, channel.workspace_id, channel.id)

    async def reread(self, workspace_id: str, channel_id: str) -> Channel:
        """Asks Slack what a channel is now and, of a private one with the bot, who is in it. While
        Slack doesn't answer, it is as it was last time.
        """
        known = await self.store.read(channels.find, workspace_id, channel_id)
        unknown = Channel(workspace_id=workspace_id, id=channel_id, kind=channels.PRIVATE)
        found = await self._info(known or unknown)
        if found is None:
            return known or unknown
        members = None
        if found.kind == channels.PRIVATE and found.bot_in:
            members = await self._members(workspace_id, channel_id)
        await self.store.write(channels.know, found, self.clock(), members)
        if members is not None:
            self.forget(workspace_id)
        return found

    async def _info(self, known: Channel) -> Channel | None:
        """What Slack says it is; None when it doesn't say. One that is not for the bot's eyes is a
        private one without it.
        """
        workspace_id, channel_id = known.workspace_id, known.id
        try:
            async with asyncio.timeout(ASKING):
                client = self.slack.client(workspace_id)
                answer = await client.conversations_info(channel=channel_id)
        except FAILURES as error:
            log.info("Can't read channel %s: %s", channel_id, reason(error))
            if trouble(error) is not Trouble.PLACE:
                return None
            return replace(known, kind=channels.PRIVATE, bot_in=False)
        said: dict[str, Any] = answer["channel"]
        direct = said.get("is_im") or said.get("is_mpim")
        private = said.get("is_private") or said.get("is_group")
        kind = channels.IM if direct else channels.PRIVATE if private else channels.PUBLIC
        return Channel(
            workspace_id=workspace_id,
            id=channel_id,
            name=str(said.get("name") or ""),
            kind=kind,
            bot_in=bool(said.get("is_member") or direct),
            archived=bool(said.get("is_archived")),
            shared=bool(said.get("is_ext_shared") or said.get("is_pending_ext_shared")),
        )

    async def _members(self, workspace_id: str, channel_id: str) -> list[str] | None:
        """Everybody in it, or None when it can't be read: then nobody is let in on that ground."""
        client, found, cursor = self.slack.client(workspace_id), list[str](), ""
        try:
            while True:
                async with asyncio.timeout(ASKING):
                    answer = await client.conversations_members(
                        channel=channel_id, limit=MEMBERS, cursor=cursor
                    )
                found += answer["members"]
                cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
                if not cursor:
                    return found
        except FAILURES as error:
            log.warning("Can't read the members of %s: %s", channel_id, reason(error))
            return None

    async def refresh(self, workspace_id: str) -> None:
        """Reads anew who is in the private channels that matter: at every start and daily."""
        found = await self.store.read(channels.private_at_home, workspace_id)
        for channel_id in found:
            await self.reread(workspace_id, channel_id)


def profile(workspace_id: str, user: dict[str, Any]) -> Profile:
    """A user object of Slack's as we keep it (docs.slack.dev/reference/objects/user-object)."""
    said: dict[str, Any] = user.get("profile") or {}
    names = (said.get("real_name"), user.get("real_name"), said.get("display_name"))
    zone = str(user.get("tz") or "")
    return Profile(
        workspace_id=workspace_id,
        user_id=user["id"],
        name=next((name for name in names if name), None) or user.get("name") or user["id"],
        tz=zone if is_zone(zone) else "UTC",
        locale=str(user.get("locale") or "").replace("-", "_"),
        role=_role(workspace_id, user),
        admin=bool(user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")),
        deactivated=bool(user.get("deleted")),
    )


def _role(workspace_id: str, user: dict[str, Any]) -> Role:
    if user.get("is_bot") or user["id"] == "USLACKBOT":
        return Role.BOT
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Role.GUEST
    of_the_grid = workspace_id in ((user.get("enterprise_user") or {}).get("teams") or ())
    elsewhere = user.get("team_id") not in (None, workspace_id) and not of_the_grid
    return Role.OUTSIDER if user.get("is_stranger") or elsewhere else Role.MEMBER


def _currency(locale: str) -> str:
    """The currency of the locale's country; what is taken for granted before anybody says."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - babel is loaded when needed.
    from babel.numbers import get_territory_currencies  # noqa: PLC0415

    try:
        territory = Locale.parse(locale).territory or "GB"
    except (UnknownLocaleError, ValueError):
        territory = "GB"
    current = get_territory_currencies(territory)
    return str(current[-1]) if current else "GBP"
