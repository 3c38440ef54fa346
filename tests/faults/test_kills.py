"""SIGKILL between any two of: saved, acknowledged, claimed, sent, marked sent.

Afterwards each card says what the database says, each line stands in its thread exactly once and in
order, and nothing is lost that was acknowledged. DEALTHREAD_KILL_SECONDS makes it longer.
"""

import asyncio
import os
import random
from collections.abc import Iterator

from store.database import Store
from tests.faults import truth
from tests.faults.process import Site, site
from tests.slack.person import Person

SECONDS = float(os.environ.get("DEALTHREAD_KILL_SECONDS", "25"))
STAGES = ("Lead", "Pitching", "Quoting", "Closing")
DEALS = 6


class Presser:
    """Presses stages on cards, one at a time, and keeps what was acknowledged."""

    def __init__(self, at: Site, store: Store, who: Person, numbers: list[int]) -> None:
        self.at, self.store, self.who, self.numbers = at, store, who, numbers
        self.acknowledged: list[tuple[int, str]] = []

    async def run(self) -> None:
        while True:
            await asyncio.sleep(random.uniform(0.01, 0.15))  # noqa: S311 - people pause.
            await self.press(random.choice(self.numbers))  # noqa: S311

    async def press(self, number: int) -> None:
        saved = await asyncio.to_thread(self.store.read_now, truth.status, number)
        for card in truth.cards(self.at.deals, number)[:1]:
            if truth.ticked(card) != saved:
                return  # The card is about to change: a press would be refused as stale.
            to = random.choice([stage for stage in STAGES if stage != saved])  # noqa: S311
            ack = await self.who.press(to, on=card)
            if ack is not None and ack.ok:
                self.acknowledged.append((number, to))


async def _moment(at: Site) -> None:
    """Waits for a moment to kill in: any, or one of those that matter most."""
    faults = at.slack.faults
    order = random.choice(  # noqa: S311
        [
            None,
            ("chat.postMessage", {"hang": 30}),  # claimed, not sent
            ("chat.postMessage", {"delay": 30}),  # sent, not marked
            ("chat.getPermalink", {"hang": 30}),  # sent and answered, not marked
            ("chat.update", {"hang": 30}),
            ("chat.update", {"delay": 30}),
            ("chat.postMessage", {"lose_answer": True}),
        ]
    )
    if order is None:
        await asyncio.sleep(random.uniform(0.05, 1.5))  # noqa: S311
        return
    fault = faults.next(order[0], **order[1])
    await at.struck(fault, within=2)
    await asyncio.sleep(random.choice([0, 0, 0.05]))  # noqa: S311


async def _killed_again_and_again(at: Site) -> int:
    loop, kills = asyncio.get_running_loop(), 0
    end = loop.time() + SECONDS
    while loop.time() < end:
        await _moment(at)
        await at.kill(at.processes[-1])
        kills += 1
        await at.start()
    return kills


async def test_kills_lose_nothing_and_repeat_nothing(migrated_url: str, store: Store) -> None:
    async with site(migrated_url) as at:
        await at.start()
        await at.set_up()
        await at.open_deals(DEALS)
        pressers = [
            Presser(at, store, who, [number, number + 3])
            for number, who in enumerate(at.people, start=1)
        ]
        pressing = [asyncio.create_task(presser.run()) for presser in pressers]
        kills = await _killed_again_and_again(at)
        for task in pressing:
            task.cancel()
        outcomes = await asyncio.gather(*pressing, return_exceptions=True)
        assert all(isinstance(one, asyncio.CancelledError) for one in outcomes), outcomes
        at.slack.faults.clear()
        await at.slack.settled(within=10)
        at.clock.turn(31)
        await at.kill(at.processes[-1])
        await at.start()
        await truth.at_rest(at.slack, store, at.deals, within=60)
        assert kills >= SECONDS / 6
        for number, *moves in _acknowledged(pressers):
            saved = iter(store.read_now(truth.deals)[number - 1].moves)
            assert all(move in saved for move in moves), f"#{number} lost one of {moves}"


def _acknowledged(pressers: list[Presser]) -> Iterator[tuple[int, *tuple[str, ...]]]:
    for presser in pressers:
        for number in presser.numbers:
            yield number, *(to for which, to in presser.acknowledged if which == number)
