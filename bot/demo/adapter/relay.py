"""What people do in local-slack, told to the bot as Slack would tell it."""

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.demo.adapter.bus import Bus, NoAnswer
from bot.demo.adapter.drawing import Control, pressed_action
from bot.demo.adapter.elements import kind
from bot.demo.adapter.messages import Messages, Posted
from bot.demo.adapter.options import base, user_object
from bot.demo.adapter.text import Json
from bot.demo.adapter.upstream import HOOK_ACTION
from bot.demo.adapter.viewing import Viewing, state_of
from bot.demo.adapter.views import CLOSE_ACTION, Place, Views
from bot.demo.workspace import Workspace

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Hook:
    """What one response address answers to."""

    place: Place
    posted: Posted | None = None


class Relay:
    def __init__(
        self,
        workspace: Workspace,
        bus: Bus,
        *,
        messages: Messages,
        views: Views,
        viewing: Viewing,
        hooks_url: Callable[[str], str],
    ) -> None:
        self._workspace = workspace
        self._bus = bus
        self._messages = messages
        self._views = views
        self._viewing = viewing
        self._hooks_url = hooks_url
        self._hooks: dict[str, Hook] = {}

    async def envelope(self, type_: str, payload: Json) -> Json:
        """One envelope of local-slack; returns what it is told in the acknowledgement."""
        handlers: dict[str, Callable[[Json], Awaitable[Json]]] = {
            "events_api": self._event,
            "slash_commands": self._command,
            "block_actions": self._press,
            "view_submission": self._viewing.submission,
            "view_closed": self._viewing.closed,
        }
        name = str(payload.get("type")) if type_ == "interactive" else type_
        handler = handlers.get(name)
        return await handler(payload) if handler else {}

    async def _event(self, payload: Json) -> Json:
        event = payload.get("event", {})
        home = self._views.homes.get(str(event.get("user")))
        if event.get("type") == "app_home_opened" and home is not None:
            event["view"] = self._views.payload(home)
        try:
            await self._bus.deliver("events_api", payload)
        except NoAnswer as error:
            _log.warning("The bot did not take the event %s: %s", event.get("type"), error)
        return {}

    async def _command(self, payload: Json) -> Json:
        place = Place(str(payload["user_id"]), str(payload["channel_id"]))
        self._views.trigger(str(payload["trigger_id"]), place)
        payload["response_url"] = self._hook(Hook(place))
        try:
            told = await self._bus.deliver("slash_commands", payload)
        except NoAnswer as error:
            told = {"text": f"`{payload.get('command')}` failed: {error}."}
        if told.get("text") or told.get("blocks"):
            await self._respond(Hook(place), told)
        return {}

    async def _press(self, payload: Json) -> Json:
        sent = (payload.get("actions") or [{}])[0]
        person = str(payload["user"]["id"])
        ts = str((payload.get("container") or {}).get("message_ts") or "")
        if not ts:
            return await self._home_press(person, payload, sent)
        posted = self._messages.get(str(payload["channel"]["id"]), ts)
        if posted is None:
            return {}
        posted.hook = str(payload.get("response_url"))
        if sent.get("action_id") == HOOK_ACTION:
            return {}
        if posted.to and posted.to != person:
            await self._only_for(posted, person)
            return {}
        if sent.get("action_id") == CLOSE_ACTION and posted.view:
            await self._viewing.leave(posted.view)
            return {}
        await self._message_press(posted, person, payload, sent)
        return {}

    async def _only_for(self, posted: Posted, person: str) -> None:
        name = self._workspace.first_name(posted.to or "")
        text = f"Only {name} sees that message in Slack. Act as {name} to press it."
        where = {"channel": posted.channel, "user": person, "thread_ts": posted.thread_ts}
        await self._messages.whisper(where | {"text": text})

    async def _message_press(self, posted: Posted, person: str, payload: Json, sent: Json) -> None:
        control = posted.control((str(sent.get("block_id")), str(sent["action_id"])))
        if control is None and posted.view is not None:
            control = posted.view.drawn.controls.get(
                (str(sent.get("block_id")), str(sent["action_id"]))
            )
        action = pressed_action(control, sent) if control else None
        if control is None or action is None:
            return
        place = Place(person, posted.channel, posted.thread_ts)
        self._views.trigger(str(payload["trigger_id"]), place)
        before = posted.drawn
        if posted.view is not None:
            await self._viewing.press(posted.view, action, str(payload["trigger_id"]))
        else:
            await self._viewing.tell(self._message_payload(posted, place, payload, action), place)
        if kind(control.element) != "button" and posted.drawn is before:
            await self._reset(posted, control)

    async def _reset(self, posted: Posted, control: Control) -> None:
        """Draw the menus anew: the browser would not send the same choice twice."""
        still = self._messages.get(posted.channel, posted.ts)
        if still is None:
            return
        if posted.view is not None:
            await self._views.show(posted.view.place.person)
        else:
            await self._messages.repaint(posted)
        _log.debug("Set back %s", control.element.get("action_id"))

    def _message_payload(self, posted: Posted, place: Place, payload: Json, action: Json) -> Json:
        block_id, action_id = action["block_id"], action["action_id"]
        state = state_of(action)
        if state:
            posted.values.setdefault(block_id, {})[action_id] = state
        container = {
            "type": "message",
            "message_ts": posted.ts,
            "channel_id": posted.channel,
            "is_ephemeral": bool(posted.to),
        }
        if posted.thread_ts:
            container["thread_ts"] = posted.thread_ts
        told = {
            "type": "block_actions",
            **base(self._workspace),
            "user": user_object(self._workspace, place.person),
            "container": container,
            "trigger_id": payload["trigger_id"],
            "channel": payload["channel"],
            "state": {"values": posted.values},
            "response_url": self._hook(Hook(place, posted)),
            "actions": [action],
        }
        # Slack tells no message with a press on an ephemeral one.
        return told if posted.to else told | {"message": self._messages.as_sent(posted)}

    async def _home_press(self, person: str, payload: Json, sent: Json) -> Json:
        home = self._views.homes.get(person)
        key = (str(sent.get("block_id")), str(sent.get("action_id")))
        control = home.drawn.controls.get(key) if home else None
        action = pressed_action(control, sent) if control else None
        if home is None or control is None or action is None:
            return {}
        self._views.trigger(str(payload["trigger_id"]), Place(person))
        await self._viewing.press(home, action, str(payload["trigger_id"]))
        if kind(control.element) != "button":
            await self._views.show_home(home)
        return {}

    def _hook(self, hook: Hook) -> str:
        name = secrets.token_urlsafe(12)
        self._hooks[name] = hook
        return self._hooks_url(name)

    async def respond(self, name: str, body: Json) -> bool:
        """A post of the bot to a response address; False when there is no such address."""
        hook = self._hooks.get(name)
        if hook is None:
            return False
        await self._respond(hook, body)
        return True

    async def _respond(self, hook: Hook, body: Json) -> None:
        posted = hook.posted
        if body.get("delete_original") and posted:
            await self._messages.remove(posted)
        elif body.get("replace_original") and posted:
            await self._messages.replace(posted, {"blocks": [], **body})
        elif body.get("response_type") == "in_channel":
            await self._messages.post(_addressed(hook, body))
        else:
            args = _addressed(hook, body) | {"user": hook.place.person}
            if posted is not None and posted.thread_ts and not args.get("thread_ts"):
                args["thread_ts"] = posted.thread_ts
            await self._messages.whisper(args)


def _addressed(hook: Hook, body: Json) -> Json:
    kept = ("text", "blocks", "attachments", "thread_ts")
    return {"channel": hook.place.channel} | {one: body[one] for one in kept if body.get(one)}
