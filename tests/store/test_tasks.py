"""Tasks in the database: made, done, and what hangs on that."""

from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from store.entries import TaskRow
from store.errors import Gone, Invalid, NotAllowed, NotFound, Stale
from store.machinery import OutboxRow
from store.person import Actor, Role
from store.task import Due, Task, TaskDraft
from store.usecases import opportunities, people, tasks
from store.usecases.people import Profile
from tests.store.crm import OTHERS, TEAM, Crm, actor

LONDON = ZoneInfo("Europe/London")


def due(day: int, hour: int | None = None) -> Due:
    return Due.of(date(2026, 11, day), time(hour) if hour is not None else None, LONDON)


def made(crm: Crm, title: str = "Send the quote", by: Actor | None = None, **said: Any) -> Task:
    return crm.do(tasks.create, TaskDraft(title=title, **said), by=by).task


def row(crm: Crm, task: Task) -> TaskRow:
    return crm.store.read_now(lambda session: session.get_one(TaskRow, task.id))


def wanted(crm: Crm, kind: str) -> list[str]:
    query = select(OutboxRow.key).where(OutboxRow.kind == kind).order_by(OutboxRow.id)
    return crm.store.read_now(lambda session: list(session.scalars(query)))


def words(crm: Crm, to: Actor) -> list[dict[str, Any]]:
    """What is to be told to somebody directly."""
    query = select(OutboxRow.data).where(OutboxRow.kind == "word").order_by(OutboxRow.id)
    told = crm.store.read_now(lambda session: list(session.scalars(query)))
    return [data for data in told if data and data["user"] == to.id]


def test_a_task_is_its_makers_and_hangs_on_its_deal(crm: Crm) -> None:
    number = crm.opened()
    task = made(crm, due=due(28, 15), number=number, notes="Three seats")
    assert (task.title, task.assignee.name, task.notes) == (
        "Send the quote",
        "Alice",
        "Three seats",
    )
    assert task.due == Due(date(2026, 11, 28), datetime(2026, 11, 28, 15, tzinfo=UTC))
    assert task.deal
    assert (task.deal.number, task.deal.name) == (number, "Acme renewal")
    assert row(crm, task).due_key == "2026-11-28T15:00"
    assert wanted(crm, "task") == [f"task:{task.id}"]
    assert looked(crm, task.id, by=crm.bob) == task


def test_a_task_needs_no_deal_and_no_date(crm: Crm) -> None:
    task = made(crm)
    assert (task.deal, task.due, task.is_open) == (None, None, True)
    assert wanted(crm, "task") == []


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "\u200b\u202e"}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"notes": "x" * 3001}, "notes"),
        ({"assignee_id": "U0NOBODY"}, "assignee_id"),
        ({"assignee_id": "U0GUEST"}, "assignee_id"),
        ({"assignee_id": "U0BOT"}, "assignee_id"),
        ({"assignee_id": "U0LEFT"}, "assignee_id"),
        ({"assignee_id": "U0EVE"}, "assignee_id"),
    ],
)
def test_what_can_not_be_is_refused_on_its_field(
    crm: Crm, said: dict[str, Any], field: str
) -> None:
    about: tuple[tuple[str, dict[str, Any]], ...] = (
        ("U0GUEST", {"role": Role.GUEST}),
        ("U0BOT", {"role": Role.BOT}),
        ("U0LEFT", {"deactivated": True}),
    )
    for user_id, more in about:
        profile = Profile(workspace_id=TEAM, user_id=user_id, name="X", **more)
        crm.store.write_now(people.know, profile, crm.now)
    with pytest.raises(Invalid) as wrong:
        made(crm, **({"title": "X"} | said))
    assert list(wrong.value.fields) == [field]


def test_what_people_type_is_cleaned(crm: Crm) -> None:
    task = made(crm, "  Call\u202e <!channel>\nnow ")
    assert task.title == "Call <!channel> now"


def test_a_deal_or_contact_that_is_not_theirs_is_none(crm: Crm) -> None:
    theirs = crm.opened(by=crm.eve)
    assert theirs == 1
    with pytest.raises(NotFound):
        made(crm, number=1)
    with pytest.raises(NotFound):
        made(crm, contact_id=77)


def test_nothing_new_hangs_on_an_archived_deal(crm: Crm) -> None:
    number = crm.opened()
    task = made(crm, number=number)
    crm.do(opportunities.archive, number)
    with pytest.raises(Gone, match="archived by Alice"):
        made(crm, number=number)
    with pytest.raises(Gone, match="archived by Alice"):
        crm.do(tasks.done, task.id)


@pytest.mark.parametrize("role", [Role.GUEST, Role.OUTSIDER, Role.UNKNOWN])
def test_guests_and_strangers_change_nothing(crm: Crm, role: Role) -> None:
    task = made(crm)
    stranger = actor("Zed", role=role)
    with pytest.raises(NotAllowed):
        made(crm, by=stranger)
    with pytest.raises(NotAllowed):
        crm.do(tasks.done, task.id, by=stranger)


def test_done_says_who_and_when_and_counts_once(crm: Crm) -> None:
    task = made(crm, number=crm.opened())
    ended = crm.do(tasks.done, task.id, by=crm.bob)
    assert ended.stepless
    assert ended.task.done_by
    assert (ended.task.done_by.name, ended.task.done_at) == ("Bob", crm.now)
    with pytest.raises(Stale) as again:
        crm.do(tasks.done, task.id, by=crm.bob)
    assert again.value.again
    crm.turn(minutes=5)
    with pytest.raises(Stale, match=r"^Bob already did it at 10:00\.$") as late:
        crm.do(tasks.done, task.id)
    assert not late.value.again
    assert row(crm, task).done_by == crm.bob.id


def test_a_forged_id_is_nobodys(crm: Crm) -> None:
    theirs = made(crm, by=crm.eve)
    assert crm.eve.workspace_id == OTHERS
    for task_id in (4711, theirs.id):
        with pytest.raises(NotFound, match="no such task"):
            crm.do(tasks.done, task_id)
        with pytest.raises(NotFound, match="no such task"):
            looked(crm, task_id)


def test_a_task_of_a_private_deal_is_seen_by_its_members_only(crm: Crm) -> None:
    number = crm.opened(by=crm.bob, channel_id=None)
    task = made(crm, by=crm.bob, number=number)
    assert looked(crm, task.id, by=crm.bob) == task
    with pytest.raises(NotFound):
        looked(crm, task.id)
    with pytest.raises(NotFound):
        crm.do(tasks.done, task.id)


def test_whom_somebody_else_gives_a_task_is_called_in_its_thread(crm: Crm) -> None:
    task = made(crm, number=crm.opened(), assignee_id=crm.bob.id)
    assert task.called
    assert words(crm, crm.bob) == []
    assert not made(crm, number=1).called


def test_without_a_thread_they_are_told_directly(crm: Crm) -> None:
    task = made(crm, assignee_id=crm.bob.id)
    assert not task.called
    told = {"say": "task", "task": task.id, "by": "Alice", "user": crm.bob.id}
    assert words(crm, crm.bob) == [told]


def test_who_can_not_see_the_deal_hears_only_that(crm: Crm) -> None:
    number = crm.opened(channel_id=None)
    task = made(crm, number=number, assignee_id=crm.bob.id)
    assert not task.called
    assert words(crm, crm.bob) == [{"say": "unseen_task", "by": "Alice", "user": crm.bob.id}]


def test_the_next_step_is_the_open_task_that_is_due_first(crm: Crm) -> None:
    number = crm.opened()
    assert crm.look(number).next_step is None
    made(crm, "Sometime", number=number)
    assert said(crm, number) == "Sometime"
    late = made(crm, "Later", number=number, due=due(30, 9), assignee_id=crm.bob.id)
    made(crm, "Friday", number=number, due=due(27))
    soon = made(crm, "Friday noon", number=number, due=due(27, 12))
    assert said(crm, number) == "Friday noon"
    crm.do(tasks.done, soon.id)
    assert said(crm, number) == "Friday"
    crm.do(tasks.done, late.id)
    assert said(crm, number) == "Friday"


def said(crm: Crm, number: int) -> str | None:
    step = crm.look(number).next_step
    return step.title if step else None


def looked(crm: Crm, task_id: int, by: Actor | None = None) -> Task:
    return crm.store.read_now(tasks.get, task_id, by=by or crm.alice)
