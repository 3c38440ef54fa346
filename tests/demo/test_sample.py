"""The sample data: whole, varied, and a history that could have happened."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.demo.diary import DIARY
from bot.demo.filling import history
from bot.demo.sample import CONTACTS, DEALS
from bot.demo.steps import Lost, Moved, Paused, Won
from store.status import STAGES

LONDON = ZoneInfo("Europe/London")


@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_whatever_the_day_all_happened_in_its_order_and_before_now(now: datetime) -> None:
    events = history(now, LONDON)
    assert all(event.at < now - timedelta(minutes=10) for event in events)
    for deal in DEALS:
        steps = [event.step for event in events if event.deal is deal]
        assert [step for step in steps if step not in DIARY.get(deal.name, ())] == [
            None,
            *deal.steps,
        ]


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


def test_the_steps_of_a_deal_follow_each_other() -> None:
    for deal in DEALS:
        days = [deal.opened, *(step.ago for step in deal.steps)]
        assert all(before > after for before, after in pairwise(days)), deal.name
        moved = [step.what.to for step in deal.steps if isinstance(step.what, Moved)]
        assert moved == list(STAGES[1 : 1 + len(moved)])
