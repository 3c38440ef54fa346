"""The Web API's front: reads arguments as Slack does, checks token, rate and scope, answers."""

import asyncio
import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.slack import chat, conversations, files, modals, oauth, users
from tests.slack.call import Call
from tests.slack.errors import Refused
from tests.slack.facts import METHODS
from tests.slack.faults import Fault

if TYPE_CHECKING:
    from tests.slack.server import StrictSlack

Json = dict[str, Any]

GONE = 0.05
"""Seconds between two looks whether the caller is still there."""
_OF = (chat, conversations, files, modals, users)
HANDLERS = {method: run for part in _OF for method, run in part.HANDLERS.items()}


async def arguments(request: web.Request, *, takes_json: bool) -> Json:
    """Arguments of the query string, then of a form or of JSON, which not every method takes."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            raise Refused("invalid_json") from None
        if not isinstance(body, dict):
            raise Refused("json_not_object")
        return {**args, **body} if takes_json else args
    return {**args, **dict(await request.post())}


def drop(request: web.Request) -> web.Response:
    """Close the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


class WebApi:
    """Serves `/api/{method}` and records every call."""

    def __init__(self, slack: "StrictSlack") -> None:
        self.slack = slack
        self.calls: list[Call] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        with self.slack.exchange(request.match_info["method"]):
            return await self._handle(request)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        slack, method = self.slack, request.match_info["method"]
        call = Call(slack, method, {}, slack.clock())
        self.calls.append(call)
        known = METHODS.get(method)
        try:
            call.args = await arguments(request, takes_json=bool(known and known.json))
        except Refused as refused:
            return self._answer(call, refused.body())
        header = request.headers.get("Authorization", "")
        token = header.removeprefix("Bearer ") or str(call.args.get("token", ""))
        call.args.pop("token", None)
        call.team = slack.team_of(token)
        call.authorization = header
        fault = slack.faults.of_call(method, call.args)
        if fault is not None:
            slack.notify()  # Somebody may wait for the call itself, which may hang.
            return await self._faulty(request, call, token, fault)
        answer = self._run(call, token)
        if slack.faults.latency:
            await slack.pause(slack.faults.latency)
        return answer

    async def _faulty(
        self, request: web.Request, call: Call, token: str, fault: Fault
    ) -> web.StreamResponse:
        if fault.hang is not None:
            await self._linger(request, fault.hang)
        if fault.refuse or fault.hang is not None:
            return self._closed(request, call)
        if fault.retry_after is not None:
            return self._limited(call, fault.retry_after)
        if fault.status is not None:
            call.status = fault.status
            self.slack.notify()
            return web.Response(status=fault.status, text="upstream error")
        if fault.error is not None:
            return self._answer(call, {"ok": False, "error": fault.error})
        answer = self._run(call, token)
        if fault.delay or self.slack.faults.latency:
            await self._linger(request, fault.delay + self.slack.faults.latency)
        return self._closed(request, call) if fault.lose_answer else answer

    async def _linger(self, request: web.Request, seconds: float) -> None:
        """So long, unless whoever called has gone meanwhile: then nobody waits for an answer."""
        left = seconds
        while left > 0 and request.transport is not None and not request.transport.is_closing():
            await self.slack.pause(min(left, GONE))
            left -= GONE

    def _closed(self, request: web.Request, call: Call) -> web.Response:
        call.status = 0
        self.slack.notify()
        return drop(request)

    def _run(self, call: Call, token: str) -> web.Response:
        try:
            if wait := self._check(call, token):
                return self._limited(call, wait)
            answer = self._handled(call)
        except Refused as refused:
            return self._answer(call, refused.body())
        except Exception as broken:
            self.slack.violate(f"the strict Slack itself failed at {call.method}: {broken!r}")
            raise
        return self._answer(call, {"ok": True, **answer})

    def _handled(self, call: Call) -> Json:
        if call.method == oauth.METHOD:
            return self.slack.oauth.access(call, call.authorization)
        return HANDLERS[call.method](call) if call.team else self.slack.sockets.ticket()

    def _check(self, call: Call, token: str) -> int:
        """Refuse what may not be called; return the seconds to wait when it is called too often."""
        known = METHODS.get(call.method)
        if known is None:
            raise Refused("unknown_method", req_method=call.method)
        if call.method == oauth.METHOD:
            return self.slack.budgets.take(call.method, known.rate)
        if not token:
            raise Refused("not_authed")
        if call.method == "apps.connections.open":
            if token != self.slack.app_token:
                raise Refused("not_allowed_token_type" if call.team else "invalid_auth")
            call.team = None
            return self.slack.budgets.take(call.method, known.rate)
        if call.team is None:
            raise Refused("invalid_auth")
        if call.team.revoked:
            raise Refused("token_revoked")
        if wait := self._wait(call, known.rate):
            return wait
        call.need(*known.scopes)
        missing = [name for name in known.required if call.args.get(name) in (None, "")]
        if missing:
            raise Refused("invalid_arguments", f"missing required field: {missing[0]}")
        return 0

    def _wait(self, call: Call, rate: float) -> int:
        budgets, team = self.slack.budgets, call.workspace
        if call.method == "chat.postMessage":
            channel = (team.id, call.args.get("channel"))
            if wait := budgets.post(channel):
                return wait
        return budgets.take((team.id, call.method), rate)

    def _limited(self, call: Call, seconds: int) -> web.Response:
        headers = {"Retry-After": str(seconds)}
        return self._answer(call, {"ok": False, "error": "ratelimited"}, 429, headers)

    def _answer(
        self, call: Call, body: Json, status: int = 200, headers: dict[str, str] | None = None
    ) -> web.Response:
        call.answer, call.status = body, status
        self.slack.notify()
        scopes = ",".join(sorted(call.team.scopes)) if call.team else ""
        return web.json_response(
            body, status=status, headers={"X-OAuth-Scopes": scopes, **(headers or {})}
        )


async def pause(closing: asyncio.Event, seconds: float) -> None:
    """Wait, but never beyond the end of the test."""
    try:
        async with asyncio.timeout(seconds):
            await closing.wait()
    except TimeoutError:
        return
