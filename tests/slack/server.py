"""StrictSlack: a Slack on a free port of loopback, for one test."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

from aiohttp import web

from tests.slack import events, files, reading, respond
from tests.slack.call import Call
from tests.slack.delivery import Ack, Delivery, Http, signed
from tests.slack.person import Person
from tests.slack.state import PATIENCE, State
from tests.slack.view import View
from tests.slack.world import Channel, Kind, Message, User, Workspace, new_id

Json = dict[str, Any]

__all__ = ["StrictSlack"]


class StrictSlack(State):
    """A whole Slack: `async with StrictSlack(scopes=[...]) as slack`.

    `rate` 10 allows ten times Slack's rates, `inf` all. `events` are the subscribed ones (None:
    all that the scopes allow). `commands` maps the registered commands to whether they are
    escaped (None: any command). `shortcuts` maps their type, global or
    message, and what they are called to their callback_id.
    """

    def __init__(
        self,
        scopes: Iterable[str],
        *,
        events: Iterable[str] | None = None,
        commands: Mapping[str, bool] | None = None,
        shortcuts: Mapping[tuple[str, str], str] | None = None,
        clock: Callable[[], float] = time.time,
        rate: float = 1.0,
    ) -> None:
        super().__init__(clock, rate)
        self.scopes = frozenset(scopes)
        self.subscribed = None if events is None else frozenset(events)
        self.commands, self.shortcuts = commands, dict(shortcuts or {})
        self.team = self.add_team("Acme Sales", self.scopes)
        self._runner: web.AppRunner | None = None

    @classmethod
    def from_manifest(cls, manifest: Json, **options: Any) -> Self:
        """A Slack where the app is set up as its manifest says."""
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        commands = {
            one["command"]: one.get("should_escape", False)
            for one in features.get("slash_commands", [])
        }
        shortcuts = {
            (one["type"], one["name"]): one["callback_id"] for one in features.get("shortcuts", [])
        }
        slack = cls(
            manifest["oauth_config"]["scopes"]["bot"],
            events=settings.get("event_subscriptions", {}).get("bot_events", []),
            commands=commands,
            shortcuts=shortcuts,
            **options,
        )
        slack.home_tab = features.get("app_home", {}).get("home_tab_enabled", False)
        slack.messages_tab = features.get("app_home", {}).get("messages_tab_enabled", False)
        return slack

    async def __aenter__(self) -> Self:
        reachable = events.reachable(self.scopes)
        wanted = reachable if self.subscribed is None else self.subscribed
        assert wanted <= reachable, f"no scope for the events {sorted(wanted - reachable)}"
        self.events = events.Events(self, wanted)
        app = web.Application(client_max_size=2**22)
        app.router.add_route("*", "/api/{method}", self.api.handle)
        app.router.add_post("/respond/{key}", self._respond)
        app.router.add_post("/upload/{key}", self._upload)
        app.router.add_get("/link/", self.sockets.handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.sender = Http(self)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.closing.set()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.sockets.close()
        await self.sender.session.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _respond(self, request: web.Request) -> web.Response:
        return await respond.handle(self, request)

    async def _upload(self, request: web.Request) -> web.Response:
        return await files.upload(self, request)

    @property
    def url(self) -> str:
        """The base url of the Web API, as slack_sdk takes it."""
        return f"http://127.0.0.1:{self.port}/api/"

    def environment(self, *, sockets: bool) -> dict[str, str]:
        """What an app of this workspace is configured with; over sockets also the app token."""
        found = {
            "SLACK_BOT_TOKEN": self.team.token,
            "SLACK_SIGNING_SECRET": self.signing_secret,
            "SLACK_API_URL": self.url,
        }
        return {**found, "SLACK_APP_TOKEN": self.app_token} if sockets else found

    def environment_of_many(self) -> dict[str, str]:
        """What an app is configured with that workspaces install by OAuth, over HTTP."""
        return {
            "SLACK_CLIENT_ID": self.oauth.client_id,
            "SLACK_CLIENT_SECRET": self.oauth.client_secret,
            "SLACK_SIGNING_SECRET": self.signing_secret,
            "SLACK_API_URL": self.url,
        }

    @property
    def bot(self) -> User:
        return self.team.bot

    @property
    def transport(self) -> str:
        return "http" if self.request_url else "sockets"

    @property
    def deliveries(self) -> list[Delivery]:
        """All that was sent to the app, in order, with its acknowledgement."""
        return self.delivery.sent

    def http(self, url: str) -> None:
        """Send everything to this request URL from now on, instead of over sockets."""
        self.request_url = url

    def workspace(
        self, name: str, *, scopes: Iterable[str] | None = None, installed: bool = True
    ) -> Workspace:
        """Another workspace, with a bot and a token of its own; or where the app is still to be
        installed by OAuth.
        """
        return self.add_team(name, self.scopes if scopes is None else scopes, installed=installed)

    def person(
        self,
        real_name: str,
        *,
        team: Workspace | None = None,
        outsider: bool = False,
        **about: Any,
    ) -> Person:
        """Someone of a workspace; `outsider` is of another organisation, seen through a channel.

        `about`: admin, owner, guest, single_channel_guest, stranger, tz, locale, email.
        """
        team = team or self.team
        handle = real_name.lower().replace(" ", ".")
        home = new_id("T") if outsider else team.id
        user = User(new_id("U"), handle, real_name, home, **about)
        team.users[user.id] = user
        return Person(self, user, team)

    def channel(
        self,
        name: str,
        *,
        members: Iterable[User | Person] = (),
        private: bool = False,
        shared: bool = False,
        team: Workspace | None = None,
    ) -> Channel:
        """A channel; `shared` is one with another organisation."""
        team = team or self.team
        kind: Kind = "private" if private else "public"
        channel = Channel(new_id("C"), name, team, kind, {m.id for m in members}, shared=shared)
        team.channels[channel.id] = channel
        return channel

    async def uninstall(self, team: Workspace | None = None) -> None:
        """Take the app out of a workspace: its token is dead, and it is told."""
        team = team or self.team
        await self.events.uninstalled(team)
        team.revoked = True

    def forget(self) -> None:
        """Forget recorded calls and deliveries, as long benchmarks need to."""
        self.api.calls.clear()
        self.deliveries.clear()

    async def until(
        self, check: Callable[[], Any], what: str | Callable[[], str], within: float = PATIENCE
    ) -> Any:
        """Wait, woken by each change, until the check is true; return what it returned."""
        try:
            async with asyncio.timeout(within):
                while not (found := check()):
                    await self._changed.wait()
        except TimeoutError:
            words = what if isinstance(what, str) else what()
            raise AssertionError(f"not within {within:g} s: {words}") from None
        return found

    async def connected(self, count: int = 1, within: float = PATIENCE) -> None:
        """Wait until the app holds so many websockets."""
        await self.until(lambda: len(self.sockets.open) >= count, f"{count} sockets", within)

    async def settled(self, within: float = PATIENCE) -> None:
        """Wait until everything on its way to the app was acknowledged or given up."""
        await self.until(lambda: not self._tasks, "all deliveries done", within)

    async def quiet(self, seconds: float = 0.1, within: float = PATIENCE) -> None:
        """Wait until nothing at all has changed for so long and the app is at rest: to say that
        nothing more happens. What the app has to do later than in a second is not waited for.
        """
        try:
            async with asyncio.timeout(within):
                while await self._changes_within(seconds) or self.waits_for():
                    continue
        except TimeoutError:
            waits = self.waits_for()
            raise AssertionError(f"never quiet within {within:g} s: {waits or 'changes'}") from None

    async def _changes_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return False
        return True

    async def heard(
        self,
        where: Channel | Person,
        containing: str = "",
        *,
        thread: Message | None = None,
        within: float = PATIENCE,
    ) -> Message:
        """Wait for a message of the bot in a channel, in a thread, or in a person's DM.

        Of several, the newest. Without `thread` only the channel's own messages count.
        """
        channel = where.dm if isinstance(where, Person) else where
        bot = channel.team.bot.id

        def look() -> Message | None:
            said = thread.replies if thread else channel.top()
            fit = (m for m in reversed(said) if m.user == bot and reads(m, containing))
            return next(fit, None)

        def there() -> str:
            said = thread.replies if thread else channel.top()
            return f"{containing!r} in:\n" + "\n---\n".join(map(reading.text, said))

        return await self.until(look, there, within)

    async def shows(
        self,
        shown: Message | View,
        containing: str = "",
        *,
        lacking: str | None = None,
        within: float = PATIENCE,
    ) -> None:
        """Wait until a message or a view reads so (and no longer reads otherwise)."""
        await self.until(
            lambda: reads(shown, containing) and not (lacking and reads(shown, lacking)),
            lambda: f"{containing!r} without {lacking!r} in:\n{reading.text(shown)}",
            within,
        )

    def calls(self, method: str | None = None) -> list[Call]:
        """The recorded calls of the Web API, all or of one method."""
        return [call for call in self.api.calls if method in {None, call.method}]

    async def called(self, method: str, count: int = 1, within: float = PATIENCE) -> list[Call]:
        """Wait until a method was called so often."""
        what = f"{count} calls of {method}"
        await self.until(lambda: len(self.calls(method)) >= count, what, within)
        return self.calls(method)

    async def repeat(
        self,
        times: int = 1,
        *,
        of: Delivery | None = None,
        kind: str | None = None,
        retry: bool = False,
    ) -> list[Ack]:
        """Send a delivery again, the same to the letter, all at once.

        Without `of` the last of a `kind`, by default the last that was no event. `retry` marks
        them as Slack's own retries, which it makes for events only.
        """
        kinds = {kind} if kind else {"event"} if retry else {"command", "interactive", "options"}
        last = of or next(one for one in reversed(self.deliveries) if one.kind in kinds)
        numbers = [(n, "http_timeout") if retry else None for n in range(1, times + 1)]
        going = (self.delivery.attempt(last.kind, last.payload, number) for number in numbers)
        return await asyncio.gather(*going)

    async def post(
        self,
        body: bytes | str,
        *,
        sign: bool = True,
        secret: str | None = None,
        timestamp: int | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Ack:
        """Post anything to the request URL: unsigned, old, wrongly signed, huge, malformed."""
        raw = body.encode() if isinstance(body, str) else body
        when = int(self.clock()) if timestamp is None else timestamp
        how = {"Content-Type": "application/json"}
        if sign:
            how |= signed(secret or self.signing_secret, raw, when)
        return await self.sender.post(str(self.request_url), raw, {**how, **(headers or {})})


def reads(shown: Message | View, words: str) -> bool:
    """Whether the words stand in what a person sees, or in the text of a notification."""
    return words in reading.text(shown) or (isinstance(shown, Message) and words in shown.text)
