"""The board as its readers use it: live, narrowed, sorted, turned, copied (product page, 6)."""

from tests.flows.conftest import Office
from tests.flows.doing import opened
from tests.slack.person import Person
from tests.slack.reading import buttons, text
from tests.slack.world import Channel, Message

STEP = 11.0
"""Seconds after which a board that was just drawn may be drawn again."""


async def board_in(work: Office, channel: Channel, *, by: Person | None = None) -> Message:
    await (by or work.alice).command("/pipeline", channel)
    return await work.slack.heard(channel, "Pipeline")


async def many(work: Office, count: int) -> None:
    """Deals 1 to `count`, each closing a day later."""
    for number in range(1, count + 1):
        await opened(work, f"Deal {number:02} £{number}k close in {number} days")
        work.clock.turn(3)  # So many posts a second are more than Slack allows.


def rows(board: Message) -> list[str]:
    """The names of the deals, in order."""
    return [line.split(" #")[0] for line in text(board).splitlines() if line.startswith("Deal ")]


def names(first: int, last: int) -> list[str]:
    return [f"Deal {number:02}" for number in range(first, last + 1)]


async def test_it_lists_by_stage_what_is_open(work: Office) -> None:
    await work.now_set_up()
    await opened(work, "Acme renewal £12k close 30 Nov 2099")
    await opened(work, "Beta £8k", Stage="Quoting")
    await opened(work, "Gamma")
    board = await board_in(work, work.deals)
    said = text(board)
    assert "3 open · £20,000 · weighted £5,200 · 1 without a value · as of " in said
    lines = said.splitlines()
    stages = [next(line for line in lines if line.startswith(name)) for name in ("Quoting", "Lead")]
    assert stages[0].endswith("\u00a01 · £8,000 · weighted £4,000") or "1 · £8,000" in stages[0]
    assert "2 · £12,000 · weighted £1,200" in stages[1]
    assert said.index("Beta #2") < said.index("Acme renewal #1") < said.index("Gamma #3")
    assert "1–3 of 3" in said
    assert "Previous" not in buttons(board)
    assert "Next" not in buttons(board)


async def test_it_shows_changes_and_rows_stay_until_refresh(work: Office) -> None:
    await work.now_set_up()
    card = await opened(work, "Deal 01 £1k")
    await opened(work, "Deal 02 £2k")
    board = await board_in(work, work.deals)
    assert rows(board) == ["Deal 01", "Deal 02"]
    await work.bob.pick("Move to Pitching", on=board, row="Deal 02")
    work.clock.turn(STEP)
    await work.slack.shows(board, "Pitching 0 days")
    assert rows(board) == ["Deal 01", "Deal 02"]
    await work.bob.press("Won", on=card)
    await work.bob.sees("Final value")
    assert await work.bob.submit() == {}
    work.clock.turn(STEP)
    await work.slack.shows(board, "Won")
    assert rows(board) == ["Deal 01", "Deal 02"]
    assert "1 open · £2,000" in text(board)
    await work.bob.press("Refresh", on=board)
    work.clock.turn(STEP)
    await work.slack.shows(board, lacking="Deal 01")


async def test_ten_changes_are_one_update(work: Office) -> None:
    await work.now_set_up()
    card = await opened(work, "Deal 01 £1k")
    board = await board_in(work, work.deals)
    work.clock.turn(STEP)
    await work.slack.quiet()
    before = sum(c.args["ts"] == board.ts for c in work.slack.calls("chat.update"))
    for label in ("Pitching", "Quoting", "Closing", "Lead", "Quoting"):
        await work.bob.press(label, on=card)
        await work.slack.shows(card, f"✓ {label}")
    work.clock.turn(STEP)
    await work.slack.shows(board, "Quoting 0 days")
    await work.slack.quiet()
    updates = [c for c in work.slack.calls("chat.update") if c.args["ts"] == board.ts]
    assert len(updates) - before <= 2


async def test_its_maker_turns_it_and_anybody_else_gets_a_copy(work: Office) -> None:
    await work.now_set_up()
    await many(work, 12)
    board = await board_in(work, work.deals)
    assert rows(board) == names(1, 10)
    assert "1–10 of 12" in text(board)
    await work.bob.press("Next", on=board)
    copy = await work.bob.hears("11–12 of 12")
    assert rows(copy) == names(11, 12)
    assert "Post it here" not in buttons(copy)
    assert rows(board) == names(1, 10)
    await work.bob.press("Previous", on=copy)
    await work.slack.shows(copy, "1–10 of 12")
    await work.alice.press("Next", on=board)
    work.clock.turn(STEP)
    await work.slack.shows(board, "11–12 of 12")
    await work.alice.press("Previous", on=board)
    work.clock.turn(STEP)
    await work.slack.shows(board, "1–10 of 12")
    assert rows(board) == names(1, 10)


async def test_what_moves_is_neither_shown_twice_nor_skipped(work: Office) -> None:
    """The next page begins where this one ended when it was drawn, whatever moved meanwhile."""
    await work.now_set_up()
    await many(work, 12)
    board = await board_in(work, work.deals)
    await work.bob.pick("Change status", on=board, row="Deal 10")
    await work.bob.close()
    await work.bob.pick("Move to Pitching", on=board, row="Deal 10")
    await work.bob.command("/opp 3 won", work.deals)
    await work.bob.sees("Final value")
    assert await work.bob.submit() == {}
    work.clock.turn(STEP)
    await work.slack.shows(board, "11 open")
    await work.alice.press("Next", on=board)
    work.clock.turn(STEP)
    await work.slack.shows(board, "Deal 11")
    assert rows(board) == names(11, 12)


async def test_a_page_that_emptied_becomes_the_first(work: Office) -> None:
    await work.now_set_up()
    await many(work, 11)
    board = await board_in(work, work.deals)
    await work.alice.press("Next", on=board)
    work.clock.turn(STEP)
    await work.slack.shows(board, "11–11 of 11")
    await work.bob.command("/opp 11 won", work.deals)
    await work.bob.sees("Final value")
    assert await work.bob.submit() == {}
    await work.bob.press("Refresh", on=board)
    work.clock.turn(STEP)
    await work.slack.shows(board, "1–10 of 10")


async def test_there_is_one_live_board_and_the_older_leads_to_it(work: Office) -> None:
    await work.now_set_up()
    card = await opened(work, "Deal 01 £1k")
    old = await board_in(work, work.deals)
    await work.slack.quiet()
    await work.bob.command("/pipeline", work.deals)
    work.clock.turn(STEP)
    await work.slack.shows(old, "This board is no longer updated. The live one is here.")
    new = await work.slack.heard(work.deals, "1–1 of 1")
    assert new is not old
    assert new.ts.replace(".", "") in old.blocks[-1]["text"]["text"]
    assert buttons(old) == []
    await work.bob.press("Quoting", on=card)
    work.clock.turn(STEP)
    await work.slack.shows(new, "Quoting 0 days")


async def test_a_deleted_board_is_let_go(work: Office) -> None:
    await work.now_set_up()
    card = await opened(work, "Deal 01 £1k")
    board = await board_in(work, work.deals)
    await work.slack.quiet()
    await work.alice.delete(board)
    await work.bob.press("Quoting", on=card)
    await work.slack.shows(card, "✓ Quoting")
    work.clock.turn(STEP)
    await work.slack.quiet()
    assert not any("Pipeline" in text(message) for message in work.deals.top())
    await board_in(work, work.deals)


async def test_mine_is_private(work: Office) -> None:
    await work.now_set_up()
    await opened(work, "Deal 01 £1k")
    await opened(work, "Deal 02 £2k", by=work.bob)
    answer = await work.bob.command("/pipeline me", work.deals)
    assert answer is not None
    assert rows(answer) == ["Deal 02"]
    assert "[Mine ▾]" in text(answer)
    assert "Only yours" in text(answer)
    assert not any("Pipeline" in text(message) for message in work.deals.top())
