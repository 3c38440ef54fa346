"""`dealthread demo`: from nothing to a pipeline in the browser, and to nothing again."""

import asyncio
import contextlib
import os
import signal
import sys
import time
import webbrowser
from collections.abc import Callable, Coroutine
from typing import Any

from bot.demo.local_slack import local_slack
from bot.demo.running import Demo, running
from bot.demo.tour import tour

Say = Callable[[str], None]

TO_TRY = (
    "In #deals, press Quoting on a card, and open its thread.",
    "Type /opp new Acme extension for Jane Doe £12k close 30 Nov",
    "As Bob, at the top right, press Won on a card of Alice's: in two minutes #deals hears of it.",
    "On the board, choose Mine, Filter, or ⋯ in a row.",
    "Type /contact jane, then Opportunities and New opportunity.",
    "In the direct message from Dealthread, snooze a deal that needs attention, or press Stop.",
    "In the digest in #deals, press how many more there are: exactly those open, for you alone.",
    "Type /pipeline digest and open Add digest; once it is saved, choose Send now in its ⋯.",
    "Type /dealthread settings, give a stage another label, and look at the cards.",
    "Type /pipeline stats this year, and look at your direct messages.",
)


async def show(*, port: int, browser: bool, say: Say) -> None:
    """The demo until Ctrl-C or SIGTERM."""
    if not await _until_stopped(_show(port, say, browser=browser)):
        say("\nStopped. Nothing was kept.")


async def _show(port: int, say: Say, *, browser: bool) -> None:
    _announce(say)
    async with running(port=port) as demo:
        await demo.fill()
        _tell(demo, say)
        if browser:
            _open(demo.url)
        await demo.bot.refused()


async def play(*, port: int, say: Say) -> bool:
    """The tour, on a demo of its own; raises what did not happen, False when it was stopped."""
    return await _until_stopped(_play(port, say))


async def _play(port: int, say: Say) -> None:
    started = time.monotonic()
    _announce(say)
    async with running(port=port) as demo:
        await demo.fill(set_up=False)
        await tour(demo, say)
    say(f"\nAll of it happened, in {time.monotonic() - started:.0f} s.")


def _announce(say: Say) -> None:
    if not local_slack.is_downloaded():
        say("First start: downloading the local Slack from npm, about 40 MB.")
    say("Starting a Slack on this machine, and selling for some weeks. About ten seconds.")


def _tell(demo: Demo, say: Say) -> None:
    names = ", ".join(person.first_name for person in demo.workspace.people)
    say(f"\nDealthread is at {demo.url}")
    say(f"You act as {names}. What to try:")
    for line in TO_TRY:
        say(f"  - {line}")
    say("Ctrl-C ends it.")


async def _until_stopped(work: Coroutine[Any, Any, None]) -> bool:
    """Raises what it raises; False when a signal ended it, after it was unwound."""
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Where the loop takes no signals (Windows), Ctrl-C interrupts it instead.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, asked.set)
    doing, stopping = asyncio.create_task(work), asyncio.create_task(asked.wait())
    await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not doing.done():
        doing.cancel()
        await asyncio.gather(doing, return_exceptions=True)
        return False
    doing.result()
    return True


def _open(url: str) -> None:
    """In the browser, if there is one with windows: one of the terminal would take its place."""
    if sys.platform == "linux" and not _has_windows():
        return
    with contextlib.suppress(webbrowser.Error):
        webbrowser.open(url)


def _has_windows() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
