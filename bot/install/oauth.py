"""Many workspaces: each installs the bot by itself, by OAuth (docs.slack.dev/authentication)."""

import base64
import hmac
import html
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urljoin

from aiohttp import web
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError

from bot import manifest
from bot.install.installed import Installed
from bot.manifest import REDIRECT_PATH
from bot.slack import FAILURES, Slack, Trouble, reason, trouble
from store.database import Store
from store.errors import Busy
from store.usecases import installations
from store.usecases.workspaces import Identity

log = logging.getLogger(__name__)

INSTALL_PATH = "/slack/install"
COOKIE = "__Host-dealthread-install"
"""The prefix binds it to this very host, over HTTPS (RFC 6265bis, 4.1.3.2)."""
STATE_BYTES = 32
STATE_MAX = 100

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",  # The address has the code in it.
    "X-Content-Type-Options": "nosniff",
}
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Dealthread</title>
<body style="font:16px/1.5 system-ui;max-width:34em;margin:4em auto;padding:0 1em">
<h1 style="font-size:1.3em">{title}</h1><p>{words}</p><p><a href="{href}">{link}</a></p>
"""


class NotMade(Exception):
    """The installation did not come about; the text is for the page."""


@dataclass(frozen=True, slots=True)
class OAuth:
    """`GET /slack/install` sends people to Slack, which sends them back with a code; the code is
    exchanged for the workspace's token. Neither is ever logged or shown.
    """

    store: Store
    slack: Slack
    installed: Installed
    client_id: str
    client_secret: SecretStr
    clock: Callable[[], datetime]

    async def install(self, _request: web.Request) -> web.Response:
        state = secrets.token_urlsafe(STATE_BYTES)
        try:
            await self.store.write(installations.begin, state, self.clock())
        except Busy:
            return _page("Not just now", "The database can't be reached. Try again in a minute.")
        scopes = ",".join(sorted(manifest.scopes()))
        asked = {"client_id": self.client_id, "scope": scopes, "state": state}
        there = urljoin(self.slack.base_url, "/oauth/v2/authorize")
        headers = _HEADERS | {"Location": f"{there}?{urlencode(asked)}"}
        response = web.Response(status=302, headers=headers)
        _set_cookie(response, state, int(installations.LIFETIME.total_seconds()))
        return response

    async def redirect(self, request: web.Request) -> web.Response:
        """Where Slack sends people back: with a code, or with why there is none."""
        try:
            identity = await self._finish(request.query, request.cookies)
        except NotMade as error:
            response = _page("Dealthread was not installed", str(error))
        except Busy:
            response = _page(
                "Dealthread was not installed",
                "The database can't be reached, so nothing was kept. Try again in a minute.",
                status=503,
            )
        else:
            response = _installed(self.slack.base_url, identity)
        _set_cookie(response, "", 0)
        return response

    async def _finish(self, query: Mapping[str, str], cookies: Mapping[str, str]) -> Identity:
        await self._must_be_expected(query.get("state", ""), cookies.get(COOKIE, ""))
        if query.get("error"):
            raise NotMade(_refused(query["error"]))
        if not query.get("code"):
            raise NotMade("Slack sent no code. Start again.")
        try:
            identity, token = await self._exchange(query["code"])
        except FAILURES as error:
            log.warning("An installation failed: %s", reason(error))
            raise NotMade(_failed(error)) from None
        await self.installed.add(identity, token)
        log.info("Installed in %s (%s)", identity.name, identity.workspace_id)
        return identity

    async def _must_be_expected(self, state: str, cookie: str) -> None:
        """It must have been begun in this very browser, lately, and end for the first time: else
        somebody could have a person finish an installation that is not theirs.
        """
        # As bytes: comparing strings raises on the first letter that is not ASCII.
        same = hmac.compare_digest(state.encode(errors="replace"), cookie.encode(errors="replace"))
        if not state or len(state) > STATE_MAX or not same:
            raise NotMade("This wasn't begun in this browser, or long ago. Start again.")
        if not await self.store.write(installations.end, state, self.clock()):
            raise NotMade("This was finished before, or begun more than ten minutes ago.")

    async def _exchange(self, code: str) -> tuple[Identity, str]:
        said = await _access(
            self.slack, self.client_id, self.client_secret.get_secret_value(), code
        )
        team: Mapping[str, Any] = said.get("team") or {}
        if said.get("is_enterprise_install") or not team.get("id"):
            raise NotMade("Install it in a single workspace, not in the whole organisation.")
        if said.get("refresh_token"):
            raise NotMade(
                "This app's tokens expire, which can't be turned off again. Its maker has to make "
                "it anew from the manifest, where token rotation is off."
            )
        token = str(said.get("access_token") or "")
        if not token:
            raise NotMade("Slack sent no token for a bot. Start again.")
        # The answer doesn't say which bot it is.
        bot = await self.slack.with_token(token).auth_test()
        return Identity(
            workspace_id=str(team["id"]),
            name=str(team.get("name") or ""),
            app_id=str(said.get("app_id") or ""),
            bot_id=str(bot.get("bot_id") or ""),
            bot_user_id=str(said.get("bot_user_id") or bot["user_id"]),
        ), token


async def _access(slack: Slack, client_id: str, client_secret: str, code: str) -> Any:
    # Not by the SDK's own method, which gives the client in a way that aiohttp deprecates.
    client = f"{client_id}:{client_secret}".encode()
    basic = {"Authorization": f"Basic {base64.b64encode(client).decode()}"}
    return await slack.with_token(None).api_call(
        "oauth.v2.access", data={"code": code}, headers=basic
    )


async def client_known(slack: Slack, client_id: str, client_secret: str) -> bool:
    """Whether Slack accepts this client: then it is the code that is wrong."""
    try:
        await _access(slack, client_id, client_secret, "none")
    except SlackApiError as error:
        if reason(error) in ("invalid_code", "code_already_used"):
            return True
        if trouble(error) is not Trouble.BAD:
            raise
    return False


def add_routes(router: web.UrlDispatcher, oauth: OAuth) -> None:
    """Without HEAD, by which programs look at links before people do."""
    router.add_get(INSTALL_PATH, oauth.install, allow_head=False)
    router.add_get(REDIRECT_PATH, oauth.redirect, allow_head=False)


def _set_cookie(response: web.Response, value: str, max_age: int) -> None:
    response.set_cookie(
        COOKIE, value, max_age=max_age, path="/", secure=True, httponly=True, samesite="Lax"
    )


def _refused(error: str) -> str:
    """What Slack's `error` means, which comes instead of a code."""
    if error == "access_denied":
        return "It was not allowed in Slack, so nothing was changed. You can start again."
    return "Slack did not allow it. Ask an admin of your workspace to install it."


def _failed(error: BaseException) -> str:
    said = reason(error)
    if said in ("invalid_code", "code_already_used"):
        return "Slack's code was too old or used before. Start again."
    if said in ("bad_client_secret", "invalid_client_id", "bad_redirect_uri"):
        return (
            f"Slack does not accept this Dealthread ({said}). Whoever runs it should look at "
            "SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and the app's Redirect URLs."
        )
    if trouble(error) in (Trouble.WAIT, Trouble.MAYBE, Trouble.NOT_SENT):
        return "Slack can't be reached just now. Start again in a minute."
    return "Slack did not give its token. Start again."


def _installed(base_url: str, identity: Identity) -> web.Response:
    asked = urlencode({"app": identity.app_id, "team": identity.workspace_id})
    return _page(
        f"Dealthread is installed in {identity.name}",
        "Type /dealthread in Slack to begin.",
        status=200,
        href=f"{urljoin(base_url, '/app_redirect')}?{asked}",
        link="Open Slack",
    )


def _page(
    title: str,
    words: str,
    *,
    status: int = 400,
    href: str = INSTALL_PATH,
    link: str = "Start again",
) -> web.Response:
    shown = {"title": title, "words": words, "href": href, "link": link}
    text = _PAGE.format(**{name: html.escape(value) for name, value in shown.items()})
    return web.Response(status=status, text=text, content_type="text/html", headers=_HEADERS)
