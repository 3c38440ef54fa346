"""What is made up, out of date, or not theirs: nothing is shown, nothing is changed, no trace."""

import json
from typing import Any

import pytest

from tests.flows.conftest import Office
from tests.flows.doing import opened
from tests.flows.pipeline.test_board import STEP, board_in
from tests.slack import payloads
from tests.slack.person import Person
from tests.slack.reading import find_button, text
from tests.slack.world import Message

GARBAGE = (
    "",
    "x",
    "null",
    "{}",
    "[]",
    "[1]",
    '[1,2,"x"]',
    '[1,"[[]]"]',
    '[1,"[[null,[],null,null,false],\\"closing\\",[1,2,3],11,[null]]"]',
    '[1,"[[null,[],null,null,false],\\"closing\\",[\\"a\\",\\"b\\",\\"c\\"],11,[null]]"]',
    '[1,"[[null,[],null,null,false],\\"closing\\",[9007199254740991,\\"9999-12-31\\",1],11,[]]"]',
    '[1,"[[null,[],null,null,false],\\"closing\\",[1,\\"\\\\u0000\\",1],11,[null]]"]',
    '[1,"[[null,[],null,null,false],\\"days\\",[\\"never\\",1],11,[null]]"]',
    '[1,"[[null,[],null,null,false],\\"days\\",[\\"2026-01-01T00:00:00\\",1],11,[null]]"]',
    '[1,"[[\\"U1\\",[\\"sold\\"],null,null,false]]"]',
    '[999999,"[]"]',
    '[9223372036854775807,"[]"]',
    '[-1,"[]"]',
    "[" * 2000,
    '[1,"' + "x" * 1900 + '"]',
)


async def forged(
    who: Person, label: str, value: str, *, on: Message, action_id: str | None = None
) -> None:
    """Press a button with another value than the one that it was drawn with."""
    block, element = find_button(on, label)
    action = {"type": "button", "action_id": action_id or element["action_id"], "value": value}
    action |= {"block_id": block["block_id"], "text": element["text"], "action_ts": "1.0"}
    body = payloads.message_action(who.slack, who.user, on, action)
    ack = await who.slack.delivery.deliver("interactive", body)
    assert ack.ok, ack


async def test_a_made_up_board_is_refused(everywhere: Office) -> None:
    work = everywhere
    board = await posted(work)
    for value in GARBAGE:
        for action in ("board.refresh", "board.turn:next", "board.filter"):
            await forged(work.bob, "Refresh", value, on=board, action_id=action)
            while work.bob.stack:
                await work.bob.close()
    await work.slack.quiet()
    said = [text(message) for message in work.bob.private]
    assert not any("went wrong" in words for words in said)
    assert sum("older version" in words for words in said) > len(GARBAGE)


async def posted(work: Office) -> Message:
    await work.alice.invite(work.slack.bot, work.random)
    copy = await work.alice.command("/pipeline", work.random)
    assert copy is not None
    await work.alice.press("Post it here", on=copy)
    return await work.slack.heard(work.random, "Pipeline")


async def test_a_board_of_a_private_channel_is_not_turned_from_outside(work: Office) -> None:
    await work.now_set_up()
    vip = work.slack.channel("vip", members=[work.alice, work.slack.bot], private=True)
    await opened(work, "Zebra £9k", **{"Post card in": vip})
    secret = await board_in(work, vip)
    public = await board_in(work, work.deals)
    await work.slack.quiet()
    work.clock.turn(STEP)
    before = len(work.slack.calls("chat.update"))
    value = find_button(secret, "Refresh")[1]["value"]
    await forged(work.carol, "Refresh", value, on=public)
    await work.carol.hears("There is a newer board in this channel.")
    await work.slack.quiet()
    assert not [c for c in work.slack.calls("chat.update")[before:] if c.args["ts"] == secret.ts]


@pytest.mark.parametrize("value", ["", "null", "[]", '["x"]', "[0]", "[-1]", "[999999]", "[" * 999])
async def test_a_made_up_deal_is_refused(work: Office, value: str) -> None:
    await work.now_set_up()
    card = await opened(work)
    for label in ("Quoting", "Details"):
        await forged(work.bob, label, value, on=card)
        assert "went wrong" not in text(await work.bob.hears())
    await work.slack.quiet()
    assert "✓ Lead" in text(card)


async def test_a_replay_within_five_minutes_counts_once(work: Office) -> None:
    await work.now_set_up()
    await work.alice.command("/opp new Acme renewal", work.deals)
    await work.alice.sees("New opportunity")
    assert await work.alice.submit() == {}
    card = await work.slack.heard(work.deals, "✓ Lead")
    await work.slack.repeat(3)
    await work.bob.press("Quoting", on=card)
    await work.slack.repeat(3)
    await work.slack.shows(card, "✓ Quoting")
    await work.slack.quiet()
    assert [text(m).splitlines()[0] for m in work.deals.top()] == ["Acme renewal #1"]
    moved = [text(line) for line in card.replies if "moved it" in text(line)]
    assert moved == ["Bob Stone moved it from Lead to Quoting"]


async def test_help_by_mention_is_told_once_however_often_slack_repeats_it(work: Office) -> None:
    await work.bob.say(f"{work.slack.bot.mention} help", work.deals)
    await work.bob.hears("What Dealthread understands")
    mention = next(
        d for d in work.slack.deliveries if d.payload.get("event", {}).get("type") == "app_mention"
    )
    await work.slack.repeat(3, of=mention, retry=True)
    await work.slack.quiet()
    assert len(work.bob.private) == 1


def event(work: Office, **about: Any) -> str:
    inner = {"type": "app_mention", "user": work.bob.id, "text": "help", "channel": work.deals.id}
    return json.dumps(work.slack.events.envelope(work.slack.team, inner) | about)


async def test_what_slack_did_not_send_to_us_is_turned_away(work: Office) -> None:
    """Unsigned, wrongly signed, old, from the future, of another team, of another app."""
    slack, now = work.slack, int(work.clock())
    good = event(work)
    assert (await slack.post(good, sign=False)).status == 401
    assert (await slack.post(good, secret="another")).status == 401
    assert (await slack.post(good, timestamp=now - 301)).status == 401
    assert (await slack.post(good, timestamp=now + 301)).status == 401
    assert (await slack.post(good, timestamp="soon")).status == 401
    assert (await slack.post(event(work, team_id="T0OTHER", authorizations=[]))).status == 401
    assert (await slack.post(event(work, api_app_id="A0OTHER"))).status == 401
    await slack.quiet()
    assert not slack.calls("chat.postEphemeral")
    assert (await slack.post(good)).status == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ("null", 400),
        ('"x"', 400),
        ("payload=%7B", 400),
        ("payload=%5B%5D", 400),
        ("\x00\xff", 400),
        ("[" * 100_000, 400),
    ],
)
async def test_nonsense_gets_a_plain_answer(work: Office, body: str, status: int) -> None:
    ack = await work.slack.post(body)
    assert ack.status == status
    assert "Traceback" not in str(ack)
