"""SIGKILL around the mornings: between due, decided, claimed, sent, marked sent. Each deal is told
once, in one message a day.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from store.database import Store
from store.opportunity.opportunity import OpportunityDraft
from store.task.task import TaskDraft
from store.usecases.opportunity import opportunities
from store.usecases.person import people
from store.usecases.task import tasks
from tests.faults.process import Site, site
from tests.flows.doing import LONDON
from tests.slack.reading import text


def _direct(given: Mapping[str, Any]) -> bool:
    """Not the cards, which stand in a channel."""
    return str(given["channel"]).startswith("D")


MOMENTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("chat.postMessage", {"hang": 30, "when": _direct}),  # claimed, not sent
    ("chat.postMessage", {"delay": 30, "when": _direct}),  # sent, not marked
    ("conversations.open", {"hang": 30}),
    ("chat.postMessage", {"lose_answer": True, "when": _direct}),
)


async def test_kills_in_the_morning_repeat_nothing_and_lose_nothing(
    migrated_url: str, store: Store
) -> None:
    async with site(migrated_url) as at:
        await at.start()
        await at.set_up()
        await at.people[1].command("/task", at.deals)  # Bob is known from now on.
        struck = 0
        for number, (method, how) in enumerate(MOMENTS):
            await at.kill(at.processes[-1])
            day = _next_morning(at)
            _late(store, at, f"Deal {number}", day)
            fault = at.slack.faults.next(method, **how)
            await at.start()
            struck += await at.struck(fault, within=10)
            await at.kill(at.processes[-1])
            await at.start()
            await at.slack.until(
                lambda n=number: len(_told(at)) > n, lambda: str(_told(at)), within=30
            )
        await at.slack.quiet(1.5, within=30)
        assert Counter(_told(at)) == Counter(f"Deal {n}" for n in range(len(MOMENTS)))
        assert len(_messages(at)) == len(MOMENTS)
        assert struck == len(MOMENTS)


def _next_morning(at: Site) -> date:
    """Turns the clock to a minute past nine of the next weekday."""
    day = datetime.fromtimestamp(at.clock(), UTC).astimezone(LONDON).date()
    while True:
        moment = datetime.combine(day, time(9, 1), LONDON).timestamp()
        if moment > at.clock() and day.isoweekday() <= 5:
            at.clock.turn(moment - at.clock())
            return day
        day += timedelta(days=1)


def _late(store: Store, at: Site, name: str, day: date) -> None:
    """A deal of Bob's whose close date passed yesterday, made the day before."""
    before = datetime.fromtimestamp(at.clock(), UTC) - timedelta(days=1)
    bob = store.read_now(people.looker, at.slack.team.id, at.people[1].id)
    draft = OpportunityDraft(
        name=name, expected_close=day - timedelta(days=1), channel_id=at.deals.id
    )
    made = store.write_now(opportunities.create, draft, by=bob, now=before)
    step = TaskDraft(title="Call", number=made.opportunity.number)
    store.write_now(tasks.create, step, by=bob, now=before)


def _messages(at: Site) -> list[str]:
    said = [text(message) for message in at.people[1].dm.messages.values() if message.bot_id]
    return [words for words in said if words.startswith("Needs attention")]


def _told(at: Site) -> list[str]:
    lines = [line for words in _messages(at) for line in words.splitlines()]
    return [line.partition(" #")[0] for line in lines if line.startswith("Deal ")]
