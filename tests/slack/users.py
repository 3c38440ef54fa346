"""Methods about people, the bot and the workspace."""

from typing import Any

from tests.slack.call import Call, page
from tests.slack.errors import Refused
from tests.slack.world import User, Workspace

Json = dict[str, Any]


def wire(user: User, team: Workspace, *, locale: bool = False) -> Json:
    """A user as users.info and user_change show them; strangers show little."""
    profile: Json = {
        "real_name": user.real_name,
        "display_name": user.name,
        "real_name_normalized": user.real_name,
        "display_name_normalized": user.name,
        "team": user.home,
    }
    if user.email and "users:read.email" in team.scopes and not user.stranger:
        profile["email"] = user.email
    out: Json = {"id": user.id, "team_id": user.home, "name": user.name, "deleted": user.deleted}
    out |= {"profile": profile, "is_bot": user.bot_id is not None, "is_app_user": False}
    if user.stranger:
        return {**out, "is_stranger": True}
    if user.deleted:
        return out
    out |= {
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": 0,
        "is_admin": user.admin or user.owner,
        "is_owner": user.owner,
        "is_primary_owner": False,
        "is_restricted": user.is_guest,
        "is_ultra_restricted": user.single_channel_guest,
        "updated": 1_700_000_000,
    }
    return {**out, "locale": user.locale} if locale else out


def info(call: Call) -> Json:
    user = call.workspace.users.get(str(call.args["user"]))
    if user is None:
        raise Refused("user_not_found")
    return {"user": wire(user, call.workspace, locale=call.flag("include_locale"))}


def list_all(call: Call) -> Json:
    team = call.workspace
    limit = call.whole("limit", 1000, 1000, "limit_required")
    shown, more = page(call, list(team.users.values()), limit)
    locale = call.flag("include_locale")
    return {"members": [wire(user, team, locale=locale) for user in shown], **more}


def auth_test(call: Call) -> Json:
    team = call.workspace
    return {
        "url": f"https://{team.domain}.slack.com/",
        "team": team.name,
        "user": team.bot.name,
        "team_id": team.id,
        "user_id": team.bot.id,
        "bot_id": team.bot_id,
        "is_enterprise_install": False,
    }


def bots_info(call: Call) -> Json:
    team = call.workspace
    if call.args.get("bot") != team.bot_id:
        raise Refused("bot_not_found")
    bot = {"id": team.bot_id, "deleted": False, "name": team.bot.name, "updated": 1_700_000_000}
    return {"bot": {**bot, "app_id": call.slack.app_id, "user_id": team.bot.id}}


def team_info(call: Call) -> Json:
    team = call.workspace
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": ""}}


HANDLERS = {
    "users.info": info,
    "users.list": list_all,
    "auth.test": auth_test,
    "bots.info": bots_info,
    "team.info": team_info,
}
