"""What Slack is told, when it answers in 200 ms and holds the bot to its rates."""

import asyncio
import time
from pathlib import Path

from store.opportunity.status import Status
from store.outbox.budget import PACES, UPDATE
from tests.bench.cards import Floor, floor
from tests.bench.processes import load, serving
from tests.bench.report import Table, count, ms, percentile
from tests.slack.reading import buttons

CARDS, WARM = 200, 5
LATENCY = 0.2
SPARE = 3.0
"""Seconds beyond what the rate demands: the last call, the last rendering."""


def allowed(updates: int) -> float:
    """Seconds that so many `chat.update` take at the rate that the bot keeps to."""
    pace = PACES[UPDATE]
    return max(0, updates - pace.burst) * pace.every.total_seconds()


def right(busy: Floor, number: int) -> bool:
    return "✓ Pitching" in buttons(busy.cards[number])


async def bench_200_at_once(tmp_path: Path, table: Table) -> None:
    url = f"sqlite:///{tmp_path / 'cards.db'}"
    async with floor(url, CARDS + WARM) as busy, serving("bot", busy.settings) as server:
        await load(server.port, busy.signed(busy.clicks(WARM), server.port), 1)
        await busy.slack.called("chat.update", WARM)
        await asyncio.sleep(WARM * PACES[UPDATE].every.total_seconds())  # The burst is whole again.
        busy.slack.faults.latency = LATENCY
        clicks = busy.signed(busy.clicks(CARDS), server.port)
        began = time.monotonic()
        found = await load(server.port, clicks, CARDS)
        await busy.slack.until(
            lambda: all(right(busy, at) for at in range(WARM, WARM + CARDS)),
            "all cards in Pitching",
            within=allowed(CARDS) * 1.5 + 30,
        )
        took = time.monotonic() - began
        updates = len(busy.slack.calls("chat.update")) - WARM
        refused = sum(call.status == 429 for call in busy.slack.calls())
    table.exactly("clicks at once, answered 200", sum(status == 200 for status, _ in found), CARDS)
    waits = [one for _, one in found]
    table.note("  acknowledged after, p50", ms(percentile(waits, 50)))
    table.at_most("  the last of them after (Slack's limit)", max(waits), 3.0, seconds)
    table.note("  if each waited for its call of 200 ms, 16 at once", seconds(CARDS * LATENCY / 16))
    table.at_most("all cards right after", took, allowed(CARDS) + SPARE, seconds)
    table.note("  which the rate of chat.update demands", seconds(allowed(CARDS)))
    table.at_most("chat.update for them", updates, CARDS, count)
    table.exactly("calls that Slack refused as too many", refused, 0)


async def bench_ten_changes(tmp_path: Path, table: Table) -> None:
    """Ten presses of one card within a second."""
    url, stages = f"sqlite:///{tmp_path / 'ten.db'}", (Status.PITCHING, Status.QUOTING)
    async with floor(url, 1) as busy, serving("bot", busy.settings) as server:
        slack = busy.slack
        slack.http(f"http://127.0.0.1:{server.port}/slack/events")
        slack.faults.latency = LATENCY
        began = time.monotonic()
        for at in range(10):
            ack = await slack.sender.send("interactive", busy.payload(1, stages[at % 2], None))
            assert ack.status == 200
            await asyncio.sleep(max(0.0, began + 0.1 * (at + 1) - time.monotonic()))
        took = time.monotonic() - began
        await slack.until(lambda: "✓ Quoting" in buttons(busy.cards[0]), "✓ Quoting", within=10)
        await slack.quiet(3.0, within=60)
        updates = len(slack.calls("chat.update"))
    table.note("ten changes of one card, made within", seconds(took))
    table.at_most("chat.update for them", updates, 3, count)


def seconds(number: float) -> str:
    return f"{number:.1f} s"
