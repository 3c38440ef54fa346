"""Socket Mode of the strict Slack: tickets, several connections, acknowledgements."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.bots import bolt, connected
from tests.slack.person import Person
from tests.slack.reading import text
from tests.slack.server import StrictSlack
from tests.slack.world import Channel


@pytest.fixture
async def slack() -> AsyncIterator[StrictSlack]:
    async with StrictSlack(["chat:write", "commands", "im:history"]) as it:
        yield it


@pytest.fixture
def alice(slack: StrictSlack) -> Person:
    return slack.person("Alice Johnson")


@pytest.fixture
def deals(slack: StrictSlack, alice: Person) -> Channel:
    return slack.channel("deals", members=[alice, slack.bot])


def counting(app: AsyncApp) -> list[str]:
    """Note each command by its text."""
    seen: list[str] = []

    @app.command("/opp")
    async def opp(ack: Any, body: Any) -> None:
        seen.append(body["text"])
        await ack()

    return seen


async def test_each_envelope_goes_to_one_of_several_sockets(
    slack: StrictSlack, alice: Person, deals: Channel
) -> None:
    one, two = bolt(slack), bolt(slack)
    first, second = counting(one), counting(two)
    async with connected(slack, one), connected(slack, two):
        await slack.connected(2)
        for number in range(4):
            await alice.command(f"/opp {number}", deals)
    assert sorted([*first, *second]) == ["0", "1", "2", "3"]
    assert len(first) == len(second) == 2
    assert slack.violations == []


async def test_an_app_comes_back_after_a_disconnect(
    slack: StrictSlack, alice: Person, deals: Channel
) -> None:
    app = bolt(slack)
    seen = counting(app)
    async with connected(slack, app):
        old = slack.sockets.open[0]
        await slack.sockets.disconnect(close=False)
        await slack.until(lambda: slack.sockets.open and old not in slack.sockets.open, "again")
        await alice.command("/opp again", deals)
    assert seen == ["again"]
    assert len(slack.calls("apps.connections.open")) == 2


async def connect(slack: StrictSlack, session: aiohttp.ClientSession) -> Any:
    client = AsyncWebClient(slack.app_token, slack.url)
    url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
    return url, await session.ws_connect(url)


async def test_sockets_are_strict(slack: StrictSlack, alice: Person, deals: Channel) -> None:
    async with aiohttp.ClientSession() as session:
        url, socket = await connect(slack, session)
        assert (await socket.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
        await socket.send_str("ok")
        await socket.send_json({"envelope_id": "unknown"})
        await slack.until(lambda: len(slack.violations) == 2, "two violations")
        slack.ack_seconds = 0.2
        asked = asyncio.create_task(alice.command("/opp", deals))
        envelope = await socket.receive_json()
        assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
        await asked
        assert "not acknowledged" in slack.violations[2]
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await slack.until(lambda: len(slack.violations) == 4, "a late acknowledgement")
        await slack.sockets.cut()
        assert "operation_timeout" in text(await alice.command("/opp", deals))


async def test_ten_sockets_and_no_more(slack: StrictSlack) -> None:
    async with aiohttp.ClientSession() as session:
        kept = [await connect(slack, session) for _ in range(10)]
        assert len(kept) == len(slack.sockets.open)
        _, socket = await connect(slack, session)
        assert (await socket.receive_json())["reason"] == "too_many_websockets"


async def test_app_tokens_open_connections_and_bot_tokens_do_not(slack: StrictSlack) -> None:
    client = AsyncWebClient(slack.team.token, slack.url)
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        await client.apps_connections_open(app_token=slack.team.token)


async def test_events_that_are_not_acknowledged_come_again(
    slack: StrictSlack, alice: Person
) -> None:
    slack.ack_seconds, slack.event_retries = 0.2, (0.0,)
    async with aiohttp.ClientSession() as session:
        _, socket = await connect(slack, session)
        await socket.receive_json()
        said = asyncio.create_task(alice.say("hello"))
        first = await socket.receive_json()
        slack.ack_seconds = 3.0
        second = await socket.receive_json()
        await socket.send_json({"envelope_id": second["envelope_id"]})
        await said
        await slack.settled()
    assert first["payload"] == second["payload"]
    assert first["envelope_id"] != second["envelope_id"]
    assert (first["retry_attempt"], second["retry_attempt"]) == (0, 1)
    assert second["retry_reason"] == "http_timeout"
    assert slack.deliveries[-1].ack
    assert slack.deliveries[-1].ack.ok
