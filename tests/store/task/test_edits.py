"""Tasks edited in the database: only what was changed is saved, and nobody's work is lost."""

from dataclasses import replace
from typing import Any

import pytest

from store.errors import Conflict, Gone, Invalid, NotFound, Stale
from store.person.person import Actor
from store.task.task import Task, marks
from store.usecases.opportunity import hanging, opportunities
from store.usecases.task import edits as task_edits
from store.usecases.task import tasks
from store.usecases.task.tasks import Kept
from tests.store.crm import Crm, actor
from tests.store.doing import due, looked, made, next_step, row, wanted, words


def edited(
    crm: Crm, form: Task, by: Actor | None = None, version: int | None = None, **said: Any
) -> Kept:
    """Sends the form of a task as it was when `form` was read, with what is `said` in it."""
    who = by or crm.alice
    return crm.do(
        task_edits.save,
        form.id,
        replace(form.draft, **said),
        was=marks(form.draft, who.zone),
        version=version or form.version,
        by=who,
    )


def test_only_what_was_changed_is_saved(crm: Crm) -> None:
    task = made(crm, due=due(27, 15), notes="One", number=crm.opened())
    theirs = edited(crm, task, by=crm.bob, notes="Two").task
    kept = edited(crm, task, title="Send it", due=due(28, 15)).task
    assert (kept.title, kept.due, kept.notes) == ("Send it", due(28, 15), "Two")
    assert kept.version > theirs.version
    assert next_step(crm, 1) == "Send it"


def test_nothing_changed_saves_nothing(crm: Crm) -> None:
    task = made(crm, due=due(27, 15))
    assert edited(crm, task).task == task


def test_the_same_instant_in_another_zone_is_no_change(crm: Crm) -> None:
    task = made(crm, due=due(27, 15))
    tokyo = actor("Alice", tz="Asia/Tokyo", admin=True)
    assert edited(crm, task, by=tokyo).task == task


def test_the_same_field_is_told_before_it_is_replaced(crm: Crm) -> None:
    task = made(crm)
    edited(crm, task, by=crm.bob, title="Theirs", notes="Also theirs")
    with pytest.raises(Conflict) as told:
        edited(crm, task, title="Mine")
    assert told.value.changed == {"title": "Bob"}
    now = looked(crm, task.id)
    kept = edited(crm, task, version=now.version, title="Mine").task
    assert (kept.title, kept.notes) == ("Mine", "Also theirs")


def test_the_same_value_by_two_people_is_no_conflict(crm: Crm) -> None:
    task = made(crm)
    edited(crm, task, by=crm.bob, title="Ours")
    assert edited(crm, task, title="Ours").task.title == "Ours"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": " "}, "title"),
        ({"notes": "x" * 3001}, "notes"),
        ({"assignee_id": "U0NOBODY"}, "assignee_id"),
    ],
)
def test_what_can_not_be_is_refused_on_its_field(
    crm: Crm, said: dict[str, Any], field: str
) -> None:
    task = made(crm)
    with pytest.raises(Invalid) as wrong:
        edited(crm, task, **said)
    assert list(wrong.value.fields) == [field]
    with pytest.raises(NotFound):
        edited(crm, task, number=99)


def test_who_is_given_it_later_is_told_directly(crm: Crm) -> None:
    task = made(crm, number=crm.opened())
    kept = edited(crm, task, assignee_id=crm.bob.id).task
    assert not kept.called
    assert [word["say"] for word in words(crm, crm.bob)] == ["task"]
    edited(crm, kept, by=crm.bob, assignee_id=crm.bob.id)
    assert len(words(crm, crm.bob)) == 1
    assert words(crm, crm.alice) == []


def test_on_another_deal_it_leaves_its_thread(crm: Crm) -> None:
    one, other = crm.opened("One"), crm.opened("Other")
    task = made(crm, number=one)
    stands(crm, task)
    kept = edited(crm, task, number=other).task
    assert kept.deal
    assert (kept.deal.number, kept.permalink) == (other, None)
    assert (next_step(crm, one), next_step(crm, other)) == (None, "Send the quote")
    assert wanted(crm, "old_task") == ["old_task:C0DEALS:7.0"]
    assert wanted(crm, "task") == [f"task:{task.id}"]
    kept = edited(crm, kept, number=None).task
    assert kept.deal is None
    assert wanted(crm, "task") == []


def stands(crm: Crm, task: Task) -> None:
    """Its message is in the thread."""
    from sqlalchemy import update  # noqa: PLC0415

    from store.tables.machinery import OutboxRow  # noqa: PLC0415

    key = f"task:{task.id}"
    values = {"ts": "7.0", "channel_id": "C0DEALS", "state": "idle", "due_at": None}
    crm.store.write_now(
        lambda session: session.execute(
            update(OutboxRow).where(OutboxRow.key == key).values(**values)
        )
    )
    team, link = crm.alice.workspace_id, "https://example.com/7"
    crm.store.write_now(hanging.posted, team, "task", task.id, link)


def test_what_is_done_or_archived_is_not_edited(crm: Crm) -> None:
    number = crm.opened()
    task = made(crm, number=number)
    crm.do(tasks.done, task.id)
    with pytest.raises(Stale, match="Press Reopen first"):
        edited(crm, task, title="Late")
    crm.do(tasks.reopen, task.id)
    crm.do(opportunities.archive, number)
    for use_case in (task_edits.to_edit, tasks.reopen, tasks.quiet):
        with pytest.raises(Gone):
            crm.do(use_case, task.id)
    assert row(crm, task).title == "Send the quote"
