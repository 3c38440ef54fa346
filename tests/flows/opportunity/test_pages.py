"""Pages above pages: what was done on one is seen on those below, and so is what was refused."""

import pytest

from tests.flows.conftest import Office
from tests.flows.doing import contact, opened, page_of
from tests.slack.reading import text


@pytest.fixture
async def sales(work: Office) -> Office:
    await work.now_set_up()
    return work


async def test_pages_upon_pages(sales: Office) -> None:
    await contact(sales, "Jane Doe")
    await opened(sales, "Acme renewal for Jane Doe")
    alice = sales.alice
    await alice.command("/contact jane", sales.deals)
    page = await alice.sees("Jane Doe")
    await alice.press("Opportunities", on=page)
    await sales.slack.shows(page, "Acme renewal #1")
    await alice.press("Details", on=page)
    deal = await alice.sees("Opportunity #1")
    await alice.press("Open contact", on=deal)
    third = await alice.sees("No company, e-mail")
    assert len(alice.stack) == 3  # Slack stacks no more.
    await alice.press("Edit", on=third)
    view = await alice.sees("Edit contact")
    view.fill("Company", "Acme Ltd")
    assert await alice.submit() == {}
    await alice.sees("1 open deal")
    await alice.close()
    await alice.press("Edit", on=deal)
    view = await alice.sees("Edit #1")
    view.fill("Value", "£5k")
    assert await alice.submit() == {}
    await sales.slack.shows(deal, "£5,000")


async def test_a_refusal_on_the_third_page_stands_in_its_place(sales: Office) -> None:
    """Slack stacks three: nothing can be opened in front of it."""
    await contact(sales, "Jane Doe")
    await opened(sales, "Acme renewal for Jane Doe")
    alice, bob = sales.alice, sales.bob
    await alice.command("/contact jane", sales.deals)
    await alice.press("Opportunities", on=await alice.sees("Jane Doe"))
    await sales.slack.shows(alice.view, "Acme renewal #1")
    await alice.press("Details")
    await alice.sees("Opportunity #1")
    await alice.press("Open contact")
    third = await alice.sees("No company, e-mail")
    await bob.command("/contact jane", sales.deals)
    await bob.pick("Archive", on=await bob.sees("Jane Doe"))
    await bob.sees("Archive Jane Doe?")
    assert await bob.submit() == {}
    await bob.sees("Archived on")
    await alice.press("Edit", on=third)
    await alice.sees("That contact was archived")
    assert len(alice.stack) == 3
    assert not any("archived" in text(said) for said in alice.private)


async def test_archive_after_somebody_archived_it_is_refused_in_its_place(sales: Office) -> None:
    """What asks without a field to stand an error at says so itself; the page stays below."""
    card = await opened(sales, "Acme renewal", by=sales.bob)
    page = await page_of(sales, 1, by=sales.bob)
    await sales.bob.pick("Archive", on=page)
    await sales.bob.sees("Archive Acme renewal?")
    await page_of(sales, 1)
    await sales.alice.pick("Archive")
    await sales.alice.sees("Archive Acme renewal?")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(card, "Archived on")
    assert await sales.bob.submit() == {}
    await sales.bob.sees("That opportunity was archived by Alice Johnson")
    await sales.bob.close()
    assert sales.bob.view is page
