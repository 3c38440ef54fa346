"""Deals as people make, find and archive them: `/opp`, the form, the page."""

from datetime import timedelta

import pytest

from tests.flows.conftest import Office
from tests.flows.doing import contact, opened, page_of, today
from tests.slack.reading import buttons, text
from tests.slack.view import View


@pytest.fixture
async def sales(work: Office) -> Office:
    await work.now_set_up()
    return work


async def form(sales: Office, words: str = "") -> View:
    await sales.alice.command(f"/opp new {words}".strip(), sales.deals)
    return await sales.alice.sees("New opportunity")


async def test_only_the_name_is_required(sales: Office) -> None:
    view = await form(sales)
    assert list(view.fields()) == [
        "Name",
        "Contact",
        "Value",
        "Expected close",
        "Owner",
        "Stage",
        "Notes",
        "Post card in",
    ]
    assert view.value("Owner") == sales.alice.id
    assert view.value("Stage") == "Lead"
    assert view.value("Post card in") == sales.deals.id
    assert list(view.complaints()) == ["Name"]
    view.fill("Name", "  Acme \n renewal ")
    assert await sales.alice.submit() == {}
    card = await sales.slack.heard(sales.deals, "Acme renewal #1")
    assert "No contact · Alice Johnson" in text(card)
    said = await sales.alice.hears("Created Acme renewal in #deals.")
    assert buttons(said) == ["Details"]


async def test_all_fields_of_the_form(sales: Office) -> None:
    view = await form(sales)
    view.fill("Name", "Horizon rollout")
    view.fill("Value", "1.2m EUR")
    close = today(sales) + timedelta(days=30)
    view.choose("Expected close", close)
    view.choose("Owner", sales.bob)
    view.choose("Stage", "Quoting")
    view.fill("Notes", "Two floors")
    assert await sales.alice.submit() == {}
    card = await sales.slack.heard(sales.deals, "Horizon rollout #1 · €1,200,000")
    assert "Bob Stone" in text(card)
    assert "✓ Quoting" in buttons(card)
    assert "weighted €600,000" in text(card)
    line = await sales.slack.heard(sales.deals, "opened it for", thread=card)
    assert sales.bob.mention in line.text  # A new owner is mentioned once.
    page = await page_of(sales, 1)
    assert "Two floors" in text(page)
    assert "Opened on" in text(page)


@pytest.mark.parametrize("amount", ["-5", "12 apples", "£", "1e9", "9" * 20])
async def test_what_is_no_amount_is_an_error_on_its_field(sales: Office, amount: str) -> None:
    view = await form(sales, "Acme")
    view.fill("Value", amount)
    wrong = await sales.alice.submit()
    assert list(wrong) == ["Value"]
    assert sales.alice.view is view  # Nothing that was typed is lost.
    assert view.value("Name") == "Acme"


async def test_names_are_refused_or_shown_as_typed(sales: Office) -> None:
    view = await form(sales)
    view.fill("Name", "\u200b\u0000 \n")
    assert "Name" in await sales.alice.submit()
    view.fill("Name", "x" * 3000)
    assert await sales.alice.submit() == {"Name": "Write a name of at most 150 characters."}
    await sales.alice.close()
    names = ("<!channel> `x` *b* &amp;", "צמיחה (2) ", "🧑‍🚀" * 16, "a\u202eb\u0007c")
    for number, name in enumerate(names, 1):
        view = await form(sales)
        view.fill("Name", name)
        assert await sales.alice.submit() == {}
        await sales.slack.heard(sales.deals, f"#{number}")
        await sales.alice.hears("Created")
    cards = sales.deals.top()
    assert "<!channel> ˋxˋ ∗b∗ &amp; #1" in text(cards[0])
    assert "<!channel>" not in cards[0].text
    assert "צמיחה (2)" in text(cards[1])
    assert "🧑‍🚀" * 16 in text(cards[2])
    assert "abc #4" in text(cards[3])


async def test_an_emptied_owner_is_me(sales: Office) -> None:
    await opened(sales, "Acme", Owner=None)
    page = await page_of(sales, 1)
    assert "Alice Johnson" in text(page)


async def test_who_is_no_member_can_not_own(sales: Office) -> None:
    guest = sales.slack.person("Gail Guest", guest=True)
    view = await form(sales, "Acme")
    for somebody in (guest, sales.slack.bot, "U0UNKNOWN99"):
        view.choose("Owner", somebody)
        assert await sales.alice.submit() == {"Owner": "Choose a member of this workspace."}


async def test_a_close_date_in_the_past_is_kept_and_said(sales: Office) -> None:
    view = await form(sales, "Acme")
    view.choose("Expected close", today(sales) - timedelta(days=400))
    assert await sales.alice.submit() == {}
    await sales.alice.hears("Its expected close, ")
    await sales.slack.heard(sales.deals, "overdue since")


async def test_a_card_that_can_not_stand_there_says_why(sales: Office) -> None:
    view = await form(sales, "Acme")
    await sales.alice.choose("Post card in", sales.random)
    assert await sales.alice.submit() == {}
    await sales.slack.heard(sales.deals, "Acme #1")
    await sales.alice.hears("I'm not in #random.")
    assert view.closed


async def test_a_form_sent_twice_makes_one_deal(sales: Office) -> None:
    await opened(sales, "Acme")
    await sales.slack.repeat(3, kind="interactive")
    await sales.slack.quiet()
    assert len(sales.deals.top()) == 1
    await opened(sales, "Bolt")
    assert "#2" in text(sales.deals.top()[1])


async def test_words_open_the_page_of_the_only_one_that_says_them(sales: Office) -> None:
    for name in ("Acme renewal", "Acme extension", "Bolt supply"):
        await opened(sales, name)
    bob = sales.bob
    await bob.command("/opp bolt", sales.deals)
    await bob.sees("Opportunity #3")
    await bob.close()
    said = await bob.command("/opp acme", sales.deals)
    assert said
    assert "2 deals match" in text(said)
    await bob.press("Details", on=said, row="Acme renewal")
    await bob.sees("Opportunity #1")
    await bob.close()
    said = await bob.command("/opp renwal", sales.deals)  # A typing error is a question.
    assert said
    assert "Acme renewal" in text(said)
    assert "extension" not in text(said)


async def test_no_match_offers_to_create_it(sales: Office) -> None:
    said = await sales.bob.command("/opp find new horizon", sales.deals)
    assert said
    assert text(said).startswith('No deal matches "new horizon".')
    await sales.bob.press("Create it", on=said)
    view = await sales.bob.sees("New opportunity")
    assert view.value("Name") == "new horizon"
    assert await sales.bob.submit() == {}
    await sales.slack.heard(sales.deals, "new horizon #1")


async def test_my_list_is_paged(sales: Office) -> None:
    for number in range(12):
        await opened(sales, f"Deal {number:02}")
    said = await sales.alice.command("/opp", sales.deals)
    assert said
    assert "You own 12 open opportunities" in text(said)
    assert "1–10 of 12" in text(said)
    await sales.alice.press("Next", on=said)
    await sales.slack.until(
        lambda: any("11–12 of 12" in text(m) for m in sales.alice.private), "the next page"
    )
    (turned,) = [m for m in sales.alice.private if "11–12 of 12" in text(m)]
    assert not any("1–10 of 12" in text(m) for m in sales.alice.private)  # In its place.
    await sales.alice.press("Previous", on=turned)
    await sales.slack.until(
        lambda: any("1–10 of 12" in text(m) for m in sales.alice.private), "the first page"
    )
    said = await sales.bob.command("/opp", sales.deals)
    assert said
    assert "You have no open opportunities yet." in text(said)


async def test_the_timeline_is_paged(sales: Office) -> None:
    card = await opened(sales)
    for _ in range(8):
        for stage in ("Pitching", "Quoting"):
            await sales.bob.command(f"/opp 1 {stage.lower()}", sales.deals)
    await sales.slack.shows(card, "✓ Quoting")
    page = await page_of(sales, 1)
    await sales.alice.press("Timeline", on=page)
    await sales.slack.shows(page, "[Older]")
    assert "opened it" not in text(page)
    await sales.alice.press("Older", on=page)
    await sales.slack.shows(page, "opened it", lacking="[Older]")
    await sales.alice.press("Newest", on=page)
    await sales.slack.shows(page, "[Older]")
    await sales.alice.press("Overview", on=page)
    await sales.slack.shows(page, "Probability")


async def test_changing_the_close_date(sales: Office) -> None:
    close = today(sales) + timedelta(days=10)
    card = await opened(sales, "Acme", Expected_close=close)
    await sales.bob.pick("Change close date", on=card)
    view = await sales.bob.sees("Change close date")
    view.choose("Expected close", next(o for o in text(view).split("( ) ") if "week" in o).strip())
    assert await sales.bob.submit() == {}
    await sales.slack.heard(sales.deals, "changed the expected close from", thread=card)
    said = await sales.bob.hears("Saved Acme.")
    await sales.bob.press("Undo", on=said)
    await sales.bob.hears("Undone. Acme is as it was before.")
    await sales.bob.pick("Change close date", on=card)
    view = await sales.bob.sees("Change close date")
    view.choose("Expected close", "No date")
    assert await sales.bob.submit() == {}
    await sales.slack.heard(sales.deals, "removed the expected close", thread=card)
    await sales.slack.shows(card, "Lead since", lacking="closes")


async def test_archive_asks_and_can_be_taken_back(sales: Office) -> None:
    card = await opened(sales, "Acme renewal", by=sales.bob)
    await page_of(sales, 1, by=sales.carol)
    await sales.carol.pick("Archive")
    await sales.carol.sees("Only Bob Stone (owner) or an admin can archive this.")

    page = await page_of(sales, 1, by=sales.bob)
    await sales.bob.pick("Archive", on=page)
    await sales.bob.sees("Archive Acme renewal?")
    await sales.bob.close()
    await sales.bob.pick("Archive", on=page)
    await sales.bob.sees("Archive Acme renewal?")
    old = [dict(block) for block in card.blocks]
    assert await sales.bob.submit() == {}
    await sales.slack.shows(page, "Archived on")
    await sales.slack.shows(card, "Archived on")
    assert buttons(card) == ["Details"]

    new, card.blocks = card.blocks, old  # What an old client still shows.
    await sales.carol.press("Quoting", on=card)
    await sales.carol.hears("That opportunity was archived by Bob Stone at ")
    await sales.carol.pick("Edit", on=card)
    await sales.carol.hears("That opportunity was archived by Bob Stone at ")
    card.blocks = new
    said = await sales.carol.command("/opp acme", sales.deals)
    assert said
    assert "No deal matches" in text(said)

    await sales.bob.pick("Restore", on=page)
    await sales.slack.shows(card, "✓ Lead")
    await sales.carol.close(everything=True)
    await sales.carol.command("/opp acme", sales.deals)
    await sales.carol.sees("Opportunity #1")


async def test_a_new_deal_from_the_page_of_a_contact(sales: Office) -> None:
    await contact(sales, "Jane Doe", Company="Acme Ltd")
    alice = sales.alice
    await alice.command("/contact jane", sales.deals)
    page = await alice.sees("Jane Doe")
    await alice.press("Opportunities", on=page)
    await sales.slack.shows(page, "No opportunities with this contact yet.")
    await alice.press("New opportunity", on=page)
    view = await alice.sees("New opportunity")
    assert view.value("Contact") == "Jane Doe, Acme Ltd"
    view.fill("Name", "Acme renewal")
    assert await alice.submit() == {}
    await sales.slack.heard(sales.deals, "Jane Doe, Acme Ltd · Alice Johnson")
    assert alice.view is page
    await sales.slack.shows(page, "Acme renewal #1")


async def test_before_set_up_it_says_once_what_it_took_for_granted(work: Office) -> None:
    alice, bob = work.alice, work.bob
    await bob.command("/opp new First £5k", work.deals)
    await bob.sees("New opportunity")
    assert await bob.submit() == {}
    said = await bob.hears("Created First in #deals.")
    assert "I assumed: amounts in GBP" in text(said)
    await alice.command("/opp new Second", work.deals)
    await alice.sees("New opportunity")
    assert await alice.submit() == {}
    assert "granted" not in text(await alice.hears("Created Second"))
