"""The tasks of a deal when its status changes, and when that is undone."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import event

from store.opportunity.status import Status
from store.task.task import Due, Task
from store.usecases.opportunity import reversing, status
from store.usecases.opportunity.status import Changed, Loss, Win
from store.usecases.task import of_deal as deal_tasks
from store.usecases.task import tasks
from tests.store.crm import Crm
from tests.store.doing import due, looked, made, next_step, row, wanted


def lost(crm: Crm, number: int, *, close_tasks: bool = True) -> Changed:
    loss = Loss(reason="Price", close_tasks=close_tasks)
    return crm.do(status.lose, number, loss, seen=None, by=crm.bob)


def undone(crm: Crm, number: int, changed: Changed) -> Changed:
    assert changed.change
    return crm.do(reversing.undo, number, changed.change.id)


def count(crm: Crm, number: int) -> int:
    return crm.store.read_now(deal_tasks.open_count, number, by=crm.alice)


def test_lost_closes_its_open_tasks_and_undo_opens_them(crm: Crm) -> None:
    number = crm.opened()
    one, two = made(crm, "One", number=number, due=due(27)), made(crm, "Two", number=number)
    before = made(crm, "Before", number=number)
    crm.do(tasks.done, before.id)
    elsewhere = made(crm, "Elsewhere")
    assert count(crm, number) == 2
    crm.turn(minutes=1)
    changed = lost(crm, number)
    assert changed.tasks == 2
    ended = looked(crm, one.id)
    assert ended.done_by
    assert (ended.done_by.name, ended.done_at) == ("Bob", crm.now)
    assert row(crm, one).remind_at is None
    assert looked(crm, elsewhere.id).is_open
    assert count(crm, number) == 0
    undone(crm, number, changed)
    assert [looked(crm, task.id).is_open for task in (one, two, before)] == [True, True, False]
    assert row(crm, one).remind_at == datetime(2026, 11, 27, 9, tzinfo=UTC)
    assert next_step(crm, number) == "One"
    assert wanted(crm, "task") == [f"task:{task.id}" for task in (one, two, before)]


def test_lost_may_leave_them_open_and_won_does(crm: Crm) -> None:
    one, other = crm.opened("One"), crm.opened("Other")
    left, kept = made(crm, number=one, due=due(27)), made(crm, number=other, due=due(27))
    assert lost(crm, one, close_tasks=False).tasks == 0
    crm.do(status.win, other, Win(final_value=None, closed_on=crm.now.date()), seen=None)
    for task in (left, kept):
        assert looked(crm, task.id).is_open
        assert row(crm, task).remind_at is None


def test_a_pause_puts_off_what_is_due_before_its_end(crm: Crm) -> None:
    number = crm.opened()
    day, hour = made(crm, number=number, due=due(25)), made(crm, number=number, due=due(26, 15))
    late = made(crm, number=number, due=due(20))
    after, never = made(crm, number=number, due=due(4, month=12)), made(crm, number=number)
    changed = crm.do(status.pause, number, date(2026, 12, 1), seen=None)
    assert changed.tasks == 3
    assert looked(crm, day.id).due == due(1, month=12)
    assert looked(crm, late.id).due == due(1, month=12)
    assert looked(crm, hour.id).due == due(1, 15, month=12)
    assert looked(crm, after.id).due == due(4, month=12)
    assert looked(crm, never.id).due is None
    assert row(crm, day).remind_at is None
    undone(crm, number, changed)
    dues: list[tuple[Task, Due]] = [(day, due(25)), (hour, due(26, 15)), (late, due(20))]
    assert [looked(crm, task.id).due for task, _ in dues] == [was for _, was in dues]
    assert row(crm, day).remind_at == datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert row(crm, late).remind_at is None


def test_back_from_its_pause_what_was_put_off_is_reminded_of(crm: Crm) -> None:
    number = crm.opened()
    task = made(crm, number=number, due=due(25))
    crm.do(status.pause, number, date(2026, 12, 1), seen=None)
    crm.now = datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert crm.store.write_now(status.return_due, crm.now) == 1
    assert crm.look(number).status is Status.LEAD
    assert row(crm, task).due_key == "2026-12-01T99"


def test_a_pause_without_a_date_moves_nothing(crm: Crm) -> None:
    number = crm.opened()
    task = made(crm, number=number, due=due(25))
    assert crm.do(status.pause, number, None, seen=None).tasks == 0
    assert looked(crm, task.id).due == due(25)


@pytest.mark.parametrize("how", ["reopened", "snoozed"])
def test_what_somebody_changed_since_undo_leaves_alone(crm: Crm, how: str) -> None:
    number = crm.opened()
    task, other = made(crm, number=number, due=due(25)), made(crm, number=number, due=due(25))
    if how == "reopened":
        changed = lost(crm, number)
        crm.do(tasks.reopen, task.id)
        crm.do(tasks.done, task.id, by=crm.carol)
        undone(crm, number, changed)
        now = looked(crm, task.id)
        assert now.done_by
        assert now.done_by.name == "Carol"
        assert looked(crm, other.id).is_open
    else:
        changed = crm.do(status.pause, number, date(2026, 12, 1), seen=None)
        crm.do(tasks.snooze, task.id, due(9, month=12))
        undone(crm, number, changed)
        assert looked(crm, task.id).due == due(9, month=12)
        assert looked(crm, other.id).due == due(25)


def test_a_move_between_stages_costs_nothing_where_there_is_no_task(crm: Crm) -> None:
    number = crm.opened()
    sent: list[str] = []

    def heard(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(crm.store.writer, "before_cursor_execute", heard)
    crm.do(status.move, number, Status.CLOSING, seen=None)
    event.remove(crm.store.writer, "before_cursor_execute", heard)
    assert sent
    assert not [one for one in sent if "FROM tasks" in one or "UPDATE tasks" in one]
