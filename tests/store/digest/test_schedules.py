"""Schedules by themselves: which local days, which instants, in every zone."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.digest.digest import Rhythm, Schedule, Slot
from store.zones import zones

ZONES = st.sampled_from(sorted(zones()))
SCHEDULES = st.builds(
    Schedule,
    rhythm=st.sampled_from(Rhythm),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None, fold=0)),
    tz=ZONES,
    days=st.sets(st.integers(1, 7), min_size=1).map(lambda days: tuple(sorted(days))),
    month_day=st.integers(1, 31),
)
MOMENTS = st.integers(5 * 365 * 24 * 3600, 70 * 365 * 24 * 3600).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
"""From 1975 to 2040."""


def days(schedule: Schedule, first: date, count: int) -> list[str]:
    return [str(slot.day) for slot in islice(schedule.slots(first), count)]


def said(slot: Slot, schedule: Schedule) -> str:
    return f"{slot.at.astimezone(schedule.zone):%a %d %b %H:%M}"


def test_rhythms() -> None:
    friday = date(2026, 11, 27)
    assert days(Schedule(), friday, 2) == ["2026-11-27", "2026-11-30"]
    assert days(Schedule(rhythm=Rhythm.DAILY), friday, 2) == ["2026-11-27", "2026-11-28"]
    weekly = Schedule(rhythm=Rhythm.WEEKLY, days=(2, 7))
    assert days(weekly, friday, 3) == ["2026-11-29", "2026-12-01", "2026-12-06"]


def test_the_last_of_each_month() -> None:
    last = Schedule(rhythm=Rhythm.MONTHLY, month_day=31)
    assert days(last, date(2028, 1, 1), 4) == [
        "2028-01-31",
        "2028-02-29",
        "2028-03-31",
        "2028-04-30",
    ]
    leap = Schedule(rhythm=Rhythm.MONTHLY, month_day=29)
    assert days(leap, date(2027, 2, 1), 2) == ["2027-02-28", "2027-03-29"]


@pytest.mark.parametrize(
    ("tz", "at", "day", "instant"),
    [
        ("Europe/London", time(1, 30), date(2027, 3, 28), "2027-03-28T01:30"),  # Not there.
        ("Europe/London", time(1, 30), date(2027, 10, 31), "2027-10-31T00:30"),  # Twice.
        ("Europe/Berlin", time(2, 30), date(2027, 3, 28), "2027-03-28T01:30"),
        ("America/Sao_Paulo", time(0), date(2018, 11, 4), "2018-11-04T03:00"),  # No midnight.
        ("Africa/Cairo", time(0), date(2026, 4, 24), "2026-04-23T22:00"),  # No midnight.
        ("America/Havana", time(0, 30), date(2026, 11, 1), "2026-11-01T04:30"),  # Twice.
        ("Asia/Kathmandu", time(9), date(2026, 11, 23), "2026-11-23T03:15"),
    ],
)
def test_nights_that_are_odd(tz: str, at: time, day: date, instant: str) -> None:
    slot = Schedule(rhythm=Rhythm.DAILY, at=at, tz=tz).slot(day)
    assert f"{slot.at:%Y-%m-%dT%H:%M}" == instant


def test_nine_is_nine_all_year() -> None:
    daily = Schedule(rhythm=Rhythm.DAILY, tz="Europe/London")
    assert {said(slot, daily)[-5:] for slot in islice(daily.slots(date(2026, 1, 1)), 365)} == {
        "09:00"
    }


@given(SCHEDULES, MOMENTS)
def test_those_to_come_are_later_each_and_on_days_of_their_own(
    schedule: Schedule, now: datetime
) -> None:
    coming = list(islice(schedule.after(now), 5))
    assert all(slot.at > now for slot in coming)
    assert all(one.day < two.day and one.at <= two.at for one, two in pairwise(coming))
    assert all(schedule.falls_on(slot.day) for slot in coming)
    # None is left out between now and the first.
    before = coming[0].day - timedelta(days=1)
    while (before - now.astimezone(schedule.zone).date()).days >= -1:
        assert not schedule.falls_on(before) or schedule.slot(before).at <= now
        before -= timedelta(days=1)


@given(SCHEDULES, MOMENTS)
def test_the_one_before_is_the_newest_that_was(schedule: Schedule, now: datetime) -> None:
    was = schedule.before(now)
    assert was <= now
    first = next(schedule.after(was - timedelta(seconds=1)))
    assert first.at == was
    assert next(schedule.after(now)).at > now
    assert not any(was < slot.at <= now for slot in islice(schedule.slots(first.day), 5))


@given(SCHEDULES, MOMENTS, st.timedeltas(timedelta(0), timedelta(days=90)), st.integers(1, 40))
def test_what_has_come_is_all_of_it_however_it_is_cut(
    schedule: Schedule, start: datetime, gone: timedelta, most: int
) -> None:
    first = next(schedule.after(start))
    now = first.at + gone
    whole, coming = schedule.come(first, now, 10_000)
    assert coming.at > now
    assert list(islice(schedule.slots(first.day), len(whole))) == list(whole)
    found: list[Slot] = []
    while first.at <= now:
        part, first = schedule.come(first, now, most)
        assert 1 <= len(part) <= most
        found += part
    assert (tuple(found), first) == (whole, coming)


@given(SCHEDULES, SCHEDULES, MOMENTS)
def test_another_schedule_loses_no_day_and_repeats_none(
    old: Schedule, new: Schedule, now: datetime
) -> None:
    waiting = next(old.after(now))
    last = waiting.day - timedelta(days=1)
    slot = new.instead(waiting.day, now, last)
    assert slot.day > last
    assert slot.at >= now
    assert new.falls_on(slot.day)
    if new.falls_on(waiting.day):
        # Its day is not lost: it comes then, or an earlier one does first.
        assert slot.day <= waiting.day or new.slot(slot.day).at <= now
    following = next(new.after(now, slot.day))
    assert following.day > slot.day
    assert following.at >= slot.at
