"""The summary of a deal: all of it in one message, and what did not fit is said."""

from dataclasses import replace
from typing import Any

import pytest

from handlers.views.opportunity.summary import summary
from store.comment import Comment
from store.opportunity.opportunity import Card
from store.opportunity.summary import Summary
from store.task.task import Task
from tests.handlers.views.activity.test_activity import CALL
from tests.handlers.views.activity.test_activity import WORST as WORST_ACTIVITY
from tests.handlers.views.seen import (
    ALICE,
    BOB,
    LINK,
    NASTY,
    NOW,
    OPP,
    STATES,
    STYLE,
    WORST,
    change,
    seen,
)

COMMENT = Comment(id=3, by=BOB, at=NOW, text="Sounds good")
TASK = Task(id=7, title="Send the quote", assignee=BOB, created_by=ALICE, created_at=NOW)
DONE = replace(TASK, id=8, title="Call them", done_at=NOW, done_by=ALICE)


def shown(**about: Any) -> Summary:
    given: dict[str, Any] = {"opportunity": OPP, "rows": (), "tasks": ()} | about
    given = {"total": len(given["rows"]), "tasks_total": len(given["tasks"])} | given
    return Summary(workspace=STYLE.workspace, **given)


def test_facts_then_what_happened_oldest_first_then_tasks() -> None:
    opp = replace(OPP, notes="Two floors")
    rows = (change("created"), CALL, COMMENT)
    told = summary(STYLE, shown(opportunity=opp, rows=rows, tasks=(TASK, DONE)))
    assert told.text == "Summary: Acme renewal #12 · £12,000 · Quoting"
    assert seen(told) == (
        "Acme renewal #12 · £12,000\n"
        "Jane Doe, Acme Ltd · Alice\n"
        "🟢 Quoting since 19 Nov, 4 days\n"
        "Value\n£12,000\n"
        "Expected close\n30 Nov\n"
        "Owner\nAlice\n"
        "Probability\n50%\n"
        "Weighted value\n£6,000\n"
        "Next step\nSend the quote, Fri 27 Nov, Bob\n"
        "Notes\nTwo floors\n"
        "Opened on 20 Oct by Bob · No card yet\n"
        "What happened\n"
        "23 Nov 2026 14:02 UTC  Bob: opened it\n"
        "23 Nov 2026 09:30 UTC  Alice logged a call: Wants 3 more seats by January\n"
        '23 Nov 2026 14:02 UTC  Bob wrote: "Sounds good"\n'
        "Tasks\n"
        "Send the quote, Bob\n"
        "~Call them~ done by Alice\n"
        "[Details]"
    )


def test_without_tasks_there_is_no_heading_for_them() -> None:
    assert "Tasks" not in seen(summary(STYLE, shown(rows=(change("created"),))))


@pytest.mark.parametrize("state", STATES)
def test_the_worst_fits_into_one_message_and_says_what_is_left_out(state: str) -> None:
    like = STATES[state]
    opp = replace(WORST, status=like.status, archived_at=like.archived_at)
    opp = replace(opp, card=Card("C1", "1.2", LINK))
    comment = replace(COMMENT, text=NASTY, permalink=LINK)
    newest = replace(COMMENT, text="The newest of all")
    rows = (*(WORST_ACTIVITY, comment) * 75, newest)
    task = replace(TASK, title=NASTY[:200], permalink=LINK)
    told = summary(STYLE, shown(opportunity=opp, rows=rows, total=40_000, tasks=(task,) * 60))
    read = seen(told)
    assert "The newest of all" in read
    assert "earlier entries: see its thread." in read
    assert "more tasks: see Details." in read


def test_a_long_list_of_tasks_leaves_room_for_what_happened() -> None:
    rows = tuple(replace(COMMENT, text=f"Comment {n}") for n in range(100))
    tasks = tuple(replace(TASK, title=f"Task {n} {'x' * 150}") for n in range(60))
    read = seen(summary(STYLE, shown(rows=rows, tasks=tasks)))
    assert "Task 0 " in read
    assert "Task 59 " not in read
    assert "Comment 99" in read
    assert read.count("Comment ") >= 50


def test_what_fits_is_shown_whole() -> None:
    rows = tuple(replace(COMMENT, text=f"Comment {n}") for n in range(20))
    tasks = tuple(replace(TASK, title=f"Task {n}") for n in range(20))
    read = seen(summary(STYLE, shown(rows=rows, tasks=tasks)))
    assert (read.count("Comment "), read.count("Task ")) == (20, 20)
    assert "see" not in read
