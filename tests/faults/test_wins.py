"""SIGKILL around loud wins: between claimed, sent, marked sent. Each is told once."""

from collections import Counter

import pytest

from tests.faults.process import Site, site
from tests.slack.reading import text

WINS = 5
MOMENTS = (
    {"hang": 30},  # claimed, not sent
    {"delay": 30},  # sent, not marked
    {"lose_answer": True},
)


@pytest.mark.parametrize("how", MOMENTS, ids=str)
async def test_a_kill_repeats_none_and_loses_none(migrated_url: str, how: dict[str, int]) -> None:
    async with site(migrated_url) as at:
        await at.start()
        await at.set_up()
        await _wanted(at)
        await at.open_deals(WINS)
        for number in range(1, WINS + 1):
            await _won(at, number)
        await at.slack.quiet(1.0, within=30)
        fault = at.slack.faults.next("chat.postMessage", **how)
        at.clock.turn(121)
        await at.slack.until(lambda: fault.hits > 0, lambda: "no win was posted", within=20)
        fault.stop()
        await at.kill(at.processes[-1])
        await at.start()
        await at.slack.until(lambda: len(_told(at)) >= WINS, lambda: str(_told(at)), within=30)
        await at.slack.quiet(1.5, within=30)
        assert Counter(_told(at)) == Counter(f"Deal {n} #{n}" for n in range(1, WINS + 1))


async def _wanted(at: Site) -> None:
    alice = at.people[0]
    await alice.command("/dealthread settings", at.deals)
    await alice.sees("Settings")
    await alice.choose("Choose a channel", at.deals)
    view = await alice.sees("hears of")
    view.choose("Loud wins", ["Post each win"])
    assert await alice.submit() == {}
    await alice.close(everything=True)


async def _won(at: Site, number: int) -> None:
    bob = at.people[1]
    await bob.command(f"/opp {number} won", at.deals)
    await bob.sees(f"Won: #{number}")
    assert await bob.submit() == {}


def _told(at: Site) -> list[str]:
    said = [text(message) for message in at.deals.top()]
    return [one.partition(" was won")[0].lstrip("🎉 ") for one in said if "was won" in one]
