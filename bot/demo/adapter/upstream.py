"""Calls to local-slack: its Web API, its control API, its response addresses, its browser line."""

import aiohttp

from bot.demo.adapter.text import Json
from bot.demo.workspace import Workspace

# A press that nobody made: its envelope carries an address through which a message can be
# replaced without being marked as edited.
HOOK_ACTION = "demo.hook"


class Upstream:
    def __init__(self, url: str, workspace: Workspace, session: aiohttp.ClientSession) -> None:
        self.url = url
        self._workspace = workspace
        self._session = session

    async def call(self, method: str, args: Json, *, app: bool = False) -> Json:
        token = self._workspace.app_token if app else self._workspace.bot_token
        return await self._post(f"/api/{method}", args, {"Authorization": f"Bearer {token}"})

    async def socket(self) -> aiohttp.ClientWebSocketResponse:
        opened = await self.call("apps.connections.open", {}, app=True)
        return await self._session.ws_connect(opened["url"], max_msg_size=0)

    async def replace(self, hook: str, message: Json) -> None:
        async with self._session.post(hook, json={"replace_original": True, **message}) as answer:
            answer.raise_for_status()

    async def ask_for_hook(self, channel: str, ts: str) -> None:
        action = {"type": "button", "action_id": HOOK_ACTION, "block_id": HOOK_ACTION}
        person = self._workspace.people[0].id
        press = {"channel": channel, "messageTs": ts, "user": person, "action": action}
        await self._post("/_control/interact", press, {})

    async def close_modal(self, person: str) -> None:
        """There is no call that closes a modal, so it is closed as the browser would."""
        async with self._session.ws_connect(f"{self.url}/ui", max_msg_size=0) as browser:
            await browser.send_json({"t": "view_close", "user": person})

    async def _post(self, path: str, body: Json, headers: dict[str, str]) -> Json:
        async with self._session.post(self.url + path, json=body, headers=headers) as answer:
            told: Json = await answer.json()
            return told
