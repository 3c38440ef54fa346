"""A channel's digests, as the people in it set them up and look after them (product page, 9)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.flows.conftest import Office
from tests.flows.doing import LONDON
from tests.flows.person.test_home import looks
from tests.slack.person import Person
from tests.slack.reading import buttons, text
from tests.slack.view import View
from tests.slack.world import Channel, Message

NEW, EDIT = "New digest", "Edit digest"


def at(work: Office, zone: ZoneInfo = LONDON) -> datetime:
    return datetime.fromtimestamp(work.clock(), UTC).astimezone(zone)


async def digests(work: Office, channel: Channel, *, by: Person | None = None) -> Message:
    """The private list of a channel's digests."""
    answer = await (by or work.alice).command("/pipeline digest", channel)
    assert answer is not None
    return answer


async def form(work: Office, *, by: Person | None = None, on: Message | None = None) -> View:
    """The form of a new one, from the list."""
    person = by or work.alice
    await person.press("Add digest", on=on or await digests(work, work.deals, by=person))
    return await person.sees(NEW)


async def shows(work: Office, view: View, words: str) -> None:
    await work.slack.until(lambda: words in text(view), lambda: f"{words!r} in\n{text(view)}")


async def added(work: Office, *, by: Person | None = None, on: Message | None = None) -> Message:
    """A digest on weekdays at 09:00 in London; returns the list, which then shows it."""
    person = by or work.alice
    shown = on or await digests(work, work.deals, by=person)
    await form(work, by=person, on=shown)
    assert await person.submit() == {}
    await work.slack.shows(shown, "Saved.")
    return shown


def next_weekday(work: Office) -> str:
    """`Mon 30 Nov 09:00`, of the next weekday morning in London."""
    now = at(work)
    day = now.replace(hour=9, minute=0, second=0, microsecond=0)
    while day <= now or day.isoweekday() > 5:
        day += timedelta(days=1)
    year = f" {day.year}" if day.year != now.year else ""
    return f"{day:%a} {day.day} {day:%b}{year} 09:00"


async def test_a_channel_without_one_says_what_would_be_there(work: Office) -> None:
    shown = await digests(work, work.deals)
    assert "No digests in #deals yet. A digest is a summary of the pipeline" in text(shown)
    assert buttons(shown) == ["Add digest"]


async def test_one_is_added_from_the_list_which_then_shows_it(work: Office) -> None:
    shown = await digests(work, work.deals)
    view = await form(work, on=shown)
    assert "Posted in #deals." in text(view)
    assert view.value("Time zone") == "Europe/London"
    assert f"Comes next {next_weekday(work)}, " in text(view)
    assert await work.alice.submit() == {}
    await work.slack.shows(shown, f"Saved. The digest comes to #deals next {next_weekday(work)}.")
    said = text(shown)
    assert "Digests in #deals\nWeekdays at 09:00 (London)\n" in said
    assert f"All deals · next {next_weekday(work)}" in said
    assert work.deals.top() == []


async def test_the_form_says_when_it_comes_at_each_choice_and_keeps_the_rest(work: Office) -> None:
    view = await form(work)
    view.choose("Status", ["Quoting", "Closing"])
    await work.alice.choose("How often", "On chosen days of the week")
    await shows(work, view, "Days: ")
    assert view.value("Days") == ["Monday"]
    await work.alice.choose("Days", [])
    await shows(work, view, "Choose at least one day.")
    await work.alice.choose("Days", ["Tuesday", "Friday"])
    await shows(work, view, "Comes next ")
    days = [word for word in text(view).split("Comes next ")[1].split() if len(word) == 3]
    assert {"Tue", "Fri"} <= set(days)
    await work.alice.choose("How often", "Every day")
    await shows(work, view, "Comes next ")
    assert "Days: " not in text(view)
    await work.alice.choose("How often", "On chosen days of the week")
    await shows(work, view, "Days: ")
    assert view.value("Days") == ["Tuesday", "Friday"]
    await work.alice.choose("Time", "17:30")
    await shows(work, view, "17:30")
    assert view.value("Status") == ["Quoting", "Closing"]
    assert await work.alice.submit() == {}
    told = await work.alice.hears("Saved.")
    assert "Tuesdays and Fridays at 17:30 (London)" in text(told)
    assert "Only Quoting or Closing · next " in text(told)


async def test_the_last_day_of_each_month_in_another_zone(work: Office) -> None:
    view = await form(work)
    await work.alice.choose("How often", "Once a month")
    await shows(work, view, "Day of the month: ")
    await work.alice.choose("Day of the month", "The last day")
    assert await work.alice.type_into("Time zone", "new yo") == ["America/New York"]
    await work.alice.choose("Time zone", "America/New York")
    await shows(work, view, "(New York).")
    tomorrow = timedelta(days=1)
    now = at(work, ZoneInfo("America/New_York"))
    last = now.replace(hour=9, minute=0, second=0, microsecond=0)
    while last <= now or (last + tomorrow).day != 1:
        last += tomorrow
    assert f"Comes next {last:%a} {last.day} {last:%b}" in text(view)
    assert await work.alice.submit() == {}
    told = await work.alice.hears("Saved.")
    assert "On the last day of each month at 09:00 (New York)" in text(told)


async def test_a_rhythm_whose_days_were_not_shown_yet_asks_for_them(work: Office) -> None:
    """A choice that is sent with the form, before the app has drawn what it leads to."""
    view = await form(work)
    block, element = view.field("How often")
    weekly = next(o for o in element["options"] if o["value"] == "weekly")
    view.values[block["block_id"], element["action_id"]]["selected_option"] = weekly
    assert await work.alice.submit() == {}
    assert "Choose the days, then save." in text(await work.alice.sees(NEW))
    view.field("Days")
    assert await work.alice.submit() == {}
    assert "Mondays at 09:00" in text(await work.alice.hears("Saved."))


async def test_zones_are_offered_for_what_is_typed(work: Office) -> None:
    await form(work, by=work.bob)
    offered = await work.bob.type_into("Time zone", "")
    assert offered[:2] == ["Europe/London", "UTC"]
    assert await work.bob.type_into("Time zone", "lond") == ["Europe/London"]
    assert "CET" in await work.bob.type_into("Time zone", "cet")


async def test_it_is_paused_and_resumed_from_the_list(work: Office) -> None:
    shown = await added(work)
    await work.bob.command("/pipeline digest", work.deals)
    await work.alice.pick("Pause", on=shown)
    await work.slack.shows(shown, "paused by Alice Johnson")
    assert "Paused. Weekdays at 09:00 (London) comes no more" in text(shown)
    theirs = await digests(work, work.deals, by=work.bob)
    await work.bob.press("Edit", on=theirs)
    view = await work.bob.sees(EDIT)
    await work.bob.choose("Time", "09:30")
    await shows(work, view, "Paused. Resumed now, it comes next ")
    await work.bob.close()
    await work.bob.pick("Resume", on=theirs)
    await work.slack.shows(theirs, f"comes next {next_weekday(work)}")
    assert "· Pause ·" in text(theirs)


async def test_an_edit_is_shown_in_the_list(work: Office) -> None:
    shown = await added(work)
    await work.alice.press("Edit", on=shown)
    view = await work.alice.sees(EDIT)
    assert f"Comes next {next_weekday(work)}, " in text(view)
    await work.alice.choose("How often", "Every day")
    await work.alice.choose("Owner", work.bob)
    view.choose("Contains", ["What changed since the last one", "Overdue tasks"])
    assert await work.alice.submit() == {}
    await work.slack.shows(shown, "Every day at 09:00 (London)")
    assert "Only Bob Stone's · changes and overdue tasks" in text(shown)
    theirs = await digests(work, work.deals, by=work.bob)
    assert "Only yours · changes and overdue tasks" in text(theirs)


async def test_of_two_who_edit_the_second_is_told_who_was_faster(work: Office) -> None:
    mine, theirs = await added(work), await digests(work, work.deals, by=work.bob)
    await work.alice.press("Edit", on=mine)
    await work.bob.press("Edit", on=theirs)
    await work.alice.sees(EDIT)
    view = await work.bob.sees(EDIT)
    await work.alice.choose("Time", "10:00")
    assert await work.alice.submit() == {}
    await work.slack.shows(mine, "Weekdays at 10:00")
    await work.bob.choose("How often", "Every day")
    view.choose("Expected close", "This week")
    assert await work.bob.submit() == {}
    said = text(await work.bob.sees("while you were editing"))
    assert (
        "Alice Johnson changed this digest while you were editing. It is now: Weekdays at 10:00 "
        "(London) · all deals. Save again to replace it."
    ) in said
    assert view.value("Expected close") == "This week"
    assert await work.bob.submit() == {}
    await work.slack.shows(theirs, "Every day at 09:00 (London)")
    assert "Only closing this week" in text(theirs)


async def test_deleting_asks_and_the_list_is_without_it(work: Office) -> None:
    shown = await added(work)
    await work.alice.pick("Delete…", on=shown)
    view = await work.alice.sees("Delete digest")
    assert "Weekdays at 09:00 (London) in #deals, by Alice Johnson" in text(view)
    await work.alice.close()
    assert "Weekdays at 09:00" in text(await digests(work, work.deals))
    await work.alice.pick("Delete…", on=shown)
    await work.alice.sees("Delete digest")
    assert await work.alice.submit() == {}
    await work.slack.shows(shown, "Deleted.")
    assert "No digests in #deals yet" in text(shown)


async def test_what_is_pressed_on_an_old_list_is_refused_with_who_deleted_it(work: Office) -> None:
    old = await added(work)
    theirs = await digests(work, work.deals, by=work.bob)
    await work.alice.pick("Delete…", on=old)
    await work.alice.sees("Delete digest")
    assert await work.alice.submit() == {}
    await work.slack.shows(old, "Deleted.")
    await work.bob.press("Edit", on=theirs)
    await work.bob.hears("Alice Johnson deleted this digest.")
    await work.bob.pick("Pause", on=theirs)
    await work.bob.hears("Alice Johnson deleted this digest.")


async def test_a_digest_makes_the_pipeline_at_home(work: Office) -> None:
    await work.now_set_up()
    lab = work.slack.channel("lab", members=[work.alice, work.slack.bot])
    copy = await work.alice.command("/pipeline", lab)
    assert copy is not None
    assert "Post it here" in buttons(copy)
    await added(work, on=await digests(work, lab))
    assert await work.alice.command("/pipeline", lab) is None
    await work.slack.heard(lab, "Pipeline")


async def test_home_shows_those_that_its_person_can_see(work: Office) -> None:
    vip = work.slack.channel("vip", members=[work.alice, work.slack.bot], private=True)
    await added(work)
    await added(work, on=await digests(work, vip))
    await work.alice.open_home()
    mine = await looks(work.alice)
    assert "#vip" in mine
    assert f"Weekdays at 09:00 (London)\n#deals · next {next_weekday(work)}\n[Edit]" in mine
    theirs = await looks(work.bob)
    assert "vip" not in theirs
    assert "/pipeline digest in a channel to see or add its own" in theirs
    await work.bob.press("Edit", on=work.bob.home)
    await work.bob.sees(EDIT)
    await work.bob.choose("Time", "16:00")
    assert await work.bob.submit() == {}
    await work.bob.hears("Saved. The digest comes to #deals")
    await work.slack.until(lambda: "16:00 (London)" in text(work.bob.home), "it is fresh")


@pytest.mark.parametrize("words", ["/pipeline digest help", "/pipeline digest weekly"])
async def test_a_mistake_is_answered_with_the_right_form(work: Office, words: str) -> None:
    answer = await work.bob.command(words, work.deals)
    assert answer is not None
    assert "Write /pipeline digest, and nothing after it" in text(answer)
