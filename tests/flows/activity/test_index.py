"""`/activity`: who did what, filtered and paged, for whoever may see it; and what is forged."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from store.activity import ActivityDraft
from store.usecases.activity import activities
from tests.flows.activity.test_activities import logged
from tests.flows.conftest import Office
from tests.flows.doing import contact, opened
from tests.flows.test_attacks import forged
from tests.slack.person import Person
from tests.slack.reading import buttons, text
from tests.slack.world import Message


@pytest.fixture
async def sales(work: Office) -> Office:
    await work.now_set_up()
    return work


async def listed(work: Office, words: str = "/activity", by: Person | None = None) -> Message:
    answer = await (by or work.alice).command(words, work.deals)
    assert answer is not None
    return answer


async def many(work: Office, count: int) -> None:
    """So many activities of Alice's, the newest first of them called 0."""
    now = datetime.fromtimestamp(work.clock(), UTC)
    actor = await work.bot.app.directory.actor(work.slack.team.id, work.alice.id, None)
    for at in range(count):
        draft = ActivityDraft(what=f"done {at:03}", at=now - timedelta(minutes=at))
        await work.bot.app.store.write(activities.log, draft, by=actor, now=now)


async def test_an_empty_index_offers_the_first(sales: Office) -> None:
    said = await listed(sales)
    assert text(said).startswith("Activities")
    assert "No activities yet." in text(said)
    await sales.alice.press("Log activity", on=said)
    await sales.alice.sees("What happened")


async def test_it_names_the_deal_and_leads_to_the_message(sales: Office) -> None:
    card = await opened(sales)
    line = await logged(sales, card, "Wants 3 seats", by=sales.bob)
    await sales.slack.quiet()
    said = await listed(sales, by=sales.carol)
    assert "Acme renewal #1 · Call · Bob Stone" in text(said)
    assert f"/p{line.ts.replace('.', '')}?thread_ts={card.ts}" in str(said.blocks)
    await sales.carol.pick("Details", on=said)
    await sales.carol.sees("Opportunity #1")


async def test_filters_narrow_it_and_are_said(sales: Office) -> None:
    card = await opened(sales)
    await logged(sales, card, "Called them", by=sales.bob)
    await logged(sales, card, "Wrote to them", kind="Email")
    said = await listed(sales)
    await sales.alice.pick("Mine", on=said)
    await sales.slack.shows(said, "Only Alice Johnson's", lacking="Called them")
    await sales.alice.pick("Calls", on=said)
    await sales.slack.shows(said, "No activities match this filter.")
    await sales.alice.pick("Everyone", on=said)
    await sales.slack.shows(said, "Called them", lacking="Wrote")
    await sales.alice.pick("Last day", on=said)
    await sales.slack.shows(said, "Only calls · from the last day")
    await sales.alice.pick("Notes", on=said)
    await sales.slack.shows(said, "No activities match this filter.")
    await sales.alice.press("Show everything", on=said)
    await sales.slack.shows(said, "Wrote to them", lacking="Only")
    sales.clock.turn(86_400)
    await sales.alice.pick("Last day", on=said)
    await sales.slack.shows(said, "No activities match this filter.")


async def test_anybody_any_deal_and_any_contact_are_chosen_in_the_form(sales: Office) -> None:
    await contact(sales, "Jane Doe")
    card = await opened(sales, "Acme renewal for Jane Doe")
    other = await opened(sales, "Zenith pilot")
    await logged(sales, card, "Of Jane's deal", by=sales.bob)
    await logged(sales, other, "Of another", by=sales.bob)
    said = await listed(sales)
    await sales.alice.pick("Someone else…", on=said)
    view = await sales.alice.sees("Leave empty for everyone.")
    view.choose("Person", sales.bob)
    offered = await sales.alice.type_into("Contact", "jane")
    assert offered == ["Jane Doe"]
    view.choose("Contact", "Jane Doe")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(said, "Only Bob Stone's · with Jane Doe", lacking="Of another")
    assert "Of Jane's deal" in text(said)
    await sales.alice.press("Filter", on=said)
    view = await sales.alice.sees("Leave empty for everyone.")
    assert (view.value("Person"), view.value("Contact")) == (sales.bob.id, "Jane Doe")
    assert (await sales.alice.type_into("Opportunity", ""))[0] == "Any opportunity"
    await sales.alice.type_into("Opportunity", "zenith")
    view.choose("Opportunity", "#2 Zenith pilot")
    await sales.alice.type_into("Contact", "")
    view.choose("Contact", "Any contact")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(said, "Activities of Zenith pilot #2")
    assert "Of another" in text(said)


async def test_those_of_a_number_and_the_form_for_it(sales: Office) -> None:
    card = await opened(sales)
    await opened(sales, "Zenith pilot")
    await logged(sales, card, "Wants 3 seats")
    said = await listed(sales, "/activity 1")
    assert text(said).startswith("Activities of Acme renewal #1")
    assert "Wants 3 seats" in text(said)
    await sales.alice.press("Log activity", on=said)
    view = await sales.alice.sees("Log activity")
    assert view.value("Opportunity") == "#1 Acme renewal"
    await sales.alice.close()
    empty = await listed(sales, "/activity #2")
    assert "No activities for this opportunity yet." in text(empty)
    await sales.bob.command("/activity 2 Meeting: went well", sales.random)
    view = await sales.bob.sees("Log activity")
    assert view.fields() | {"When": None, "Time": None} == {
        "Type": "Meeting",
        "What happened": "went well",
        "When": None,
        "Time": None,
        "Opportunity": "#2 Zenith pilot",
        "Contact": None,
    }
    assert "There is no opportunity #9" in text(await listed(sales, "/activity 9"))
    assert "There is no opportunity #9" in text(await listed(sales, "/activity 9 Call: x"))
    assert "Write `/activity`" in (await listed(sales, "/activity jane")).text
    assert "What was done for #12" in text(await listed(sales, "/activity help"))


async def test_what_is_done_from_it_is_seen_in_it(sales: Office) -> None:
    card = await opened(sales)
    await logged(sales, card, "Called them")
    await logged(sales, card, "Wrote to them", kind="Email")
    said = await listed(sales)
    await sales.alice.pick("Calls", on=said)
    await sales.slack.shows(said, "Only calls")
    await sales.alice.press("Log activity", on=said)
    view = await sales.alice.sees("What happened")
    view.choose("Type", "Call")
    view.fill("What happened", "Called again")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(said, "Logged a call.\nActivities\nOnly calls")
    assert "Called again" in text(said)
    await sales.alice.pick("Edit", on=said, row="Called them")
    view = await sales.alice.sees("Edit activity")
    view.fill("What happened", "Rang them")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(said, "Saved a call on Acme renewal.", lacking="Called them")
    await sales.alice.pick("Delete", on=said, row="Rang them")
    await sales.alice.sees("Delete this activity?")
    assert await sales.alice.submit() == {}
    await sales.slack.shows(said, "Deleted a call on Acme renewal.", lacking="Rang them")
    assert "Called again" in text(said)
    await sales.alice.pick("Any type", on=said)
    await sales.slack.shows(said, "Wrote to them", lacking="Deleted")


async def test_it_is_paged(sales: Office) -> None:
    await many(sales, 23)
    said = await listed(sales)
    assert "done 000" in text(said)
    assert buttons(said)[-2:] == ["Older", "Log activity"]
    await sales.alice.press("Older", on=said)
    await sales.slack.shows(said, "done 019", lacking="done 009")
    await sales.alice.press("Older", on=said)
    await sales.slack.shows(said, "done 022", lacking="Older")
    await sales.alice.press("Newest", on=said)
    await sales.slack.shows(said, "done 000", lacking="Newest")


async def test_a_contacts_activities_are_paged(sales: Office) -> None:
    await contact(sales, "Jane Doe")
    now = datetime.fromtimestamp(sales.clock(), UTC)
    actor = await sales.bot.app.directory.actor(sales.slack.team.id, sales.alice.id, None)
    for at in range(12):
        draft = ActivityDraft(what=f"done {at:03}", at=now - timedelta(hours=at), contact_id=1)
        await sales.bot.app.store.write(activities.log, draft, by=actor, now=now)
    await sales.bob.command("/contact jane", sales.deals)
    page = await sales.bob.sees("Jane Doe")
    await sales.bob.press("Activities", on=page)
    await sales.slack.shows(page, "done 009", lacking="done 010")
    await sales.bob.press("Older", on=page)
    await sales.slack.shows(page, "done 011", lacking="done 009")
    await sales.bob.press("Newest", on=page)
    await sales.slack.shows(page, "done 000")


async def test_what_hangs_on_a_private_deal_is_not_there_for_others(sales: Office) -> None:
    vip = sales.slack.channel("vip", members=[sales.alice, sales.slack.bot], private=True)
    card = await opened(sales, "Zebra merger", **{"Post card in": vip})
    secret = await logged(sales, card, "Wants 3 zebras")
    public = await logged(sales, await opened(sales), "Wants 3 seats", by=sales.bob)
    assert "zebras" in text(await listed(sales))
    said = await listed(sales, by=sales.bob)
    assert "zebras" not in text(said)
    assert "There is no opportunity #1" in text(await listed(sales, "/activity 1", sales.bob))
    # The same ids, forged: of its deal, of its menu, of its forms.
    for value in ("[null,null,null,1]", "[1,1]"):
        await forged(sales.bob, "Log activity", value, on=said, action_id="activity.turn:older")
        await sales.bob.hears("There is no opportunity #1 that you can see.")
    await forged(sales.bob, "Log activity", "[1]", on=said)
    await sales.bob.hears("There is no opportunity #1 that you can see.")
    for verb in ("edit", "delete"):
        value = json.dumps([verb, 1])
        await forged(sales.bob, "Log activity", value, on=said, action_id="activity.menu:1")
        await sales.bob.hears("There is no such activity that you can see.")
    await sales.bob.pick("Edit", on=public)
    view = await sales.bob.sees("Edit activity")
    view.body["private_metadata"] = "[1,1,0]"
    view.fill("What happened", "forged")
    assert "There is no such activity" in (await sales.bob.submit())["Type"]
    await sales.bob.close()
    await sales.bob.pick("Delete", on=public)
    view = await sales.bob.sees("Delete this activity?")
    view.body["private_metadata"] = "[1,1,0]"
    assert await sales.bob.submit() == {}
    await sales.bob.sees("There is no such activity that you can see.")
    await sales.slack.quiet()
    assert "Wants 3 zebras" in text(secret)


GARBAGE = (
    "", "x", "null", "{}", "[]", "[1]", '["x",1]', '["won",1]', '[null,"sold"]', '["U\\u00001"]',
    "[null,null,null,-1]", "[null,null,null,null,-1]", "[null,null,null,null,null,9e9]",
    "[null,null,null,null,null,-9007199254740992,-9007199254740992]", '["delete",9007199254740991]',
    '["edit",-1]', '["details",1]', "[" * 1500, f'["{"U" * 1800}"]',
)  # fmt: skip
"""Values of buttons and menus; some of them can be loaded, and mean nothing that is there."""


async def test_what_is_made_up_is_refused(everywhere: Office) -> None:
    work = everywhere
    await work.now_set_up()
    card = await opened(work)
    line = await logged(work, card, "Wants 3 seats")
    said = await listed(work, by=work.bob)
    for value in GARBAGE:
        for action in ("activity.log", "activity.turn:older", "activity.filter", "activity.menu:1"):
            await forged(work.bob, "Log activity", value, on=said, action_id=action)
            while work.bob.stack:
                await work.bob.close()
    await work.slack.quiet()
    assert not any("went wrong" in text(message) for message in work.bob.private)
    assert "Call · Alice Johnson\nWants 3 seats" in text(line)


async def test_made_up_forms_are_errors_in_them(sales: Office) -> None:
    card = await opened(sales)
    line = await logged(sales, card, "Wants 3 seats")
    for opens in ("Log activity", "Edit"):
        if opens == "Edit":
            await sales.alice.pick("Edit", on=line)
        else:
            await sales.alice.press(opens, on=card)
        view = await sales.alice.sees("What happened")
        view.fill("What happened", "forged")
        for meta in ("", "x", "[]", "null", '["x"]', "[0,1]", "[1,2,3,4,5,6,7,8,9]"):
            view.body["private_metadata"] = meta
            wrong = await sales.alice.submit()
            assert wrong, meta
            assert "went wrong" not in str(wrong)
        await sales.alice.close()
    await sales.slack.quiet()
    assert len(card.replies) == 2


async def test_another_workspaces_ids_mean_nothing(sales: Office) -> None:
    card = await opened(sales)
    await sales.alice.press("Log activity", on=card)
    view = await sales.alice.sees("What happened")
    view.fill("What happened", "x")
    values = view.values
    number = {"text": {"type": "plain_text", "text": "#9 Theirs"}, "value": "999"}
    values["number", "form.deal"] = {"type": "external_select", "selected_option": number}
    assert "There is no opportunity #999" in (await sales.alice.submit())["Type"]
    values["number", "form.deal"]["selected_option"] = None
    theirs = {"type": "external_select", "selected_option": number}
    values["contact_id", "form.contact"] = theirs
    assert "There is no such contact" in (await sales.alice.submit())["Type"]
