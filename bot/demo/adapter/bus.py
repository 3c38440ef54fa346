"""The line to the bot: it speaks Socket Mode to the adapter (or listens for signed HTTP), and each
envelope goes to one of its sockets.
"""

import asyncio
import json
import time
import uuid
from itertools import cycle
from typing import Protocol
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from bot.demo.adapter.text import Json
from bot.demo.workspace import Workspace

ACK_SECONDS = 4.0  # Slack waits 3 s; local-slack gives up after 5.


class NoAnswer(Exception):
    """The bot is not connected, or did not acknowledge in time."""


class Bus(Protocol):
    async def deliver(self, type_: str, payload: Json) -> Json: ...


class Sockets:
    """The bot's own connections; it may open several."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._open: list[web.WebSocketResponse] = []
        self._turn = cycle(range(1_000_000))
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self.connected = asyncio.Event()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        self._open.append(socket)
        await socket.send_json(self._hello())
        self.connected.set()
        try:
            async for message in socket:
                if message.type == aiohttp.WSMsgType.TEXT:
                    self._acknowledged(message.data)
        finally:
            self._open.remove(socket)
            if not self._open:
                self.connected.clear()
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "connection_info": {"app_id": self._workspace.app_id},
            "debug_info": {"host": "dealthread-demo", "approximate_connection_time": 3600},
        }

    def _acknowledged(self, text: str) -> None:
        try:
            said = json.loads(text)
        except ValueError:
            return
        waiting = self._waiting.get(str(said.get("envelope_id")))
        if waiting and not waiting.done():
            payload = said.get("payload")
            waiting.set_result(payload if isinstance(payload, dict) else {})

    async def deliver(self, type_: str, payload: Json) -> Json:
        """Give the envelope to one socket and wait for its acknowledgement."""
        if not self._open:
            raise NoAnswer("the app is not connected")
        envelope_id = str(uuid.uuid4())
        envelope = {
            "envelope_id": envelope_id,
            "type": type_,
            "payload": payload,
            "accepts_response_payload": type_ != "events_api",
        }
        waiting: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = waiting
        try:
            await self._open[next(self._turn) % len(self._open)].send_json(envelope)
            return await asyncio.wait_for(waiting, ACK_SECONDS)
        except (TimeoutError, ConnectionError) as error:
            raise NoAnswer("operation_timeout") from error
        finally:
            del self._waiting[envelope_id]

    async def close(self) -> None:
        for socket in list(self._open):
            await socket.close()


class Http:
    """The same by signed HTTP, for a bot that listens at one address."""

    def __init__(self, workspace: Workspace, url: str, session: aiohttp.ClientSession) -> None:
        self._url = url
        self._session = session
        self._verifier = SignatureVerifier(workspace.signing_secret)

    async def deliver(self, type_: str, payload: Json) -> Json:
        body, content_type = _http_body(type_, payload)
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": str(self._verifier.generate_signature(timestamp=stamp, body=body)),
        }
        wait = aiohttp.ClientTimeout(total=ACK_SECONDS)
        try:
            async with self._session.post(
                self._url, data=body, headers=headers, timeout=wait
            ) as response:
                return _as_json(await response.text())
        except (TimeoutError, aiohttp.ClientError) as error:
            raise NoAnswer(str(error) or "operation_timeout") from error


def _http_body(type_: str, payload: Json) -> tuple[str, str]:
    if type_ == "events_api":
        return json.dumps(payload), "application/json"
    form = payload if type_ == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(form), "application/x-www-form-urlencoded"


def _as_json(text: str) -> Json:
    try:
        said = json.loads(text)
    except ValueError:
        return {"text": text} if text else {}
    return said if isinstance(said, dict) else {}
