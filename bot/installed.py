"""Where the bot is installed: whose requests are heard, and with which token they are answered."""

import asyncio
import base64
import hashlib
import logging
import time
from typing import Any

from slack_bolt.authorization import AuthorizeResult

from bot.errors import CannotRun
from bot.gate import Sender
from bot.slack import FAILURES, Slack, reason
from store.database import Store
from store.usecases import workspaces
from store.usecases.workspaces import Identity

log = logging.getLogger(__name__)

REMEMBERED = 60.0
"""Seconds until another copy's installations are seen."""
STARTING = 10.0
"""Seconds that Slack may take to say who we are."""


class NotInstalled(CannotRun):
    """Slack does not accept the bot's token; the text says why and what to do."""


class Installed:
    """Identities by workspace, from the database; one token from the settings, or each its own,
    encrypted with `secret_key`.
    """

    def __init__(self, store: Store, token: str | None, secret_key: str | None = None) -> None:
        self.store = store
        self.secret_key = secret_key
        self._token = token
        self._known: dict[str, Identity] = {}
        self._read_at = 0.0

    async def start(self, slack: Slack) -> None:
        """Learns from Slack who the bot is; where Slack can't be reached, from the last start."""
        await self._read()
        if self._token is None:
            return
        try:
            async with asyncio.timeout(STARTING):
                await self._introduce(slack, self._token)
        except FAILURES as error:
            if len(self._known) != 1 or reason(error) in ("invalid_auth", "account_inactive"):
                raise NotInstalled(
                    f"Slack does not accept SLACK_BOT_TOKEN ({reason(error)}). "
                    "Install the app in your workspace and copy its bot token anew."
                ) from error
            log.warning("Slack can't be reached (%s): going on as last time", reason(error))

    async def _introduce(self, slack: Slack, token: str) -> None:
        client = slack.with_token(token)
        said = await client.auth_test()
        team, bot_id = str(said["team_id"]), str(said.get("bot_id") or "")
        known = self._known.get(team)
        app_id = known.app_id if known and known.bot_id == bot_id else ""
        if not app_id:
            app_id = str((await client.bots_info(bot=bot_id))["bot"]["app_id"])
        identity = Identity(
            workspace_id=team,
            name=str(said.get("team") or ""),
            app_id=app_id,
            bot_id=bot_id,
            bot_user_id=str(said["user_id"]),
        )
        if identity != known:
            await self.store.write(workspaces.install, identity)
        self._known = {team: identity}

    async def _read(self) -> None:
        self._read_at = time.monotonic()
        found = await self.store.read(workspaces.identities)
        self._known = {identity.workspace_id: identity for identity in found}

    async def _fresh(self) -> None:
        if self._token is None and time.monotonic() - self._read_at > REMEMBERED:
            await self._read()

    def forget(self) -> None:
        """Reads the installations anew: one was made or ended."""
        self._read_at = 0.0

    @property
    def workspace_ids(self) -> list[str]:
        return list(self._known)

    async def knows(self, sender: Sender) -> bool:
        """Whether it is our app, in a workspace where it is installed."""
        await self._fresh()
        known = self._known.get(sender.team_id or "")
        return known is not None and known.app_id == sender.app_id

    def authorize(self, team_id: str | None) -> AuthorizeResult:
        """Without a call to Slack: Bolt's own would ask `auth.test` at every request. The gate has
        let through only workspaces that are known.
        """
        known = self._known[team_id or ""]
        return AuthorizeResult(
            enterprise_id=None,
            team_id=known.workspace_id,
            bot_token=self.token(known.workspace_id),
            bot_id=known.bot_id,
            bot_user_id=known.bot_user_id,
        )

    def token(self, workspace_id: str) -> str:
        if self._token is not None:
            return self._token
        known = self._known.get(workspace_id)
        if known is None or known.bot_token is None:
            return ""
        return str(self._box().decrypt(known.bot_token).decode())

    def sealed(self, token: str) -> bytes:
        """A token as it is kept."""
        return bytes(self._box().encrypt(token.encode()))

    def _box(self) -> Any:
        from cryptography.fernet import Fernet  # noqa: PLC0415 - only many workspaces need it.

        digest = hashlib.sha256((self.secret_key or "").encode()).digest()
        return Fernet(base64.urlsafe_b64encode(digest))
