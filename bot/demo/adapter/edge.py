"""The one adapter between the bot and local-slack: to the bot it is Slack, at `api_url`."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import aiohttp
from aiohttp import web

from bot.demo.adapter import people
from bot.demo.adapter.bus import Bus, Http, Sockets
from bot.demo.adapter.files import Files
from bot.demo.adapter.messages import Messages
from bot.demo.adapter.options import Options
from bot.demo.adapter.relay import Relay
from bot.demo.adapter.text import Json
from bot.demo.adapter.upstream import Upstream
from bot.demo.adapter.viewing import Viewing
from bot.demo.adapter.views import Views
from bot.demo.local_slack.local_slack import LocalSlack
from bot.demo.workspace import Workspace

_log = logging.getLogger(__name__)
_JSON_FIELDS = ("blocks", "attachments", "view", "metadata", "files", "unfurls")
_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True)
class Adapter:
    """The running adapter; SLACK_API_URL and the tokens are what the bot is started with."""

    api_url: str
    app_token: str
    bot_token: str
    signing_secret: str
    workspace: Workspace
    _sockets: Sockets

    @classmethod
    @contextlib.asynccontextmanager
    async def start(
        cls, slack: LocalSlack, *, request_url: str | None = None
    ) -> AsyncIterator["Adapter"]:
        """Serve on a free port of loopback until the block ends. The bot connects by Socket Mode,
        or with `request_url` is sent signed HTTP there.
        """
        async with contextlib.AsyncExitStack() as parts:
            session = await parts.enter_async_context(aiohttp.ClientSession())
            edge = _Edge(slack, session, request_url)
            edge.address = await parts.enter_async_context(_serving(edge))
            await parts.enter_async_context(edge.listening())
            workspace = slack.workspace
            yield cls(
                api_url=f"{edge.address}/api/",
                app_token=workspace.app_token,
                bot_token=workspace.bot_token,
                signing_secret=workspace.signing_secret,
                workspace=workspace,
                _sockets=edge.sockets,
            )

    async def bot_connected(self, timeout: float = 30) -> None:  # noqa: ASYNC109 - A plain wait.
        """Wait until the bot has opened its first socket."""
        await asyncio.wait_for(self._sockets.connected.wait(), timeout)


@contextlib.asynccontextmanager
async def _serving(edge: "_Edge") -> AsyncIterator[str]:
    app = web.Application(client_max_size=_LARGEST)
    app.router.add_route("*", "/api/{method}", edge.web_api)
    app.router.add_get("/socket", edge.socket)
    app.router.add_post("/upload/{id}", edge.files.upload)
    app.router.add_get("/files/{id}", edge.files.download)
    app.router.add_post("/hooks/{name}", edge.hook)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        port = runner.addresses[0][1]
        yield f"http://127.0.0.1:{port}"
    finally:
        await edge.sockets.close()
        await runner.cleanup()


class _Edge:
    def __init__(
        self, slack: LocalSlack, session: aiohttp.ClientSession, request_url: str | None
    ) -> None:
        self.workspace = slack.workspace
        self.address = ""
        self.sockets = Sockets(self.workspace)
        bus: Bus = Http(self.workspace, request_url, session) if request_url else self.sockets
        self._session = session
        self._upstream = Upstream(slack.url, self.workspace, session)
        options = Options(self.workspace, bus)
        self.files = Files(lambda: self.address)
        messages = Messages(self.workspace, self._upstream, options, self.files)
        views = Views(self.workspace, self._upstream, messages, options)
        viewing = Viewing(self.workspace, bus, messages=messages, views=views, options=options)
        self._relay = Relay(
            self.workspace,
            bus,
            messages=messages,
            views=views,
            viewing=viewing,
            hooks_url=lambda name: f"{self.address}/hooks/{name}",
        )
        self._methods: dict[str, Callable[[Json], Awaitable[Json]]] = {
            "apps.connections.open": self._connection,
            "chat.postMessage": messages.post,
            "chat.postEphemeral": messages.post_ephemeral,
            "chat.update": messages.update,
            "chat.delete": messages.delete,
            "conversations.history": messages.history,
            "conversations.replies": messages.replies,
            "files.completeUploadExternal": self.files.complete,
            "files.getUploadURLExternal": self.files.place,
            "views.open": views.open,
            "views.push": views.push,
            "views.update": views.update,
            "views.publish": views.publish,
        }
        self._tasks: set[asyncio.Task[None]] = set()

    async def _connection(self, _: Json) -> Json:
        return {"ok": True, "url": f"{self.address.replace('http', 'ws', 1)}/socket"}

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        return await self.sockets.serve(request)

    async def hook(self, request: web.Request) -> web.Response:
        known = await self._relay.respond(request.match_info["name"], await request.json())
        return web.Response(text="ok" if known else "expired_url", status=200 if known else 404)

    async def web_api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if request.content_type == "multipart/form-data":
            return await self._pass_through(request)
        args, token = await _arguments(request)
        if token not in (self.workspace.bot_token, self.workspace.app_token):
            return web.json_response(
                {"ok": False, "error": "invalid_auth" if token else "not_authed"}
            )
        handler = self._methods.get(method)
        if handler is not None:
            return web.json_response(await handler(args))
        told = await self._upstream.call(method, args)
        return web.json_response(people.enriched(self.workspace, method, args, told))

    async def _pass_through(self, request: web.Request) -> web.Response:
        kept = {one: request.headers[one] for one in ("Authorization", "Content-Type")}
        url = self._upstream.url + request.path_qs
        body = await request.read()
        async with self._session.request(request.method, url, data=body, headers=kept) as told:
            return web.json_response(await told.json())

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """The one connection to local-slack, which gives each envelope to every socket."""
        socket = await self._upstream.socket()
        reader = asyncio.create_task(self._read(socket))
        try:
            yield
        finally:
            for task in (reader, *self._tasks):
                task.cancel()
            await asyncio.gather(reader, *self._tasks, return_exceptions=True)
            await socket.close()

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            envelope = json.loads(message.data)
            if "envelope_id" in envelope:
                task = asyncio.create_task(self._relayed(socket, envelope))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _relayed(self, socket: aiohttp.ClientWebSocketResponse, envelope: Json) -> None:
        answer: Json = {}
        try:
            answer = await self._relay.envelope(envelope["type"], envelope["payload"])
        except (aiohttp.ClientError, LookupError, TypeError, ValueError):
            # A demo goes on after one odd payload; its log says what was odd.
            _log.exception("An envelope of local-slack could not be relayed.")
        finally:
            if not socket.closed:
                await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": answer})


async def _arguments(request: web.Request) -> tuple[Json, str]:
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        args |= await request.json()
    elif request.method != "GET":
        args |= dict(await request.post())
    for name in _JSON_FIELDS:
        if isinstance(args.get(name), str):
            with contextlib.suppress(ValueError):
                args[name] = json.loads(args[name])
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    return args, bearer if scheme == "Bearer" else str(args.pop("token", ""))
