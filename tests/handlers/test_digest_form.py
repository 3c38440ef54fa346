"""The form of a digest as clients send it, and as nobody's client would."""

from datetime import time
from typing import Any

import pytest

from handlers.digest.form import checked, draft, lacks, so_far
from handlers.digest.ids import EditingDigest
from store.board import Closes, Filter
from store.digest.digest import DigestDraft, Part, Rhythm, Schedule
from store.errors import Invalid
from store.opportunity.status import Status

EDITING = EditingDigest("C0000DEALS", 7, 3, "24", 15)


def held(**fields: Any) -> dict[str, Any]:
    """A form's state; lists are ticked, times picked, the rest chosen."""

    def state(value: Any) -> dict[str, Any]:
        if isinstance(value, list):
            return {"selected_options": [{"value": one} for one in value]}
        if isinstance(value, time):
            return {"selected_time": f"{value:%H:%M}"}
        return {"selected_option": {"value": value} if value else None}

    given = {"rhythm": "weekdays", "at": time(9), "tz": "Europe/London", "parts": list(Part)}
    return {name: {"x": state(value)} for name, value in (given | fields).items()}


def test_what_was_filled_in() -> None:
    said = draft(
        held(
            rhythm="weekly",
            days=["5", "1"],
            at=time(17, 30),
            statuses=["quoting"],
            closes="week",
            parts=["totals", "changes"],
        ),
        EDITING,
    )
    assert said == DigestDraft(
        schedule=Schedule(
            rhythm=Rhythm.WEEKLY,
            at=time(17, 30),
            tz="Europe/London",
            days=(1, 5),
            month_day=15,
        ),
        filter=Filter(statuses=(Status.QUOTING,), closes=Closes.WEEK),
        parts=(Part.CHANGES, Part.TOTALS),
    )


def test_days_that_are_not_asked_for_now_are_kept() -> None:
    said = so_far(held(rhythm="daily"), EDITING)
    assert (said.days, said.month_day) == ((2, 4), 15)
    assert so_far(held(rhythm="daily"), EditingDigest("C1")).days == (1,)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"rhythm": "weekly", "days": []}, {"days": "Choose at least one day."}),
        (
            {"rhythm": "monthly", "month_day": "32"},
            {"month_day": "Choose a day from 1 to 31; 31 is the last day of each month."},
        ),
        ({"at": ""}, {"at": "Choose a time, like 09:00."}),
        ({"tz": "Europe/Londres"}, {"tz": "Choose a time zone, like Europe/London."}),
        ({"tz": ""}, {"tz": "Choose a time zone, like Europe/London."}),
        ({"parts": []}, {"parts": "Choose at least one thing that it contains."}),
    ],
)
def test_what_is_wrong_is_said_on_its_field(fields: dict[str, Any], wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        draft(held(**fields), EDITING)
    assert refused.value.fields == wrong


def test_all_mistakes_are_told_together() -> None:
    with pytest.raises(Invalid) as refused:
        draft(held(at="", tz="x", parts=[]), EDITING)
    assert set(refused.value.fields) == {"at", "tz", "parts"}


@pytest.mark.parametrize("values", [None, {}, [], {"rhythm": []}, held(rhythm="hourly", days="x")])
def test_a_state_that_nobody_sends_is_empty(values: Any) -> None:
    assert so_far(values, EDITING).rhythm is Rhythm.WEEKDAYS
    assert not lacks(values)


@pytest.mark.parametrize("day", ["-1", "٣", "1e1", "0x1", "999999999", "x"])
def test_a_day_of_the_month_that_was_made_up_is_refused(day: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(held(rhythm="monthly", month_day=day), EDITING)
    assert "month_day" in refused.value.fields


def test_a_rhythm_whose_days_were_not_asked_for_yet_lacks_them() -> None:
    """The choice and the form that it leads to may cross on the way."""
    assert lacks(held(rhythm="weekly"))
    assert lacks(held(rhythm="monthly", days=["1"]))
    assert not lacks(held(rhythm="weekly", days=[]))
    assert not lacks(held(rhythm="daily"))
