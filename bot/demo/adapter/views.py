"""Views: each person's own stack, of which local-slack shows one at a time.

A view with a submit button is a modal. One without is a private message with the same blocks,
because local-slack's modals send no presses. When several people have a form open, the newest
is shown, and the others come back after it.
"""

import itertools
import secrets
import time
from dataclasses import dataclass, field

from bot.demo.adapter.drawing import Drawn, draw
from bot.demo.adapter.elements import Key, Lists, first_states, with_ids
from bot.demo.adapter.forms import Form, draw_form
from bot.demo.adapter.messages import Messages, Posted
from bot.demo.adapter.options import Options
from bot.demo.adapter.text import Json, label
from bot.demo.adapter.upstream import Upstream
from bot.demo.workspace import Workspace

CLOSE_ACTION = "demo.close"
_DEEPEST = 3
_ids = itertools.count(1)


@dataclass(frozen=True)
class Place:
    """Where a trigger came from: who, in which channel, thread or view."""

    person: str
    channel: str = ""
    thread_ts: str | None = None


@dataclass
class View:
    body: Json
    place: Place
    id: str = field(default_factory=lambda: f"V{next(_ids):08d}")
    hash: str = ""
    root_id: str = ""
    previous_id: str | None = None
    values: Json = field(default_factory=dict)
    kept: Json = field(default_factory=dict)
    told: dict[Key, Json] = field(default_factory=dict)
    form: Form | None = None
    drawn: Drawn = field(default_factory=Drawn)
    lists: Lists = field(default_factory=Lists)

    @property
    def is_form(self) -> bool:
        return bool(self.body.get("submit"))


class Views:
    def __init__(
        self, workspace: Workspace, upstream: Upstream, messages: Messages, options: Options
    ) -> None:
        self._workspace = workspace
        self._upstream = upstream
        self._messages = messages
        self._options = options
        self._stacks: dict[str, list[View]] = {}
        self._pages: dict[str, Posted] = {}
        self.homes: dict[str, View] = {}
        self._triggers: dict[str, Place] = {}
        self._last_trigger = ""
        self._modal: View | None = None
        # While a submission waits for its answer, the answer says what is shown next.
        self.answering = False

    def trigger(self, trigger_id: str, place: Place) -> None:
        self._triggers[trigger_id] = place
        self._last_trigger = trigger_id

    def find(self, view_id: str, external_id: str = "") -> View | None:
        every = itertools.chain(self.homes.values(), *self._stacks.values())
        for view in every:
            outer = view.body.get("external_id")
            if view.id == view_id or (external_id and outer == external_id):
                return view
        return None

    def top(self, person: str) -> View | None:
        stack = self._stacks.get(person)
        return stack[-1] if stack else None

    async def open(self, args: Json) -> Json:
        place = self._triggers.get(str(args.get("trigger_id")))
        if place is None:
            return {"ok": False, "error": "invalid_trigger_id"}
        await self._forget_page(place.person)
        self._stacks.pop(place.person, None)
        return await self._add(args["view"], place)

    async def push(self, args: Json) -> Json:
        place = self._triggers.get(str(args.get("trigger_id")))
        if place is None:
            return {"ok": False, "error": "invalid_trigger_id"}
        if len(self._stacks.get(place.person, ())) >= _DEEPEST:
            return {"ok": False, "error": "push_limit_reached"}
        return await self._add(args["view"], place)

    async def _add(self, body: Json, place: Place) -> Json:
        view = await self.place_on_top(body, place)
        await self.show(place.person)
        return {"ok": True, "view": self.payload(view)}

    async def place_on_top(self, body: Json, place: Place) -> View:
        # Taken out and put back, so that the last one in the table is the newest.
        stack = self._stacks.pop(place.person, [])
        self._stacks[place.person] = stack
        below = stack[-1] if stack else None
        view = View(body, place)
        view.previous_id = below.id if below else None
        view.root_id = below.root_id if below else view.id
        await self.fill(view, body)
        stack.append(view)
        return view

    async def update(self, args: Json) -> Json:
        view = self.find(str(args.get("view_id")), str(args.get("external_id") or ""))
        if view is None:
            return {"ok": False, "error": "not_found"}
        if args.get("hash") and args["hash"] != view.hash:
            return {"ok": False, "error": "hash_conflict"}
        await self.fill(view, args["view"])
        await self.show(view.place.person, redraw=view)
        return {"ok": True, "view": self.payload(view)}

    async def publish(self, args: Json) -> Json:
        person = str(args.get("user_id"))
        view = self.homes.get(person) or View(args["view"], Place(person))
        view.root_id = view.id
        if args.get("hash") and args["hash"] != view.hash:
            return {"ok": False, "error": "hash_conflict"}
        self.homes[person] = view
        await self.fill(view, args["view"])
        await self.show_home(view)
        return {"ok": True, "view": self.payload(view)}

    async def show_home(self, view: View) -> None:
        view.drawn = draw(view.body["blocks"], view.lists, view.values)
        shown = {"type": "home", "blocks": view.drawn.blocks}
        await self._upstream.call("views.publish", {"user_id": view.place.person, "view": shown})

    async def fill(self, view: View, body: Json) -> None:
        """Take over a body from the bot; what was answered under the same ids stays."""
        blocks = with_ids(body.get("blocks") or ())
        view.body = {**body, "blocks": blocks}
        view.hash = f"{int(time.time())}.{secrets.token_hex(4)}"
        source = {"view": self.payload(view), "container": {"type": "view", "view_id": view.id}}
        here = view.place.channel or None
        view.lists = await self._options.lists(blocks, view.place.person, here=here, source=source)
        view.values = first_states(blocks, view.lists)
        for block_id, states in view.values.items():
            for action_id, state in states.items():
                view.told.setdefault((block_id, action_id), state)
        for block_id, kept in view.kept.items():
            for action_id, state in kept.items():
                if action_id in view.values.get(block_id, {}):
                    view.values[block_id][action_id] = state

    def keep(self, view: View, block_id: str, action_id: str, state: Json) -> None:
        view.kept.setdefault(block_id, {})[action_id] = state
        view.values.setdefault(block_id, {})[action_id] = state

    async def pop(self, person: str) -> None:
        stack = self._stacks.get(person)
        if stack:
            stack.pop()
        await self.show(person)

    async def clear(self, person: str) -> None:
        self._stacks.pop(person, None)
        await self.show(person)

    async def show(self, person: str, redraw: View | None = None) -> None:
        await self._show_page(person)
        await self._show_modal(redraw)

    async def _show_page(self, person: str) -> None:
        pages = [view for view in self._stacks.get(person, ()) if not view.is_form]
        if not pages:
            await self._forget_page(person)
            return
        page = pages[-1]
        page.drawn = self._draw_page(page)
        posted = self._pages.get(person)
        if posted is not None:
            posted.view = page
            await self._messages.repaint(posted, page.drawn)
            return
        place, body = page.place, {"text": label(page.body.get("title"), "Page")}
        channel = place.channel or await self._direct(person)
        args = {"channel": channel, "user": person, "thread_ts": place.thread_ts, **body}
        whispered = await self._messages.whisper_drawn(args, body, page.drawn)
        if whispered is not None:
            whispered.view = page
            self._pages[person] = whispered

    async def _direct(self, person: str) -> str:
        opened = await self._upstream.call("conversations.open", {"users": person})
        return str(opened["channel"]["id"])

    async def _forget_page(self, person: str) -> None:
        posted = self._pages.pop(person, None)
        if posted is not None:
            await self._messages.remove(posted)

    def _draw_page(self, view: View) -> Drawn:
        drawn = draw(view.body["blocks"], view.lists, view.values)
        title = {"type": "plain_text", "text": label(view.body.get("title"), "Page")}
        word = "Back" if view.previous_id else label(view.body.get("close"), "Close")
        close = {
            "type": "button",
            "action_id": CLOSE_ACTION,
            "text": {"type": "plain_text", "text": word},
        }
        drawn.blocks.insert(0, {"type": "header", "block_id": "demo.title", "text": title})
        drawn.blocks.append({"type": "divider", "block_id": "demo.line"})
        drawn.blocks.append({"type": "actions", "block_id": "demo.end", "elements": [close]})
        return drawn

    def wanted_modal(self) -> View | None:
        """The newest form on top of anybody's stack."""
        tops = [stack[-1] for stack in self._stacks.values() if stack and stack[-1].is_form]
        return tops[-1] if tops else None

    async def _show_modal(self, redraw: View | None) -> None:
        wanted = self.wanted_modal()
        if self.answering or (wanted is self._modal and wanted is not redraw):
            return
        shown, self._modal = self._modal, wanted
        if wanted is not None:
            view = self.draw_modal(wanted)
            await self._upstream.call(
                "views.open", {"trigger_id": self._last_trigger, "view": view}
            )
        elif shown is not None:
            await self._upstream.close_modal(shown.place.person)

    def draw_modal(self, view: View) -> Json:
        """What local-slack shows; our id rides in its private_metadata."""
        view.form = draw_form(view.body, view.lists, view.kept)
        name = self._workspace.first_name(view.place.person)
        others = sum(1 for stack in self._stacks.values() if stack) > 1
        title = label(view.body.get("title")) + (f" ({name}'s)" if others else "")
        close = view.body.get("close") or {"type": "plain_text", "text": "Cancel"}
        return {
            "type": "modal",
            "title": {"type": "plain_text", "text": title},
            "submit": view.body.get("submit"),
            "close": close,
            "private_metadata": view.id,
            "notify_on_close": True,
            "blocks": view.form.blocks,
        }

    def answered(self) -> Json:
        """What local-slack is told after a submission: the next form, or none."""
        self._modal = self.wanted_modal()
        if self._modal is None:
            return {}
        return {"response_action": "update", "view": self.draw_modal(self._modal)}

    def closed(self, view: View) -> bool:
        """The person closed the modal; False when it was we who did."""
        if self._modal is not view:
            return False
        self._modal = None
        return True

    def payload(self, view: View) -> Json:
        """The view as Slack tells it to the bot."""
        empty: Json = {"private_metadata": "", "callback_id": "", "external_id": ""}
        return {
            **empty,
            "submit": None,
            "close": None,
            "clear_on_close": False,
            "notify_on_close": False,
            **view.body,
            "id": view.id,
            "team_id": self._workspace.team_id,
            "app_id": self._workspace.app_id,
            "app_installed_team_id": self._workspace.team_id,
            "bot_id": self._workspace.bot_id,
            "hash": view.hash,
            "state": {"values": view.values},
            "root_view_id": view.root_id,
            "previous_view_id": view.previous_id,
        }
