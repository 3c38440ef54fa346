"""The state of the strict Slack: workspaces, messages, open views, triggers, and their changes."""

import asyncio
import contextlib
import secrets
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Iterator
from typing import Any

from tests.slack import reading, values
from tests.slack.delivery import Deliveries, Http
from tests.slack.events import Events
from tests.slack.faults import Faults
from tests.slack.files import Files
from tests.slack.limits import Budgets
from tests.slack.modals import Trigger
from tests.slack.oauth import OAuth
from tests.slack.respond import ResponseUrl
from tests.slack.sockets import Sockets
from tests.slack.view import View, new_hash, with_ids
from tests.slack.web import WebApi, pause
from tests.slack.world import Channel, Message, Stamps, User, Workspace, new_id

Json = dict[str, Any]

PATIENCE = 15.0
"""Seconds that a test waits for what should come within one: only who fails waits so long."""


class State:
    """Everything that Slack knows; all of it lives on one event loop."""

    sender: Http
    events: Events
    port: int

    def __init__(self, clock: Callable[[], float], rate: float) -> None:
        self.clock = clock
        self.app_id = new_id("A")
        self.app_token = f"xapp-1-{self.app_id}-1-{secrets.token_hex(16)}"
        self.oauth = OAuth(self)
        self.signing_secret = secrets.token_hex(16)
        self.request_url: str | None = None
        self.ack_seconds = 3.0
        self.event_retries: tuple[float, ...] = (0.0, 0.2, 0.5)
        self.home_tab = self.messages_tab = True
        self.stamps, self.budgets, self.faults = Stamps(clock), Budgets(clock, rate), Faults()
        self.api, self.sockets, self.delivery = WebApi(self), Sockets(self), Deliveries(self)
        self.teams: dict[str, Workspace] = {}
        self.files = Files()
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.stacks: defaultdict[str, list[View]] = defaultdict(list)
        self.private: defaultdict[str, list[Message]] = defaultdict(list)
        self.entered: dict[tuple[str, str], Json] = {}
        self.violations: list[str] = []
        self.app_waits_for: Callable[[], str] = str
        """What the app still has to do within a second, in words; none when it is at rest."""
        self._exchanges: list[str] = []
        self.closing = asyncio.Event()
        self._changed = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()

    def team_of(self, token: str) -> Workspace | None:
        return self.teams.get(token)

    def grant(self, team: Workspace, scopes: frozenset[str]) -> None:
        """The app is installed in a workspace; where it was taken out, with another token."""
        self.teams.pop(team.token, None)
        if team.revoked:
            team.token = f"xoxb-{secrets.token_hex(12)}"
        team.revoked, team.scopes = False, scopes
        self.teams[team.token] = team

    def add_team(self, name: str, scopes: Iterable[str], *, installed: bool = True) -> Workspace:
        """A workspace, with the app installed or not yet."""
        team_id, bot_id = new_id("T"), new_id("B")
        bot = User(new_id("U"), "dealthread", "Dealthread", team_id, bot_id=bot_id)
        token = f"xoxb-{secrets.token_hex(12)}"
        domain = name.lower().replace(" ", "-")
        team = Workspace(team_id, name, domain, token, frozenset(scopes), bot, bot_id)
        team.users[bot.id] = bot
        if installed:
            self.teams[token] = team
        return team

    def violate(self, what: str) -> None:
        """Record an abuse of the protocol: a test that ends with one should fail."""
        self.violations.append(what)
        self.notify()

    def notify(self) -> None:
        """Wake all who wait for a change."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    @contextlib.contextmanager
    def exchange(self, what: str) -> Iterator[None]:
        """Something that one side has asked of the other, until it is answered."""
        self._exchanges.append(what)
        try:
            yield
        finally:
            self._exchanges.remove(what)
            self.notify()

    def waits_for(self) -> str:
        """What is still to come, in words: an answer, a delivery, or what the app has to do."""
        coming = [*self._exchanges, *(task.get_coro().__qualname__ for task in self._tasks)]
        return ", ".join(coming) or self.app_waits_for()

    def spawn(self, what: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(what)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (broken := task.exception()):
            self.violate(f"the strict Slack itself failed: {broken!r}")
        self.notify()

    async def pause(self, seconds: float) -> None:
        await pause(self.closing, seconds)

    def trigger(self, team: Workspace, user: User, channel: str | None) -> str:
        key = f"{int(self.clock())}.{team.id}.{secrets.token_hex(8)}"
        self.triggers[key] = Trigger(team, user, self.clock(), channel)
        return key

    def response_url(self, user: User, channel: Channel, origin: Message | None = None) -> str:
        key = secrets.token_hex(12)
        self.response_urls[key] = ResponseUrl(user, channel, self.clock(), origin)
        return f"http://127.0.0.1:{self.port}/respond/{key}"

    def response_urls_of(self, view: View, user: User) -> list[Json]:
        """The urls of a submission: one for each select that asks for one."""
        urls = []
        for block, element in reading.usable(view):
            if block["type"] == "input" and element.get("response_url_enabled"):
                ids = (block["block_id"], element["action_id"])
                channel = view.team.channels.get(values.current(view.values[ids]) or "")
                if channel is not None:
                    url = {"response_url": self.response_url(user, channel)}
                    where = {"channel_id": channel.id, "block_id": ids[0], "action_id": ids[1]}
                    urls.append(url | where)
        return urls

    def message_state(self, message: Message, user: User) -> Json:
        """What a person has chosen in the selects of a message, as far as it was not replaced."""
        mine = self.entered.get((message.ts, user.id), {})
        out: Json = {}
        for block, element in reading.usable(message):
            if values.keeps_state(element):
                ids = (block["block_id"], element["action_id"])
                state = mine.get(ids) or values.initial(element, message.channel.id)
                out.setdefault(ids[0], {})[ids[1]] = state
        return {"values": out}

    def put(self, message: Message) -> None:
        """A new message; in a thread it is also one of its parent's replies."""
        message.channel.messages[message.ts] = message
        parent = message.channel.messages.get(message.thread_ts or "")
        if message.is_reply and parent is not None:
            parent.replies.append(message)
        self.notify()

    def touched(self, message: Message) -> None:
        message.version += 1
        self.notify()

    async def remove(self, message: Message) -> None:
        """Delete a message: with replies it stays as a tombstone, else it goes."""
        before = message.wire()
        if message.replies:
            message.subtype, message.user, message.bot_id = "tombstone", "USLACKBOT", None
            message.text, message.blocks, message.metadata = "This message was deleted.", [], None
            message.gone = True
            self.touched(message)
            await self.events.changed(message, before)
            return
        message.gone = True
        message.channel.messages.pop(message.ts, None)
        parent = message.channel.messages.get(message.thread_ts or "")
        if parent is not None and message in parent.replies:
            parent.replies.remove(message)
        self.touched(message)
        await self.events.deleted(message, before)

    def whisper(
        self,
        channel: Channel,
        user_id: str,
        text: str,
        blocks: list[Json],
        thread_ts: str | None = None,
    ) -> Message:
        """Show something to one person only."""
        message = Message(channel, self.stamps.next(), channel.team.bot.id, text)
        message.blocks, message.bot_id = with_ids(blocks), channel.team.bot_id
        message.thread_ts, message.only_for = thread_ts, user_id
        self.private[user_id].append(message)
        self.notify()
        return message

    def stack(self, user_id: str) -> list[View]:
        return self.stacks[user_id]

    def show(self, body: Json, team: Workspace, user: User, channel: str | None) -> View:
        """Put a modal on top of what a person has open."""
        stack = self.stacks[user.id]
        view = View(body, team, user, new_hash(self.clock()), channel)
        if stack:
            view.previous, view.root = stack[-1], stack[0]
        stack.append(view)
        self.views[view.id] = view
        self.notify()
        return view

    def hide(self, view: View) -> None:
        view.closed = True
        self.views.pop(view.id, None)
        stack = self.stacks[view.user.id]
        if view in stack:
            stack.remove(view)
        self.notify()

    async def join(self, user: User, channel: Channel) -> None:
        channel.members.add(user.id)
        self.notify()
        await self.events.member(user, channel, joined=True)

    async def leave(self, user: User, channel: Channel) -> None:
        channel.members.discard(user.id)
        self.notify()
        await self.events.member(user, channel, joined=False)
