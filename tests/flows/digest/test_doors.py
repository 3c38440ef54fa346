"""Where a digest can't be, and who can't touch one: nothing is shown, nothing is changed."""

from typing import Any

import pytest

from handlers.digest.ids import DeletingDigest, DigestChoice, DigestVerb, EditingDigest
from tests.flows.conftest import Office
from tests.flows.digest.test_digests import added, digests
from tests.flows.test_attacks import forged
from tests.slack import payloads
from tests.slack.person import Person
from tests.slack.reading import find_button, text, usable
from tests.slack.world import Channel, Message

GARBAGE = (
    "",
    "null",
    "{}",
    "[]",
    '["x"]',
    "[true]",
    "[-1]",
    "[999999]",
    '["pause"]',
    '["burn",1]',
    '["pause","1"]',
    '["send",9223372036854775807]',
    '["C0DEALS' + "A" * 400 + '"]',
    "[" * 999,
    '["C0\\u0000"]',
    '["C0\\ud800"]',
)


async def picked(who: Person, value: str, *, on: Message) -> None:
    """Pick an option of a row's menu with another value than any that it was drawn with."""
    pairs = [(block, e) for block, e in usable(on) if e["type"] == "overflow"]
    block, element = pairs[0]
    option = {"text": {"type": "plain_text", "text": "Pause"}, "value": value}
    action: dict[str, Any] = {"type": "overflow", "selected_option": option, "action_ts": "1.0"}
    action |= {"block_id": block["block_id"], "action_id": element["action_id"]}
    body = payloads.message_action(who.slack, who.user, on, action)
    ack = await who.slack.delivery.deliver("interactive", body)
    assert ack.ok, ack


async def hidden(work: Office) -> tuple[Channel, Message]:
    """A private channel with a digest, and Alice's list of it."""
    vip = work.slack.channel("vip", members=[work.alice, work.slack.bot], private=True)
    return vip, await added(work, on=await digests(work, vip))


async def test_not_in_direct_messages(work: Office) -> None:
    said = text(await digests(work, work.alice.dm))
    assert said.startswith("A digest belongs to a channel. Write /pipeline digest in the one")


async def test_not_where_the_bot_is_not_until_it_is_invited(work: Office) -> None:
    invite = "I'm not in this channel. Invite me with /invite @Dealthread first."
    assert text(await digests(work, work.random)) == invite
    secret = work.slack.channel("secret", members=[work.alice], private=True)
    assert text(await digests(work, secret)) == invite
    for channel in (work.random, secret):
        await work.alice.invite(work.slack.bot, channel)
        shown = await digests(work, channel)
        assert "No digests in" in text(shown)
        await added(work, on=shown)


async def test_not_where_people_from_outside_read(work: Office) -> None:
    ext = work.slack.channel("ext", members=[work.alice, work.slack.bot], shared=True)
    assert text(await digests(work, ext)).startswith("People from outside are in this channel")
    shown = await added(work)
    await work.alice.share(work.deals)
    await work.alice.press("Add digest", on=shown)
    await work.alice.hears("People from outside are in this channel")
    still = await digests(work, work.deals)
    assert "Weekdays at 09:00 (London)" in text(still)
    await work.alice.pick("Send now", on=still)
    await work.alice.hears("People from outside are in this channel")
    await work.alice.pick("Delete…", on=still)
    await work.alice.sees("Delete digest")
    assert await work.alice.submit() == {}
    await work.slack.shows(still, "Deleted.")


async def test_a_form_that_was_open_when_the_bot_left_says_what_to_do(work: Office) -> None:
    await work.alice.press("Add digest", on=await digests(work, work.deals))
    await work.alice.sees("New digest")
    await work.alice.remove(work.slack.bot, work.deals)
    await work.slack.quiet()
    errors = await work.alice.submit()
    assert list(errors.values()) == [
        "I'm not in this channel. Invite me with /invite @Dealthread first."
    ]
    await work.alice.invite(work.slack.bot, work.deals)
    assert await work.alice.submit() == {}


async def test_guests_neither_see_nor_change_any(work: Office) -> None:
    shown = await added(work, by=work.bob)
    await work.bob.change(guest=True)
    members = "Dealthread is for members of this workspace."
    assert members in text(await digests(work, work.deals, by=work.bob))
    await work.bob.press("Edit", on=shown)
    await work.bob.hears(members)
    for label in ("Pause", "Send now", "Delete…", "Preview"):
        await work.bob.pick(label, on=shown)
        await work.bob.hears(members)
    assert not work.bob.stack
    assert "· Pause ·" in text(await digests(work, work.deals))


async def test_one_of_a_private_channel_is_not_for_who_is_not_in_it(work: Office) -> None:
    """Ids and values are read from Alice's own list and used by Carol on hers."""
    vip, secret = await hidden(work)
    public = await added(work, by=work.carol)
    edit = find_button(secret, "Edit")[1]["value"]
    await forged(work.carol, "Edit", edit, on=public)
    await work.carol.hears("I can't find that digest.")
    for verb in DigestVerb:
        await picked(work.carol, DigestChoice(verb, 1).dump(), on=public)
        await work.carol.hears("I can't find that digest.")
    await forged(work.carol, "Add digest", f'["{vip.id}"]', on=public)
    await work.carol.hears("A digest belongs to a channel that you are in.")
    assert not work.carol.stack
    assert "next " in text(await digests(work, vip))
    assert len(vip.top()) == 0


async def test_a_form_sent_with_another_digest_in_it_is_refused(work: Office) -> None:
    vip, _ = await hidden(work)
    public = await added(work, by=work.carol)
    for made_up, title in (
        (EditingDigest(vip.id), "New digest"),
        (EditingDigest(vip.id, 1, 1), "Edit digest"),
        (EditingDigest(work.deals.id, 1, 1), "Edit digest"),
    ):
        await work.carol.press("Add digest" if title == "New digest" else "Edit", on=public)
        view = await work.carol.sees(title)
        view.body["private_metadata"] = made_up.dump()
        (said,) = (await work.carol.submit()).values()
        assert "belongs to a channel that you are in" in said or "can't find that digest" in said
        await work.carol.close()
    await work.carol.pick("Delete…", on=public)
    view = await work.carol.sees("Delete digest")
    view.body["private_metadata"] = DeletingDigest(1, vip.id).dump()
    await work.carol.submit()
    assert "I can't find that digest." in text(work.carol.view)
    assert "Weekdays at 09:00 (London)" in text(await digests(work, vip))


async def test_who_left_a_private_channel_sees_its_digests_no_more(work: Office) -> None:
    vip, secret = await hidden(work)
    await work.bob.join(vip)
    theirs = await digests(work, vip, by=work.bob)
    await work.bob.leave(vip)
    await work.slack.quiet()
    await work.bob.slack.delivery.deliver("interactive", _edit(work.bob, theirs))
    await work.bob.hears("I can't find that digest.")
    assert not work.bob.stack
    assert "Digests in #vip" in text(secret)


def _edit(who: Person, on: Message) -> dict[str, Any]:
    block, element = find_button(on, "Edit")
    action = {"type": "button", "action_id": element["action_id"], "value": element["value"]}
    action |= {"block_id": block["block_id"], "text": element["text"], "action_ts": "1.0"}
    return payloads.message_action(who.slack, who.user, on, action)


@pytest.mark.parametrize("value", GARBAGE)
async def test_what_was_made_up_is_refused(work: Office, value: str) -> None:
    shown = await added(work, by=work.bob)
    for label in ("Edit", "Add digest"):
        await forged(work.bob, label, value, on=shown)
        assert "went wrong" not in text(await work.bob.hears())
    await picked(work.bob, value, on=shown)
    await work.slack.quiet()
    assert not work.bob.stack
    assert not any("went wrong" in text(message) for message in work.bob.private)
    assert "· Pause ·" in text(await digests(work, work.deals))
    assert work.deals.top() == []
