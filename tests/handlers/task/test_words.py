"""What words say of a task."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.grammar import grammar
from handlers.grammar.requests import AddTask, Help, MyTasks, TasksOf
from handlers.grammar.words import Context
from handlers.ids import Command
from handlers.task.words import add_task
from store.text import one_line

HERE = Context(today=date(2026, 11, 23), currency="GBP", locale="en_GB")
"""A Monday."""
FRIDAY, TUESDAY = date(2026, 11, 27), date(2026, 11, 24)


@pytest.mark.parametrize(
    ("words", "title", "day", "hour"),
    [
        ("Send the quote", "Send the quote", None, None),
        ("Send quote to Jane friday 15:00", "Send quote to Jane", FRIDAY, time(15)),
        ("Send quote to Jane 15:00 on friday", "Send quote to Jane", FRIDAY, time(15)),
        ("Send quote by friday at 3pm", "Send quote", FRIDAY, time(15)),
        ("Send quote due tomorrow", "Send quote", TUESDAY, None),
        ("Call 3:30 pm", "Call", None, time(15, 30)),
        ("Call Jane noon", "Call Jane", None, time(12)),
        ("Call 12am", "Call", None, time(0)),
        ("Rappel demain 15h30", "Rappel demain", None, time(15, 30)),
        ("Review 30 Nov 2026", "Review", date(2026, 11, 30), None),
        ("Review on Monday the 30th of November 2026", "Review", date(2026, 11, 30), None),
        ("Review in 2 weeks", "Review", date(2026, 12, 7), None),
        ("Friday lunch menu", "Friday lunch menu", None, None),
        ("Meet at 15:00 in Berlin", "Meet at 15:00 in Berlin", None, None),
        ("Send 31 Feb", "Send 31 Feb", None, None),
        ("Call at 25:00", "Call at 25:00", None, None),
        ("friday", "", FRIDAY, None),
        ("", "", None, None),
    ],
)
def test_a_day_and_an_hour_at_the_end(
    words: str, title: str, day: date | None, hour: time | None
) -> None:
    said = add_task(words, HERE)
    assert (said.title, said.day, said.hour) == (title, day, hour)
    assert said.number is None


@pytest.mark.parametrize(
    ("words", "number", "title", "otherwise"),
    [
        ("Send quote 12", 12, "Send quote", "Send quote 12"),
        ("Send quote #12", 12, "Send quote", "Send quote #12"),
        ("Send quote for #12", 12, "Send quote", "Send quote for #12"),
        ("#12 Send quote", 12, "Send quote", "#12 Send quote"),
        ("12 angry men", None, "12 angry men", None),
        ("Phase 2 of it", None, "Phase 2 of it", None),
        ("Send 12k", None, "Send 12k", None),
        ("12", 12, "", "12"),
    ],
)
def test_a_number_at_the_end_or_with_its_sign_first(
    words: str, number: int | None, title: str, otherwise: str | None
) -> None:
    said = add_task(words, HERE)
    assert (said.number, said.title) == (number, title)
    assert (said.otherwise.title if said.otherwise else None) == otherwise


def test_all_of_it_in_any_order() -> None:
    wanted = AddTask("Send quote to Jane", FRIDAY, time(15), "U0BOB", 12)
    for words in (
        "Send quote to Jane friday 15:00 #12 <@U0BOB|bob>",
        "Send quote to Jane <@U0BOB> 15:00 friday 12",
        "Send quote to Jane 12 <@U0BOB|bob> friday 15:00",
    ):
        said = add_task(words, HERE)
        assert said.otherwise
        assert AddTask(said.title, said.day, said.hour, said.person_id, said.number) == wanted


@pytest.mark.parametrize(
    ("words", "day", "number"),
    [
        ("Call 30 Nov 2026", date(2026, 11, 30), None),
        ("Call 30 Nov 2026 12", date(2026, 11, 30), 12),
        ("Call 30 Nov 12", date(2026, 11, 30), 12),  # A year that has passed is none.
    ],
)
def test_the_end_of_a_date_is_no_number(words: str, day: date, number: int | None) -> None:
    said = add_task(words, HERE)
    assert (said.title, said.day, said.number) == ("Call", day, number)


def test_somebody_named_in_the_middle_is_part_of_the_title() -> None:
    said = add_task("Ask <@U0BOB|bob> about <https://a.b|the site> &amp; more", HERE)
    assert said.title == "Ask @bob about the site & more"
    assert said.person_id is None


@given(st.text(st.characters(categories=["L", "N", "P", "Zs"]), max_size=60))
def test_nothing_that_was_typed_is_lost(text: str) -> None:
    said = add_task(text.replace("<", ""), HERE)
    if said == AddTask(title=said.title):
        assert said.title.split() == one_line(text.replace("<", "")).split() or "&" in text


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("", MyTasks()),
        ("  ", MyTasks()),
        ("help", Help(Command.TASK)),
        ("12", TasksOf(12)),
        ("#12", TasksOf(12)),
        ("new", AddTask()),
        ("NEW Send it", AddTask("Send it")),
        ("Send it", AddTask("Send it")),
        ("help Jane move", AddTask("help Jane move")),
        ("new friday", AddTask(day=FRIDAY)),
    ],
)
def test_the_command(text: str, request_: object) -> None:
    assert grammar.task(text, HERE) == request_
    assert grammar.parse(Command.TASK, text, HERE) == request_
