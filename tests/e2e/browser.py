"""A person at the local Slack's web page, in headless Chromium: acts by what can be read."""

import contextlib
import re
import shutil
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from playwright.async_api import (
    Browser,
    Locator,
    Page,
    WebSocketRoute,
    async_playwright,
    expect,
)

from tests.e2e.emoji import serve_font, show_emoji

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=en-GB",
]
WAIT = 10_000  # Milliseconds until what should be seen is called missing.
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")


def chromium_path() -> str | None:
    """Where Chromium is on this machine."""
    found = [path for path in (shutil.which(name) for name in CHROMIUM) if path]
    return next(iter(found), None)


@contextlib.asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """One headless Chromium, which may hold several people."""
    path = chromium_path()
    if path is None:
        raise RuntimeError("No Chromium on this machine: install it, or put it on the PATH.")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield chromium
        finally:
            await chromium.close()


@contextlib.asynccontextmanager
async def seated(
    chromium: Browser,
    url: str,
    name: str,
    *,
    width: int = 1280,
    height: int = 900,
    scale: float = 2,
    font: Path | None = None,
) -> AsyncIterator["Person"]:
    """A further window in a browser that runs already; `font` is of emoji, for pictures."""
    context = await chromium.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=scale,
        timezone_id="Europe/London",
        locale="en-GB",
    )
    context.set_default_timeout(WAIT)
    try:
        page = await context.new_page()
        wire = Wire()
        await page.route_web_socket(re.compile(r"/ui$"), wire.connect)
        if font is not None:
            await serve_font(context, font)
        await page.goto(url)
        if font is not None:
            await show_emoji(page)
        person = Person(page, wire)
        await person.act_as(name)
        yield person
    finally:
        await context.close()


class Wire:
    """The line that tells the page what is new; held, it is a slow network."""

    def __init__(self) -> None:
        self._page: WebSocketRoute | None = None
        self._held: list[str | bytes] | None = None

    def connect(self, page: WebSocketRoute) -> None:
        self._page = page
        page.connect_to_server().on_message(self._tell)

    def _tell(self, message: str | bytes) -> None:
        if self._held is not None:
            self._held.append(message)
        elif self._page is not None:
            self._page.send(message)

    def hold(self) -> None:
        self._held = []

    def release(self) -> None:
        waiting, self._held = self._held or [], None
        for message in waiting:
            self._tell(message)


class Person:
    """What somebody does and sees. `within` is any text of the message that is meant; the newest
    such message counts, and the thread's before the channel's when a thread is open.
    """

    def __init__(self, page: Page, wire: Wire) -> None:
        self.page = page
        self.wire = wire

    async def act_as(self, name: str) -> None:
        acting = self.page.locator("label.actas select").last
        await expect(acting.locator("option").first).to_be_attached(timeout=WAIT)
        for option in await acting.locator("option").all_inner_texts():
            if option.startswith(name):
                await acting.select_option(label=option)
                return
        raise AssertionError(f"There is nobody called {name} here.")

    async def open_channel(self, name: str) -> None:
        """A channel by its name, or a direct message by the person's name."""
        exact = re.compile(rf"^\W*{re.escape(name)}\W*$")
        await self.page.locator(".sidebar-item").filter(has_text=exact).first.click()
        await expect(self.page.locator(".channel-title")).to_contain_text(name)

    async def open_home(self) -> None:
        await self.page.locator(".sidebar-item").filter(has_text="🏠").first.click()

    async def say(self, text: str) -> None:
        await self._send(self.page.locator("main .composer"), text)

    async def slash(self, command: str) -> None:
        await self.say(command)

    async def reply(self, text: str) -> None:
        """In the thread that is open."""
        await self._send(self.page.locator(".thread-pane .composer"), text)

    async def _send(self, composer: Locator, text: str) -> None:
        await composer.locator("textarea").fill(text)
        await composer.locator("button.composer-send").click()

    async def thread_of(self, within: str) -> "Locator":
        """Opens the thread and returns its pane."""
        message = self.page.locator("main .msg").filter(has_text=within).last
        summary = message.locator("button.thread-summary")
        await message.scroll_into_view_if_needed()
        if await summary.count():
            await summary.click()
        else:
            await message.hover()
            await message.locator('button[title="Reply in thread"]').click()
        pane = self.page.locator(".thread-pane")
        await expect(pane).to_contain_text(within)
        return pane

    async def close_thread(self) -> None:
        await self.page.locator(".thread-x").click()

    def message(self, within: str) -> "Locator":
        """The newest message that holds these words, in the channel (or the Home)."""
        return self.page.locator("main .msg, .home-inner").filter(has_text=within).last

    def reply_message(self, within: str) -> "Locator":
        return self.page.locator(".thread-pane .msg").filter(has_text=within).last

    def place(self, within: str | None, *, thread: bool = False) -> "Locator":
        if within is None:
            return self.page.locator(".thread-body" if thread else "main").last
        return self.reply_message(within) if thread else self.message(within)

    async def press(self, button: str, within: str | None = None, *, thread: bool = False) -> None:
        place = self.place(within, thread=thread)
        await place.get_by_role("button", name=button, exact=True).last.click()

    async def choose_menu(
        self, option: str, within: str, *, menu: str | None = None, thread: bool = False
    ) -> None:
        """Choose in the message's ⋯ menu, or in the one that now shows `menu`."""
        place = self.place(within, thread=thread)
        selects = place.locator("select.bk-select")
        if menu is not None:
            # The first option is what local-slack shows while nothing new is chosen.
            first = self.page.locator("option:first-child").filter(has_text=menu)
            selects = selects.filter(has=first)
        else:
            selects = place.locator("select.bk-overflow")
        await self._choose(selects.last, option)

    async def choose_in_row(self, option: str, row: str, within: str) -> None:
        """Choose in the ⋯ menu of one row (block) of a message, as on the board."""
        block = self.message(within).locator(".bk-section").filter(has_text=row).last
        await self._choose(block.locator("select"), option)

    async def press_in_row(self, button: str, row: str, within: str) -> None:
        """Press the button beside one row (block) of a message or a page."""
        block = self.message(within).locator(".bk-section").filter(has_text=row).last
        await block.get_by_role("button", name=button, exact=True).click()

    async def _choose(self, select: Locator, option: str) -> None:
        await expect(select.locator("option").filter(has_text=option)).not_to_have_count(0)
        await select.select_option(label=option)

    @property
    def form(self) -> "Locator":
        return self.page.locator(".modal")

    async def wait_for_form(self, title: str) -> "Locator":
        await expect(self.form.locator(".modal-title")).to_contain_text(title, timeout=WAIT)
        return self.form

    async def fill_form(self, answers: Mapping[str, str | bool]) -> None:
        """Each field by its label: text, the option's words, a date as 2026-11-30, or a tick."""
        await expect(self.form).to_be_visible(timeout=WAIT)
        for name, answer in answers.items():
            await self._fill(self._field(name), answer)

    def _field(self, name: str) -> Locator:
        exact = self.page.locator("label.bk-label").filter(
            has_text=re.compile(rf"^{re.escape(name)}$")
        )
        return self.form.locator(".bk-input").filter(has=exact)

    async def _fill(self, field: Locator, answer: str | bool) -> None:
        await expect(field).to_have_count(1, timeout=WAIT)
        if await field.locator("select").count():
            await self._choose(field.locator("select"), str(answer))
        elif await field.locator(".bk-options").count():
            box = field.locator(".bk-options label").filter(has_text=str(answer)).locator("input")
            await box.check()
        else:
            await field.locator("input.bk-plain-input").fill(str(answer))

    async def field_value(self, name: str) -> str:
        """What stands in a field, as it is read."""
        field = self._field(name)
        if await field.locator("select").count():
            chosen = field.locator("select option:checked")
            return (await chosen.inner_text()).strip()
        return await field.locator("input.bk-plain-input").input_value()

    async def submit(self) -> None:
        await self.form.locator(".modal-foot button.primary").click()

    async def cancel(self) -> None:
        await self.form.locator(".modal-x").click()

    async def form_closed(self) -> None:
        await expect(self.form).to_have_count(0, timeout=WAIT)

    async def form_errors(self) -> list[str]:
        await expect(self.form.locator(".modal-error")).not_to_have_count(0, timeout=WAIT)
        return await self.form.locator(".modal-error").all_inner_texts()

    async def read(self, text: str, *, within: str | None = None, thread: bool = False) -> str:
        """Waits until these words are seen; returns all of the message (or the page) around."""
        place = self.place(within or text, thread=thread)
        await expect(place).to_contain_text(text, timeout=WAIT)
        return await place.inner_text()

    async def gone(self, text: str) -> None:
        await expect(self.page.locator("main .msg").filter(has_text=text)).to_have_count(
            0, timeout=WAIT
        )

    async def screenshot(self, path: Path, *, of: Locator | None = None) -> Path:
        """The window, or one part of it (a message, the thread, the form)."""
        path.parent.mkdir(parents=True, exist_ok=True)
        await (of or self.page).screenshot(path=path, animations="disabled")
        return path
