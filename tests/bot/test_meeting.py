"""People who write are known by name soon after, each looked up once, whatever fails."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from bot import scheduler
from bot.person.meeting import TRIES, Meeting
from store.comment import Reply
from store.tables.records import PersonRow
from store.usecases.comment import comments
from tests.flows.conftest import Office, office
from tests.flows.doing import opened


@pytest.fixture
async def work(migrated_sqlite_url: str) -> AsyncIterator[Office]:
    async with office(migrated_sqlite_url) as working:
        yield working


@pytest.fixture
async def meeting(work: Office) -> AsyncIterator[Meeting]:
    """One that does not wait between two calls."""
    app = work.bot.app
    meeting = Meeting(app.store, app.directory, pause=lambda _: asyncio.sleep(0))
    yield meeting
    await meeting.stop()


def names(work: Office) -> set[str]:
    query = select(PersonRow.name)
    return work.bot.app.store.read_now(lambda session: set(session.scalars(query)))


async def test_each_person_is_looked_up_once(work: Office, meeting: Meeting) -> None:
    people = [work.slack.person(name) for name in ("Dan Lowe", "Eve Hart", "Fay Moss")]
    for _ in range(3):
        meeting(work.slack.team.id, [one.id for one in people])
    await meeting.settled()
    assert names(work) >= {"Dan Lowe", "Eve Hart", "Fay Moss"}
    assert len(work.slack.calls("users.info")) == 3
    meeting(work.slack.team.id, [one.id for one in people])
    await meeting.settled()
    assert len(work.slack.calls("users.info")) == 3


async def test_a_look_up_that_fails_is_made_again(work: Office, meeting: Meeting) -> None:
    dan = work.slack.person("Dan Lowe")
    work.slack.faults.next("users.info", retry_after=1, times=TRIES - 1)
    meeting(work.slack.team.id, [dan.id])
    await meeting.settled()
    assert "Dan Lowe" in names(work)


async def test_whom_slack_does_not_show_is_asked_about_no_more_until_they_write_again(
    work: Office, meeting: Meeting
) -> None:
    dan = work.slack.person("Dan Lowe")
    away = work.slack.faults.always("users.info", status=503)
    meeting(work.slack.team.id, [dan.id])
    await meeting.settled()
    assert away.hits == TRIES
    away.stop()
    meeting(work.slack.team.id, [dan.id])
    await meeting.settled()
    assert "Dan Lowe" in names(work)


async def test_who_was_missed_is_met_by_the_job(work: Office) -> None:
    card, dan = await opened(work), work.slack.person("Dan Lowe")
    await work.slack.quiet()
    where = {"channel_id": work.deals.id, "ts": "1764000000.000100", "thread_ts": card.ts}
    reply = Reply(by_id=dan.id, text="hello", **where)
    await work.bot.app.store.write(comments.said, work.slack.team.id, reply)
    await scheduler.meet_people(work.bot.app)
    await work.bot.app.meeting.settled()
    assert "Dan Lowe" in names(work)
