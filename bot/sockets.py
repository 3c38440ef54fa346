"""Socket Mode: two connections that are kept up, so that one can be renewed without a gap.

A thin client of our own on aiohttp: the SDK's tries an expired ticket for ever and closes the old
socket before it opens the new one (measured with 3.47), and a supervisor around it would replace
most of it. What is left of the protocol is a ticket, "hello", "disconnect" and acknowledgements.
"""

import asyncio
import json
import logging
import random
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NoReturn

import aiohttp
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import CannotRun
from bot.gate import Gate

log = logging.getLogger(__name__)

CONNECTIONS = 2
ACK_SECONDS = 3.0
"""Slack has given an envelope up after this long: an acknowledgement would be of no use."""

HELLO = 10.0
"""Seconds until a new connection must have said hello."""

HEARTBEAT = 10.0
"""Seconds between pings; a connection that does not answer one within half of that is dead."""

LEAVING = 30.0
"""Seconds that a connection may still bring envelopes after Slack asked us to renew it."""

CLOSING = 2.0
"""Seconds to wait for the other side's goodbye."""

LASTED = 60.0
"""A connection that lasted so many seconds was a good one: the next is tried at once."""

LONGEST = 30.0
"""The longest pause between two tries, in seconds."""

_REFUSED = {
    "account_inactive": "the app-level token belongs to an account that is gone",
    "invalid_auth": "the app-level token (SLACK_APP_TOKEN) is not valid",
    "missing_scope": "the app-level token lacks the scope connections:write",
    "no_permission": "the app-level token lacks the scope connections:write",
    "not_allowed_token_type": "SLACK_APP_TOKEN is not an app-level token",
    "not_authed": "the app-level token (SLACK_APP_TOKEN) is missing",
    "token_expired": "the app-level token (SLACK_APP_TOKEN) has expired",
    "token_revoked": "the app-level token (SLACK_APP_TOKEN) was revoked",
}
_SWITCHED_OFF = (
    "Socket Mode was switched off for this app. Switch it on again (Settings, Socket Mode), or "
    "unset SLACK_APP_TOKEN and serve HTTP."
)


class SocketsRefused(CannotRun):
    """Slack will not have us over Socket Mode; the text says what to do."""


class Connection:
    """One websocket: reads envelopes until Slack closes it, and acknowledges those done."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, handle: "Handle") -> None:
        self.socket = socket
        self.handle = handle
        self.greeted = False
        self.leaving = asyncio.Event()
        self.reason = "closed"

    @property
    def live(self) -> bool:
        return self.greeted and not self.socket.closed

    async def read(self) -> None:
        """Read until the end. `leaving` is set as soon as another connection is wanted."""
        try:
            while await self._next():
                pass
        except TimeoutError:
            self.reason = "silent"
        finally:
            self.leaving.set()
        # Not when cancelled: then what was begun is still to be acknowledged here.
        await self.socket.close()

    async def _next(self) -> bool:
        patience = LEAVING if self.leaving.is_set() else None if self.greeted else HELLO
        message = await self.socket.receive(patience)
        if message.type is not aiohttp.WSMsgType.TEXT:
            # Pings and pongs are aiohttp's business: what else is not text is an end.
            return False
        self._take(_parsed(message.data))
        return True

    def _take(self, said: dict[str, Any]) -> None:
        if said.get("type") == "hello":
            self.greeted = True
            log.info("Connected over Socket Mode")
        elif said.get("type") == "disconnect":
            self.reason = str(said.get("reason"))
            self.leaving.set()
        elif "envelope_id" in said:
            self.handle(self, said)


Handle = Callable[[Connection, dict[str, Any]], None]


class Sockets:
    """Keeps the connections up from `start` to `stop`."""

    def __init__(
        self,
        gate: Gate,
        client: AsyncWebClient,
        app_token: str,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.gate = gate
        self.pause = pause
        self._client = client
        self._app_token = app_token
        self._was_up = False
        self._keepers: list[asyncio.Task[NoReturn]] = []
        self._connections: dict[Connection, asyncio.Task[None]] = {}
        self._working: set[asyncio.Task[None]] = set()

    @property
    def ready(self) -> bool:
        """Whether Slack can reach us: at least one connection lives."""
        return any(connection.live for connection in self._connections)

    async def start(self) -> None:
        """Begin to connect; returns at once."""
        # Through the proxy that the environment names, as the SDK does for the ticket.
        self._session = aiohttp.ClientSession(trust_env=True)
        self._keepers = [asyncio.create_task(self._keep()) for _ in range(CONNECTIONS)]

    async def refused(self) -> None:
        """Wait, as a rule for ever; raise SocketsRefused when Slack will not have us."""
        await asyncio.wait(self._keepers, return_when=asyncio.FIRST_EXCEPTION)
        await asyncio.gather(*self._keepers)

    async def stop(self, grace: float = 5.0) -> None:
        """Stop reading, let what was begun be finished and acknowledged, then close."""
        connections = list(self._connections)
        await _cancel([*self._keepers, *self._connections.values()])
        if self._working:
            await asyncio.wait(self._working, timeout=grace)
        await asyncio.gather(*(connection.socket.close() for connection in connections))
        await self._session.close()

    async def _keep(self) -> NoReturn:
        """Keep one connection up; its successor is there before it is gone."""
        failures = 0
        while True:
            began = asyncio.get_running_loop().time()
            reason, wait = await self._lived()
            if reason == "link_disabled":
                log.error(_SWITCHED_OFF)
                raise SocketsRefused(_SWITCHED_OFF)
            lasted = asyncio.get_running_loop().time() - began > LASTED
            failures = 0 if lasted else failures + 1
            log.info("A Socket Mode connection ends: %s", reason)
            await self.pause(max(wait, _backoff(failures)))

    async def _lived(self) -> tuple[str, float]:
        """One life of a connection, until Slack wants another: why, and the pause it asks for."""
        try:
            connection = await self._connect()
        except (aiohttp.ClientError, OSError, SlackClientError, TimeoutError) as error:
            self._check(error)
            # Without its text, in which the ticket may stand.
            return f"can't connect ({type(error).__name__})", _retry_after(error)
        await connection.leaving.wait()
        self._was_up |= connection.greeted
        crowded = connection.reason == "too_many_websockets"
        return connection.reason, LONGEST if crowded else 0.0

    async def _connect(self) -> Connection:
        # A ticket is good for one connection, so each try takes a new one.
        ticket = await self._client.apps_connections_open(app_token=self._app_token)
        closing = aiohttp.ClientWSTimeout(ws_close=CLOSING)
        url = str(ticket.get("url"))
        socket = await self._session.ws_connect(url, heartbeat=HEARTBEAT, timeout=closing)
        connection = Connection(socket, self._handle)
        reading = asyncio.create_task(connection.read())
        self._connections[connection] = reading
        reading.add_done_callback(lambda _: self._connections.pop(connection))
        return connection

    def _check(self, error: Exception) -> None:
        """Raise where trying again is pointless: from the start the token was refused.

        Later it may be a trouble of Slack's own, and the next try may be let in.
        """
        why = _REFUSED.get(_said(error))
        if not why:
            return
        sentence = f"Slack refuses Socket Mode: {why}."
        log.error(sentence)
        if not (self._was_up or self.ready):
            raise SocketsRefused(sentence) from error

    def _handle(self, connection: Connection, envelope: dict[str, Any]) -> None:
        # Each by itself: while one waits for the database, the next is read.
        task = asyncio.create_task(self._answer(connection, envelope))
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _answer(self, connection: Connection, envelope: dict[str, Any]) -> None:
        began = asyncio.get_running_loop().time()
        payload = envelope.get("payload")
        answer = await self.gate.answer(
            payload if isinstance(payload, dict) else {}, _retry_headers(envelope)
        )
        took = asyncio.get_running_loop().time() - began
        if not _is_final(answer):
            log.warning("Left an envelope for Slack to send again: %d", answer.status)
        elif took > ACK_SECONDS:
            log.warning("An envelope was answered too late, after %.1f s", took)
        else:
            await _acknowledge(connection, envelope, answer)


async def _acknowledge(
    connection: Connection, envelope: dict[str, Any], answer: BoltResponse
) -> None:
    body = {"envelope_id": envelope["envelope_id"]}
    if envelope.get("accepts_response_payload") and (payload := _payload(answer)):
        body["payload"] = payload
    try:
        await connection.socket.send_str(json.dumps(body))
    except (aiohttp.ClientError, ConnectionError):
        log.warning("A connection was lost before an envelope could be acknowledged")


def _is_final(answer: BoltResponse) -> bool:
    """Whether Slack is to forget the envelope: it was done, or it was not for us."""
    return answer.status in {200, 400, 401}


def _payload(answer: BoltResponse) -> Any:
    if not answer.body or answer.status != 200:  # noqa: PLR2004 - HTTP's own number.
        return None
    is_json = answer.headers.get("content-type", [""])[0].startswith("application/json")
    return json.loads(answer.body) if is_json else {"text": answer.body}


def _retry_headers(envelope: dict[str, Any]) -> dict[str, str]:
    if not envelope.get("retry_attempt"):
        return {}
    return {
        "x-slack-retry-num": str(envelope["retry_attempt"]),
        "x-slack-retry-reason": str(envelope.get("retry_reason") or ""),
    }


def _parsed(text: str) -> dict[str, Any]:
    """A message of Slack's; now and then one is not JSON and means nothing."""
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _said(error: Exception) -> str:
    """Slack's word for it, if it answered as its API should and not as a gateway does."""
    data = getattr(getattr(error, "response", None), "data", None)
    return str(data.get("error")) if isinstance(data, dict) else ""


def _retry_after(error: Exception) -> float:
    if not isinstance(error, SlackApiError):
        return 0.0
    said = str(getattr(error.response, "headers", {}).get("Retry-After", ""))
    return float(said) if said.isdecimal() else 0.0


def _backoff(failures: int) -> float:
    """Seconds to wait: none after a good connection, then doubling, never the same for two."""
    if not failures:
        return 0.0
    return min(LONGEST, 0.5 * 2.0 ** min(failures, 10)) * random.uniform(0.5, 1)  # noqa: S311


async def _cancel(tasks: Iterable[asyncio.Task[Any]]) -> None:
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
