"""Lists of tasks in the database: exact in the viewer's time zone, paged, and nobody else's."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.contact import ContactDraft
from store.errors import Gone, NotFound
from store.person.person import Actor
from store.task.lists import Scope, Spot, TaskPage
from store.task.task import OPEN_BUCKETS, Bucket, Due, bucket_of
from store.usecases import contacts
from store.usecases.opportunity import opportunities
from store.usecases.task import lists as task_lists
from store.usecases.task import tasks
from tests.store.crm import Crm, actor
from tests.store.doing import due, made

ZONES = ("UTC", "Europe/London", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu")


def listed(crm: Crm, by: Actor | None = None, **scope: object) -> TaskPage:
    """The first page of one's own tasks, or of those asked for."""
    who = by or crm.alice
    wanted = Scope(**(scope or {"whose": who.id}))  # type: ignore[arg-type]
    return crm.store.read_now(task_lists.page, wanted, by=who, now=crm.now)


def titles(page: TaskPage) -> list[tuple[str, str]]:
    return [(bucket.value, task.title) for bucket, task in page.rows]


def test_by_when_they_are_due(crm: Crm) -> None:
    """It is Monday, 23 November, 10:00."""
    for name, on in (
        ("later", due(7, month=12)),
        ("sunday", due(29)),
        ("next monday", due(30)),
        ("nine", due(23, 9)),
        ("yesterday", due(22)),
        ("no date", None),
        ("tomorrow", due(24)),
        ("noon", due(23, 12)),
        ("wednesday", due(25, 8)),
        ("today", due(23)),
        ("next sunday", due(6, month=12)),
    ):
        made(crm, name, due=on)
    assert titles(listed(crm)) == [
        ("overdue", "yesterday"),
        ("overdue", "nine"),
        ("today", "noon"),
        ("today", "today"),
        ("tomorrow", "tomorrow"),
        ("this_week", "wednesday"),
        ("this_week", "sunday"),
        ("next_week", "next monday"),
        ("next_week", "next sunday"),
        ("later", "later"),
    ]
    assert listed(crm).counts == dict(zip(OPEN_BUCKETS, (2, 2, 1, 2, 2, 1, 1), strict=True))


def test_an_hour_is_the_viewers_and_a_day_is_a_day(crm: Crm) -> None:
    """19:00 in London is four in the morning of the next day in Tokyo."""
    made(crm, "hour", due=due(23, 19))
    made(crm, "day", due=due(23))
    tokyo = actor("Alice", tz="Asia/Tokyo", admin=True)
    assert titles(listed(crm, by=tokyo)) == [("today", "day"), ("tomorrow", "hour")]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None
)
@given(data=st.data())
def test_each_is_listed_once_where_it_belongs(crm: Crm, data: st.DataObject) -> None:
    zone = data.draw(st.sampled_from(ZONES), "zone")
    minutes = data.draw(st.lists(st.integers(-15 * 1440, 20 * 1440), max_size=12), "due")
    days = data.draw(st.lists(st.integers(-10, 20), max_size=12), "days")
    crm.now = datetime(2026, 11, 23, tzinfo=UTC) + timedelta(
        minutes=data.draw(st.integers(0, 7 * 1440), "now")
    )
    start = datetime(2026, 11, 23, tzinfo=UTC)
    dues: list[Due | None] = [None]
    dues += [
        Due((start + timedelta(minutes=m)).date(), start + timedelta(minutes=m)) for m in minutes
    ]
    dues += [Due(date(2026, 11, 23) + timedelta(days=one)) for one in days]
    by = actor("Alice", tz=zone, admin=True)
    ids = {made(crm, by=by, due=one).id: one for one in dues}
    wanted = Scope(whose=by.id)
    seen: list[tuple[Bucket, int]] = []
    page = crm.store.read_now(task_lists.page, wanted, by=by, now=crm.now)
    assert page.counts is not None
    counted = dict(page.counts)
    while True:
        seen += [(bucket, task.id) for bucket, task in page.rows]
        if page.after is None:
            break
        page = crm.store.read_now(task_lists.page, wanted, by=by, now=crm.now, start=page.after)
    rows = [(bucket, task_id) for bucket, task_id in seen if task_id in ids]
    assert sorted(task_id for _, task_id in rows) == sorted(ids)
    for bucket, task_id in rows:
        assert bucket is bucket_of(ids[task_id], crm.now, ZoneInfo(zone))
    assert [OPEN_BUCKETS.index(b) for b, _ in seen] == sorted(
        OPEN_BUCKETS.index(b) for b, _ in seen
    )
    assert {b: sum(one is b for one, _ in seen) for b, _ in seen} == counted
    for _, task_id in rows:
        crm.do(tasks.done, task_id, by=by)


def test_there_and_back(crm: Crm) -> None:
    for number in range(25):
        made(crm, f"{number:02}", due=due(24 + number // 10, number % 10) if number < 20 else None)
    pages = [listed(crm)]
    whose = Scope(whose=crm.alice.id)
    who = {"by": crm.alice, "now": crm.now}
    while pages[-1].after:
        pages.append(crm.store.read_now(task_lists.page, whose, start=pages[-1].after, **who))
    assert [len(page.rows) for page in pages] == [10, 10, 5]
    assert pages[0].before is None
    back = crm.store.read_now(task_lists.page, whose, end=pages[2].before, **who)
    assert titles(back) == titles(pages[1])
    assert back.after is not None
    first = crm.store.read_now(task_lists.page, whose, end=back.before, **who)
    assert titles(first) == titles(pages[0])
    assert first.before is None


def test_a_page_that_is_gone_is_the_first_one(crm: Crm) -> None:
    made(crm, "only")
    last = Spot(Bucket.NO_DATE, "9999-12-31", 10**9)
    page = crm.store.read_now(
        task_lists.page, Scope(whose=crm.alice.id), by=crm.alice, now=crm.now, start=last
    )
    assert titles(page) == [("no_date", "only")]
    assert page.before is None


@pytest.mark.parametrize(
    "spot",
    [
        Spot(Bucket.DONE, "2026-11-23", 1),
        Spot(Bucket.TODAY, "\x00", 1),
        Spot(Bucket.TODAY, "x" * 99, 1),
    ],
)
def test_a_forged_place_is_refused(crm: Crm, spot: Spot) -> None:
    with pytest.raises(Gone):
        crm.store.read_now(task_lists.page, Scope(), by=crm.alice, now=crm.now, start=spot)


def test_everybodys_a_persons_and_done(crm: Crm) -> None:
    made(crm, "mine")
    made(crm, "bobs", assignee_id=crm.bob.id)
    ended = made(crm, "ended")
    crm.do(tasks.done, ended.id, by=crm.bob)
    assert [t for _, t in titles(listed(crm, done=False))] == ["mine", "bobs"]
    assert listed(crm, done=False).counts is None
    bobs = listed(crm, whose=crm.bob.id)
    assert titles(bobs) == [("no_date", "bobs")]
    assert bobs.person
    assert bobs.person.name == "Bob"
    assert titles(listed(crm, whose=crm.bob.id, done=True)) == [("done", "ended")]
    assert titles(listed(crm, done=True)) == [("done", "ended")]


def test_done_ones_newest_first_and_paged(crm: Crm) -> None:
    for number in range(12):
        task = made(crm, f"{number:02}")
        crm.turn(minutes=1)
        crm.do(tasks.done, task.id)
    page = listed(crm, done=True)
    assert [t for _, t in titles(page)] == [f"{n:02}" for n in range(11, 1, -1)]
    scope = Scope(done=True)
    who = {"by": crm.alice, "now": crm.now}
    rest = crm.store.read_now(task_lists.page, scope, start=page.after, **who)
    assert [t for _, t in titles(rest)] == ["01", "00"]
    back = crm.store.read_now(task_lists.page, scope, end=rest.before, **who)
    assert titles(back) == titles(page)


def test_of_a_deal_what_is_open_comes_first(crm: Crm) -> None:
    number = crm.opened()
    first = made(crm, "first", number=number)
    made(crm, "second", number=number, due=due(24))
    made(crm, "elsewhere")
    crm.do(tasks.done, first.id)
    page = listed(crm, number=number, done=None)
    assert titles(page) == [("tomorrow", "second"), ("done", "first")]
    assert page.counts == {Bucket.TOMORROW: 1}
    with pytest.raises(NotFound):
        listed(crm, number=77, done=None)


def test_of_a_contact_its_own_and_those_of_its_deals(crm: Crm) -> None:
    jane = crm.do(contacts.create, ContactDraft(name="Jane Doe")).id
    number = crm.opened(contact_id=jane)
    hidden = crm.opened(contact_id=jane, channel_id=None, by=crm.bob)
    made(crm, "own", contact_id=jane, due=due(25))
    made(crm, "deals", number=number, due=due(24))
    made(crm, "both", number=number, contact_id=jane, due=due(26))
    made(crm, "hidden", number=hidden, by=crm.bob)
    made(crm, "elsewhere")
    page = listed(crm, contact_id=jane, done=None)
    assert [t for _, t in titles(page)] == ["deals", "own", "both"]
    assert [t for _, t in titles(listed(crm, by=crm.bob, contact_id=jane))][-1] == "hidden"


def test_what_one_can_not_see_is_neither_listed_nor_counted(crm: Crm) -> None:
    hidden = crm.opened(channel_id=None, by=crm.bob)
    made(crm, "hidden", number=hidden, by=crm.bob, assignee_id=crm.alice.id)
    assert listed(crm).rows == ()
    assert listed(crm).counts == {}
    assert listed(crm, done=False).rows == ()
    archived = crm.opened()
    made(crm, "archived", number=archived)
    crm.do(opportunities.archive, archived)
    assert listed(crm).rows == ()
    assert [t for _, t in titles(listed(crm, number=archived))] == ["archived"]


def test_my_day_is_the_first_of_it_and_how_much(crm: Crm) -> None:
    for number in range(7):
        made(crm, f"late {number}", due=due(20))
    made(crm, "today", due=due(23))
    made(crm, "tomorrow", due=due(24))
    day = crm.store.read_now(task_lists.my_day, by=crm.alice, now=crm.now)
    assert [t for _, t in titles(day)] == [*(f"late {n}" for n in range(5)), "today"]
    assert day.counts == {Bucket.OVERDUE: 7, Bucket.TODAY: 1}
