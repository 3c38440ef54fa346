"""A task as it is read: in its thread, on its page, in lists and forms, in direct messages."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.ids import Action, NewTask, TaskId
from handlers.task.ids import (
    EditingTask,
    SnoozingTask,
    TaskChoice,
    TaskList,
    TaskOrigin,
    TaskVerb,
    list_of,
    row_id,
)
from handlers.views.task import lists as task_list
from handlers.views.task import said as task_said
from handlers.views.task.form import Filled, edit_form, filled, new_form, snooze_form
from handlers.views.task.task import given, message, moved, page, reminder
from handlers.views.text import Style
from store.contact import ContactRef
from store.opportunity.context import DealRef, Source
from store.opportunity.status import Status
from store.person.person import Actor, Person, Role
from store.task.lists import Scope, Spot, TaskPage
from store.task.task import Bucket, Due, Task
from tests.handlers.views.seen import (
    ALICE,
    BOB,
    LINK,
    NASTY,
    NOW,
    STYLE,
    elements,
    menu,
    pressed,
    seen,
)

LONDON = ZoneInfo("Europe/London")
ACME = DealRef(1, 12, "Acme renewal", Status.QUOTING, LINK)
TASK = Task(
    id=7,
    title="Send the quote",
    assignee=BOB,
    due=Due(date(2026, 11, 27)),
    deal=ACME,
    created_by=ALICE,
    created_at=NOW,
)
HOUR = Due(date(2026, 11, 27), datetime(2026, 11, 27, 15, tzinfo=UTC))
DONE = replace(TASK, done_at=NOW, done_by=ALICE)
WORST = replace(
    TASK,
    id=2**53,
    title=NASTY[:200],
    assignee=Person("U0000WORST", NASTY[:80]),
    due=replace(HOUR, on=date(2199, 11, 27)),
    notes=(NASTY * 3)[:3000],
    deal=DealRef(2**53, 999_999, NASTY[:150], Status.QUOTING, LINK),
    contact=ContactRef(2**53, NASTY[:200], "&" * 200),
    source=Source(LINK + "x" * 300, NASTY[:255]),
    called=True,
    permalink=LINK,
)
ME = Actor(workspace_id="T1", id=ALICE.id, name="Alice", role=Role.MEMBER, tz="Europe/London")


def test_in_its_thread() -> None:
    assert seen(message(STYLE, TASK)) == (
        "Send the quote\nTask for Bob · due Fri 27 Nov\nAdded by Alice\n[Done] [Snooze] [Edit]"
    )
    assert message(STYLE, TASK).text == "Task for Bob: Send the quote, due Fri 27 Nov"
    assert TaskId.load(pressed(message(STYLE, TASK), "Done")["value"]) == TaskId(7)


def test_whom_somebody_else_gave_it_is_called() -> None:
    assert f"Task for <@{BOB.id}> · due" in str(message(STYLE, replace(TASK, called=True)).blocks)


def test_an_hour_is_each_readers_own() -> None:
    at = int(datetime(2026, 11, 27, 15, tzinfo=UTC).timestamp())
    assert f"due <!date^{at}^" in str(message(STYLE, replace(TASK, due=HOUR)).blocks)


def test_notes_source_and_contact() -> None:
    more = replace(
        TASK,
        notes="Three *seats*",
        source=Source(LINK, "Carol"),
        contact=ContactRef(5, "Jane Doe", "Acme Ltd"),
        due=None,
    )
    assert seen(message(STYLE, more)) == (
        "Send the quote\nTask for Bob · with Jane Doe, Acme Ltd\nThree ∗seats∗\n"
        "Added by Alice from a message by Carol\n[Done] [Snooze] [Edit]"
    )
    assert f"<{LINK}|a message>" in str(message(STYLE, more).blocks)
    forged = replace(more, source=Source("javascript:x|<!channel>", ""))
    assert "from a message\n" in seen(message(STYLE, forged))
    assert "javascript" not in str(message(STYLE, forged).blocks)


def test_done_it_is_struck_through() -> None:
    shown = message(STYLE, DONE)
    assert seen(shown) == ("~Send the quote~\nDone by Alice 23 Nov 2026 14:02 UTC\n[Reopen]")
    assert shown.text == "Done: Send the quote"


def test_its_page_has_all_of_it() -> None:
    read = seen(page(STYLE, replace(TASK, contact=ContactRef(5, "Jane Doe"), notes="x" * 900)))
    assert read.startswith("Task\nSend the quote\nTask for Bob · due Fri 27 Nov · with Jane Doe\n")
    assert "x" * 900 in read
    assert "Opportunity\nAcme renewal #12\n[Open opportunity]" in read
    assert "Contact\nJane Doe\n[Open contact]" in read
    assert read.endswith("[Done] [Snooze] [Edit]\n[Close]")
    assert seen(page(STYLE, DONE)).endswith("[Reopen]\n[Close]")


def test_words_to_one_person() -> None:
    told = given(STYLE, TASK, "Alice")
    assert seen(told) == (
        "Alice gave you a task: Send the quote, due Fri 27 Nov.\nAcme renewal #12\n[Done] [Details]"
    )
    told = reminder(STYLE, replace(TASK, deal=None))
    assert seen(told) == "Send the quote\nDue Fri 27 Nov.\n[Done] [Snooze] [Stop]"
    ids = {one["action_id"] for one in elements(told)}
    assert ids == {
        f"{one}:word" for one in (Action.TASK_DONE, Action.TASK_SNOOZE, Action.TASK_STOP)
    }
    assert seen(moved()) == "This task is no longer part of this opportunity."
    assert seen(moved(with_card=True)) == "This task has moved along with its card."


@pytest.mark.parametrize("task", [WORST, replace(WORST, done_at=NOW, done_by=WORST.assignee)])
def test_the_worst_task_is_one_that_slack_takes(task: Task) -> None:
    for shown in (message(STYLE, task), page(STYLE, task), given(STYLE, task, NASTY)):
        assert seen(shown)
    assert seen(reminder(STYLE, task))
    origin = TaskOrigin("C1", "V1", "x" * 100, "https://hooks.slack.com/" + "x" * 90, "y" * 500)
    editing = EditingTask(2**53, 9, "ffffffff " * 6, origin.dump())
    form = edit_form(replace(filled(task, LONDON), notices=(NASTY,) * 20), editing)
    assert seen(form)
    assert len(form["private_metadata"]) <= 3_000


def test_the_form_of_a_new_one() -> None:
    given = Filled(title="Send it", due_on="2026-11-27", due_hour="15:00", deal=ACME)
    form = new_form(replace(given, source=Source(LINK, "Carol")), TaskOrigin("C1"))
    assert seen(form) == (
        "New task\nFrom a message by Carol\nTitle: [Send the quote ▾]\n"
        "Assignee: [Choose a person ▾]\nDue date: [Choose a date ▾]\nTime: [Choose a time ▾]\n"
        "Notes: [plain_text_input ▾]\nOpportunity: [#12 Acme renewal ▾]\n"
        "Contact: [Type a name, company or e-mail ▾]\n[Create] [Cancel]"
    )
    held = {one.get("initial_date") or one.get("initial_time") for one in elements(form)}
    assert {"2026-11-27", "15:00"} <= held


@pytest.mark.parametrize(
    ("now", "choices"),
    [
        (
            datetime(2026, 11, 23, 14, 2, tzinfo=UTC),
            ["Later today, 18:00", "Tomorrow, Tue 24 Nov", "Next week, Mon 30 Nov", "On this day:"],
        ),
        (
            datetime(2026, 11, 23, 21, 30, tzinfo=UTC),
            ["Tomorrow, Tue 24 Nov", "Next week, Mon 30 Nov", "On this day:"],
        ),
        (
            datetime(2026, 11, 29, 9, 0, tzinfo=UTC),
            ["Later today, 12:00", "Tomorrow, Mon 30 Nov", "On this day:"],
        ),
    ],
)
def test_until_when_it_can_be_snoozed(now: datetime, choices: list[str]) -> None:
    style = Style(STYLE.workspace, now)
    form = snooze_form(style, TASK, LONDON, SnoozingTask(7, "", "[]"))
    radio = next(one for one in elements(form) if one["type"] == "radio_buttons")
    assert [one["text"]["text"] for one in radio["options"]] == choices
    assert "Send the quote\nDue Fri 27 Nov." in seen(form)


def test_private_sentences() -> None:
    added = task_said.added(STYLE, replace(TASK, due=HOUR), ME)
    assert seen(added) == "Added Send the quote for Bob, due Fri 27 Nov 15:00.\n[Details]"
    mine = task_said.added(STYLE, replace(TASK, assignee=ALICE, due=Due(date(2026, 11, 20))), ME)
    assert "for you, due Fri 20 Nov. That is in the past, so it is overdue." in seen(mine)
    assert seen(task_said.done(TASK, stepless=False)) == "Done: Send the quote.\n[Reopen]"
    last = task_said.done(TASK, stepless=True)
    assert seen(last) == (
        "Done: Send the quote. Acme renewal has no next step now.\n[Add next step] [Reopen]"
    )
    assert NewTask.load(pressed(last, "Add next step")["value"]) == NewTask(12)


def listing(**changes: object) -> TaskPage:
    rows = ((Bucket.OVERDUE, replace(TASK, permalink=LINK)), (Bucket.NO_DATE, replace(TASK, id=8)))
    counts = {Bucket.OVERDUE: 1, Bucket.NO_DATE: 62}
    plain = TaskPage(
        scope=Scope(whose=ALICE.id),
        rows=rows,
        counts=counts,
        after=Spot(Bucket.NO_DATE, "9999-12-31", 8),
        workspace=STYLE.workspace,
        person=ALICE,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_the_index() -> None:
    shown = task_list.index(STYLE, listing(), TaskList(whose=ALICE.id), ME)
    assert seen(shown) == (
        "My open tasks: 63\n[Mine ▾] [Open ▾] [Filter]\n"
        "Overdue 1\nSend the quote\nFri 27 Nov · Acme renewal #12\n"
        "⋯(Done · Snooze · Edit · Details)\n"
        "No date 62\nSend the quote\nFri 27 Nov · Acme renewal #12\n"
        "⋯(Done · Snooze · Edit · Details)\n"
        "1–2 of 63\n[Next] [Add task]"
    )
    assert f"*<{LINK}|Send the quote>*" in str(shown.blocks)
    following = TaskList.load(pressed(shown, "Next")["value"])
    assert following == TaskList(whose=ALICE.id, at="no_date|9999-12-31|8", first=3)
    assert list_of(shown.blocks[3]["block_id"]) == TaskList(whose=ALICE.id)


def test_another_page_of_somebody_elses() -> None:
    spot = Spot(Bucket.OVERDUE, "2026-11-20T99", 7)
    other = listing(before=spot, after=None, person=BOB, scope=Scope(whose=BOB.id))
    shown = task_list.index(STYLE, other, TaskList(whose=BOB.id, first=62), ME)
    read = seen(shown)
    assert "Bob's open tasks: 63\n[Bob ▾]" in read
    assert "62–63 of 63\n[Previous] [Add task]" in read
    back = TaskList.load(pressed(shown, "Previous")["value"])
    assert back == TaskList(whose=BOB.id, at=spot.dump(), back=True, first=52)


def test_everyones_and_done() -> None:
    page = listing(
        scope=Scope(done=True), person=None, counts=None, rows=((Bucket.DONE, DONE),), after=None
    )
    assert seen(task_list.index(STYLE, page, TaskList(done=True), ME)) == (
        "Everyone's done tasks\n[Everyone ▾] [Done ▾] [Filter]\n~Send the quote~\n"
        "Done Mon 23 Nov by Alice · Acme renewal #12\n⋯(Reopen · Details)\n[Add task]"
    )


def test_empty_says_what_would_be_here() -> None:
    none = listing(rows=(), counts={}, after=None)
    read = seen(task_list.index(STYLE, none, TaskList(whose=ALICE.id), ME))
    assert "You have no open tasks. They are listed here by due date." in read


def test_a_tab_says_no_opportunity_in_its_rows() -> None:
    page = listing(scope=Scope(number=12, done=None), person=None)
    blocks = task_list.tab(STYLE, page, TaskList(number=12, tab=True), ME)
    read = [block["text"]["text"] for block in blocks if "text" in block]
    assert read[1].endswith("Fri 27 Nov · Bob")
    assert TaskChoice.load(blocks[1]["accessory"]["options"][0]["value"]) == TaskChoice(
        TaskVerb.DONE, 7
    )


def test_nothing_is_added_to_what_is_archived() -> None:
    page = listing(scope=Scope(number=12, done=None), person=None, after=None)
    shown = TaskList(number=12, tab=True)
    assert "Add task" in str(task_list.tab(STYLE, page, shown, ME))
    assert "Add task" not in str(task_list.tab(STYLE, page, shown, ME, can_add=False))


def test_the_worst_list_is_one_that_slack_takes() -> None:
    rows = tuple(
        (bucket, replace(WORST, id=2**53 - n)) for n, bucket in enumerate([*Bucket, *Bucket][:10])
    )
    spot = Spot(Bucket.NEXT_WEEK, "2026-11-27T15:00", 2**53)
    counts = dict.fromkeys(Bucket, 999_999)
    scope = Scope(whose="U0123456789A", number=999_999, done=None)
    page = listing(rows=rows, before=spot, after=spot, counts=counts, scope=scope)
    state = TaskList("U0123456789A", 999_999, 2**53, True, True, spot.dump(), True, 999_999)
    shown = task_list.index(STYLE, page, state, ME, task_said.added(STYLE, WORST, ME))
    assert seen(shown)
    assert len(row_id(state, 2**53)) <= 255
    assert menu(shown)


def test_the_filter() -> None:
    state = TaskList(whose=BOB.id, number=12, done=True)
    form = task_list.filter_form(TaskOrigin(shown=state.dump()), state, ACME)
    assert seen(form) == (
        "Filter\nPerson: [Choose a person ▾] Leave empty for everyone.\n"
        "Opportunity: [#12 Acme renewal ▾]\nShow: ( ) Open ( ) Done\n[Show] [Cancel]"
    )
