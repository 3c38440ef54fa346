"""First use, set up, settings, help: what an admin and a newcomer meet (product page, 1 and 10)."""

import sqlite3

import pytest

from handlers.grammar.requests import HELP
from tests.flows.conftest import Office, office
from tests.flows.doing import opened
from tests.flows.pipeline.test_board import STEP, board_in
from tests.slack.person import Person
from tests.slack.reading import buttons, text

AWAY = "The database can't be reached just now, so nothing was saved."


async def told(who: Person, words: str, work: Office) -> str:
    answer = await who.command(words, work.deals)
    assert answer is not None
    return text(answer)


async def test_what_it_is_and_how_to_begin(work: Office) -> None:
    answer = await work.alice.command("/dealthread", work.deals)
    assert answer is not None
    assert "Dealthread keeps your deals in Slack." in text(answer)
    assert buttons(answer) == ["Set up", "Help"]
    await work.alice.press("Help", on=answer)
    await work.alice.hears("What Dealthread understands")
    await work.alice.press("Set up", on=answer)
    view = await work.alice.sees("Set up Dealthread")
    assert view.value("Time zone") == "Europe/London"
    view.choose("Deals channel", work.deals)
    assert await work.alice.submit() == {}
    await work.alice.hears("Cards go to #deals. Amounts are in GBP, times in Europe/London.")
    again = await work.alice.command("/dealthread", work.deals)
    assert again is not None
    assert buttons(again) == ["Settings", "Help"]


async def test_until_set_up_it_guesses_and_says_so_once(work: Office) -> None:
    hanna = work.slack.person("Hanna Weiss", tz="Europe/Berlin", locale="de-DE")
    await hanna.command("/opp new Erste 12k", work.deals)
    await hanna.sees("New opportunity")
    assert await hanna.submit() == {}
    await hanna.hears("I assumed: amounts in EUR and times in Europe/Berlin.")
    await opened(work, "Second", by=work.bob)
    await work.slack.quiet()
    said = [text(message) for person in (work.bob, hanna) for message in person.private]
    assert sum("I assumed" in words for words in said) == 1


async def test_another_currency_is_shown_on_cards_and_boards(work: Office) -> None:
    await work.now_set_up()
    card = await opened(work, "Deal 01 £1k")
    board = await board_in(work, work.deals)
    await work.alice.command("/dealthread settings", work.deals)
    await work.alice.sees("Settings")
    await work.alice.press("Edit", row="General")
    view = await work.alice.sees("General")
    view.choose("Amounts and dates", "Deutsch: 12.000,50 €")
    assert await work.alice.submit() == {}
    await work.alice.sees("Saved. What shows money")
    work.clock.turn(STEP)
    await work.slack.shows(card, "1.000")
    await work.slack.shows(board, "1.000")


async def test_a_deals_channel_without_the_bot_is_an_error(work: Office) -> None:
    await work.alice.command("/dealthread setup", work.deals)
    view = await work.alice.sees("Set up Dealthread")
    view.choose("Deals channel", work.random)
    said = {"Deals channel": "Invite me there first, with /invite @Dealthread."}
    assert await work.alice.submit() == said


@pytest.mark.parametrize("words", ["help", "what can you do", ""])
async def test_help_lists_every_command_wherever_one_asks(work: Office, words: str) -> None:
    usages = [usage for rows in HELP.values() for usage, _ in rows]
    await work.bob.say(f"{work.slack.bot.mention} {words}", work.deals)
    heard = [text(await work.bob.hears("What Dealthread understands"))]
    await work.bob.say(words or "hi")
    heard.append(text(await work.bob.hears("What Dealthread understands")))
    heard.append(await told(work.bob, "/dealthread help", work))
    for said in heard:
        assert all(usage in said for usage in usages)


async def test_help_is_answered_in_the_thread_that_asks(work: Office) -> None:
    await work.now_set_up()
    card = await opened(work)
    await work.bob.say(f"{work.slack.bot.mention} help", thread=card)
    said = await work.bob.hears("What Dealthread understands")
    assert said.thread_ts == card.ts
    assert said.channel is work.deals
    first = await work.bob.say("hi")
    await work.bob.hears("What Dealthread understands")
    await work.bob.say("and here?", thread=first)
    said = await work.bob.hears("What Dealthread understands")
    assert said.thread_ts == first.ts


async def test_a_direct_message_of_a_guest_gets_no_help(work: Office) -> None:
    gus = work.slack.person("Gus", guest=True)
    await gus.say("hi")
    assert "members of this workspace" in text(await gus.hears())


async def test_commands_are_named_as_they_are_called(migrated_sqlite_url: str) -> None:
    """Where /opp is another bot's, nobody is told to type it."""
    async with office(migrated_sqlite_url, prefix="acme-") as work:
        said = await told(work.bob, "/acme-dealthread help", work)
        assert "/acme-opp new Acme renewal" in said
        assert "/acme-opp new opens a deal." in await told(work.bob, "/acme-dealthread", work)
        assert "Write /acme-pipeline, /acme-pipeline me, " in await told(
            work.bob, "/acme-pipeline us", work
        )
        await work.bob.say("hi")
        everything = [said, text(await work.bob.hears("/acme-contact new"))]
        assert not any(f" /{name}" in one for one in everything for name in ("opp", "contact"))
        await work.bob.command("/acme-opp new /opp `/opp 12`", work.deals)
        view = await work.bob.sees("New opportunity")
        assert view.value("Name") == "/opp `/opp 12`"


async def test_each_command_has_its_help(work: Office) -> None:
    for command, rows in HELP.items():
        said = await told(work.bob, f"{command} help", work)
        assert all(usage in said for usage, _ in rows)


async def test_without_the_database_each_kind_of_request_is_answered(work: Office) -> None:
    """Commands and forms say so, presses too, lists are empty, events are asked for again."""
    await work.now_set_up()
    card = await opened(work)
    await work.alice.command("/opp new Zebra", work.deals)
    await work.alice.sees("New opportunity")
    await work.slack.quiet()
    path = str(work.bot.app.store.writer.url.database)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        await work.bob.press("Quoting", on=card)
        assert AWAY in text(await work.bob.hears("can't be reached"))
        assert any(AWAY in said for said in (await work.alice.submit()).values())
        late = work.slack.person("Newcomer")
        assert AWAY in await told(late, "/opp", work)
        assert await work.alice.type_into("Contact", "J") is not None
        ack = await work.slack.events.send(
            "app_mention",
            work.slack.team,
            {"type": "app_mention", "user": work.bob.id, "channel": work.deals.id, "text": "x"},
        )
        assert ack is not None
        assert ack.status == 503
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert await work.alice.submit() == {}
    await work.bob.press("Quoting", on=card)
    await work.slack.shows(card, "✓ Quoting")
    assert [text(m).split(" #")[0] for m in work.deals.top()].count("Zebra") <= 1
