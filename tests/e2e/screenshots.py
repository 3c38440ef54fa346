"""Takes the README's pictures from the demo: `make screenshots` draws docs/*.png anew."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from playwright.async_api import Browser, Locator

from bot.demo.running import Demo, running
from tests.e2e.browser import Person, browser, seated
from tests.e2e.emoji import ensure_font

DOCS = Path(__file__).parent.parent.parent / "docs"
CARD = "Jane Doe, Acme Ltd · Alice"


async def card(alice: Person, bob: Person) -> None:
    """A card and its thread, while two people work on it."""
    await bob.press("Closing", within=CARD)
    await alice.read("✓ Closing", within=CARD)
    await alice.thread_of(CARD)
    await alice.read("from Quoting to Closing", thread=True)
    await alice.message(CARD).scroll_into_view_if_needed()
    await alice.page.mouse.move(0, 0)
    await shot(alice, "card.png")
    await alice.close_thread()


async def form(alice: Person) -> None:
    await alice.slash("/opp new Acme extension for Jane Doe £12k close 30 Nov")
    await alice.wait_for_form("New opportunity")
    await shot(alice, "form.png", alice.form)
    await alice.cancel()


async def board(alice: Person) -> None:
    await alice.page.mouse.move(0, 0)
    await shot(alice, "board.png", alice.message("1–10 of"))


async def digest(alice: Person) -> None:
    await alice.page.mouse.move(0, 0)
    await shot(alice, "digest.png", alice.message("Needs attention"))


async def shot(person: Person, name: str, of: Locator | None = None) -> None:
    """The window, or one part of it."""
    print(await person.screenshot(DOCS / name, of=of))  # noqa: T201 - A program for the terminal.


@contextlib.asynccontextmanager
async def picture(chromium: Browser, demo: Demo, width: int, height: int) -> AsyncIterator[Person]:
    font = await asyncio.to_thread(ensure_font)
    async with seated(
        chromium, demo.url, "Alice", width=width, height=height, scale=1.5, font=font
    ) as alice:
        await alice.open_channel("deals")
        await alice.read("1–10 of")
        yield alice


async def main() -> None:
    """Each in a window of the size that suits it."""
    async with running() as demo, browser() as chromium:
        await demo.fill()
        async with picture(chromium, demo, 960, 1300) as alice:
            await board(alice)
            await digest(alice)
            await form(alice)
        async with (
            picture(chromium, demo, 1180, 740) as alice,
            seated(chromium, demo.url, "Bob") as bob,
        ):
            await bob.open_channel("deals")
            await card(alice, bob)


if __name__ == "__main__":
    asyncio.run(main())
