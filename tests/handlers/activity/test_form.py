"""The forms of activities as they were sent, and as nobody's client would send them."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.activity.form import activity, query
from store.activity import ActivityDraft, ActivityKind, ActivityQuery, Period
from store.errors import Invalid

LONDON = ZoneInfo("Europe/London")
SHOWN = datetime(2026, 11, 23, 14, 2, 33, 123, tzinfo=UTC)


def chosen(value: str) -> dict[str, Any]:
    return {"x": {"selected_option": {"value": value}}}


def sent(day: str | None = "2026-11-23", hour: str | None = "14:02", **more: Any) -> dict[str, Any]:
    return {
        "kind": chosen("call"),
        "what": {"x": {"value": "Wants 3 seats"}},
        "at": {"x": {"selected_date": day}},
        "hour": {"x": {"selected_time": hour}},
        **more,
    }


def test_all_that_it_asks_for() -> None:
    values = sent(number=chosen("12"), contact_id=chosen("5"))
    assert activity(values, LONDON, SHOWN) == ActivityDraft(
        kind=ActivityKind.CALL, what="Wants 3 seats", number=12, contact_id=5
    )
    new = activity(sent(contact_id=chosen("new:Ada")), LONDON, SHOWN)
    assert (new.contact_id, new.new_contact, new.number) == (None, "Ada", None)


def test_the_moment_that_was_shown_is_kept_to_the_microsecond() -> None:
    assert activity(sent(), LONDON, SHOWN).at is None
    kyiv = ZoneInfo("Europe/Kyiv")
    assert activity(sent(hour="16:02"), kyiv, SHOWN).at is None
    assert activity(sent(), kyiv, SHOWN).at == datetime(2026, 11, 23, 12, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hour", "at"),
    [
        ("2026-11-22", "14:02", datetime(2026, 11, 22, 14, 2, tzinfo=UTC)),
        ("2026-07-01", "09:00", datetime(2026, 7, 1, 8, tzinfo=UTC)),
        ("2026-03-29", "01:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # Skipped that night.
        ("2026-10-25", "01:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # Twice: the first.
    ],
)
def test_a_time_is_that_of_ones_own_clock(day: str, hour: str, at: datetime) -> None:
    assert activity(sent(day, hour), LONDON, SHOWN).at == at


def test_the_second_of_two_same_hours_is_kept_when_it_was_shown() -> None:
    second = datetime(2026, 10, 25, 1, 30, 5, tzinfo=UTC)
    assert activity(sent("2026-10-25", "01:30"), LONDON, second).at is None


def test_a_day_and_an_hour_are_needed() -> None:
    for day, hour, fields in (
        (None, "14:02", {"at"}),
        ("2026-11-23", None, {"hour"}),
        (None, None, {"at", "hour"}),
        ("soon", "late", {"at", "hour"}),
    ):
        with pytest.raises(Invalid) as wrong:
            activity(sent(day, hour), LONDON, SHOWN)
        assert set(wrong.value.fields) == fields


def test_a_filter() -> None:
    values = {
        "by": {"x": {"selected_user": "U1"}},
        "kind": chosen("note"),
        "period": chosen("week"),
        "number": chosen("12"),
        "contact_id": chosen("5"),
    }
    assert query(values) == ActivityQuery(
        by="U1", kind=ActivityKind.NOTE, period=Period.WEEK, number=12, contact_id=5
    )
    anything = {name: chosen("any") for name in ("kind", "period", "number", "contact_id")}
    assert query(anything) == query({}) == ActivityQuery()
    assert query({"contact_id": chosen("new:Ada"), "number": chosen("none")}) == ActivityQuery()


junk = st.none() | st.booleans() | st.integers() | st.text(max_size=12)
junk |= st.sampled_from(["call", "12", "new:x", "2026-11-30", "14:02", "9" * 30])
keys = st.sampled_from(["value", "selected_option", "selected_date", "selected_time"])
held = st.dictionaries(keys, junk | st.fixed_dictionaries({"value": junk}), max_size=3)
names = st.sampled_from(["kind", "what", "at", "hour", "number", "contact_id", "by", "period"])


@given(values=junk | st.dictionaries(names, junk | st.dictionaries(st.just("x"), junk | held)))
def test_whatever_state_is_sent_it_is_read_or_refused(values: Any) -> None:
    assert isinstance(query(values), ActivityQuery)
    with suppress(Invalid):
        assert isinstance(activity(values, LONDON, SHOWN), ActivityDraft)
