"""The composition root: what the process is made of, and how the parts meet."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.catching_up import CatchingUp
from bot.delivery.delivery import Delivery
from bot.delivery.opener import Opener
from bot.delivery.whispers import Whispers
from bot.gate import Dispatch, Gate
from bot.install.installed import Installed
from bot.install.oauth import OAuth
from bot.person.directory import Directory
from bot.person.meeting import Meeting
from bot.settings import Settings
from bot.slack import Slack
from handlers import listeners
from handlers.services import Services
from store.database import Store
from store.errors import Busy

Clock = Callable[[], datetime]

GRACE = 4.0
"""Seconds that calls to Slack which are under way get when the bot stops."""


@dataclass(frozen=True, slots=True)
class App:
    """The parts of one running bot."""

    store: Store
    slack: Slack
    installed: Installed
    directory: Directory
    whispers: Whispers
    delivery: Delivery
    meeting: Meeting
    catching_up: CatchingUp
    gate: Gate
    clock: Clock
    oauth: OAuth | None

    async def close(self) -> None:
        """After the last request: what was begun is finished, then the doors are shut."""
        await asyncio.gather(self.catching_up.stop(), self.meeting.stop())
        await asyncio.gather(self.delivery.stop(GRACE), self.whispers.drain(GRACE))
        await self.slack.close()
        await asyncio.to_thread(self.store.close)


def utc_now() -> datetime:
    return datetime.now(UTC)


def build(settings: Settings, *, clock: Clock = utc_now) -> App:
    """Plugs the parts together; nothing is started and nobody is called. Needs a running loop."""
    store = Store(settings.database_url.get_secret_value())
    token, key = _secret(settings.slack_bot_token), _secret(settings.secret_key)
    installed = Installed(store, clock, token, key)
    slack = Slack(settings.slack_api_url, installed.token, installed.ready)
    directory = Directory(store, slack, clock)
    whispers = Whispers(slack)
    meeting = Meeting(store, directory)
    services = Services(
        store=store,
        directory=directory,
        open_view=Opener(slack),
        whisper=whispers,
        meet=meeting,
        clock=clock,
        installation_ended=installed.forget,
        prefix=settings.command_prefix,
    )
    bolt = _bolt(slack, installed, services)
    return App(
        store=store,
        slack=slack,
        installed=installed,
        directory=directory,
        whispers=whispers,
        delivery=Delivery(store, slack, directory, clock, prefix=settings.command_prefix),
        meeting=meeting,
        catching_up=CatchingUp(store, slack, installed, meeting, clock),
        gate=Gate(installed.knows, _dispatch(bolt)),
        clock=clock,
        oauth=_oauth(settings, store, slack, installed, clock),
    )


def _oauth(
    settings: Settings, store: Store, slack: Slack, installed: Installed, clock: Clock
) -> OAuth | None:
    client_id, client_secret = settings.slack_client_id, settings.slack_client_secret
    if client_id is None or client_secret is None:
        return None
    return OAuth(store, slack, installed, client_id, client_secret, clock)


def _secret(value: Any) -> str | None:
    return value.get_secret_value() if value else None


def _bolt(slack: Slack, installed: Installed, services: Services) -> AsyncApp:
    """Bolt as a dispatcher only: the gate has verified, and knows who we are. With
    `process_before_response` the listener runs to its end before Slack is answered, so that
    "acknowledged" means "saved".
    """

    # Bolt looks at the names of a plain function; None is an answer, though its types lack it.
    async def authorize(team_id: str | None) -> Any:
        return installed.authorize(team_id)

    app = AsyncApp(
        name="dealthread",  # Else Bolt looks for it through all modules, and so at their files.
        client=slack.with_token(None),
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
    )
    listeners.register(app, services)
    return app


def _dispatch(bolt: AsyncApp) -> Dispatch:
    """An event that failed is answered 5xx, so that Slack sends it again."""

    async def failed(error: Exception) -> BoltResponse:
        return BoltResponse(status=503 if isinstance(error, Busy) else 500)

    bolt.error(failed)
    return bolt.async_dispatch
