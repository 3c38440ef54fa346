"""Listeners on what changes in Slack itself: people, channels, the installation."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from handlers.answer import NOTHING, Answer
from handlers.listening import Heard
from store.usecases import workspaces
from store.usecases.card import channels
from store.usecases.person import leavers, people


def _event(heard: Heard) -> Mapping[str, Any]:
    return heard.body.get("event") or {}


async def person_changed(heard: Heard) -> Answer:
    """A profile is kept as it now is: name, zone, role, deactivated. Of somebody who never did
    anything here it is read when they do: everybody's every change comes by. Who is deactivated
    and still has deals is pointed out to the admins.
    """
    user = dict(_event(heard)["user"])
    user_id, services = str(user["id"]), heard.services
    if await heard.read(people.known, heard.workspace_id, user_id):
        await services.directory.keep(heard.workspace_id, user)
        if user.get("deleted"):
            await services.store.write(leavers.point_out, heard.workspace_id, [user_id], heard.now)
    return NOTHING


async def member_joined(heard: Heard) -> Answer:
    event = _event(heard)
    workspace_id, channel_id, user_id = heard.workspace_id, event["channel"], event["user"]
    store, directory = heard.services.store, heard.services.directory
    if user_id == heard.bot_user_id:
        await directory.reread(workspace_id, channel_id)
        return NOTHING
    await store.write(channels.joined, workspace_id, channel_id, user_id)
    directory.forget(workspace_id, user_id)
    return NOTHING


async def member_left(heard: Heard) -> Answer:
    event = _event(heard)
    workspace_id, channel_id, user_id = heard.workspace_id, event["channel"], event["user"]
    if user_id == heard.bot_user_id:
        return await channel_left(heard)
    await heard.services.store.write(channels.left, workspace_id, channel_id, user_id)
    heard.services.directory.forget(workspace_id, user_id)
    return NOTHING


async def channel_left(heard: Heard) -> Answer:
    """The bot was removed: what stands there can't be brought up to date any more. Slack's events
    have no order, and it may be back already: so it is asked how things are by now.
    """
    channel_id = str(_event(heard)["channel"])
    store = heard.services.store
    await store.write(channels.bot_left, heard.workspace_id, channel_id, heard.now)
    await heard.services.directory.reread(heard.workspace_id, channel_id)
    return NOTHING


async def channel_changed(heard: Heard) -> Answer:
    """Renamed, archived, made private or public, shared: read anew."""
    said = _event(heard)["channel"]
    channel_id = said["id"] if isinstance(said, Mapping) else said
    known = await heard.read(channels.find, heard.workspace_id, str(channel_id))
    if known is not None:
        await heard.services.directory.reread(heard.workspace_id, str(channel_id))
    return NOTHING


async def channel_renumbered(heard: Heard) -> Answer:
    """It is the same channel under another id; what it is by now is read anew."""
    event = _event(heard)
    old, new = str(event["old_channel_id"]), str(event["new_channel_id"])
    await heard.services.store.write(channels.renumber, heard.workspace_id, old, new)
    heard.services.directory.forget(heard.workspace_id)
    if await heard.read(channels.find, heard.workspace_id, new) is not None:
        await heard.services.directory.reread(heard.workspace_id, new)
    return NOTHING


async def uninstalled(heard: Heard) -> Answer:
    """The token is dropped at once; the records stay for the day the workspace comes back, which
    may have come already when this is heard.
    """
    said = heard.body.get("event_time")
    at = datetime.fromtimestamp(said, UTC) if isinstance(said, int) else heard.now
    await heard.services.store.write(workspaces.uninstall, heard.workspace_id, at)
    heard.services.installation_ended()
    return NOTHING


async def token_revoked(heard: Heard) -> Answer:
    """Only the bot's own token matters: people's are not used."""
    revoked = _event(heard).get("tokens") or {}
    return await uninstalled(heard) if revoked.get("bot") else NOTHING
