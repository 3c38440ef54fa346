"""Where the bot is installed: whose requests are heard, and with which token they are answered."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from slack_bolt.authorization import AuthorizeResult

from bot.errors import CannotRun
from bot.gate import Sender
from bot.install.sealing import Box, WrongKey
from bot.slack import FAILURES, Slack, Trouble, reason, trouble
from store.database import Store
from store.usecases import workspaces
from store.usecases.workspaces import Identity

log = logging.getLogger(__name__)

REMEMBERED = 60.0
"""Seconds until it is seen that another copy ended an installation."""
LOOKED = 1.0
"""Seconds until a workspace that isn't known is looked for again: another copy may have made it."""
STARTING = 10.0
"""Seconds that Slack may take to say who we are."""
NEVER = float("-inf")


class NotInstalled(CannotRun):
    """Slack does not accept the bot's token, or it can't be read; the text says what to do."""


class Installed:
    """Identities by workspace, from the database; one token from the settings, or each its own,
    encrypted with `secret_key`.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        token: str | None,
        secret_key: str | None = None,
    ) -> None:
        self.store = store
        self.clock = clock
        self._token = token
        self._box = Box(secret_key) if token is None and secret_key else None
        self._known: dict[str, Identity] = {}
        self._tokens: dict[str, str] = {}
        self._shut: dict[str, str] = {}
        self._read_at = NEVER
        self._changes = 0

    async def start(self, slack: Slack, *, forget_shut: bool = False) -> None:
        """Learns from Slack who the bot is; where Slack can't be reached, from the last start.
        With `forget_shut` tokens that don't open are dropped.
        """
        await self._read()
        if self._token is None:
            if self._shut and forget_shut:
                await self.store.write(workspaces.drop_tokens, list(self._shut))
            elif self._shut and not self._known:
                raise NotInstalled(wrong_key(self.shut))
            return
        try:
            async with asyncio.timeout(STARTING):
                await self._introduce(slack, self._token)
        except FAILURES as error:
            if trouble(error) in (Trouble.LOCKED_OUT, Trouble.BAD):
                raise NotInstalled(
                    f"Slack does not accept SLACK_BOT_TOKEN ({reason(error)}). "
                    "Install the app in your workspace and copy its bot token anew."
                ) from error
            if len(self._known) != 1:
                raise NotInstalled(
                    f"Slack can't be reached ({reason(error)}), and it has to be at the first "
                    "start. Look at this machine's connection and at SLACK_API_URL."
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
            await self.store.write(workspaces.install, identity, self.clock())
        self._known = {team: identity}

    async def add(self, identity: Identity, token: str) -> None:
        """An installation by OAuth, made or renewed: all of it is kept at once, and holds here
        from now on.
        """
        if self._box is None:
            raise RuntimeError("only one workspace is served, with the token of the settings")
        sealed = self._box.seal(token, identity.workspace_id)
        kept = replace(identity, bot_token=sealed)
        await self.store.write(workspaces.install, kept, self.clock())
        self.forget()
        await self._read()

    async def _read(self) -> None:
        at, changes = time.monotonic(), self._changes
        found = await self.store.read(workspaces.identities)
        if self._token is None:
            self._tokens = self._opened(found)
            found = [one for one in found if one.workspace_id in self._tokens]
        self._known = {identity.workspace_id: identity for identity in found}
        # What ended while it was being read may still have been in it.
        self._read_at = at if changes == self._changes else NEVER

    def _opened(self, found: list[Identity]) -> dict[str, str]:
        """The tokens in the clear, kept in memory only."""
        opened, self._shut = dict[str, str](), dict[str, str]()
        for one in found:
            if one.bot_token is None or self._box is None:
                continue
            try:
                opened[one.workspace_id] = self._box.open(one.bot_token, one.workspace_id)
            except WrongKey:
                self._shut[one.workspace_id] = one.name or one.workspace_id
        if self._shut:
            log.error("%s", wrong_key(self.shut))
        return opened

    async def ready(self, workspace_id: str | None) -> None:
        """Reads the installations anew when they were read too long ago, or when this one isn't
        among them: another copy may have made it just now.
        """
        age = time.monotonic() - self._read_at
        late = age > (REMEMBERED if workspace_id in self._known else LOOKED)
        if self._token is None and late:
            await self._read()

    def forget(self) -> None:
        """An installation was made or ended: reads them anew before anything else is let in."""
        self._changes += 1
        self._read_at = NEVER

    @property
    def shut(self) -> list[str]:
        """The workspaces whose tokens SECRET_KEY does not open."""
        return list(self._shut.values())

    @property
    def workspace_ids(self) -> list[str]:
        return list(self._known)

    def bot_user_id(self, workspace_id: str) -> str:
        """Who the bot is among the people of a workspace; empty where it isn't installed."""
        known = self._known.get(workspace_id)
        return known.bot_user_id if known else ""

    async def knows(self, sender: Sender) -> bool:
        """Whether it is our app, in a workspace where it is installed."""
        await self.ready(sender.team_id)
        known = self._known.get(sender.team_id or "")
        return known is not None and known.app_id == sender.app_id

    def authorize(self, team_id: str | None) -> AuthorizeResult | None:
        """Without a call to Slack: Bolt's own would ask `auth.test` at every request. The gate has
        let through only workspaces that are known; one may have ended since.
        """
        known = self._known.get(team_id or "")
        if known is None:
            return None
        return AuthorizeResult(
            enterprise_id=None,
            team_id=known.workspace_id,
            bot_token=self.token(known.workspace_id),
            bot_id=known.bot_id,
            bot_user_id=known.bot_user_id,
        )

    def token(self, workspace_id: str) -> str:
        """Empty where the bot isn't installed: Slack then says so. The one of the settings is for
        its own workspace, whatever others the database has from before.
        """
        if self._token is None:
            return self._tokens.get(workspace_id, "")
        return self._token if workspace_id in self._known else ""


def wrong_key(names: list[str]) -> str:
    return (
        "SECRET_KEY is not the one that these workspaces' tokens were encrypted with: "
        f"{', '.join(sorted(names))}. Set the former one. If it is lost, start once with "
        "`dealthread run --forget-tokens`; each workspace then installs Dealthread anew."
    )
