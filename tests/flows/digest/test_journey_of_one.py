"""A digest from its form to what the channel then reads, and back (product page, 9)."""

import asyncio
from datetime import timedelta

from tests.flows.conftest import Office
from tests.flows.digest.test_coming import SOON, passes
from tests.flows.digest.test_digests import EDIT, at, digests, form, shows
from tests.flows.doing import opened
from tests.slack.reading import buttons, text
from tests.slack.world import Message

DAY = timedelta(days=1)


async def daily(work: Office) -> Message:
    """Every day, first in two minutes; Alice's list of it."""
    shown = await digests(work, work.deals)
    view = await form(work, on=shown)
    await work.alice.choose("How often", "Every day")
    await work.alice.choose("Time", f"{at(work) + SOON:%H:%M}")
    await shows(work, view, f" {at(work) + SOON:%H:%M}")
    assert await work.alice.submit() == {}
    await work.slack.shows(shown, "Saved.")
    return shown


def posted(work: Office) -> list[str]:
    """The digests that the channel has, oldest first."""
    return [text(m) for m in work.deals.top() if "Settings" in buttons(m)]


async def test_it_comes_at_its_hour_and_leads_back_to_its_form(work: Office) -> None:
    await work.now_set_up()
    await opened(work, "Acme renewal £12k")
    await daily(work)
    await passes(work, SOON)
    digest = await work.slack.heard(work.deals, "1 new · £12,000")
    await work.bob.press("Settings", on=digest)
    view = await work.bob.sees(EDIT)
    assert view.value("How often") == "Every day"
    await work.bob.choose("How often", "Once a month")
    await shows(work, view, "Day of the month: ")
    assert await work.bob.submit() == {}
    told = await work.bob.hears("Saved. The digest comes to #deals next ")
    assert " 1 " in text(told)
    await passes(work, DAY)
    await work.slack.quiet()
    assert len(posted(work)) == 1


async def test_what_changed_while_it_was_paused_is_told_when_it_goes_on(work: Office) -> None:
    await work.now_set_up()
    shown = await daily(work)
    await work.bob.pick("Pause", on=await digests(work, work.deals, by=work.bob))
    await work.bob.hears("Paused.")
    await opened(work, "Acme renewal £12k")
    await passes(work, DAY)
    await work.slack.quiet()
    assert posted(work) == []
    shown = await digests(work, work.deals)
    assert "paused by Bob Stone" in text(shown)
    await work.alice.pick("Resume", on=shown)
    await work.slack.shows(shown, "Resumed.")
    await passes(work, SOON)
    await work.slack.heard(work.deals, "1 new · £12,000")
    assert len(posted(work)) == 1


async def test_send_now_pressed_twice_is_one_digest(work: Office) -> None:
    await work.now_set_up()
    await opened(work, "Acme renewal £12k")
    shown = await daily(work)
    await asyncio.gather(*(work.alice.pick("Send now", on=shown) for _ in range(2)))
    await work.slack.shows(shown, "The digest comes to #deals in a moment.")
    await work.slack.heard(work.deals, "1 new · £12,000")
    theirs = await digests(work, work.deals, by=work.bob)
    await work.bob.pick("Send now", on=theirs)
    await work.slack.shows(theirs, "The digest comes to #deals in a moment.")
    await work.slack.quiet()
    assert len(posted(work)) == 1
    await passes(work, SOON)
    await work.slack.until(lambda: len(posted(work)) == 2, "it comes at its own hour too")
    assert "1 new" not in posted(work)[1]


async def test_a_preview_is_for_who_asks_and_tells_nothing_off(work: Office) -> None:
    await work.now_set_up()
    await opened(work, "Acme renewal £12k")
    await daily(work)
    theirs = await digests(work, work.deals, by=work.bob)
    await work.bob.pick("Preview", on=theirs)
    preview = await work.bob.hears("Only you see this preview")
    assert "1 new · £12,000" in text(preview)
    assert "Digests in #deals" in text(theirs)
    assert posted(work) == []
    await passes(work, SOON)
    await work.slack.heard(work.deals, "1 new · £12,000")


async def test_where_it_can_not_be_posted_the_list_says_so_until_it_can(work: Office) -> None:
    await work.now_set_up()
    await daily(work)
    await opened(work, "Acme renewal £12k")
    await work.alice.archive(work.deals)
    await passes(work, SOON)
    told = await work.slack.heard(work.alice, "so your digest there is paused")
    assert "I can't post in #deals" in text(told)
    await passes(work, DAY)
    await work.slack.quiet()
    assert sum("your digest" in words for words in work.alice.reads(work.alice.dm)) == 1
    await work.alice.archive(work.deals, archived=False)
    shown = await digests(work, work.deals)
    assert "paused: it couldn't be posted" in text(shown)
    await work.alice.pick("Resume", on=shown)
    await work.slack.shows(shown, "Resumed.")
    await passes(work, DAY)
    await work.slack.heard(work.deals, "Pipeline, ")


async def test_an_hour_that_has_passed_today_comes_at_once_and_is_not_lost(work: Office) -> None:
    await work.now_set_up()
    work.clock.turn((DAY - timedelta(hours=at(work).hour - 12)).total_seconds())
    await opened(work, "Acme renewal £12k")
    shown = await digests(work, work.deals)
    view = await form(work, on=shown)
    await work.alice.choose("How often", "Every day")
    await work.alice.choose("Time", "18:00")
    assert await work.alice.submit() == {}
    await work.slack.shows(shown, "Saved.")
    await work.alice.press("Edit", on=shown)
    view = await work.alice.sees(EDIT)
    await work.alice.choose("Time", "08:00")
    await shows(work, view, "Comes at once, then ")
    assert await work.alice.submit() == {}
    await work.slack.shows(shown, "Saved. The digest comes to #deals in a moment.")
    await passes(work, timedelta(seconds=10))
    await work.slack.heard(work.deals, "1 new · £12,000")
    await work.alice.press("Edit", on=await digests(work, work.deals))
    view = await work.alice.sees(EDIT)
    await work.alice.choose("Time", "20:00")
    tomorrow = at(work) + DAY
    await shows(work, view, f"Comes next {tomorrow:%a} {tomorrow.day} {tomorrow:%b}")
