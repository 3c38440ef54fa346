"""Who may do what: members read and write, admins settle, everybody else is told who can."""

import pytest

from tests.flows.conftest import Office
from tests.flows.doing import opened
from tests.slack.person import Person
from tests.slack.reading import text

NOT_YOURS = "Dealthread is for members of this workspace. Ask a member to look this up for you."
UNREADABLE = "Your Slack profile can't be read just now, so nothing was changed."
COMMANDS = (
    "/opp new X",
    "/opp 1",
    "/opp",
    "/contact",
    "/contact new Y",
    "/pipeline",
    "/activity",
    "/activity 1 Call: x",
    "/dealthread",
)


def somebody(work: Office, kind: str) -> Person:
    outside = kind in ("outsider", "stranger")
    about = {} if kind == "outsider" else {kind: True}
    person = work.slack.person("Gus Green", outsider=outside, **about)
    work.deals.members.add(person.id)
    work.deals.shared = outside
    return person


@pytest.mark.parametrize("kind", ["guest", "single_channel_guest", "deleted"])
async def test_who_is_no_member_runs_no_command(work: Office, kind: str) -> None:
    await work.now_set_up()
    card = await opened(work)
    gus = somebody(work, kind)
    for words in COMMANDS:
        answer = await gus.command(words, work.deals)
        assert answer is not None
        assert text(answer) == NOT_YOURS
    assert not gus.stack
    assert "✓ Lead" in text(card)


@pytest.mark.parametrize("kind", ["guest", "single_channel_guest", "outsider", "stranger"])
async def test_who_is_no_member_presses_in_vain(everywhere: Office, kind: str) -> None:
    work = everywhere
    await work.now_set_up()
    card = await opened(work)
    await work.alice.command("/pipeline", work.deals)
    board = await work.slack.heard(work.deals, "Pipeline")
    gus = somebody(work, kind)
    for label in ("Quoting", "Won", "Log activity", "Details"):
        await gus.press(label, on=card)
        assert text(await gus.hears("members of this workspace")) == NOT_YOURS
    for label in ("Refresh", "Filter", "New opportunity"):
        await gus.press(label, on=board)
        await gus.hears("members of this workspace")
    await gus.pick("Edit", on=card)
    await gus.hears("members of this workspace")
    await gus.pick("Mine", on=board)
    await gus.hears("members of this workspace")
    await work.slack.quiet()
    assert not gus.stack
    assert "✓ Lead" in text(card)


@pytest.mark.parametrize("kind", ["guest", "outsider", "stranger"])
async def test_who_is_no_member_is_told_so_when_they_speak_to_it(work: Office, kind: str) -> None:
    gus = somebody(work, kind)
    await gus.say(f"{work.slack.bot.mention} help", work.deals)
    assert text(await gus.hears("members of this workspace")) == NOT_YOURS
    assert not work.deals.top()[1:]


async def test_a_form_that_was_open_when_one_became_a_guest_saves_nothing(work: Office) -> None:
    await work.bob.command("/opp new Zebra", work.deals)
    await work.bob.sees("New opportunity")
    assert await work.bob.type_into("Contact", "Jane") == ['Create "Jane"']
    await work.bob.change(guest=True)
    assert await work.bob.type_into("Contact", "Jane") == []
    assert NOT_YOURS in (await work.bob.submit()).values()
    await work.slack.quiet()
    assert work.deals.top() == []


async def test_who_becomes_an_admin_may_settle_at_once_and_no_longer_after(work: Office) -> None:
    refused = "Only an admin of this workspace can change the settings."
    answer = await work.bob.command("/dealthread settings", work.deals)
    assert answer is not None
    assert text(answer) == refused
    await work.bob.change(admin=True)
    await work.bob.command("/dealthread setup", work.deals)
    await work.bob.sees("Set up Dealthread")
    await work.bob.change(admin=False)
    assert refused in (await work.bob.submit()).values()


async def test_a_member_is_offered_no_settings(work: Office) -> None:
    answer = await work.bob.command("/dealthread", work.deals)
    assert answer is not None
    assert "[Set up]" not in text(answer)
    assert "[Help]" in text(answer)


async def test_a_zone_that_changes_counts_at_once(work: Office) -> None:
    """Dates that people type are of their own day."""
    await work.bob.command("/opp", work.deals)
    await work.bob.change(tz="Pacific/Kiritimati")
    ahead = await work.bob.command("/opp new X close tomorrow", work.deals)
    assert ahead is None
    there = (await work.bob.sees("New opportunity")).value("Expected close")
    await work.bob.close()
    await work.bob.change(tz="Pacific/Pago_Pago")
    await work.bob.command("/opp new X close tomorrow", work.deals)
    here = (await work.bob.sees("New opportunity")).value("Expected close")
    assert there > here


async def test_who_can_not_be_read_is_a_reader(work: Office) -> None:
    await work.now_set_up()
    card = await opened(work)
    fault = work.slack.faults.always("users.info", error="internal_error")
    await work.bob.press("Quoting", on=card)
    await work.bob.hears(UNREADABLE)
    for words in ("/opp new X", "/contact new Y", "/opp 1 quoting", "/opp 1 won"):
        answer = await work.bob.command(words, work.deals)
        assert answer is not None
        assert UNREADABLE in text(answer)
    await work.bob.command("/opp 1", work.deals)
    await work.bob.sees("Acme renewal")
    await work.slack.quiet()
    assert "✓ Lead" in text(card)
    fault.stop()
    await work.bob.close()
    await work.bob.press("Quoting", on=card)
    await work.slack.shows(card, "✓ Quoting")


async def test_a_profile_that_hangs_does_not_make_the_command_late(work: Office) -> None:
    work.slack.faults.always("users.info", hang=5)
    answer = await work.bob.command("/opp", work.deals)
    assert answer is not None
    assert "error" not in text(answer)


async def test_another_bot_is_not_answered(work: Office) -> None:
    slack, team = work.slack, work.slack.team
    words = {"text": f"{slack.bot.mention} help", "user": work.bob.id, "bot_id": "B0ROBO"}
    where = {"channel": work.deals.id, "ts": "1795000000.000100"}
    mention = {"type": "app_mention", **words, **where}
    ack = await slack.events.send("app_mention", team, mention)
    assert ack is not None
    await slack.quiet()
    assert not [call for call in slack.calls() if call.method.startswith("chat.")]


async def test_a_profile_event_of_a_stranger_to_us_is_not_kept(work: Office) -> None:
    """Everybody's every change of status comes by; only those who act here matter."""
    await work.carol.change(tz="Asia/Tokyo")
    await work.carol.command("/opp", work.deals)
    assert [c.args["user"] for c in work.slack.calls("users.info")] == [work.carol.id]
