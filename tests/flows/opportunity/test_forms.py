"""The form Edit, alone and with others in it at once; and what nobody's client would send."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.flows.conftest import Office
from tests.flows.doing import contact, lines, opened, page_of, texts, today
from tests.slack import payloads, reading
from tests.slack.person import Person
from tests.slack.reading import buttons, text
from tests.slack.view import View


@pytest.fixture
async def sales(work: Office) -> Office:
    await work.now_set_up()
    return work


async def editing(sales: Office, by: Person) -> View:
    """The edit form of #1, from its page."""
    await page_of(sales, 1, by=by)
    await by.press("Edit")
    return await by.sees("Edit #1")


async def test_edit_shows_what_is_there_and_saves_what_was_changed(sales: Office) -> None:
    await contact(sales, "Jane Doe")
    close = today(sales) + timedelta(days=10)
    card = await opened(
        sales, "Acme renewal £12,500.50 for Jane Doe", Expected_close=close, Notes="One\nTwo"
    )
    view = await editing(sales, sales.alice)
    assert view.fields() == {
        "Name": "Acme renewal",
        "Contact": "Jane Doe",
        "Value": "£12,500.50",
        "Expected close": close.isoformat(),
        "Owner": sales.alice.id,
        "Stage": "Lead",
        "Probability": "10",
        "Notes": "One\nTwo",
    }
    await lines(sales, card, 1)
    assert await sales.alice.submit() == {}
    await sales.slack.quiet()
    assert len(card.replies) == 1  # An edit that changes nothing leaves no line.
    view = await again(sales)
    view.fill("Probability", "35")
    view.fill("Value", "")
    view.choose("Owner", sales.bob)
    assert await sales.alice.submit() == {}
    line = await sales.slack.heard(sales.deals, "Alice Johnson removed the value", thread=card)
    assert "set the probability" not in text(line)
    assert "changed the probability from 10% to 35%" in text(line)
    assert f"made {sales.bob.mention} the owner" in line.text
    await sales.slack.shows(card, "Bob Stone")
    assert "£" not in text(card)


async def again(sales: Office) -> View:
    await sales.alice.press("Edit")
    return await sales.alice.sees("Edit #1")


async def test_what_an_edit_refuses(sales: Office) -> None:
    await opened(sales)
    view = await editing(sales, sales.alice)
    view.fill("Name", " ")
    view.fill("Value", "-5")
    view.fill("Probability", "101")
    view.fill("Notes", "n" * 3000)
    wrong = await sales.alice.submit()
    assert set(wrong) == {"Name", "Value", "Probability"}
    assert wrong["Probability"] == "Write a number from 0 to 100."
    view.fill("Name", "Acme")
    view.fill("Value", "٣٠٠")
    for chance in ("-1", "ten", "1e1", "50.5"):
        view.fill("Probability", chance)
        assert list(await sales.alice.submit()) == ["Probability"]
    view.fill("Probability", "0 %")
    assert await sales.alice.submit() == {}
    page = await sales.alice.sees("£300")
    assert "0%" in text(page)


async def test_a_stage_chosen_in_the_form_brings_its_probability(sales: Office) -> None:
    card = await opened(sales)
    view = await editing(sales, sales.alice)
    view.choose("Stage", "Closing")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(card, "weighted £9,600")
    view = await again(sales)
    assert view.value("Probability") == "80"
    view.choose("Stage", "Quoting")
    view.fill("Probability", "70")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(card, "weighted £8,400")
    line = await sales.slack.heard(sales.deals, "moved it from Closing to Quoting", thread=card)
    assert text(line) == "Alice Johnson moved it from Closing to Quoting"


async def test_two_people_edit_different_fields(sales: Office) -> None:
    card = await opened(sales)
    mine, theirs = await editing(sales, sales.alice), await editing(sales, sales.bob)
    mine.fill("Name", "Acme extension")
    theirs.fill("Value", "£20k")
    theirs.choose("Stage", "Quoting")
    assert await sales.bob.submit() == {}
    assert await sales.alice.submit() == {}
    await sales.slack.shows(card, "Acme extension #1 · £20,000")
    assert "✓ Quoting" in buttons(card)


async def test_two_people_edit_the_same_field(sales: Office) -> None:
    card = await opened(sales)
    mine, theirs = await editing(sales, sales.alice), await editing(sales, sales.bob)
    mine.fill("Name", "Acme extension")
    mine.fill("Notes", "Mine")
    theirs.fill("Name", "Acme upgrade")
    theirs.fill("Value", "£20k")
    assert await sales.bob.submit() == {}
    assert await sales.alice.submit() == {}
    view = await sales.alice.sees("Bob Stone changed Name to Acme upgrade while you were editing.")
    assert view.value("Name") == "Acme extension"
    assert view.value("Notes") == "Mine"
    await sales.slack.shows(card, "Acme upgrade")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(card, "Acme extension #1 · £20,000")  # Only what was meant.


async def test_changed_twice_is_told_twice(sales: Office) -> None:
    card = await opened(sales)
    mine = await editing(sales, sales.alice)
    mine.fill("Name", "Acme extension")
    for name in ("Acme upgrade", "Acme downgrade"):
        theirs = await editing(sales, sales.bob)
        theirs.fill("Name", name)
        assert await sales.bob.submit() == {}
        await sales.bob.close(everything=True)
        assert await sales.alice.submit() == {}
        await sales.alice.sees(f"Bob Stone changed Name to {name}")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(card, "Acme extension")


async def test_a_deal_that_was_closed_meanwhile_keeps_its_stage(sales: Office) -> None:
    card = await opened(sales)
    mine = await editing(sales, sales.alice)
    mine.fill("Name", "Acme extension")
    await sales.bob.press("Won", on=card)
    await sales.bob.sees("Won: #1")
    assert await sales.bob.submit() == {}
    assert await sales.alice.submit() == {}
    await sales.slack.shows(card, "Acme extension")
    assert "Won on" in text(card)
    view = await again(sales)
    assert "Stage" not in view.fields()  # Won or Lost ask their own questions.


async def test_an_archived_deal_is_not_saved(sales: Office) -> None:
    card = await opened(sales)
    mine = await editing(sales, sales.alice)
    mine.fill("Name", "Acme extension")
    await page_of(sales, 1, by=sales.bob)
    await sales.bob.command("/opp 1", sales.deals)
    page = await page_of(sales, 1)
    await sales.alice.pick("Archive", on=page)
    await sales.alice.sees("Archive Acme renewal?")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(card, "Archived on")
    sales.slack.hide(page)
    wrong = await sales.alice.submit()
    assert "That opportunity was archived by Alice Johnson at " in wrong["Name"]


async def test_amounts_are_read_as_each_person_writes_them(sales: Office) -> None:
    greta = sales.slack.person("Greta Grün", tz="Europe/Berlin", locale="de-DE")
    sales.deals.members.add(greta.id)
    card = await opened(sales, "Acme 12.500 EUR", by=greta)
    assert "€12,500" in text(card)
    view = await editing(sales, greta)
    assert "12.500" in str(view.value("Value"))
    view.fill("Value", "13.000,50 EUR")
    assert await greta.submit() == {}
    await sales.slack.shows(card, "€13,000.50")


GARBAGE = [
    "",
    "x",
    "{}",
    "[]",
    "null",
    '["x"]',
    "[1,2,3,4,5,6,7,8]",
    "[99999999999999999999]",
    "[-1]",
]


def _loaded(shown: Any) -> Iterator[dict[str, Any]]:
    """Whatever carries a value in a message or a view."""
    for _, element in reading.usable(shown):
        if element["type"] == "button" and "value" in element:
            yield element
        yield from (o for o in element.get("options", ()) if element["type"] == "overflow")


async def test_garbage_in_buttons_is_told_and_changes_nothing(sales: Office) -> None:
    card = await opened(sales)
    await lines(sales, card, 1)
    before, said = [dict(block) for block in card.blocks], texts(card)
    labels = ["Quoting", "Won", "Details"]
    for garbage in GARBAGE[1:]:
        for label in labels:
            _, element = reading.find_button(card, label)
            kept, element["value"] = element["value"], garbage
            heard = len(sales.bob.private)
            await sales.bob.press(label, on=card)
            await sales.slack.until(lambda n=heard: len(sales.bob.private) > n, "an answer")
            element["value"] = kept
    assert not sales.bob.stack
    words = {text(said) for said in sales.bob.private}
    none = "There is no opportunity #-1 that you can see."
    assert all(one.startswith("This button is from an older") or one == none for one in words)
    assert card.blocks == before
    assert texts(card) == said


async def test_garbage_in_menus_and_pages_is_told(sales: Office) -> None:
    card = await opened(sales)
    page = await page_of(sales, 1, by=sales.bob)
    for shown in (card, page):
        for element in list(_loaded(shown)):
            element["value"] = '["nonsense"]'
    await sales.bob.pick("Pause", on=card)
    await sales.bob.hears("This button is from an older version")
    await sales.bob.press("Timeline", on=page)
    await sales.bob.sees("This button is from an older version")


async def test_garbage_in_a_form_is_an_error_in_it(sales: Office) -> None:
    card = await opened(sales)
    for open_it, title in (
        ("/opp 1 won", "Won"),
        ("/opp 1 pause", "Pause"),
        ("/opp new x", "New opportunity"),
        ("/contact new y", "New contact"),
    ):
        await sales.bob.command(open_it, sales.deals)
        view = await sales.bob.sees(title)
        for garbage in GARBAGE:
            view.body["private_metadata"] = garbage
            wrong = await sales.bob.submit()
            if garbage != "[]" or "new" not in open_it:
                assert wrong, (title, garbage)
            assert "button" not in " ".join(wrong.values())
            if view.closed:
                break
        if sales.bob.stack:
            await sales.bob.close(everything=True)
    await sales.slack.quiet()
    assert "✓ Lead" in buttons(card)


async def test_state_that_no_client_sends_is_an_error_or_nothing(sales: Office) -> None:
    await sales.bob.command("/opp new Acme", sales.deals)
    view = await sales.bob.sees("New opportunity")
    body = payloads.submission(sales.slack, sales.bob.user, view)
    states: list[Any] = [{}, {"values": {}}, {"values": None}, {"values": {"name": []}}]
    states += [{"values": {"name": {"name": {"type": "plain_text_input", "value": 7}}}}]
    for state in states:
        body["view"] = {**body["view"], "state": state}
        ack = await sales.slack.delivery.deliver("interactive", body)
        assert ack.status == 200
    assert not sales.deals.top()


async def test_numbers_that_nobody_gave_are_told(sales: Office) -> None:
    card = await opened(sales)
    await lines(sales, card, 1)
    for number in ("2", "999999", "9" * 15):
        await sales.bob.command(f"/opp {number} won", sales.deals)
        await sales.bob.hears(f"There is no opportunity #{number} that you can see.")
    await sales.slack.quiet()
    assert texts(card) == ["Alice Johnson opened it"]
