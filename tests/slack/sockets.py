"""Socket Mode: tickets, up to ten connections, each envelope to any one of them."""

import asyncio
import json
import secrets
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.slack.delivery import Ack
from tests.slack.patience import in_time

if TYPE_CHECKING:
    from tests.slack.server import StrictSlack

Json = dict[str, Any]

MOST = 10
_TYPES = {"event": "events_api", "command": "slash_commands"}


class Sockets:
    """The websocket side of Slack."""

    def __init__(self, slack: "StrictSlack") -> None:
        self.slack = slack
        self.open: list[web.WebSocketResponse] = []
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._sent: set[str] = set()
        self._turn = 0

    def ticket(self) -> Json:
        """Answer apps.connections.open: a url that works once."""
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return {"url": f"ws://127.0.0.1:{self.slack.port}/link/?ticket={ticket}"}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="ticket unknown or used")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(timeout=1.0)
        await socket.prepare(request)
        if len(self.open) >= MOST:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self.open.append(socket)
        try:
            await socket.send_json(self._hello())
            self.slack.notify()
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._acknowledged(message.data)
        finally:
            self.open = [one for one in self.open if one is not socket]
            self.slack.notify()
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.open),
            "debug_info": {"host": "applink", "approximate_connection_time": 18060},
            "connection_info": {"app_id": self.slack.app_id},
        }

    def _acknowledged(self, data: str) -> None:
        try:
            body = json.loads(data)
            envelope = body["envelope_id"]
        except (ValueError, TypeError, KeyError):
            self.slack.violate(f"an acknowledgement that can't be read: {data[:200]!r}")
            return
        waiting = self._waiting.get(envelope)
        if waiting is None or waiting.done():
            late = "late or repeated" if envelope in self._sent else "unknown"
            self.slack.violate(f"acknowledgement of a {late} envelope {envelope}")
            return
        waiting.set_result(body.get("payload"))

    def _envelope(self, kind: str, payload: Json, retry: tuple[int, str] | None) -> Json:
        """What goes over the wire; only events can't be answered with a payload."""
        envelope: Json = {"envelope_id": secrets.token_hex(16), "payload": payload}
        envelope["type"] = _TYPES.get(kind, "interactive")
        envelope["accepts_response_payload"] = kind != "event"
        if kind == "event":
            number, reason = retry or (0, "")
            envelope |= {"retry_attempt": number, "retry_reason": reason}
        return envelope

    async def send(self, kind: str, payload: Json, retry: tuple[int, str] | None = None) -> Ack:
        if not self.open:
            return Ack(0, error="connection_failed")
        self._turn += 1
        socket = self.open[self._turn % len(self.open)]
        envelope = self._envelope(kind, payload, retry)
        key, loop = envelope["envelope_id"], asyncio.get_running_loop()
        self._waiting[key] = waiting = loop.create_future()
        self._sent.add(key)
        started = loop.time()
        try:
            await socket.send_json(envelope)
            body = await in_time(_answered(waiting), self.slack.ack_seconds)
        except TimeoutError:
            # The app is not to blame when the connection went before it could acknowledge.
            error = "connection_failed" if socket.closed else "http_timeout"
            return Ack(0, None, loop.time() - started, error)
        except ConnectionError:
            return Ack(0, None, loop.time() - started, "connection_failed")
        finally:
            del self._waiting[key]
        if kind == "event" and body:
            self.slack.violate("an event was acknowledged with a payload")
        return Ack(200, body or None, loop.time() - started)

    async def disconnect(self, reason: str = "refresh_requested", *, close: bool = True) -> None:
        """Tell every connection to go, as Slack does every few hours, and close it."""
        for socket in list(self.open):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})
            if close:
                await socket.close()

    async def cut(self) -> None:
        """Break every connection without a word."""
        for socket in list(self.open):
            if socket._req is not None and socket._req.transport is not None:
                socket._req.transport.abort()
        await self.slack.until(lambda: not self.open, "all connections cut")

    async def close(self) -> None:
        for socket in list(self.open):
            await socket.close()


async def _answered(waiting: asyncio.Future[Any]) -> Any:
    return await waiting
