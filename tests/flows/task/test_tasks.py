"""Tasks as people make and do them: the form, the message in the thread, private words."""

from datetime import timedelta
from typing import Any

import pytest

from tests.flows.conftest import Office
from tests.flows.doing import contact, opened, today
from tests.slack.person import Person
from tests.slack.reading import buttons, text
from tests.slack.world import Message


@pytest.fixture
async def sales(work: Office) -> Office:
    await work.now_set_up()
    return work


async def added(
    work: Office,
    card: Message,
    title: str = "Send the quote",
    by: Person | None = None,
    **said: Any,
) -> Message:
    """A task made from a card; its message in the thread."""
    person = by or work.alice
    await person.press("Add task", on=card)
    view = await person.sees("New task")
    view.fill("Title", title)
    for label, value in said.items():
        view.choose(label.replace("_", " "), value)
    assert await person.submit() == {}
    await person.hears("Added")
    return await work.slack.heard(card.channel, title, thread=card)


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
    assert buttons(message) == ["Done", "Snooze", "Edit"]
    await sales.slack.shows(card, "Next: Send the quote, ")
    await sales.bob.press("Done", on=message)
    await sales.slack.shows(message, "Done by Bob Stone")
    await sales.slack.shows(card, "No next step")
    assert "~Send the quote~" in str(message.blocks)
    said = await sales.bob.hears("Done: Send the quote. Acme renewal has no next step now.")
    assert buttons(said) == ["Add next step", "Reopen"]
    await sales.carol.press("Reopen", on=message)
    await sales.slack.shows(message, "[Done] [Snooze] [Edit]")
    await sales.slack.shows(card, "Next: Send the quote, ")


async def test_who_comes_second_hears_who_was_first_and_twice_counts_once(sales: Office) -> None:
    card = await opened(sales)
    message = await added(sales, card)
    old = [dict(block) for block in message.blocks]
    await sales.bob.press_times(3, "Done", on=message)
    await sales.slack.shows(message, "Done by Bob Stone")
    await sales.bob.hears("Done: Send the quote.")
    message.blocks = old  # What Carol's client still shows.
    await sales.carol.press("Done", on=message)
    await sales.carol.hears("Bob Stone already did it at ")
    await sales.carol.press("Snooze", on=message)
    await sales.carol.hears("Bob Stone did it at ")
    assert not sales.carol.stack
    assert [text(m) for m in sales.bob.private if "already" in text(m)] == []


async def test_snoozed_it_keeps_its_hour(sales: Office) -> None:
    card = await opened(sales)
    day = today(sales) + timedelta(days=3)
    message = await added(sales, card, Due_date=day, Time="15:00")
    await sales.bob.press("Snooze", on=message)
    view = await sales.bob.sees("Snooze")
    assert text(view).count("( )") >= 3
    view.choose("Until", "On this day:")
    assert "Choose a date." in (await sales.bob.submit())["Day"]
    later = day + timedelta(days=20)
    view.choose("Day", later)
    assert await sales.bob.submit() == {}
    said = await sales.bob.hears("Snoozed Send the quote until ")
    assert "15:00" in text(said)
    await sales.bob.press("Edit", on=message)
    view = await sales.bob.sees("Edit task")
    assert (view.value("Due date"), view.value("Time")) == (later.isoformat(), "15:00")


async def test_edited_by_two_nobodys_work_is_lost(sales: Office) -> None:
    card = await opened(sales)
    message = await added(sales, card)
    await sales.bob.press("Edit", on=message)
    form = await sales.bob.sees("Edit task")
    await sales.carol.press("Edit", on=message)
    view = await sales.carol.sees("Edit task")
    view.fill("Title", "Send the contract")
    assert await sales.carol.submit() == {}
    await sales.carol.hears("Saved Send the contract.")
    form.fill("Title", "Send the offer")
    form.choose("Due date", "2030-11-29")
    assert await sales.bob.submit() == {}
    await sales.bob.sees("Carol King changed Title to Send the contract while you were editing.")
    assert await sales.bob.submit() == {}
    await sales.bob.hears("Saved Send the offer.")
    await sales.slack.shows(message, "Send the offer")
    await sales.slack.shows(card, "Next: Send the offer, Fri 29 Nov 2030, Alice Johnson")


async def test_another_assignee_is_told_directly_once(sales: Office) -> None:
    card = await opened(sales)
    message = await added(sales, card)
    await sales.alice.press("Edit", on=message)
    view = await sales.alice.sees("Edit task")
    view.choose("Assignee", sales.bob)
    assert await sales.alice.submit() == {}
    told = await sales.bob.hears("Alice Johnson gave you a task: Send the quote.")
    assert told.channel is sales.bob.dm
    assert buttons(told) == ["Done", "Details"]
    assert f"<@{sales.bob.id}>" not in str(message.blocks)
    await sales.bob.press("Details", on=told)
    page = await sales.bob.sees("Task for Bob Stone")
    await sales.bob.press("Done", on=page)
    await sales.slack.shows(page, "Done by Bob Stone")
    await sales.bob.press("Done", on=told)
    await sales.slack.shows(told, "Done: Send the quote.")
    assert buttons(told) == ["Reopen"]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("<!channel> *now*", "<!channel> ∗now∗"),
        ("Call \u202ereversed\u202c `x`", "Call reversed ˋxˋ"),
    ],
)
async def test_what_people_type_is_shown_as_typed(sales: Office, title: str, shown: str) -> None:
    card = await opened(sales)
    await sales.alice.press("Add task", on=card)
    view = await sales.alice.sees("New task")
    view.fill("Title", title)
    assert await sales.alice.submit() == {}
    message = await sales.slack.heard(sales.deals, "Task for Alice", thread=card)
    assert shown in text(message)
    assert "<!channel>" not in str([block.get("text") for block in message.blocks])


async def test_what_can_not_be_stands_at_its_field(sales: Office) -> None:
    guest = sales.slack.person("Gus Guest", guest=True)
    robot = sales.slack.bot
    card = await opened(sales)
    await sales.alice.press("Add task", on=card)
    view = await sales.alice.sees("New task")
    view.fill("Title", "x" * 201)
    view.choose("Time", "15:00")
    assert await sales.alice.submit() == {
        "Title": "Write a title of at most 200 characters.",
        "Due date": "Choose a day for that time.",
    }
    view.choose("Due date", "2030-11-29")
    view.fill("Title", "Send it")
    for somebody in (guest, robot):
        view.choose("Assignee", somebody)
        assert await sales.alice.submit() == {"Assignee": "Choose a member of this workspace."}


async def test_the_form_sent_twice_makes_one(sales: Office) -> None:
    card = await opened(sales)
    await added(sales, card)
    await sales.slack.repeat(3, kind="interactive")
    await sales.slack.quiet()
    assert len([m for m in card.replies if "Send the quote" in text(m)]) == 1


async def test_due_in_the_past_is_said(sales: Office) -> None:
    await sales.alice.command("/task new Send the quote", sales.deals)
    view = await sales.alice.sees("New task")
    view.choose("Due date", "2020-01-31")
    assert await sales.alice.submit() == {}
    await sales.alice.hears(
        "Added Send the quote for you, due Fri 31 Jan 2020. That is in the past, so it is overdue."
    )


async def test_words_are_in_the_form(sales: Office) -> None:
    await contact(sales, "Jane Doe")
    await opened(sales)
    friday = next(
        day for day in (today(sales) + timedelta(days=n) for n in range(1, 8)) if day.weekday() == 4
    )
    words = f"/task Send quote to Jane friday 15:00 1 <@{sales.bob.id}|bob>"
    await sales.alice.command(words, sales.deals)
    view = await sales.alice.sees("New task")
    assert view.value("Title") == "Send quote to Jane"
    assert view.value("Due date") == friday.isoformat()
    assert view.value("Time") == "15:00"
    assert view.value("Opportunity") == "#1 Acme renewal"
    assert await sales.alice.submit() == {}
    await sales.alice.hears("Added Send quote to Jane for Bob Stone, due Fri ")
    await sales.alice.command("/task Phase 2", sales.deals)
    view = await sales.alice.sees("New task")
    assert (view.value("Title"), view.value("Opportunity")) == ("Phase 2", None)
    await sales.alice.close()
    await sales.alice.command("/task Ask about it #77", sales.deals)
    view = await sales.alice.sees("There is no opportunity #77 that you can see.")
    assert view.value("Title") == "Ask about it #77"


async def test_a_task_of_another_deal_leaves_this_thread(sales: Office) -> None:
    card, other = await opened(sales), await opened(sales, "Globex rollout")
    message = await added(sales, card)
    await sales.alice.press("Edit", on=message)
    view = await sales.alice.sees("Edit task")
    await sales.alice.type_into("Opportunity", "globex")
    await sales.alice.choose("Opportunity", "#2 Globex rollout")
    assert await sales.alice.submit() == {}
    await sales.slack.heard(sales.deals, "Send the quote", thread=other)
    await sales.slack.shows(message, "This task is no longer part of this opportunity.")
    await sales.slack.shows(card, "No next step")
    assert view.title == "Edit task"


async def test_the_board_offers_it_and_shows_the_next_step(sales: Office) -> None:
    card = await opened(sales)
    await sales.bob.command("/pipeline", sales.deals)
    board = await sales.slack.heard(sales.deals, "Pipeline")
    await sales.slack.shows(board, "No next step")
    await sales.bob.pick("Add task", on=board)
    view = await sales.bob.sees("New task")
    view.fill("Title", "Call Jane")
    assert await sales.bob.submit() == {}
    await sales.slack.heard(sales.deals, "Call Jane", thread=card)
    await sales.bob.press("Refresh", on=board)
    await sales.slack.shows(board, "Next: Call Jane")


async def test_a_move_offers_the_next_step_where_there_is_none(sales: Office) -> None:
    card = await opened(sales)
    await sales.bob.press("Quoting", on=card)
    said = await sales.bob.hears("Moved Acme renewal to Quoting.")
    assert buttons(said) == ["Undo", "Add next step"]
    await sales.bob.press("Add next step", on=said)
    view = await sales.bob.sees("New task")
    assert view.value("Opportunity") == "#1 Acme renewal"
    view.fill("Title", "Call Jane")
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "Next: Call Jane")
    await sales.bob.press("Closing", on=card)
    assert buttons(await sales.bob.hears("Moved Acme renewal to Closing.")) == ["Undo"]
