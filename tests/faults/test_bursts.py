"""Much at once: quick changes are one update, and a slow Slack keeps nobody waiting."""

import asyncio

from tests.faults import truth
from tests.faults.conftest import Desk

STAGES = ("Pitching", "Quoting", "Closing", "Lead")


async def test_ten_changes_of_a_card_within_a_second_are_three_updates(desk: Desk) -> None:
    at = desk.office
    card = await desk.open()
    await at.slack.quiet()
    before = len(at.slack.calls("chat.update"))
    began = asyncio.get_running_loop().time()
    for number in range(10):
        await at.alice.command(f"/opp 1 {STAGES[number % 4].lower()}", at.deals)
    took = asyncio.get_running_loop().time() - began
    await at.slack.shows(card, f"✓ {STAGES[9 % 4]}")
    await desk.at_rest()
    cards = [c for c in at.slack.calls("chat.update")[before:] if c.args["ts"] == card.ts]
    # Three within a second; on a machine that needs longer for ten commands, one more for each.
    assert len(cards) <= 3 + int(took)


async def test_clicks_on_200_cards_do_not_wait_for_a_slow_slack(desk: Desk) -> None:
    at = desk.office
    for number in range(1, 201):
        await at.alice.command(f"/opp new Deal {number}", at.deals)
        await at.alice.sees("New opportunity")
        assert await at.alice.submit() == {}
        await at.slack.heard(at.deals, f"#{number}", within=20)
        at.clock.turn(2.5)  # A channel takes a message a second: each deal makes two.
    shown = [m for m in at.deals.top() if truth.ticked(m)]
    assert len(shown) == 200
    at.slack.faults.latency = 0.2
    before = len(at.slack.calls("chat.update"))
    acks = await asyncio.gather(*(at.alice.press("Quoting", on=card) for card in shown))
    # Slack's three seconds are kept, which is held against the bot. As the rates go, bringing all
    # cards up to date takes four minutes.
    assert all(ack is not None and ack.status == 200 for ack in acks)
    assert len(at.slack.calls("chat.update")) - before < 100
    saved = desk.store.read_now(truth.deals)
    assert [deal.status for deal in saved] == ["Quoting"] * 200
