"""The strict Slack's files v2: addresses for once, lengths, types that come late, blocks."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.server import StrictSlack
from tests.test_slack_api import refused

PNG = b"\x89PNG\r\n\x1a\n and so on"


@pytest.fixture
async def slack() -> AsyncIterator[StrictSlack]:
    async with StrictSlack(["chat:write", "files:write"], events=[]) as it:
        yield it


@pytest.fixture
def client(slack: StrictSlack) -> AsyncWebClient:
    return AsyncWebClient(slack.team.token, slack.url, retry_handlers=[])


async def put(url: str, data: bytes) -> int:
    async with aiohttp.ClientSession() as session, session.post(url, data=data) as said:
        return said.status


def shown(file_id: str) -> list[dict[str, Any]]:
    return [{"type": "image", "slack_file": {"id": file_id}, "alt_text": "A picture"}]


async def test_an_upload_from_address_to_block(slack: StrictSlack, client: AsyncWebClient) -> None:
    channel = slack.channel("deals", members=[slack.bot])
    place = await client.files_getUploadURLExternal(
        filename="a.png", length=len(PNG), alt_txt="All"
    )
    url, file_id = place["upload_url"], place["file_id"]
    files: Any = [{"id": file_id, "title": "A"}]
    assert await refused(client.files_completeUploadExternal(files=files)) == "file_not_found"
    assert await put(url, PNG) == 200
    said = await client.files_completeUploadExternal(files=files)
    assert said["files"][0]["filetype"] == ""
    post = client.chat_postMessage
    blocks = shown(file_id)
    assert await refused(post(channel=channel.id, text="A", blocks=blocks)) == "invalid_blocks"
    said = await client.files_completeUploadExternal(files=files)
    assert said["files"][0]["filetype"] == "png"
    await post(channel=channel.id, text="A", blocks=blocks)
    assert slack.files.all[file_id].data == PNG
    assert slack.violations == []


async def test_an_address_is_good_once_and_for_its_length(
    slack: StrictSlack, client: AsyncWebClient
) -> None:
    first = await client.files_getUploadURLExternal(filename="a.png", length=len(PNG))
    assert await put(first["upload_url"], PNG) == 200
    assert await put(first["upload_url"], PNG) == 404
    second = await client.files_getUploadURLExternal(filename="a.png", length=3)
    assert await put(second["upload_url"], PNG) == 400
    assert len(slack.violations) == 2


async def test_what_is_refused(slack: StrictSlack, client: AsyncWebClient) -> None:
    place = client.files_getUploadURLExternal
    assert await refused(place(filename="a.png", length=0)) == "invalid_arguments"
    long = place(filename="a.png", length=1, alt_txt="x" * 1001)
    assert await refused(long) == "alt_txt_too_large"
    poor = slack.workspace("Poor", scopes=["chat:write"])
    other = AsyncWebClient(poor.token, slack.url, retry_handlers=[])
    refusal = other.files_getUploadURLExternal(filename="a.png", length=1)
    assert await refused(refusal) == "missing_scope"


async def test_only_images_of_the_bots_own_stand_in_blocks(
    slack: StrictSlack, client: AsyncWebClient
) -> None:
    channel = slack.channel("deals", members=[slack.bot])
    slack.files.looks = 0
    place = await client.files_getUploadURLExternal(filename="a.txt", length=5)
    await put(place["upload_url"], b"hello")
    files: Any = [{"id": place["file_id"]}]
    assert (await client.files_completeUploadExternal(files=files))["files"][0]["filetype"]
    for file_id in (place["file_id"], "F0NOSUCHFILE", "x"):
        said = client.chat_postMessage(channel=channel.id, text="A", blocks=shown(file_id))
        assert await refused(said) == "invalid_blocks"
    both = [{**shown("F0123456789")[0], "image_url": "https://example.com/a.png"}]
    said = client.chat_postMessage(channel=channel.id, text="A", blocks=both)
    assert await refused(said) == "invalid_blocks"
