"""The menu of a board's row: each entry opens what it says, and is answered in that channel."""

from datetime import timedelta

import pytest

from tests.flows.conftest import Office
from tests.flows.doing import lines, opened, today
from tests.flows.pipeline.test_board import STEP, board_in
from tests.slack.reading import buttons, text
from tests.slack.world import Message


async def listed(work: Office, words: str = "Acme renewal £12k", **fields: str) -> Message:
    """A board with one row."""
    await work.now_set_up()
    await opened(work, words, **fields)
    return await board_in(work, work.deals)


async def test_change_status_from_a_row(work: Office) -> None:
    board = await listed(work)
    await work.bob.pick("Change status", on=board, row="Acme renewal")
    view = await work.bob.sees("Change status")
    view.choose("Status", "Closing")
    assert await work.bob.submit() == {}
    assert not work.bob.stack
    said = await work.bob.hears("Moved Acme renewal to Closing.")
    assert said.channel is work.deals
    assert buttons(said) == ["Undo", "Add next step"]
    work.clock.turn(STEP)
    await work.slack.shows(board, "Closing 0 days")


@pytest.mark.parametrize(
    ("word", "asks", "said"),
    [
        ("Won…", "Final value", "Marked Acme renewal won for £12,000."),
        ("Pause…", "Until", "Paused Acme renewal until"),
    ],
)
async def test_what_asks_more_asks_it_from_a_row_too(
    work: Office, word: str, asks: str, said: str
) -> None:
    board = await listed(work)
    await work.bob.pick("Change status", on=board, row="Acme renewal")
    view = await work.bob.sees("Change status")
    view.choose("Status", word)
    assert await work.bob.submit() == {}
    await work.bob.sees(asks)
    assert await work.bob.submit() == {}
    assert not work.bob.stack
    assert (await work.bob.hears(said)).channel is work.deals


async def test_after_closing_comes_won(work: Office) -> None:
    board = await listed(work, Stage="Closing")
    await work.bob.pick("Won…", on=board, row="Acme renewal")
    await work.bob.sees("Final value")
    assert await work.bob.submit() == {}
    assert (await work.bob.hears("Marked Acme renewal won")).channel is work.deals
    work.clock.turn(STEP)
    await work.slack.shows(board, "Won on")
    await work.bob.pick("Reopen", on=board, row="Acme renewal")
    assert (await work.bob.hears("Reopened Acme renewal, in Closing.")).channel is work.deals


async def test_a_close_date_from_a_row(work: Office) -> None:
    board = await listed(work)
    await work.bob.pick("Change close date", on=board, row="Acme renewal")
    view = await work.bob.sees("Change close date")
    view.choose("Day", today(work) + timedelta(days=9))
    assert await work.bob.submit() == {}
    said = await work.bob.hears("Saved Acme renewal.")
    assert said.channel is work.deals
    card = await work.slack.heard(work.deals, "closes")
    assert "Bob Stone set the expected close to" in (await lines(work, card, 2))[1]


async def test_details_from_a_row_and_from_a_private_copy(work: Office) -> None:
    board = await listed(work)
    await work.bob.pick("Details", on=board, row="Acme renewal")
    await work.bob.sees("Opportunity #1")
    await work.bob.close()
    copy = await work.bob.command("/pipeline", work.random)
    assert copy is not None
    await work.bob.pick("Change status", on=copy, row="Acme renewal")
    view = await work.bob.sees("Change status")
    view.choose("Status", "Pitching")
    assert await work.bob.submit() == {}
    # The bot can't speak in #random: then it is told directly.
    said = await work.bob.hears("Moved Acme renewal to Pitching.")
    assert said.channel is work.bob.dm
    assert "Acme renewal" in text(said)
