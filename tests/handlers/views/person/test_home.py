"""Home as one person sees it: today, their pipeline, what needs them, what was done last."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from handlers.activity.ids import LogFor
from handlers.ids import BoardState, ContactId, NewTask, Ref, TaskId, Words
from handlers.task.ids import TaskList
from handlers.views.person.home import home, outside
from handlers.views.pipeline.query import load_query
from store.activity import Activity
from store.board import Filter, StageTotal
from store.opportunity.opportunity import Card
from store.opportunity.status import STAGES, Health
from store.person.home import Home
from store.person.person import FOR_MEMBERS, Actor, Role
from store.task.lists import Scope, TaskPage
from store.task.task import Bucket, Due, Task
from tests.handlers.views.activity.test_activity import CALL
from tests.handlers.views.activity.test_activity import WORST as WORST_ACTIVITY
from tests.handlers.views.seen import (
    ALICE,
    BOB,
    CONTACT,
    LINK,
    NASTY,
    NOW,
    OPP,
    STYLE,
    WORST,
    board_of,
    elements,
    gbp,
    pressed,
    seen,
)

VIEWER = Actor(workspace_id="T1", id=BOB.id, name="Bob", role=Role.MEMBER, tz="Europe/London")
LATE = Task(
    id=7,
    title="Send the quote",
    assignee=BOB,
    due=Due(date(2026, 11, 20)),
    created_by=ALICE,
    created_at=NOW,
    permalink=LINK,
)
SOON = replace(LATE, id=8, title="Call them", due=Due(NOW.date(), NOW + timedelta(hours=1)))
NOTHING = tuple(StageTotal(stage, 0, 0, ()) for stage in reversed(STAGES))


def today(*rows: Any, **counts: int) -> TaskPage:
    counted = {Bucket(name): number for name, number in counts.items()}
    return TaskPage(scope=Scope(whose=BOB.id), rows=rows, counts=counted, workspace=STYLE.workspace)


def shown(**about: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "viewer": VIEWER,
        "workspace": STYLE.workspace,
        "today": today(),
        "tasks": False,
        "totals": NOTHING,
        "paused": 0,
        "attention": (),
        "attention_total": 0,
        "latest": (),
        "contacts": (),
    }
    return home(STYLE, Home(**given | about))


def test_a_day_with_everything_in_it() -> None:
    opp = replace(
        OPP,
        card=Card("C1", "1.2", LINK),
        expected_close=date(2026, 11, 20),
        overdue=True,
        health=Health.RED,
        days=40,
        next_step=None,
    )
    rows = (Bucket.OVERDUE, LATE), (Bucket.TODAY, SOON)
    view = shown(
        today=today(*rows, overdue=1, today=1),
        totals=board_of().totals,
        paused=6,
        attention=(opp,),
        attention_total=1,
        latest=(CALL,),
        contacts=(CONTACT,),
    )
    assert seen(view) == (
        "[New opportunity] [New contact] [New task] [Log activity] [Figures]\n"
        "Today\n"
        "Overdue 1\n"
        "Send the quote\nFri 20 Nov\n[Done]\n"
        "Today 1\n"
        "Call them\nMon 23 Nov 15:02\n[Done]\n"
        "[All my tasks]\n"
        "My pipeline\n"
        "42 open · £420,000 · weighted £131,000 · 6 paused\n" + seen_stages(view) + "[Open board]\n"
        "Needs attention\n"
        "Acme renewal #12 · £12,000\n"
        "Overdue since 20 Nov · 🔴 Quoting since 19 Nov · no next step\n[Details]\n"
        "Latest\n"
        "23 Nov 2026 09:30 UTC  Alice logged a call on Acme renewal #12: "
        "Wants 3 more seats by January\n"
        "Contacts\n"
        "Jane Doe\nAcme Ltd · jane_doe@acme.com · 2 open deals\n[Details]\n"
        "As of 14:02 UTC"
    )


def seen_stages(view: dict[str, Any]) -> str:
    """The four lines with their bars, which the tests of the board look at."""
    lines = [line for line in seen(view).splitlines() if "█" in line or "░" in line]
    assert [line.split()[0] for line in lines] == ["Closing", "Quoting", "Pitching", "Lead"]
    return "\n".join(lines) + "\n"


def test_the_buttons_carry_what_they_open() -> None:
    rows = ((Bucket.OVERDUE, LATE),)
    view = shown(
        today=today(*rows, overdue=5_000),
        totals=board_of().totals,
        attention=(OPP,),
        attention_total=5,
        contacts=(CONTACT,),
    )
    assert NewTask.load(pressed(view, "New task")["value"]) == NewTask()
    assert Words.load(pressed(view, "New contact")["value"]) == Words()
    assert LogFor.load(pressed(view, "Log activity")["value"]) == LogFor()
    assert TaskId.load(pressed(view, "Done")["value"]) == TaskId(7)
    more = pressed(view, "and 4,999 more")
    assert TaskList.load(more["value"]) == TaskList(whose=BOB.id)
    for label, wanted in (
        ("Open board", Filter(owner=BOB.id)),
        ("and 4 more", Filter(owner=BOB.id, attention=True)),
    ):
        state = BoardState.load(pressed(view, label)["value"])
        assert (state.board_id, load_query(state.query).filter) == (None, wanted)
    details = [one for one in elements(view) if one.get("text", {}).get("text") == "Details"]
    assert [one["value"] for one in details] == [Ref(12).dump(), ContactId(5).dump()]


def test_what_there_is_none_of_says_what_would_be_there() -> None:
    assert "Nothing is due today." in seen(shown(tasks=True))
    read = seen(shown(contacts=(CONTACT,)))
    assert "Today\nNothing is due today.\n[All my tasks]\n" in read
    assert "You have no open deals. They are listed here by stage.\n" in read
    for heading in ("Needs attention", "Latest"):
        assert heading not in read
    assert "3 paused" in seen(shown(paused=3))


def test_a_greeting_where_there_is_nothing_yet() -> None:
    assert seen(shown()) == (
        "Hello Bob. Dealthread keeps your deals in Slack.\n"
        "Your tasks, your pipeline and what needs attention are listed here.\n"
        "[New opportunity] [New contact] [Help]"
    )
    admin = replace(VIEWER, admin=True)
    assert seen(shown(viewer=admin)).endswith("[Set up] [New opportunity] [Help]")
    ours = replace(STYLE.workspace, set_up=True)
    assert seen(shown(viewer=admin, workspace=ours)).endswith("[New contact] [Help]")


def test_guests_see_one_sentence() -> None:
    assert seen(outside()) == FOR_MEMBERS


def test_a_red_deal_alone_says_only_that() -> None:
    red = replace(OPP, health=Health.RED, days=40)
    assert "#12 · £12,000\n🔴 Quoting since 19 Nov\n" in seen(shown(attention=(red,), paused=1))


@pytest.mark.parametrize("name", [NASTY[:150], "&" * 150, "x" * 150])
def test_the_worst_is_taken_by_slack(name: str) -> None:
    task = replace(LATE, title=(name * 2)[:200])
    late = tuple((Bucket.OVERDUE, replace(task, id=n)) for n in range(5))
    soon = tuple((Bucket.TODAY, replace(task, id=n)) for n in range(5, 10))
    opps = tuple(replace(WORST, number=n, name=name, health=Health.RED) for n in range(3))
    activities: tuple[Activity, ...] = (WORST_ACTIVITY,) * 5
    contacts = tuple(replace(CONTACT, id=n, name=name, company=name) for n in range(5))
    view = shown(
        viewer=replace(VIEWER, name=NASTY[:255]),
        today=today(*late, *soon, overdue=2_000, today=3_000),
        totals=tuple(StageTotal(stage, 10**6, 10**6, (gbp_sums())) for stage in STAGES),
        paused=10**6,
        attention=opps,
        attention_total=2_000,
        latest=activities,
        contacts=contacts,
    )
    assert seen(view)
    assert len(view["blocks"]) < 60


def gbp_sums() -> Any:
    one = board_of().totals[0].sums[0]
    return (replace(one, total=gbp(10**11), weighted=gbp(10**11)),) * 4
