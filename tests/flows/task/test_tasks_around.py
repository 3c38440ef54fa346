"""Tasks around the status of their deal, as people meet them; and their reminders."""

from datetime import datetime, timedelta

import pytest

from store.usecases.task import reminders
from tests.flows.conftest import Office
from tests.flows.doing import LONDON, opened, today
from tests.flows.task.test_tasks import added
from tests.slack.reading import buttons, text
from tests.slack.world import Message


@pytest.fixture
async def sales(work: Office) -> Office:
    await work.now_set_up()
    return work


async def test_lost_asks_about_the_open_tasks(sales: Office) -> None:
    card = await opened(sales)
    await sales.bob.pick("Lost", on=card)
    assert "Tasks" not in text(await sales.bob.sees("Lost: #1"))
    await sales.bob.close()
    message = await added(sales, card)
    await sales.bob.pick("Lost", on=card)
    view = await sales.bob.sees("Close its open task")
    view.choose("Reason", "Price")
    assert await sales.bob.submit() == {}
    said = await sales.bob.hears("Marked Acme renewal lost: Price. Closed 1 task.")
    await sales.slack.shows(message, "Done by Bob Stone")
    await sales.bob.press("Undo", on=said)
    await sales.slack.shows(message, "[Done] [Snooze] [Edit]")
    await sales.slack.shows(card, "Next: Send the quote")


async def test_lost_can_leave_them_open(sales: Office) -> None:
    card = await opened(sales)
    message = await added(sales, card)
    await sales.bob.command("/opp 1 lost", sales.deals)
    view = await sales.bob.sees("Close its open task")
    view.choose("Reason", "Price")
    view.choose("Tasks", None)
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "Lost on")
    assert buttons(message) == ["Done", "Snooze", "Edit"]


async def test_a_pause_puts_off_what_is_due_before(sales: Office) -> None:
    card = await opened(sales)
    message = await added(sales, card, Due_date=today(sales) + timedelta(days=2))
    await sales.bob.pick("Pause", on=card)
    view = await sales.bob.sees("Pause #1")
    until = today(sales) + timedelta(days=20)
    view.choose("Until", until)
    assert await sales.bob.submit() == {}
    await sales.bob.hears("Put off 1 task.")
    await sales.slack.shows(message, f"{until.day} {until:%b}")


async def test_a_reminder_comes_at_its_hour_with_done_snooze_and_stop(sales: Office) -> None:
    card = await opened(sales)
    soon = datetime.now(LONDON) + timedelta(hours=2)
    hour = soon.replace(minute=0, second=0, microsecond=0)
    said = {"Due_date": hour.date(), "Time": f"{hour:%H:%M}", "Assignee": sales.bob}
    message = await added(sales, card, **said)
    sales.clock.turn(2 * 3600)
    told = await remind(sales, "Send the quote")
    assert buttons(told) == ["Done", "Snooze", "Stop"]
    assert "Acme renewal #1" in text(told)
    await sales.bob.press("Snooze", on=told)
    view = await sales.bob.sees("Snooze")
    view.choose("Until", "On this day:")
    later = today(sales) + timedelta(days=3)
    view.choose("Day", later)
    assert await sales.bob.submit() == {}
    await sales.slack.shows(told, "Snoozed Send the quote until ")
    await sales.slack.shows(message, f"{later.day} {later:%b}")
    sales.clock.turn(3 * 24 * 3600)
    told = await remind(sales, "Due ")
    await sales.bob.press("Stop", on=told)
    await sales.slack.shows(told, "You won't be reminded of Send the quote again.")
    sales.clock.turn(9 * 24 * 3600)
    assert not await sales.bot.app.store.write(reminders.remind_due, sales.bot.app.clock())
    await sales.slack.quiet()
    assert not [said for said in sales.bob.private if "Due " in text(said)]


async def remind(work: Office, words: str) -> Message:
    """What Bob is told once the job has run, for which nobody waits twenty seconds here."""
    await work.bot.app.store.write(reminders.remind_due, work.bot.app.clock())
    return await work.bob.hears(words)


async def test_a_reminder_that_slack_refuses_is_not_tried_for_ever(sales: Office) -> None:
    card = await opened(sales)
    day = today(sales) + timedelta(days=1)
    await added(sales, card, Due_date=day, Assignee=sales.bob)
    sales.slack.faults.always("conversations.open", error="cannot_dm_bot")
    sales.clock.turn(36 * 3600)
    await sales.bot.app.store.write(reminders.remind_due, sales.bot.app.clock())
    await sales.slack.called("conversations.open")
    await sales.slack.quiet()
    before = len(sales.slack.calls("conversations.open"))
    sales.clock.turn(24 * 3600)
    await sales.slack.quiet()
    assert len(sales.slack.calls("conversations.open")) == before
