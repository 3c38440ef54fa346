"""What Slack tells of people and channels, and local-slack does not."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.demo.adapter.text import Json
from bot.demo.workspace import Workspace


def user(workspace: Workspace, told: Json) -> Json:
    """A user object with the roles, the time zone and the locale that Slack gives."""
    person = workspace.person(str(told.get("id")))
    tz = workspace.tz_of(told.get("id"))
    now = datetime.now(ZoneInfo(tz))
    admin, guest = bool(person and person.admin), bool(person and person.guest)
    offset = now.utcoffset()
    return {
        **told,
        "team_id": workspace.team_id,
        "is_admin": admin,
        "is_owner": admin,
        "is_primary_owner": admin,
        "is_restricted": guest,
        "is_ultra_restricted": False,
        "is_stranger": False,
        "is_app_user": False,
        "locale": person.locale if person else "en-GB",
        "tz": tz,
        "tz_label": now.tzname(),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "updated": 0,
    }


def channel(workspace: Workspace, told: Json) -> Json:
    known = next((one for one in workspace.channels if one.id == told.get("id")), None)
    member = known is None or workspace.bot_user_id in known.members
    extra = {"context_team_id": workspace.team_id, "is_mpim": False, "is_ext_shared": False}
    return {**told, **extra, "is_member": member, "name_normalized": told.get("name")}


def of_types(channels: list[Json], types: str) -> list[Json]:
    """Local-slack gives private channels and direct messages to who asked for public ones."""
    wanted = {one.strip() for one in types.split(",")}

    def fits(one: Json) -> bool:
        if one.get("is_im"):
            return "im" in wanted
        return ("private_channel" if one.get("is_private") else "public_channel") in wanted

    return [one for one in channels if fits(one)]


def enriched(workspace: Workspace, method: str, args: Json, told: Json) -> Json:
    """One answer of users.*, conversations.* or bots.info with what it lacks."""
    if isinstance(told.get("user"), dict):
        told["user"] = user(workspace, told["user"])
    if "members" in told and method == "users.list":
        told["members"] = [user(workspace, one) for one in told["members"]]
    if isinstance(told.get("channel"), dict) and "name" in told["channel"]:
        told["channel"] = channel(workspace, told["channel"])
    if "channels" in told:
        found = [channel(workspace, one) for one in told["channels"]]
        told["channels"] = of_types(found, str(args.get("types") or "public_channel"))
    if method == "bots.info" and "bot" in told:
        told["bot"] = {**told["bot"], "updated": 0, "icons": {}}
    return told
