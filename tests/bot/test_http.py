"""The web front: what is let in, what is turned away and how, and how healthy it is."""

import io
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.gate import Gate, Sender
from bot.http import LIMIT, Health, Inbound, Signature, create
from store.errors import Busy
from tests.conftest import Clock
from tests.slack.delivery import signed

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
EVENT = {
    "type": "event_callback",
    "api_app_id": "A1",
    "team_id": "T1",
    "event_id": "Ev1",
    "event": {"type": "app_mention", "user": "U1", "text": "help"},
    "authorizations": [{"team_id": "T1", "enterprise_id": None, "is_bot": True}],
}
COMMAND = {"api_app_id": "A1", "team_id": "T1", "command": "/opp", "text": "payload & £12k"}

Client = TestClient[Any, Any]


class App:
    """What stands behind the gate: keeps what it was given, answers what it is told to."""

    def __init__(self) -> None:
        self.got: list[AsyncBoltRequest] = []
        self.answer = BoltResponse(status=200)
        self.busy = False
        self.ready = True

    async def knows(self, sender: Sender) -> bool:
        if self.busy:
            raise Busy("The database is away.")
        return sender == Sender("A1", "T1", None)

    async def dispatch(self, request: AsyncBoltRequest) -> BoltResponse:
        self.got.append(request)
        return self.answer

    async def probe(self) -> bool:
        if self.busy:
            raise Busy("The database is away.")
        return self.ready


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
async def client(app: App, clock: Clock) -> AsyncIterator[Client]:
    health = Health({"database": app.probe}, lambda: (b"presses_total 3.0", "text/plain"))
    inbound = Inbound(Gate(app.knows, app.dispatch), Signature(SECRET, clock))
    async with TestClient(TestServer(create(health, inbound))) as client:
        yield client


class Post:
    """Posts as Slack does; each part can be got wrong."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self.client = client
        self.clock = clock

    async def __call__(
        self,
        body: bytes | dict[str, Any],
        content_type: str = "application/json",
        **headers: str,
    ) -> tuple[int, str]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = signed(SECRET, data, int(self.clock())) | {"Content-Type": content_type}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.post(
            "/slack/events", data=io.BytesIO(data), headers=given
        ) as response:
            said = await response.text()
            assert "Traceback" not in said
            return response.status, said


@pytest.fixture
def post(client: Client, clock: Clock) -> Post:
    return Post(client, clock)


FORM = "application/x-www-form-urlencoded"


async def test_an_event_reaches_bolt(post: Post, app: App) -> None:
    assert await post(EVENT, X_Slack_Retry_Num="1") == (200, "")
    assert app.got[0].body == EVENT
    assert app.got[0].headers["x-slack-retry-num"] == ["1"]
    assert app.got[0].context.team_id == "T1"


async def test_a_command_reaches_bolt_whatever_its_words(post: Post, app: App) -> None:
    app.answer = BoltResponse(status=200, body={"text": "#12"})
    assert await post(urlencode(COMMAND).encode(), FORM) == (200, '{"text": "#12"}')
    assert app.got[0].body == COMMAND


async def test_a_press_reaches_bolt(post: Post, app: App) -> None:
    press = {"type": "block_actions", "api_app_id": "A1", "team": {"id": "T1"}}
    body = urlencode({"payload": json.dumps(press)}).encode()
    assert (await post(body, FORM))[0] == 200
    assert app.got[0].body == press


async def test_the_address_is_verified_with_a_signature(post: Post, app: App) -> None:
    body = {"type": "url_verification", "challenge": "3eZbrw"}
    assert await post(body) == (200, '{"challenge": "3eZbrw"}')
    assert (await post(body, X_Slack_Signature="v0=no"))[0] == 401
    assert not app.got


async def test_a_look_at_the_certificate_is_answered_and_nothing_is_done(
    post: Post, app: App
) -> None:
    body = urlencode({"ssl_check": "1", **COMMAND}).encode()
    assert await post(body, FORM, X_Slack_Signature="") == (200, "")
    assert not app.got


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Slack_Signature": ""},
        {"X_Slack_Signature": "v0=" + "0" * 64},
        {"X_Slack_Signature": "v0=ünïcode"},
        {"X_Slack_Request_Timestamp": ""},
        {"X_Slack_Request_Timestamp": "now"},
        {"X_Slack_Request_Timestamp": "-5"},
        {"X_Slack_Request_Timestamp": "1e9"},
        {"X_Slack_Request_Timestamp": "9" * 5000},
        {"X_Slack_Request_Timestamp": "1_764_000_000"},
    ],
)
async def test_what_is_not_signed_is_turned_away(
    post: Post, app: App, headers: dict[str, str]
) -> None:
    assert (await post(EVENT, **headers))[0] == 401
    assert not app.got


async def test_a_request_without_any_header_is_turned_away(client: Client) -> None:
    async with client.post("/slack/events", data=b"{}") as response:
        assert response.status == 401


@pytest.mark.parametrize(("seconds", "status"), [(299, 200), (301, 401), (-299, 200), (-301, 401)])
async def test_a_signature_is_good_for_five_minutes(
    post: Post, clock: Clock, seconds: int, status: int
) -> None:
    data = json.dumps(EVENT).encode()
    then = signed(SECRET, data, int(clock()))
    clock.turn(seconds)
    headers = {name.replace("-", "_"): value for name, value in then.items()}
    assert (await post(data, **headers))[0] == status


async def test_a_signature_of_another_secret_is_turned_away(post: Post, clock: Clock) -> None:
    data = json.dumps(EVENT).encode()
    wrong = signed("another", data, int(clock()))
    headers = {name.replace("-", "_"): value for name, value in wrong.items()}
    assert (await post(data, **headers))[0] == 401


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'"text"', "application/json"),
        (b"\xff\xfe{}", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"view": 3, "team": 3}', "application/json"),
        (b"", FORM),
        (b"payload=", FORM),
        (b"payload={", FORM),
        (b"payload=[1]", FORM),
        (b"payload=%ff", FORM),
        (b"\xff=\xff", FORM),
        (json.dumps(EVENT).encode(), "text/plain"),
        (json.dumps(EVENT).encode(), "multipart/form-data; boundary=x"),
    ],
)
async def test_nonsense_is_a_bad_request(
    post: Post, app: App, body: bytes, content_type: str
) -> None:
    assert (await post(body, content_type))[0] == 400
    assert not app.got


async def test_a_huge_request_is_not_read(post: Post, app: App) -> None:
    assert (await post(b" " * (LIMIT + 1)))[0] == 413
    assert not app.got


async def test_a_huge_request_that_hides_its_size_is_cut_off(client: Client, app: App) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(LIMIT // (64 * 1024) + 8):
            yield b" " * 64 * 1024

    try:
        async with client.post("/slack/events", data=chunks()) as response:
            assert response.status == 413
    except aiohttp.ClientConnectionError:
        pass  # It may hang up before all was sent.
    assert not app.got


@pytest.mark.parametrize(
    "other", [{"api_app_id": "A2"}, {"api_app_id": None}, {"authorizations": [{"team_id": "T2"}]}]
)
async def test_what_is_for_others_is_turned_away(
    post: Post, app: App, other: dict[str, Any]
) -> None:
    assert (await post(EVENT | other))[0] == 401
    assert not app.got


async def test_held_back_events_are_taken_note_of(post: Post, app: App) -> None:
    said = {"type": "app_rate_limited", "api_app_id": "A1", "team_id": "T1"}
    assert (await post(said))[0] == 200
    assert not app.got


async def test_without_its_database_an_event_is_to_be_sent_again(post: Post, app: App) -> None:
    app.busy = True
    assert (await post(EVENT))[0] == 503
    app.busy = False
    app.answer = BoltResponse(status=500)
    assert (await post(EVENT))[0] == 500


async def test_nothing_that_was_sent_is_logged(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    private = {"secret": "sotto voce"}
    await post(EVENT | private)
    await post(EVENT | private, X_Slack_Signature="v0=no")
    await post(EVENT | private | {"api_app_id": "A2"})
    assert "sotto voce" not in caplog.text


async def test_health(client: Client, app: App) -> None:
    async with client.get("/healthz") as response:
        assert (response.status, await response.json()) == (200, {"ok": True})
    async with client.get("/readyz") as response:
        assert response.status == 200
    app.busy = True
    async with client.get("/readyz") as response:
        assert response.status == 503
        assert await response.json() == {"ok": False, "probes": {"database": False}}


async def test_metrics(client: Client) -> None:
    async with client.get("/metrics") as response:
        assert response.content_type == "text/plain"
        assert "presses_total 3.0" in await response.text()


async def test_in_socket_mode_only_health_is_served(app: App) -> None:
    health = Health({"database": app.probe}, lambda: (b"", "text/plain"))
    async with TestClient(TestServer(create(health))) as client:
        async with client.post("/slack/events", data=b"{}") as response:
            assert response.status == 404
        async with client.get("/readyz") as response:
            assert response.status == 200
