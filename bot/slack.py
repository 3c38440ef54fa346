"""Calls to Slack's Web API: one connection pool, no hidden retries, and what a refusal means."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import Enum

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

CALL = 8.0
"""Seconds that a call from delivery may take."""


class Slack:
    """Clients by workspace on one shared session, with that session's own timeout: given a
    session, slack_sdk ignores the timeout of its clients. `retry_handlers=[]`, because the SDK's
    default posts a second time when an answer is lost.
    """

    def __init__(
        self, base_url: str, token: Callable[[str], str], ready: Callable[[str], Awaitable[None]]
    ) -> None:
        self.base_url = base_url
        self.token = token
        self.ready = ready
        """Makes sure that the token of a workspace is known; another copy may have got it."""
        self._session: aiohttp.ClientSession | None = None
        self._clients: dict[str, AsyncWebClient] = {}

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=CALL))
        return self._session

    def client(self, workspace_id: str) -> AsyncWebClient:
        token = self.token(workspace_id)
        known = self._clients.get(workspace_id)
        if known is None or known.token != token:
            known = self.with_token(token)
            self._clients[workspace_id] = known
        return known

    def with_token(self, token: str | None) -> AsyncWebClient:
        return AsyncWebClient(
            token, base_url=self.base_url, session=self.session, retry_handlers=[]
        )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


class Trouble(Enum):
    """What a failed call means for what was to be shown."""

    WAIT = "wait"  # 429: again after the time that Slack names.
    MAYBE = "maybe"  # It may have arrived: the answer was lost, or Slack is not sure itself.
    NOT_SENT = "not sent"  # It did not leave this machine.
    GONE = "gone"  # The message to update is not there any more.
    THREAD = "thread"  # The message to reply to is not there any more.
    PLACE = "place"  # It can't be posted there.
    LOCKED_OUT = "locked out"  # The token or its scopes: nothing works until somebody mends that.
    BAD = "bad"  # Slack won't have it as it is: our mistake.


# docs.slack.dev/reference/methods/chat.postMessage and chat.update, under "Errors".
_GONE = {"message_not_found", "cant_update_message", "edit_window_closed", "message_deleted"}
_THREAD = {"cannot_reply_to_message", "thread_not_found", "invalid_thread_ts"}
_PLACE = {
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "is_inactive",
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "restricted_action_non_threadable_channel",
    "restricted_action_thread_locked",
    "no_permission",
    "posting_to_general_channel_denied",
    "messages_tab_disabled",
    "cannot_dm_bot",
    "user_disabled",
    "user_not_found",
    "user_not_visible",
    "method_not_supported_for_channel_type",
    "team_access_not_granted",
}
_LOCKED_OUT = {
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "missing_scope",
    "access_denied",
    "org_login_required",
    "ekm_access_denied",
}
_MAYBE = {
    "fatal_error",
    "internal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
}
_WAIT = {"ratelimited", "rate_limited"}
_MEANING = (
    (_WAIT, Trouble.WAIT),
    (_GONE, Trouble.GONE),
    (_THREAD, Trouble.THREAD),
    (_PLACE, Trouble.PLACE),
    (_LOCKED_OUT, Trouble.LOCKED_OUT),
    (_MAYBE, Trouble.MAYBE),
)
SERVER_ERROR = 500
TOO_MANY = 429

FAILURES = (SlackApiError, aiohttp.ClientError, TimeoutError, asyncio.TimeoutError, OSError)
"""What a call can raise."""


def trouble(error: BaseException) -> Trouble:
    """Sorts a failure by what is to be done about it."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return Trouble.NOT_SENT
    if not isinstance(error, SlackApiError):
        return Trouble.MAYBE
    status = getattr(error.response, "status_code", None)
    if status == TOO_MANY:
        return Trouble.WAIT
    said = _said(error)
    if said is None or (status or 0) >= SERVER_ERROR:
        return Trouble.MAYBE
    return next((meaning for words, meaning in _MEANING if said in words), Trouble.BAD)


def reason(error: BaseException) -> str:
    """The error's own word, for logs and for deciding."""
    if not isinstance(error, SlackApiError):
        return type(error).__name__
    return _said(error) or "unreadable_answer"


def _said(error: SlackApiError) -> str | None:
    """Slack's word for it; None when the answer isn't Slack's JSON, but a proxy's page, or
    nothing: slack_sdk then raises with whatever it has.
    """
    data = getattr(error.response, "data", None)
    return str(data.get("error", "unknown")) if isinstance(data, dict) else None


def retry_after(error: BaseException) -> float:
    """Seconds that Slack asks to wait; one where it doesn't say."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    said = headers.get("Retry-After") or headers.get("retry-after") or "1"
    said = said[0] if isinstance(said, list) else said
    return float(said) if str(said).replace(".", "", 1).isdigit() else 1.0
