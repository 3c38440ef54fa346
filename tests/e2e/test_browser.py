"""The browser harness, with the adapter's tiny bot on the other side."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.demo.adapter.edge import Adapter
from bot.demo.local_slack.local_slack import LocalSlack
from tests.demo.tiny_bot import TinyBot, running
from tests.e2e.browser import Person, seated

pytestmark = pytest.mark.browser


@pytest.fixture
async def world(chromium: Browser) -> AsyncIterator[tuple[Person, TinyBot, str]]:
    async with (
        LocalSlack.start() as slack,
        Adapter.start(slack) as edge,
        running(edge) as bot,
        seated(chromium, slack.url, "Alice") as alice,
    ):
        await alice.open_channel("deals")
        yield alice, bot, slack.url


async def test_a_person_presses_chooses_and_reads(
    world: tuple[Person, TinyBot, str], tmp_path: Path
) -> None:
    alice, bot, _ = world
    await alice.slash("/card")
    await alice.press("Quoting", within="Acme renewal")
    await alice.read("✓ Quoting", within="Acme renewal")
    assert "edited" not in await alice.read("since 14:02", within="Acme renewal")
    await alice.thread_of("Acme renewal")
    await alice.read("moved it to Quoting", thread=True)
    await alice.reply("They want three seats")
    assert (await bot.heard("message"))["text"] == "They want three seats"
    await alice.close_thread()
    for _ in range(2):
        await alice.choose_menu("Pause", within="Acme renewal")
        await bot.heard("action")
    await alice.choose_menu("Carol Clark", within="Acme renewal", menu="Alice Anderson")
    await alice.read("Chose owner")
    shot = await alice.screenshot(tmp_path / "card.png", of=alice.message("Acme renewal"))
    assert shot.stat().st_size > 0


async def test_a_page_and_the_form_on_it(world: tuple[Person, TinyBot, str]) -> None:
    alice, bot, _ = world
    await alice.slash("/page")
    await alice.press("Timeline", within="Opportunity #1")
    await alice.read("This is the Timeline tab", within="Opportunity #1")
    await alice.press("Edit it", within="Opportunity #1")
    await alice.wait_for_form("Edit opportunity")
    assert await alice.field_value("Owner") == "Bob Brown"
    assert await alice.field_value("Close") == "2026-11-30"
    await alice.fill_form({"Name": "Acme renewal 2027", "Contact": "Jane Doe"})
    await alice.submit()
    await alice.form_closed()
    assert (await bot.heard("submission"))["view"]["callback_id"] == "form"
    await alice.press("Close", within="Opportunity #1")
    await alice.gone("Opportunity #1")


async def test_a_form_is_filled_by_its_labels(world: tuple[Person, TinyBot, str]) -> None:
    alice, bot, _ = world
    await alice.slash("/form")
    await alice.fill_form({"Name": "bad", "Or type a contact": "Acme Ltd"})
    await alice.submit()
    assert await alice.form_errors() == ["Name: Write a better name."]
    await alice.fill_form({"Name": "Good", "Close": "2026-12-24"})
    await alice.fill_form({"Close its tasks": "No"})
    await alice.submit()
    await alice.form_closed()
    await bot.heard("submission")
    values = (await bot.heard("submission"))["view"]["state"]["values"]
    assert values["contact"]["x"]["selected_option"]["value"] == "Acme Ltd"
    assert values["stage"]["x"]["selected_option"]["value"] == "quoting"
    assert values["close"]["x"]["selected_date"] == "2026-12-24"
    assert values["tasks"]["x"]["selected_options"] == []


async def test_two_people_and_the_home(
    chromium: Browser, world: tuple[Person, TinyBot, str]
) -> None:
    alice, _, url = world
    async with seated(chromium, url, "Bob") as bob:
        await alice.slash("/card")
        await bob.open_channel("deals")
        await bob.press("Won", within="Acme renewal")
        await alice.read("✓ Won", within="Acme renewal")
        await bob.open_home()
        await bob.read("My pipeline")
        await alice.slash("/page")
        await alice.press("Close", within="Opportunity #1")
        await alice.gone("Opportunity #1")
        await expect(alice.form).to_have_count(0)
