"""The gate of both transports: whose request it is, and then Bolt; anything odd ends here."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from store.errors import Busy

log = logging.getLogger(__name__)

Dispatch = Callable[[AsyncBoltRequest], Awaitable[BoltResponse]]


@dataclass(frozen=True, slots=True)
class Sender:
    """Which app of ours was called, and in which workspace or organisation."""

    app_id: str
    team_id: str | None
    enterprise_id: str | None


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets through what was meant for an app and a workspace that we know.

    Bolt compares neither: with one token it would act on an event of a foreign workspace.
    """

    knows: Callable[[Sender], Awaitable[bool]]
    dispatch: Dispatch

    async def answer(self, payload: dict[str, Any], headers: Mapping[str, str]) -> BoltResponse:
        """What Bolt answers, or 400 for nonsense, 401 for strangers, 503 without a database."""
        request = read(payload, headers)
        if request is None:
            return BoltResponse(status=400)
        sender = Sender(
            str(payload.get("api_app_id") or ""),
            request.context.team_id,
            request.context.enterprise_id,
        )
        try:
            if not await self.knows(sender):
                log.warning("Ignored a request for %s, which is not ours", sender)
                return BoltResponse(status=401, headers={"x-slack-no-retry": "1"})
            if payload.get("type") == "app_rate_limited":
                log.warning("Slack holds back events: more than 30,000 an hour")
                return BoltResponse(status=200)
            return await self.dispatch(request)
        except Busy:
            # Slack repeats an event that was answered 5xx, and nothing else.
            return BoltResponse(status=503)


def read(payload: dict[str, Any], headers: Mapping[str, str]) -> AsyncBoltRequest | None:
    """Bolt's request, or None where Bolt stumbles over the shape of the payload.

    The mode says that it was verified already, and keeps Bolt from parsing the body anew: there
    it would lose every command whose text has the word "payload" in it.
    """
    wanted = {k: v for k, v in headers.items() if k.lower().startswith("x-slack-retry-")}
    try:
        return AsyncBoltRequest(mode="socket_mode", body=payload, headers=dict(wanted))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
