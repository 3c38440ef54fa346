"""What the buttons of a posted digest open: beside it, for whoever presses, exactly the rest."""

from datetime import timedelta

from tests.flows.conftest import Office
from tests.flows.digest.test_coming import made, passes
from tests.flows.doing import opened
from tests.slack.reading import buttons, text
from tests.slack.world import Message

DEALS = 6


async def digest(work: Office) -> Message:
    """Of six deals that are new, with an overdue task each, of which a few are named."""
    await made(work)
    for number in range(1, DEALS):
        await opened(work, f"Deal {number} £{number}k")
    for number in range(1, DEALS + 1):
        await work.alice.command(f"/task Call them today {number}", work.deals)
        assert await work.alice.submit() == {}
    await work.slack.quiet()
    await passes(work, timedelta(days=1, hours=1))
    return await work.slack.heard(work.deals, f"{DEALS} new")


async def test_the_rest_of_what_is_new_opens_beside_it(work: Office) -> None:
    shown = await digest(work)
    before = text(shown)
    assert "and 3 more" in buttons(shown)
    await work.bob.press("and 3 more", on=shown)
    board = await work.bob.hears(f"{DEALS} opportunities")
    read = text(board)
    assert "Only new from " in read
    assert all(f"Deal {number}" in read for number in range(1, DEALS))
    assert "Acme renewal" in read
    await work.bob.choose("Sort", "Weighted value", on=board)
    await work.slack.shows(board, "Only new from ")
    await work.slack.quiet()
    assert text(shown) == before


async def test_open_board_and_overdue_tasks_open_beside_it_too(work: Office) -> None:
    shown = await digest(work)
    before = text(shown)
    await work.bob.press("Open board", on=shown)
    await work.bob.hears(f"{DEALS} open")
    await work.bob.press("and 2 more", on=shown, row="Overdue tasks")
    await work.bob.hears("Everyone's open tasks")
    await work.slack.quiet()
    assert text(shown) == before
