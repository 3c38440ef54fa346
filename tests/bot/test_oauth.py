"""Many workspaces install the bot by OAuth: who may, who may not, and that they stay apart."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from sqlalchemy import text as sql

from bot import manifest
from bot.http import EVENTS_PATH
from bot.install.installed import Installed, NotInstalled
from bot.install.oauth import COOKIE, INSTALL_PATH
from bot.manifest import REDIRECT_PATH
from bot.serve import Running, running
from bot.settings import GivenSettings
from bot.slack import Slack
from store.database import Store
from store.usecases import installations, workspaces
from store.usecases.workspaces import Identity
from tests.slack.clock import Clock
from tests.slack.person import Person
from tests.slack.reading import text
from tests.slack.server import StrictSlack
from tests.slack.world import Channel, Workspace

KEY = "a secret key of thirty-two letters"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass(slots=True)
class Page:
    """What a browser got."""

    status: int
    words: str
    headers: Mapping[str, str]


@dataclass(slots=True)
class Browser:
    """Somebody's browser; it keeps its cookies, and doesn't follow by itself."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Page:
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.get(
                f"http://127.0.0.1:{self.port}{path}",
                params=query,
                headers={"Cookie": sent} if sent else {},
                allow_redirects=False,
            ) as response,
        ):
            for name, morsel in response.cookies.items():
                self.cookies[name] = morsel.value
            return Page(response.status, await response.text(), response.headers)

    async def begin(self) -> str:
        """Where Slack asks whether to allow it."""
        page = await self.get(INSTALL_PATH)
        assert page.status == 302
        return page.headers["Location"]


@dataclass(slots=True)
class House:
    """A Slack with two workspaces that may install the bot, and the bot."""

    slack: StrictSlack
    bot: Running
    clock: Clock
    teams: list[Workspace]

    def browser(self) -> Browser:
        return Browser(self.bot.port)

    async def install(self, team: Workspace) -> Page:
        browser = self.browser()
        return await browser.get(REDIRECT_PATH, self.slack.oauth.allow(await browser.begin(), team))

    def staff(self, name: str, team: Workspace) -> tuple[Person, Channel]:
        person = self.slack.person(name, team=team, admin=True)
        return person, self.slack.channel("deals", members=[person, team.bot], team=team)


@asynccontextmanager
async def house(url: str, *, key: str = KEY) -> AsyncIterator[House]:
    clock = Clock()
    options = {"clock": clock, "rate": float("inf")}
    async with StrictSlack.from_manifest(manifest.load(), **options) as slack:
        teams = [slack.workspace(name, installed=False) for name in ("Acme", "Beta & Sons")]
        async with started(slack, url, clock, key=key) as bot:
            yield House(slack, bot, clock, teams)
        assert slack.violations == []


@asynccontextmanager
async def started(
    slack: StrictSlack, url: str, clock: Clock, *, key: str = KEY, lost: bool = False
) -> AsyncIterator[Running]:
    given = {name.lower(): value for name, value in slack.environment_of_many().items()}
    settings = GivenSettings(database_url=url, port=0, secret_key=key, **given)

    def now() -> datetime:
        return datetime.fromtimestamp(clock(), UTC)

    async with running(settings, clock=now, forget_tokens=lost) as bot:
        slack.http(f"http://127.0.0.1:{bot.port}{EVENTS_PATH}")
        yield bot


async def test_two_workspaces_install_it_and_nothing_of_one_reaches_the_other(
    migrated_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # With these Bolt would turn to its own OAuth, and to installations in files.
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "secret")
    caplog.set_level(logging.DEBUG, "bot")
    async with house(migrated_url) as at:
        for team in at.teams:
            page = await at.install(team)
            assert (page.status, "Dealthread is installed in" in page.words) == (200, True)
        (alice, acme), (zoe, beta) = map(at.staff, ("Alice", "Zoe"), at.teams)
        for person, channel, name in ((alice, acme, "Acme renewal"), (zoe, beta, "Beta pilot")):
            await person.command(f"/opp new {name}", channel)
            await person.sees("New opportunity")
            assert await person.submit() == {}
            card = await at.slack.heard(channel, name)
            assert "#1" in text(card)
        await zoe.command("/opp find renewal", beta)
        await zoe.hears('No deal matches "renewal"')
        await zoe.command("/opp 1", beta)
        await zoe.sees("Beta pilot")
        assert [reply for reply in beta.top() if "Acme" in text(reply)] == []
    assert [team.token for team in at.teams if team.token in caplog.text] == []


async def test_the_browser_is_sent_to_slack_with_a_state_of_its_own(
    migrated_sqlite_url: str,
) -> None:
    async with house(migrated_sqlite_url) as at:
        page = await at.browser().get(INSTALL_PATH)
        there = urlsplit(page.headers["Location"])
        asked = parse_qs(there.query)
        assert there.path == "/oauth/v2/authorize"
        assert set(asked["scope"][0].split(",")) == manifest.scopes()
        assert len(asked["state"][0]) >= 43  # 256 bits in base64.
        cookie = page.headers["Set-Cookie"]
        assert cookie.startswith(f"{COOKIE}={asked['state'][0]};")
        for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"):
            assert part in cookie
        assert page.headers["Cache-Control"] == "no-store"
        assert len({await at.browser().begin() for _ in range(3)}) == 3


async def test_the_token_is_kept_encrypted(migrated_url: str) -> None:
    async with house(migrated_url) as at:
        await at.install(at.teams[0])
        kept = at.bot.app.store.read_now(_tokens)
    assert len(kept) == 1
    assert at.teams[0].token.encode() not in kept[0]


async def test_another_copy_serves_a_new_workspace_at_once(migrated_url: str) -> None:
    async with house(migrated_url) as at:
        await at.install(at.teams[0])
        async with started(at.slack, migrated_url, at.clock):
            await at.install(at.teams[1])  # By the first copy; the second hears from now on.
            zoe, beta = at.staff("Zoe", at.teams[1])
            await asyncio.sleep(1.1)  # A stranger is looked for once a second at most.
            await zoe.command("/opp", beta)
            await zoe.hears("open")


@pytest.mark.parametrize("spoilt", ["no cookie", "another", "no state", "late", "again", "huge"])
async def test_a_state_that_does_not_hold_installs_nothing(
    migrated_sqlite_url: str, spoilt: str
) -> None:
    async with house(migrated_sqlite_url) as at:
        browser = at.browser()
        back = at.slack.oauth.allow(await browser.begin(), at.teams[0])
        match spoilt:
            case "no cookie":
                browser.cookies.clear()
            case "another":
                await browser.begin()
            case "no state":
                del back["state"]
            case "late":
                at.clock.turn(601)
            case "again":
                cookies = dict(browser.cookies)
                await browser.get(REDIRECT_PATH, {"error": "access_denied", **back})
                browser.cookies = cookies
            case "huge":
                back["state"] = browser.cookies[COOKIE] = "ü" * 300
        page = await browser.get(REDIRECT_PATH, back)
        assert page.status == 400
        assert "was not installed" in page.words
        assert f'href="{INSTALL_PATH}"' in page.words
        assert at.slack.calls("oauth.v2.access") == []
        assert at.bot.app.installed.workspace_ids == []


async def test_who_does_not_allow_it_is_told_and_can_start_again(migrated_sqlite_url: str) -> None:
    async with house(migrated_sqlite_url) as at:
        browser = at.browser()
        page = await browser.get(REDIRECT_PATH, at.slack.oauth.deny(await browser.begin()))
        assert "It was not allowed in Slack, so nothing was changed." in page.words
        assert "Start again" in page.words
        back = at.slack.oauth.allow(await browser.begin(), at.teams[0])
        assert (await browser.get(REDIRECT_PATH, back)).status == 200


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"error": "invalid_code"}, "too old or used before"),
        ({"error": "bad_client_secret"}, "SLACK_CLIENT_SECRET"),
        ({"status": 503}, "can&#x27;t be reached"),
        ({"refuse": True}, "can&#x27;t be reached"),
        ({"lose_answer": True}, "can&#x27;t be reached"),
    ],
)
async def test_a_failed_exchange_says_what_to_do(
    migrated_sqlite_url: str, fault: dict[str, object], words: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    async with house(migrated_sqlite_url) as at:
        at.slack.faults.next("oauth.v2.access", **fault)
        browser = at.browser()
        back = at.slack.oauth.allow(await browser.begin(), at.teams[0])
        page = await browser.get(REDIRECT_PATH, back)
        assert page.status == 400
        assert words in page.words
        assert back["code"] not in page.words + caplog.text
        assert at.bot.app.installed.workspace_ids == []


async def test_one_state_consumed_at_once_by_many_is_had_by_one(migrated_url: str) -> None:
    store = Store(migrated_url)
    await store.write(installations.begin, "s", NOW)
    had = await asyncio.gather(*(store.write(installations.end, "s", NOW) for _ in range(8)))
    assert sorted(had) == [False] * 7 + [True]
    await store.write(installations.begin, "t", NOW)
    late = NOW + timedelta(minutes=10)
    assert not await store.write(installations.end, "t", late)
    await store.write(installations.begin, "u", late)
    assert await store.read(_states) == ["u"]
    store.close()


async def test_an_uninstalled_workspace_is_forgotten_at_once_and_can_come_back(
    migrated_url: str,
) -> None:
    async with house(migrated_url) as at:
        team, token = at.teams[0], at.teams[0].token
        await at.install(team)
        alice, deals = at.staff("Alice", team)
        await at.slack.uninstall(team)
        await at.slack.settled()
        assert at.bot.app.store.read_now(_tokens) == []
        body = f"command=/opp&api_app_id={at.slack.app_id}&team_id={team.id}&user_id={alice.id}"
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        assert (await at.slack.post(body, headers=form)).status == 401
        assert at.bot.app.installed.token(team.id) == ""
        await at.install(team)
        assert team.token != token
        await alice.command("/opp new Back again", deals)
        await alice.sees("New opportunity")
        assert await alice.submit() == {}
        await at.slack.heard(deals, "Back again")


async def test_an_uninstallation_that_is_told_late_does_not_end_what_was_made_since(
    migrated_url: str,
) -> None:
    async with house(migrated_url) as at:
        team = at.teams[0]
        await at.install(team)
        at.slack.faults.delivering("event", hold=True, times=2)
        await at.slack.uninstall(team)
        at.clock.turn(5)
        await at.install(team)
        await at.slack.delivery.release()
        await at.slack.settled()
        assert at.bot.app.installed.token(team.id) == team.token
        assert len(at.bot.app.store.read_now(_tokens)) == 1
        at.clock.turn(5)
        await at.slack.uninstall(team)
        await at.slack.settled()
        assert at.bot.app.store.read_now(_tokens) == []


async def test_another_secret_key_ends_in_a_sentence(migrated_sqlite_url: str) -> None:
    async with house(migrated_sqlite_url) as at:
        await at.install(at.teams[1])
        with pytest.raises(NotInstalled, match="SECRET_KEY is not the one") as ended:
            async with started(at.slack, migrated_sqlite_url, at.clock, key="k" * 32):
                pass
        assert "Beta & Sons" in str(ended.value)
        # The key is lost for good: that workspace installs anew, under the new one.
        async with started(at.slack, migrated_sqlite_url, at.clock, key="k" * 32, lost=True) as bot:
            assert bot.app.installed.workspace_ids == []
            browser = Browser(bot.port)
            back = at.slack.oauth.allow(await browser.begin(), at.teams[1])
            assert (await browser.get(REDIRECT_PATH, back)).status == 200
        async with started(at.slack, migrated_sqlite_url, at.clock, key="k" * 32) as bot:
            assert bot.app.installed.workspace_ids == [at.teams[1].id]


def _tokens(session: object) -> list[bytes]:
    found = session.execute(sql("SELECT bot_token FROM workspaces WHERE bot_token IS NOT NULL"))
    return [bytes(row[0]) for row in found]


def _states(session: object) -> list[str]:
    return list(session.scalars(sql("SELECT state FROM oauth_states")))


async def test_the_token_of_the_settings_is_for_its_own_workspace(migrated_sqlite_url: str) -> None:
    """A database may have another one's records, from a time when it was served."""
    async with StrictSlack.from_manifest(manifest.load(), rate=float("inf")) as slack:
        store = Store(migrated_sqlite_url)
        other = Identity(workspace_id="T0BEFORE", name="", app_id="", bot_id="", bot_user_id="")
        await store.write(workspaces.install, other, NOW)
        token = slack.team.token
        installed = Installed(store, lambda: NOW, token)
        calling = Slack(slack.url, installed.token, installed.ready)
        await installed.start(calling)
        assert [installed.token(one) for one in installed.workspace_ids] == [token]
        assert installed.token("T0BEFORE") == ""
        await calling.close()
        store.close()
