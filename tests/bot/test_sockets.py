"""Socket Mode: two connections, renewed without a gap, and a stop that loses nothing begun."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.gate import Gate, Sender
from bot.sockets import Sockets, SocketsRefused
from tests.slack.server import StrictSlack


async def eventually(check: Callable[[], object]) -> None:
    """Wait for something on our side, of which the strict Slack can't know."""
    async with asyncio.timeout(5):
        while not check():  # noqa: ASYNC110 - Nothing of ours tells when it is so.
            await asyncio.sleep(0.005)


class App:
    """What stands behind the gate: keeps what it was given, answers when and what it is told."""

    def __init__(self, slack: StrictSlack) -> None:
        self.slack = slack
        self.got: list[AsyncBoltRequest] = []
        self.answer = BoltResponse(status=200)
        self.go = asyncio.Event()
        self.go.set()
        self.pauses: list[float] = []

    async def knows(self, sender: Sender) -> bool:
        return (sender.app_id, sender.team_id) == (self.slack.app_id, self.slack.team.id)

    async def dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        self.got.append(request)
        self.slack.notify()
        await self.go.wait()
        return self.answer

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await asyncio.sleep(min(seconds, 0.01))

    def sockets(self, token: str | None = None) -> Sockets:
        gate = Gate(self.knows, self.dispatch)
        client = AsyncWebClient(base_url=self.slack.url, retry_handlers=[])
        return Sockets(gate, client, token or self.slack.app_token, pause=self.pause)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Sockets]:
        sockets = self.sockets()
        await sockets.start()
        try:
            await self.slack.connected(2)
            await eventually(lambda: sockets.ready)
            yield sockets
        finally:
            self.go.set()
            await sockets.stop()


@pytest.fixture
async def slack() -> AsyncIterator[StrictSlack]:
    async with StrictSlack(["commands", "app_mentions:read", "users:read"]) as slack:
        yield slack
        assert not slack.violations


@pytest.fixture
def app(slack: StrictSlack) -> App:
    return App(slack)


def command(slack: StrictSlack, **other: Any) -> dict[str, Any]:
    return {"api_app_id": slack.app_id, "team_id": slack.team.id, "command": "/opp"} | other


def event(slack: StrictSlack) -> dict[str, Any]:
    return slack.events.envelope(slack.team, {"type": "app_mention", "user": "U1", "text": "help"})


async def test_envelopes_come_over_both_and_are_acknowledged(slack: StrictSlack, app: App) -> None:
    async with app.connected() as sockets:
        assert sockets.ready
        assert len(slack.sockets.open) == 2
        for _ in range(4):
            assert (await slack.sockets.send("event", event(slack))).ok
    assert len(app.got) == 4


async def test_an_answer_rides_with_the_acknowledgement(slack: StrictSlack, app: App) -> None:
    async with app.connected():
        app.answer = BoltResponse(status=200, body={"text": "#12"})
        assert (await slack.sockets.send("command", command(slack))).body == {"text": "#12"}
        app.answer = BoltResponse(status=200, body="Done.")
        assert (await slack.sockets.send("command", command(slack))).body == {"text": "Done."}
        assert (await slack.sockets.send("event", event(slack))).body is None


async def test_a_repeated_event_says_so(slack: StrictSlack, app: App) -> None:
    async with app.connected():
        await slack.sockets.send("event", event(slack), retry=(2, "http_timeout"))
    assert app.got[0].headers["x-slack-retry-num"] == ["2"]


async def test_a_failure_is_left_for_slack_to_repeat(slack: StrictSlack, app: App) -> None:
    slack.ack_seconds = 0.2
    async with app.connected():
        app.answer = BoltResponse(status=500)
        assert (await slack.sockets.send("event", event(slack))).error == "http_timeout"


async def test_what_is_for_others_is_put_aside(slack: StrictSlack, app: App) -> None:
    async with app.connected():
        other = command(slack, team_id="T_OTHER")
        assert (await slack.sockets.send("command", other)).ok
        assert (await slack.sockets.send("command", command(slack, api_app_id="A_OTHER"))).ok
    assert not app.got


async def test_one_that_waits_does_not_hold_up_the_next(slack: StrictSlack, app: App) -> None:
    async with app.connected():
        app.go.clear()
        sent = [asyncio.ensure_future(slack.sockets.send("event", event(slack))) for _ in range(6)]
        await slack.until(lambda: len(app.got) == 6, "all six were read")
        app.go.set()
        assert all(ack.ok for ack in await asyncio.gather(*sent))


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_connection_is_renewed_before_it_is_gone(
    slack: StrictSlack, app: App, reason: str
) -> None:
    async with app.connected() as sockets:
        await slack.sockets.disconnect(reason, close=False)
        await slack.connected(4)
        # The old ones still bring what Slack sends over them.
        for _ in range(4):
            assert (await slack.sockets.send("event", event(slack))).ok
        for old in slack.sockets.open[:2]:
            await old.close()
        await slack.until(lambda: len(slack.sockets.open) == 2, "the new ones alone")
        assert sockets.ready
        assert (await slack.sockets.send("event", event(slack))).ok


@pytest.mark.parametrize("how", ["refresh", "cut"])
async def test_lost_connections_come_back_with_new_tickets(
    slack: StrictSlack, app: App, how: str
) -> None:
    async with app.connected() as sockets:
        for _ in range(3):
            lost = list(slack.sockets.open)
            await (slack.sockets.cut() if how == "cut" else slack.sockets.disconnect())
            await slack.until(
                lambda lost=lost: len(set(slack.sockets.open) - set(lost)) == 2, "two new ones"
            )
        await eventually(lambda: sockets.ready)
        assert (await slack.sockets.send("event", event(slack))).ok
    await slack.called("apps.connections.open", count=8)


async def test_troubles_are_waited_out_longer_and_longer(slack: StrictSlack, app: App) -> None:
    slack.faults.next("apps.connections.open", status=500, times=6)
    async with app.connected() as sockets:
        assert sockets.ready
    assert len(app.pauses) >= 6
    assert max(app.pauses) > 1.0
    assert max(app.pauses) <= 30.0


async def test_slack_is_given_the_time_that_it_asks_for(slack: StrictSlack, app: App) -> None:
    slack.faults.next("apps.connections.open", retry_after=17)
    async with app.connected():
        assert 17.0 in app.pauses


async def test_a_server_that_says_nothing_is_left(
    slack: StrictSlack, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sockets.HELLO", 0.05)
    with monkeypatch.context() as mute:
        mute.setattr(slack.sockets, "_hello", dict)
        sockets = app.sockets()
        await sockets.start()
        await slack.called("apps.connections.open", count=4)
        assert not sockets.ready
    await eventually(lambda: sockets.ready)
    await sockets.stop()


async def test_a_token_that_will_not_do_is_told_at_once(
    slack: StrictSlack, app: App, caplog: pytest.LogCaptureFixture
) -> None:
    sockets = app.sockets("xapp-wrong")
    await sockets.start()
    with pytest.raises(SocketsRefused, match="SLACK_APP_TOKEN"):
        await asyncio.wait_for(sockets.refused(), 5)
    await sockets.stop()
    assert "SLACK_APP_TOKEN" in caplog.text
    assert "xapp-wrong" not in caplog.text


async def test_switched_off_it_stops_and_says_what_to_do(
    slack: StrictSlack, app: App, caplog: pytest.LogCaptureFixture
) -> None:
    async with app.connected() as sockets:
        await slack.sockets.disconnect("link_disabled")
        with pytest.raises(SocketsRefused, match="switched off"):
            await asyncio.wait_for(sockets.refused(), 5)
        await eventually(lambda: not sockets.ready)
    assert "Socket Mode was switched off" in caplog.text


async def test_a_stop_finishes_what_was_begun(slack: StrictSlack, app: App) -> None:
    async with app.connected() as sockets:
        app.go.clear()
        sent = asyncio.ensure_future(slack.sockets.send("event", event(slack)))
        await slack.until(lambda: app.got, "it was read")
        stopping = asyncio.ensure_future(sockets.stop())
        await asyncio.sleep(0)
        app.go.set()
        await stopping
        assert (await sent).ok
        assert not slack.sockets.open
        assert not sockets.ready


async def test_what_means_nothing_does_no_harm(slack: StrictSlack, app: App) -> None:
    async with app.connected():
        for text in ("Ping from applink", "[1]", json.dumps({"type": "news"}), "{}"):
            for socket in slack.sockets.open:
                await socket.send_str(text)
        assert (await slack.sockets.send("event", event(slack))).ok
