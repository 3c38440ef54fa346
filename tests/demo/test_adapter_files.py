"""Files that the bot uploads: local-slack takes none, so the adapter keeps them for its page."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.demo.conftest import Hands
from tests.demo.tiny_bot import TinyBot

PNG = b"\x89PNG\r\n\x1a\n and so on"


async def test_an_uploaded_picture_is_seen_in_its_message(bot: TinyBot, hands: Hands) -> None:
    place = await bot.client.files_getUploadURLExternal(filename="a.png", length=len(PNG))
    files: Any = [{"id": place["file_id"], "title": "Figures"}]
    with pytest.raises(SlackApiError, match="file_not_found"):
        await bot.client.files_completeUploadExternal(files=files)
    async with hands.session.post(str(place["upload_url"]), data=PNG) as answer:
        assert answer.status == 200
    async with hands.session.post(str(place["upload_url"]), data=PNG) as answer:
        assert answer.status == 400
    said = await bot.client.files_completeUploadExternal(files=files)
    assert said["files"][0]["filetype"] == "png"
    shown = {"type": "image", "slack_file": {"id": place["file_id"]}, "alt_text": "Won and lost"}
    await bot.client.chat_postMessage(channel="C01DEALS", text="Figures", blocks=[shown])
    (message,) = [one for one in await hands.messages() if one["text"] == "Figures"]
    drawn = message["blocks"][0]
    assert drawn["alt_text"] == "Won and lost"
    async with hands.session.get(drawn["image_url"]) as answer:
        assert (answer.content_type, await answer.read()) == ("image/png", PNG)
    sent = await bot.client.conversations_history(channel="C01DEALS")
    assert sent["messages"][0]["blocks"][0]["slack_file"] == {"id": place["file_id"]}
