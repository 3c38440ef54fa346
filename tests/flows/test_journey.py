"""The main job, as two people do it: a contact, a deal, its stages, its thread, the board."""

from tests.flows.conftest import Office
from tests.slack.reading import buttons, text


async def test_a_deal_from_first_contact_to_won(everywhere: Office) -> None:
    slack, alice, bob, deals = (
        everywhere.slack,
        everywhere.alice,
        everywhere.bob,
        everywhere.deals,
    )
    await everywhere.now_set_up()

    await alice.command("/contact new Jane Doe", deals)
    await alice.sees("New contact")
    alice.view.fill("Company", "Acme Ltd")
    assert await alice.submit() == {}
    await alice.hears("Added")

    await alice.command("/opp new Acme renewal for Jane Doe £12k close 30 Nov", deals)
    view = await alice.sees("New opportunity")
    assert view.value("Name") == "Acme renewal"
    assert await alice.submit() == {}
    card = await slack.heard(deals, "Acme renewal")
    assert "#1 · £12,000" in text(card)
    assert "Jane Doe, Acme Ltd · Alice Johnson" in text(card)
    assert "✓ Lead" in buttons(card)
    await alice.hears("Created")

    await bob.press("Quoting", on=card)
    await slack.shows(card, "✓ Quoting")
    await bob.hears("Moved")
    await slack.heard(deals, "Bob Stone moved it from Lead to Quoting", thread=card)

    await bob.press("Undo", on=bob.private[-1])
    await slack.shows(card, "✓ Lead")

    await alice.press("Won", on=card)
    await alice.sees("Final value")
    alice.view.fill("Final value", "£11,500")
    assert await alice.submit() == {}
    await slack.shows(card, "Won on")
    await slack.heard(deals, "won", thread=card)

    await alice.command("/pipeline", deals)
    await slack.heard(deals, "Pipeline")
