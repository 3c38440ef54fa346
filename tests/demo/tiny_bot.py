"""A small bot with one of each thing that the adapter fills, for the adapter's own tests."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.adapter.edge import Adapter

Json = dict[str, Any]


def text(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def mrkdwn(words: str) -> Json:
    return {"type": "mrkdwn", "text": words}


def option(words: str, value: str) -> Json:
    return {"text": text(words), "value": value}


def button(words: str, action: str, **more: Any) -> Json:
    return {"type": "button", "text": text(words), "action_id": action, "value": words, **more}


def card(stage: str) -> list[Json]:
    menu = {
        "type": "overflow",
        "action_id": "menu",
        "options": [option("Edit", "edit"), option("Pause", "pause")],
    }
    stages = [("✓ " if name == stage else "") + name for name in ("Lead", "Quoting", "Won")]
    return [
        {
            "type": "section",
            "text": mrkdwn("*Acme renewal* #1 · £12,000\nR&amp;D &lt;b&gt; · Alice"),
            "accessory": menu,
        },
        {
            "type": "context",
            "elements": [mrkdwn("🟢 *Quoting* since <!date^1795442520^{time}|noon>")],
        },
        {
            "type": "actions",
            "elements": [button(name, f"stage.{place}") for place, name in enumerate(stages)],
        },
        {
            "type": "actions",
            "elements": [
                button("Details", "details", style="primary"),
                {
                    "type": "users_select",
                    "action_id": "owner",
                    "initial_user": "U01ALICE",
                    "placeholder": text("Owner"),
                },
            ],
        },
    ]


FIELDS: list[tuple[str, Json]] = [
    ("Name", {"type": "plain_text_input", "initial_value": "Acme renewal"}),
    ("Contact", {"type": "external_select", "min_query_length": 0}),
    ("Value", {"type": "number_input", "is_decimal_allowed": True}),
    ("Close", {"type": "datepicker", "initial_date": "2026-11-30"}),
    ("At", {"type": "timepicker", "initial_time": "09:30"}),
    ("Owner", {"type": "users_select", "initial_user": "U02BOB"}),
    (
        "Stage",
        {
            "type": "static_select",
            "options": [option("Lead", "lead"), option("Quoting", "quoting")],
            "initial_option": option("Quoting", "quoting"),
        },
    ),
    (
        "Tasks",
        {
            "type": "checkboxes",
            "options": [option("Close its tasks", "close")],
            "initial_options": [option("Close its tasks", "close")],
        },
    ),
]


def form(**more: Any) -> Json:
    blocks = [
        {
            "type": "input",
            "block_id": name.lower(),
            "label": text(name),
            "optional": name not in {"Name", "Contact"},
            "dispatch_action": name == "Stage",
            "element": {"action_id": "x", **element},
        }
        for name, element in FIELDS
    ]
    return {
        "type": "modal",
        "callback_id": "form",
        "private_metadata": "opp 1",
        "title": text("Edit opportunity"),
        "submit": text("Save"),
        "blocks": blocks,
        **more,
    }


def page(tab: str) -> Json:
    return {
        "type": "modal",
        "callback_id": "page",
        "private_metadata": "opp 1",
        "title": text("Opportunity #1"),
        "blocks": [
            {
                "type": "actions",
                "elements": [button("Edit it", "edit"), button("Timeline", "timeline")],
            },
            {"type": "section", "text": mrkdwn(f"This is the *{tab}* tab")},
        ],
    }


class TinyBot:
    """Everything that the bot was sent is in `seen`, by the kind of payload."""

    def __init__(self, edge: Adapter) -> None:
        self.client = AsyncWebClient(token=edge.bot_token, base_url=edge.api_url)
        self.app = AsyncApp(client=self.client, process_before_response=True)
        self.seen: asyncio.Queue[tuple[str, Json]] = asyncio.Queue()
        self.card: Json = {}
        self._listen()

    async def heard(self, kind: str) -> Json:
        """The next payload of this kind; others before it are passed over."""
        async with asyncio.timeout(10):
            while True:
                name, payload = await self.seen.get()
                if name == kind:
                    return payload

    def _listen(self) -> None:
        self.app.command("/card")(self._card)
        self.app.command("/form")(self._form)
        self.app.command("/page")(self._page)
        self.app.action("details")(self._page)
        self.app.action("timeline")(self._timeline)
        self.app.action("edit")(self._push)
        self.app.action({"action_id": "menu"})(self._other)
        self.app.action({"action_id": "owner"})(self._other)
        for place in range(3):
            self.app.action(f"stage.{place}")(self._stage)
        self.app.action("x")(self._dispatched)
        self.app.options("x")(self._options)
        self.app.view("form")(self._submitted)
        self.app.view_closed("form")(self._closed)
        self.app.event("message")(self._message)
        self.app.event("app_home_opened")(self._home)

    async def _card(self, ack: Any, body: Json) -> None:
        await ack(text="Posted.", response_type="ephemeral")
        metadata = {"event_type": "card", "event_payload": {"id": "1"}}
        posted = await self.client.chat_postMessage(
            channel=body["channel_id"], text="Acme", blocks=card("Lead"), metadata=metadata
        )
        self.card = dict(posted.data)
        await self.seen.put(("command", body))

    async def _form(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())
        await self.seen.put(("command", body))

    async def _page(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=page("Overview"))
        await ack()
        await self.seen.put(("opened", body))

    async def _timeline(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        view = body["view"]
        await client.views_update(view_id=view["id"], hash=view["hash"], view=page("Timeline"))
        await ack()
        await self.seen.put(("action", body))

    async def _push(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        view = form(notify_on_close=True)
        await client.views_push(trigger_id=body["trigger_id"], view=view)
        await ack()
        await self.seen.put(("action", body))

    async def _stage(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.chat_update(
            channel=body["channel"]["id"],
            ts=body["message"]["ts"],
            text="Acme",
            blocks=card(body["actions"][0]["value"]),
        )
        await client.chat_postMessage(
            channel=body["channel"]["id"],
            thread_ts=body["message"]["ts"],
            text=f"{body['user']['name']} moved it to {body['actions'][0]['value']}",
        )
        await self.seen.put(("action", body))

    async def _other(self, ack: Any, body: Json, respond: Any) -> None:
        await ack()
        await respond(text=f"Chose {body['actions'][0]['action_id']}")
        await self.seen.put(("action", body))

    async def _dispatched(self, ack: Any, body: Json, client: AsyncWebClient) -> None:
        """A chosen stage is remarked on above the form, as long as the form is open."""
        notice = {"type": "section", "text": mrkdwn("Lead is early.")}
        chosen = body["actions"][0]["selected_option"]["value"]
        blocks = [*([notice] if chosen == "lead" else []), *form()["blocks"]]
        await client.views_update(view_id=body["view"]["id"], view=form(blocks=blocks))
        await ack()
        await self.seen.put(("dispatched", body))

    async def _options(self, ack: Any, body: Json) -> None:
        typed = body["value"]
        found = [option(name, name) for name in ("Jane Doe", "Acme Ltd")]
        await ack(options=[option(f'Create "{typed}"', "new"), *found] if typed else found)

    async def _submitted(self, ack: Any, body: Json, view: Json) -> None:
        name = view["state"]["values"]["name"]["x"]["value"]
        answers: dict[str, Json] = {
            "bad": {"response_action": "errors", "errors": {"name": "Write a better name."}},
            "page": {"response_action": "update", "view": page("Saved")},
            "more": {"response_action": "push", "view": form(title=text("Second form"))},
            "clear": {"response_action": "clear"},
        }
        await ack(**answers.get(name, {}))
        await self.seen.put(("submission", body))

    async def _closed(self, ack: Any, body: Json) -> None:
        await ack()
        await self.seen.put(("closed", body))

    async def _message(self, body: Json) -> None:
        await self.seen.put(("message", body["event"]))

    async def _home(self, event: Json, client: AsyncWebClient) -> None:
        blocks = [{"type": "header", "text": text("My pipeline")}, *card("Lead")]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})
        await self.seen.put(("home", event))


@contextlib.asynccontextmanager
async def running(edge: Adapter) -> AsyncIterator[TinyBot]:
    bot = TinyBot(edge)
    logging.getLogger("slack_bolt").setLevel(logging.WARNING)
    app_client = AsyncWebClient(token=edge.app_token, base_url=edge.api_url)
    handler = AsyncSocketModeHandler(bot.app, edge.app_token, web_client=app_client)
    await handler.connect_async()
    try:
        await edge.bot_connected()
        yield bot
    finally:
        await handler.close_async()
