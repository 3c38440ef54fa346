"""The forms of tasks as nobody's client would send them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.activity.form import activity
from handlers.payload import StaleButton
from handlers.task.form import snooze, task
from store.errors import Invalid
from store.person.person import Actor, Role

NOW = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
SIGNS = ("0001-01-01", "1969-12-31", "2200-01-01", "9999-12-30", "9999-12-31")
ZONES = ("Pacific/Kiritimati", "Pacific/Pago_Pago")


def somebody(tz: str) -> Actor:
    return Actor(workspace_id="T1", id="U1", name="Alice", role=Role.MEMBER, tz=tz)


def held(**values: str) -> dict[str, Any]:
    return {name: {"x": {"value": value}} for name, value in values.items()}


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", SIGNS)
def test_a_day_out_of_all_time_is_refused_on_its_field(day: str, zone: str) -> None:
    """Instants of it don't exist everywhere, and no list has a place for it."""
    who = somebody(zone)
    for hour in ({}, {"due_hour": "00:00"}, {"due_hour": "23:59"}):
        with pytest.raises(Invalid) as refused:
            task(held(title="Send it", due_on=day, **hour), who)
        assert refused.value.fields == {"due_on": "Choose a date between 1970 and 2199."}
    with pytest.raises(Invalid) as refused:
        snooze(held(when="day", due_on=day), "15:00", who, NOW)
    assert "due_on" in refused.value.fields
    with pytest.raises(Invalid) as refused:
        activity(held(what="Called", at=day, hour="12:00"), who.zone, NOW)
    assert "at" in refused.value.fields


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", ["1970-01-01", "2199-12-31"])
def test_the_first_and_the_last_day_are_taken(day: str, zone: str) -> None:
    due = task(held(title="Send it", due_on=day, due_hour="23:59"), somebody(zone)).due
    assert due
    assert due.said(somebody(zone).zone) == (day, "23:59")


@pytest.mark.parametrize("hour", ["x", "25:00", "noon", "\x00"])
def test_an_hour_that_was_made_up_is_not_kept(hour: str) -> None:
    with pytest.raises(StaleButton):
        snooze(held(when="day", due_on="2026-11-30"), hour, somebody("UTC"), NOW)


def test_an_hour_with_a_zone_is_one_of_the_persons_own() -> None:
    due = snooze(held(when="day", due_on="2026-11-30"), "15:00+09:00", somebody("UTC"), NOW)
    assert due.at == datetime(2026, 11, 30, 15, tzinfo=UTC)
