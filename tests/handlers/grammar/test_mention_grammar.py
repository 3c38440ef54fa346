"""What `@Dealthread …` means in a card's thread."""

from contextlib import suppress
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.grammar.grammar import thread
from handlers.grammar.requests import (
    MENTIONS,
    AddTask,
    Details,
    LogActivity,
    MoveTo,
    ThreadHelp,
    ThreadRequest,
)
from handlers.grammar.words import Context
from handlers.ids import Verb
from store.activity import ActivityKind
from store.errors import Refusal
from store.opportunity.status import Status

HERE = Context(today=date(2026, 11, 23), currency="GBP", locale="en_GB")


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        ("", ThreadHelp()),
        (" help ", ThreadHelp()),
        ("Details", Details()),
        ("quoting", MoveTo(Status.QUOTING)),
        (" Move to  Closing.", MoveTo(Status.CLOSING)),
        ("WON!", MoveTo(Status.WON)),
        ("closed lost", MoveTo(Status.LOST)),
        ("pause", MoveTo(Status.PAUSED)),
        ("resume", MoveTo(Verb.RESUME)),
        ("reopen", MoveTo(Verb.REOPEN)),
        ("task", AddTask()),
        (
            "Task Send the quote friday 15:00 <@U0BOB|bob>",
            AddTask("Send the quote", date(2026, 11, 27), time(15), "U0BOB"),
        ),
        ("log", LogActivity()),
        ("Log Call: wants 3 seats", LogActivity(None, ActivityKind.CALL, "wants 3 seats")),
        ("log e-mail: &lt;3\nthanks", LogActivity(None, ActivityKind.EMAIL, "<3\nthanks")),
        ("log note to self: x", LogActivity(None, None, "note to self: x")),
        ("task Ask <@U0BOB|Bob> for more", AddTask("Ask @Bob for more")),
    ],
)
def test_what_is_understood(text: str, request_: ThreadRequest) -> None:
    assert thread(text, HERE) == request_


def test_what_is_not_gets_the_right_form_in_the_workspaces_own_words() -> None:
    labels = {Status.QUOTING: "Proposal"}
    context = Context(today=HERE.today, currency="GBP", locale="en_GB", labels=labels)
    with pytest.raises(Refusal, match="Write `@Dealthread proposal`, or one of Lead, Pitching, P"):
        thread("12 quoting", context)
    assert thread("proposal", context) == thread("quoting", context) == MoveTo(Status.QUOTING)


@given(st.text())
def test_anything_else_is_a_refusal_and_no_mistake(text: str) -> None:
    with suppress(Refusal):
        assert thread(text, HERE)


def test_all_that_help_names_is_understood() -> None:
    for usage, _ in MENTIONS:
        thread(usage.removeprefix("@Dealthread "), HERE)
