"""Lists of tasks as people use them: `/task`, and the tabs of pages."""

from datetime import timedelta

import pytest

from tests.flows.conftest import Office
from tests.flows.doing import contact, opened, page_of, today
from tests.slack.person import Person
from tests.slack.reading import buttons, text


@pytest.fixture
async def sales(work: Office) -> Office:
    await work.now_set_up()
    return work


async def made(work: Office, words: str, by: Person | None = None, **said: object) -> None:
    person = by or work.alice
    await person.command(f"/task new {words}", work.deals)
    view = await person.sees("New task")
    for label, value in said.items():
        view.choose(label.replace("_", " "), value)
    assert await person.submit() == {}
    await person.hears("Added")


async def test_an_empty_list_says_what_would_be_here(sales: Office) -> None:
    told = await sales.alice.command("/task", sales.deals)
    assert told
    assert "My open tasks:" not in text(told)
    assert "You have no open tasks." in text(told)
    await sales.alice.press("Add task", on=told)
    view = await sales.alice.sees("New task")
    view.fill("Title", "Call Jane")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(told, "Added Call Jane for you.")
    assert "My open tasks: 1" in text(told)
    assert "No date 1\nCall Jane" in text(told)


async def test_my_tasks_are_done_and_snoozed_in_their_rows(sales: Office) -> None:
    card = await opened(sales)
    day = today(sales)
    await made(sales, "Old one", Due_date=day - timedelta(days=9))
    await made(sales, "Send the quote #1", Due_date=day + timedelta(days=1), Time="15:00")
    await made(sales, "Bobs", Assignee=sales.bob)
    message = await sales.slack.heard(sales.deals, "Send the quote", thread=card)
    await sales.slack.called("chat.getPermalink", 2)
    await sales.slack.quiet()
    told = await sales.alice.command("/task", sales.deals)
    assert told
    read = text(told)
    assert read.index("Overdue 1\nOld one") < read.index("Tomorrow 1\nSend the quote")
    assert "15:00 · Acme renewal #1" in read
    assert "Bobs" not in read
    assert f"p{message.ts.replace('.', '')}?" in str(told.blocks)  # Leads to the very message.
    await sales.alice.pick("Snooze", on=told, row="Old one")
    await sales.alice.sees("Snooze")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(told, "Snoozed Old one until ")
    assert "Tomorrow 2" in text(told)
    await sales.alice.pick("Done", on=told, row="Send the quote")
    await sales.slack.shows(told, "Done: Send the quote.")
    assert "Tomorrow 1" in text(told)
    await sales.slack.shows(message, "Done by Alice Johnson")
    await sales.alice.pick("Done", on=told, row="My open tasks")
    await sales.slack.shows(told, "My done tasks")
    await sales.alice.pick("Reopen", on=told, row="Send the quote")
    await sales.slack.shows(told, "Reopened Send the quote.")
    await sales.slack.shows(message, "[Done] [Snooze] [Edit]")


async def test_everyones_a_persons_and_a_deals(sales: Office) -> None:
    await opened(sales)
    await made(sales, "Mine #1")
    await made(sales, "Bobs", Assignee=sales.bob)
    told = await sales.alice.command("/task", sales.deals)
    assert told
    await sales.alice.pick("Everyone", on=told)
    await sales.slack.shows(told, "Everyone's open tasks")
    assert "Bob Stone" in text(told)
    await sales.alice.pick("Someone else…", on=told)
    view = await sales.alice.sees("Filter")
    view.choose("Person", sales.bob)
    assert await sales.alice.submit() == {}
    await sales.slack.shows(told, "Bob Stone's open tasks: 1")
    await sales.alice.press("Filter", on=told)
    view = await sales.alice.sees("Filter")
    view.choose("Person", None)
    await sales.alice.type_into("Opportunity", "acme")
    await sales.alice.choose("Opportunity", "#1 Acme renewal")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(told, "Everyone's open tasks of #1: 1")
    assert "Mine" in text(told)
    told = await sales.bob.command("/task 1", sales.deals)
    assert told
    assert "Everyone's open tasks of #1: 1" in text(told)


async def test_pages_of_ten(sales: Office) -> None:
    for number in range(12):
        await made(sales, f"Number {number:02}x")
    told = await sales.alice.command("/task", sales.deals)
    assert told
    assert "1–10 of 12" in text(told)
    await sales.alice.press("Next", on=told)
    await sales.slack.shows(told, "11–12 of 12")
    assert "Number 11x" in text(told)
    await sales.alice.press("Previous", on=told)
    await sales.slack.shows(told, "1–10 of 12")


async def test_the_tab_of_the_page(sales: Office) -> None:
    card = await opened(sales)
    page = await page_of(sales, 1)
    assert "Next step\nNone yet" in text(page)
    await sales.alice.press("Tasks", on=page)
    await sales.slack.shows(page, "No tasks yet.")
    await sales.alice.press("Add task", on=page)
    view = await sales.alice.sees("New task")
    assert view.value("Opportunity") == "#1 Acme renewal"
    view.fill("Title", "Send the quote")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(page, "No date 1\nSend the quote")
    message = await sales.slack.heard(sales.deals, "Send the quote", thread=card)
    await sales.alice.pick("Snooze", on=page)
    await sales.alice.sees("Snooze")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(page, "Tomorrow 1\nSend the quote")
    await sales.alice.pick("Edit", on=page)
    view = await sales.alice.sees("Edit task")
    view.fill("Title", "Send the contract")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(page, "Send the contract")
    await sales.alice.pick("Done", on=page)
    await sales.slack.shows(page, "Done\n~Send the contract~")
    await sales.slack.shows(message, "Done by Alice Johnson")
    await sales.alice.press("Overview", on=page)
    await sales.slack.shows(page, "Next step\nNone yet")
    assert "Add next step" in buttons(page)


async def test_the_tab_of_a_contact(sales: Office) -> None:
    await contact(sales, "Jane Doe")
    await opened(sales, "Acme renewal for Jane Doe")
    await made(sales, "Of the deal #1")
    await sales.alice.command("/contact jane", sales.deals)
    page = await sales.alice.sees("Jane Doe")
    await sales.alice.press("Tasks", on=page)
    await sales.slack.shows(page, "Of the deal")
    await sales.alice.press("Add task", on=page)
    view = await sales.alice.sees("New task")
    assert view.value("Contact") == "Jane Doe"
    view.fill("Title", "Of her own")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(page, "Of her own")
    await sales.alice.pick("Done", on=page, row="Of the deal")
    await sales.slack.shows(page, "Done\n~Of the deal~")
