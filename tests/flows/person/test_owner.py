"""Whose a deal is: taken, given, told once."""

import asyncio

import pytest

from tests.flows.conftest import Office
from tests.flows.doing import opened, page_of, texts
from tests.slack.reading import buttons, text
from tests.slack.world import Message


@pytest.fixture
async def sales(work: Office) -> Office:
    await work.now_set_up()
    return work


async def free(sales: Office) -> Message:
    """A deal that nobody owns: Alice removes herself in its form."""
    card = await opened(sales)
    await sales.alice.pick("Edit", on=card)
    view = await sales.alice.sees("Edit #1")
    view.choose("Owner", None)
    assert await sales.alice.submit() == {}
    await sales.slack.shows(card, "No owner")
    return card


async def test_a_deal_without_an_owner_is_taken_by_a_press(sales: Office) -> None:
    card = await free(sales)
    await sales.slack.heard(sales.deals, "Alice Johnson removed the owner", thread=card)
    assert "Take it" in buttons(card)
    await sales.bob.press_times(3, "Take it", on=card)
    said = await sales.bob.hears("You own Acme renewal now.")
    assert buttons(said) == ["Undo"]
    await sales.slack.shows(card, "No contact · Bob Stone")
    assert "Take it" not in buttons(card)
    await sales.slack.heard(sales.deals, "Bob Stone took it over", thread=card)
    await sales.slack.quiet()
    assert len([line for line in texts(card) if "took it over" in line]) == 1
    assert len([word for word in sales.bob.private if "You own" in text(word)]) == 1


async def test_of_two_who_take_it_the_second_hears_who_was_faster(sales: Office) -> None:
    card = await free(sales)
    await asyncio.gather(sales.bob.press("Take it", on=card), sales.carol.press("Take it", on=card))
    late = await sales.slack.until(
        lambda: [
            (person, text(said))
            for person in (sales.bob, sales.carol)
            for said in person.private
            if "already took it over at" in text(said)
        ],
        "one of them is told",
    )
    ((loser, said),) = late
    winner = "Carol King" if loser is sales.bob else "Bob Stone"
    assert said.startswith(winner)
    await sales.slack.shows(card, winner)


async def test_it_is_taken_on_its_page_too(sales: Office) -> None:
    card = await free(sales)
    page = await page_of(sales, 1, by=sales.bob)
    assert "Take it" in buttons(page)
    late = await page_of(sales, 1, by=sales.carol)
    await sales.bob.press("Take it", on=page)
    await sales.slack.shows(page, "Bob Stone")
    assert "Take it" not in buttons(page)
    await sales.slack.shows(card, "Bob Stone")
    await sales.carol.press("Take it", on=late)
    await sales.slack.shows(late, "Bob Stone already took it over at ")


async def test_a_new_owner_reads_it_once(sales: Office) -> None:
    card = await opened(sales, Owner=sales.bob)
    line = await sales.slack.heard(sales.deals, "opened it for", thread=card)
    assert sales.bob.mention in line.text
    await sales.alice.pick("Edit", on=card)
    (await sales.alice.sees("Edit #1")).choose("Owner", sales.carol)
    assert await sales.alice.submit() == {}
    await sales.slack.heard(sales.deals, f"made {sales.carol.mention} the owner", thread=card)
    await sales.slack.quiet()
    said = "\n".join(reply.text for reply in card.replies)
    assert said.count(sales.bob.mention) == said.count(sales.carol.mention) == 1
    assert not [m for m in sales.carol.private + sales.bob.private if "owner" in text(m)]
