"""`dealthread doctor`: looks at everything the bot needs, and says what to do about each."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from bot import manifest
from bot.install.installed import Installed, wrong_key
from bot.install.oauth import client_known
from bot.schema import AWAY
from bot.settings import Settings
from bot.slack import FAILURES, Slack, Trouble, reason, trouble
from store import migrate
from store.database import Store, engine_url
from store.errors import Busy
from store.outbox.outbox import UNKNOWN, UNSURE
from store.usecases.comment import catching_up
from store.usecases.delivery import upkeep
from store.usecases.delivery.upkeep import Stuck

CLOCK_OFF = 60.0
"""Seconds: from 300 on Slack's requests are refused, and a trigger is good for three."""
ASKING = 10.0

ANEW = "Paste `dealthread manifest` into App Manifest on the app's page, then install it anew."

NO_BOTS = (
    "Slack does not let this bot read threads there. Keep it running: what is said then is heard."
)
CHANNELS_SHOWN = 5

_OF_APP = re.compile(r"xapp-[0-9]+-(A[A-Z0-9]+)-")
_NOUNS = {
    "card": "card",
    "old_card": "card",
    "line": "thread line",
    "board": "board",
    "old_board": "board",
    "digest": "digest",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """`ok` is None for what can't be known."""

    ok: bool | None
    what: str
    do: str = ""

    def __str__(self) -> str:
        mark = {True: "✓", False: "✗", None: "–"}[self.ok]
        return f"{mark} {self.what}" + (f" {self.do}" if self.do else "")


def database(url: str) -> Finding:
    """Whether it is there, and of this version. Without its password."""
    shown = engine_url(url).set(drivername=url.partition(":")[0]).render_as_string()
    try:
        found = migrate.revision(url)
    except Busy:
        return Finding(False, f"Database: {shown}.", AWAY)
    if found == migrate.newest():
        return Finding(True, f"Database: {shown} is up to date ({found}).")
    if migrate.is_newer(found):
        what = f"Database: {shown} is of a newer Dealthread ({found})."
        return Finding(False, what, "Install that version.")
    if migrate.is_embedded(url):
        return Finding(True, f"Database: {shown} will be brought up to date at the next start.")
    what = f"Database: {shown} is not up to date ({found or 'empty'})."
    return Finding(False, what, "Run `dealthread migrate`.")


async def examine(settings: Settings, clock: Callable[[], datetime]) -> AsyncIterator[Finding]:
    """Everything, one finding at a time, in the order in which things are mended."""
    url = settings.database_url.get_secret_value()
    mode = "Socket Mode" if settings.socket_mode else f"HTTP on port {settings.port}"
    many = "many workspaces" if settings.oauth else "one workspace"
    yield Finding(True, f"Settings: {many}, over {mode}.")
    found = await asyncio.to_thread(database, url)
    yield found
    store = Store(url) if await asyncio.to_thread(_readable, url) else None
    try:
        async for one in _slack(settings, store, clock):
            yield one
        if store is not None:
            for look in (outbox, digests, replies):
                for one in store.read_now(look, clock()):
                    yield one
    finally:
        if store is not None:
            store.close()


def _readable(url: str) -> bool:
    try:
        return not migrate.is_behind(url)
    except Busy:
        return False


async def _slack(
    settings: Settings, store: Store | None, clock: Callable[[], datetime]
) -> AsyncIterator[Finding]:
    tokens = dict[str, str]()
    slack = Slack(settings.slack_api_url, lambda _: "", _nothing)
    try:
        if settings.slack_bot_token is not None:
            tokens[""] = settings.slack_bot_token.get_secret_value()
        elif store is not None and settings.secret_key is not None:
            installed = Installed(store, clock, None, settings.secret_key.get_secret_value())
            yield await _installations(installed)
            tokens = {one: installed.token(one) for one in installed.workspace_ids}
        app_id = ""
        for token in tokens.values():
            async for one in _workspace(slack, token, clock):
                yield one
            app_id = await _app_id(slack, token) or app_id
        async for one in _app(settings, slack, app_id):
            yield one
    finally:
        await slack.close()


async def _nothing(_workspace_id: str) -> None:
    return


async def _installations(installed: Installed) -> Finding:
    await installed.ready(None)
    if installed.shut:
        return Finding(False, "Installations:", wrong_key(installed.shut))
    count = len(installed.workspace_ids)
    if not count:
        return Finding(None, "Installations: none yet.", "Open /slack/install in a browser.")
    return Finding(True, f"Installations: {count}, and SECRET_KEY opens their tokens.")


async def _workspace(
    slack: Slack, token: str, clock: Callable[[], datetime]
) -> AsyncIterator[Finding]:
    """The token, its scopes, and by the way the clock."""
    try:
        async with asyncio.timeout(ASKING):
            said = await slack.with_token(token).auth_test()
    except FAILURES as error:
        yield _no_token("Bot token", error, "Install the app anew and copy its bot token.")
        return
    name = f"{said.get('team')} ({said.get('team_id')})"
    yield Finding(True, f"Bot token: it is {said.get('user')} in {name}.")
    yield _scopes(name, _header(said, "x-oauth-scopes"))
    yield _clock(_header(said, "date"), clock())


def _no_token(what: str, error: BaseException, do: str) -> Finding:
    if trouble(error) in (Trouble.LOCKED_OUT, Trouble.BAD):
        return Finding(False, f"{what}: Slack does not accept it ({reason(error)}).", do)
    return Finding(
        False,
        f"{what}: Slack can't be reached ({reason(error)}).",
        "Look at this machine's connection and at SLACK_API_URL.",
    )


def _header(answer: Any, name: str) -> str:
    found = {key.lower(): value for key, value in answer.headers.items()}.get(name, "")
    return str(found[0] if isinstance(found, list) else found)


def _scopes(name: str, granted: str) -> Finding:
    missing = manifest.scopes() - {scope.strip() for scope in granted.split(",")}
    if not missing:
        return Finding(True, f"Scopes: all that manifest.yml asks for, in {name}.")
    return Finding(
        False,
        f"Scopes: {', '.join(sorted(missing))} missing in {name}.",
        ANEW,
    )


def _clock(date: str, now: datetime) -> Finding:
    try:
        off = (now - parsedate_to_datetime(date)).total_seconds()
    except (TypeError, ValueError):
        return Finding(None, "Clock: Slack didn't say what time it is.")
    if abs(off) <= CLOCK_OFF:
        return Finding(True, "Clock: as Slack's.")
    way = "ahead of" if off > 0 else "behind"
    return Finding(
        False,
        f"Clock: {abs(off):,.0f} seconds {way} Slack's.",
        "Let this machine set it by the network (NTP): requests five minutes off are refused.",
    )


async def _app_id(slack: Slack, token: str) -> str:
    client = slack.with_token(token)
    try:
        async with asyncio.timeout(ASKING):
            bot_id = (await client.auth_test()).get("bot_id")
            return str((await client.bots_info(bot=str(bot_id)))["bot"]["app_id"])
    except FAILURES:
        return ""


async def _app(settings: Settings, slack: Slack, app_id: str) -> AsyncIterator[Finding]:
    """What is the app's, not a workspace's."""
    if settings.slack_app_token is not None:
        yield await _app_token(slack, settings.slack_app_token.get_secret_value(), app_id)
    else:
        yield Finding(
            None,
            "Signing secret: it is set; only a request of Slack's shows whether it is right.",
            "A wrong one answers each with 401.",
        )
    if settings.slack_client_id is not None and settings.slack_client_secret is not None:
        secret = settings.slack_client_secret.get_secret_value()
        yield await _client(slack, settings.slack_client_id, secret)
    yield Finding(
        None,
        "Command names: Slack tells nobody which app has a command.",
        f"If /{settings.command_prefix}opp opens another app, take a prefix: "
        "`dealthread manifest --prefix acme-`, and COMMAND_PREFIX=acme-.",
    )


async def _app_token(slack: Slack, token: str, app_id: str) -> Finding:
    of_app = _OF_APP.match(token)
    if of_app and app_id and of_app[1] != app_id:
        return Finding(
            False,
            f"App token: it is of the app {of_app[1]}, the bot token of {app_id}.",
            "Take both from the same app's page.",
        )
    try:
        async with asyncio.timeout(ASKING):
            await slack.with_token(token).apps_connections_open(app_token=token)
    except FAILURES as error:
        do = "Make one with connections:write at Basic Information, App-Level Tokens."
        return _no_token("App token", error, do)
    return Finding(True, "App token: Slack opens a connection with it.")


async def _client(slack: Slack, client_id: str, client_secret: str) -> Finding:
    try:
        async with asyncio.timeout(ASKING):
            known = await client_known(slack, client_id, client_secret)
    except FAILURES as error:
        return _no_token("OAuth client", error, "")
    if known:
        return Finding(True, "OAuth client: Slack knows it.")
    return Finding(
        False,
        "OAuth client: Slack does not know it.",
        "Copy SLACK_CLIENT_ID and SLACK_CLIENT_SECRET anew from Basic Information.",
    )


def outbox(session: Any, now: datetime) -> list[Finding]:
    """What waits, and what will never be shown unless somebody does something."""
    return list(_outbox(session, now)) or [Finding(True, "Outbox: nothing waits, nothing failed.")]


def _outbox(session: Any, now: datetime) -> Iterator[Finding]:
    late = upkeep.late(session, now)
    if late is not None:
        what = f"Outbox: {late.count:,} wait since {late.since:%d %b %H:%M} UTC."
        yield Finding(False, what, "Is the bot running? If so, look at its log.")
    for _, error, count in upkeep.failing(session, now):
        do = "Look at the token and its scopes above; it is tried again by itself."
        yield Finding(False, f"Outbox: {count:,} fail for now ({error}).", do)
    for one in upkeep.stuck(session, now):
        yield _stuck(one)


def digests(session: Any, now: datetime) -> list[Finding]:
    """Those that should have come, and those that can't be posted."""
    found = []
    late = upkeep.undecided(session, now)
    if late is not None:
        what = f"Digests: {late.count:,} due since {late.since:%d %b %H:%M} UTC."
        found.append(Finding(False, what, "Is the bot running? If so, look at its log."))
    for channel, count in upkeep.paused_digests(session):
        what = f"Digests: {count:,} of #{channel} can't come, so paused."
        found.append(Finding(False, what, "Their makers were told what to do."))
    return found


def replies(session: Any, _now: datetime) -> list[Finding]:
    """Where Slack did not let be read what was said while the bot was away."""
    return [
        Finding(
            False,
            f"Replies: what was said in {_listed(one.channels)} while nobody heard it can't be "
            f"read ({one.error}).",
            ANEW if one.error == "missing_scope" else NO_BOTS,
        )
        for one in catching_up.unread(session)
    ]


def _listed(channels: Sequence[str]) -> str:
    more = len(channels) - CHANNELS_SHOWN
    shown = ", ".join(channels[:CHANNELS_SHOWN])
    return f"{shown} and {more} more" if more > 0 else shown


def _stuck(one: Stuck) -> Finding:
    noun = _NOUNS.get(one.kind, "message")
    things = f"{one.count:,} {noun}{'' if one.count == 1 else 's'}"
    place = f" in {one.channel if one.channel[:1] in 'CDG' else '#' + one.channel}"
    where = place if one.channel else ""
    if one.state == UNSURE:
        what = f"Outbox: {things}{where}: not yet known whether Slack has it ({one.error})."
        return Finding(None, what, "It is being looked for; nothing to do.")
    if one.state == UNKNOWN:
        what = f"Outbox: {things}{where}: Slack won't say whether it arrived ({one.error})."
        return Finding(False, what, f"Look there. {_again(one.kind)}")
    return Finding(False, f"Outbox: {things}{where} refused ({one.error}).", _mend(one))


def _mend(one: Stuck) -> str:
    if one.error in ("not_in_channel", "channel_not_found"):
        return f"Invite Dealthread there, with /invite. {_again(one.kind)}"
    if one.error in ("is_archived", "is_inactive"):
        return f"Open the channel again, or leave it. {_again(one.kind)}"
    if one.error.startswith(("restricted_action", "no_permission", "posting_to_general")):
        return f"Let Dealthread post there, in the channel's settings. {_again(one.kind)}"
    return f"Look at the log of that time. {_again(one.kind)}"


def _again(kind: str) -> str:
    if kind == "card":
        return "Then choose Post card in the deal's menu."
    return "Then use /pipeline anew." if kind in ("board", "old_board") else "It isn't sent again."
