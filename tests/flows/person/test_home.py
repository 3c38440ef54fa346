"""Home, as its person has it open: their day, fresh after what they do, forms from its buttons."""

import pytest

from tests.flows.conftest import Office, office
from tests.flows.doing import contact, opened
from tests.slack.person import Person
from tests.slack.reading import buttons, text


async def looks(person: Person) -> str:
    """Opens Home; returns what it then says, drawn anew."""
    before = person.slack.homes.get(person.id)
    was = before.hash if before else ""
    await person.open_home()
    await person.slack.until(
        lambda: person.id in person.slack.homes and person.home.hash != was, "Home is published"
    )
    return text(person.home)


async def add_task(work: Office, person: Person, words: str) -> None:
    await person.command(f"/task {words}", work.deals)
    await person.sees("New task")
    assert await person.submit() == {}


async def test_a_greeting_then_a_day(everywhere: Office) -> None:
    work = everywhere
    assert "Hello Bob Stone. Dealthread keeps your deals in Slack." in await looks(work.bob)
    assert buttons(work.bob.home) == ["New opportunity", "New contact", "Help"]
    await work.now_set_up()
    await opened(work, "Acme renewal £12k", by=work.bob)
    await add_task(work, work.bob, "Send the quote today 1")
    home = work.bob.home
    await work.slack.shows(home, "Send the quote")
    read = text(home)
    assert "Today 1\nSend the quote\n" in read
    assert "1 open · £12,000" in read
    assert "Acme renewal #1" in read
    assert "As of" in read


async def test_done_on_home_refreshes_it_and_says_nothing(work: Office) -> None:
    await add_task(work, work.bob, "Send the quote today")
    await add_task(work, work.bob, "Call them today")
    assert "Send the quote" in await looks(work.bob)
    heard = len(work.bob.private)
    await work.bob.press("Done", on=work.bob.home, row="Send the quote")
    await work.slack.shows(work.bob.home, "Today 1")
    assert "Send the quote" not in text(work.bob.home)
    assert "Call them" in text(work.bob.home)
    await work.slack.quiet()
    assert len(work.bob.private) == heard


async def test_its_buttons_open_forms_and_what_comes_of_them_shows(work: Office) -> None:
    await work.now_set_up()
    await contact(work, "Jane Doe", by=work.bob)
    await looks(work.bob)
    home = work.bob.home
    await work.bob.press("New opportunity", on=home)
    (await work.bob.sees("New opportunity")).fill("Name", "Globex rollout")
    assert await work.bob.submit() == {}
    told = await work.bob.hears("Created Globex rollout in #deals.")
    assert told.channel is work.bob.dm
    await work.slack.shows(home, "1 open")
    await work.bob.press("New contact", on=home)
    (await work.bob.sees("New contact")).fill("Name", "Grace Hopper")
    assert await work.bob.submit() == {}
    await work.slack.shows(home, "Grace Hopper")
    await work.bob.press("New task", on=home)
    (await work.bob.sees("New task")).fill("Title", "Ring them up")
    assert await work.bob.submit() == {}
    await work.bob.press("Log activity", on=home)
    (await work.bob.sees("Log activity")).fill("What happened", "Wants two floors")
    assert await work.bob.submit() == {}
    await work.slack.shows(home, "Bob Stone logged a note: Wants two floors")
    await work.bob.press("Details", on=home, row="Grace Hopper")
    await work.bob.sees("Grace Hopper")


async def test_what_does_not_fit_is_a_press_away(work: Office) -> None:
    await work.now_set_up()
    for number in range(4):
        await opened(work, f"Deal {number} close yesterday", by=work.bob)
    for number in range(7):
        await add_task(work, work.bob, f"Task {number} today")
    read = await looks(work.bob)
    assert read.count("[Done]") == 5
    await work.bob.press("and 2 more", on=work.bob.home)
    await work.bob.hears("My open tasks: 7")
    await work.bob.press("and 1 more", on=work.bob.home)
    board = await work.bob.hears("Only yours · what needs attention")
    assert board.channel is work.bob.dm
    await work.bob.press("Open board", on=work.bob.home)
    await work.bob.hears("4 open")


async def test_a_press_that_is_refused_is_said_directly(work: Office) -> None:
    await add_task(work, work.bob, "Send the quote today")
    await looks(work.bob)
    await work.bob.change(guest=True)
    await work.bob.press("Done", on=work.bob.home)
    told = await work.bob.hears("Dealthread is for members of this workspace.")
    assert told.channel is work.bob.dm


async def test_guests_see_one_sentence_and_others_their_own(work: Office) -> None:
    await work.now_set_up()
    await opened(work, "Acme £12k", by=work.bob)
    gail = work.slack.person("Gail Guest", guest=True)
    assert await looks(gail) == (
        "Dealthread is for members of this workspace. Ask a member to look this up for you."
    )
    assert "1 open · £12,000" in await looks(work.bob)
    assert "open" not in await looks(work.carol)


async def test_the_messages_tab_and_who_never_looked_cost_nothing(work: Office) -> None:
    await work.bob.open_home("messages")
    await opened(work, by=work.bob)
    await work.slack.quiet()
    assert not work.slack.calls("views.publish")


async def test_where_there_is_no_home_tab_nobody_is_bothered(work: Office) -> None:
    work.slack.home_tab = False
    await work.bob.open_home()
    await work.slack.until(lambda: work.slack.calls("views.publish"), "it is tried")
    await opened(work, by=work.bob)
    await work.slack.quiet()
    assert len(work.slack.calls("views.publish")) == 1
    work.slack.home_tab = True
    assert "1 open" in await looks(work.bob)


async def test_a_home_that_slack_refuses_for_a_while_comes_later(work: Office) -> None:
    work.slack.faults.next("views.publish", retry_after=1)
    work.slack.faults.next("views.publish", status=503)
    assert "Hello Bob Stone" in await looks(work.bob)


@pytest.mark.usefixtures("unhurried")
async def test_changes_in_quick_succession_are_few_homes(work: Office) -> None:
    await work.now_set_up()
    card = await opened(work, by=work.bob)
    await looks(work.bob)
    before = len(work.slack.calls("views.publish"))
    for stage in ("Quoting", "Closing", "Lead", "Pitching", "Quoting"):
        await work.bob.press(stage, on=card)
        await work.slack.shows(card, f"✓ {stage}") if stage == "Quoting" else None
    await work.slack.quiet()
    assert len(work.slack.calls("views.publish")) - before <= 3


async def test_its_sentences_name_commands_as_they_are_called_here(
    migrated_sqlite_url: str,
) -> None:
    async with office(migrated_sqlite_url, prefix="acme-") as work:
        assert "Hello Bob Stone" in await looks(work.bob)
        await work.bob.press("Help", on=work.bob.home)
        await work.bob.hears("/acme-opp")
