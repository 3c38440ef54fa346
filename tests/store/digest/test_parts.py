"""The parts of a digest: sums, forecast, what is next, what waits; and whether there is any."""

from datetime import date, timedelta

import pytest

from store.digest.content import Content, Expected, When
from store.digest.digest import Part
from store.digest.news import News
from store.errors import Gone
from store.money import Money
from store.opportunity.status import STAGES
from store.usecases.digest import digests
from store.usecases.digest import reading as digest_reading
from store.usecases.opportunity import status
from store.usecases.task import tasks
from tests.store.crm import TEAM, Crm
from tests.store.digest.digesting import decided, posts
from tests.store.doing import due, made
from tests.store.telling import busy, digest, eur, gbp, lose, move, news, told, win

LEAD, PITCHING, QUOTING, CLOSING = STAGES


def test_sums_stand_apart_by_currency(crm: Crm) -> None:
    one = digest(crm)
    soon = crm.now.date() + timedelta(days=1)
    for value in (gbp(10), gbp(20), eur(5), None):
        crm.opened("Acme", value=value, expected_close=soon, stage=QUOTING)
        win(crm, crm.opened("won", value=value), value)
    content = told(crm, one)
    groups = {group.news: group for group in content.groups}
    for what in (News.WON, News.NEW):
        assert groups[what].total == 4
        assert set(groups[what].sums) == {gbp(30), eur(5)}
    assert [str(row.deal.value) for row in groups[News.NEW].rows] == [
        str(value) for value in (gbp(20), gbp(10), eur(5))
    ]
    (month,) = content.forecast
    assert (month.count, month.unpriced, set(month.won)) == (4, 1, {gbp(30), eur(5)})
    weighted = {one.weighted for one in month.sums}
    assert weighted == {gbp(15), Money(2_50, "EUR")}
    assert {one.total for one in content.closing.sums} == {gbp(30), eur(5)}


def test_the_forecast_goes_month_by_month(crm: Crm) -> None:
    one = digest(crm)
    days = {
        "passed": date(2026, 11, 22),
        "today": date(2026, 11, 23),
        "november": date(2026, 11, 30),
        "april": date(2027, 4, 30),
        "may": date(2027, 5, 1),
        "never": None,
    }
    for name, day in days.items():
        crm.opened(name, expected_close=day, value=gbp(10))
    lose(crm, crm.opened("lost", expected_close=date(2026, 12, 1), value=gbp(10)))
    paused = crm.opened("paused", expected_close=date(2026, 12, 1), value=gbp(10))
    crm.do(status.pause, paused, None, seen=None)
    win(crm, crm.opened("won", expected_close=date(2026, 12, 1)), gbp(7))
    content = told(crm, one)
    assert [(each.when, each.month, each.count) for each in content.forecast] == [
        (When.PASSED, None, 1),
        (When.MONTH, date(2026, 11, 1), 2),
        (When.MONTH, date(2027, 4, 1), 1),
        (When.LATER, None, 1),
        (When.NO_DATE, None, 1),
    ]
    assert [each.won for each in content.forecast] == [(), (gbp(7),), (), (), ()]


def test_a_month_with_nothing_but_what_was_won_is_told(crm: Crm) -> None:
    one = digest(crm)
    win(crm, crm.opened("won"), gbp(7))
    month = date(2026, 11, 1)
    assert told(crm, one).forecast == (Expected(when=When.MONTH, month=month, won=(gbp(7),)),)


def test_it_reads_by_the_clock_of_its_schedule(crm: Crm) -> None:
    """It is Monday, 10:00 in London, and 23:00 in Auckland; three hours on, that is Tuesday."""
    crm.turn(hours=3)
    crm.opened("Acme", expected_close=date(2026, 11, 23))
    london, auckland = digest(crm), digest(crm, tz="Pacific/Auckland")
    assert told(crm, london).closing.total == 1
    content = told(crm, auckland)
    assert (content.closing.total, content.attention.total) == (0, 1)
    assert content.workspace.tz == "Pacific/Auckland"


def test_what_closes_in_seven_days_the_next_first(crm: Crm) -> None:
    one = digest(crm)
    for ahead in (-1, 0, 7, 8, 3):
        crm.opened(str(ahead), expected_close=crm.now.date() + timedelta(days=ahead))
    closing = told(crm, one).closing
    assert [deal.name for deal in closing.rows] == ["0", "3", "7"]
    assert closing.total == 3


def test_a_section_names_a_few_and_counts_all(crm: Crm) -> None:
    one = digest(crm)
    for at in range(7):
        busy(crm, f"Deal {at}", expected_close=crm.now.date(), value=gbp(at + 1))
    content = told(crm, one)
    (new,) = content.groups
    assert ([row.deal.name for row in new.rows], new.total) == (["Deal 6", "Deal 5", "Deal 4"], 7)
    for section in (content.closing, content.attention, content.tasks):
        assert (len(section.rows), section.total) == (4, 7)


def test_tasks_that_are_overdue_on_deals(crm: Crm) -> None:
    one = digest(crm)
    number = crm.opened("Acme")
    made(crm, "late", number=number, due=due(20))
    made(crm, "later", number=number, due=due(21, 9), assignee_id=crm.bob.id)
    made(crm, "today", number=number, due=due(23))
    made(crm, "of no deal", due=due(20))
    crm.do(tasks.done, made(crm, "done", number=number, due=due(20)).id)
    found = told(crm, one).tasks
    assert ([task.title for task in found.rows], found.total) == (["late", "later"], 2)


def test_only_the_parts_that_were_chosen_are_read(crm: Crm) -> None:
    busy(crm, "Acme")
    for part in Part:
        one = digest(crm, parts=(part,))
        crm.opened("fresh")
        content = told(crm, one)
        has = {
            Part.CHANGES: bool(content.groups),
            Part.TOTALS: bool(content.totals),
            Part.FORECAST: bool(content.forecast),
            Part.CLOSING: bool(content.closing.total),
            Part.ATTENTION: bool(content.attention.total),
            Part.TASKS: bool(content.tasks.total),
        }
        assert has == {each: each is part for each in Part}
        assert not content.is_quiet


def test_quiet_is_what_nobody_need_read(crm: Crm) -> None:
    number = crm.opened("Acme", value=gbp(10), expected_close=date(2027, 3, 1))
    made(crm, number=number, due=due(30))
    one, standing = digest(crm), digest(crm, parts=(Part.TOTALS, Part.FORECAST))
    assert told(crm, one).is_quiet
    assert not told(crm, standing).is_quiet
    move(crm, number, CLOSING)
    assert not told(crm, one).is_quiet
    lose(crm, number)
    other = digest(crm, parts=(Part.TOTALS, Part.FORECAST))
    assert told(crm, other).is_quiet


def shown(crm: Crm) -> Content | None:
    """What delivery would post of the newest one."""
    _, run = posts(crm)[-1]
    return crm.store.read_now(digest_reading.to_show, TEAM, run, crm.now)


def due_for(crm: Crm) -> int | None:
    """At which hour it was due, if it says that it is late."""
    content = shown(crm)
    assert content
    return content.late_for.hour if content.late_for else None


def test_what_changed_after_it_was_decided_is_told_by_the_next(crm: Crm) -> None:
    one = digest(crm)
    crm.turn(days=1, hours=-1)
    decided(crm)
    crm.turn(minutes=1)
    crm.opened("after it was decided")
    first = shown(crm)
    assert first
    assert (first.digest_id, first.groups) == (one, ())
    crm.turn(days=1)
    decided(crm)
    second = shown(crm)
    assert second
    assert (second.since, news(second)) == (first.until, {"new": ["after it was decided"]})


def test_it_says_when_it_is_late_however_that_came_to_be(crm: Crm) -> None:
    one = digest(crm)
    crm.turn(days=1, hours=-1)
    decided(crm)
    assert due_for(crm) is None
    crm.turn(minutes=30)  # Slack could not be reached.
    assert due_for(crm) == 9
    crm.turn(days=1)  # The bot was down.
    decided(crm)
    assert due_for(crm) == 9
    crm.do(digests.send_now, one)
    crm.turn(hours=1)
    assert due_for(crm) is None


def test_one_that_was_deleted_is_shown_no_more(crm: Crm) -> None:
    one = digest(crm)
    crm.turn(days=1)
    decided(crm)
    crm.do(digests.delete, one)
    assert shown(crm) is None
    with pytest.raises(Gone):
        told(crm, one)
