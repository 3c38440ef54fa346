"""Figures of a period on both databases: what counts, for whom, by which day; medians."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from store.errors import NotAllowed
from store.figures import (
    Days,
    Figures,
    Span,
    StageFigures,
    Worth,
    days_of,
    median,
    months_of,
    rate,
)
from store.money import Money
from store.opportunity.status import STAGES, Status
from store.person.person import Actor, Role
from store.tables.records import ChannelRow, OpportunityRow
from store.usecases.figures import figures
from store.usecases.opportunity import opportunities, reversing, status
from store.usecases.opportunity.status import Loss, Win
from tests.store.crm import TEAM, Crm, actor

LEAD, PITCHING, QUOTING, CLOSING = STAGES
TODAY = date(2026, 11, 23)


def look(crm: Crm, span: Span = Span.THIS_QUARTER, by: Actor | None = None) -> Figures:
    return crm.store.read_now(figures.of, span, by=by or crm.alice, now=crm.now)


def win(crm: Crm, number: int, final: Money | None = None, on: date | None = None) -> Any:
    said = Win(final_value=final, closed_on=on or crm.now.date())
    return crm.do(status.win, number, said, seen=None)


def lose(crm: Crm, number: int, reason: str = "Price") -> Any:
    return crm.do(status.lose, number, Loss(reason=reason, note="Said so"), seen=None)


def move(crm: Crm, number: int, to: Status) -> Any:
    return crm.do(status.move, number, to, seen=None)


def stage(found: Figures, wanted: Status) -> StageFigures:
    return next(one for one in found.stages if one.stage is wanted)


@pytest.mark.parametrize(
    ("span", "first", "last"),
    [
        (Span.THIS_MONTH, (2026, 11, 1), (2026, 11, 30)),
        (Span.LAST_MONTH, (2026, 10, 1), (2026, 10, 31)),
        (Span.THIS_QUARTER, (2026, 10, 1), (2026, 12, 31)),
        (Span.LAST_QUARTER, (2026, 7, 1), (2026, 9, 30)),
        (Span.THIS_YEAR, (2026, 1, 1), (2026, 12, 31)),
        (Span.LAST_YEAR, (2025, 1, 1), (2025, 12, 31)),
        (Span.LAST_90_DAYS, (2026, 8, 26), (2026, 11, 23)),
    ],
)
def test_the_days_of_a_period(span: Span, first: Any, last: Any) -> None:
    assert days_of(span, TODAY) == Days(date(*first), date(*last))


def test_the_last_quarter_in_january_is_of_the_year_before() -> None:
    assert days_of(Span.LAST_QUARTER, date(2026, 1, 1)) == Days(
        date(2025, 10, 1), date(2025, 12, 31)
    )
    assert days_of(Span.LAST_MONTH, date(2026, 3, 31)) == Days(date(2026, 2, 1), date(2026, 2, 28))
    assert days_of(Span.ALL_TIME, TODAY) is None


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)), st.sampled_from(list(Span)))
def test_this_period_holds_today_and_the_last_one_ends_before_it(today: date, span: Span) -> None:
    days = days_of(span, today)
    if days is None:
        return
    assert days.first <= days.last
    if span.value.startswith("this"):
        before = days_of(Span(span.value.replace("this", "last")), today)
        assert days.first <= today <= days.last
        assert before
        assert before.last == days.first - timedelta(days=1)
    months = months_of(days, today)
    assert len(months) == 12
    assert months[-1] <= today


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60))
def test_at_least_half_took_the_median_at_most_and_no_less_number_does(days: list[int]) -> None:
    found = median([(one, days.count(one)) for one in set(days)])
    assert found in days
    assert 2 * sum(one <= found for one in days) >= len(days)
    assert 2 * sum(one < found for one in days) < len(days)


def test_rates_and_averages_are_rounded_as_people_do() -> None:
    assert [rate(1, 3), rate(2, 3), rate(1, 200), rate(0, 5)] == [33, 67, 1, 0]
    assert Worth(3, Money(1000, "GBP")).average == Money(333, "GBP")
    assert Worth(2, Money(1001, "GBP")).average == Money(501, "GBP")
    assert Worth(3, Money(100_000, "GBP")).average == Money(333_00, "GBP")
    assert Worth(2, Money(100_001, "JPY")).average == Money(50_001, "JPY")
    assert median([]) is None


def test_nothing_closed_is_all_noughts(crm: Crm) -> None:
    crm.opened()
    found = look(crm)
    assert (found.won, found.lost, found.cycle, found.worths) == (0, 0, None, ())
    assert not found.enough
    assert stage(found, LEAD) == StageFigures(LEAD, entered=1, left=0, days=None)


def test_won_lost_worth_reasons_and_owners(crm: Crm) -> None:
    gbp, eur = Money(1_000_00, "GBP"), Money(500_00, "EUR")
    win(crm, crm.opened(value=gbp), Money(900_00, "GBP"))
    win(crm, crm.opened(value=gbp))
    win(crm, crm.opened(value=eur, owner_id=crm.bob.id), eur)
    win(crm, crm.opened(owner_id=crm.bob.id))
    lose(crm, crm.opened(value=gbp), "Timing")
    lose(crm, crm.opened(owner_id=crm.bob.id), "Timing")
    lose(crm, crm.opened(), "Price")
    found = look(crm)
    assert (found.won, found.lost, found.unpriced) == (4, 3, 1)
    assert found.worths == (Worth(2, Money(1_900_00, "GBP")), Worth(1, eur))
    assert found.reasons == (("Timing", 2), ("Price", 1))
    shown = [(one.owner.name, one.won, one.lost) for one in found.owners if one.owner]
    assert shown == [("Alice", 2, 2), ("Bob", 2, 1)]
    assert found.owners[1].worths == (Worth(1, eur),)
    assert [(one.first, one.won, one.lost) for one in found.months[-2:]] == [
        (date(2026, 10, 1), 0, 0),
        (date(2026, 11, 1), 4, 3),
    ]


def test_the_day_given_says_in_which_period_it_was_won(crm: Crm) -> None:
    win(crm, crm.opened(), on=date(2026, 9, 30))
    win(crm, crm.opened(), on=date(2026, 10, 1))
    assert look(crm, Span.THIS_QUARTER).won == 1
    assert look(crm, Span.LAST_QUARTER).won == 1
    assert look(crm, Span.ALL_TIME).won == 2


def test_what_was_undone_reopened_or_archived_is_not_counted(crm: Crm) -> None:
    undone = crm.opened()
    made = win(crm, undone)
    crm.do(reversing.undo, undone, made.change.id)
    reopened = crm.opened()
    lose(crm, reopened)
    crm.do(status.reopen, reopened, None)
    archived = crm.opened()
    win(crm, archived)
    crm.do(opportunities.archive, archived)
    found = look(crm)
    assert (found.won, found.lost, found.cycle) == (0, 0, None)
    lead = stage(found, LEAD)
    assert (lead.entered, lead.left) == (3, 1)  # Opened twice, lost and reopened once.


def test_movement_and_days_in_each_stage(crm: Crm) -> None:
    number = crm.opened()
    crm.turn(days=4)
    move(crm, number, QUOTING)
    crm.turn(days=7)
    wrong = move(crm, number, PITCHING)
    crm.do(reversing.undo, number, wrong.change.id)
    move(crm, number, LEAD)
    crm.turn(days=2)
    lose(crm, number)
    found = look(crm)
    assert stage(found, LEAD) == StageFigures(LEAD, entered=2, left=2, days=2)
    assert stage(found, QUOTING) == StageFigures(QUOTING, entered=1, left=1, days=7)
    assert stage(found, PITCHING) == StageFigures(PITCHING, entered=0, left=0, days=None)
    assert stage(found, CLOSING).left == 0


def test_moves_belong_to_the_period_by_the_workspaces_own_midnight(crm: Crm) -> None:
    """London is an hour ahead on 1 July 2026: 23:30 in UTC on 30 June is July there."""
    crm.store.write_now(_london)
    crm.now = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    crm.opened()
    crm.turn(hours=1)
    crm.opened()
    crm.turn(days=5)
    assert stage(look(crm, Span.THIS_QUARTER), LEAD).entered == 1
    assert stage(look(crm, Span.LAST_QUARTER), LEAD).entered == 1


def _london(session: Any) -> None:
    from store.tables.records import WorkspaceRow  # noqa: PLC0415 - used here only.

    session.execute(update(WorkspaceRow).values(tz="Europe/London"))


def test_pauses_and_closed_times_are_left_out_of_days(crm: Crm) -> None:
    number = crm.opened()
    crm.turn(days=3)
    crm.do(status.pause, number, None, seen=None)
    crm.turn(days=30)
    crm.do(status.resume, number)
    crm.turn(days=5)
    lose(crm, number)
    crm.turn(days=10)
    crm.do(status.reopen, number, None)
    crm.turn(days=2)
    crm.do(status.pause, number, None, seen=None)
    crm.turn(days=9)
    win(crm, number)
    found = look(crm, Span.ALL_TIME)
    assert found.cycle == 10
    assert stage(found, LEAD) == StageFigures(LEAD, entered=2, left=2, days=8)


def test_an_undone_pause_rested_no_time(crm: Crm) -> None:
    number = crm.opened()
    crm.do(status.pause, number, None, seen=None)
    crm.turn(days=6)
    back = crm.do(status.resume, number)
    crm.do(reversing.undo, number, back.change.id)
    crm.turn(days=4)
    crm.do(status.resume, number)
    win(crm, number)
    assert look(crm, Span.ALL_TIME).cycle == 0


def test_a_win_entered_late_took_until_its_day(crm: Crm) -> None:
    number = crm.opened()
    crm.turn(days=20)
    win(crm, number, on=crm.now.date() - timedelta(days=5))
    assert look(crm, Span.ALL_TIME).cycle == 15


def test_only_what_a_viewer_may_see_is_counted(crm: Crm) -> None:
    seen, hidden = crm.opened(), crm.opened()
    for number in (seen, hidden):
        move(crm, number, QUOTING)
        win(crm, number, Money(100, "GBP"))
    crm.store.write_now(_hide, hidden)
    found = look(crm, by=crm.bob)
    assert (found.won, found.worths) == (1, (Worth(1, Money(100, "GBP")),))
    assert stage(found, LEAD) == StageFigures(LEAD, entered=1, left=1, days=0)
    inside = actor("Bob", private_channels=frozenset({"C0VIP"}))
    assert look(crm, by=inside).won == 2
    assert stage(look(crm, by=inside), QUOTING).left == 2
    assert found.months[-1].won == 1


def _hide(session: Any, number: int) -> None:
    row = session.query(OpportunityRow).filter_by(workspace_id=TEAM, number=number).one()
    row.audience = row.card_channel = "C0VIP"
    now = datetime(2026, 11, 1, tzinfo=UTC)
    session.add(ChannelRow(workspace_id=TEAM, channel_id="C0VIP", kind="private", read_at=now))


def test_another_workspace_counts_its_own(crm: Crm) -> None:
    win(crm, crm.opened())
    found = look(crm, by=crm.eve)
    assert (found.won, stage(found, LEAD).entered, found.owners) == (0, 0, ())


def test_guests_are_refused(crm: Crm) -> None:
    with pytest.raises(NotAllowed):
        look(crm, by=actor("Gail", role=Role.GUEST))
