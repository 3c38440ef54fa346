"""Threads of the strict Slack: what people write there, what the app is told and may read."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.person import Person
from tests.slack.server import StrictSlack
from tests.slack.world import Channel, Message

SCOPES = ["channels:history", "groups:history", "im:history", "app_mentions:read"]


@pytest.fixture
async def slack() -> AsyncIterator[StrictSlack]:
    """Nobody listens: what is sent to the app is looked at here."""
    async with StrictSlack(SCOPES) as it:
        it.event_retries = ()
        it.http("http://127.0.0.1:9/")
        yield it


@pytest.fixture
def alice(slack: StrictSlack) -> Person:
    return slack.person("Alice Johnson")


@pytest.fixture
def deals(slack: StrictSlack, alice: Person) -> Channel:
    return slack.channel("deals", members=[alice, slack.bot])


def events(slack: StrictSlack) -> list[dict[str, Any]]:
    return [one.payload["event"] for one in slack.deliveries]


async def test_a_reply_with_files_is_told_with_their_links(
    slack: StrictSlack, alice: Person, deals: Channel
) -> None:
    parent = await alice.say("hello", deals)
    await alice.say("see these", thread=parent, files=["quote.pdf", "plan.xlsx"])
    event = events(slack)[-1]
    assert (event["subtype"], event["thread_ts"]) == ("file_share", parent.ts)
    assert [one["name"] for one in event["files"]] == ["quote.pdf", "plan.xlsx"]
    assert event["files"][0]["permalink"].endswith("/quote.pdf")
    assert [one.text for one in deals.top()] == ["hello"]


async def test_a_reply_that_is_also_sent_to_the_channel_is_one_message(
    slack: StrictSlack, alice: Person, deals: Channel
) -> None:
    parent = await alice.say("hello", deals)
    reply = await alice.say("for all", thread=parent, also=True)
    event = events(slack)[-1]
    assert (event["subtype"], event["root"]["ts"]) == ("thread_broadcast", parent.ts)
    assert deals.top() == [parent, reply]
    assert parent.replies == [reply]


async def test_a_link_that_is_shown_comes_as_a_change_without_an_edit(
    slack: StrictSlack, alice: Person, deals: Channel
) -> None:
    said = await alice.say("<https://example.com>", deals)
    await slack.events.unfurled(said, "Example")
    event = events(slack)[-1]
    assert event["subtype"] == "message_changed"
    assert event["message"]["text"] == event["previous_message"]["text"]
    assert "edited" not in event["message"]
    assert event["message"]["attachments"][0]["title"] == "Example"


async def test_an_edit_and_a_deletion_carry_what_was_there(
    slack: StrictSlack, alice: Person, deals: Channel
) -> None:
    parent = await alice.say("hello", deals)
    reply = await alice.say("one", thread=parent)
    await alice.edit(reply, "two")
    await alice.delete(reply)
    changed, gone = events(slack)[-2:]
    assert (changed["previous_message"]["text"], changed["message"]["text"]) == ("one", "two")
    assert changed["message"]["edited"]["user"] == alice.id
    assert (gone["deleted_ts"], gone["previous_message"]["text"]) == (reply.ts, "two")
    assert gone["previous_message"]["thread_ts"] == parent.ts


@pytest.fixture
def client(slack: StrictSlack) -> AsyncWebClient:
    return AsyncWebClient(slack.team.token, slack.url, retry_handlers=[])


async def thread(alice: Person, deals: Channel, count: int) -> tuple[Message, list[Message]]:
    parent = await alice.say("hello", deals)
    return parent, [await alice.say(f"reply {at}", thread=parent) for at in range(count)]


async def test_replies_are_read_page_by_page_from_a_moment_on(
    client: AsyncWebClient, alice: Person, deals: Channel
) -> None:
    parent, replies = await thread(alice, deals, 7)
    asked: dict[str, Any] = {"channel": deals.id, "ts": parent.ts, "oldest": replies[1].ts}
    first = await client.conversations_replies(**asked, limit=4)
    assert [one["text"] for one in first["messages"]] == ["hello", "reply 2", "reply 3", "reply 4"]
    assert first["has_more"]
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_replies(**asked, limit=4, cursor=cursor)
    assert [one["text"] for one in second["messages"]] == ["reply 5", "reply 6"]
    assert not second["has_more"]


async def refusal(client: AsyncWebClient, channel: Channel, ts: str) -> str:
    with pytest.raises(SlackApiError) as caught:
        await client.conversations_replies(channel=channel.id, ts=ts)
    return str(caught.value.response["error"])


async def test_replies_are_refused_where_the_bot_may_not_read(
    slack: StrictSlack, client: AsyncWebClient, alice: Person, deals: Channel
) -> None:
    parent, _ = await thread(alice, deals, 1)
    assert await refusal(client, deals, "1700000000.000001") == "thread_not_found"
    slack.grant(slack.team, frozenset({"groups:history"}))
    assert await refusal(client, deals, parent.ts) == "missing_scope"
    slack.grant(slack.team, frozenset(SCOPES))
    await alice.remove(slack.bot, deals)
    assert await refusal(client, deals, parent.ts) == "not_in_channel"
    slack.faults.always("conversations.replies", error="not_allowed_token_type")
    assert await refusal(client, deals, parent.ts) == "not_allowed_token_type"
