"""Start and stop: database, identity, transport, delivery, jobs; SIGTERM drains."""

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot import http
from bot.afterwards import going_on
from bot.app import App, Clock, build, utc_now
from bot.errors import CannotRun
from bot.schema import prepare
from bot.settings import Settings
from bot.sockets import Sockets
from store.database import Store

log = logging.getLogger(__name__)

DRAIN = 3.0
"""Seconds to answer what was heard; calls to Slack get their own after it. A supervisor kills after
ten."""


@asynccontextmanager
async def running(
    settings: Settings, *, clock: Clock = utc_now, forget_tokens: bool = False
) -> AsyncIterator["Running"]:
    """A bot that hears and delivers, from here to the end of the block."""
    await asyncio.to_thread(prepare, settings.database_url.get_secret_value())
    app = build(settings, clock=clock)
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(app.close)
        await app.installed.start(app.slack, forget_shut=forget_tokens)
        app.delivery.start()
        sockets = await _sockets(settings, app, stack)
        port = await _http(settings, app, sockets, stack)
        await stack.enter_async_context(going_on(app))
        yield Running(app, port, sockets)


class Running:
    def __init__(self, app: App, port: int, sockets: Sockets | None) -> None:
        self.app = app
        self.port = port
        self.sockets = sockets

    async def refused(self) -> None:
        """Waits for ever over HTTP; over Socket Mode until Slack will not have us, and raises."""
        if self.sockets is None:
            await asyncio.Event().wait()
        else:
            await self.sockets.refused()


async def _sockets(
    settings: Settings, app: App, stack: contextlib.AsyncExitStack
) -> Sockets | None:
    if settings.slack_app_token is None:
        return None
    token = settings.slack_app_token.get_secret_value()
    sockets = Sockets(app.gate, app.slack.with_token(token), token)
    app.catching_up.connected = lambda: sockets.ready
    await sockets.start()
    stack.push_async_callback(sockets.stop, DRAIN)
    return sockets


async def _http(
    settings: Settings, app: App, sockets: Sockets | None, stack: contextlib.AsyncExitStack
) -> int:
    """The web front, in both modes; the port it listens on."""
    probes: dict[str, http.Probe] = {"database": lambda: _reaches(app.store)}
    if sockets is not None:
        probes["slack"] = _holds(lambda: sockets.ready)
    inbound = None
    if sockets is None and settings.slack_signing_secret is not None:
        secret = settings.slack_signing_secret.get_secret_value()
        signature = http.Signature(secret, lambda: app.clock().timestamp())
        inbound = http.Inbound(app.gate, signature)
    front = http.create(http.Health(probes, lambda: _told(app)), inbound, app.oauth)
    runner = web.AppRunner(front, access_log=None, shutdown_timeout=DRAIN)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    site = web.TCPSite(runner, settings.host, settings.port)
    try:
        await site.start()
    except OSError as error:
        raise CannotRun(
            f"Can't listen on {settings.host}, port {settings.port}: {error.strerror}. "
            "Set HOST and PORT to what is free."
        ) from error
    return int(runner.addresses[0][1])


def _told(app: App) -> tuple[bytes, str]:
    from bot.upkeep.metrics import exposition  # noqa: PLC0415 - loaded when somebody asks for it.

    return exposition(app.store, app.clock)


async def _reaches(store: Store) -> bool:
    return await store.read(_one) == 1


def _one(session: Session) -> int:
    return int(session.execute(text("SELECT 1")).scalar_one())


def _holds(is_so: Callable[[], bool]) -> http.Probe:
    async def probe() -> bool:
        return is_so()

    return probe


async def serve(settings: Settings, *, forget_tokens: bool = False) -> None:
    """Runs until SIGTERM or Ctrl-C, then finishes what was begun."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    async with running(settings, forget_tokens=forget_tokens) as bot:
        how = "Socket Mode" if bot.sockets else f"HTTP on port {bot.port}"
        log.info("Dealthread is ready, over %s", how)
        keep_what_is_loaded()
        refused = asyncio.create_task(bot.refused())
        asked = asyncio.create_task(stopping.wait())
        done, waiting = await asyncio.wait({refused, asked}, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        log.info("Stopping")
    for task in done:
        task.result()


def keep_what_is_loaded() -> None:
    """Modules and parts stay as long as the process: the garbage collector need not look through
    them again and again, which would stop everything for a tenth of a second. Not even once: what
    the start left behind is little, and whoever waits for the bot would wait for that.
    """
    gc.freeze()
    gc.enable()
