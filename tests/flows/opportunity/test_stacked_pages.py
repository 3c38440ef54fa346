"""Pages above pages: Slack stacks three views, and nothing that is asked for is refused by that."""

from tests.flows.conftest import Office
from tests.flows.doing import opened, page_of
from tests.slack.reading import text


async def test_a_task_and_an_activity_from_a_contact_above_a_deal(work: Office) -> None:
    await work.now_set_up()
    alice = work.alice
    await alice.command("/contact new Jane Doe", work.deals)
    await alice.sees("New contact")
    assert await alice.submit() == {}
    await alice.hears("Added")
    await opened(work, "Acme renewal for Jane Doe £12k")
    await page_of(work, 1)
    await alice.press("Open contact")
    await alice.press("Tasks")
    assert len(alice.stack) == 2
    await alice.press("Add task")
    view = await alice.sees("New task")
    assert len(alice.stack) == 3
    view.fill("Title", "Call Jane")
    assert await alice.submit() == {}
    await work.slack.shows(await alice.sees("Jane Doe"), "Call Jane")
    await alice.press("Activities")
    await alice.press("Log activity")
    view = await alice.sees("Log activity")
    view.fill("What happened", "Met Jane")
    assert await alice.submit() == {}
    await work.slack.shows(await alice.sees("Jane Doe"), "Met Jane")


async def test_from_a_list_to_the_third_page_and_a_form_in_its_place(work: Office) -> None:
    await work.now_set_up()
    alice = work.alice
    await opened(work, "Acme renewal £12k", by=alice)
    await alice.command("/task Send the quote 1", work.deals)
    await alice.sees("New task")
    assert await alice.submit() == {}
    told = await alice.hears("Send the quote")
    await alice.press("Details", on=told)
    await alice.sees("Send the quote")
    await alice.press("Open opportunity")
    await alice.sees("Opportunity #1")
    assert len(alice.stack) == 2
    await alice.press("Timeline")
    await alice.press("Log activity")
    assert len(alice.stack) == 3
    view = await alice.sees("Log activity")
    view.fill("What happened", "Sent it")
    assert await alice.submit() == {}
    await work.slack.shows(await alice.sees("Opportunity #1"), "Sent it")
    assert "Sent it" in text(alice.view)
