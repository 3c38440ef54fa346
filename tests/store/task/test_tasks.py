"""Tasks in the database: made, done, and what hangs on that."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest

from store.errors import Gone, Invalid, NotAllowed, NotFound, Stale
from store.person.person import Actor, Role
from store.task.task import Due
from store.usecases.opportunity import opportunities
from store.usecases.person import people
from store.usecases.person.people import Profile
from store.usecases.task import tasks
from tests.store.crm import OTHERS, TEAM, Crm, actor
from tests.store.doing import due, looked, made, next_step, row, wanted, words


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
    assert next_step(crm, number) == "Sometime"
    late = made(crm, "Later", number=number, due=due(30, 9), assignee_id=crm.bob.id)
    made(crm, "Friday", number=number, due=due(27))
    soon = made(crm, "Friday noon", number=number, due=due(27, 12))
    assert next_step(crm, number) == "Friday noon"
    crm.do(tasks.done, soon.id)
    assert next_step(crm, number) == "Friday"
    crm.do(tasks.done, late.id)
    assert next_step(crm, number) == "Friday"


def test_done_again_open_and_snoozed(crm: Crm) -> None:
    number = crm.opened()
    task = made(crm, number=number, due=due(27))
    crm.do(tasks.done, task.id)
    with pytest.raises(Stale, match=r"You did it at 10:00\. Press Reopen first"):
        crm.do(tasks.snooze, task.id, due(28))
    crm.turn(minutes=1)
    kept = crm.do(tasks.reopen, task.id, by=crm.bob)
    assert kept.task.is_open
    assert kept.task.done_by is None
    assert next_step(crm, number) == "Send the quote"
    with pytest.raises(Stale, match="It is open already"):
        crm.do(tasks.reopen, task.id)
    assert crm.do(tasks.snooze, task.id, due(28, 9)).task.due == due(28, 9)
    assert row(crm, task).due_key == "2026-11-28T09:00"


def test_two_people_do_it_at_once_and_one_is_told(crm: Crm) -> None:
    task = made(crm)

    def do(by: Actor) -> str:
        try:
            return f"{crm.do(tasks.done, task.id, by=by).task.done_by}"
        except Stale as late:
            return late.sentence

    with ThreadPoolExecutor(2) as both:
        told = list(both.map(do, (crm.alice, crm.bob)))
    first = row(crm, task).done_by
    assert first in (crm.alice.id, crm.bob.id)
    name = "Alice" if first == crm.alice.id else "Bob"
    assert f"{name} already did it at 10:00." in told
