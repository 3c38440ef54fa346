"""What hangs on deals that only some may see: who is not one of them learns nothing of it."""

import pytest

from tests.flows.conftest import Office
from tests.slack.reading import text
from tests.slack.world import Message


@pytest.fixture
async def sales(work: Office) -> Office:
    await work.now_set_up()
    return work


async def of_alice_alone(work: Office) -> Message:
    """A card in Alice's direct messages: no channel took it."""
    await work.alice.command("/opp new Zebra merger", work.random)
    await work.alice.sees("New opportunity")
    assert await work.alice.submit() == {}
    return await work.slack.heard(work.alice, "✓ Lead")


async def test_what_is_done_for_a_deal_after_it_was_given_away_is_not_told_its_former_owner(
    work: Office,
) -> None:
    card = await of_alice_alone(work)
    await work.alice.press("Log activity", on=card)
    view = await work.alice.sees("Log activity")
    view.fill("What happened", "Called them")
    assert await work.alice.submit() == {}
    await work.slack.heard(work.alice, "Called them", thread=card)
    await work.alice.press("Add task", on=card)
    view = await work.alice.sees("New task")
    view.fill("Title", "Send the quote")
    assert await work.alice.submit() == {}
    await work.slack.heard(work.alice, "Send the quote", thread=card)
    await work.alice.pick("Edit", on=card)
    (await work.alice.sees("Edit #1")).choose("Owner", work.bob)
    assert await work.alice.submit() == {}
    theirs = await work.slack.heard(work.bob, "✓ Lead")
    task = await work.slack.heard(work.bob, "Send the quote", thread=theirs)
    await work.bob.press("Edit", on=task)
    view = await work.bob.sees("Edit task")
    view.fill("Title", "Offer them the secret price")
    assert await work.bob.submit() == {}
    await work.slack.shows(task, "secret price")
    await work.slack.quiet(0.3)
    assert not [m for m in card.replies if "secret" in text(m)]
    assert "moved to Bob Stone" in text(card)
