"""Slack answering 429, 500, nothing, something else, or losing its answer; refusing for good."""

import asyncio

import pytest

from tests.faults import truth
from tests.faults.conftest import Desk
from tests.slack.reading import text

LINE = "Alice Johnson moved it from Lead to Quoting"


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 502},
        {"refuse": True},
        {"lose_answer": True},
        {"error": "internal_error"},
        {"error": "service_unavailable"},
        {"retry_after": 1},
    ],
    ids=str,
)
@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update"])
async def test_a_call_that_fails_is_made_again(desk: Desk, method: str, fault: dict) -> None:
    card = await desk.open()
    failing = desk.slack.faults.next(method, **fault)
    await desk.move(card, "Quoting")
    await desk.slack.heard(desk.office.deals, LINE, thread=card, within=10)
    await desk.at_rest()
    assert failing.hits == 1
    await desk.nothing_waits()


async def test_a_card_whose_answer_was_lost_is_found_not_repeated(any_desk: Desk) -> None:
    lost = any_desk.slack.faults.next("chat.postMessage", lose_answer=True)
    card = await any_desk.open()
    assert lost.hits == 1
    await any_desk.at_rest()
    assert len(any_desk.slack.calls("conversations.history")) == 1
    await any_desk.move(card, "Quoting")
    await any_desk.at_rest()


async def test_answers_lost_again_and_again_make_no_second_line(desk: Desk) -> None:
    card = await desk.open()
    lost = desk.slack.faults.next("chat.postMessage", lose_answer=True, times=3)
    for stage in ("Quoting", "Closing", "Pitching"):
        await desk.move(card, stage)
        await desk.slack.shows(card, f"✓ {stage}", within=10)
    await desk.at_rest(within=60)
    assert lost.hits == 3


async def test_an_answer_that_never_comes_is_not_waited_for(desk: Desk) -> None:
    card = await desk.open()
    desk.slack.faults.next("chat.postMessage", hang=30)
    await desk.move(card, "Quoting")
    await desk.slack.heard(desk.office.deals, LINE, thread=card, within=20)
    await desk.at_rest()


async def test_a_wait_that_slack_asks_for_is_kept(desk: Desk) -> None:
    first, second = await desk.open("Acme"), await desk.open("Horizon")
    desk.slack.faults.next("chat.update", retry_after=4)
    before = len(desk.slack.calls("chat.update"))
    await desk.move(first, "Quoting")
    await desk.slack.called("chat.update", before + 1)
    refused = desk.slack.calls("chat.update")[before].at
    # Another card of the workspace has to wait as well: the rate is the workspace's.
    await desk.move(second, "Quoting")
    await desk.at_rest()
    later = [call.at for call in desk.slack.calls("chat.update")[before + 1 :]]
    assert min(later) >= refused + 4


async def test_a_refused_look_up_is_left_alone_and_counted(desk: Desk) -> None:
    card = await desk.open()
    desk.slack.faults.next("chat.postMessage", lose_answer=True)
    desk.slack.faults.always("conversations.replies", error="missing_scope")
    await desk.move(card, "Quoting")
    await desk.slack.called("conversations.replies", within=10)
    await desk.slack.until(lambda: [text(m) for m in card.replies].count(LINE) == 1, "the line")
    await desk.move(card, "Closing")
    await desk.slack.heard(desk.office.deals, "from Quoting to Closing", thread=card, within=10)
    await desk.at_rest()
    assert desk.backlog() == {"unknown": 1}


async def test_a_dead_token_is_not_knocked_with(desk: Desk) -> None:
    cards = [await desk.open(f"Deal {n}", settled=False) for n in range(5)]
    await desk.at_rest()
    locked = desk.slack.faults.always("*", error="token_revoked")
    for card in cards:
        await desk.move(card, "Quoting")
    await desk.slack.until(lambda: locked.hits, "a refusal")
    await asyncio.sleep(3)  # The claim is that nothing happens, over and over, meanwhile.
    calls = [c for c in desk.slack.calls() if c.error == "token_revoked"]
    posts = [c for c in calls if c.method in ("chat.update", "chat.postMessage")]
    assert 1 <= len(posts) <= 10
    locked.stop()
    desk.office.clock.turn(61)
    await desk.at_rest()


async def test_what_slack_will_not_have_stops_nothing_else(desk: Desk) -> None:
    card = await desk.open()
    desk.slack.faults.next("chat.postMessage", error="invalid_blocks")
    await desk.move(card, "Quoting")
    await desk.slack.shows(card, "✓ Quoting")
    await desk.move(card, "Closing")
    await desk.slack.heard(desk.office.deals, "from Quoting to Closing", thread=card)
    await desk.slack.quiet()
    assert desk.backlog() == {"dead": 1}


async def test_lines_stay_in_order_when_one_is_made_again(desk: Desk) -> None:
    card = await desk.open()
    desk.slack.faults.next("chat.postMessage", status=500, times=2)
    for stage in ("Quoting", "Closing", "Pitching"):
        await desk.move(card, stage)
        await desk.slack.shows(card, f"✓ {stage}", within=10)
    await desk.at_rest(within=60)


async def test_lines_wait_for_a_card_that_is_late(desk: Desk) -> None:
    late = desk.slack.faults.next("chat.postMessage", status=500)
    await desk.open("Acme")
    assert late.hits == 1
    await desk.at_rest()


async def test_many_cards_under_load_keep_their_order(any_desk: Desk) -> None:
    at = any_desk.office
    shown = [await any_desk.open(f"Deal {n}", settled=False) for n in range(12)]
    await any_desk.at_rest(within=60)
    any_desk.slack.faults.latency = 0.05
    any_desk.slack.faults.next("chat.postMessage", lose_answer=True, times=3)
    any_desk.slack.faults.next("chat.postMessage", status=503, times=3)
    for stage, who in (("Pitching", at.alice), ("Quoting", at.bob), ("Closing", at.carol)):
        await asyncio.gather(*(who.press(stage, on=card) for card in shown))
        for card in shown:
            await at.slack.shows(card, f"✓ {stage}", within=30)
    await any_desk.at_rest(within=120)
    assert all(len(truth.cards(at.deals, number)) == 1 for number in range(1, 13))
