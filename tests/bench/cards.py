"""A workspace with cards in its channel, in the database and in the strict Slack, to be clicked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from bot import manifest
from handlers.ids import Action, Press
from handlers.views.opportunity import card as card_view
from handlers.views.text import Style
from store import migrate
from store.database import Store
from store.opportunity.status import Status
from store.outbox import outbox
from store.tables.machinery import OutboxRow
from store.tables.records import OpportunityRow, ThreadRow
from store.usecases import workspaces
from store.usecases.card import cards, channels
from store.usecases.card.channels import Channel as KnownChannel
from store.usecases.person import people
from store.usecases.person.people import Profile
from store.usecases.workspaces import Identity
from tests.bench.data import opportunity
from tests.slack import payloads
from tests.slack.delivery import encoded, signed
from tests.slack.person import Person
from tests.slack.server import StrictSlack
from tests.slack.world import Channel, Message


@dataclass(slots=True)
class Floor:
    """A sales floor: one channel with so many cards, all in Lead, and Alice who presses them."""

    slack: StrictSlack
    url: str
    alice: Person
    deals: Channel
    cards: list[Message]
    taken: int = 0

    @property
    def settings(self) -> dict[str, Any]:
        """What the bot is started with."""
        given = self.slack.environment(sockets=False)
        named = {name.lower(): value for name, value in given.items()}
        return {**named, "database_url": self.url, "port": 0}

    def payload(self, number: int, to: Status, seen: Status | None) -> dict[str, Any]:
        """A press of a button on the card of that opportunity, in the shape that Slack sends."""
        action = {
            "type": "button",
            "action_id": f"{Action.STATUS_PRESS}:{to}",
            "block_id": "status",
            "text": {"type": "plain_text", "text": to.label, "emoji": True},
            "value": Press(number, to, seen).dump(),
            "action_ts": self.slack.stamps.next(),
        }
        card = self.cards[number - 1]
        return payloads.message_action(self.slack, self.alice.user, card, action)

    def clicks(self, count: int) -> list[dict[str, Any]]:
        """The next so many cards, each pressed from Lead to Pitching."""
        first, self.taken = self.taken + 1, self.taken + count
        return [
            self.payload(at, Status.PITCHING, Status.LEAD) for at in range(first, first + count)
        ]

    def signed(self, clicks: list[dict[str, Any]], port: int) -> list[str]:
        """As HTTP requests, signed now, that only have to be sent."""
        return [self.request("interactive", click, port) for click in clicks]

    def request(self, kind: str, payload: dict[str, Any], port: int) -> str:
        body, content_type = encoded(kind, payload)
        headers = signed(self.slack.signing_secret, body, int(self.slack.clock()))
        headers |= {"Host": f"127.0.0.1:{port}", "Content-Type": content_type}
        headers |= {"Content-Length": str(len(body)), "User-Agent": "Slackbot 1.0"}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"POST /slack/events HTTP/1.1\r\n{lines}\r\n{body.decode()}"

    def moved(self) -> int:
        """How many opportunities are in Pitching, by the database."""
        store = Store(self.url)
        wanted = select(func.count()).where(OpportunityRow.status == Status.PITCHING)
        found = store.read_now(lambda session: session.scalar(wanted))
        store.close()
        return int(found or 0)


@asynccontextmanager
async def floor(url: str, count: int, *, rate: float = 1.0) -> AsyncIterator[Floor]:
    """So many cards that were posted long ago; `rate` 1 holds the bot to Slack's rates."""
    migrate.upgrade(url)
    async with StrictSlack.from_manifest(manifest.load(), rate=rate) as slack:
        alice = slack.person("Alice Johnson", admin=True)
        deals = slack.channel("deals", members=[alice, slack.bot])
        store, now = Store(url), datetime.now(UTC)
        store.write_now(_introduced, slack, alice, deals, now)
        store.write_now(_opportunities, slack, alice, deals, count, now)
        shown = [_message(store, slack, deals, at, now) for at in range(1, count + 1)]
        store.close()
        yield Floor(slack, url, alice, deals, shown)


def _introduced(
    session: Session, slack: StrictSlack, alice: Person, deals: Channel, now: datetime
) -> None:
    team = slack.team
    identity = Identity(
        workspace_id=team.id,
        name=team.name,
        app_id=slack.app_id,
        bot_id=team.bot_id,
        bot_user_id=team.bot.id,
    )
    workspaces.install(session, identity, now)
    known = Profile(workspace_id=team.id, user_id=alice.id, name="Alice Johnson", admin=True)
    people.know(session, known, now)
    channel = KnownChannel(workspace_id=team.id, id=deals.id, name=deals.name, bot_in=True)
    channels.know(session, channel, now)


def _opportunities(
    session: Session, slack: StrictSlack, alice: Person, deals: Channel, count: int, now: datetime
) -> None:
    dice, team = Random(3), {"workspace_id": slack.team.id}  # noqa: S311 - The same each time.
    rows, waiting, threads = [], [], []
    for at in range(1, count + 1):
        ts = f"{int(now.timestamp()) - 3600}.{at:06}"
        place = {"card_channel": deals.id, "card_ts": ts, "audience": ""}
        row = opportunity(dice, at, Status.LEAD, contacts=0) | team | place
        rows.append(row | {"owner_id": alice.id, "created_by": alice.id, "status_by": alice.id})
        waiting.append(team | _delivered(at, deals.id, ts, now - timedelta(hours=1)))
        threads.append(team | {"channel_id": deals.id, "ts": ts, "opportunity_id": at})
    for table, values in ((OpportunityRow, rows), (OutboxRow, waiting), (ThreadRow, threads)):
        session.execute(insert(table), values)


def _delivered(at: int, channel_id: str, ts: str, then: datetime) -> dict[str, Any]:
    return {
        "key": f"{outbox.CARD}:{at}",
        "kind": outbox.CARD,
        "ref_id": at,
        "opportunity_id": at,
        "priority": 0,
        "done": 1,
        "state": outbox.IDLE,
        "not_before": then,
        "channel_id": channel_id,
        "ts": ts,
        "permalink": f"https://acme-sales.slack.com/archives/{channel_id}/p{at}",
        "created_at": then,
    }


def _message(store: Store, slack: StrictSlack, deals: Channel, at: int, now: datetime) -> Message:
    shown = store.read_now(cards.to_show, slack.team.id, at, now)
    drawn = card_view.card(Style(shown.workspace, now), shown.opportunity)
    assert shown.opportunity.card is not None
    message = Message(deals, str(shown.opportunity.card.ts), slack.bot.id, drawn.text)
    message.blocks = [{**block, "block_id": f"b{n}"} for n, block in enumerate(drawn.blocks)]
    message.bot_id, message.app_id = slack.team.bot_id, slack.app_id
    slack.put(message)
    return message
