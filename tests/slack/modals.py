"""The views.* methods: triggers that live 3 seconds, a stack of three, hashes."""

from dataclasses import dataclass
from typing import Any

from tests.slack.blocks import check_view, view_too_large
from tests.slack.call import Call
from tests.slack.errors import Invalid, Refused
from tests.slack.view import View, new_hash
from tests.slack.world import User, Workspace

Json = dict[str, Any]

TRIGGER_SECONDS = 3
STACK = 3


@dataclass(slots=True)
class Trigger:
    """What an interaction gives the app to open one modal with."""

    team: Workspace
    user: User
    at: float
    channel: str | None = None
    used: bool = False


def checked(view: Any, surface: str) -> Json:
    """The view if Slack would show it."""
    if not isinstance(view, dict):
        raise Refused("invalid_arguments", "view must be an object")
    if view_too_large(view):
        raise Refused("view_too_large")
    try:
        check_view(view, surface)
    except Invalid as broken:
        raise Refused("invalid_arguments", str(broken)) from None
    return view


def _view(call: Call, surface: str) -> Json:
    return checked(call.parsed("view", "invalid_arguments"), surface)


def _spend(call: Call) -> Trigger:
    trigger = call.slack.triggers.get(str(call.args.get("trigger_id")))
    if trigger is None or trigger.team is not call.team:
        raise Refused("invalid_trigger_id")
    if trigger.used:
        raise Refused("exchanged_trigger_id")
    if call.slack.clock() - trigger.at > TRIGGER_SECONDS:
        raise Refused("expired_trigger_id")
    trigger.used = True
    return trigger


def _unique(call: Call, body: Json, but: View | None = None) -> None:
    external = body.get("external_id")
    if external and any(
        view.body.get("external_id") == external and view is not but and not view.closed
        for view in call.slack.views.values()
        if view.team is call.team
    ):
        raise Refused("duplicate_external_id")


def _open(call: Call, *, push: bool) -> Json:
    body = _view(call, "modal")
    _unique(call, body)
    trigger = _spend(call)
    stack = call.slack.stack(trigger.user.id)
    if push and not stack:
        raise Refused("not_found")
    if len(stack) >= STACK:
        raise Refused("push_limit_reached")
    view = call.slack.show(body, trigger.team, trigger.user, trigger.channel)
    return {"view": view.wire(call.slack.app_id)}


def open_view(call: Call) -> Json:
    return _open(call, push=False)


def push(call: Call) -> Json:
    return _open(call, push=True)


def _by_id(call: Call) -> View:
    wanted, external = call.args.get("view_id"), call.args.get("external_id")
    for view in call.slack.views.values():
        ours = view.team is call.team and not view.closed
        if ours and (view.id == wanted or (external and view.body.get("external_id") == external)):
            return view
    raise Refused("not_found")


def update(call: Call) -> Json:
    view = _by_id(call)
    body = _view(call, view.body["type"])
    _unique(call, body, view)
    if call.args.get("hash") and call.args["hash"] != view.hash:
        raise Refused("hash_conflict")
    view.show(body)
    view.hash = new_hash(call.slack.clock())
    call.slack.notify()
    return {"view": view.wire(call.slack.app_id)}


def publish(call: Call) -> Json:
    slack, team = call.slack, call.workspace
    if not slack.home_tab:
        raise Refused("not_enabled")
    user = team.users.get(str(call.args["user_id"]))
    if user is None:
        raise Refused("user_not_found")
    body = _view(call, "home")
    old = slack.homes.get(user.id)
    if old and call.args.get("hash") and call.args["hash"] != old.hash:
        raise Refused("hash_conflict")
    if old is None:
        view = slack.homes[user.id] = View(body, team, user, new_hash(slack.clock()))
        slack.views[view.id] = view
    else:
        old.show(body)
        old.hash = new_hash(slack.clock())
    slack.notify()
    return {"view": slack.homes[user.id].wire(slack.app_id)}


HANDLERS = {
    "views.open": open_view,
    "views.push": push,
    "views.update": update,
    "views.publish": publish,
}
