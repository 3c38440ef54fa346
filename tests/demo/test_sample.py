"""The sample data: whole, varied, and a history that could have happened."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.demo.sample import earlier
from bot.demo.sample.diary import DIARY
from bot.demo.sample.filling import history
from bot.demo.sample.plans import PLANS
from bot.demo.sample.sample import CONTACTS, DEALS
from bot.demo.sample.steps import Did, Lost, Moved, Paused, Planned, Won
from store.figures import ENOUGH
from store.opportunity.status import STAGES, Status

LONDON = ZoneInfo("Europe/London")


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_whatever_the_day_all_happened_in_its_order_and_before_now(now: datetime) -> None:
    events = history(now, LONDON)
    assert all(event.at < now - timedelta(minutes=10) for event in events)
    for deal in DEALS:
        steps = [event.step for event in events if event.deal is deal]
        besides = (*DIARY.get(deal.name, ()), *PLANS.get(deal.name, ()))
        assert [step for step in steps if step not in besides] == [None, *deal.steps]
        planned = [step for step in steps if step in PLANS.get(deal.name, ())]
        assert planned == list(PLANS.get(deal.name, ()))


def test_it_shows_every_state_several_owners_and_currencies() -> None:
    done = {type(step.what) for deal in DEALS for step in deal.steps}
    assert done >= {Moved, Won, Lost, Paused}
    assert {deal.owner.first_name for deal in DEALS} == {"Alice", "Bob", "Carol"}
    assert {deal.value.currency for deal in DEALS if deal.value} == {"GBP", "EUR"}
    assert any(deal.value is None for deal in DEALS)
    assert len(DEALS) >= 25


def test_contacts_are_those_of_the_deals() -> None:
    names = {contact.name for contact in CONTACTS}
    assert {deal.contact for deal in DEALS if deal.contact} == names
    for contact in CONTACTS:
        contact.checked()


def test_the_diary_is_of_the_deals_and_of_days_of_its_own() -> None:
    deals = {deal.name: deal for deal in DEALS}
    assert DIARY.keys() <= deals.keys()
    for name, entries in DIARY.items():
        days = [step.ago for step in entries]
        assert all(before > after for before, after in pairwise(days)), name
        assert max(days) < deals[name].opened
        assert not {*days} & {step.ago for step in deals[name].steps}, name
    kinds = {step.what.kind for steps in DIARY.values() for step in steps}
    assert kinds >= {"call", "email", "meeting", "note"}


def test_the_plans_are_of_open_deals_some_late_some_today_some_to_come() -> None:
    deals = {deal.name: deal for deal in DEALS}
    assert PLANS.keys() <= deals.keys()
    planned = [step.what for steps in PLANS.values() for step in steps]
    titles = [what.title for what in planned if isinstance(what, Planned)]
    assert len(titles) == len({*titles})
    assert {what.title for what in planned if isinstance(what, Did)} <= {*titles}
    days = [what.due for what in planned if isinstance(what, Planned) and what.due is not None]
    assert min(days) < 0 in days
    assert max(days) > 7
    for name, steps in PLANS.items():
        assert max(step.ago for step in steps) < deals[name].opened
        ends = {type(step.what) for step in deals[name].steps}
        assert not ends & {Won, Lost, Paused}, name


def test_the_steps_of_a_deal_follow_each_other() -> None:
    for deal in DEALS:
        days = [deal.opened, *(step.ago for step in deal.steps)]
        assert all(before > after for before, after in pairwise(days)), deal.name
        moved = [step.what.to for step in deal.steps if isinstance(step.what, Moved)]
        assert moved == list(STAGES[1 : 1 + len(moved)])


def test_enough_was_closed_before_for_figures_of_most_periods() -> None:
    found = earlier.deals(date(2026, 11, 23), LONDON)
    lately = [one for one in found if one.since.status_since.date() > date(2026, 7, 1)]
    assert len(found) > len(lately) >= ENOUGH
    assert {one.status for one in found} == {Status.WON, Status.LOST}
    assert all(one.since.created_at < one.since.status_since for one in found)
    assert all(bool(one.closing.lost_reason) is (one.status is Status.LOST) for one in found)
