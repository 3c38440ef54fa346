"""A process for what is measured: the bot, the bot without what comes after, or an empty Bolt.

`python -m tests.bench.server WHICH SETTINGS` prints its port; then, for each line that it reads,
the seconds of CPU that it has used, and for the line "parts" where the time of its clicks went.
"""

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web


@asynccontextmanager
async def _listening(app: web.Application) -> AsyncIterator[int]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield int(runner.addresses[0][1])
    await runner.cleanup()


@asynccontextmanager
async def bolt(given: dict[str, Any], *, process_before_response: bool) -> AsyncIterator[int]:
    """An empty listener as Bolt's documentation starts one."""
    from slack_bolt.async_app import AsyncApp  # noqa: PLC0415 - Each process loads its own.
    from slack_sdk.web.async_client import AsyncWebClient  # noqa: PLC0415

    token = given["slack_bot_token"]
    app = AsyncApp(
        signing_secret=given["slack_signing_secret"],
        client=AsyncWebClient(token, base_url=given["slack_api_url"]),
        process_before_response=process_before_response,
    )

    @app.action(re.compile(".*"))
    async def empty(ack: Callable[..., Any]) -> None:
        await ack()

    async with _listening(app.web_app("/slack/events")) as port:
        yield port


@asynccontextmanager
async def bot(given: dict[str, Any]) -> AsyncIterator[int]:
    """All of it: delivery, private words and jobs go on."""
    from bot.serve import keep_what_is_loaded, running  # noqa: PLC0415
    from bot.settings import GivenSettings  # noqa: PLC0415

    async with running(GivenSettings(**given)) as working:
        keep_what_is_loaded()
        yield working.port


@asynccontextmanager
async def clicks(given: dict[str, Any]) -> AsyncIterator[int]:
    """The click alone, to its acknowledgement: nothing is delivered, no private word is told."""
    from bot import http  # noqa: PLC0415
    from bot.app import build  # noqa: PLC0415
    from bot.delivery.whispers import Whispers  # noqa: PLC0415
    from bot.serve import keep_what_is_loaded  # noqa: PLC0415
    from bot.settings import GivenSettings  # noqa: PLC0415

    Whispers.__call__ = lambda *_: None  # type: ignore[method-assign]
    settings = GivenSettings(**given)
    app = build(settings)
    await app.installed.start(app.slack)
    signature = http.Signature(given["slack_signing_secret"], lambda: app.clock().timestamp())
    health = http.Health({}, lambda: (b"", "text/plain"))
    front = http.create(health, http.Inbound(app.gate, signature))
    async with _listening(front) as port:
        keep_what_is_loaded()
        yield port
    await app.close()


@asynccontextmanager
async def parts(given: dict[str, Any]) -> AsyncIterator[int]:
    """The same, with a watch on each part of the way."""
    from tests.bench import watch  # noqa: PLC0415

    watch.install()
    async with clicks(given) as port:
        yield port


WHICH: dict[str, Callable[[dict[str, Any]], Any]] = {
    "bolt": lambda given: bolt(given, process_before_response=False),
    "bolt-first": lambda given: bolt(given, process_before_response=True),
    "bot": bot,
    "clicks": clicks,
    "parts": parts,
}


async def main(which: str, given: dict[str, Any]) -> None:
    import time  # noqa: PLC0415

    from tests.bench import watch  # noqa: PLC0415

    async with WHICH[which](given) as port:
        print(port, flush=True)  # noqa: T201
        while line := await asyncio.to_thread(sys.stdin.readline):
            said = watch.SPENT if line.startswith("parts") else time.process_time()
            print(json.dumps(said), flush=True)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))
