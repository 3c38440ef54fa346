"""Digests that are due: each time once or recorded as skipped, whatever happened meanwhile."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy.orm import Session

from store.database import Store
from store.digest.digest import Rhythm
from store.outbox import claims, outbox
from store.usecases import workspaces
from store.usecases.digest import digests
from store.usecases.digest import reading as digest_reading
from store.usecases.digest import turns as digest_turns
from store.usecases.workspaces import Identity
from tests.store.crm import DEALS, TEAM, Crm
from tests.store.digest.digesting import (
    decided,
    forget_zone,
    instant,
    know,
    looked,
    made,
    posts,
    row,
    runs,
    spans,
)
from tests.store.doing import words


def test_at_its_hour_once(crm: Crm) -> None:
    made(crm)
    crm.now = instant(24, 8, 59)
    assert decided(crm) == 0
    crm.turn(minutes=1)
    assert (decided(crm), decided(crm)) == (1, 0)
    assert runs(crm) == [("2026-11-24", "sent")]
    assert spans(crm) == [(instant(23, 9), instant(24, 9))]
    assert [place for place, _ in posts(crm)] == [DEALS]
    crm.now = instant(25, 9)
    assert decided(crm) == 1
    assert spans(crm)[1] == (instant(24, 9), instant(25, 9))


def test_late_it_says_so_and_too_late_it_is_skipped(crm: Crm) -> None:
    made(crm)
    crm.now = instant(24, 9, 10)
    decided(crm)
    crm.now = instant(25, 9, 11)
    decided(crm)
    crm.now = instant(26, 20, 59)
    decided(crm)
    crm.now = instant(27, 21)
    decided(crm)
    assert runs(crm) == [
        ("2026-11-24", "sent"),
        ("2026-11-25", "late"),
        ("2026-11-26", "late"),
        ("2026-11-27", "skipped"),
    ]
    assert len(posts(crm)) == 3
    crm.now = instant(30, 9)
    decided(crm)
    assert spans(crm)[-1] == (instant(26, 20, 59), instant(30, 9))


def test_after_months_each_day_is_recorded_and_the_last_one_sent(crm: Crm) -> None:
    made(crm, rhythm=Rhythm.DAILY)
    crm.now = datetime(2027, 6, 1, 12, tzinfo=UTC)
    assert decided(crm) == 190
    days = [slot for slot, _ in runs(crm)]
    assert (days[0], days[-1], len(set(days))) == ("2026-11-24", "2027-06-01", 190)
    assert {what for _, what in runs(crm)[:-1]} == {"skipped"}
    assert runs(crm)[-1] == ("2027-06-01", "late")
    assert len(posts(crm)) == 1
    assert spans(crm)[-1] == (instant(23, 9), crm.now)


def test_however_many_were_missed_it_goes_by_pieces(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest_turns, "AT_ONCE", 50)
    for hour in (8, 9):
        made(crm, rhythm=Rhythm.DAILY, at=time(hour))
    crm.now = datetime(2027, 6, 1, 12, tzinfo=UTC)
    taken = [decided(crm) for _ in range(9)]
    assert (max(taken), sum(taken), taken[-1]) == (50, 380, 0)
    assert len(posts(crm)) == 2
    assert sum(what == "late" for _, what in runs(crm)) == 2


def test_a_clock_that_is_set_back(crm: Crm) -> None:
    kept = made(crm)
    crm.now = instant(24, 9)
    decided(crm)
    crm.now = instant(24, 7)
    assert decided(crm) == 0
    crm.do(digests.pause, kept.id)
    coming = crm.do(digests.resume, kept.id).next
    assert coming
    assert coming.at == instant(25, 9)
    crm.now = instant(24, 9, 1)
    assert decided(crm) == 0
    crm.do(digests.send_now, kept.id)
    crm.now = instant(24, 8)
    crm.do(digests.send_now, kept.id)
    assert all(since <= until for since, until in spans(crm))


def test_a_clock_that_was_years_ahead_for_a_while(crm: Crm) -> None:
    """What was decided meanwhile is not decided again: it comes when that time has come."""
    kept = made(crm, rhythm=Rhythm.MONTHLY, month_day=31)
    crm.now = datetime(2030, 1, 15, tzinfo=UTC)
    assert decided(crm) == 38
    assert posts(crm) == []
    crm.now = instant(24, 9)
    assert decided(crm) == 0
    coming = looked(crm, kept).next
    assert coming
    assert coming.at == datetime(2030, 1, 31, 9, tzinfo=UTC)


@pytest.mark.postgres
def test_two_copies_share_them(migrated_postgresql_url: str) -> None:
    """While one transaction holds what is due, the other one leaves it alone."""
    crm = Crm(Store(migrated_postgresql_url))
    made(crm)
    crm.now = instant(24, 9)
    with Session(crm.store.writer) as first:
        assert digest_turns.decide_due(first, crm.now) == 1
        assert decided(crm) == 0
        first.commit()
    assert decided(crm) == 0
    assert runs(crm) == [("2026-11-24", "sent")]
    crm.store.close()


def test_what_was_not_committed_is_decided_again(crm: Crm) -> None:
    made(crm)
    crm.now = instant(24, 9)
    with Session(crm.store.writer) as dying:
        assert digest_turns.decide_due(dying, crm.now) == 1
        dying.rollback()
    assert runs(crm) == []
    assert decided(crm) == 1


def test_a_workspace_that_is_not_there_waits(crm: Crm) -> None:
    made(crm)
    crm.store.write_now(workspaces.uninstall, TEAM, crm.now + timedelta(minutes=1))
    crm.now = instant(26, 12)
    assert decided(crm) == 0
    back = Identity(workspace_id=TEAM, name="Sales", app_id="A0", bot_id="B0", bot_user_id="U0BOT")
    crm.store.write_now(workspaces.install, back, crm.now)
    assert decided(crm) == 3
    assert [what for _, what in runs(crm)] == ["skipped", "skipped", "late"]


def test_people_from_outside_pause_it(crm: Crm) -> None:
    kept = made(crm, by=crm.bob)
    know(crm, shared=True)
    crm.now = instant(24, 9)
    assert (decided(crm), decided(crm)) == (1, 0)
    assert (runs(crm), posts(crm)) == ([("2026-11-24", "skipped")], [])
    (told,) = words(crm, crm.bob, "digest")
    assert (told["why"], told["channel"]) == ("shared", "#deals")
    assert row(crm, kept).paused_by is None
    assert looked(crm, kept).paused
    know(crm)
    crm.do(digests.resume, kept.id)
    crm.now = instant(25, 9)
    decided(crm)
    assert spans(crm)[-1] == (instant(23, 9), instant(25, 9))


def test_a_time_zone_that_vanished_pauses_it_and_no_other(crm: Crm) -> None:
    kept, other = made(crm, by=crm.bob), made(crm)
    forget_zone(crm, kept)
    crm.now = instant(24, 9)
    assert decided(crm) == 2
    assert len(posts(crm)) == 1
    (told,) = words(crm, crm.bob, "digest")
    assert (told["why"], told["tz"]) == ("zone", "Mars/Phobos")
    assert looked(crm, kept).paused
    assert not looked(crm, other).paused


@pytest.mark.parametrize("at", [time(0), time(0, 30)])
def test_where_midnight_does_not_exist(crm: Crm, at: time) -> None:
    """In Cairo the night to 24 April 2026 goes from 23:59 to 01:00."""
    crm.now = datetime(2026, 4, 22, 12, tzinfo=UTC)
    made(crm, rhythm=Rhythm.DAILY, at=at, tz="Africa/Cairo")
    for _ in range(4 * 24 * 6):
        crm.turn(minutes=10)
        decided(crm)
    assert [slot for slot, _ in runs(crm)] == [
        "2026-04-23",
        "2026-04-24",
        "2026-04-25",
        "2026-04-26",
    ]
    assert {what for _, what in runs(crm)} == {"sent"}


def test_where_a_day_does_not_exist(crm: Crm) -> None:
    """Samoa left out 30 December 2011: both days begin at once, and it comes once."""
    crm.now = datetime(2011, 12, 29, 12, tzinfo=UTC)
    made(crm, rhythm=Rhythm.DAILY, tz="Pacific/Apia")
    for _ in range(3 * 24):
        crm.turn(hours=1)
        decided(crm)
    assert runs(crm) == [
        ("2011-12-29", "sent"),
        ("2011-12-30", "skipped"),
        ("2011-12-31", "sent"),
        ("2012-01-01", "sent"),
    ]


def test_what_was_pressed_just_before_it_and_saved_just_after_is_told(crm: Crm) -> None:
    """A press is stamped when it is heard, and waits for locks: it is read once it is saved."""
    made(crm)
    crm.now = instant(24, 9)
    decided(crm)
    crm.turn(seconds=-1)
    crm.opened("Acme renewal")
    crm.turn(seconds=1)
    assert taken(crm) == []
    crm.turn(seconds=5)
    (run_id,) = taken(crm)
    content = crm.store.read_now(digest_reading.to_show, TEAM, run_id, crm.now)
    assert content
    assert [group.rows[0].deal.name for group in content.groups] == ["Acme renewal"]


def taken(crm: Crm) -> list[int | None]:
    """The digests that delivery takes now."""
    jobs = crm.store.write_now(claims.claim, "A", crm.now, 200).jobs
    return [job.ref_id for job in jobs if job.kind == outbox.DIGEST]
