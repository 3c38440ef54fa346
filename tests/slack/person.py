"""People, who press what they read and see what Slack would show them."""

import asyncio
from typing import TYPE_CHECKING, Any

from tests.slack import payloads, reading, values
from tests.slack.acks import answered, offered, submitted
from tests.slack.delivery import Ack
from tests.slack.elements import TYPED
from tests.slack.state import PATIENCE
from tests.slack.view import View
from tests.slack.world import Channel, Message, User, Workspace
from tests.slack.writing import Writer, escaped

if TYPE_CHECKING:
    from tests.slack.server import StrictSlack

Json = dict[str, Any]


class Person(Writer):
    """One person in one workspace; `ack` is how the app acknowledged what they did last."""

    def __init__(self, slack: "StrictSlack", user: User, team: Workspace) -> None:
        super().__init__(slack, user, team)
        self.ack: Ack | None = None
        self._heard: set[tuple[str, int]] = set()

    def __repr__(self) -> str:
        return f"<{self.user.real_name}>"

    @property
    def stack(self) -> list[View]:
        return self.slack.stack(self.id)

    @property
    def view(self) -> View:
        """The modal on top."""
        assert self.stack, f"{self} has no view open; privately they see: {self._private_words()}"
        return self.stack[-1]

    @property
    def home(self) -> View:
        assert self.id in self.slack.homes, f"no Home was published for {self}"
        return self.slack.homes[self.id]

    @property
    def private(self) -> list[Message]:
        """What only they see in channels and what the bot wrote to them, oldest first."""
        direct = self.team.ims.get(self.id)
        said = [m for m in direct.messages.values() if m.bot_id] if direct else []
        whispers = [m for m in self.slack.private[self.id] if not m.gone]
        return sorted([*whispers, *said], key=lambda message: message.ts)

    def _private_words(self) -> str:
        return "\n---\n".join(map(reading.text, self.private)) or "nothing"

    def reads(self, where: Channel | None = None, *, thread: Message | None = None) -> list[str]:
        """What they see in a channel (by default the direct message) or in a thread, in order."""
        channel = where or (thread.channel if thread else self.dm)
        assert channel.sees(self.id), f"{self} can't see #{channel.name}"
        said = [thread, *thread.replies] if thread else channel.top()
        mine = [m for m in self.slack.private[self.id] if m.channel is channel and not m.gone]
        mine = [m for m in mine if m.thread_ts == (thread.ts if thread else None)]
        return [reading.text(m) for m in sorted([*said, *mine], key=lambda m: m.ts)]

    async def hears(self, containing: str = "", within: float = PATIENCE) -> Message:
        """Wait for private words, each heard once: ephemeral, answer to a command, or DM."""

        def look() -> Message | None:
            for message in self.private:
                key = (message.ts, message.version)
                said = reading.text(message)
                if key not in self._heard and (containing in said or containing in message.text):
                    self._heard.add(key)
                    return message
            return None

        what = lambda: f"{self} hears {containing!r}; heard: {self._private_words()}"  # noqa: E731
        return await self.slack.until(look, what, within)

    async def sees(self, title: str = "", within: float = PATIENCE) -> View:
        """Wait for a modal whose title or text contains the words."""

        def look() -> View | None:
            return self.stack[-1] if self.stack and title in reading.text(self.stack[-1]) else None

        def there() -> str:
            open_now = reading.text(self.stack[-1]) if self.stack else "no view"
            return f"{self} sees {title!r}; open: {open_now}; private: {self._private_words()}"

        return await self.slack.until(look, there, within)

    async def _send(self, kind: str, payload: Json) -> Ack:
        """Send what they did to the app, and remember how it was acknowledged."""
        self.ack = await self.slack.delivery.deliver(kind, payload)
        return self.ack

    async def command(self, words: str, channel: Channel) -> Message | None:
        """Run a slash command; returns what they privately saw of the acknowledgement."""
        assert self.user.home == self.team.id, "people from outside can't run commands"
        assert channel.sees(self.id), f"{self} is not in #{channel.name}"
        name = words.split(" ", maxsplit=1)[0]
        known = self.slack.commands
        assert known is None or name in known, f"{name} is no command; there are {known}"
        payload = payloads.command(self.slack, self.user, channel, escaped(words))
        ack = await self._send("command", payload)
        return answered(self.slack, self.user, channel, name, ack)

    def _shown(self, on: Message | View | None) -> Message | View:
        shown = on or (self.stack[-1] if self.stack else self.home)
        if isinstance(shown, Message):
            may = shown.only_for == self.id if shown.only_for else shown.channel.sees(self.id)
            assert may, f"{self} can't see:\n{reading.text(shown)}"
            assert not shown.gone, f"deleted: {reading.text(shown)}"
        else:
            assert not shown.closed, f"closed: {shown.title}"
        return shown

    def _payload(self, shown: Message | View, action: Json) -> Json:
        action = {**action, "action_ts": self.slack.stamps.next()}
        if isinstance(shown, Message):
            return payloads.message_action(self.slack, self.user, shown, action)
        return payloads.view_action(self.slack, self.user, shown, action)

    async def press(
        self,
        label: str,
        *,
        on: Message | View | None = None,
        row: str | None = None,
        confirm: bool = True,
    ) -> Ack | None:
        """Press a button by its text, in the row of some words when several read so.

        `confirm=False` says no to its confirmation, which must be there; nothing is sent then.
        """
        return (await self.press_times(1, label, on=on, row=row, confirm=confirm))[0]

    async def press_times(
        self,
        times: int,
        label: str,
        *,
        on: Message | View | None = None,
        row: str | None = None,
        confirm: bool = True,
    ) -> list[Ack | None]:
        """Press a button several times at once, as impatient fingers do."""
        shown = self._shown(on)
        block, element = reading.find_button(shown, label, row)
        if not confirm:
            assert "confirm" in element, f"{label} asks nothing"
            return [None] * times
        names = ("type", "action_id", "text", "value", "style", "url")
        action = {name: element[name] for name in names if name in element}
        action["block_id"] = block["block_id"]
        going = (self._send("interactive", self._payload(shown, action)) for _ in range(times))
        return list(await asyncio.gather(*going))

    async def pick(
        self, option: str, *, on: Message | View | None = None, row: str | None = None
    ) -> Ack:
        """Pick an entry of a menu or a select by what it says."""
        shown = self._shown(on)
        block, element, found = reading.find_option(shown, option, row)
        if element["type"] == "overflow":
            action = {"type": "overflow", "selected_option": found}
            return await self._act(shown, block, element, action)
        value = [found] if values.is_many(element) else found
        return await self._enter(shown, block, element, value) or Ack(0)

    async def choose(
        self, label: str, wanted: Any, *, on: Message | View | None = None
    ) -> Ack | None:
        """Choose in a field; the app is told when the field is one that tells it."""
        shown = self._shown(on)
        block, element = reading.find_field(shown, label)
        ids = (block["block_id"], element["action_id"])
        known = shown.offered.get(ids, []) if isinstance(shown, View) else self._offered(shown, ids)
        value = values.chosen(element, wanted, known, label)
        return await self._enter(shown, block, element, value)

    async def fill(self, label: str, words: str, *, on: Message | View | None = None) -> Ack | None:
        """Type into a text field and leave it; the app is told when the field tells it."""
        shown = self._shown(on)
        block, element = reading.find_field(shown, label)
        assert element["type"] in TYPED, f"{label} is a {element['type']}: choose, don't fill"
        return await self._enter(shown, block, element, words or None)

    def _offered(self, message: Message, ids: tuple[str, str]) -> list[Json]:
        return self.slack.entered.get((message.ts, self.id), {}).get(("offered", *ids), [])

    async def _enter(
        self, shown: Message | View, block: Json, element: Json, value: Any
    ) -> Ack | None:
        state = values.entered(element, value)
        ids = (block["block_id"], element["action_id"])
        if isinstance(shown, View):
            shown.values[ids] = state
        else:
            self.slack.entered.setdefault((shown.ts, self.id), {})[ids] = state
        if block["type"] == "input" and not block.get("dispatch_action"):
            return None
        return await self._act(shown, block, element, state)

    async def _act(self, shown: Message | View, block: Json, element: Json, state: Json) -> Ack:
        ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
        return await self._send("interactive", self._payload(shown, {**state, **ids}))

    async def type_into(
        self, label: str, words: str, *, on: Message | View | None = None
    ) -> list[str]:
        """Type into an external select; returns the labels of what the app offers."""
        shown = self._shown(on)
        block, element = reading.find_field(shown, label)
        assert "external" in element["type"], f"{label} is a {element['type']}"
        low = element.get("min_query_length", 3)
        assert len(words) >= low, f"{label} asks the app from {low} characters on"
        ids = (block["block_id"], element["action_id"])
        payload = payloads.suggestion(self.slack, self.user, shown, ids, words)
        options = offered(self.slack, label, await self._send("options", payload))
        if isinstance(shown, View):
            shown.offered[ids] = options
        else:
            mine = self.slack.entered.setdefault((shown.ts, self.id), {})
            mine["offered", *ids] = options
        return [values.label(option) for option in options]

    async def submit(self) -> dict[str, str]:
        """Press the submit button of the open view; returns the errors by label, if any."""
        view = self.view
        assert "submit" in view.body, f"nothing to submit in:\n{reading.text(view)}"
        assert not view.body.get("submit_disabled"), "the submit button is disabled"
        assert not (said := view.complaints()), f"Slack itself refuses to submit: {said}"
        ack = await self._send("interactive", payloads.submission(self.slack, self.user, view))
        submitted(self.slack, view, ack)
        return view.errors

    async def close(self, *, everything: bool = False) -> None:
        """Close the view on top, or all of them; the app is told when it asked to be."""
        view, stack = self.view, list(self.stack)
        everything = everything or view.body.get("clear_on_close", False)
        for one in stack if everything else [view]:
            self.slack.hide(one)
            if one.body.get("notify_on_close"):
                body = payloads.closing(self.slack, self.user, one, cleared=everything)
                await self._send("interactive", body)

    async def shortcut(self, name: str, on: Message | None = None) -> Ack:
        """Use a shortcut by its name, on a message or from anywhere; by its callback_id in a Slack
        that knows none.
        """
        known, wanted = self.slack.shortcuts, ("message" if on else "global", name)
        assert wanted in known or not known, f"no shortcut {wanted}; there are {list(known)}"
        callback = known.get(wanted, name)
        payload = payloads.shortcut(self.slack, self.user, self.team, callback, on)
        return await self._send("interactive", payload)

    async def open_home(self, tab: str = "home") -> None:
        await self.slack.events.home_opened(self.user, self.team, tab)

    async def join(self, channel: Channel) -> None:
        await self.slack.join(self.user, channel)

    async def leave(self, channel: Channel) -> None:
        await self.slack.leave(self.user, channel)

    async def invite(self, who: "User | Person", channel: Channel) -> None:
        await self.slack.join(self.team.users[who.id], channel)

    async def remove(self, who: "User | Person", channel: Channel) -> None:
        await self.slack.leave(self.team.users[who.id], channel)

    async def archive(self, channel: Channel, *, archived: bool = True) -> None:
        channel.archived = archived
        if archived and channel.kind == "public":
            await self._said_of(channel, "channel_archive")
        await self.slack.events.archived(channel, self.user)

    async def convert(self, channel: Channel, *, private: bool) -> None:
        """Make a channel private or public: Slack says so by a message in it, and no event."""
        channel.kind = "private" if private else "public"
        await self._said_of(channel, f"channel_convert_to_{channel.kind}")

    async def share(self, channel: Channel, *, shared: bool = True) -> None:
        """Share a channel with another organisation, or end that."""
        channel.shared = shared
        await self.slack.events.shared(channel)

    async def _said_of(self, channel: Channel, subtype: str) -> None:
        words = subtype.replace("_", " ")
        message = Message(channel, self.slack.stamps.next(), self.id, words, subtype=subtype)
        self.slack.put(message)
        await self.slack.events.posted(message)

    async def rename(self, channel: Channel, name: str) -> None:
        channel.name = name
        await self.slack.events.renamed(channel)

    async def change(self, **about: Any) -> None:
        """Change their profile, e.g. `tz`, `guest`, `deleted`; the app gets user_change."""
        for name, value in about.items():
            assert hasattr(self.user, name), f"a person has no {name}"
            setattr(self.user, name, value)
        await self.slack.events.user_changed(self.user, self.team)
