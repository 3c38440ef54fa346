"""What people of the strict Slack read and use: text, rows, fields, menus, shortcuts."""

import datetime as dt
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.clock import Clock
from tests.slack.person import Person
from tests.slack.reading import buttons, mrkdwn, text
from tests.slack.server import StrictSlack
from tests.slack.world import Channel, Message

Json = dict[str, Any]


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def option(words: str) -> Json:
    return {"text": plain(words), "value": words.lower()}


def section(words: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}, **more}


def field(label: str, kind: str, **more: Any) -> Json:
    outer = {"dispatch_action": True} if more.pop("tells", False) else {}
    if more.pop("optional", False):
        outer["optional"] = True
    element = {"type": kind, "action_id": "it", **more}
    return {"type": "input", "label": plain(label), "element": element, **outer}


@pytest.fixture
async def slack() -> AsyncIterator[StrictSlack]:
    async with StrictSlack(["chat:write", "commands"], clock=Clock()) as it:
        app = web.Application()
        app.router.add_post("/", nothing)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        it.http(f"http://127.0.0.1:{runner.addresses[0][1]}/")
        yield it
        assert it.violations == []
        await runner.cleanup()


async def nothing(request: web.Request) -> web.Response:
    """Offer Jane and Janet to whom types, and say nothing else."""
    body = parse_qs(await request.text())
    if "block_suggestion" in body.get("payload", [""])[0]:
        return web.json_response({"options": [option("Jane"), option("Janet")]})
    return web.Response()


@pytest.fixture
def alice(slack: StrictSlack) -> Person:
    return slack.person("Alice Johnson")


@pytest.fixture
def deals(slack: StrictSlack, alice: Person) -> Channel:
    return slack.channel("deals", members=[alice, slack.bot])


async def post(slack: StrictSlack, channel: Channel, *blocks: Json) -> Message:
    client = AsyncWebClient(slack.team.token, slack.url)
    await client.chat_postMessage(channel=channel.id, text="x", blocks=blocks)
    return await slack.heard(channel)


def sent(slack: StrictSlack) -> Json:
    return slack.deliveries[-1].payload


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("*Acme renewal* #12", "Acme renewal #12"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("<https://x.slack.com/p1|Acme &amp; Co> · `███░`", "Acme & Co · ███░"),
        ("as of <!date^1700000000^{time}|14:02>", "as of 14:02"),
        ("<!channel> _quietly_ snake_case_name 2*3*4", "@channel quietly snake_case_name 2*3*4"),
        ("~Alice moved it~ undone", "~Alice moved it~ undone"),
    ],
)
def test_mrkdwn_is_read_as_people_read_it(written: str, read: str) -> None:
    assert mrkdwn(written) == read


async def test_a_message_reads_as_it_stands(
    slack: StrictSlack, alice: Person, deals: Channel
) -> None:
    menu = {"type": "overflow", "action_id": "m", "options": [option("Edit"), option("Lost")]}
    rich = {"type": "rich_text_section", "elements": [{"type": "text", "text": "as <typed>"}]}
    shown = await post(
        slack,
        deals,
        {"type": "header", "text": plain("Pipeline")},
        section(f"by {alice.mention} in <#{deals.id}>", accessory=menu),
        {"type": "context", "elements": [plain("1–10 of 42")]},
        {"type": "rich_text", "elements": [rich]},
        {
            "type": "actions",
            "elements": [{"type": "button", "action_id": "n", "text": plain("Next")}],
        },
    )
    assert text(shown).splitlines() == [
        "Pipeline",
        "by @Alice Johnson in #deals",
        "⋯(Edit · Lost)",
        "1–10 of 42",
        "as <typed>",
        "[Next]",
    ]
    assert alice.reads(deals) == [text(shown)]


async def test_rows_are_told_apart(slack: StrictSlack, alice: Person, deals: Channel) -> None:
    menu = {"type": "overflow", "action_id": "m", "options": [option("Details")]}
    done = {"type": "button", "action_id": "d", "text": plain("Done")}
    rows = [section(name, block_id=name, accessory=menu) for name in ("One", "Two")]
    tasks = [section(f"Task {n}", block_id=f"t{n}", accessory=done) for n in (1, 2)]
    shown = await post(slack, deals, *rows, *tasks)
    assert buttons(shown) == ["Done", "Done"]
    with pytest.raises(AssertionError, match="several options"):
        await alice.pick("Details", on=shown)
    await alice.pick("Details", on=shown, row="Two")
    assert sent(slack)["actions"][0]["block_id"] == "Two"
    with pytest.raises(AssertionError, match="several buttons"):
        await alice.press("Done", on=shown)
    await alice.press("Done", on=shown, row="Task 2")
    assert sent(slack)["actions"][0]["block_id"] == "t2"
    with pytest.raises(AssertionError, match="no row 'Three'"):
        await alice.press("Done", on=shown, row="Three")


async def test_presses_carry_what_slack_sends(
    slack: StrictSlack, alice: Person, deals: Channel
) -> None:
    button = {"type": "button", "action_id": "go", "text": plain("Go"), "value": "v"}
    shown = await post(slack, deals, {"type": "actions", "elements": [button]})
    await alice.press("Go", on=shown)
    body = sent(slack)
    assert body["container"] | {"is_ephemeral": False} == body["container"]
    assert (body["message"]["ts"], body["channel"]["name"]) == (shown.ts, "deals")
    assert body["user"]["team_id"] == body["team"]["id"] == slack.team.id
    assert body["actions"][0] | button == body["actions"][0]
    whisper = slack.whisper(deals, alice.id, "psst", [{"type": "actions", "elements": [button]}])
    await alice.press("Go", on=whisper)
    assert "message" not in sent(slack)
    assert sent(slack)["container"]["is_ephemeral"]


async def test_people_press_only_what_they_see(
    slack: StrictSlack, alice: Person, deals: Channel
) -> None:
    button = {"type": "button", "action_id": "go", "text": plain("Go")}
    row = {"type": "actions", "elements": [button]}
    whisper = slack.whisper(deals, alice.id, "psst", [row])
    vip = slack.channel("vip", members=[slack.bot], private=True)
    for shown, who in ((whisper, slack.person("Bob")), (await post(slack, vip, row), alice)):
        with pytest.raises(AssertionError, match="can't see"):
            await who.press("Go", on=shown)


async def test_selects_in_messages(slack: StrictSlack, alice: Person, deals: Channel) -> None:
    person = {"type": "users_select", "action_id": "u", "placeholder": plain("Everyone")}
    contact = {"type": "external_select", "action_id": "c", "placeholder": plain("Contact")}
    sort = {"type": "static_select", "action_id": "s", "options": [option("Newest")]}
    shown = await post(slack, deals, {"type": "actions", "elements": [person, contact, sort]})
    await alice.choose("Everyone", alice, on=shown)
    assert sent(slack)["actions"][0]["selected_user"] == alice.id
    with pytest.raises(AssertionError, match="from 3 characters"):
        await alice.type_into("Contact", "ja", on=shown)
    assert await alice.type_into("Contact", "jan", on=shown) == ["Jane", "Janet"]
    await alice.choose("Contact", "Janet", on=shown)
    assert sent(slack)["actions"][0]["selected_option"]["value"] == "janet"
    await alice.pick("Newest", on=shown)
    states = next(iter(sent(slack)["state"]["values"].values()))
    assert states["u"]["selected_user"] == alice.id


async def test_fields_of_all_kinds(slack: StrictSlack, alice: Person, deals: Channel) -> None:
    blocks = [
        field("Amount", "number_input", is_decimal_allowed=False, min_value="1"),
        field("E-mail", "email_text_input", optional=True),
        field("Due", "datepicker"),
        field("At", "timepicker", initial_time="15:00"),
        field("Owner", "users_select", initial_user=alice.id),
        field("Close", "checkboxes", options=[option("One"), option("Two")], optional=True),
        field(
            "Post in",
            "conversations_select",
            default_to_current_conversation=True,
            response_url_enabled=True,
        ),
        field("Type", "static_select", options=[option("Call"), option("Email")], tells=True),
    ]
    client = AsyncWebClient(slack.team.token, slack.url)
    trigger = slack.trigger(slack.team, alice.user, deals.id)
    view = {"type": "modal", "title": plain("T"), "submit": plain("Go"), "blocks": blocks}
    await client.views_open(trigger_id=trigger, view=view)
    form = alice.view
    form.fill("Amount", "0")
    form.fill("E-mail", "x")
    assert set(form.complaints()) == {"Amount", "E-mail", "Due", "Type"}
    form.fill("Amount", "12")
    form.fill("E-mail", "")
    form.choose("Due", dt.date(2026, 11, 30))
    form.choose("Close", ["One", "Two"])
    with pytest.raises(AssertionError, match="tells the app"):
        form.choose("Type", "Call")
    await alice.choose("Type", "Call")
    assert sent(slack)["actions"][0]["selected_option"]["value"] == "call"
    assert form.fields() == {
        "Amount": "12",
        "E-mail": None,
        "Due": "2026-11-30",
        "At": "15:00",
        "Owner": alice.id,
        "Close": ["One", "Two"],
        "Post in": deals.id,
        "Type": "Call",
    }
    await alice.submit()
    assert sent(slack)["response_urls"][0]["channel_id"] == deals.id
    states = [next(iter(s.values())) for s in sent(slack)["view"]["state"]["values"].values()]
    assert {"type": "number_input", "value": "12"} in states
    assert alice.stack == []


async def test_confirmations(slack: StrictSlack, alice: Person, deals: Channel) -> None:
    words = {name: plain(name) for name in ("title", "text", "confirm", "deny")}
    button = {"type": "button", "action_id": "a", "text": plain("Archive"), "confirm": words}
    shown = await post(slack, deals, {"type": "actions", "elements": [button]})
    assert await alice.press("Archive", on=shown, confirm=False) is None
    before = len(slack.deliveries)
    await alice.press("Archive", on=shown)
    assert len(slack.deliveries) == before + 1


async def test_shortcuts(slack: StrictSlack, alice: Person, deals: Channel) -> None:
    slack.shortcuts = {
        ("global", "New task"): "task.new",
        ("message", "Create task"): "task.from_message",
    }
    await alice.shortcut("New task")
    assert (sent(slack)["type"], sent(slack)["callback_id"]) == ("shortcut", "task.new")
    assert "response_url" not in sent(slack)
    said = await alice.say("Send the quote", deals)
    await alice.shortcut("Create task", on=said)
    assert (sent(slack)["type"], sent(slack)["message"]["text"]) == (
        "message_action",
        "Send the quote",
    )
    with pytest.raises(AssertionError, match="no shortcut"):
        await alice.shortcut("New moon")


async def test_commands_name_people_as_registered(
    slack: StrictSlack, alice: Person, deals: Channel
) -> None:
    words = f"/opp {alice.mention} <#{deals.id}>"
    slack.commands = {"/opp": True}
    await alice.command(words, deals)
    assert sent(slack)["text"] == f"<@{alice.id}|alice.johnson> <#{deals.id}|deals>"
    slack.commands = {"/opp": False}
    await alice.command(words, deals)
    assert sent(slack)["text"] == "@alice.johnson #deals"
