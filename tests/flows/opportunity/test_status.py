"""The status of a deal as people change it: by buttons, menus, commands and the page."""

import asyncio
from datetime import timedelta

import pytest

from tests.flows.conftest import Office
from tests.flows.doing import lines, opened, page_of, texts, today
from tests.slack.reading import buttons, text


@pytest.fixture
async def sales(work: Office) -> Office:
    await work.now_set_up()
    return work


async def test_a_move_is_a_line_and_a_private_word(sales: Office) -> None:
    card = await opened(sales)
    await sales.bob.press("Closing", on=card)
    await sales.slack.shows(card, "✓ Closing")
    said = await sales.bob.hears("Moved Acme renewal to Closing.")
    assert buttons(said) == ["Undo", "Add next step"]
    assert "weighted £9,600" in text(card)  # The default probability of Closing is 80%.
    await sales.slack.heard(sales.deals, "Bob Stone moved it from Lead to Closing", thread=card)
    await sales.bob.press("Pitching", on=card)
    await sales.slack.shows(card, "✓ Pitching")


async def test_a_double_press_counts_once(sales: Office) -> None:
    card = await opened(sales)
    await sales.bob.press_times(3, "Quoting", on=card)
    await sales.bob.hears("Moved")
    await sales.slack.shows(card, "✓ Quoting")
    await sales.slack.quiet()
    assert len([line for line in texts(card) if "to Quoting" in line]) == 1
    assert [text(said) for said in sales.bob.private if "Acme" in text(said)] == [
        "Moved Acme renewal to Quoting.\n[Undo] [Add next step]"
    ]


async def test_two_people_press_different_buttons_at_once(sales: Office) -> None:
    card = await opened(sales)
    await asyncio.gather(sales.bob.press("Quoting", on=card), sales.carol.press("Closing", on=card))
    told = await sales.slack.until(
        lambda: [
            (person, said)
            for person in (sales.bob, sales.carol)
            for said in person.private
            if "Do it anyway" in buttons(said)
        ],
        "one of them is told",
    )
    ((late, said),) = told
    assert "so nothing was changed" in text(said)
    early = "Carol King" if late is sales.bob else "Bob Stone"
    assert text(said).startswith(f"{early} moved it to ")
    await late.press("Do it anyway", on=said)
    wanted = "✓ Quoting" if late is sales.bob else "✓ Closing"
    await sales.slack.shows(card, wanted)
    assert not any("Do it anyway" in buttons(said) for said in late.private)


async def test_who_comes_second_hears_who_was_first(sales: Office) -> None:
    card = await opened(sales)
    old = [dict(block) for block in card.blocks]
    await sales.bob.press("Quoting", on=card)
    await sales.slack.shows(card, "✓ Quoting")
    card.blocks = old  # What Carol's client still shows.
    await sales.carol.press("Quoting", on=card)
    said = await sales.carol.hears("Bob Stone already moved it to Quoting at ")
    assert buttons(said) == []


async def test_won_asks_for_the_final_value_and_the_day(sales: Office) -> None:
    card = await opened(sales)
    await sales.bob.press("Won", on=card)
    view = await sales.bob.sees("Won: #1")
    assert view.value("Final value") == "£12,000"
    assert view.value("Closed on") == today(sales).isoformat()
    view.fill("Final value", "12 apples")
    view.choose("Closed on", today(sales) + timedelta(days=1))
    wrong = await sales.bob.submit()
    assert "12k" in wrong["Final value"]
    view.fill("Final value", "£11,500")
    wrong = await sales.bob.submit()
    assert wrong == {"Closed on": "Choose today or an earlier day."}
    await sales.bob.close()
    await sales.slack.quiet()
    assert "✓ Lead" in buttons(card)  # Closing the form changes nothing.

    await sales.bob.press("Won", on=card)
    view = await sales.bob.sees("Won: #1")
    view.fill("Final value", "£11,500")
    view.choose("Closed on", today(sales) - timedelta(days=3))
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "Won on")
    assert "for £11,500" in text(card)
    assert "#1 · £12,000" in text(card)  # The value itself is kept apart.
    assert buttons(card) == ["Reopen", "Details"]
    await sales.bob.hears("Marked Acme renewal won for £11,500.")
    await sales.slack.heard(sales.deals, "Bob Stone marked it won for £11,500", thread=card)


async def test_lost_asks_why(sales: Office) -> None:
    card = await opened(sales)
    await sales.bob.pick("Lost", on=card)
    view = await sales.bob.sees("Lost: #1")
    view.choose("Reason", "Other")
    wrong = await sales.bob.submit()
    assert wrong == {"Note": "Write what happened, since the reason is Other."}
    view.fill("Note", "They went with <!channel> `X`")
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "Lost on")
    assert "Other. They went with <!channel> ˋXˋ" in text(card)
    assert buttons(card) == ["Reopen", "Details"]
    await sales.slack.heard(sales.deals, "Bob Stone marked it lost: Other", thread=card)


@pytest.mark.parametrize(
    ("word", "asks"), [("won", "Final value"), ("lost", "Reason"), ("pause", "Until")]
)
async def test_every_path_asks_the_same(sales: Office, word: str, asks: str) -> None:
    card = await opened(sales)
    bob = sales.bob
    seen = []
    await bob.command(f"/opp 1 {word}", sales.deals)
    seen.append(text(await bob.sees(asks)))
    await bob.close()
    await page_of(sales, 1, by=bob)
    await bob.press("Change status")
    view = await bob.sees("Change status")
    view.choose("Status", f"{word.capitalize()}…")
    assert await bob.submit() == {}
    seen.append(text(await bob.sees(asks)))
    await bob.close(everything=True)
    if word == "won":
        await bob.press("Won", on=card)
    else:
        await bob.pick(word.capitalize(), on=card)
    seen.append(text(await bob.sees(asks)))
    assert seen[0] == seen[1] == seen[2]
    await bob.close()
    await sales.slack.quiet()
    assert "✓ Lead" in buttons(card)


@pytest.mark.parametrize("word", ["won", "lost", "pause"])
async def test_a_change_under_an_open_form_is_told_in_it(sales: Office, word: str) -> None:
    card = await opened(sales)
    alice = sales.alice
    await alice.command(f"/opp 1 {word}", sales.deals)
    view = await alice.sees("#1")
    if word == "won":
        view.fill("Final value", "£11,111")
    elif word == "lost":
        view.choose("Reason", "Price")
        view.fill("Note", "Too dear")
    else:
        view.choose("Until", today(sales) + timedelta(days=9))
    before = view.fields()
    await sales.bob.press("Quoting", on=card)
    await sales.slack.shows(card, "✓ Quoting")
    assert await alice.submit() == {}
    view = await alice.sees("Bob Stone moved it to Quoting at ")
    assert "Send this again to do it anyway." in text(view)
    assert view.fields() == before
    assert await alice.submit() == {}
    await sales.slack.shows(card, {"won": "Won on", "lost": "Lost on"}.get(word, "Paused in"))
    assert {"won": "£11,111", "lost": "Too dear"}.get(word, "Quoting until") in text(card)


async def test_a_change_under_the_choice_of_a_status_is_told_in_it(sales: Office) -> None:
    card = await opened(sales)
    await page_of(sales, 1)
    await sales.alice.press("Change status")
    view = await sales.alice.sees("Change status")
    view.choose("Status", "Closing")
    await sales.bob.press("Quoting", on=card)
    await sales.slack.shows(card, "✓ Quoting")
    assert await sales.alice.submit() == {}
    view = await sales.alice.sees("Bob Stone moved it to Quoting")
    assert view.value("Status") == "Closing"
    assert await sales.alice.submit() == {}
    await sales.slack.shows(card, "✓ Closing")
    await sales.alice.sees("Closing since")  # The page below shows it.


async def test_won_meanwhile_is_not_won_twice(sales: Office) -> None:
    card = await opened(sales)
    await sales.alice.press("Won", on=card)
    await sales.alice.sees("Won: #1")
    await sales.bob.press("Won", on=card)
    await sales.bob.sees("Won: #1")
    assert await sales.bob.submit() == {}
    wrong = await sales.alice.submit()
    assert "Bob Stone already moved it to Won at" in wrong["Final value"]


async def test_commands_change_the_status(sales: Office) -> None:
    card = await opened(sales)
    await sales.bob.command("/opp #1 quoting", sales.deals)
    await sales.bob.hears("Moved Acme renewal to Quoting.")
    await sales.slack.shows(card, "✓ Quoting")
    await sales.bob.command("/opp 1 quoting", sales.deals)
    await sales.slack.quiet()
    await sales.bob.command("/opp 1 resume", sales.deals)
    await sales.slack.settled()
    await sales.bob.command("/opp 999999 quoting", sales.deals)
    await sales.bob.hears("There is no opportunity #999999 that you can see.")
    await sales.bob.command("/opp 99999999999999999999999 quoting", sales.deals)
    await sales.bob.hears("")
    assert len([line for line in texts(card) if "to Quoting" in line]) == 1


async def test_a_form_sent_twice_counts_once(sales: Office) -> None:
    card = await opened(sales)
    await sales.alice.press("Won", on=card)
    await sales.alice.sees("Won: #1")
    assert await sales.alice.submit() == {}
    await sales.slack.repeat(2)
    await sales.slack.shows(card, "Won on")
    await sales.slack.quiet()
    assert len([line for line in texts(card) if "marked it won" in line]) == 1
    assert len([said for said in sales.alice.private if "won" in text(said)]) == 1


async def test_an_expired_trigger_is_told(sales: Office) -> None:
    card = await opened(sales)
    sales.slack.faults.next("views.open", error="expired_trigger_id")
    await sales.bob.press("Won", on=card)
    await sales.bob.hears("Slack took too long to open that. Please try again.")
    await sales.bob.press("Won", on=card)
    await sales.bob.sees("Won: #1")


async def test_reopen_goes_back_to_its_stage(sales: Office) -> None:
    card = await opened(sales)
    await sales.bob.press("Quoting", on=card)
    await sales.slack.shows(card, "✓ Quoting")
    await sales.bob.press("Won", on=card)
    await sales.bob.sees("Won: #1")
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "Won on")
    await sales.alice.press("Reopen", on=card)
    await sales.slack.shows(card, "✓ Quoting")
    await sales.alice.hears("Reopened Acme renewal, in Quoting.")
    await sales.slack.heard(sales.deals, "Alice Johnson reopened it, in Quoting", thread=card)
    page = await page_of(sales, 1)
    await sales.alice.press("Timeline", on=page)
    await sales.slack.shows(page, "marked it won for £12,000")  # History keeps it.


async def test_reopen_asks_for_a_new_date_when_it_has_passed(sales: Office) -> None:
    card = await opened(sales, Expected_close=today(sales) - timedelta(days=2))
    await sales.slack.shows(card, "overdue since")
    await sales.bob.press("Won", on=card)
    await sales.bob.sees("Won: #1")
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "Won on")
    await sales.alice.command("/opp 1 reopen", sales.deals)
    view = await sales.alice.sees("Reopen #1")
    assert "has passed" in text(view)
    view.choose("Expected close", today(sales) - timedelta(days=1))
    assert await sales.alice.submit() == {"Expected close": "Choose today or a later day."}
    view.choose("Expected close", today(sales) + timedelta(days=20))
    assert await sales.alice.submit() == {}
    await sales.slack.shows(card, "✓ Lead")
    assert "closes" in text(card)


async def test_reopening_what_is_open_changes_nothing(sales: Office) -> None:
    card = await opened(sales)
    await sales.bob.press("Won", on=card)
    await sales.bob.sees("Won: #1")
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "Won on")
    await sales.alice.press_times(2, "Reopen", on=card)
    await sales.slack.shows(card, "✓ Lead")
    await sales.bob.command("/opp 1 reopen", sales.deals)
    await sales.bob.hears("Alice Johnson moved it to Lead at ")
    await sales.slack.quiet()
    assert len([line for line in texts(card) if "reopened it" in line]) == 1


async def test_time_in_each_stage_is_on_the_page(sales: Office) -> None:
    card = await opened(sales)
    sales.clock.turn(2 * 86_400)
    await sales.bob.press("Quoting", on=card)
    await sales.slack.shows(card, "✓ Quoting")
    sales.clock.turn(3 * 86_400)
    await sales.bob.press("Won", on=card)
    await sales.bob.sees("Won: #1")
    assert await sales.bob.submit() == {}
    await sales.slack.shows(card, "Won on")
    sales.clock.turn(4 * 86_400)
    await sales.bob.press("Reopen", on=card)
    await sales.slack.shows(card, "✓ Quoting")
    page = await page_of(sales, 1)
    await sales.alice.press("Timeline", on=page)
    await sales.slack.shows(page, "Lead 2 days · Quoting 3 days")
    assert "Bob Stone: Lead → Quoting (after 2 days)" in text(page)
    assert await lines(sales, card, 4)
