"""People of the strict Slack use a small Bolt app, over HTTP and over Socket Mode alike."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

from tests.slack.bots import bolt, connected, serving
from tests.slack.reading import buttons, text
from tests.slack.server import StrictSlack

SCOPES = [
    "chat:write", "commands", "users:read", "im:write", "im:history", "channels:read",
    "channels:history", "groups:read", "groups:history", "app_mentions:read",
]  # fmt: skip


def plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words}


def button(label: str, action_id: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(label), "action_id": action_id, **more}


def section(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}, **more}


def card(status: str) -> list[dict[str, Any]]:
    stages = [button(s, f"move.{s}", value=s) for s in ("Lead", "Quoting", "Won")]
    menu = {
        "type": "overflow",
        "action_id": "menu",
        "options": [{"text": plain("Pause"), "value": "p"}, {"text": plain("Lost"), "value": "l"}],
    }
    return [
        section(f"*Acme renewal* is {status}", accessory=menu),
        {"type": "actions", "elements": stages},
    ]


FORM = {
    "type": "modal",
    "callback_id": "new",
    "title": plain("New opportunity"),
    "submit": plain("Create"),
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": plain("Name"),
            "element": {"type": "plain_text_input", "action_id": "it"},
        },
        {
            "type": "input",
            "block_id": "stage",
            "optional": True,
            "label": plain("Stage"),
            "element": {
                "type": "static_select",
                "action_id": "it",
                "options": [
                    {"text": plain("Lead"), "value": "lead"},
                    {"text": plain("Pitching"), "value": "pitching"},
                ],
            },
        },
        {
            "type": "input",
            "block_id": "contact",
            "optional": True,
            "label": plain("Contact"),
            "element": {"type": "external_select", "action_id": "who", "min_query_length": 1},
        },
    ],
}


def register(app: AsyncApp) -> None:
    """A pipeline in forty lines."""
    register_form(app)
    register_card(app)
    register_words(app)


def register_form(app: AsyncApp) -> None:
    @app.command("/opp")
    async def opp(ack: Any, body: Any, client: Any) -> None:
        if body["text"] == "new":
            await client.views_open(trigger_id=body["trigger_id"], view=FORM)
            await ack()
        else:
            await ack(f"You wrote: {body['text']}")

    @app.options("who")
    async def who(ack: Any, body: Any) -> None:
        names = [n for n in ("Jane Doe", "Janet Roe", "Bob") if body["value"] in n.lower()]
        await ack(options=[{"text": plain(n), "value": n} for n in names])

    @app.view("new")
    async def new(ack: Any, body: Any, client: Any) -> None:
        state = body["view"]["state"]["values"]
        name = state["name"]["it"]["value"]
        if name == "bad":
            await ack(response_action="errors", errors={"name": "Write another name."})
            return
        await ack()
        channel = body["view"]["private_metadata"] or "C"
        await client.chat_postEphemeral(channel=channel, user=body["user"]["id"], text=name)


def register_card(app: AsyncApp) -> None:
    @app.action("move.Quoting")
    async def move(ack: Any, body: Any, client: Any, respond: Any) -> None:
        await ack()
        ts, channel = body["container"]["message_ts"], body["container"]["channel_id"]
        await client.chat_update(channel=channel, ts=ts, text="Acme", blocks=card("Quoting"))
        await client.chat_postMessage(channel=channel, thread_ts=ts, text="moved to Quoting")
        await respond(text="Moved it.")

    @app.action("menu")
    async def menu(ack: Any, body: Any, respond: Any) -> None:
        await ack()
        await respond(text=f"Picked {body['actions'][0]['selected_option']['value']}")


def register_words(app: AsyncApp) -> None:
    @app.event("app_mention")
    async def mention(body: Any, say: Any) -> None:
        await say(text="You called?", thread_ts=body["event"]["ts"])

    @app.event("message")
    async def message(body: Any, say: Any) -> None:
        event = body["event"]
        if event.get("channel_type") == "im" and not event.get("subtype"):
            await say(text=f"Hello, you said {event['text']}")

    @app.event("app_home_opened")
    async def home(body: Any, client: Any) -> None:
        view = {"type": "home", "blocks": [section("*Today*", accessory=button("Done", "done"))]}
        await client.views_publish(user_id=body["event"]["user"], view=view)

    @app.action("done")
    async def done(ack: Any, body: Any, client: Any) -> None:
        await ack()
        view = {"type": "home", "blocks": [section("All done")]}
        await client.views_publish(user_id=body["user"]["id"], view=view, hash=body["view"]["hash"])


@pytest.fixture(params=["http", "sockets"])
async def slack(request: pytest.FixtureRequest) -> AsyncIterator[StrictSlack]:
    async with StrictSlack(SCOPES) as it:
        app = bolt(it)
        register(app)
        run = serving if request.param == "http" else connected
        async with run(it, app):
            assert it.transport == request.param
            yield it
            await it.settled()
        assert it.violations == []


async def test_a_command_is_answered_privately(slack: StrictSlack) -> None:
    alice = slack.person("Alice Johnson")
    deals = slack.channel("deals", members=[alice, slack.bot])
    seen = await alice.command("/opp a & <b>", deals)
    assert text(seen) == "You wrote: a & <b>"


async def test_a_form_is_filled_refused_and_submitted(slack: StrictSlack) -> None:
    alice = slack.person("Alice Johnson")
    deals = slack.channel("deals", members=[alice, slack.bot])
    await alice.command("/opp new", deals)
    with pytest.raises(AssertionError, match="Name"):
        await alice.submit()
    alice.view.fill("Name", "bad")
    alice.view.choose("Stage", "Pitching")
    assert await alice.type_into("Contact", "jan") == ["Jane Doe", "Janet Roe"]
    alice.view.choose("Contact", "Janet Roe")
    assert alice.view.fields() == {"Name": "bad", "Stage": "Pitching", "Contact": "Janet Roe"}
    assert await alice.submit() == {"Name": "Write another name."}
    await alice.close()
    with pytest.raises(AssertionError, match="no view open"):
        _ = alice.view


async def test_a_card_is_pressed_and_its_menu_picked(slack: StrictSlack) -> None:
    alice = slack.person("Alice Johnson")
    deals = slack.channel("deals", members=[alice, slack.bot])
    client = bolt(slack).client
    await client.chat_postMessage(channel=deals.id, text="Acme", blocks=card("Lead"))
    shown = await slack.heard(deals, "Acme renewal")
    assert buttons(shown) == ["Lead", "Quoting", "Won"]
    await alice.press("Quoting", on=shown)
    await slack.shows(shown, "Acme renewal is Quoting", lacking="is Lead")
    await slack.heard(deals, "moved to Quoting", thread=shown)
    await alice.hears("Moved it.")
    await alice.pick("Lost", on=shown)
    await alice.hears("Picked l")
    with pytest.raises(AssertionError, match="no button 'Archive'"):
        await alice.press("Archive", on=shown)


async def test_people_talk_to_the_bot(slack: StrictSlack) -> None:
    alice = slack.person("Alice Johnson")
    deals = slack.channel("deals", members=[alice, slack.bot])
    said = await alice.say(f"{slack.bot.mention} help", deals)
    await slack.heard(deals, "You called?", thread=said)
    await alice.say("hi")
    await alice.hears("Hello, you said hi")


async def test_home_is_published_and_used(slack: StrictSlack) -> None:
    alice = slack.person("Alice Johnson")
    await alice.open_home()
    assert "Today" in text(alice.home)
    await alice.press("Done")
    assert text(alice.home) == "All done"


async def test_a_double_press_is_two_interactions(slack: StrictSlack) -> None:
    alice = slack.person("Alice Johnson")
    deals = slack.channel("deals", members=[alice, slack.bot])
    client = bolt(slack).client
    await client.chat_postMessage(channel=deals.id, text="Acme", blocks=card("Lead"))
    shown = await slack.heard(deals, "Acme renewal")
    acks = await alice.press_times(2, "Quoting", on=shown)
    assert [ack.status for ack in acks if ack] == [200, 200]
    sent = [d.payload for d in slack.deliveries if d.kind == "interactive"]
    assert len({payload["trigger_id"] for payload in sent}) == 2
    await slack.repeat(2)
    assert len([d for d in slack.deliveries if d.kind == "interactive"]) == 4
