"""SIGKILL around reminders: between due, written, claimed, sent, marked sent. Each is said once."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from store.database import Store
from store.task.task import Due, TaskDraft
from store.usecases.person import people
from store.usecases.task import tasks
from tests.faults.process import Site, site
from tests.slack.reading import text

TASKS = 12
MOMENTS = (
    ("chat.postMessage", {"hang": 30}),  # claimed, not sent
    ("chat.postMessage", {"delay": 30}),  # sent, not marked
    ("conversations.open", {"hang": 30}),
    ("chat.postMessage", {"lose_answer": True}),
    ("chat.postMessage", {"delay": 30}),
)


async def test_kills_around_reminders_repeat_none_and_lose_none(
    migrated_url: str, store: Store
) -> None:
    async with site(migrated_url) as at:
        await at.start()
        await at.set_up()
        await at.people[1].command("/task", at.deals)  # Bob is known from now on.
        for number in range(TASKS):
            _due(store, at, f"Task {number:02}", timedelta(seconds=20 + 10 * number))
        struck = 0
        for method, how in MOMENTS:
            fault = at.slack.faults.next(method, **how)
            await at.kill(at.processes[-1])
            await at.start()
            struck += await at.struck(fault, within=5)
        at.slack.faults.clear()
        await at.kill(at.processes[-1])
        at.clock.turn(120)
        await at.start()
        await at.slack.until(lambda: len(_told(at)) >= TASKS, lambda: str(_told(at)), within=30)
        await at.slack.quiet(1.5, within=30)
        assert Counter(_told(at)) == Counter(f"Task {number:02}" for number in range(TASKS))
        assert struck >= len(MOMENTS) - 1


def _due(store: Store, at: Site, title: str, after: timedelta) -> None:
    """A task of Bob's that is due so much later."""
    now = datetime.fromtimestamp(at.clock(), UTC)
    bob = store.read_now(people.actor, at.slack.team.id, at.people[1].id, now)
    assert bob is not None
    moment = now + after
    draft = TaskDraft(title=title, due=Due(moment.date(), moment))
    store.write_now(tasks.create, draft, by=bob, now=now)


def _told(at: Site) -> list[str]:
    said = [text(message) for message in at.people[1].dm.messages.values() if message.bot_id]
    return [words.partition("\n")[0] for words in said if "Due " in words]
