"""When owners are told: in their mornings, whatever becomes of clocks, zones and people."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest

from store.database import Store
from store.person.person import Role
from store.tables.recurring import RoundRow
from store.usecases import workspaces
from store.usecases.attention import attention, rounds
from tests.store.attention.mornings import (
    at,
    know,
    late,
    made_by,
    make_due,
    morning,
    names,
    next_at,
    rounds_made,
    shown,
    snooze,
    told,
)
from tests.store.crm import TEAM, Crm, actor

pytestmark = pytest.mark.usefixtures("in_london")


def test_in_the_morning_of_a_weekday_once(crm: Crm) -> None:
    late(crm)
    assert next_at(crm) == datetime(2026, 11, 24, 9, tzinfo=UTC)
    at(crm, 24, 8, minute=59)
    assert rounds_made(crm) == 0
    assert [morning(crm, 24), rounds_made(crm)] == [1, 0]
    assert names(crm) == [["Acme renewal"]]
    data = told(crm)[0]
    assert (data["on"], data["more"]) == ("2026-11-24", 0)
    for day in (25, 26, 27, 28, 29, 30):
        morning(crm, day)
    assert len(told(crm)) == 1


def test_not_on_weekends_and_not_in_the_evening(crm: Crm) -> None:
    late(crm)
    at(crm, 24, 18)
    assert rounds_made(crm) == 1
    assert (told(crm), next_at(crm)) == ([], datetime(2026, 11, 25, 9, tzinfo=UTC))
    crm.store.write_now(make_due, crm.now)
    for day in (28, 29):
        assert morning(crm, day) == (1 if day == 28 else 0)
    assert (told(crm), next_at(crm)) == ([], datetime(2026, 11, 30, 9, tzinfo=UTC))
    assert morning(crm, 30) == 1
    assert len(told(crm)) == 1


def test_after_days_without_the_bot_it_is_one_message(crm: Crm) -> None:
    late(crm, "First")
    late(crm, "Second", days=2)
    at(crm, 26, 15)
    assert [rounds_made(crm), rounds_made(crm)] == [1, 0]
    assert names(crm) == [["First", "Second"]]


def test_another_time_zone_moves_the_morning_and_no_day_has_two(crm: Crm) -> None:
    late(crm, "First")
    know(crm, crm.alice, tz="Asia/Tokyo")
    assert next_at(crm) == datetime(2026, 11, 24, 0, tzinfo=UTC)
    at(crm, 24, 0)
    assert rounds_made(crm) == 1
    late(crm, "Second")
    know(crm, crm.alice, tz="Europe/London")
    assert next_at(crm) == datetime(2026, 11, 24, 9, tzinfo=UTC)
    morning(crm, 24)
    assert names(crm) == [["First"]]
    morning(crm, 25)
    assert names(crm) == [["First"], ["Second"]]


def test_nine_is_nine_on_both_sides_of_a_change_of_the_clock(crm: Crm) -> None:
    crm.now = datetime(2027, 3, 26, 12, tzinfo=UTC)  # Friday; the clock goes ahead on Sunday.
    late(crm)
    assert next_at(crm) == datetime(2027, 3, 29, 8, tzinfo=UTC)
    assert rounds.morning_after(datetime(2026, 10, 23, 12, tzinfo=UTC), crm.alice.zone) == datetime(
        2026, 10, 26, 9, tzinfo=UTC
    )


def test_a_clock_that_steps_back_repeats_nothing_and_one_ahead_is_put_right(crm: Crm) -> None:
    late(crm)
    morning(crm, 24)
    at(crm, 24, 8)
    crm.store.write_now(make_due, crm.now)
    rounds_made(crm)
    morning(crm, 24)
    assert len(told(crm)) == 1
    crm.now = datetime(2027, 11, 24, 9, tzinfo=UTC)
    late(crm, "Other")
    rounds_made(crm)
    assert len(told(crm)) == 2
    at(crm, 25)
    late(crm, "Third")
    assert crm.store.write_now(rounds.put_right, crm.now) == 1
    morning(crm, 26)
    assert names(crm)[2:] == [["Third"]]


def test_an_uninstalled_workspace_waits(crm: Crm) -> None:
    late(crm)
    later = crm.now + timedelta(seconds=5)
    crm.store.write_now(workspaces.uninstall, TEAM, later)
    assert (morning(crm, 24), told(crm)) == (0, [])


def test_owners_by_an_import_are_enlisted(crm: Crm) -> None:
    late(crm)
    crm.opened(by=crm.bob)
    crm.store.write_now(lambda session: session.execute(RoundRow.__table__.delete()))
    found = crm.store.read_now(rounds.missing, TEAM)
    assert set(found) == {crm.alice.id, crm.bob.id}
    crm.store.write_now(rounds.enlist_all, TEAM, found, crm.now)
    assert crm.store.read_now(rounds.missing, TEAM) == []
    assert morning(crm, 24) == 2
    assert len(told(crm)) == 1


def test_who_left_or_is_a_guest_is_not_told(crm: Crm) -> None:
    late(crm)
    know(crm, crm.alice, deactivated=True)
    assert (morning(crm, 24), told(crm)) == (1, [])
    know(crm, crm.alice, role=Role.GUEST)
    assert (morning(crm, 25), told(crm)) == (1, [])
    know(crm, crm.alice)
    assert morning(crm, 26) == 1
    assert len(told(crm)) == 1


def test_two_copies_make_each_round_once(crm: Crm) -> None:
    owners = [actor(f"Owner{number}") for number in range(30)]
    for one in owners:
        know(crm, one)
        late(crm, one.name, by=one)
    at(crm, 24)
    copies = [crm.store, Store(crm.store.writer.url.render_as_string(hide_password=False))]

    with ThreadPoolExecutor(2) as threads:
        counts = list(threads.map(made_by, copies, [crm.now] * 2))
    copies[1].close()
    assert sum(counts) == len(owners)
    assert all(len(told(crm, one)) == 1 for one in owners)


def test_what_is_snoozed_while_it_is_looked_at_stays_so(crm: Crm) -> None:
    number = late(crm)
    at(crm, 24)
    (due,) = crm.store.read_now(attention.due, crm.now)
    news = crm.store.read_now(attention.look, due, crm.now)
    assert len(news) == 1
    assert snooze(crm, number, date(2026, 11, 26)) == date(2026, 11, 26)
    assert crm.store.write_now(attention.tell, due, news, crm.now)
    (data,) = told(crm)
    assert shown(crm, data) == []
    assert not crm.store.write_now(attention.tell, due, news, crm.now)
    assert [morning(crm, 25), len(told(crm)), morning(crm, 26), len(told(crm))] == [1, 1, 1, 2]


def test_whoever_owns_too_many_is_told_of_the_closest(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attention, "AT_ONCE", 2)
    monkeypatch.setattr(attention, "MOST", 4)
    for days in range(6):
        late(crm, f"Deal {days}", days=days + 1)
    morning(crm, 24)
    assert names(crm) == [["Deal 5", "Deal 4", "Deal 3", "Deal 2"]]
