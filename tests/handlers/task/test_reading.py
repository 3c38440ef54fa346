"""The forms of a task, read back: typed, or a sentence at the field that is wrong."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given

from handlers.task import form as task_form
from store.errors import Invalid
from store.person.person import Actor, Role
from store.task.task import Due, TaskDraft
from tests.handlers.test_form import chosen, dated, person, states, typed

NOW = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
ALICE = Actor(
    workspace_id="T1", id="U0000ALICE", name="Alice", role=Role.MEMBER, tz="America/New_York"
)


def timed(hour: str | None) -> Any:
    return {"any": {"type": "timepicker", "selected_time": hour}}


FULL = {
    "title": typed("Send the quote"),
    "assignee_id": person("U000000BOB"),
    "due_on": dated("2026-11-27"),
    "due_hour": timed("15:00"),
    "notes": typed(" Three seats "),
    "number": chosen("12"),
    "contact_id": chosen("5"),
}


def test_all_of_it_is_read_an_hour_as_it_is_where_they_are() -> None:
    assert task_form.task(FULL, ALICE) == TaskDraft(
        title="Send the quote",
        assignee_id="U000000BOB",
        due=Due(date(2026, 11, 27), datetime(2026, 11, 27, 20, tzinfo=UTC)),
        notes="Three seats",
        number=12,
        contact_id=5,
    )
    assert task_form.task({"title": typed("X")}, ALICE) == TaskDraft(title="X")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": typed(None)}, "title"),
        ({"due_on": dated("9999-12-31")}, "due_on"),
        ({"due_on": dated("0001-01-01")}, "due_on"),
        ({"due_on": dated("soon")}, "due_on"),
        ({"due_on": dated(None)}, "due_on"),
        ({"due_hour": timed("25:00")}, "due_hour"),
        ({"due_hour": timed("soon")}, "due_hour"),
    ],
)
def test_what_can_not_be_is_told_at_its_field(said: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        task_form.task(FULL | said, ALICE)
    assert list(wrong.value.fields) == [field]


@pytest.mark.parametrize(
    ("values", "hour", "due"),
    [
        ({"when": chosen("2026-11-24")}, "", Due(date(2026, 11, 24))),
        (
            {"when": chosen("2026-11-24")},
            "15:00",
            Due(date(2026, 11, 24), datetime(2026, 11, 24, 20, tzinfo=UTC)),
        ),
        ({"when": chosen("day"), "due_on": dated("2026-12-01")}, "", Due(date(2026, 12, 1))),
        ({"due_on": dated("2026-12-01")}, "", Due(date(2026, 12, 1))),
        (
            {"when": chosen("later")},
            "09:00",
            Due(date(2026, 11, 23), datetime(2026, 11, 23, 18, tzinfo=UTC)),
        ),
    ],
)
def test_until_when_it_is_snoozed(values: Any, hour: str, due: Due) -> None:
    assert task_form.snooze(values, hour, ALICE, NOW) == due


@pytest.mark.parametrize("values", [{}, {"when": chosen("day")}, {"when": chosen("x")}])
def test_a_snooze_without_a_day_is_refused(values: Any) -> None:
    with pytest.raises(Invalid):
        task_form.snooze(values, "", ALICE, NOW)


@given(states)
def test_whatever_comes_is_read_or_refused_in_words(values: Any) -> None:
    for read in (
        lambda: task_form.task(values, ALICE),
        lambda: task_form.snooze(values, "", ALICE, NOW),
    ):
        try:
            read()
        except Invalid as refused:
            sentences = list(refused.fields.values())
        else:
            sentences = ["Read."]
        assert all(sentences)
