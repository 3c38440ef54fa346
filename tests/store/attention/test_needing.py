"""What needs attention: what the database finds is what the rules say of each deal."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from store.board import PAGE, Filter, Query, Sort
from store.database import Store
from store.opportunity.attention import Reason, marks, news, reasons
from store.opportunity.opportunity import Opportunity
from store.opportunity.status import STAGES, Health, Status
from store.person.person import Person, Viewer
from store.tables.entries import TaskRow
from store.tables.records import OpportunityRow
from store.task.task import NO_DUE, Due, NextStep
from store.usecases.opportunity import changes, reading
from store.usecases.pipeline import pipeline
from store.usecases.task.rows import put_due, settle_next
from store.workspace import Workspace

TEAM = "T1"
NOW = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)
ZONES = ("UTC", "Europe/London", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York")
VIEWER = Viewer(TEAM, frozenset({""}))
HOURS = st.integers(-40 * 24, 40 * 24)
DAYS = st.integers(-20, 20)
DUES = st.none() | st.tuples(DAYS, st.none() | st.integers(-60, 60))


@dataclass(frozen=True)
class Deal:
    """Relative to now: when its stage began, its days, its tasks with a day or with an instant."""

    status: Status
    aged: int
    close: int | None
    until: int | None
    archived: bool
    tasks: tuple[tuple[int, int | None] | None, ...]


DEALS = st.builds(
    Deal,
    status=st.sampled_from([*STAGES, *STAGES, *Status]),
    aged=HOURS,
    close=st.none() | DAYS,
    until=st.none() | DAYS,
    archived=st.integers(0, 9).map(lambda n: n == 0),
    tasks=st.lists(DUES, max_size=3).map(tuple),
)


@pytest.fixture
def store(migrated_url: str) -> Iterator[Store]:
    found = Store(migrated_url)
    yield found
    found.close()


def put(session: Session, deals: list[Deal], now: datetime) -> None:
    for table in (TaskRow, OpportunityRow):
        session.execute(delete(table))
    for number, deal in enumerate(deals, 1):
        row = _row(number, deal, now)
        session.add(row)
        session.flush()
        for task in deal.tasks:
            session.add(_task(row, task, now))
        settle_next(session, row)


def _row(number: int, deal: Deal, now: datetime) -> OpportunityRow:
    since = now + timedelta(hours=min(0, deal.aged))
    row = OpportunityRow(
        workspace_id=TEAM,
        number=number,
        name=f"Deal {number}",
        probability=50,
        status=deal.status,
        stage=deal.status if deal.status.is_stage else Status.QUOTING,
        created_by="U0A",
        created_at=since,
        stage_since=since,
        aged_from=since,
        status_since=since,
        expected_close=_day(deal.close, now),
        paused_until=_day(deal.until, now) if deal.status is Status.PAUSED else None,
        archived_at=now if deal.archived else None,
    )
    changes.settle(row)
    return row


def _day(ahead: int | None, now: datetime) -> date | None:
    return None if ahead is None else now.date() + timedelta(days=ahead)


def _task(deal: OpportunityRow, task: Any, now: datetime) -> TaskRow:
    due = None
    if task is not None:
        day, minutes = task
        on = now.date() + timedelta(days=day)
        at = None if minutes is None else now + timedelta(days=day // 10, minutes=minutes)
        due = Due(at.date() if at else on, at)
    row = TaskRow(
        workspace_id=TEAM,
        opportunity_id=deal.id,
        title="Next",
        assignee_id="U0A",
        created_by="U0A",
        created_at=now,
        due_key=due.key if due else NO_DUE,
    )
    put_due(row, due)
    return row


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(
    deals=st.lists(DEALS, min_size=1, max_size=30),
    minutes=st.integers(0, 2 * 24 * 60),
    zone=st.sampled_from(ZONES),
    sort=st.sampled_from(list(Sort)),
)
def test_the_database_finds_what_the_rules_say(
    store: Store, deals: list[Deal], minutes: int, zone: str, sort: Sort
) -> None:
    now, workspace = NOW + timedelta(minutes=minutes), Workspace(id=TEAM, tz=zone)
    query = Query(filter=Filter(attention=True), sort=sort)
    store.write_now(put, deals, now)

    def look(session: Session) -> None:
        rows = session.scalars(select(OpportunityRow)).all()
        every = reading.many(session, rows, workspace, now)
        needing = {one.number for one in every if reasons(one, workspace, now)}
        about = (session, query, VIEWER, workspace, now)
        assert {row.number for row in pipeline.page(*about, limit=99)} == needing
        assert pipeline.count(*about) == len(needing)
        assert _paged(session, query, workspace, now) == sorted(needing)

    store.read_now(look)


def _paged(session: Session, query: Query, workspace: Workspace, now: datetime) -> list[int]:
    """The numbers on all pages, turned one by one."""
    found: list[int] = []
    while True:
        rows = pipeline.page(session, query, VIEWER, workspace, now)
        found += [row.number for row in rows]
        if len(rows) < PAGE:
            return sorted(found)
        query = pipeline.following(query, pipeline.key(rows[-1], query.sort))


OPP = Opportunity(
    workspace_id=TEAM,
    id=1,
    number=1,
    name="Acme renewal",
    status=Status.QUOTING,
    stage=Status.QUOTING,
    probability=50,
    creator=Person("U0A", "Alice"),
    created_at=NOW,
    stage_since=NOW,
    status_since=NOW,
    next_step=NextStep("Call", Person("U0A", "Alice"), Due(date(2026, 11, 27)), 7),
)
WORKSPACE = Workspace(id=TEAM, tz="Europe/London")


def said(opp: Opportunity, now: datetime = NOW) -> dict[str, list[Any]]:
    return {one.value: [m.about, m.level] for one, m in marks(opp, WORKSPACE, now).items()}


def test_all_reasons_at_once_stand_in_their_order() -> None:
    step = NextStep("Call", Person("U0A", "Alice"), Due(date(2026, 11, 20)), 7)
    opp = replace(
        OPP, overdue=True, expected_close=date(2026, 11, 1), health=Health.RED, next_step=step
    )
    assert reasons(opp, WORKSPACE, NOW) == (Reason.CLOSE_PASSED, Reason.RED, Reason.TASK_OVERDUE)
    assert reasons(replace(opp, next_step=None), WORKSPACE, NOW)[-1] is Reason.NO_STEP
    assert reasons(replace(opp, archived_at=NOW), WORKSPACE, NOW) == ()
    for status in (Status.WON, Status.LOST, Status.PAUSED):
        assert reasons(replace(opp, status=status), WORKSPACE, NOW) == ()


def test_a_pause_is_about_to_end_from_three_days_before() -> None:
    for day, soon in ((26, True), (27, False)):
        opp = replace(OPP, status=Status.PAUSED, paused_until=date(2026, 11, day), next_step=None)
        assert reasons(opp, WORKSPACE, NOW) == ((Reason.RETURNING,) if soon else ())


def test_the_zone_of_the_workspace_says_which_day_it_is() -> None:
    step = NextStep("Call", Person("U0A", "Alice"), Due(date(2026, 11, 23)), 7)
    opp = replace(OPP, next_step=step)
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    for zone, late in (("Pacific/Kiritimati", True), ("UTC", False), ("Pacific/Pago_Pago", False)):
        found = reasons(opp, replace(WORKSPACE, tz=zone), at)
        assert found == ((Reason.TASK_OVERDUE,) if late else ())
    hour = replace(step, due=Due.of(date(2026, 11, 23), at.time(), ZoneInfo("UTC")))
    for seconds, late in ((0, False), (1, True)):
        found = reasons(replace(opp, next_step=hour), WORKSPACE, at + timedelta(seconds=seconds))
        assert found == ((Reason.TASK_OVERDUE,) if late else ())


def test_what_was_said_is_news_again_when_it_got_worse_or_is_another_matter() -> None:
    late = replace(OPP, overdue=True, expected_close=date(2026, 11, 20))
    told = said(late)
    for days, worse in ((0, False), (10, False), (11, True)):
        now = NOW + timedelta(days=days)
        fresh = replace(late, next_step=None)
        assert (Reason.CLOSE_PASSED in news(marks(late, WORKSPACE, now), told)) is worse
        assert Reason.NO_STEP in news(marks(fresh, WORKSPACE, now), told)
    again = said(late, NOW + timedelta(days=11))
    assert news(marks(late, WORKSPACE, NOW + timedelta(days=99)), again) == ()
    moved = replace(late, expected_close=date(2026, 11, 21))
    assert news(marks(moved, WORKSPACE, NOW), told) == (Reason.CLOSE_PASSED,)


def test_red_is_worse_beyond_four_times_what_is_expected() -> None:
    red = replace(OPP, health=Health.RED, days=21)
    told = said(red)
    assert news(marks(replace(red, days=40), WORKSPACE, NOW), told) == ()
    assert news(marks(replace(red, days=41), WORKSPACE, NOW), told) == (Reason.RED,)
    other = replace(red, stage=Status.CLOSING, stage_since=NOW + timedelta(days=1))
    assert news(marks(other, WORKSPACE, NOW), told) == (Reason.RED,)
