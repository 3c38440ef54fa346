"""Digests that come by themselves: once, late when they are, and not where they can't stand."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bot import scheduler
from bot.delivery import posting
from store.digest.digest import Digest, DigestDraft, Rhythm, Schedule
from store.usecases.digest import digests
from store.usecases.person import people
from tests.flows.conftest import Office
from tests.flows.doing import opened
from tests.slack.faults import Fault
from tests.slack.reading import text

SOON = timedelta(minutes=2)


async def made(work: Office) -> Digest:
    """One of Bob's in #deals, daily, that is due in two minutes."""
    await work.now_set_up()
    await opened(work, "Acme renewal £12k")
    return await made_too(work)


async def made_too(work: Office) -> Digest:
    """Another one."""
    store, now = work.bot.app.store, datetime.fromtimestamp(work.clock(), UTC)
    await work.bob.command("/pipeline me", work.deals)  # Bob is known from now on.
    bob = await store.read(people.actor, work.slack.team.id, work.bob.id, now)
    assert bob is not None
    due = now + SOON
    daily = Schedule(rhythm=Rhythm.DAILY, at=time(due.hour, due.minute))
    draft = DigestDraft(schedule=daily)
    return await store.write(digests.add, draft, work.deals.id, by=bob, now=now)


async def passes(work: Office, gone: timedelta) -> None:
    """So much time, and the job that looks for what is due."""
    work.clock.turn(gone.total_seconds())
    for _ in range(2):
        await scheduler.digests(work.bot.app)


def came(work: Office) -> list[str]:
    return [text(message) for message in work.deals.top() if "1 new" in text(message)]


def told(work: Office) -> list[str]:
    return [words for words in work.bob.reads(work.bob.dm) if "digest" in words]


async def held_up(work: Office) -> Fault:
    """It is due, but Slack doesn't take it."""
    ours = {"when": lambda args: "Pipeline" in str(args.get("text"))}
    fault = work.slack.faults.always("chat.postMessage", status=503, **ours)
    await passes(work, SOON)
    await work.slack.until(lambda: fault.hits > 0, "it was not tried")
    return fault


async def look(work: Office, digest: Digest) -> Digest:
    team, store = work.slack.team.id, work.bot.app.store
    bob = await store.read(people.looker, team, work.bob.id)
    return await store.read(digests.one, digest.id, by=bob)


async def test_it_comes_once(work: Office) -> None:
    await made(work)
    await passes(work, SOON)
    digest = await work.slack.heard(work.deals, "1 new · £12,000")
    assert "Acme renewal" in text(digest)
    assert "sent late" not in text(digest)
    await passes(work, timedelta(minutes=1))
    await work.slack.quiet()
    assert len(came(work)) == 1


async def test_late_it_says_so(work: Office) -> None:
    await made(work)
    await passes(work, timedelta(hours=2))
    await work.slack.heard(work.deals, "sent late")


async def test_held_up_on_its_way_it_says_so_too(work: Office) -> None:
    await made(work)
    fault = await held_up(work)
    fault.stop()
    work.clock.turn(3600)
    await work.slack.heard(work.deals, "sent late", within=10)


async def test_a_channel_that_takes_no_posts_pauses_it_and_tells_its_maker(work: Office) -> None:
    digest = await made(work)
    await work.alice.archive(work.deals)
    await passes(work, SOON)
    await work.slack.heard(work.bob, "so your digest there is paused")
    assert "I can't post in #deals" in told(work)[0]
    await passes(work, timedelta(days=1))
    await work.slack.quiet()
    assert len(told(work)) == 1
    kept = await look(work, digest)
    assert (kept.paused, kept.paused_by, kept.next) == (True, None, None)


async def test_one_that_was_deleted_on_its_way_does_not_come(work: Office) -> None:
    digest = await made(work)
    fault = await held_up(work)
    now = datetime.fromtimestamp(work.clock(), UTC)
    bob = await work.bot.app.store.read(people.looker, work.slack.team.id, work.bob.id)
    await work.bot.app.store.write(digests.delete, digest.id, by=bob, now=now)
    fault.stop()
    work.clock.turn(60)
    await work.slack.quiet()
    await work.slack.quiet(1)
    assert came(work) == []


async def test_many_at_once_all_come_and_cards_do_not_wait_for_them(
    work: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "DIGESTS", 1)
    monkeypatch.setattr(posting, "ANOTHER", timedelta(seconds=0.1))
    await made(work)
    for _ in range(4):
        await made_too(work)
    await passes(work, SOON)
    await opened(work, "Beta £1k")
    await work.slack.until(lambda: len(came(work)) == 5, lambda: f"{len(came(work))} came")
    await work.slack.quiet()
    assert len(came(work)) == 5


async def test_people_from_outside_of_whom_no_event_told_see_none(work: Office) -> None:
    """The channel was shared while the bot was not there to hear of it."""
    digest = await made(work)
    work.deals.shared = True
    await passes(work, timedelta(minutes=11))
    await work.slack.heard(work.bob, "so your digest there is paused")
    await work.slack.quiet()
    assert came(work) == []
    assert (await look(work, digest)).paused
