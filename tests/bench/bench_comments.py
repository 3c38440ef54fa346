"""Replies in the threads of cards: as many as a large team writes, each a comment once, in order.

They are sent at a steady pace, whether those before are answered or not; some twice, some late. The
bot, the strict Slack and the sender are processes of their own; SQLite syncs each commit.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import func, select

from store.database import Store
from store.tables.entries import CommentRow
from tests.bench.cards import Floor, floor
from tests.bench.processes import load, serving
from tests.bench.report import Table, ms, percentile

REPLIES, THREADS, SECONDS = 10_000, 1_000, 60
PEOPLE, LINES = 50, 32
TWICE = 20
"""One in so many events comes a second time."""
LATE = 30
"""So many places behind its own an event may come."""


def replies(busy: Floor) -> Iterator[dict[str, Any]]:
    """In the order in which they are written: thread by thread, then anew."""
    slack = busy.slack
    people = [busy.alice, *(slack.person(f"Person {at}") for at in range(1, PEOPLE))]
    for number in range(REPLIES):
        card, who = busy.cards[number % THREADS], people[number % PEOPLE]
        message = {"type": "message", "user": who.id, "text": f"Reply {number:05}"}
        where = {"channel": busy.deals.id, "channel_type": "channel", "team": slack.team.id}
        ts = slack.stamps.next()
        thread = {"ts": ts, "thread_ts": card.ts, "event_ts": ts, "parent_user_id": slack.bot.id}
        yield slack.events.envelope(slack.team, {**message, **where, **thread})


def as_slack_sends(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    dice = Random(3)  # noqa: S311 - The same each time.
    repeated = [(at, one) for at, one in enumerate(events) if at % TWICE == 0]
    places = [(at + dice.random() * LATE, one) for at, one in [*enumerate(events), *repeated]]
    return [one for _, one in sorted(places, key=lambda place: place[0])]


def kept(store: Store) -> dict[str, list[str]]:
    """What the database has, by thread, in its order."""
    query = select(CommentRow.thread_ts, CommentRow.text).order_by(CommentRow.at, CommentRow.id)
    found: dict[str, list[str]] = {}
    for thread, text in store.read_now(lambda session: list(session.execute(query))):
        found.setdefault(thread, []).append(text)
    return found


async def bench_a_minute_of_replies(tmp_path: Path, table: Table) -> None:
    url = f"sqlite:///{tmp_path / 'comments.db'}"
    async with floor(url, THREADS) as busy, serving("bot", busy.settings) as server:
        sent = as_slack_sends(list(replies(busy)))
        requests = [busy.request("event", one, server.port) for one in sent]
        found = await load(server.port, requests, LINES, pace=SECONDS / len(requests))
    took = [seconds for _, seconds in found]
    store = Store(url)
    said = kept(store)
    count = store.read_now(lambda session: session.scalar(select(func.count(CommentRow.id))))
    store.close()
    what = f"{len(requests):,} events of {REPLIES:,} replies in {THREADS:,} threads in {SECONDS} s"
    table.exactly(f"{what}, answered 200", sum(status == 200 for status, _ in found), len(requests))
    table.note("  acknowledged after, p50", ms(percentile(took, 50)))
    table.at_most("  acknowledged after, p99", percentile(took, 99), 0.100, ms)
    table.exactly("  comments in the database", int(count or 0), REPLIES)
    in_order = sum(len(texts) for texts in said.values() if texts == sorted(texts))
    table.exactly("  of which each thread's are in order", in_order, REPLIES)
