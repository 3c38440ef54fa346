"""`@Dealthread …` in a card's thread, where Slack takes no slash commands (product page, 1)."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from store.tables.entries import CommentRow
from tests.flows.conftest import Office, office
from tests.flows.doing import opened, texts, today
from tests.slack.delivery import Delivery
from tests.slack.person import Person
from tests.slack.reading import buttons, text
from tests.slack.world import Message


@pytest.fixture
async def sales(migrated_sqlite_url: str) -> AsyncIterator[Office]:
    """An office that is set up, so that nothing is said of what was guessed."""
    async with office(migrated_sqlite_url) as working:
        await working.now_set_up()
        yield working


async def thread(work: Office, words: str = "Acme renewal £12k", **about: Any) -> Message:
    card = await opened(work, words, **about)
    await work.slack.quiet()
    return card


async def asks(
    work: Office, words: str, card: Message, answer: str = "", *, by: Person | None = None
) -> Message:
    """Somebody (Bob) asks the bot for it in the thread; what they are told there."""
    who = by or work.bob
    await who.say(f"{work.slack.bot.mention} {words}", thread=card)
    told = await who.hears(answer)
    assert told.thread_ts == card.ts
    return told


def comments(work: Office) -> list[str]:
    query = select(CommentRow.text)
    return work.bot.app.store.read_now(lambda session: list(session.scalars(query)))


@pytest.mark.parametrize("words", ["quoting", "Quoting!", "move to quoting", "quote"])
async def test_a_stage_moves_at_once_with_undo(sales: Office, words: str) -> None:
    card = await thread(sales)
    told = await asks(sales, words, card, "Moved Acme renewal to Quoting.")
    line = "Bob Stone moved it from Lead to Quoting"
    await sales.slack.heard(sales.deals, line, thread=card)
    await sales.slack.shows(card, "✓ Quoting")
    await sales.bob.press("Undo", on=told)
    await sales.slack.shows(card, "✓ Lead")


async def test_both_events_of_a_mention_count_once_and_it_is_no_comment(sales: Office) -> None:
    card = await thread(sales)
    for _ in range(2):
        sales.slack.faults.delivering("event", duplicate=3)
    await asks(sales, "quoting", card, "Moved Acme renewal")
    await sales.slack.settled()
    await sales.slack.heard(sales.deals, "moved it", thread=card)
    await sales.slack.quiet()
    assert [line for line in texts(card) if "moved it" in line] == [
        "Bob Stone moved it from Lead to Quoting"
    ]
    assert len(sales.bob.private) == 1
    assert comments(sales) == []


@pytest.mark.parametrize(
    ("words", "button", "title"),
    [("won", "Won…", "Won"), ("lost", "Lost…", "Lost"), ("pause", "Pause…", "Pause")],
)
async def test_what_asks_something_is_offered_by_a_button(
    sales: Office, words: str, button: str, title: str
) -> None:
    card = await thread(sales)
    told = await asks(sales, words, card, "Acme renewal")
    assert buttons(told) == [button]
    await sales.bob.press(button, on=told)
    await sales.bob.sees(title)
    if words == "won":
        assert await sales.bob.submit() == {}
        await sales.slack.shows(card, "Won on")
        await asks(sales, "won", card, "already")


async def test_details_open_its_page(sales: Office) -> None:
    card = await thread(sales)
    told = await asks(sales, "details", card, "Acme renewal #1 is in Lead.")
    await sales.bob.press("Details", on=told)
    await sales.bob.sees("Opportunity #1")


async def test_paused_and_resumed(sales: Office) -> None:
    card = await thread(sales)
    await sales.bob.press("Pause…", on=await asks(sales, "pause", card))
    await sales.bob.sees("Pause")
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "Paused in Lead")
    await asks(sales, "details", card, "Acme renewal #1 is paused.")
    await asks(sales, "quoting", card, "Press Resume first")
    await asks(sales, "resume", card, "Resumed Acme renewal, in Lead.")
    await sales.slack.shows(card, "✓ Lead")


async def lost(work: Office, card: Message) -> None:
    told = await asks(work, "lost", card, "give a reason.")
    await work.bob.press("Lost…", on=told)
    (await work.bob.sees("Lost")).choose("Reason", "Price")
    assert await work.bob.submit() == {}
    await work.slack.shows(card, "Lost on")


async def test_reopened_at_once(sales: Office) -> None:
    card = await thread(sales)
    await lost(sales, card)
    await asks(sales, "reopen", card, "Reopened Acme renewal, in Lead.")
    await sales.slack.shows(card, "✓ Lead")


async def test_reopened_by_a_button_when_its_expected_close_has_passed(sales: Office) -> None:
    card = await thread(sales, f"Zebra close {today(sales) - timedelta(days=1)}")
    await lost(sales, card)
    told = await asks(sales, "reopen", card, "Reopen it with a new expected close.")
    await sales.bob.press("Reopen", on=told)
    await sales.bob.sees("Expected close")
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "✓ Lead")


@pytest.mark.parametrize("words", ["", "help"])
async def test_help_says_what_can_be_asked_for(sales: Office, words: str) -> None:
    card = await thread(sales)
    told = text(await asks(sales, words, card, "What Dealthread understands here"))
    assert "@Dealthread quoting" in told
    assert "/opp" not in told


async def test_what_can_not_be_read_gets_one_sentence_with_the_right_form(sales: Office) -> None:
    card = await thread(sales)
    told = await asks(sales, "please make it so", card, "Write @Dealthread quoting, or one of")
    assert "Lead, Pitching, Quoting, Closing, won, lost" in text(told)
    await sales.slack.repeat(3, of=mention(sales), retry=True)
    await sales.slack.quiet()
    assert len(sales.bob.private) == 1


def mention(work: Office) -> Delivery:
    """The newest event that says that the bot was named."""
    named = (
        one
        for one in reversed(work.slack.deliveries)
        if one.payload.get("event", {}).get("type") == "app_mention"
    )
    return next(named)


async def test_a_comment_that_names_the_bot_is_a_comment(sales: Office) -> None:
    card = await thread(sales)
    words = f"I told {sales.slack.bot.mention} quoting"
    await sales.bob.say(words, thread=card)
    await sales.slack.settled()
    await sales.slack.quiet()
    assert comments(sales) == [words]
    assert sales.bob.private == []


async def test_an_edited_command_is_neither_a_comment_nor_done_twice(sales: Office) -> None:
    card = await thread(sales)
    said = await sales.bob.say(f"{sales.slack.bot.mention} quoting", thread=card)
    await sales.bob.hears("Moved Acme renewal")
    await sales.slack.shows(card, "✓ Quoting")
    await sales.alice.press("Closing", on=card)
    await sales.slack.shows(card, "✓ Closing")
    await sales.bob.edit(said, f"{sales.slack.bot.mention} quoting please")
    again = {**said.wire(), "type": "app_mention", "channel": sales.deals.id}
    await sales.slack.events.send("app_mention", sales.slack.team, again)
    await sales.bob.delete(said)
    await sales.slack.quiet()
    assert comments(sales) == []
    await sales.slack.shows(card, "✓ Closing")


async def test_guests_and_people_from_outside_are_refused_privately(sales: Office) -> None:
    card = await thread(sales)
    gus = sales.slack.person("Gus Best", guest=True)
    await sales.alice.invite(gus, sales.deals)
    await asks(sales, "quoting", card, "Dealthread is for members", by=gus)
    await sales.slack.quiet()
    assert "✓ Lead" in text(card)


async def test_elsewhere_it_gets_the_whole_help(sales: Office) -> None:
    await thread(sales)
    hello = await sales.alice.say("hello", sales.deals)
    told = text(await asks(sales, "quoting", hello, "What Dealthread understands"))
    assert "/opp new" in told
    assert "@Dealthread quoting" in told


async def test_in_direct_messages_a_command_in_the_thread_is_one_too(work: Office) -> None:
    """Slack tells a bot of no mention there."""
    await work.alice.command("/opp new Zebra merger", work.random)
    await work.alice.sees("New opportunity")
    assert await work.alice.submit() == {}
    card = await work.slack.heard(work.alice, "✓ Lead")
    await work.slack.quiet()
    work.slack.faults.delivering("event", duplicate=2)
    await asks(work, "quoting", card, "Moved Zebra merger to Quoting.", by=work.alice)
    await work.slack.shows(card, "✓ Quoting")
    await asks(work, "what?", card, "Write @Dealthread quoting", by=work.alice)
    await work.slack.quiet()
    assert comments(work) == []


async def test_the_workspaces_own_words_for_stages_are_understood(sales: Office) -> None:
    card = await thread(sales)
    sales.bot.app.store.write_now(_labelled, sales.slack.team.id)
    await asks(sales, "proposal", card, "Moved Acme renewal to Proposal.")
    await sales.slack.shows(card, "✓ Proposal")


def _labelled(session: Any, workspace_id: str) -> None:
    from store.tables.records import WorkspaceRow  # noqa: PLC0415 - what no form sets yet.

    row = session.get(WorkspaceRow, workspace_id)
    row.settings = row.settings | {"labels": {"quoting": "Proposal"}}


async def test_an_archived_deal_is_not_moved(sales: Office) -> None:
    card = await thread(sales)
    await sales.alice.command("/opp 1", sales.deals)
    await sales.alice.pick("Archive", on=await sales.alice.sees("Opportunity #1"))
    await sales.alice.submit()
    await sales.slack.shows(card, "Archived")
    await asks(sales, "quoting", card, "That opportunity was archived by Alice Johnson")


async def test_a_task_is_made_at_once_for_whom_it_names(sales: Office) -> None:
    card = await thread(sales)
    words = f"task Send the quote friday 15:00 {sales.carol.mention}"
    for _ in range(2):
        sales.slack.faults.delivering("event", duplicate=2)
    told = text(await asks(sales, words, card, "Added Send the quote for Carol King, due"))
    assert "15:00" in told
    line = await sales.slack.heard(sales.deals, "Send the quote", thread=card)
    assert sales.carol.mention in str(line.blocks)
    await sales.slack.shows(card, "Next: Send the quote")
    await sales.slack.quiet()
    assert sum("Send the quote" in text(one) for one in card.replies if one.bot_id) == 1
    assert comments(sales) == []


async def test_people_and_numbers_within_a_task_stay_in_its_title(sales: Office) -> None:
    card = await thread(sales)
    words = f"task Ask {sales.carol.mention} about order 4711"
    await asks(sales, words, card, "Added Ask @Carol King about order 4711 for you.")
    await asks(sales, "task Sign it tomorrow #1", card, "Added Sign it for you, due")


async def test_a_task_of_nothing_or_for_a_guest_is_refused_with_the_right_form(
    sales: Office,
) -> None:
    card = await thread(sales)
    await asks(sales, "task", card, "like @Dealthread task Send the quote friday")
    gus = sales.slack.person("Gus Best", guest=True)
    await asks(sales, f"task Call {gus.mention}", card, "Choose a member of this workspace.")


async def test_an_activity_is_logged_at_once(sales: Office) -> None:
    card = await thread(sales)
    for _ in range(2):
        sales.slack.faults.delivering("event", duplicate=2)
    told = await asks(sales, "log Call: wants 3 seats", card, "Logged a call on Acme renewal.")
    assert "Add next step" in buttons(told)
    line = await sales.slack.heard(sales.deals, "wants 3 seats", thread=card)
    assert "Call · Bob Stone" in text(line)
    await sales.slack.quiet()
    assert sum("wants 3 seats" in text(one) for one in card.replies if one.bot_id) == 1
    assert comments(sales) == []
    await asks(sales, "log", card, "like @Dealthread log Call: wants 3 seats.")
