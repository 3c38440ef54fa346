"""Runs a Bolt app against the strict Slack, over signed HTTP or over Socket Mode."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.server import StrictSlack


def bolt(slack: StrictSlack) -> AsyncApp:
    """A Bolt app of one workspace that talks to the strict Slack."""
    client = AsyncWebClient(slack.team.token, slack.url, retry_handlers=[])
    return AsyncApp(
        signing_secret=slack.signing_secret, client=client, process_before_response=True
    )


@asynccontextmanager
async def serving(slack: StrictSlack, app: AsyncApp) -> AsyncIterator[None]:
    """Serve an app over HTTP on a free port, and tell Slack where."""
    runner = web.AppRunner(app.web_app("/slack/events"), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    try:
        yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def connected(slack: StrictSlack, app: AsyncApp) -> AsyncIterator[None]:
    """Connect an app by one websocket."""
    handler = AsyncSocketModeHandler(app, slack.app_token, web_client=app.client)
    await handler.connect_async()
    await slack.connected()
    try:
        yield
    finally:
        await handler.close_async()


TRANSPORTS: dict[str, Callable[[StrictSlack, AsyncApp], object]] = {
    "http": serving,
    "sockets": connected,
}
