"""To the app: signed HTTP or envelopes, acknowledgements within 3 seconds, retries of events."""

import asyncio
import hashlib
import hmac
import io
import json
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp

from tests.slack.patience import in_time
from tests.slack.world import new_id

if TYPE_CHECKING:
    from tests.slack.server import StrictSlack

Json = dict[str, Any]


@dataclass(slots=True)
class Ack:
    """How the app acknowledged: `status` 0 means not at all, and `error` says why."""

    status: int
    body: Any = None
    seconds: float = 0.0
    error: str | None = None
    headers: Mapping[str, str] | None = None

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


@dataclass(slots=True)
class Delivery:
    """Something that was sent to the app; `attempt` is 0 for the first time."""

    kind: str
    payload: Json
    at: float
    attempt: int = 0
    ack: Ack | None = None


def signed(secret: str, body: bytes, timestamp: int | str) -> dict[str, str]:
    base = f"v0:{timestamp}:".encode() + body
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}


def encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    """The body of an HTTP request and its content type, by what is sent."""
    if kind == "event":
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "command" else {"payload": json.dumps(payload)}
    return urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"


def parsed(body: str) -> Any:
    """The body of an acknowledgement: nothing, JSON, or words."""
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        return body


class Http:
    """Posts to the app's request URL, as Slack does."""

    def __init__(self, slack: "StrictSlack") -> None:
        self.slack = slack
        self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def send(self, kind: str, payload: Json, retry: tuple[int, str] | None = None) -> Ack:
        body, content_type = encoded(kind, payload)
        headers = {"Content-Type": content_type}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry[0]), "X-Slack-Retry-Reason": retry[1]}
        headers |= signed(self.slack.signing_secret, body, int(self.slack.clock()))
        return await self.post(str(self.slack.request_url), body, headers)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Ack:
        """Post anything; never raises, for what goes wrong is what a test asks about."""
        started = asyncio.get_running_loop().time()
        status, said, error, got = 0, "", None, None
        try:
            status, said, got = await in_time(
                self._posted(url, body, headers), self.slack.ack_seconds
            )
        except TimeoutError:
            error = "http_timeout"
        except aiohttp.ClientError:
            error = "connection_failed"
        seconds = asyncio.get_running_loop().time() - started
        return Ack(status, parsed(said), seconds, error, got)

    async def _posted(
        self, url: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, str, Mapping[str, str]]:
        async with self.session.post(url, data=io.BytesIO(body), headers=headers) as response:
            return response.status, await response.text(), response.headers


class Deliveries:
    """Sends each thing once, with the faults that a test ordered, and repeats lost events."""

    def __init__(self, slack: "StrictSlack") -> None:
        self.slack = slack
        self.sent: list[Delivery] = []
        self._held: list[tuple[str, Json]] = []

    async def deliver(self, kind: str, payload: Json) -> Ack:
        with self.slack.exchange(kind):
            return await self._deliver(kind, payload)

    async def _deliver(self, kind: str, payload: Json) -> Ack:
        fault = self.slack.faults.of_delivery(kind)
        if fault is None:
            ack = await self._first(kind, payload)
            await self.release()
            return ack
        if fault.hold:
            self._held.append((kind, payload))
            return Ack(0, error="held")
        if fault.delay:
            await self.slack.pause(fault.delay)
        if fault.drop:
            return await self._lost(kind, payload)
        for _ in range(fault.duplicate):
            self.slack.spawn(self.attempt(kind, payload))
        if fault.lose_answer:
            await self.attempt(kind, payload)
            return await self._lost(kind, payload)
        return await self._first(kind, payload)

    async def release(self) -> None:
        """Deliver what was held back."""
        held, self._held = self._held, []
        for kind, payload in held:
            await self._first(kind, payload)

    async def _lost(self, kind: str, payload: Json) -> Ack:
        if kind == "event":
            self.slack.spawn(self._again(payload, "http_timeout"))
        return Ack(0, error="http_timeout")

    async def _first(self, kind: str, payload: Json) -> Ack:
        ack = await self.attempt(kind, payload)
        if kind == "event" and not ack.ok and "X-Slack-No-Retry" not in (ack.headers or {}):
            self.slack.spawn(self._again(payload, ack.error or "http_error"))
        return ack

    async def _again(self, payload: Json, reason: str) -> None:
        for number, wait in enumerate(self.slack.event_retries, start=1):
            await self.slack.pause(wait)
            ack = await self.attempt("event", payload, (number, reason))
            if ack.ok or "X-Slack-No-Retry" in (ack.headers or {}):
                return
            reason = ack.error or "http_error"

    async def attempt(self, kind: str, payload: Json, retry: tuple[int, str] | None = None) -> Ack:
        """Send something now, and judge how it is acknowledged."""
        slack = self.slack
        sent = Delivery(kind, payload, slack.clock(), retry[0] if retry else 0)
        self.sent.append(sent)
        sender = slack.sender if slack.request_url else slack.sockets
        with slack.exchange(kind):
            sent.ack = ack = await sender.send(kind, payload, retry)
        what = f"{kind} {payload.get('command') or payload.get('event', payload).get('type')}"
        if ack.error == "http_timeout":
            slack.violate(f"{what}: not acknowledged within {slack.ack_seconds:g} s")
        elif kind != "event" and ack.status not in {0, 200}:
            slack.violate(f"{what}: acknowledged with {ack.status}, not 200")
        return ack


def event_id() -> str:
    return new_id("Ev")
