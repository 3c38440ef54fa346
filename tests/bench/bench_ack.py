"""A status click, from Slack's signed request to the acknowledgement that says "saved".

The bot, an empty listener, the strict Slack and the sender are processes of their own. SQLite syncs
each commit (synchronous=FULL). "Bolt" is an empty listener on its AsyncApp, which answers the same
requests.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bench.cards import Floor, floor
from tests.bench.processes import Serving, load, serving
from tests.bench.report import Table, ms, percentile, times_as

ONE_BY_ONE, AT_ONCE, LINES = 300, 1_000, 50
WARM, ROUNDS = 30, 5
REST = 0.02
"""Seconds: what came after the click before is over, and the processor has gone to sleep."""


@pytest.fixture
async def busy(tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(f"sqlite:///{tmp_path / 'clicks.db'}", 2 * (ONE_BY_ONE + WARM)) as busy:
        yield busy


async def click(
    server: Serving, busy: Floor, count: int, at_once: int = 1, rest: float = 0.0
) -> list[float]:
    """Seconds of each click, on a card of its own; none may be answered but by 200."""
    found = await load(server.port, busy.signed(busy.clicks(count), server.port), at_once, rest)
    assert {status for status, _ in found} == {200}
    return [took for _, took in found]


async def empty(which: str, busy: Floor, at_once: int = 1) -> list[float]:
    """The same of an empty listener, which saves nothing."""
    taken = busy.taken
    async with serving(which, busy.settings) as server:
        await click(server, busy, WARM)
        took = await click(server, busy, ONE_BY_ONE, at_once)
    busy.taken = taken
    return took


async def bench_one_by_one(busy: Floor, table: Table) -> None:
    usual = percentile(await empty("bolt", busy), 50)
    table.note("Bolt's default, empty listener, p50", ms(usual))
    first = percentile(await empty("bolt-first", busy), 50)
    table.note("Bolt, process_before_response, empty listener, p50", ms(first))
    async with serving("bot", busy.settings) as server:
        await click(server, busy, WARM)
        took = await click(server, busy, ONE_BY_ONE)
        rested = await click(server, busy, ONE_BY_ONE, rest=REST)
    p50 = percentile(took, 50)
    what = f"click, saved, delivery going on, p50 ({ms(p50)}), as Bolt's default"
    table.at_most(what, p50 / usual, 0.6, times_as)
    table.at_most("click, saved, delivery going on, p99", percentile(took, 99), 0.050, ms)
    table.note(f"  with a rest of {ms(REST)} before each, p50", ms(percentile(rested, 50)))
    table.exactly("  saved, by the database", busy.moved(), 2 * ONE_BY_ONE + WARM)


async def cpu_of(server: Serving, busy: Floor, count: int) -> float:
    """Seconds of CPU of one click, all threads."""
    before = await server.cpu()
    await click(server, busy, count)
    return (await server.cpu() - before) / count


async def bench_cpu(busy: Floor, table: Table) -> None:
    """In turns, the best of each: what others do on the machine costs both."""
    ours, theirs, each = list[float](), list[float](), ONE_BY_ONE // ROUNDS
    async with (
        serving("bolt-first", busy.settings) as bolt,
        serving("clicks", busy.settings) as bot,
    ):
        await click(bot, busy, WARM)
        for _ in range(ROUNDS):
            ours.append(await cpu_of(bot, busy, each))
            taken = busy.taken
            theirs.append(await cpu_of(bolt, busy, each))
            busy.taken = taken
    click_cpu, empty_cpu = min(ours), min(theirs)
    what = f"CPU of a click ({ms(click_cpu)}), as of an empty listener ({ms(empty_cpu)})"
    table.at_most(what, click_cpu / empty_cpu, 10, times_as)
    async with serving("bot", busy.settings) as server:
        await click(server, busy, WARM)
        everything = await cpu_of(server, busy, ONE_BY_ONE - WARM)
    table.note("  with delivery and the private word", times_as(everything / empty_cpu))


async def bench_at_once(tmp_path: Path, table: Table) -> None:
    async with floor(f"sqlite:///{tmp_path / 'at_once.db'}", AT_ONCE + WARM) as busy:
        usual = percentile(await empty("bolt", busy, LINES), 99)
        table.note(f"Bolt's default, empty listener, {LINES} at once, p99", ms(usual))
        async with serving("bot", busy.settings) as server:
            await click(server, busy, WARM)
            took = await click(server, busy, AT_ONCE, LINES)
        table.note(f"{AT_ONCE:,} clicks, {LINES} at once, p50", ms(percentile(took, 50)))
        table.at_most(f"{AT_ONCE:,} clicks, {LINES} at once, p99", percentile(took, 99), 0.3, ms)
        table.exactly("  saved, by the database", busy.moved(), AT_ONCE + WARM)


async def bench_parts(busy: Floor, table: Table) -> None:
    """Where the time of one click goes, by a watch around each part."""
    async with serving("parts", busy.settings) as server:
        await click(server, busy, WARM)
        before = await server.ask("parts")
        took = await click(server, busy, ONE_BY_ONE)
        after = await server.ask("parts")
    spent = {part: (after[part] - before.get(part, 0.0)) / ONE_BY_ONE for part in after}
    spent["HTTP (aiohttp), sockets, scheduling"] = sum(took) / ONE_BY_ONE - sum(spent.values())
    table.note("where the time of a click goes, mean", ms(sum(took) / ONE_BY_ONE))
    for part, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        table.note(f"  {part}", ms(seconds))
