"""How the strict Slack delivers: signatures, 3 seconds, retries, faults, response_url."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.bots import bolt, serving
from tests.slack.clock import Clock
from tests.slack.person import Person
from tests.slack.reading import text
from tests.slack.server import StrictSlack
from tests.slack.world import Channel

Json = dict[str, Any]
SCOPES = [
    "chat:write", "commands", "channels:history", "im:history", "app_mentions:read",
    "users:read", "channels:read",
]  # fmt: skip


class Raw:
    """An app without Bolt, that answers as a test says and remembers what it got."""

    def __init__(self) -> None:
        self.got: list[tuple[Any, bytes]] = []
        self.status, self.body, self.wait = 200, "", 0.0
        self.headers: dict[str, str] = {}

    async def handle(self, request: web.Request) -> web.Response:
        self.got.append((request.headers, await request.read()))
        await asyncio.sleep(self.wait)
        return web.Response(status=self.status, text=self.body, headers=self.headers)

    def events(self) -> list[Json]:
        return [json.loads(body) for _, body in self.got]


@pytest.fixture
async def slack() -> AsyncIterator[StrictSlack]:
    async with StrictSlack(SCOPES) as it:
        it.event_retries = (0, 0.01, 0.02)
        yield it


@pytest.fixture
async def raw(slack: StrictSlack) -> AsyncIterator[Raw]:
    app, it = web.Application(), Raw()
    app.router.add_post("/", it.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.http(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    yield it
    await runner.cleanup()


@pytest.fixture
def alice(slack: StrictSlack) -> Person:
    return slack.person("Alice Johnson")


@pytest.fixture
def deals(slack: StrictSlack, alice: Person) -> Channel:
    return slack.channel("deals", members=[alice, slack.bot])


async def test_requests_are_signed(
    slack: StrictSlack, raw: Raw, alice: Person, deals: Channel
) -> None:
    await alice.command("/opp new", deals)
    headers, body = raw.got[0]
    assert SignatureVerifier(slack.signing_secret).is_valid_request(body, dict(headers))
    assert b"trigger_id=" in body
    assert b"is_enterprise_install=false" in body


async def test_a_command_that_is_not_acknowledged_fails_for_its_person(
    slack: StrictSlack, raw: Raw, alice: Person, deals: Channel
) -> None:
    raw.wait, slack.ack_seconds = 5, 0.2
    seen = await alice.command("/opp", deals)
    assert "operation_timeout" in text(seen)
    assert alice.ack
    assert alice.ack.seconds >= 0.2
    raw.wait, raw.status, slack.ack_seconds = 0, 500, 3.0
    assert "500" in text(await alice.command("/opp", deals))
    assert ["not acknowledged" in slack.violations[0], "500" in slack.violations[1]] == [True] * 2
    assert len(raw.got) == 2


async def test_answers_to_commands_are_checked(
    slack: StrictSlack, raw: Raw, alice: Person, deals: Channel
) -> None:
    raw.headers = {"Content-Type": "application/json"}
    raw.body = json.dumps({"response_type": "in_channel", "text": "for all"})
    assert await alice.command("/opp", deals) is None
    await slack.heard(deals, "for all")
    raw.body = json.dumps({"blocks": [{"type": "divider"}]})
    assert await alice.command("/opp", deals) is None
    assert "no_text" in slack.violations[0]


async def test_events_are_tried_four_times(
    slack: StrictSlack, raw: Raw, alice: Person, deals: Channel
) -> None:
    raw.status = 503
    await alice.say("hello", deals)
    await slack.until(lambda: len(raw.got) == 4, "four attempts")
    numbers = [headers.get("X-Slack-Retry-Num") for headers, _ in raw.got]
    assert numbers == [None, "1", "2", "3"]
    assert raw.got[1][0]["X-Slack-Retry-Reason"] == "http_error"
    assert len({event["event_id"] for event in raw.events()}) == 1
    raw.headers = {"X-Slack-No-Retry": "1"}
    await alice.say("again", deals)
    await slack.settled()
    assert len(raw.got) == 5


async def test_a_mention_is_two_events(
    slack: StrictSlack, raw: Raw, alice: Person, deals: Channel
) -> None:
    await alice.say(f"{slack.bot.mention} a < b", deals)
    events = [one["event"] for one in raw.events()]
    assert {event["type"] for event in events} == {"message", "app_mention"}
    assert {event["text"] for event in events} == {f"{slack.bot.mention} a &lt; b"}
    assert raw.events()[0]["authorizations"][0]["user_id"] == slack.bot.id


async def test_events_come_only_from_where_the_bot_is(
    slack: StrictSlack, raw: Raw, alice: Person
) -> None:
    town = slack.channel("town", members=[alice])
    await alice.say("unseen", town)
    assert raw.got == []
    await alice.invite(slack.bot, town)
    said = await alice.say("seen", town)
    await alice.edit(said, "changed")
    await alice.delete(said)
    await alice.remove(slack.bot, town)
    kinds = [one["event"].get("subtype") or one["event"]["type"] for one in raw.events()]
    assert kinds == [
        "member_joined_channel",
        "message",
        "message_changed",
        "message_deleted",
        "member_left_channel",
        "channel_left",
    ]


async def test_what_is_delivered_can_go_wrong(
    slack: StrictSlack, raw: Raw, alice: Person, deals: Channel
) -> None:
    slack.faults.delivering("event", duplicate=2)
    await alice.say("one", deals)
    await slack.settled()
    assert [one["event"]["text"] for one in raw.events()] == ["one"] * 3
    slack.faults.delivering("event", hold=True)
    await alice.say("two", deals)
    await alice.say("three", deals)
    assert [one["event"]["text"] for one in raw.events()[3:]] == ["three", "two"]
    slack.faults.delivering("event", lose_answer=True)
    await alice.say("four", deals)
    await slack.settled()
    assert [one["event"]["text"] for one in raw.events()[5:]] == ["four"] * 2


async def test_calls_can_go_wrong(slack: StrictSlack, deals: Channel) -> None:
    client = AsyncWebClient(slack.team.token, slack.url, retry_handlers=[])
    post = {"channel": deals.id, "text": "x"}
    slack.faults.next("chat.postMessage", status=503)
    slack.faults.next("chat.postMessage", retry_after=7)
    slack.faults.next("chat.postMessage", error="internal_error")
    for status in (503, 429, 200):
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(**post)
        assert caught.value.response.status_code == status
    slack.faults.next("chat.postMessage", refuse=True)
    slack.faults.next("chat.postMessage", lose_answer=True)
    for posted in (0, 1):
        with pytest.raises(aiohttp.ClientError):
            await client.chat_postMessage(**post)
        assert len(deals.messages) == posted
    slow = slack.faults.always("chat.postMessage", hang=9, when=lambda args: args["text"] == "x")
    hanging = asyncio.create_task(client.chat_postMessage(**post))
    await slack.until(lambda: slow.hits, "a call that hangs")
    hanging.cancel()
    slow.stop()
    await client.chat_postMessage(**post)
    assert slow.hits == 1
    assert [call.status for call in slack.calls()[:5]] == [503, 429, 200, 0, 0]


async def test_a_response_url_works_five_times_in_thirty_minutes() -> None:
    clock = Clock()
    async with StrictSlack(SCOPES, clock=clock) as slack, aiohttp.ClientSession() as session:
        alice = slack.person("Alice")
        deals = slack.channel("deals", members=[alice])

        async def use(url: str, **body: Any) -> tuple[int, str | None]:
            async with session.post(url, json=body) as said:
                return said.status, (await said.json()).get("error")

        url = slack.response_url(alice.user, deals)
        for number in range(5):
            assert await use(url, text=f"{number}") == (200, None)
            await alice.hears(f"{number}")
        assert await use(url, text="x") == (404, "used_url")
        url = slack.response_url(alice.user, deals)
        assert await use(url, text="x", blocks=[{"type": "banner"}]) == (400, "invalid_blocks")
        assert await use(url, text="all", response_type="in_channel") == (200, None)
        await slack.heard(deals, "all")
        whisper = slack.whisper(deals, alice.id, "old", [])
        url = slack.response_url(alice.user, deals, whisper)
        await use(url, text="new", replace_original=True)
        assert text(whisper) == "new"
        await use(url, delete_original=True)
        assert whisper not in alice.private
        clock.turn(1801)
        assert await use(url, text="x") == (404, "expired_url")


async def test_bolt_refuses_what_is_not_signed(slack: StrictSlack) -> None:
    async with serving(slack, bolt(slack)):
        body = json.dumps({"type": "url_verification", "challenge": "c"})
        assert (await slack.post(body)).body == {"challenge": "c"}
        assert (await slack.post(body, sign=False)).status == 401
        assert (await slack.post(body, secret="other")).status == 401
        assert (await slack.post(body, timestamp=1_000_000_000)).status == 401


async def test_an_app_that_is_down_is_no_violation(
    slack: StrictSlack, alice: Person, deals: Channel
) -> None:
    slack.http("http://127.0.0.1:9/")
    assert "operation_timeout" in text(await alice.command("/opp", deals))
    await alice.say("hello", deals)
    await slack.settled()
    await slack.quiet(0.01)
    events = [one for one in slack.deliveries if one.kind == "event"]
    assert [one.ack.error for one in events if one.ack] == ["connection_failed"] * 4
    assert [one.attempt for one in events] == [0, 1, 2, 3]
    assert slack.violations == []
    assert "SLACK_APP_TOKEN" not in slack.environment(sockets=False)


async def test_it_is_not_quiet_while_an_event_is_to_come_again(
    slack: StrictSlack, alice: Person, deals: Channel
) -> None:
    slack.http("http://127.0.0.1:9/")
    slack.event_retries = (0.3,)
    await alice.say("hello", deals)
    await slack.quiet(0.01)
    assert [one.attempt for one in slack.deliveries] == [0, 1]


async def test_it_is_not_quiet_while_the_app_has_something_to_do(slack: StrictSlack) -> None:
    to_do = ["a card"]
    slack.app_waits_for = lambda: ", ".join(to_do)
    with pytest.raises(AssertionError, match=r"never quiet within 0\.1 s: a card"):
        await slack.quiet(0.01, within=0.1)
    to_do.clear()
    await slack.quiet(0.01)


async def test_people_from_outside(slack: StrictSlack, raw: Raw, alice: Person) -> None:
    eve = slack.person("Eve", outsider=True)
    shared = slack.channel("shared", members=[alice, eve, slack.bot], shared=True)
    with pytest.raises(AssertionError, match="outside"):
        await eve.command("/opp", shared)
    await eve.say("hello", shared)
    event = raw.events()[0]
    assert event["is_ext_shared_channel"]
    assert event["event"]["user_team"] == eve.user.home != slack.team.id


async def test_a_removed_app_is_told_and_its_token_is_dead(slack: StrictSlack, raw: Raw) -> None:
    await slack.uninstall()
    assert {one["event"]["type"] for one in raw.events()} == {"tokens_revoked", "app_uninstalled"}
    with pytest.raises(SlackApiError, match="token_revoked"):
        await AsyncWebClient(slack.team.token, slack.url).auth_test()


async def test_a_manifest_sets_everything_up(tmp_path: Any) -> None:
    manifest = {
        "features": {
            "slash_commands": [{"command": "/opp", "should_escape": False}],
            "shortcuts": [{"name": "New", "type": "global", "callback_id": "opportunity.new"}],
            "app_home": {"home_tab_enabled": False, "messages_tab_enabled": True},
        },
        "oauth_config": {"scopes": {"bot": ["commands", "im:history"]}},
        "settings": {"event_subscriptions": {"bot_events": ["message.im"]}},
    }
    async with StrictSlack.from_manifest(manifest) as slack:
        assert (slack.home_tab, slack.shortcuts) == (
            False,
            {("global", "New"): "opportunity.new"},
        )
        alice = slack.person("Alice")
        deals = slack.channel("deals", members=[alice])
        with pytest.raises(AssertionError, match="no command"):
            await alice.command("/other", deals)
    manifest["settings"]["event_subscriptions"]["bot_events"] = ["message.channels"]
    with pytest.raises(AssertionError, match=r"message\.channels"):
        async with StrictSlack.from_manifest(manifest):
            pass
