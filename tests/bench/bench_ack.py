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

ONE_BY_ONE, AT_ONCE = 300, 1_000
WARM = 30


@pytest.fixture
async def busy(tmp_path: Path) -> AsyncIterator[Floor]:
    async with floor(f"sqlite:///{tmp_path / 'clicks.db'}", 3 * (ONE_BY_ONE + WARM)) as busy:
        yield busy


async def click(server: Serving, busy: Floor, count: int, at_once: int = 1) -> list[float]:
    """Seconds of each click, on a card of its own; none may be answered but by 200."""
    found = await load(server.port, busy.signed(busy.clicks(count), server.port), at_once)
    assert {status for status, _ in found} == {200}
    return [took for _, took in found]


async def cpu_of(which: str, busy: Floor, table: Table) -> tuple[list[float], float]:
    """Seconds of each click one by one, and the CPU of one."""
    async with serving(which, busy.settings) as server:
        await click(server, busy, WARM)
        before = await server.cpu()
        took = await click(server, busy, ONE_BY_ONE)
        return took, (await server.cpu() - before) / ONE_BY_ONE


async def bench_one_by_one(busy: Floor, table: Table) -> None:
    bolt, _ = await cpu_of("bolt", busy, table)
    busy.taken = 0
    first, empty_cpu = await cpu_of("bolt-first", busy, table)
    busy.taken = 0
    alone, click_cpu = await cpu_of("clicks", busy, table)
    took, all_cpu = await cpu_of("bot", busy, table)
    usual, p50 = percentile(bolt, 50), percentile(took, 50)
    table.note("Bolt's default, empty listener, p50", ms(usual))
    table.note("Bolt, process_before_response, empty listener, p50", ms(percentile(first, 50)))
    table.at_most(
        f"saved click ({ms(p50)}, delivery going on), as Bolt's", p50 / usual, 0.6, times_as
    )
    table.note("saved click, nothing delivered, p50", ms(percentile(alone, 50)))
    table.at_most("saved click, p99", percentile(took, 99), 0.050, ms)
    table.exactly("saved, by the database", busy.moved(), 2 * (ONE_BY_ONE + WARM))
    what = f"CPU of a click ({ms(click_cpu)}), as of an empty listener ({ms(empty_cpu)})"
    table.at_most(what, click_cpu / empty_cpu, 10, times_as)
    what = f"CPU with delivery and private words ({ms(all_cpu)}), as of an empty listener"
    table.note(what, times_as(all_cpu / empty_cpu))


async def bench_at_once(tmp_path: Path, table: Table) -> None:
    url = f"sqlite:///{tmp_path / 'at_once.db'}"
    async with floor(url, AT_ONCE + 50) as busy, serving("bot", busy.settings) as server:
        await click(server, busy, 50)
        took = await click(server, busy, AT_ONCE, at_once=50)
        table.note(f"50 at once, {AT_ONCE:,} clicks, p50", ms(percentile(took, 50)))
        table.at_most("50 at once, p99", percentile(took, 99), 0.300, ms)
        table.exactly("saved, by the database", busy.moved(), AT_ONCE + 50)


async def bench_parts(busy: Floor, table: Table) -> None:
    """Where the time of one click goes, by a watch around each part."""
    async with serving("parts", busy.settings) as server:
        await click(server, busy, WARM)
        before = await server.ask("parts")
        took = await click(server, busy, ONE_BY_ONE)
        after = await server.ask("parts")
    spent = {part: (after[part] - before.get(part, 0.0)) / ONE_BY_ONE for part in after}
    spent["HTTP (aiohttp), sockets, scheduling"] = sum(took) / ONE_BY_ONE - sum(spent.values())
    for part, seconds in sorted(spent.items(), key=lambda item: -item[1]):
        table.note(f"  {part}", ms(seconds))
