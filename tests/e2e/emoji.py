"""A colour emoji font for the browser, so that a machine without one still shows 🟢 in pictures."""

import shutil
import tarfile
import tempfile
from pathlib import Path

from playwright.async_api import BrowserContext, Page, Route

from bot.demo.local_slack.local_slack import LocalSlackUnavailable, cache_dir, npm_pack

PACKAGE = "@fontsource/noto-color-emoji@5.3.2"  # Licensed OFL-1.1; used for pictures, not shipped.
MEMBER = "package/files/noto-color-emoji-emoji-400-normal.woff2"
ADDRESS = "**/demo-emoji.woff2"
STYLE = """
@font-face {
  font-family: "Demo Emoji"; src: url("/demo-emoji.woff2");
  unicode-range: U+2139, U+23E9-23FA, U+2600-27BF, U+2B1B-2B55, U+1F000-1FAFF;
}
body, button, select, input, textarea {
  font-family: "Demo Emoji", -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
code { font-family: "Demo Emoji", monospace; }
"""


def ensure_font() -> Path | None:
    """The font's file, downloaded at the first call; None where npm can't get it."""
    target = cache_dir().parent / "noto-color-emoji-5.3.2.woff2"
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as work:
            with tarfile.open(npm_pack(PACKAGE, Path(work))) as packed:
                packed.extract(MEMBER, work, filter="data")
            shutil.move(Path(work) / MEMBER, target)
    except LocalSlackUnavailable:
        return None
    return target


async def serve_font(context: BrowserContext, font: Path) -> None:
    async def fulfil(route: Route) -> None:
        await route.fulfill(path=font, content_type="font/woff2")

    await context.route(ADDRESS, fulfil)


async def show_emoji(page: Page) -> None:
    await page.add_style_tag(content=STYLE)
    await page.evaluate("document.fonts.load('16px \"Demo Emoji\"', '🟢').then(() => true)")
