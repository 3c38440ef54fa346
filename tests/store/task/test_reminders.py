"""Reminders in the database: when each comes, that it comes once, and when it doesn't."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from store.opportunity.status import Status
from store.person.person import Actor
from store.task.task import Due, Task
from store.usecases.opportunity import opportunities, status
from store.usecases.opportunity.status import Win
from store.usecases.person import people
from store.usecases.person.people import Profile
from store.usecases.task import edits as task_edits
from store.usecases.task import reminders, tasks
from store.usecases.task import words as task_words
from tests.store.crm import TEAM, Crm, actor
from tests.store.doing import LONDON, due, made, row, words


def remind(crm: Crm) -> int:
    return crm.store.write_now(reminders.remind_due, crm.now)


def at(crm: Crm, task: Task) -> datetime | None:
    return row(crm, task).remind_at


def test_at_its_hour_once(crm: Crm) -> None:
    task = made(crm, due=due(23, 15), assignee_id=crm.bob.id)
    crm.turn(hours=4, minutes=59)
    assert remind(crm) == 0
    crm.turn(minutes=1)
    assert (remind(crm), remind(crm)) == (1, 0)
    told = words(crm, crm.bob, "reminder")
    assert told == [{"say": "reminder", "task": task.id, "user": crm.bob.id}]


def test_without_an_hour_in_the_morning_of_its_assignee(crm: Crm) -> None:
    in_tokyo(crm, crm.bob)
    mine, theirs = made(crm, due=due(24)), made(crm, due=due(24), assignee_id=crm.bob.id)
    assert at(crm, mine) == datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert at(crm, theirs) == datetime(2026, 11, 24, 0, tzinfo=UTC)


def in_tokyo(crm: Crm, who: Actor, tz: str = "Asia/Tokyo") -> None:
    profile = Profile(workspace_id=TEAM, user_id=who.id, name=who.name, tz=tz)
    crm.store.write_now(people.know, profile, crm.now)


def test_another_time_zone_moves_mornings_and_no_hours(crm: Crm) -> None:
    morning, hour = made(crm, due=due(24)), made(crm, due=due(24, 15))
    today = made(crm, due=due(23, 18))
    in_tokyo(crm, crm.alice)
    assert at(crm, morning) == datetime(2026, 11, 24, 0, tzinfo=UTC)
    assert at(crm, hour) == datetime(2026, 11, 24, 15, tzinfo=UTC)
    assert at(crm, today) == datetime(2026, 11, 23, 18, tzinfo=UTC)
    crm.turn(hours=13)  # It is the morning of the 24th in Tokyo, and was not told yet.
    in_tokyo(crm, crm.alice, "Pacific/Auckland")
    assert at(crm, morning) == crm.now


def test_somebody_without_a_zone_is_in_utc(crm: Crm) -> None:
    nobody = actor("Zoe")
    profile = Profile(workspace_id=TEAM, user_id=nobody.id, name="Zoe")
    crm.store.write_now(people.know, profile, crm.now)
    task = made(crm, due=due(24), assignee_id=nobody.id)
    assert at(crm, task) == datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("on", "hour", "instant"),
    [
        (date(2027, 3, 28), time(1, 30), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        (date(2027, 10, 31), time(1, 30), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ],
)
def test_the_hour_that_is_not_and_the_one_that_is_twice(
    crm: Crm, on: date, hour: time, instant: datetime
) -> None:
    """In London 01:30 is skipped in March, when the clock then shows 02:30, and comes twice in
    October.
    """
    task = made(crm, due=Due.of(on, hour, LONDON))
    assert at(crm, task) == instant
    crm.now = instant - timedelta(seconds=1)
    assert remind(crm) == 0
    crm.now = instant + timedelta(hours=1)
    assert (remind(crm), remind(crm)) == (1, 0)


def test_half_past_two_on_the_night_without_it(crm: Crm) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    task = made(crm, due=Due.of(date(2027, 3, 28), time(2, 30), berlin))
    assert at(crm, task) == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert task.due
    assert task.due.said(berlin) == ("2027-03-28", "03:30")


def test_what_was_due_before_it_was_said_is_not_reminded_of(crm: Crm) -> None:
    assert at(crm, made(crm, due=due(23, 9))) is None
    assert at(crm, made(crm, due=due(22))) is None
    assert at(crm, made(crm, due=due(23))) is None  # It is 10:00 already.
    assert remind(crm) == 0


def test_what_is_due_just_now_is_told_although_it_is_changed(crm: Crm) -> None:
    task = made(crm, due=due(23, 15))
    crm.turn(hours=5, seconds=5)
    draft = replace(task.draft, title="Send it")
    crm.do(task_edits.save, task.id, draft, was={}, version=task.version)
    assert remind(crm) == 1
    crm.turn(seconds=5)
    assert remind(crm) == 0


def test_done_stopped_and_snoozed(crm: Crm) -> None:
    done, stopped, snoozed = (made(crm, name, due=due(23, 15)) for name in "abc")
    crm.do(tasks.done, done.id)
    crm.do(tasks.quiet, stopped.id)
    crm.do(tasks.snooze, stopped.id, due(24, 15))
    crm.do(tasks.snooze, snoozed.id, due(23, 16))
    crm.turn(hours=5)
    assert remind(crm) == 0
    crm.turn(hours=1)
    assert remind(crm) == 1
    crm.do(tasks.reopen, done.id)
    crm.turn(days=3)
    assert remind(crm) == 0


def test_reminded_again_after_it_was_snoozed(crm: Crm) -> None:
    task = made(crm, due=due(23, 15))
    crm.turn(hours=5)
    assert remind(crm) == 1
    crm.do(tasks.snooze, task.id, due(24, 9))
    crm.turn(days=1)
    assert remind(crm) == 1
    assert len(words(crm, crm.alice, "reminder")) == 2


@pytest.mark.parametrize("how", ["won", "paused", "archived"])
def test_none_while_its_deal_is_not_open(crm: Crm, how: str) -> None:
    number = crm.opened()
    task = made(crm, number=number, due=due(27))
    if how == "won":
        win = Win(final_value=None, closed_on=crm.now.date())
        crm.do(status.win, number, win, seen=None)
    elif how == "paused":
        crm.do(status.pause, number, None, seen=None)
    else:
        crm.do(opportunities.archive, number)
    assert at(crm, task) is None
    if how == "won":
        crm.do(status.reopen, number, None)
    elif how == "paused":
        crm.do(status.resume, number)
    else:
        crm.do(opportunities.restore, number)
    assert at(crm, task) == datetime(2026, 11, 27, 9, tzinfo=UTC)


def test_a_move_to_another_stage_leaves_reminders_alone(crm: Crm) -> None:
    number = crm.opened()
    task = made(crm, number=number, due=due(27))
    before = row(crm, task).version
    crm.do(status.move, number, Status.CLOSING, seen=None)
    assert row(crm, task).version == before


def test_a_reminder_that_is_late_says_nothing_that_is_no_longer_so(crm: Crm) -> None:
    number = crm.opened()
    task = made(crm, number=number, due=due(23, 15))
    told = (TEAM, task.id, crm.alice.id)
    assert crm.store.read_now(task_words.to_tell, *told, reminder=True) == task
    crm.do(status.pause, number, None, seen=None)
    assert crm.store.read_now(task_words.to_tell, *told, reminder=True) is None
    assert crm.store.read_now(task_words.to_tell, *told, reminder=False) is not None
    crm.do(tasks.done, task.id)
    assert crm.store.read_now(task_words.to_tell, *told, reminder=False) is None
