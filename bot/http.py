"""The web front: Slack's requests, verified before anything reads them; health and metrics."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from slack_bolt.response import BoltResponse

from bot.gate import Gate
from bot.install.oauth import OAuth, add_routes
from bot.manifest import EVENTS_PATH
from store.errors import Busy

LIMIT = 4 * 1024 * 1024
"""Bytes of a request, as of an envelope over Socket Mode. Slack's largest is a message of 40,000
characters that was edited: its text and its blocks, before and after, some 12 bytes a character."""

TOLERANCE = 300
"""Seconds that a signature's time may be off."""

READING = 3.0
"""Seconds that a body may take to arrive; Slack waits no longer for the answer."""

PROBING = 2.0
"""Seconds that a readiness probe may take."""

FORM = "application/x-www-form-urlencoded"

Probe = Callable[[], Awaitable[bool]]
Exposition = Callable[[], tuple[bytes, str]]
"""What /metrics tells, and its content type; it reads the database."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Slack's signature v0: https://docs.slack.dev/authentication/verifying-requests-from-slack."""

    secret: str
    clock: Callable[[], float]

    def holds(self, headers: Mapping[str, str], body: bytes) -> bool:
        stamp = headers.get("X-Slack-Request-Timestamp", "")
        # More digits than a time has are no number to be computed with.
        if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= len("9999999999")):
            return False
        if abs(self.clock() - int(stamp)) > TOLERANCE:
            return False
        base = b"v0:" + stamp.encode() + b":" + body
        ours = "v0=" + hmac.new(self.secret.encode(), base, hashlib.sha256).hexdigest()
        theirs = headers.get("X-Slack-Signature", "")
        # As bytes: comparing strings raises on the first letter that is not ASCII.
        return hmac.compare_digest(ours.encode(), theirs.encode("utf-8", "surrogateescape"))


@dataclass(frozen=True, slots=True)
class Inbound:
    """All that Slack has to say in HTTP mode: events, commands, presses, forms, choices."""

    gate: Gate
    signature: Signature

    async def answer(self, request: web.Request) -> web.Response:
        body = await _body(request)
        if _is_ssl_check(request.content_type, body):
            return web.Response()
        if not self.signature.holds(request.headers, body):
            raise web.HTTPUnauthorized
        payload = parse(request.content_type, body)
        if payload is None:
            raise web.HTTPBadRequest
        if payload.get("type") == "url_verification":
            return web.json_response({"challenge": str(payload.get("challenge", ""))})
        return _response(await self.gate.answer(payload, request.headers))


@dataclass(frozen=True, slots=True)
class Health:
    """For whoever watches over the process; `probes` say by name whether a part can work."""

    probes: Mapping[str, Probe]
    told: Exposition

    async def alive(self, _request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def ready(self, _request: web.Request) -> web.Response:
        held = await asyncio.gather(*map(_holds, self.probes.values()))
        found = {"ok": all(held), "probes": dict(zip(self.probes, held, strict=True))}
        return web.json_response(found, status=200 if all(held) else 503)

    async def metrics(self, _request: web.Request) -> web.Response:
        text, content_type = await asyncio.to_thread(self.told)
        return web.Response(body=text, headers={"Content-Type": content_type})


def create(
    health: Health, inbound: Inbound | None = None, oauth: OAuth | None = None
) -> web.Application:
    """The application; without `inbound`, in Socket Mode, Slack has nothing to say here. With
    `oauth` other workspaces can install the bot.
    """
    application = web.Application(client_max_size=LIMIT)
    if inbound:
        application.router.add_post(EVENTS_PATH, inbound.answer)
    if oauth:
        add_routes(application.router, oauth)
    application.router.add_get("/healthz", health.alive)
    application.router.add_get("/readyz", health.ready)
    application.router.add_get("/metrics", health.metrics)
    return application


def parse(content_type: str, body: bytes) -> dict[str, Any] | None:
    """The payload of a request of Slack's, or None if it can't be one."""
    try:
        if content_type == "application/json":
            return _object(json.loads(body.decode()))
        if content_type == FORM:
            form = dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict"))
            return _object(json.loads(form["payload"])) if "payload" in form else form or None
    except (ValueError, RecursionError):
        return None
    return None


def _object(value: Any) -> dict[str, Any] | None:
    return value if isinstance(value, dict) else None


async def _body(request: web.Request) -> bytes:
    """The raw body, which is what was signed."""
    if (request.content_length or 0) > LIMIT:
        raise web.HTTPRequestEntityTooLarge(LIMIT, request.content_length or 0)
    try:
        async with asyncio.timeout(READING):
            return await request.read()
    except TimeoutError:
        raise web.HTTPBadRequest from None


def _is_ssl_check(content_type: str, body: bytes) -> bool:
    """Slack looks at the certificate only: there is nothing to do, so no signature is asked."""
    return content_type == FORM and b"ssl_check=1" in body.split(b"&")


def _response(answer: BoltResponse) -> web.Response:
    headers = answer.first_headers_without_set_cookie()
    return web.Response(status=answer.status, body=answer.body.encode(), headers=headers)


async def _holds(probe: Probe) -> bool:
    try:
        async with asyncio.timeout(PROBING):
            return await probe()
    except (TimeoutError, Busy):
        return False
