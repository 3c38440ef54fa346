"""Tasks as people make and do them: the form, the message in the thread, private words."""

import pytest

from tests.flows.conftest import Office
from tests.flows.doing import opened
from tests.slack.reading import buttons, text


@pytest.fixture
async def sales(work: Office) -> Office:
    await work.now_set_up()
    return work


async def test_a_task_from_the_card_stands_in_its_thread(sales: Office) -> None:
    card = await opened(sales)
    await sales.alice.press("Add task", on=card)
    view = await sales.alice.sees("New task")
    assert view.value("Opportunity") == "#1 Acme renewal"
    view.fill("Title", "Send the quote")
    view.choose("Assignee", sales.bob)
    view.choose("Due date", "2030-11-29")
    view.choose("Time", "15:00")
    assert await sales.alice.submit() == {}
    said = await sales.alice.hears("Added Send the quote for Bob Stone, due Fri 29 Nov 2030 15:00.")
    assert buttons(said) == ["Details"]
    message = await sales.slack.heard(sales.deals, "Send the quote", thread=card)
    assert f"<@{sales.bob.id}>" in str(message.blocks)
    await sales.slack.shows(card, "Next: Send the quote, ")
    await sales.bob.press("Done", on=message)
    await sales.slack.shows(message, "Done by Bob Stone")
    await sales.slack.shows(card, "No next step")
    assert "~Send the quote~" in str(message.blocks)
    assert text(message)
