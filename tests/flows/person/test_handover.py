"""`/dealthread handover`: what somebody has goes to somebody else, asked first and told once."""

import pytest

from bot import scheduler
from tests.flows.conftest import Office, office
from tests.flows.doing import opened
from tests.slack.person import Person
from tests.slack.reading import text


@pytest.fixture
async def sales(work: Office) -> Office:
    await work.now_set_up()
    return work


async def told(who: Person, words: str, work: Office) -> str:
    answer = await who.command(f"/dealthread handover {words}", work.deals)
    return text(answer) if answer else ""


async def test_an_admin_hands_over_what_bob_has(sales: Office) -> None:
    card = await opened(sales, "Acme £12k", by=sales.bob)
    await opened(sales, "Bolt", by=sales.bob)
    pair = f"{sales.bob.mention} {sales.carol.mention}"
    assert await told(sales.alice, pair, sales) == ""
    await sales.alice.sees("Hand over 2 open deals from Bob Stone to Carol King?")
    assert await sales.alice.submit() == {}
    await sales.alice.hears("Handed over 2 open deals from Bob Stone to Carol King.")
    await sales.slack.shows(card, "No contact · Carol King")
    line = await sales.slack.heard(
        sales.deals, "Alice Johnson handed it over from Bob Stone to Carol King", thread=card
    )
    assert sales.carol.mention not in line.text
    word = await sales.carol.hears("Alice Johnson handed over 2 open deals from Bob Stone to you.")
    await sales.carol.press("My deals", on=word)
    await sales.carol.hears("You own 2 open opportunities")
    assert not word.gone  # The list stands beside it.
    await sales.slack.quiet()
    assert len([m for m in sales.carol.private if "handed over" in text(m)]) == 1
    assert await told(sales.alice, pair, sales) == (
        "Bob Stone has no open deals, tasks or digests."
    )


async def test_somebody_hands_over_their_own(sales: Office) -> None:
    card = await opened(sales, by=sales.bob)
    assert await told(sales.bob, f"{sales.bob.mention} {sales.carol.mention}", sales) == ""
    await sales.bob.sees("from Bob Stone to Carol King?")
    assert await sales.bob.submit() == {}
    await sales.carol.hears("Bob Stone handed over 1 open deal to you.")
    await sales.slack.shows(card, "Carol King")


async def test_closing_the_question_changes_nothing(sales: Office) -> None:
    card = await opened(sales, by=sales.bob)
    await told(sales.alice, f"{sales.bob.mention} {sales.carol.mention}", sales)
    await sales.alice.sees("Hand over")
    await sales.alice.close()
    await sales.slack.quiet()
    assert "Bob Stone" in text(card)


async def test_who_may_not_and_what_makes_no_sense_is_said_privately(sales: Office) -> None:
    await opened(sales, by=sales.bob)
    guest = sales.slack.person("Gail Guest", guest=True)
    bob, carol, bot = sales.bob, sales.carol, sales.slack.bot
    assert await told(carol, f"{bob.mention} {carol.mention}", sales) == (
        "Only Bob Stone or an admin of this workspace can hand over what is theirs."
    )
    for words, said in (
        (f"{bob.mention} {bob.mention}", "Name two people"),
        (f"{bob.mention} {guest.mention}", "Gail Guest is no member of this workspace."),
        (f"{bob.mention} {bot.mention}", "is no member of this workspace."),
        (f"{bob.mention} <@U0NOBODY99>", "I can't find that person."),
        (f"{bob.mention} @Zaphod", "I know nobody called Zaphod."),
        (f"{bob.mention}", "Write /dealthread handover @alice @bob"),
    ):
        assert said in await told(sales.alice, words, sales), words
    assert not sales.alice.stack


async def test_who_left_is_named_in_words(sales: Office) -> None:
    """Slack offers no mention of the deactivated."""
    card = await opened(sales, by=sales.bob)
    await sales.bob.change(deleted=True)
    assert await told(sales.alice, f"@Bob Stone {sales.carol.mention}", sales) == ""
    await sales.alice.sees("from Bob Stone to Carol King?")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(card, "Carol King")


async def test_who_becomes_a_guest_while_the_question_stands_takes_nothing(sales: Office) -> None:
    card = await opened(sales, by=sales.bob)
    await sales.carol.command("/opp", sales.deals)
    await told(sales.alice, f"{sales.bob.mention} {sales.carol.mention}", sales)
    await sales.alice.sees("Hand over")
    await sales.carol.change(guest=True)
    await sales.alice.submit()
    await sales.alice.sees("Carol King is no member of this workspace.")
    await sales.slack.quiet()
    assert "Bob Stone" in text(card)


async def test_who_is_deactivated_is_pointed_out_to_the_admins(sales: Office) -> None:
    card = await opened(sales, "Acme £12k", by=sales.bob)
    await sales.bob.change(deleted=True)
    word = await sales.alice.hears("Bob Stone is deactivated and still has 1 open deal.")
    assert "/dealthread handover @Bob Stone @…" in text(word)
    await sales.alice.press("Hand over", on=word)
    view = await sales.alice.sees("Hand over 1 open deal from Bob Stone.")
    assert list(view.complaints()) == ["New owner"]
    view.choose("New owner", sales.slack.bot)
    wrong = await sales.alice.submit()
    assert "is no member of this workspace" in wrong["New owner"]
    view.choose("New owner", sales.carol)
    assert await sales.alice.submit() == {}
    await sales.alice.hears("Handed over 1 open deal from Bob Stone to Carol King.")
    await sales.slack.shows(card, "Carol King")
    await sales.carol.hears("Alice Johnson handed over 1 open deal from Bob Stone to you.")
    await sales.bob.change(deleted=True)
    await sales.slack.quiet()
    assert len([m for m in sales.alice.private if "is deactivated" in text(m)]) == 1


async def test_who_left_while_nobody_listened_is_found_by_the_daily_look(sales: Office) -> None:
    await opened(sales, by=sales.bob)
    await opened(sales, by=sales.carol)
    sales.bob.user.deleted = True  # The event of it was missed.
    app = sales.bot.app
    await scheduler.look_for_leavers(app)
    await sales.slack.quiet()
    assert not [m for m in sales.alice.private if "is deactivated" in text(m)]
    sales.clock.turn(25 * 3600)
    sales.slack.faults.next("users.info", retry_after=1)
    await scheduler.look_for_leavers(app)
    await sales.alice.hears("Bob Stone is deactivated and still has 1 open deal.")


async def test_words_name_commands_as_they_are_called_here(migrated_sqlite_url: str) -> None:
    async with office(migrated_sqlite_url, prefix="acme-") as work:
        await work.alice.command("/acme-opp new Acme", work.deals)
        await work.alice.sees("New opportunity")
        (await work.alice.sees()).choose("Owner", work.bob)
        await work.alice.submit()
        await work.alice.hears("Created")
        await work.bob.command("/acme-opp", work.deals)
        await work.bob.change(deleted=True)
        word = await work.alice.hears("Bob Stone is deactivated")
        assert "/acme-dealthread handover @Bob Stone @…" in text(word)


async def test_a_card_in_direct_messages_goes_to_the_new_owner(work: Office) -> None:
    """Where no deals channel is set, a deal stands with whoever owns it."""
    await work.bob.command("/opp new Zebra merger", work.random)
    await work.bob.sees("New opportunity")
    assert await work.bob.submit() == {}
    was = await work.slack.heard(work.bob, "✓ Lead")
    await work.slack.quiet()
    assert await told(work.bob, f"{work.bob.mention} {work.carol.mention}", work) == ""
    await work.bob.sees("Hand over 1 open deal from Bob Stone to Carol King?")
    assert await work.bob.submit() == {}
    card = await work.slack.heard(work.carol, "✓ Lead")
    assert "No contact · Carol King" in text(card)
    await work.slack.shows(was, "has moved to Carol King")
    line = await work.slack.heard(work.carol, "handed it over from Bob Stone", thread=card)
    assert work.carol.mention not in line.text
