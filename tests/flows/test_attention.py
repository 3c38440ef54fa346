"""What needs attention, as owners meet it: told in the morning, snoozed, stopped, over the days."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot import scheduler
from tests.flows.conftest import Office
from tests.flows.doing import LONDON, opened, page_of, today
from tests.slack.person import Person
from tests.slack.reading import buttons, text
from tests.slack.world import Message


@pytest.fixture
async def sales(work: Office) -> Office:
    await work.now_set_up()
    return work


async def a_morning(work: Office, after: int = 0) -> date:
    """Turns the clock to the first weekday's morning, just past nine, at least so many days on."""
    day = today(work) + timedelta(days=after)
    while True:
        at = datetime.combine(day, time(9, 0, 5), LONDON).astimezone(UTC).timestamp()
        if at > work.clock() and day.isoweekday() <= 5:
            work.clock.turn(at - work.clock())
            return day
        day += timedelta(days=1)


async def told(work: Office, who: Person | None = None) -> Message:
    """What they hear once the round was made, for which nobody waits here."""
    await scheduler.tell_owners(work.bot.app)
    return await (who or work.alice).hears("Needs attention")


async def nothing(work: Office, who: Person | None = None) -> None:
    person = who or work.alice
    before = [m.ts for m in person.private if "Needs attention" in text(m)]
    await scheduler.tell_owners(work.bot.app)
    await work.slack.quiet(0.3)
    assert [m.ts for m in person.private if "Needs attention" in text(m)] == before


async def overdue(work: Office, name: str = "Acme renewal £12k", **said: object) -> Message:
    """A deal whose close date passes tomorrow."""
    return await opened(work, name, Expected_close=today(work), **said)


def said(day: date) -> str:
    return f"{day.day} {day:%b}"


async def test_an_overdue_deal_is_told_once_and_again_two_weeks_later(sales: Office) -> None:
    close = today(sales)
    card = await overdue(sales)
    await a_morning(sales, 2)  # By then nobody may still be about to say what is next.
    message = await told(sales)
    assert "Acme renewal #1 · £12,000\nOverdue since " in text(message)
    assert said(close) in text(message)
    assert "no next step" in text(message)
    assert buttons(message) == ["Details", "Stop"]
    await sales.slack.shows(card, "overdue since")
    await nothing(sales)
    for _ in range(3):
        await a_morning(sales, 1)
        await nothing(sales)
    sales.clock.turn(7 * 86_400)
    await a_morning(sales, 4)
    again = await told(sales)
    assert again.ts != message.ts


async def test_details_opens_its_page(sales: Office) -> None:
    await overdue(sales)
    await a_morning(sales, 1)
    await sales.alice.press("Details", on=await told(sales))
    await sales.alice.sees("Opportunity #1")


async def test_snooze_says_until_when_and_keeps_to_it(sales: Office) -> None:
    await overdue(sales)
    day = await a_morning(sales, 1)
    message = await told(sales)
    await sales.alice.pick("3 days", on=message)
    until = day + timedelta(days=3)
    while until.isoweekday() > 5:  # On weekends nobody is told.
        until += timedelta(days=1)
    await sales.slack.shows(message, f"Snoozed until {until:%a} {said(until)}")
    assert buttons(message) == ["Details", "Stop"]
    while await a_morning(sales) < until:
        await nothing(sales)
    await scheduler.tell_owners(sales.bot.app)
    again = await sales.alice.hears("Overdue since")
    assert again.ts != message.ts


async def test_snooze_until_a_date(sales: Office) -> None:
    await overdue(sales)
    await a_morning(sales, 1)
    message = await told(sales)
    await sales.alice.pick("A date…", on=message)
    view = await sales.alice.sees("Snooze")
    view.choose("Until", today(sales))
    assert await sales.alice.submit() == {"Until": "Choose a day after today."}
    until = today(sales) + timedelta(days=40)
    view.choose("Until", until)
    assert await sales.alice.submit() == {}
    await sales.slack.shows(message, "Snoozed until ")
    assert said(until) in text(message)


async def test_stop_is_for_good_and_an_old_message_takes_the_press(sales: Office) -> None:
    await overdue(sales)
    await a_morning(sales, 1)
    message = await told(sales)
    sales.clock.turn(20 * 86_400)
    await sales.alice.press("Stop", on=message)
    await sales.slack.shows(message, "Stopped: no more reminders of it, unless you snooze it.")
    assert buttons(message) == ["Details"]
    for _ in range(2):
        await a_morning(sales, 1)
        await nothing(sales)
    await sales.alice.pick("1 week", on=message)
    await sales.slack.shows(message, "Snoozed until ")


async def test_what_is_no_longer_theirs_is_refused_with_who_has_it(sales: Office) -> None:
    await overdue(sales)
    await a_morning(sales, 1)
    message = await told(sales)
    await page_of(sales, 1)
    await sales.alice.press("Edit")
    view = await sales.alice.sees("Edit #1")
    view.choose("Owner", sales.bob)
    assert await sales.alice.submit() == {}
    await sales.alice.close(everything=True)
    await sales.alice.press("Stop", on=message)
    await sales.alice.hears("Bob Stone owns it now, so you won't be reminded of it any more.")
    await a_morning(sales, 1)
    await nothing(sales)
    bobs = await told(sales, sales.bob)
    assert "Acme renewal #1" in text(bobs)


async def test_more_than_four_open_the_board_where_all_of_them_are(sales: Office) -> None:
    for number in range(6):
        await overdue(sales, f"Deal {number}")
    await a_morning(sales, 1)
    message = await told(sales)
    assert text(message).count("[Snooze ▾]") == 4
    await sales.alice.press("and 2 more", on=message)
    board = await sales.alice.hears("Only yours · what needs attention")
    assert "1–6 of 6" in text(board)
    await sales.slack.settled()
    assert text(message).count("[Snooze ▾]") == 4  # It stands beside it.


async def test_home_and_the_board_say_the_same_words(sales: Office) -> None:
    card = await overdue(sales)
    await sales.alice.command("/task Send the quote to Jane today 1", sales.deals)
    await sales.alice.sees("New task")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(card, "Next: Send the quote")
    day = today(sales)
    sales.clock.turn(86_400)
    await sales.slack.shows(card, f"overdue since {day:%a} {said(day)}", within=10.0)
    await sales.alice.open_home()
    await sales.slack.until(lambda: sales.alice.id in sales.slack.homes, "Home is published")
    home = sales.alice.home
    await sales.slack.shows(
        home, f"Overdue since {said(day)} · task overdue since {day:%a} {said(day)}"
    )


async def test_who_left_hears_nothing(sales: Office) -> None:
    await overdue(sales, by=sales.bob)
    await sales.bob.change(deleted=True)
    await a_morning(sales, 1)
    await nothing(sales, sales.bob)
    tried = [*sales.slack.calls("conversations.open"), *sales.slack.calls("chat.postMessage")]
    assert not [one for one in tried if "Needs attention" in str(one.args)]
    assert sales.bob.id not in [one.args.get("users") for one in tried]


async def test_a_paused_deal_is_told_before_it_returns(sales: Office) -> None:
    card = await opened(sales)
    await sales.alice.pick("Pause", on=card)
    view = await sales.alice.sees("Pause #1")
    day = today(sales) + timedelta(days=30)
    while day.isoweekday() != 4:  # A Thursday: the days before are days of work.
        day += timedelta(days=1)
    view.choose("Until", day)
    assert await sales.alice.submit() == {}
    await sales.slack.shows(card, "Paused in Lead until")
    while await a_morning(sales, 1) < day - timedelta(days=3):
        await nothing(sales)
    message = await told(sales)
    assert f"Back from its pause on Thu {said(day)}" in text(message)
    await sales.slack.shows(card, f"🟡 Paused in Lead until Thu {said(day)}")


async def test_what_was_done_before_it_is_sent_is_not_said(sales: Office) -> None:
    card = await overdue(sales)
    await a_morning(sales, 1)
    sales.slack.faults.next("conversations.open", error="internal_error", status=500)
    await scheduler.tell_owners(sales.bot.app)
    await sales.slack.called("conversations.open")
    await sales.alice.press("Won", on=card)
    await sales.alice.sees("Won")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(card, "Won on")
    sales.clock.turn(3600)
    await sales.slack.quiet(0.5)
    assert not [m for m in sales.alice.private if "Needs attention" in text(m)]
