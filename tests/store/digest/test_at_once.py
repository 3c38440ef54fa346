"""One digest, pressed by several people while it is decided, delivered and handed over: whatever
the order, nobody waits for ever, and each moment is told once.
"""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from store.database import Store
from store.digest.digest import Digest, DigestDraft, Outcome, Rhythm
from store.errors import Refusal
from store.outbox import claims, leases, outbox
from store.outbox.outbox import Job
from store.person.person import Actor
from store.tables.recurring import DigestRunRow
from store.usecases.card.channels import Channel, know
from store.usecases.delivery import outcomes
from store.usecases.digest import digests
from store.usecases.digest import sending as digest_sending
from store.usecases.digest import turns as digest_turns
from store.usecases.person import handovers
from tests.store.crm import DEALS, TEAM, Crm
from tests.store.digest.digesting import instant, made, runs, schedule
from tests.store.digest.test_sending import COPY

TURNS, THREADS = 60, 6


@dataclass
class Crowd:
    """Each of them does one thing after the other, by a clock that goes on for all."""

    crm: Crm
    digest: Digest
    start: datetime

    def work(self, seed: int) -> int:
        """How often something was done and not refused."""
        dice, done = random.Random(seed), 0  # noqa: S311 - The same ones in each run.
        for turn in range(TURNS):
            now = self.start + timedelta(hours=2 * turn, seconds=dice.randrange(3_600))
            by = dice.choice([self.crm.alice, self.crm.bob, self.crm.carol])
            try:
                self._do(dice.choice(DOINGS), by, now)
                done += 1
            except Refusal:
                continue
        return done

    def _do(self, what: Callable[..., Any], by: Actor, now: datetime) -> None:
        what(self.crm.store, self.digest.id, by, now)


def _edit(store: Store, digest_id: int, by: Actor, now: datetime) -> None:
    at = time(now.hour, now.minute)
    draft = DigestDraft(schedule=schedule(rhythm=Rhythm.DAILY, at=at))
    version = store.read_now(digests.one, digest_id, by=by).version
    store.write_now(digests.edit, digest_id, draft, version=version, by=by, now=now)


def _pressed(use_case: Callable[..., Any]) -> Callable[..., None]:
    def press(store: Store, digest_id: int, by: Actor, now: datetime) -> None:
        store.write_now(use_case, digest_id, by=by, now=now)

    return press


def _decide(store: Store, _digest_id: int, _by: Actor, now: datetime) -> None:
    store.write_now(digest_sending.skip_late, now)
    store.write_now(digest_turns.decide_due, now)


def _deliver(store: Store, _digest_id: int, by: Actor, now: datetime) -> None:
    for job in store.write_now(claims.claim, f"{COPY}{by.id}", now, 5).jobs:
        if job.kind == outbox.DIGEST:
            _came(store, job, f"{COPY}{by.id}", now)


def _came(store: Store, job: Job, lessee: str, now: datetime) -> None:
    """Posted, refused by Slack, or come too late."""
    why = store.read_now(digest_sending.withheld, TEAM, job.ref_id, now)
    if why is not None:
        store.write_now(digest_sending.withhold, TEAM, job.ref_id, why, now)
        store.write_now(leases.needless, job, lessee, now)
    elif (job.ref_id or 0) % 5 == 0:
        store.write_now(outcomes.refused, job, lessee, now, "is_archived")
    else:
        said = {"ts": f"1.{job.id}", "channel_id": DEALS}
        store.write_now(outcomes.delivered, job, lessee, now, **said, permalink=None)


def _hand_over(store: Store, _digest_id: int, by: Actor, now: datetime) -> None:
    store.write_now(handovers.hand_over, by.id, "U0BOB", by=by, now=now)


def _known(store: Store, _digest_id: int, _by: Actor, now: datetime) -> None:
    there = Channel(workspace_id=TEAM, id=DEALS, name="deals", bot_in=True)
    store.write_now(know, there, now)


DOINGS = (
    _edit,
    _pressed(digests.pause),
    _pressed(digests.resume),
    _pressed(digests.resume),
    _pressed(digests.send_now),
    _decide,
    _decide,
    _deliver,
    _deliver,
    _known,
    _hand_over,
)


def told(crm: Crm) -> list[tuple[datetime, datetime]]:
    query = select(DigestRunRow.since, DigestRunRow.until).where(
        DigestRunRow.outcome != Outcome.SKIPPED
    )
    found = crm.store.read_now(lambda s: [(since, until) for since, until in s.execute(query)])
    return sorted(found)


@pytest.mark.postgres
@pytest.mark.parametrize("seed", range(2))
def test_whatever_several_do_at_once_each_moment_is_told_once(
    migrated_postgresql_url: str, seed: int
) -> None:
    crm = Crm(Store(migrated_postgresql_url))
    crowd = Crowd(crm, made(crm, rhythm=Rhythm.DAILY), instant(24, 8))
    with ThreadPoolExecutor(THREADS) as threads:
        done = list(threads.map(crowd.work, range(seed * THREADS, (seed + 1) * THREADS)))
    assert sum(done) > TURNS
    assert len(runs(crm)) == len(set(runs(crm)))
    spans = told(crm)
    assert len(spans) > 10
    assert all(since <= until for since, until in spans)
    assert all(before[1] == after[0] for before, after in pairwise(spans))
    crm.store.close()
