"""Views of the strict Slack: triggers, the stack, hashes, what was entered, answers to a form."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.bots import bolt, serving
from tests.slack.clock import Clock
from tests.slack.person import Person
from tests.slack.server import StrictSlack

Json = dict[str, Any]


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def field(label: str, block_id: str, action_id: str = "it", **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": action_id, **more}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element}


def modal(*blocks: Json, **more: Any) -> Json:
    shown = list(blocks) or [{"type": "section", "text": plain("Hello")}]
    return {
        "type": "modal",
        "title": plain("Form"),
        "submit": plain("Save"),
        "blocks": shown,
    } | more


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def slack(clock: Clock) -> AsyncIterator[StrictSlack]:
    async with StrictSlack(["commands", "chat:write"], clock=clock) as it:
        yield it


@pytest.fixture
def client(slack: StrictSlack) -> AsyncWebClient:
    return AsyncWebClient(slack.team.token, slack.url, retry_handlers=[])


@pytest.fixture
def alice(slack: StrictSlack) -> Person:
    return slack.person("Alice")


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


def trigger(slack: StrictSlack, alice: Person) -> str:
    return slack.trigger(slack.team, alice.user, None)


async def test_a_trigger_opens_one_view_within_three_seconds(
    slack: StrictSlack, client: AsyncWebClient, alice: Person, clock: Clock
) -> None:
    once = trigger(slack, alice)
    await client.views_open(trigger_id=once, view=modal())
    assert alice.view.title == "Form"
    assert await refused(client.views_open(trigger_id=once, view=modal())) == "exchanged_trigger_id"
    late = trigger(slack, alice)
    clock.turn(3.1)
    assert await refused(client.views_open(trigger_id=late, view=modal())) == "expired_trigger_id"
    assert await refused(client.views_open(trigger_id="1.2.x", view=modal())) == (
        "invalid_trigger_id"
    )


async def test_three_views_and_no_more(
    slack: StrictSlack, client: AsyncWebClient, alice: Person
) -> None:
    pushing = client.views_push(trigger_id=trigger(slack, alice), view=modal())
    assert await refused(pushing) == "not_found"
    await client.views_open(trigger_id=trigger(slack, alice), view=modal())
    second = await client.views_push(trigger_id=trigger(slack, alice), view=modal())
    third = await client.views_push(trigger_id=trigger(slack, alice), view=modal())
    assert third["view"]["previous_view_id"] == second["view"]["id"]
    assert third["view"]["root_view_id"] == alice.stack[0].id
    pushing = client.views_push(trigger_id=trigger(slack, alice), view=modal())
    assert await refused(pushing) == "push_limit_reached"


async def test_hashes_and_external_ids(
    slack: StrictSlack, client: AsyncWebClient, alice: Person
) -> None:
    view = modal(external_id="one")
    opened = (await client.views_open(trigger_id=trigger(slack, alice), view=view))["view"]
    again = client.views_open(trigger_id=trigger(slack, alice), view=view)
    assert await refused(again) == "duplicate_external_id"
    update = {"view_id": opened["id"], "hash": opened["hash"]}
    await client.views_update(**update, view=view)
    assert await refused(client.views_update(**update, view=view)) == "hash_conflict"
    await client.views_update(external_id="one", view=modal(title=plain("Other")))
    assert alice.view.title == "Other"
    assert await refused(client.views_update(view_id="V0", view=view)) == "not_found"


async def test_invalid_and_huge_views(
    slack: StrictSlack, client: AsyncWebClient, alice: Person
) -> None:
    spent = trigger(slack, alice)
    bad = modal(title=plain("x" * 25))
    assert await refused(client.views_open(trigger_id=spent, view=bad)) == "invalid_arguments"
    huge = [{"type": "section", "text": plain("x" * 3000)}] * 90
    opening = client.views_open(trigger_id=spent, view=modal(*huge))
    assert await refused(opening) == "view_too_large"
    await client.views_open(trigger_id=spent, view=modal())


async def test_an_update_keeps_what_was_entered_only_under_the_same_ids(
    slack: StrictSlack, client: AsyncWebClient, alice: Person
) -> None:
    fields = [field("Name", "a"), field("Company", "b"), field("Notes", "c")]
    opening = await client.views_open(trigger_id=trigger(slack, alice), view=modal(*fields))
    for label in ("Name", "Company", "Notes"):
        alice.view.fill(label, label.lower())
    fields = [field("Name", "a"), field("Company", "b2"), field("Notes", "c", "other")]
    await client.views_update(view_id=opening["view"]["id"], view=modal(*fields))
    assert alice.view.fields() == {"Name": "name", "Company": None, "Notes": None}


async def test_home_is_published_with_a_hash(
    slack: StrictSlack, client: AsyncWebClient, alice: Person
) -> None:
    view = {"type": "home", "blocks": []}
    first = (await client.views_publish(user_id=alice.id, view=view))["view"]["hash"]
    await client.views_publish(user_id=alice.id, view=view, hash=first)
    publishing = client.views_publish(user_id=alice.id, view=view, hash=first)
    assert await refused(publishing) == "hash_conflict"
    slack.home_tab = False
    publishing = client.views_publish(user_id=alice.id, view=view)
    assert await refused(publishing) == "not_enabled"


ANSWERS: dict[str, Json] = {
    "errors": {"response_action": "errors", "errors": {"a": "Write a name."}},
    "stray": {"response_action": "errors", "errors": {"nowhere": "Lost."}},
    "update": {"response_action": "update", "view": modal(title=plain("Updated"))},
    "push": {"response_action": "push", "view": modal(title=plain("Pushed"))},
    "clear": {"response_action": "clear"},
    "bad": {"response_action": "update", "view": modal(title=plain("x" * 25))},
    "odd": {"response_action": "explode"},
}


def answering(app: AsyncApp) -> None:
    """Answers a submission as its Name says."""

    @app.view("form")
    async def form(ack: Any, body: Any) -> None:
        name = body["view"]["state"]["values"]["a"]["it"]["value"]
        await ack(**ANSWERS.get(name, {}))

    @app.view_closed("form")
    async def closed(ack: Any) -> None:
        await ack()


@pytest.fixture
async def form(slack: StrictSlack, client: AsyncWebClient, alice: Person) -> AsyncIterator[Person]:
    app = bolt(slack)
    answering(app)
    async with serving(slack, app):
        for title in ("Below", "Form"):
            view = modal(
                field("Name", "a"), callback_id="form", title=plain(title), notify_on_close=True
            )
            await client.views_open(trigger_id=trigger(slack, alice), view=view)
        yield alice


async def test_a_submission_closes_its_view(form: Person) -> None:
    form.view.fill("Name", "fine")
    assert await form.submit() == {}
    assert form.view.title == "Below"


async def test_errors_stand_at_their_fields(slack: StrictSlack, form: Person) -> None:
    form.view.fill("Name", "errors")
    assert await form.submit() == {"Name": "Write a name."}
    assert slack.violations == []


async def test_update_push_and_clear(slack: StrictSlack, form: Person) -> None:
    form.view.fill("Name", "push")
    await form.submit()
    assert [view.title for view in form.stack] == ["Below", "Form", "Pushed"]
    await form.close()
    form.view.fill("Name", "update")
    await form.submit()
    assert [view.title for view in form.stack] == ["Below", "Updated"]
    await form.close()
    form.view.fill("Name", "clear")
    await form.submit()
    assert form.stack == []
    assert slack.violations == []


@pytest.mark.parametrize(
    ("name", "words"),
    [("stray", "nowhere"), ("bad", "invalid_arguments"), ("odd", "explode")],
)
async def test_answers_that_slack_would_not_take_are_violations(
    slack: StrictSlack, form: Person, name: str, words: str
) -> None:
    form.view.fill("Name", name)
    await form.submit()
    assert words in slack.violations[0]


async def test_closing_is_told_when_it_was_asked_for(slack: StrictSlack, form: Person) -> None:
    await form.close(everything=True)
    closed = [d.payload for d in slack.deliveries if d.payload["type"] == "view_closed"]
    assert [one["is_cleared"] for one in closed] == [True, True]
    assert form.stack == []
