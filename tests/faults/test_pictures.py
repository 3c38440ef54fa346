"""SIGKILL around pictures of figures: between asked for, drawn, uploaded, sent, marked sent."""

from datetime import UTC, datetime

from store.database import Store
from tests.faults.process import site
from tests.flows.doing import closed_deals

MOMENTS = (
    ("files.getUploadURLExternal", {"hang": 30}),  # drawn, not uploaded
    ("files.completeUploadExternal", {"delay": 30}),  # uploaded, not known
    ("chat.postMessage", {"hang": 30}),  # known, not sent
    ("chat.postMessage", {"delay": 30}),  # sent, not marked
)


async def test_kills_around_pictures_repeat_none_and_lose_none(migrated_sqlite_url: str) -> None:
    store = Store(migrated_sqlite_url)
    async with site(migrated_sqlite_url) as at:
        await at.start()
        await at.set_up()
        alice = at.people[0]
        day = datetime.fromtimestamp(at.clock(), UTC).date()
        store.write_now(closed_deals, at.slack.team.id, alice.id, 20, day)

        def pictures() -> int:
            return sum("slack_file" in str(m.blocks) for m in alice.dm.messages.values())

        for number, (method, how) in enumerate(MOMENTS, start=1):
            fault = at.slack.faults.next(method, **how)
            await alice.command("/pipeline stats", at.deals)
            await at.slack.until(lambda f=fault: f.hits, f"{method} is called", 30)
            await at.kill(at.processes[-1])
            await at.start()
            there = f"picture {number}, after a kill at {method}"
            await at.slack.until(lambda n=number: pictures() >= n, there, 30)
        await at.slack.quiet(1.5, within=30)
        assert pictures() == len(MOMENTS)
    store.close()
