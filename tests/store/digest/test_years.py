"""A thousand days of digests, with everything that happens to a bot: restarts, kills, clocks that
are wrong, a second copy; and to digests: edits, pauses, outages of Slack's.

What should have come is found by trying every day (`Expected`), not as the bot finds it.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.database import Store
from store.digest.digest import LATE, TOO_LATE, Digest, DigestDraft, Outcome, Rhythm, Schedule
from store.outbox import claims, leases, outbox
from store.outbox.outbox import Job
from store.tables.machinery import OutboxRow
from store.tables.recurring import DigestRunRow
from store.usecases.delivery import outcomes
from store.usecases.digest import digests
from store.usecases.digest import sending as digest_sending
from store.usecases.digest import turns as digest_turns
from tests.store.crm import DEALS, Crm

DAYS = 1_000
START = datetime(2016, 1, 4, 12, tzinfo=UTC)
ZONES = ("Europe/London", "America/Sao_Paulo")
"""Until 2018 midnight did not exist in São Paulo on a Sunday of each October."""
RHYTHMS = (Rhythm.DAILY, *Rhythm)
HOURS = (time(0), time(0, 30), time(1, 30), time(9), time(18), time(23, 59))
DAY = timedelta(days=1)


@dataclass(slots=True)
class Expected:
    """What should have become of one digest: the days that were decided, in their order."""

    schedule: Schedule
    start: datetime
    """From then on the schedule is in force."""
    days: list[date] = field(default_factory=list)
    at_once: tuple[date, datetime] | None = None
    paused: bool = False

    def due(self, now: datetime) -> list[date]:
        return [day for day, at in self._open(now + 3 * DAY) if at <= now]

    def next_at(self, now: datetime) -> datetime:
        return next(at for _, at in self._open(now + 40 * DAY))

    def _open(self, until: datetime) -> list[tuple[date, datetime]]:
        """Every day that was not decided yet, with when it comes."""
        if self.paused:
            return []
        decided = self.days[-1] if self.days else date.min
        found = [self.at_once] if self.at_once else []
        first = self.start.date() - DAY
        for day in (first + number * DAY for number in range((until.date() - first).days)):
            at = self.schedule.slot(day).at
            if self.schedule.falls_on(day) and day > decided and at > self.start:
                found.append((day, at))
        return found

    def decided(self, now: datetime) -> None:
        self.days += (came := self.due(now))
        if came:
            self.at_once = None
            self.start = max(self.start, now)

    def edited(self, schedule: Schedule, now: datetime) -> None:
        """The day that was to come is not lost, where its hour has passed in the new schedule."""
        self.decided(now)
        if schedule == self.schedule:
            return
        waiting = None if self.paused else self._open(now + 40 * DAY)[0][0]
        self.schedule, self.start, self.at_once = schedule, now, None
        passed = [waiting + number * DAY for number in range(4)] if waiting else []
        passed = [day for day in passed if schedule.falls_on(day) and schedule.slot(day).at <= now]
        if passed and passed[0] == waiting:
            self.at_once = passed[-1], now

    def resumed(self, now: datetime) -> None:
        self.paused, self.start, self.at_once = False, now, None


class Slack:
    """Who was sent what, and whether the answer arrived."""

    def __init__(self) -> None:
        self.marks: dict[tuple[int, datetime | None], str] = {}
        self.posts: Counter[int] = Counter()

    def post(self, job: Job) -> str:
        self.posts[job.ref_id or 0] += 1
        return self.marks.setdefault((job.id, job.aimed_at), f"1.{len(self.marks)}")


def hasty(url: str) -> Store:
    """A store that doesn't wait for the disk: thousands of commits would take minutes."""
    store = Store(url)
    if store.sqlite:
        with store.writer.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA synchronous=OFF")
    return store


def tick(session: Session, now: datetime) -> None:
    """What the job does every ten seconds."""
    digest_sending.skip_late(session, now)
    digest_turns.decide_due(session, now)


class World:
    """Two copies of a bot on one database, each with a clock of its own."""

    def __init__(self, crm: Crm, url: str, seed: int) -> None:
        self.crm, self.url, self.chance = crm, url, Random(seed)  # noqa: S311 - a simulation.
        self.copies = [hasty(url), hasty(url)]
        self.wrong = [timedelta(0), timedelta(0)]
        self.now = START
        self.slack = Slack()
        self.kept: list[tuple[Digest, Expected]] = []

    def close(self) -> None:
        for copy in self.copies:
            copy.close()

    def clock(self, copy: int) -> datetime:
        return self.now + self.wrong[copy]

    def schedule(self) -> Schedule:
        return Schedule(
            rhythm=self.chance.choice(RHYTHMS),
            at=self.chance.choice(HOURS),
            tz=self.chance.choice(ZONES),
            days=tuple(sorted(self.chance.sample(range(1, 8), 3))),
            month_day=self.chance.randint(1, 31),
        )

    def add(self) -> None:
        said = self.schedule()
        self.crm.now = self.now
        made = self.crm.do(digests.add, DigestDraft(schedule=said), DEALS)
        self.kept.append((made, Expected(said, self.now)))

    def pass_time(self) -> None:
        """Mostly until just after one is due, as with a bot that looks every ten seconds."""
        chance = self.chance.random()
        coming = [one.next_at(self.now) for _, one in self.kept if not one.paused]
        if chance < 0.05:
            self.now += timedelta(hours=self.chance.uniform(3, 90))
        elif chance < 0.15 or not coming:
            self.now += timedelta(minutes=self.chance.uniform(1, 600))
        else:
            late = timedelta(minutes=self.chance.choice([0, 0, 0, 0.2, 5, 10, 11, 300, 719, 720]))
            self.now = max(self.now + timedelta(minutes=20), min(coming) + late)

    def happen(self) -> None:
        copy, chance = self.chance.randrange(2), self.chance.random()
        if chance < 0.03:
            self.wrong[copy] = timedelta(minutes=self.chance.uniform(-240, 240))
        elif chance < 0.15:
            self.wrong[copy] = timedelta(0)
        elif chance < 0.16:
            self.copies[copy].close()
            self.copies[copy] = hasty(self.url)
        elif chance < 0.2 or (chance < 0.4 and any(one.paused for _, one in self.kept)):
            self.change(copy)
        if self.chance.random() < 0.1:
            self.decide_both(copy)
        else:
            self.decide(copy, dies=self.chance.random() < 0.1)
        if self.chance.random() < 0.9:
            self.deliver(self.chance.randrange(2))

    def change(self, copy: int) -> None:
        """Somebody edits, pauses, resumes or sends one by hand."""
        digest, expected = self.chance.choice(self.kept)
        store, by, now = self.copies[copy], self.crm.alice, self.clock(copy)
        chance = self.chance.random()
        if chance < 0.5:
            version = store.read_now(digests.one, digest.id, by=by).version
            said = {"version": version, "by": by, "now": now}
            schedule = self.schedule()
            store.write_now(digests.edit, digest.id, DigestDraft(schedule=schedule), **said)
            expected.edited(schedule.checked(), now)
        elif chance < 0.7:
            store.write_now(digests.send_now, digest.id, by=by, now=now)
            expected.decided(now)
        elif expected.paused:
            store.write_now(digests.resume, digest.id, by=by, now=now)
            expected.resumed(now)
        else:
            store.write_now(digests.pause, digest.id, by=by, now=now)
            expected.decided(now)
            expected.paused, expected.at_once = True, None

    def decide(self, copy: int, *, dies: bool) -> None:
        """One look at what is due; a copy that dies in the middle of it has done nothing."""
        now = self.clock(copy)
        if dies:
            with Session(self.copies[copy].writer) as session:
                tick(session, now)
                session.rollback()
            return
        self.copies[copy].write_now(tick, now)
        for _, expected in self.kept:
            expected.decided(now)

    def decide_both(self, first: int) -> None:
        """Both look at once; on SQLite one after the other. The first may die in the middle."""
        dies, second = self.chance.random() < 0.5, 1 - first
        if self.crm.store.sqlite:
            self.decide(first, dies=dies)
            self.decide(second, dies=False)
            return
        held = [bool(expected.due(self.clock(first))) for _, expected in self.kept]
        with Session(self.copies[first].writer) as session:
            digest_turns.decide_due(session, self.clock(first))
            self.copies[second].write_now(digest_turns.decide_due, self.clock(second))
            if dies:
                session.rollback()
            else:
                session.commit()
        for theirs, (_, expected) in zip(held, self.kept, strict=True):
            if not (theirs and dies):
                expected.decided(self.clock(first if theirs else second))

    def deliver(self, copy: int) -> None:
        """Some rounds of delivery. What it posts is looked for where its answer is lost."""
        store, lessee = self.copies[copy], f"copy {copy}"
        for _ in range(self.chance.randint(1, 3)):
            if not store.write_now(self.round, lessee, self.clock(copy)):
                return
            self.now += timedelta(minutes=1)

    def round(self, session: Session, lessee: str, now: datetime) -> int:
        """What a claim finds, and what comes of each; to die is to do no more about it."""
        jobs = claims.claim(session, lessee, now, 50).jobs
        for job in (job for job in jobs if job.kind == outbox.DIGEST):
            self.work(session, job, lessee, now)
        return len(jobs)

    def work(self, session: Session, job: Job, lessee: str, now: datetime) -> None:
        if job.unsure:
            ts = self.slack.marks.get((job.id, job.aimed_at))
            if ts is None:
                leases.retry(session, job, lessee, now, "it did not arrive", failed=False)
            else:
                outcomes.found(session, job, lessee, now, ts=ts)
            return
        run = (job.workspace_id, job.ref_id or 0)
        why = digest_sending.withheld(session, *run, now)
        if why is not None:
            digest_sending.withhold(session, *run, why, now)
            leases.give_up(session, job, lessee, "nothing to show")
            return
        self.post(session, job, lessee, now)

    def post(self, session: Session, job: Job, lessee: str, now: datetime) -> None:
        chance = self.chance.random()
        if chance < 0.1:
            leases.retry(session, job, lessee, now + timedelta(seconds=30), "503")
            return
        aimed = leases.aim(session, job, lessee, now, DEALS, None)
        if aimed is None or chance < 0.2:
            return  # It died before the call.
        ts = self.slack.post(aimed)
        if chance > 0.3:
            known = {"channel_id": DEALS, "ts": ts, "permalink": None}
            outcomes.delivered(session, aimed, lessee, now, **known)


def settle(world: World) -> None:
    """Both clocks are right again, and nothing more happens."""
    world.wrong = [timedelta(0), timedelta(0)]
    world.decide(0, dies=False)
    for _ in range(200):
        world.now += timedelta(minutes=1)
        world.deliver(0)


def runs(session: Session, digest: Digest) -> list[DigestRunRow]:
    query = select(DigestRunRow).where(DigestRunRow.digest_id == digest.id)
    return list(session.scalars(query.order_by(DigestRunRow.id)))


def posted(session: Session) -> Counter[int]:
    query = select(OutboxRow.ref_id).where(OutboxRow.kind == outbox.DIGEST)
    return Counter(session.scalars(query))


@pytest.mark.parametrize("seed", [5])
def test_each_time_comes_once_or_is_recorded_as_skipped(
    crm: Crm, migrated_url: str, seed: int
) -> None:
    world = World(crm, migrated_url, seed)
    for _ in range(2):
        world.add()
    while world.now < START + DAYS * DAY:
        world.pass_time()
        world.happen()
    settle(world)
    rows = crm.store.read_now(posted)
    for digest, expected in world.kept:
        found = crm.store.read_now(runs, digest)
        _each_day_once(found, expected)
        _as_late_as_it_says(found, rows)
        _all_told_once(found, digest)
        for run in found:
            told = run.outcome is not Outcome.SKIPPED
            assert world.slack.posts[run.id] == told
            assert rows[run.id] == 1 if told else rows[run.id] <= 1
    world.close()


def _each_day_once(found: list[DigestRunRow], expected: Expected) -> None:
    days = [run.slot for run in found if not run.slot.startswith("now ")]
    assert days == [day.isoformat() for day in expected.days]
    assert len(days) > 60


def _as_late_as_it_says(found: list[DigestRunRow], rows: Counter[int]) -> None:
    newest = {run.decided_at: run.id for run in found if run.outcome is not Outcome.BY_HAND}
    for run in found:
        late = run.decided_at - run.due_at
        assert late >= timedelta(0)
        if run.outcome is Outcome.SENT:
            assert late <= LATE
        elif run.outcome is Outcome.LATE:
            assert LATE < late < TOO_LATE
        elif run.outcome is Outcome.SKIPPED and not rows[run.id]:
            assert late >= TOO_LATE or newest[run.decided_at] != run.id


def _all_told_once(found: list[DigestRunRow], digest: Digest) -> None:
    """Each one that came begins where the last one ended."""
    end = digest.told_until
    for run in found:
        if run.outcome is Outcome.SKIPPED:
            assert run.since == run.until
        else:
            assert (run.since, run.until >= run.since) == (end, True)
            end = run.until
