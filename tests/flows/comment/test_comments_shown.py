"""Comments on the Timeline of their deal: what a person sees of what was written in its thread."""

from tests.flows.comment.test_comments import card_in
from tests.flows.conftest import Office
from tests.flows.doing import page_of
from tests.slack.person import Person
from tests.slack.reading import text


async def timeline(work: Office, *, by: Person | None = None, only: str = "Comments") -> str:
    """The comments on the Timeline of deal 1, as Alice sees them."""
    who = by or work.alice
    page = await page_of(work, 1, by=who)
    await who.press("Timeline", on=page)
    await work.slack.shows(page, "All")
    await who.press(only, on=page)
    await work.slack.shows(page, f"✓ {only}")
    shown = text(page)
    await who.close()
    return shown


async def test_replies_stand_there_by_name_with_links_newest_first(work: Office) -> None:
    card = await card_in(work)
    dan = work.slack.person("Dan Lowe")
    await work.alice.invite(dan, work.deals)
    await dan.say("They want *3* seats & more", thread=card)
    await work.bob.say(f"{work.carol.mention} sees to it", thread=card, files=["quote.pdf"])
    await work.bot.app.meeting.settled()
    shown = await timeline(work)
    assert 'Dan Lowe wrote: "They want ∗3∗ seats & more"' in shown
    assert 'Bob Stone wrote: "@Carol King sees to it" and added quote.pdf' in shown
    assert shown.index("Bob Stone") < shown.index("Dan Lowe")
    link = f"archives/{work.deals.id}/p{card.replies[-1].ts.replace('.', '')}"
    page = await page_of(work, 1)
    await work.alice.press("Timeline", on=page)
    await work.slack.shows(page, "wrote:")
    assert f"{link}?thread_ts={card.ts}&cid={work.deals.id}" in str(page.body)


async def test_an_edited_one_says_the_new_text_and_a_deleted_one_says_nothing(
    work: Office,
) -> None:
    card = await card_in(work)
    first = await work.bob.say("They want 3", thread=card)
    second = await work.bob.say("by phone: 020 7946 0000", thread=card)
    await work.bob.edit(first, "They want 5")
    await work.bob.delete(second)
    await work.slack.settled()
    shown = await timeline(work)
    assert 'Bob Stone wrote: "They want 5"' in shown
    assert "They want 3" not in shown
    assert "Bob Stone deleted a comment" in shown
    assert "7946" not in shown


async def test_a_reply_of_40_000_characters_is_shown_clipped(work: Office) -> None:
    card = await card_in(work)
    await work.bob.say("<&> " * 10_000, thread=card)
    await work.slack.settled()
    shown = await timeline(work)
    assert "…" in shown
    assert len(shown) < 3_000


async def test_who_does_not_see_the_deal_does_not_see_what_is_said_of_it(work: Office) -> None:
    vip = work.slack.channel("vip", members=[work.alice, work.bob, work.slack.bot], private=True)
    card = await card_in(work, vip)
    await work.bob.say("privately", thread=card)
    await work.slack.settled()
    assert "privately" in await timeline(work, by=work.bob)
    await work.carol.command("/opp 1", work.deals)
    await work.carol.hears("There is no opportunity #1 that you can see.")
