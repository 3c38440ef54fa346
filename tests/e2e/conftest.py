"""A browser, or the reason why there is none."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from bot.demo.local_slack.local_slack import LocalSlackUnavailable, ensure_binary
from tests.conftest import lacking
from tests.e2e.browser import browser, chromium_path


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    try:
        ensure_binary()
    except LocalSlackUnavailable as reason:
        lacking(str(reason))
    if chromium_path() is None:
        lacking("Chromium is not installed")
    async with browser() as running:
        yield running
