"""Cards that were deleted, that can't be changed, or that stand where the bot may not post."""

import pytest

from tests.faults import truth
from tests.faults.conftest import Desk
from tests.slack.reading import text


async def test_a_deleted_card_is_posted_again_at_the_next_change(desk: Desk) -> None:
    at = desk.office
    card = await desk.open(settled=False)
    await desk.at_rest()
    for reply in list(card.replies):
        await at.alice.delete(reply)
    await at.alice.delete(card)
    await at.slack.settled()
    await at.alice.command("/opp 1 quoting", at.deals)
    again = await at.slack.heard(at.deals, "✓ Quoting")
    assert again.ts != card.ts
    await at.slack.heard(at.deals, "from Lead to Quoting", thread=again)
    assert len(truth.cards(at.deals, 1)) == 1


async def test_a_tombstone_is_linked_from_the_new_card(desk: Desk) -> None:
    at = desk.office
    card = await desk.open()
    await at.bob.say("They want three seats", thread=card)
    await at.alice.delete(card)
    assert card.is_tombstone
    await at.slack.settled()
    await at.alice.command("/opp 1 quoting", at.deals)
    again = await at.slack.heard(at.deals, "✓ Quoting")
    old = f"p{card.ts.replace('.', '')}"
    assert old in str(again.blocks)
    await at.slack.heard(at.deals, "from Lead to Quoting", thread=again)


@pytest.mark.parametrize("error", ["message_not_found", "cant_update_message"])
async def test_a_card_that_is_found_gone_is_posted_again_at_once(desk: Desk, error: str) -> None:
    at = desk.office
    card = await desk.open()
    at.slack.faults.next("chat.update", error=error)
    await desk.move(card, "Quoting")
    again = await at.slack.heard(at.deals, "✓ Quoting")
    assert again.ts != card.ts
    await at.slack.quiet()
    await desk.nothing_waits()
    said = [text(reply) for shown in (card, again) for reply in shown.replies]
    assert said == ["Alice Johnson opened it", "Alice Johnson moved it from Lead to Quoting"]


async def test_a_line_whose_thread_is_gone_follows_its_card(desk: Desk) -> None:
    """The card is deleted, and the event that says so is lost."""
    at = desk.office
    card = await desk.open()
    for message in (*card.replies, card):
        at.deals.messages.pop(message.ts)
    await at.alice.command("/opp 1 quoting", at.deals)
    again = await at.slack.heard(at.deals, "✓ Quoting", within=10)
    await at.slack.heard(at.deals, "from Lead to Quoting", thread=again, within=10)
    await at.slack.quiet()
    await desk.nothing_waits()
    assert len(truth.cards(at.deals, 1)) == 1


async def test_a_card_moves_on_when_its_channel_is_archived_and_its_lines_follow(
    desk: Desk,
) -> None:
    at = desk.office
    card = await desk.open()
    at.deals.archived = True
    await desk.move(card, "Quoting")
    again = await at.slack.heard(at.alice, "✓ Quoting", within=10)
    await at.slack.heard(at.alice, "from Lead to Quoting", thread=again, within=10)
    await at.alice.hears("has moved")
    await desk.slack.quiet()
    await desk.nothing_waits()
    told = [m for m in at.alice.private if "has moved" in text(m)]
    assert len(told) == 1


async def test_a_struck_line_is_brought_up_to_date(desk: Desk) -> None:
    at = desk.office
    card = await desk.open()
    await desk.move(card, "Quoting")
    line = await at.slack.heard(at.deals, "from Lead to Quoting", thread=card)
    at.slack.faults.next("chat.update", status=500, times=2)
    told = await at.alice.hears("Moved")
    await at.alice.press("Undo", on=told)
    await at.slack.shows(line, "undone by Alice Johnson", within=10)
    await at.slack.shows(card, "✓ Lead", within=10)
    assert len(card.replies) == 2


async def test_a_direct_card_whose_answer_was_lost_is_found(desk: Desk) -> None:
    """Its place is a person until Slack has named the conversation."""
    at = desk.office
    at.deals.archived = True
    at.slack.faults.next("conversations.open", status=500)
    await at.alice.command("/opp new Horizon", at.deals)
    await at.alice.sees("New opportunity")
    at.slack.faults.next("chat.postMessage", lose_answer=True, when=lambda a: "Horizon" in str(a))
    errors = await at.alice.submit()
    assert errors == {}
    card = await at.slack.heard(at.alice, "✓ Lead", within=15)
    await at.slack.heard(at.alice, "opened it", thread=card, within=15)
    await at.slack.quiet()
    assert len([m for m in at.alice.dm.top() if "✓ Lead" in text(m)]) == 1
    await desk.nothing_waits()
