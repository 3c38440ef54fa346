"""The settings as an admin meets them: a page, its forms, and what changes everywhere."""

import pytest

from tests.flows.conftest import Office
from tests.flows.doing import opened, page_of, texts
from tests.flows.pipeline.test_board import STEP, board_in
from tests.flows.test_attacks import forged
from tests.slack.person import Person
from tests.slack.reading import buttons, text
from tests.slack.view import View

LONG = f'["{"C" * 500}"]'
SAVED_STAGES = "✓ Saved. Cards and boards are brought up to date in the background."


async def settings_page(work: Office, who: Person | None = None) -> View:
    person = who or work.alice
    await person.command("/dealthread settings", work.deals)
    return await person.sees("Settings")


async def renamed(work: Office, **labels: str) -> None:
    """Alice calls stages otherwise."""
    await settings_page(work)
    await work.alice.press("Edit", row="Stages")
    view = await work.alice.sees("Stages")
    for stage, label in labels.items():
        view.fill(f"{stage}: label", label)
    assert await work.alice.submit() == {}
    await work.alice.sees(SAVED_STAGES)
    await work.alice.close(everything=True)


async def test_each_setting_says_what_it_is_what_it_does_and_its_default(work: Office) -> None:
    await work.now_set_up()
    page = text(await settings_page(work))
    for said in (
        "Deals channel: #deals",
        "Currency: GBP, British Pound",
        "Time zone: Europe/London",
        "Cards go to the deals channel unless another one is chosen.",
        "Quoting · 50% · 10 days",
        "After the days it turns amber",
        "Price, Competitor, No decision, Timing, Not a fit, Other",
        "Other is always there, and needs a note.",
        "Its owner, its creator and admins",
        "A loud win is a message of its own",
        "Default: neither.",
    ):
        assert said in page
    assert "Reset" not in page


async def test_a_label_is_said_everywhere(work: Office) -> None:
    await work.now_set_up()
    card = await opened(work, "Acme renewal £12k")
    board = await board_in(work, work.deals)
    await work.bob.open_home()
    await renamed(work, Quoting="Angebot & Co")
    work.clock.turn(STEP)
    said = "Angebot & Co"
    await work.slack.shows(card, f"[{said}]")
    await work.slack.shows(board, "Angebot\u00a0&\u00a0Co")
    await work.alice.command("/opp 1 angebot & co", work.deals)
    assert f"Moved Acme renewal to {said}." in text(await work.alice.hears("Moved"))
    await work.slack.until(
        lambda: f"Alice Johnson moved it from Lead to {said}" in texts(card), lambda: texts(card)
    )
    await work.bob.say(f"{work.slack.bot.mention} lead", thread=card)
    await work.slack.shows(card, "✓ Lead")
    await work.bob.say(f"{work.slack.bot.mention} quoting", thread=card)
    await work.slack.shows(card, f"✓ {said}")
    page = await page_of(work, 1)
    assert said in text(page)
    answer = await work.bob.command("/opp help", work.deals)
    assert answer is not None
    assert "/opp 12 angebot" in text(answer)
    assert "a stage (Lead, Pitching, Angebot" in text(answer)
    await work.bob.say("help")
    await work.bob.hears("@Dealthread angebot & co")


async def test_what_cannot_be_is_said_at_its_field(work: Office) -> None:
    await work.now_set_up()
    await settings_page(work)
    await work.alice.press("Edit", row="Stages")
    view = await work.alice.sees("Stages")
    view.fill("Lead: label", "Won")
    view.fill("Pitching: label", "closing")
    view.fill("Quoting: probability, %", "many")
    view.fill("Closing: expected days", "0")
    assert await work.alice.submit() == {
        "Lead: label": "Commands use that word for something else. Choose another.",
        "Pitching: label": "Commands use that word for something else. Choose another.",
        "Closing: label": "Another stage has that label.",
        "Quoting: probability, %": "Write a whole number from 0 to 100.",
        "Closing: expected days": "Write a whole number from 1 to 365.",
    }
    assert view.value("Lead: label") == "Won"


async def test_reasons_are_asked_as_they_are_now_and_can_be_reset(work: Office) -> None:
    await work.now_set_up()
    card = await opened(work)
    await settings_page(work)
    await work.alice.press("Edit", row="Lost reasons")
    view = await work.alice.sees("Lost reasons")
    assert view.value("Reasons") == "Price, Competitor, No decision, Timing, Not a fit"
    view.fill("Reasons", "Price\nprice")
    assert await work.alice.submit() == {"Reasons": "price is there twice."}
    view.fill("Reasons", "Too dear, No budget")
    assert await work.alice.submit() == {}
    page = await work.alice.sees("Too dear, No budget, Other")
    assert "✓ Saved. Deals that are lost keep the reason they have." in text(page)
    await work.bob.pick("Lost", on=card)
    asked = await work.bob.sees("Lost: #1")
    asked.choose("Reason", "No budget")
    assert await work.bob.submit() == {}
    await work.slack.shows(card, "Lost on")
    await work.slack.shows(card, "No budget")
    await work.alice.press("Reset", on=page)
    await work.alice.sees("The reasons will again be Price, Competitor")
    assert await work.alice.submit() == {}
    page = await work.alice.sees("The reasons are as by default.")
    assert "Reset" not in buttons(page)
    await work.slack.shows(card, "No budget")


async def test_who_may_archive_is_asked_of_the_store(work: Office) -> None:
    await work.now_set_up()
    await opened(work, by=work.bob)
    await settings_page(work)
    await work.alice.press("Edit", row="Archiving")
    view = await work.alice.sees("Archiving")
    view.choose("Who may archive deals", "Admins only")
    assert await work.alice.submit() == {}
    await work.alice.sees("Admins only")
    await page_of(work, 1, by=work.bob)
    await work.bob.pick("Archive")
    await work.bob.sees("Only an admin of this workspace can archive this.")


async def test_who_is_no_admin_any_more_saves_nothing(work: Office) -> None:
    await work.now_set_up()
    await settings_page(work)
    await work.alice.press("Edit", row="Stages")
    view = await work.alice.sees("Stages")
    view.fill("Lead: label", "Neu")
    await work.alice.change(admin=False)
    await work.slack.quiet()
    assert "Only an admin of this workspace" in str(await work.alice.submit())
    for words in ("/dealthread settings", "/dealthread setup"):
        answer = await work.alice.command(words, work.deals)
        assert answer is not None
        assert "Only an admin of this workspace can change the settings." in text(answer)


async def test_two_admins_replace_nothing_unknowingly(work: Office) -> None:
    await work.now_set_up()
    dave = work.slack.person("Dave Bell", admin=True, tz="Europe/London", locale="en-GB")
    await settings_page(work, dave)
    await dave.press("Edit", row="Stages")
    theirs = await dave.sees("Stages")
    theirs.fill("Lead: label", "Neu")
    await renamed(work, Lead="First")
    assert await dave.submit() == {}
    again = await dave.sees("Alice Johnson changed these settings at")
    assert "Save it again to replace them." in text(again)
    assert again.value("Lead: label") == "Neu"
    assert await dave.submit() == {}
    assert "Neu · 10% · 14 days" in text(await dave.sees(SAVED_STAGES))


@pytest.mark.parametrize("label", ["Edit", "Choose a channel"])
async def test_a_channel_has_its_own(work: Office, label: str) -> None:
    await work.now_set_up()
    await opened(work)
    page = await settings_page(work)
    assert "#deals · no loud wins" in text(page)
    if label == "Edit":
        await work.alice.press("Edit", row="no loud wins")
    else:
        await work.alice.choose(label, work.deals)
    view = await work.alice.sees("What #deals hears of")
    view.choose("Loud wins", ["Post each win"])
    view.fill("Loud wins from", "a lot")
    assert "Loud wins from" in await work.alice.submit()
    view.fill("Loud wins from", "10k")
    view.choose("Lines that also go to the channel", ["Won", "Value changed"])
    assert await work.alice.submit() == {}
    page = await work.alice.sees("✓ Saved for #deals.")
    assert "#deals · loud wins from £10,000 · lines: won, value changed" in text(page)


async def test_a_channel_without_the_bot_is_refused(work: Office) -> None:
    await work.now_set_up()
    await settings_page(work)
    await work.alice.choose("Choose a channel", work.random)
    await work.alice.sees("Invite me there first, with /invite @Dealthread.")


async def test_the_names_of_private_channels_are_for_those_who_are_in_them(work: Office) -> None:
    vip = work.slack.channel("vip", members=[work.bob, work.slack.bot], private=True)
    await work.now_set_up()
    await opened(work, "Secret", by=work.bob, **{"Post card in": vip})
    page = await settings_page(work)
    assert "#vip" not in text(page)


async def test_what_is_forged_shows_and_changes_nothing(work: Office) -> None:
    """A member presses what only admins are offered; so does one with made-up payloads."""
    await work.now_set_up()
    card = await opened(work)
    for who in (work.bob, work.alice):
        for action in ("settings.edit:stages", "settings.reset:stages", "settings.channel:C1"):
            for value in ('["stages"]', '["C0000000000"]', '["everything"]', "[]", "", LONG):
                await forged(who, "Details", value, on=card, action_id=action)
                while who.stack:
                    assert who is work.alice
                    await who.close()
    await work.slack.quiet()
    said = [text(message) for message in work.bob.private]
    assert not any("went wrong" in words for words in said)
    assert "Quoting · 50% · 10 days" in text(await settings_page(work))
