"""The whole demo: a local Slack, the adapter, the bot on a throwaway database, the sample data."""

import contextlib
import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from bot import serve
from bot.app import App
from bot.demo.adapter.edge import Adapter
from bot.demo.clock import DemoClock
from bot.demo.local_slack.local_slack import LocalSlack
from bot.demo.sample.filling import Filling
from bot.demo.workspace import Workspace
from bot.settings import GivenSettings


@dataclass(frozen=True, slots=True)
class Demo:
    """`url` is the web page of the local Slack."""

    url: str
    workspace: Workspace
    app: App
    bot: serve.Running
    clock: DemoClock

    async def fill(self, *, set_up: bool = True) -> None:
        """Weeks of sample data, before anybody acts; with the live board in the deals channel."""
        await Filling(self.app, self.clock, self.workspace).play(set_up=set_up)


@contextlib.asynccontextmanager
async def running(*, port: int = 0) -> AsyncIterator[Demo]:
    """From here to the end of the block; nothing of it is left behind."""
    clock = DemoClock()
    async with contextlib.AsyncExitStack() as parts:
        folder = Path(tempfile.mkdtemp(prefix="dealthread-demo-"))
        parts.callback(shutil.rmtree, folder, ignore_errors=True)
        slack = await parts.enter_async_context(LocalSlack.start(port=port))
        edge = await parts.enter_async_context(Adapter.start(slack))
        settings = _settings(edge, folder)
        bot = await parts.enter_async_context(serve.running(settings, clock=clock))
        await edge.bot_connected()
        yield Demo(slack.url, slack.workspace, bot.app, bot, clock)


def _settings(edge: Adapter, folder: Path) -> GivenSettings:
    return GivenSettings(
        database_url=SecretStr(f"sqlite:///{folder / 'demo.db'}"),
        slack_bot_token=SecretStr(edge.bot_token),
        slack_app_token=SecretStr(edge.app_token),
        slack_api_url=edge.api_url,
        port=0,
    )
