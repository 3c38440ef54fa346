"""The way back: Undo, while it is offered, and a pause that ends by itself."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot import scheduler
from tests.flows.conftest import Office
from tests.flows.doing import LONDON, opened, page_of, today
from tests.slack.reading import buttons, text, usable
from tests.slack.values import label
from tests.slack.world import Message


@pytest.fixture
async def sales(work: Office) -> Office:
    await work.now_set_up()
    return work


def menu(card: Message) -> list[str]:
    """What the card's ⋯ offers."""
    return [label(o) for _, e in usable(card) if e["type"] == "overflow" for o in e["options"]]


async def moved(sales: Office, words: str = "Acme renewal £12k") -> tuple[Message, Message]:
    """A card that Bob has moved to Quoting, and what he was told."""
    card = await opened(sales, words)
    await sales.bob.press("Quoting", on=card)
    await sales.slack.shows(card, "✓ Quoting")
    return card, await sales.bob.hears("Moved")


async def test_undo_strikes_the_line_and_takes_the_place_of_its_button(sales: Office) -> None:
    card, said = await moved(sales)
    line = await sales.slack.heard(sales.deals, "Bob Stone moved it", thread=card)
    await sales.bob.press("Undo", on=said)
    await sales.slack.shows(card, "✓ Lead")
    await sales.slack.shows(line, "~Bob Stone moved it from Lead to Quoting~ undone by Bob Stone")
    await sales.bob.hears("Undone. Acme renewal is in Lead, as before.")
    assert said.gone or buttons(said) == []
    assert "weighted £1,200" in text(card)
    assert "Undo last change" not in menu(card)
    assert len(card.replies) == 2  # Opened, and the line that is struck through.


async def test_undo_in_the_menu_is_there_for_ten_minutes(sales: Office) -> None:
    card, said = await moved(sales)
    assert menu(card) == ["Undo last change", "Edit", "Change close date", "Pause", "Lost"]
    sales.clock.turn(601)
    await sales.slack.until(lambda: "Undo last change" not in menu(card), "gone from the menu")
    await sales.bob.press("Undo", on=said)
    await sales.bob.hears("That is more than ten minutes ago. Change it back by hand.")
    assert "✓ Quoting" in buttons(card)


async def test_anybody_can_undo_from_the_menu(sales: Office) -> None:
    card, said = await moved(sales)
    await sales.alice.pick("Undo last change", on=card)
    await sales.alice.hears("Undone.")
    await sales.slack.shows(card, "✓ Lead")
    await sales.bob.press("Undo", on=said)
    await sales.bob.hears("Alice Johnson already undid that.")


async def test_two_presses_of_undo_are_one(sales: Office) -> None:
    card, said = await moved(sales)
    await sales.bob.press_times(2, "Undo", on=said)
    await sales.slack.shows(card, "✓ Lead")
    await sales.slack.quiet()
    words = [text(one) for one in sales.bob.private]
    assert not [one for one in words if "already" in one]


async def test_undo_refuses_when_something_newer_touched_it(sales: Office) -> None:
    card, said = await moved(sales)
    await sales.carol.press("Closing", on=card)
    await sales.slack.shows(card, "✓ Closing")
    await sales.bob.press("Undo", on=said)
    await sales.bob.hears("Carol King changed it again at ")
    assert "✓ Closing" in buttons(card)


async def test_undo_lets_stand_what_it_did_not_touch(sales: Office) -> None:
    card, said = await moved(sales)
    await sales.alice.command("/opp 1", sales.deals)
    await sales.alice.sees("Opportunity #1")
    await sales.alice.press("Edit")
    view = await sales.alice.sees("Edit #1")
    view.fill("Name", "Acme extension")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(card, "Acme extension")
    await sales.bob.press("Undo", on=said)
    await sales.slack.shows(card, "✓ Lead")
    assert "Acme extension" in text(card)


async def test_undo_takes_back_a_win(sales: Office) -> None:
    card = await opened(sales)
    await sales.bob.press("Won", on=card)
    view = await sales.bob.sees("Won: #1")
    view.fill("Final value", "£9,000")
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "for £9,000")
    said = await sales.bob.hears("Marked Acme renewal won")
    await sales.bob.press("Undo", on=said)
    await sales.slack.shows(card, "✓ Lead")
    assert "£9,000" not in text(card)
    assert "weighted £1,200" in text(card)
    await sales.bob.pick("Lost", on=card)
    view = await sales.bob.sees("Lost: #1")
    view.choose("Reason", "Price")
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "Lost on")
    await sales.bob.press("Undo", on=await sales.bob.hears("lost: Price"))
    await sales.slack.shows(card, "✓ Lead")
    await sales.bob.press("Won", on=card)
    view = await sales.bob.sees("Won: #1")
    assert view.value("Final value") == "£12,000"


async def test_undo_takes_back_an_edit(sales: Office) -> None:
    card = await opened(sales)
    await sales.bob.pick("Edit", on=card)
    view = await sales.bob.sees("Edit #1")
    view.fill("Value", "£20k")
    view.choose("Owner", sales.bob)
    view.choose("Stage", "Closing")
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "£20,000")
    await sales.slack.heard(
        sales.deals,
        "Bob Stone moved it from Lead to Closing, changed the value from £12,000 to £20,000 "
        "and took it over",
        thread=card,
    )
    said = await sales.bob.hears("Saved Acme renewal.")
    await sales.bob.press("Undo", on=said)
    await sales.slack.shows(card, "✓ Lead")
    assert "£12,000" in text(card)
    assert "Alice Johnson" in text(card)


async def test_undo_on_the_page(sales: Office) -> None:
    card, _ = await moved(sales)
    page = await page_of(sales, 1)
    await sales.alice.pick("Undo last change", on=page)
    await sales.slack.shows(page, "Lead since")
    await sales.slack.shows(card, "✓ Lead")
    await sales.alice.press("Timeline", on=page)
    await sales.slack.shows(page, "undone by Alice Johnson")
    assert "Time in each stage: Lead 0 days" in text(page)


async def test_what_was_undone_meanwhile_is_said_on_the_page(sales: Office) -> None:
    card, _ = await moved(sales)
    page = await page_of(sales, 1)
    await sales.bob.pick("Undo last change", on=card)
    await sales.slack.shows(card, "✓ Lead")
    await sales.alice.pick("Undo last change", on=page)
    await sales.slack.shows(page, "Bob Stone already undid that.")
    assert "Lead since" in text(page)
    assert "Do it anyway" not in buttons(page)
    assert not any("undid" in text(said) for said in sales.alice.private)


async def test_lost_on_a_page_after_somebody_resumed_it(sales: Office) -> None:
    """The page says who and what, shows it as it is, and offers to do it anyway."""
    card, _ = await moved(sales)
    await sales.bob.command("/opp 1 pause", sales.deals)
    await sales.bob.sees("Pause #1")
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "Paused in Quoting")
    page = await page_of(sales, 1)
    await sales.bob.press("Resume", on=card)
    await sales.slack.shows(card, "✓ Quoting")
    await sales.alice.pick("Lost", on=page)
    await sales.slack.shows(page, "Bob Stone moved it to Quoting")
    assert "Change status" in buttons(page)
    await sales.alice.press("Do it anyway", on=page)
    view = await sales.alice.sees("Lost: #1")
    view.choose("Reason", "Price")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(page, "Lost on")
    assert "Do it anyway" not in buttons(page)


async def test_reopen_of_what_was_closed_another_way_meanwhile(sales: Office) -> None:
    card = await opened(sales)
    await sales.bob.command("/opp 1 won", sales.deals)
    await sales.bob.sees("Won: #1")
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "Won on")
    page = await page_of(sales, 1)
    await sales.bob.press("Reopen", on=card)
    await sales.slack.shows(card, "✓ Lead")
    await sales.bob.pick("Lost", on=card)
    view = await sales.bob.sees("Lost: #1")
    view.choose("Reason", "Price")
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "Lost on")
    await sales.alice.press("Reopen", on=page)
    await sales.slack.shows(page, "Bob Stone moved it to Lost")
    assert "Lost on" in text(card)


async def test_a_pause_ends_by_itself_in_the_morning_of_its_day(sales: Office) -> None:
    card, _ = await moved(sales)
    await sales.bob.pick("Pause", on=card)
    view = await sales.bob.sees("Pause #1")
    view.choose("Until", today(sales))
    assert await sales.bob.submit() == {"Until": "Choose a day after today."}
    until = today(sales) + timedelta(days=3)
    view.choose("Until", until)
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "Paused in Quoting until")
    assert buttons(card) == ["Resume", "Lost", "Details"]
    await sales.bob.hears("Paused Acme renewal until")

    morning = datetime(until.year, until.month, until.day, 9, tzinfo=LONDON).astimezone(UTC)
    sales.clock.turn(morning.timestamp() - sales.clock() - 30)
    await scheduler.end_pauses(sales.bot.app)
    await sales.slack.quiet()
    assert "Paused in" in text(card)
    sales.clock.turn(31)
    await scheduler.end_pauses(sales.bot.app)
    await sales.slack.shows(card, "✓ Quoting")
    line = await sales.slack.heard(sales.deals, "Back from its pause, in Quoting.", thread=card)
    assert line.text.count(sales.alice.mention) == 1  # Its owner is asked for.
    page = await page_of(sales, 1)
    await sales.alice.press("Timeline", on=page)
    await sales.slack.shows(page, "Quoting 0 days")  # The pause is not counted.


async def test_a_pause_without_a_date_lasts_until_somebody_resumes(sales: Office) -> None:
    card, _ = await moved(sales)
    await sales.bob.command("/opp 1 pause", sales.deals)
    view = await sales.bob.sees("Pause #1")
    view.choose("Until", None)
    assert await sales.bob.submit() == {"Until": "Choose a day, or tick No date."}
    view.choose("Or", ["No date"])
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "Paused in Quoting without a date")
    sales.clock.turn(400 * 86_400)
    await scheduler.end_pauses(sales.bot.app)
    await sales.slack.quiet()
    assert "Paused in" in text(card)
    await asyncio.gather(sales.alice.press("Resume", on=card), sales.alice.press("Resume", on=card))
    await sales.slack.shows(card, "✓ Quoting")
    await sales.alice.hears("Resumed Acme renewal, in Quoting.")
    await sales.slack.quiet()
    assert not [s for s in sales.alice.private if "nothing was changed" in text(s)]


async def test_change_status_of_what_is_paused_resumes_it(sales: Office) -> None:
    card, _ = await moved(sales)
    await sales.bob.pick("Pause", on=card)
    await sales.bob.sees("Pause #1")
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "Paused in")
    await sales.bob.command("/opp 1 closing", sales.deals)
    await sales.bob.hears("You moved it to Paused at ")
    await sales.bob.command("/opp 1 resume", sales.deals)
    await sales.bob.hears("Resumed Acme renewal, in Quoting.")
    await sales.slack.shows(card, "✓ Quoting")
    await sales.slack.heard(sales.deals, "Bob Stone resumed it, in Quoting", thread=card)


async def test_lost_from_a_pause(sales: Office) -> None:
    card, _ = await moved(sales)
    await sales.bob.pick("Pause", on=card)
    await sales.bob.sees("Pause #1")
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "Paused in")
    await sales.bob.press("Lost", on=card)
    view = await sales.bob.sees("Lost: #1")
    view.choose("Reason", "Timing")
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "Lost on")
    await sales.alice.press("Reopen", on=card)
    await sales.slack.shows(card, "✓ Quoting")
