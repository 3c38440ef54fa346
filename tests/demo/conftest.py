"""A local Slack with the adapter and a tiny bot, or the reason why there is none."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from bot.demo.adapter.edge import Adapter
from bot.demo.local_slack.local_slack import LocalSlack, LocalSlackUnavailable, ensure_binary
from tests.conftest import lacking
from tests.demo.tiny_bot import TinyBot, running

Json = dict[str, Any]


@pytest.fixture(scope="session")
def binary() -> None:
    try:
        ensure_binary()
    except LocalSlackUnavailable as reason:
        lacking(str(reason))


@dataclass
class Hands:
    """People's hands: local-slack's control API, and the line that its browser page uses."""

    url: str
    session: aiohttp.ClientSession
    page: aiohttp.ClientWebSocketResponse

    async def command(self, words: str, *, user: str = "U01ALICE") -> None:
        command, _, text = words.partition(" ")
        body = {"channel": "C01DEALS", "user": user, "command": command, "text": text}
        await self._post("command", body)

    async def _post(self, path: str, body: Json) -> None:
        async with self.session.post(f"{self.url}/_control/{path}", json=body) as answer:
            assert answer.ok, await answer.text()

    async def messages(self, channel: str = "C01DEALS") -> list[Json]:
        async with self.session.get(f"{self.url}/_control/messages/{channel}") as answer:
            found: list[Json] = (await answer.json())["messages"]
            return found

    async def press(self, words: str, *, user: str = "U01ALICE", option: str = "") -> None:
        """Press the button, or choose the option of the menu, that shows these words."""
        for message in reversed(await self.messages()):
            for block in message.get("blocks", []):
                for element in [*block.get("elements", []), block.get("accessory", {})]:
                    action = _action(element, words, option)
                    if action:
                        action["block_id"] = block["block_id"]
                        press = {"channel": message["channel"], "messageTs": message["ts"]}
                        await self._post("interact", {**press, "user": user, "action": action})
                        return
        raise AssertionError(f"Nothing here says {words}.")

    async def submit(self, values: Json, *, user: str = "U01ALICE") -> None:
        filled = {block_id: {"answer": value} for block_id, value in values.items()}
        await self.page.send_json({"t": "view_submit", "user": user, "values": filled})

    async def shown(self, kind: str) -> Json:
        """What the page is told next of this kind: `view` (the modals) or `view_errors`."""
        async with asyncio.timeout(10):
            while True:
                said: Json = await self.page.receive_json()
                if said.get("t") == kind:
                    return said

    async def form(self) -> Json:
        stack = (await self.shown("view"))["stack"]
        top: Json = stack[-1] if stack else {}
        return top


def _action(element: Json, words: str, option: str) -> Json | None:
    base = {"type": element.get("type"), "action_id": element.get("action_id")}
    if element.get("type") == "button":
        return base | {"value": element.get("value")} if _says(element) == words else None
    if not option or words not in (_says(element, "placeholder"), element.get("action_id")):
        return None
    chosen = next(one for one in element["options"] if _says(one) == option)
    return base | {"selected_option": chosen}


def _says(thing: Json, part: str = "text") -> str:
    found = thing.get(part)
    return str(found.get("text")) if isinstance(found, dict) else ""


@pytest.fixture
async def slack(binary: None) -> AsyncIterator[LocalSlack]:
    async with LocalSlack.start() as slack:
        yield slack


@pytest.fixture
async def edge(slack: LocalSlack) -> AsyncIterator[Adapter]:
    async with Adapter.start(slack) as edge:
        yield edge


@pytest.fixture
async def bot(edge: Adapter) -> AsyncIterator[TinyBot]:
    async with running(edge) as bot:
        yield bot


@pytest.fixture
async def hands(slack: LocalSlack) -> AsyncIterator[Hands]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{slack.url}/ui", max_msg_size=0) as page,
    ):
        yield Hands(slack.url, session, page)
