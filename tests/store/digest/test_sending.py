"""Digests on their way: refused, held up, gone. What one of them didn't tell, the next one does."""

from dataclasses import replace

from sqlalchemy import select

from store.outbox import claims, leases, outbox
from store.outbox.outbox import Job
from store.tables.machinery import OutboxRow
from store.usecases.delivery import outcomes
from store.usecases.digest import digests
from store.usecases.digest import sending as digest_sending
from store.usecases.digest import turns as digest_turns
from store.usecases.digest.sending import Withheld
from tests.store.crm import DEALS, TEAM, Crm
from tests.store.digest.digesting import decided, instant, know, looked, made, posts, runs, spans
from tests.store.doing import words

COPY, VIP = "copy", "C0VIP"


def claimed(crm: Crm) -> list[Job]:
    """What delivery takes, once what was pressed before is saved."""
    then = crm.now + digest_turns.SETTLES
    taken = crm.store.write_now(claims.claim, COPY, then, 50).jobs
    return [job for job in taken if job.kind == outbox.DIGEST]


def refused(crm: Crm, job: Job) -> None:
    crm.store.write_now(outcomes.refused, job, COPY, crm.now, "is_archived")


def withheld(crm: Crm, which: int = -1) -> Withheld | None:
    _, run = posts(crm)[which]
    return crm.store.read_now(digest_sending.withheld, TEAM, run, crm.now)


def withhold(crm: Crm, why: Withheld, which: int = -1) -> None:
    _, run = posts(crm)[which]
    crm.store.write_now(digest_sending.withhold, TEAM, run, why, crm.now)


def states(crm: Crm) -> list[str]:
    query = select(OutboxRow.state).where(OutboxRow.kind == outbox.DIGEST).order_by(OutboxRow.id)
    return crm.store.read_now(lambda session: list(session.scalars(query)))


def test_its_maker_is_told_once_and_it_is_paused(crm: Crm) -> None:
    kept = made(crm, by=crm.bob)
    crm.now = instant(24, 9)
    decided(crm)
    crm.do(digests.send_now, kept.id)
    for job in claimed(crm):
        refused(crm, job)
    (told,) = words(crm, crm.bob, "digest")
    assert told == {
        "say": "digest",
        "why": "posts",
        "channel": "#deals",
        "tz": "Europe/London",
        "user": crm.bob.id,
    }
    now = looked(crm, kept)
    assert (now.paused, now.paused_by, now.next) == (True, None, None)
    assert states(crm) == ["dead", "dead"]
    assert [what for _, what in runs(crm)] == ["skipped", "skipped"]
    know(crm)
    crm.do(digests.resume, kept.id)
    crm.now = instant(25, 9)
    decided(crm)
    assert spans(crm)[-1] == (instant(23, 9), instant(25, 9))
    (job,) = claimed(crm)
    refused(crm, job)
    assert len(words(crm, crm.bob, "digest")) == 2


def test_one_that_arrived_after_all_is_not_sent_again(crm: Crm) -> None:
    made(crm)
    crm.now = instant(24, 9)
    decided(crm)
    (job,) = claimed(crm)
    crm.store.write_now(outcomes.found, job, COPY, crm.now, ts="1.1")
    crm.turn(hours=1)
    assert (claimed(crm), states(crm)) == ([], ["idle"])


def test_held_up_for_half_a_day_it_is_skipped_and_the_next_tells_all(crm: Crm) -> None:
    made(crm)
    crm.now = instant(24, 9)
    decided(crm)
    crm.now = instant(24, 20, 59)
    assert (withheld(crm), late(crm)) == (None, 0)
    crm.now = instant(25, 9)
    assert withheld(crm) is Withheld.LATE
    assert (late(crm), late(crm)) == (1, 0)
    decided(crm)
    assert runs(crm) == [("2026-11-24", "skipped"), ("2026-11-25", "sent")]
    assert spans(crm)[-1] == (instant(23, 9), instant(25, 9))
    assert len(claimed(crm)) == 1


def late(crm: Crm) -> int:
    return crm.store.write_now(digest_sending.skip_late, crm.now)


def test_skipped_after_the_next_was_decided_that_one_tells_all(crm: Crm) -> None:
    made(crm)
    for day in (24, 25):
        crm.now = instant(day, 9)
        decided(crm)
    withhold(crm, Withheld.LATE, 0)
    withhold(crm, Withheld.LATE, 0)
    assert spans(crm)[-1] == (instant(23, 9), instant(25, 9))
    withhold(crm, Withheld.LATE)
    crm.now = instant(26, 9)
    decided(crm)
    assert runs(crm) == [
        ("2026-11-24", "skipped"),
        ("2026-11-25", "skipped"),
        ("2026-11-26", "sent"),
    ]
    assert spans(crm)[-1] == (instant(23, 9), instant(26, 9))


def test_under_way_it_is_left_alone(crm: Crm) -> None:
    """It may have arrived."""
    made(crm)
    crm.now = instant(24, 9)
    decided(crm)
    claimed(crm)
    crm.now = instant(25, 9)
    assert late(crm) == 0


def test_one_that_was_sent_by_hand_is_awaited(crm: Crm) -> None:
    kept = made(crm)
    crm.do(digests.send_now, kept.id)
    crm.turn(hours=13)
    assert (withheld(crm), late(crm)) == (None, 0)


def test_what_changed_between_deciding_and_posting(crm: Crm) -> None:
    kept = made(crm, by=crm.bob)
    crm.now = instant(24, 9)
    decided(crm)
    know(crm, shared=True)
    assert withheld(crm) is Withheld.SHARED
    withhold(crm, Withheld.SHARED)
    (told,) = words(crm, crm.bob, "digest")
    assert told["why"] == "shared"
    assert looked(crm, kept).paused
    crm.do(digests.delete, kept.id)
    assert withheld(crm) is Withheld.DELETED
    withhold(crm, Withheld.DELETED)
    assert len(words(crm, crm.bob, "digest")) == 1


def test_a_word_that_is_told_anew_has_its_own_time(crm: Crm) -> None:
    """Paused, resumed and paused again, its maker hears of both."""
    kept = made(crm, by=crm.bob)
    for _ in range(2):
        crm.do(digests.send_now, kept.id)
        (job,) = claimed(crm)
        refused(crm, job)
        know(crm)
        crm.do(digests.resume, kept.id)
        crm.turn(minutes=2)
    assert len(words(crm, crm.bob, "digest")) == 2


def test_what_slack_will_not_have_or_we_can_not_draw_the_next_one_tells(crm: Crm) -> None:
    kept = made(crm)
    ends = [(outcomes.dropped, "invalid_blocks"), (outcomes.buried, "KeyError, reference 12AB")]
    for day, (ended, why) in zip((24, 25), ends, strict=True):
        crm.now = instant(day, 9)
        decided(crm)
        (job,) = claimed(crm)
        crm.store.write_now(ended, job, COPY, why)
    crm.now = instant(26, 9)
    decided(crm)
    assert [what for _, what in runs(crm)] == ["skipped", "skipped", "sent"]
    assert spans(crm)[-1] == (instant(23, 9), instant(26, 9))
    assert not looked(crm, kept).paused


def test_what_may_have_arrived_is_not_told_twice_by_a_mistake_of_ours(crm: Crm) -> None:
    made(crm)
    crm.now = instant(24, 9)
    decided(crm)
    (job,) = claimed(crm)
    crm.store.write_now(leases.aim, job, COPY, crm.now, DEALS, None)
    crm.store.write_now(outcomes.buried, job, COPY, "KeyError, reference 12AB")
    assert ([what for _, what in runs(crm)], states(crm)) == (["sent"], ["unknown"])


def test_who_left_a_private_channel_is_not_told_what_it_is_called_now(crm: Crm) -> None:
    know(crm, VIP, [crm.bob.id, crm.carol.id], kind="private")
    bob = replace(crm.bob, private_channels=frozenset({VIP}))
    made(crm, by=bob, place=VIP)
    know(crm, VIP, [crm.carol.id], kind="private", name="buy-zebra")
    crm.now = instant(24, 9)
    decided(crm)
    for job in claimed(crm):
        refused(crm, job)
    (told,) = words(crm, crm.bob, "digest")
    assert told["channel"] == "its channel"
