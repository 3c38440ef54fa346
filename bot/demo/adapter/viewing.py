"""What people do in views, told to the bot as Slack would: presses, submissions, closing."""

import time

from bot.demo.adapter.answers import Answers, best_option, read, typed_search
from bot.demo.adapter.bus import Bus, NoAnswer
from bot.demo.adapter.elements import MULTI, SINGLE, answer, kind
from bot.demo.adapter.forms import Press
from bot.demo.adapter.messages import Messages
from bot.demo.adapter.options import Options, base, user_object
from bot.demo.adapter.text import Json, label
from bot.demo.adapter.views import Place, View, Views
from bot.demo.workspace import Workspace

_STATE_LESS = {"action_id", "block_id", "action_ts"}


class Viewing:
    def __init__(
        self,
        workspace: Workspace,
        bus: Bus,
        *,
        messages: Messages,
        views: Views,
        options: Options,
    ) -> None:
        self._workspace = workspace
        self._bus = bus
        self._messages = messages
        self._views = views
        self._options = options

    async def press(self, view: View, action: Json, trigger_id: str) -> None:
        state = state_of(action)
        if state:
            self._views.keep(view, action["block_id"], action["action_id"], state)
        told = {
            "type": "block_actions",
            **base(self._workspace),
            "user": user_object(self._workspace, view.place.person),
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": trigger_id,
            "view": self._views.payload(view),
            "actions": [action],
        }
        await self.tell(told, view.place)

    async def tell(self, payload: Json, place: Place) -> None:
        try:
            await self._bus.deliver("interactive", payload)
        except NoAnswer as error:
            text = f"That press failed: {error}."
            if place.channel:
                args = {"channel": place.channel, "user": place.person, "text": text}
                await self._messages.whisper(args)

    async def submission(self, payload: Json) -> Json:
        view = self._views.find(str(payload["view"].get("private_metadata")))
        if view is None or view.form is None:
            return {}
        self._views.trigger(str(payload["trigger_id"]), view.place)
        sent = payload["view"].get("state", {}).get("values", {})
        answers = read(view.form, sent, view.lists.tz)
        await self._search(view, answers, sent)
        if answers.errors and not answers.pressed:
            return self._errors(view, answers.errors)
        self._views.answering = True
        try:
            return await self._submit(view, answers, str(payload["trigger_id"]))
        finally:
            self._views.answering = False

    async def _search(self, view: View, answers: Answers, sent: Json) -> None:
        """Choose among external options by what was typed, as a person would in Slack."""
        form, source = view.form, {"view": self._views.payload(view)}
        for asked in form.fields if form else ():
            typed = typed_search(asked, sent)
            if not typed:
                continue
            key = (asked.block_id, asked.element["action_id"])
            options = await self._options.ask(key, typed, view.place.person, source)
            best = best_option(options, typed)
            if best is None:
                answers.errors[asked.block_id] = f'Nothing matches "{typed}".'
            else:
                answers.values[key[0]] = {key[1]: answer(asked.element, [best])}

    def _errors(self, view: View, errors: Json) -> Json:
        """Local-slack shows an error beside its block's id, so it gets the label as the id."""
        form = view.form
        named = {form.label_of(one): text for one, text in errors.items()} if form else errors
        return {"response_action": "errors", "errors": named}

    async def _submit(self, view: View, answers: Answers, trigger_id: str) -> Json:
        for block_id, states in answers.values.items():
            for action_id, state in states.items():
                self._views.keep(view, block_id, action_id, state)
        if answers.pressed:
            await self.press(view, _form_action(answers.pressed), trigger_id)
            return self._views.answered()
        if await self._dispatched(view, trigger_id):
            return self._views.answered()
        told = {
            "type": "view_submission",
            **base(self._workspace),
            "user": user_object(self._workspace, view.place.person),
            "trigger_id": trigger_id,
            "view": self._views.payload(view),
            "response_urls": [],
        }
        try:
            response = await self._bus.deliver("interactive", told)
        except NoAnswer as error:
            return self._errors(view, {"Dealthread": f"We had some trouble connecting: {error}."})
        return await self._apply(view, response)

    async def _dispatched(self, view: View, trigger_id: str) -> bool:
        """Tell the bot of the choices that Slack tells while a form is filled (dispatch_action).
        True when the bot then showed something new, which is to be seen before saving.
        """
        before = _seen(view.body)
        for block in list(view.body["blocks"]):
            element = block.get("element") or {}
            key = (block["block_id"], str(element.get("action_id")))
            state = view.values.get(key[0], {}).get(key[1])
            if not block.get("dispatch_action") or not state or state == view.told.get(key):
                continue
            view.told[key] = state
            names = {"action_id": key[1], "block_id": key[0], "action_ts": f"{time.time():.6f}"}
            await self.press(view, state | names, trigger_id)
        return _seen(view.body) != before

    async def _apply(self, view: View, response: Json) -> Json:
        person = view.place.person
        match response.get("response_action"):
            case "errors":
                return self._errors(view, response.get("errors") or {})
            case "update":
                await self._views.fill(view, response["view"])
                await self._views.show(person)
            case "push":
                await self._views.place_on_top(response["view"], view.place)
                await self._views.show(person)
            case "clear":
                await self._views.clear(person)
            case _:
                await self._views.pop(person)
        return self._views.answered()

    async def closed(self, payload: Json) -> Json:
        view = self._views.find(str(payload["view"].get("private_metadata")))
        if view is not None and self._views.closed(view):
            await self.leave(view)
        return {}

    async def leave(self, view: View) -> None:
        await self._views.pop(view.place.person)
        if not view.body.get("notify_on_close"):
            return
        told = {
            "type": "view_closed",
            **base(self._workspace),
            "user": user_object(self._workspace, view.place.person),
            "view": self._views.payload(view),
            "is_cleared": False,
        }
        await self.tell(told, view.place)


def _seen(body: Json) -> list[Json]:
    """What a person reads of a form, without what they wrote in it."""
    unseen = {"block_id", "element", "dispatch_action"}
    blocks = body.get("blocks") or ()
    return [{name: block[name] for name in block if name not in unseen} for block in blocks]


def state_of(action: Json) -> Json | None:
    """The part of an action that `state.values` repeats; a button has none."""
    if kind(action) in {"button", "workflow_button", "overflow"}:
        return None
    return {name: value for name, value in action.items() if name not in _STATE_LESS}


def _form_action(press: Press) -> Json:
    element = press.element
    action = {
        "type": kind(element),
        "action_id": element["action_id"],
        "block_id": press.block_id,
        "action_ts": f"{time.time():.6f}",
    }
    if press.stored is not None and kind(element) in {*SINGLE, *MULTI, "overflow"}:
        return action | answer(element, [press.stored])
    words = {"type": "plain_text", "text": label(element.get("text"))}
    value = {"value": element["value"]} if "value" in element else {}
    return action | {"text": element.get("text") or words} | value
