"""Narrowing a board: its selects and its form, on the board itself and on a copy."""

from tests.flows.conftest import Office
from tests.flows.doing import contact, opened
from tests.flows.pipeline.test_board import STEP, board_in, rows
from tests.slack.reading import buttons, text


async def three(work: Office) -> None:
    await work.now_set_up()
    await contact(work, "Jane Doe", Company="Acme Ltd")
    await opened(work, "Deal 01 for Jane Doe £1k")
    await opened(work, "Deal 02 £2k", by=work.bob, Stage="Quoting")
    await opened(work, "Deal 03 $3k", by=work.bob)


async def test_its_maker_narrows_the_board_and_shows_all_again(work: Office) -> None:
    await three(work)
    board = await board_in(work, work.deals, by=work.bob)
    assert "£3,000" in text(board)
    assert "US$3,000" in text(board)
    await work.bob.pick("Mine", on=board)
    work.clock.turn(STEP)
    await work.slack.shows(board, "Only Bob Stone's")
    assert rows(board) == ["Deal 02", "Deal 03"]
    assert "[Bob Stone ▾]" in text(board)
    await work.bob.press("Filter", on=board)
    view = await work.bob.sees("Filter")
    assert view.value("Owner") == work.bob.id
    view.choose("Status", ["Closing"])
    assert await work.bob.submit() == {}
    work.clock.turn(STEP)
    await work.slack.shows(board, "No opportunities match this filter.")
    await work.bob.press("Show everything", on=board)
    work.clock.turn(STEP)
    await work.slack.shows(board, "1–3 of 3")


async def test_another_persons_filter_is_a_copy_for_them_alone(work: Office) -> None:
    await three(work)
    board = await board_in(work, work.deals)
    await work.bob.press("Filter", on=board)
    await work.bob.sees("Filter")
    assert await work.bob.type_into("Contact", "jan") == ["Jane Doe, Acme Ltd"]
    await work.bob.choose("Contact", "Jane Doe, Acme Ltd")
    assert await work.bob.submit() == {}
    copy = await work.bob.hears("with Jane Doe, Acme Ltd")
    assert rows(copy) == ["Deal 01"]
    assert copy.channel is work.deals
    assert "Post it here" not in buttons(copy)
    await work.bob.pick("Everyone", on=copy)
    await work.slack.quiet()
    assert rows(board) == ["Deal 02", "Deal 01", "Deal 03"]
    assert not any("Pipeline" in text(message) for message in work.alice.private)


async def test_someone_else_is_found_in_the_form(work: Office) -> None:
    await three(work)
    board = await board_in(work, work.deals)
    await work.carol.pick("Someone else…", on=board)
    view = await work.carol.sees("Filter")
    view.choose("Owner", work.alice)
    assert await work.carol.submit() == {}
    copy = await work.carol.hears("Only Alice Johnson's")
    assert rows(copy) == ["Deal 01"]


async def test_a_row_opens_what_it_says(work: Office) -> None:
    await three(work)
    board = await board_in(work, work.deals)
    await work.carol.pick("Details", on=board, row="Deal 03")
    await work.carol.sees("Opportunity #3")
    await work.carol.close()
    await work.carol.pick("Change close date", on=board, row="Deal 01")
    await work.carol.sees("Change close date")
    await work.carol.close()
    await work.carol.press("New opportunity", on=board)
    await work.carol.sees("New opportunity")
