"""Tasks in a workspace without Slack: made, looked at, and what is to be told of them."""

from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from store.person.person import Actor
from store.tables.entries import TaskRow
from store.tables.machinery import OutboxRow
from store.task.task import Due, Task, TaskDraft
from store.usecases.task import tasks
from tests.store.crm import Crm

LONDON = ZoneInfo("Europe/London")


def due(day: int, hour: int | None = None, *, month: int = 11) -> Due:
    """In 2026, where the clock of the tests stands at 23 November, 10:00; as London says it."""
    return Due.of(date(2026, month, day), time(hour) if hour is not None else None, LONDON)


def made(crm: Crm, title: str = "Send the quote", by: Actor | None = None, **said: Any) -> Task:
    return crm.do(tasks.create, TaskDraft(title=title, **said), by=by).task


def looked(crm: Crm, task_id: int, by: Actor | None = None) -> Task:
    return crm.store.read_now(tasks.get, task_id, by=by or crm.alice)


def row(crm: Crm, task: Task) -> TaskRow:
    return crm.store.read_now(lambda session: session.get_one(TaskRow, task.id))


def wanted(crm: Crm, kind: str) -> list[str]:
    query = select(OutboxRow.key).where(OutboxRow.kind == kind).order_by(OutboxRow.id)
    return crm.store.read_now(lambda session: list(session.scalars(query)))


def words(crm: Crm, to: Actor, say: str = "") -> list[dict[str, Any]]:
    """What is to be told to somebody directly."""
    query = select(OutboxRow.data).where(OutboxRow.kind == "word").order_by(OutboxRow.id)
    told = crm.store.read_now(lambda session: list(session.scalars(query)))
    mine = [data for data in told if data and data["user"] == to.id]
    return [data for data in mine if not say or data["say"] == say]


def next_step(crm: Crm, number: int) -> str | None:
    step = crm.look(number).next_step
    return step.title if step else None
