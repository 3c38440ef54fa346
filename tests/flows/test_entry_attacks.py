"""What hangs on deals that only some may see: who is not one of them learns nothing of it."""

from typing import Any

import pytest

from tests.flows.conftest import Office
from tests.flows.doing import opened, page_of
from tests.flows.test_attacks import forged
from tests.slack.reading import text
from tests.slack.world import Channel, Message


@pytest.fixture
async def sales(work: Office) -> Office:
    await work.now_set_up()
    return work


async def of_alice_alone(work: Office) -> Message:
    """A card in Alice's direct messages: no channel took it."""
    await work.alice.command("/opp new Zebra merger", work.random)
    await work.alice.sees("New opportunity")
    assert await work.alice.submit() == {}
    return await work.slack.heard(work.alice, "✓ Lead")


async def test_what_is_done_for_a_deal_after_it_was_given_away_is_not_told_its_former_owner(
    work: Office,
) -> None:
    card = await of_alice_alone(work)
    await work.alice.press("Log activity", on=card)
    view = await work.alice.sees("Log activity")
    view.fill("What happened", "Called them")
    assert await work.alice.submit() == {}
    await work.slack.heard(work.alice, "Called them", thread=card)
    await work.alice.press("Add task", on=card)
    view = await work.alice.sees("New task")
    view.fill("Title", "Send the quote")
    assert await work.alice.submit() == {}
    await work.slack.heard(work.alice, "Send the quote", thread=card)
    await work.alice.pick("Edit", on=card)
    (await work.alice.sees("Edit #1")).choose("Owner", work.bob)
    assert await work.alice.submit() == {}
    theirs = await work.slack.heard(work.bob, "✓ Lead")
    task = await work.slack.heard(work.bob, "Send the quote", thread=theirs)
    await work.bob.press("Edit", on=task)
    view = await work.bob.sees("Edit task")
    view.fill("Title", "Offer them the secret price")
    assert await work.bob.submit() == {}
    await work.slack.shows(task, "secret price")
    await work.slack.quiet()
    assert not [m for m in card.replies if "secret" in text(m)]
    assert "moved to Bob Stone" in text(card)


async def with_entries(sales: Office, channel: Channel) -> Message:
    """A deal in a channel, with an activity, a task and a comment that tell of Zebra."""
    card = await opened(sales, "Zebra merger", **{"Post card in": channel})
    for form, button, label in (
        ("Log activity", "Log activity", "What happened"),
        ("New task", "Add task", "Title"),
    ):
        await sales.alice.press(button, on=card)
        (await sales.alice.sees(form)).fill(label, f"Zebra: {label}")
        assert await sales.alice.submit() == {}
        await sales.slack.heard(channel, f"Zebra: {label}", thread=card)
    await sales.alice.say("Zebra is a comment", thread=card)
    await sales.slack.shows(card, "Next: Zebra: Title")
    await sales.slack.quiet()
    return card


FORGED = (
    ("task.done", "[{}]"),
    ("task.reopen", "[{}]"),
    ("task.snooze", "[{}]"),
    ("task.edit", "[{}]"),
    ("task.stop:word", "[{}]"),
    ("task.open", "[{}]"),
    ("task.menu:1", '["done",{}]'),
    ("task.menu:1", '["reopen",{}]'),
    ("task.menu:1", '["snooze",{}]'),
    ("task.menu:1", '["edit",{}]'),
    ("task.menu:1", '["details",{}]'),
    ("task.new", "[{}]"),
    ("task.list:next", "[null,{}]"),
    ("task.list:next", "[null,{},null,null,true]"),
    ("task.filter", "[null,{}]"),
    ("activity.log", "[{}]"),
    ("activity.menu:1", '["edit",{}]'),
    ("activity.menu:1", '["delete",{}]'),
    ("activity.menu:1", '["details",{0},{0}]'),
    ("activity.turn:older", "[null,null,null,{}]"),
    ("activity.filter", "[null,null,null,{}]"),
    ("opportunity.tab:tasks", '[{},"tasks"]'),
    ("opportunity.tab:all", '[{},"timeline"]'),
    ("opportunity.menu:1", '["summary",{}]'),
    ("opportunity.menu:1", '["task",{}]'),
    ("opportunity.take", "[{}]"),
    ("handover.ask", '["U{}"]'),
    ("attention.stop:1", '[{},"2026-11-23"]'),
    ("attention.snooze:1", '[{},"2026-11-23",3]'),
    ("attention.snooze:1", '[{},"2026-11-23"]'),
    ("attention.snooze:1", '[{},"2026-11-23",9007199254740991]'),
)
"""Every press that names a task, an activity or a deal, with another id than it was drawn with."""


async def test_no_press_reaches_what_hangs_on_a_hidden_deal(sales: Office) -> None:
    vip = sales.slack.channel("vip", members=[sales.alice, sales.slack.bot], private=True)
    secret = await with_entries(sales, vip)
    plain = await opened(sales, "Acme renewal")
    await sales.slack.quiet()
    before = text(secret), [text(reply) for reply in secret.replies]
    for action, value in FORGED:
        for number in ("1", "-1", "0", "999999", "9007199254740991", "99999999999999999999"):
            made_up = value.replace("{0}", number).replace("{}", number)
            await forged(sales.bob, "Details", made_up, on=plain, action_id=action)
            assert not any("Zebra" in text(view) for view in sales.bob.stack), action
            while sales.bob.stack:
                await sales.bob.close()
    await sales.slack.quiet()
    told = [text(word) for word in sales.bob.private]
    assert len(told) >= len(FORGED)
    assert not [words for words in told if "Zebra" in words or "went wrong" in words]
    assert (text(secret), [text(reply) for reply in secret.replies]) == before


@pytest.mark.parametrize("words", ["/task", "/task #1", "/activity", "/activity 1", "/opp 1"])
async def test_no_list_tells_of_a_hidden_deal(sales: Office, words: str) -> None:
    vip = sales.slack.channel("vip", members=[sales.alice, sales.slack.bot], private=True)
    await with_entries(sales, vip)
    answer = await sales.bob.command(words, sales.deals)
    assert answer is not None
    assert "Zebra" not in text(answer)
    for everyone in ("Everyone", "Done"):
        if words == "/task":
            await sales.bob.pick(everyone, on=answer)
            await sales.slack.quiet()
            assert "Zebra" not in text(answer)


@pytest.mark.parametrize("about", [{"guest": True}, {"deleted": True}])
async def test_who_is_no_member_any_more_gets_at_nothing_that_hangs_on_a_deal(
    sales: Office, about: dict[str, bool]
) -> None:
    card = await with_entries(sales, sales.deals)
    task = await sales.slack.heard(sales.deals, "Zebra: Title", thread=card)
    done = await sales.slack.heard(sales.deals, "Zebra: What happened", thread=card)
    gus, before = sales.bob, (text(card), len(card.replies))
    await gus.change(**about)
    for words in ("/task", "/task Send it", "/activity", "/activity 1 Call: x", "/task help"):
        answer = await gus.command(words, sales.deals)
        assert answer is not None
        assert "Dealthread is for members" in text(answer)
    for shortcut in ("New task", "Log activity"):
        await gus.shortcut(shortcut)
        await gus.hears("Dealthread is for members")
    for shortcut in ("Create task", "Log as activity", "New opportunity"):
        await gus.shortcut(shortcut, card)
        await gus.hears("Dealthread is for members")
    for label, on in (("Log activity", card), ("Add task", card), ("Done", task), ("Edit", task)):
        await gus.press(label, on=on)
        await gus.hears("Dealthread is for members")
    for entry in ("Edit", "Delete"):
        await gus.pick(entry, on=done)
        await gus.hears("Dealthread is for members")
    await sales.slack.quiet()
    assert not gus.stack
    assert (text(card), len(card.replies)) == before


@pytest.mark.parametrize(
    "asked", ["task Send it", "log Call: x", "quoting", "won", "details", "help", ""]
)
async def test_a_guest_changes_nothing_by_a_mention(sales: Office, asked: str) -> None:
    card = await with_entries(sales, sales.deals)
    await sales.bob.change(guest=True)
    before = text(card), len(card.replies)
    await sales.bob.say(f"{sales.slack.bot.mention} {asked}", thread=card)
    await sales.bob.hears("Dealthread is for members")
    await sales.slack.quiet()
    assert (text(card), len(card.replies)) == (before[0], before[1] + 1)


NASTY = "<!channel> <@U1> *b* `c` ~d~ &amp; \u202e\u200b<https://x|y> " + "&" * 90


async def test_what_is_typed_mentions_nobody_wherever_it_is_shown(sales: Office) -> None:
    card = await opened(sales)
    for form, label in (("Log activity", "What happened"), ("New task", "Title")):
        await sales.alice.press({"New task": "Add task"}.get(form, form), on=card)
        view = await sales.alice.sees(form)
        view.fill(label, NASTY)
        if form == "New task":
            view.fill("Notes", NASTY * 10)
        assert await sales.alice.submit() == {}
        await sales.alice.hears()
    await sales.alice.say(NASTY, thread=card)
    await sales.slack.quiet()
    for words in ("/task", "/activity", "/activity 1"):
        await sales.alice.command(words, sales.deals)
    page = await page_of(sales, 1)
    for tab in ("Tasks", "Timeline"):
        await sales.alice.press(tab, on=page)
        await sales.slack.quiet()
    await sales.alice.pick("Send me a summary", on=page)
    await sales.alice.hears("Summary")
    await sales.slack.quiet()
    shown = [
        words
        for one in (card, *card.replies, *sales.alice.private)
        if one.user != sales.alice.id
        for words in active(one.wire())
    ]
    shown += [words for view in sales.alice.stack for words in active(view.wire(""))]
    assert [words for words in shown if "∗b∗" in words]
    for words in shown:
        assert not any(sign in words for sign in ("<!channel", "<@U1>", "<https://x|", "\u202e"))


def active(shown: Any) -> list[str]:
    """Whatever Slack reads as its mrkdwn: plain_text is shown as it is."""
    if isinstance(shown, list):
        return [words for one in shown for words in active(one)]
    if not isinstance(shown, dict) or shown.get("type") == "plain_text":
        return []
    own = [shown["text"]] if isinstance(shown.get("text"), str) else []
    return own + [words for one in shown.values() for words in active(one)]
