"""The adapter between a small Bolt app and the real local-slack."""

import asyncio
import json
from collections.abc import AsyncIterator
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from bot.demo.adapter.edge import Adapter
from bot.demo.local_slack.local_slack import LocalSlack
from tests.demo.conftest import Hands, Json
from tests.demo.tiny_bot import TinyBot, form


async def test_messages_come_back_as_the_bot_sent_them(bot: TinyBot, hands: Hands) -> None:
    await hands.command("/card")
    await bot.heard("command")
    history = await bot.client.conversations_history(channel="C01DEALS", include_all_metadata=True)
    (card,) = history["messages"]
    assert card["metadata"] == {"event_type": "card", "event_payload": {"id": "1"}}
    assert card["blocks"][0]["text"]["text"].endswith("R&amp;D &lt;b&gt; · Alice")
    plain = await bot.client.conversations_history(channel="C01DEALS", oldest=card["ts"])
    assert plain["messages"] == []
    inclusive = await bot.client.conversations_history(
        channel="C01DEALS", oldest=card["ts"], inclusive=True
    )
    assert "metadata" not in inclusive["messages"][0]
    link = await bot.client.chat_getPermalink(channel="C01DEALS", message_ts=card["ts"])
    assert "/archives/C01DEALS/p" in link["permalink"]


async def test_drawn_messages_are_readable(bot: TinyBot, hands: Hands) -> None:
    await hands.command("/card")
    await bot.heard("command")
    drawn = next(one for one in await hands.messages() if one["text"] == "Acme")
    assert drawn["blocks"][0]["text"]["text"].endswith("R&D <\u2060b> · Alice")
    assert drawn["blocks"][1]["elements"][0]["text"] == "🟢 *Quoting* since 14:02"


async def test_a_press_updates_without_being_marked_as_edited(bot: TinyBot, hands: Hands) -> None:
    await hands.command("/card")
    await hands.press("Quoting")
    pressed = await bot.heard("action")
    assert pressed["actions"][0]["value"] == "Quoting"
    assert pressed["message"]["metadata"]["event_type"] == "card"
    found = await hands.messages()
    card = next(one for one in found if one["text"] == "Acme")
    assert "edited" not in card
    assert card["blocks"][2]["elements"][1]["text"]["text"] == "✓ Quoting"
    replies = await bot.client.conversations_replies(channel="C01DEALS", ts=card["ts"])
    assert [one["text"] for one in replies["messages"]] == ["Acme", "alice moved it to Quoting"]


async def test_an_update_before_any_press_is_not_marked_either(bot: TinyBot, hands: Hands) -> None:
    posted = await bot.client.chat_postMessage(channel="C01DEALS", text="one")
    await bot.client.chat_update(channel="C01DEALS", ts=posted["ts"], text="two")
    (message,) = await hands.messages()
    assert (message["text"], "edited" in message) == ("two", False)


async def test_a_reply_that_also_goes_to_the_channel_is_updated_in_both_places(
    bot: TinyBot, hands: Hands
) -> None:
    where = {"channel": "C01DEALS"}
    parent = await bot.client.chat_postMessage(**where, text="Acme")
    reply = await bot.client.chat_postMessage(
        **where, text="moved", thread_ts=parent["ts"], reply_broadcast=True
    )
    assert [one["text"] for one in await hands.messages()] == ["Acme", "moved", "moved"]
    await bot.client.chat_update(**where, ts=reply["ts"], text="~moved~ undone")
    said = [one["text"] for one in await hands.messages()]
    assert said == ["Acme", "~moved~ undone", "~moved~ undone"]
    thread = await bot.client.conversations_replies(**where, ts=parent["ts"])
    assert [one["text"] for one in thread["messages"]] == ["Acme", "~moved~ undone"]
    await bot.client.chat_delete(**where, ts=reply["ts"])
    assert [one["text"] for one in await hands.messages()] == ["Acme"]


async def test_menus_are_told_as_the_elements_that_they_are(bot: TinyBot, hands: Hands) -> None:
    await hands.command("/card")
    await bot.heard("command")
    await hands.press("Alice Anderson", option="Bob Brown")
    chosen = (await bot.heard("action"))["actions"][0]
    assert (chosen["type"], chosen["selected_user"]) == ("users_select", "U02BOB")
    await hands.press("menu", option="Pause")
    assert (await bot.heard("action"))["actions"][0]["selected_option"]["value"] == "pause"
    await hands.press("menu", option="Pause")
    assert (await bot.heard("action"))["actions"][0]["type"] == "overflow"


async def test_whispers_say_for_whom_and_only_that_person_presses(
    bot: TinyBot, hands: Hands
) -> None:
    await hands.command("/page")
    await bot.heard("opened")
    page = (await hands.messages())[-1]
    assert (page["username"], page["subtype"]) == ("Dealthread, to Alice", "ephemeral")
    await hands.press("Timeline", user="U02BOB")
    assert (await hands.messages())[-1]["text"].startswith("Only Alice sees that message")
    assert bot.seen.empty()


async def test_a_view_without_a_form_is_a_private_message(bot: TinyBot, hands: Hands) -> None:
    await hands.command("/page")
    await hands.press("Timeline")
    pressed = await bot.heard("action")
    assert pressed["container"]["type"] == "view"
    assert pressed["view"]["private_metadata"] == "opp 1"
    assert "message" not in pressed
    page = (await hands.messages())[-1]
    assert page["blocks"][2]["text"]["text"] == "This is the *Timeline* tab"
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await bot.client.views_update(view_id=pressed["view"]["id"], hash="1.old", view=form())
    await hands.press("Close")
    assert await hands.messages() == []


async def test_untouched_fields_keep_what_they_showed(bot: TinyBot, hands: Hands) -> None:
    await hands.command("/form")
    assert (await hands.form())["title"]["text"] == "Edit opportunity"
    await hands.submit({})
    errors = (await hands.shown("view_errors"))["errors"]
    assert errors == {"Contact": "Please complete this required field."}
    await hands.submit({"contact#typed": {"value": "jane d"}, "value": {"value": "12.50"}})
    submitted = await bot.heard("submission")
    values = {name: next(iter(state.values())) for name, state in _values(submitted).items()}
    assert values["name"] == {"type": "plain_text_input", "value": "Acme renewal"}
    assert values["contact"]["selected_option"]["value"] == "Jane Doe"
    assert values["value"]["value"] == "12.50"
    assert values["at"] == {"type": "timepicker", "selected_time": "09:30"}
    assert values["owner"] == {"type": "users_select", "selected_user": "U02BOB"}
    assert values["tasks"]["selected_options"][0]["value"] == "close"
    assert submitted["view"]["private_metadata"] == "opp 1"
    assert await hands.form() == {}


async def test_what_a_choice_would_show_is_shown_before_saving(bot: TinyBot, hands: Hands) -> None:
    await hands.command("/form")
    await hands.form()
    filled = {"name": {"value": "Kept"}, "stage": {"selected_option": {"value": "0"}}}
    await hands.submit(filled | {"contact": {"selected_option": {"value": "0"}}})
    told = await bot.heard("dispatched")
    assert told["actions"][0]["selected_option"]["value"] == "lead"
    assert _values(told)["name"]["x"]["value"] == "Kept"
    again = await hands.form()
    while again["blocks"][0]["type"] != "section":
        again = await hands.form()
    assert again["blocks"][0]["text"]["text"] == "Lead is early."
    await hands.submit({})
    submitted = await bot.heard("submission")
    assert _values(submitted)["name"]["x"]["value"] == "Kept"
    assert _values(submitted)["stage"]["x"]["selected_option"]["value"] == "lead"


def _values(payload: Json) -> Json:
    values: Json = payload["view"]["state"]["values"]
    return values


async def test_a_form_on_a_page_goes_back_to_the_page(bot: TinyBot, hands: Hands) -> None:
    await hands.command("/page")
    await hands.press("Edit it")
    pushed = await hands.form()
    assert pushed["title"]["text"] == "Edit opportunity"
    await hands.submit({"contact": {"selected_option": {"value": "0"}}})
    submitted = await bot.heard("submission")
    assert submitted["view"]["previous_view_id"] == submitted["view"]["root_view_id"]
    assert await hands.form() == {}
    await hands.press("Timeline")
    assert (await bot.heard("action"))["view"]["callback_id"] == "page"


async def submitted_as(hands: Hands, name: str) -> None:
    contact = {"contact": {"selected_option": {"value": "0"}}}
    await hands.submit({"name": {"value": name}, **contact})


async def test_a_submission_may_end_in_a_page(bot: TinyBot, hands: Hands) -> None:
    await hands.command("/form")
    await hands.form()
    await submitted_as(hands, "page")
    assert await hands.form() == {}
    page = (await hands.messages())[-1]
    assert page["blocks"][2]["text"]["text"] == "This is the *Saved* tab"


async def test_a_second_form_goes_back_to_the_first(bot: TinyBot, hands: Hands) -> None:
    await hands.command("/form")
    await hands.form()
    await submitted_as(hands, "more")
    assert (await hands.form())["title"]["text"] == "Second form"
    await hands.page.send_json({"t": "view_close", "user": "U01ALICE"})
    assert await hands.form() == {}
    back = await hands.form()
    assert back["title"]["text"] == "Edit opportunity"
    assert back["blocks"][0]["element"]["initial_value"] == "more"
    await submitted_as(hands, "clear")
    assert await hands.form() == {}


async def test_closing_a_form_is_told_when_asked(bot: TinyBot, hands: Hands) -> None:
    await hands.command("/page")
    await hands.press("Edit it")
    await hands.form()
    await hands.page.send_json({"t": "view_close", "user": "U01ALICE"})
    assert (await bot.heard("closed"))["view"]["callback_id"] == "form"
    await hands.press("Timeline")
    assert (await bot.heard("action"))["actions"][0]["action_id"] in {"edit", "timeline"}


async def test_two_people_have_a_stack_each(bot: TinyBot, hands: Hands) -> None:
    await hands.command("/form")
    await hands.form()
    await hands.command("/form", user="U02BOB")
    assert (await hands.form())["title"]["text"] == "Edit opportunity (Bob's)"
    filled = {"contact": {"selected_option": {"value": "0"}}}
    await hands.submit(filled, user="U02BOB")
    assert (await bot.heard("submission"))["user"]["id"] == "U02BOB"
    assert (await hands.form())["title"]["text"] == "Edit opportunity"
    await hands.submit(filled)
    assert (await bot.heard("submission"))["user"]["id"] == "U01ALICE"
    assert await hands.form() == {}


async def test_the_home_is_pressed_like_a_view(bot: TinyBot, hands: Hands) -> None:
    await hands.page.send_json({"t": "open_home", "user": "U01ALICE"})
    await bot.heard("home")
    home = (await hands.shown("home"))["view"]
    menu = home["blocks"][1]["accessory"]
    action = {"block_id": home["blocks"][1]["block_id"], "action_id": menu["action_id"]}
    action |= {"type": "overflow", "selected_option": menu["options"][1]}
    press = {"t": "block_action", "channel": "", "messageTs": "", "user": "U01ALICE"}
    app_id = {"appId": "A01DEALTHREAD"}
    await hands.page.send_json({**press, **app_id, "action": action})
    redrawn = (await hands.shown("home"))["view"]
    assert redrawn["blocks"][1]["block_id"] != home["blocks"][1]["block_id"]


async def test_people_and_channels_are_told_whole(bot: TinyBot, edge: Adapter) -> None:
    alice = (await bot.client.users_info(user="U01ALICE"))["user"]
    assert (alice["is_admin"], alice["tz"], alice["locale"]) == (True, "Europe/London", "en-GB")
    bob = (await bot.client.users_info(user="U02BOB"))["user"]
    assert (bob["is_admin"], bob["is_restricted"], bob["team_id"]) == (False, False, "T01NORTH")
    random = (await bot.client.conversations_info(channel="C03RANDOM"))["channel"]
    assert random["is_member"] is False
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await bot.client.chat_postMessage(channel="C03RANDOM", text="hello")
    bot.client.token = "xoxb-wrong"
    with pytest.raises(SlackApiError, match="invalid_auth"):
        await bot.client.auth_test()


async def test_each_envelope_goes_to_one_of_two_sockets(
    bot: TinyBot, edge: Adapter, hands: Hands
) -> None:
    second = AsyncSocketModeHandler(bot.app, edge.app_token)
    second.client.web_client.base_url = edge.api_url
    await second.connect_async()
    try:
        await hands.command("/card")
        await bot.heard("command")
        for stage in ("Won", "Lead", "Won", "Quoting"):
            await hands.press(stage)
            await bot.heard("action")
        assert bot.seen.empty()
    finally:
        await second.close_async()


async def test_a_bot_that_is_away_is_named(slack: LocalSlack, edge: Adapter, hands: Hands) -> None:
    await hands.command("/card")
    told = (await hands.messages())[-1]
    assert told["text"] == "`/card` failed: the app is not connected."


@pytest.fixture
async def listening() -> AsyncIterator[tuple[str, "asyncio.Queue[web.Request]"]]:
    heard: asyncio.Queue[web.Request] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        await request.read()
        await heard.put(request)
        return web.json_response({"text": "Heard.", "response_type": "in_channel"})

    app = web.Application()
    app.router.add_post("/slack/events", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events", heard
    await runner.cleanup()


async def test_a_bot_that_listens_by_http_gets_signed_requests(
    slack: LocalSlack, hands: Hands, listening: tuple[str, "asyncio.Queue[web.Request]"]
) -> None:
    url, heard = listening
    async with Adapter.start(slack, request_url=url) as edge:
        await hands.command("/opp new Acme & sons")
        request = await heard.get()
        body = await request.text()
        assert SignatureVerifier(edge.signing_secret).is_valid_request(body, dict(request.headers))
        assert parse_qs(body)["text"] == ["new Acme & sons"]
        assert (await hands.messages())[-1]["text"] == "Heard."
        assert "subtype" not in (await hands.messages())[-1]
        post = {"channel": "C01DEALS", "user": "U01ALICE", "text": "a comment"}
        await hands._post("message", post)
        event = json.loads(await (await heard.get()).text())
        assert event["event"]["text"] == "a comment"
