"""What hangs on deals under attack: made-up sources, moved deals, floods of names, lost roles."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from sqlalchemy.orm import Session

from store.comment import NAMED
from store.errors import Refusal
from store.opportunity.context import Source
from store.opportunity.timeline import Part
from store.person.person import Actor, Role
from store.tables.entries import TaskRow
from store.task.task import Task, TaskDraft
from store.usecases.comment import comments
from store.usecases.opportunity import timelines
from store.usecases.person import people
from store.usecases.person.people import Profile
from store.usecases.task import edits as task_edits
from store.usecases.task import tasks
from store.usecases.task import words as task_words
from tests.store.comment.test_comments import CARD, posted, reply
from tests.store.crm import DEALS, TEAM, Crm
from tests.store.doing import due, looked, made, words

LINK = "https://acme.slack.com/archives/C0DEALS/p1763892000000100"


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        (LINK, LINK),
        (f"{LINK}?thread_ts=1.2&cid=C1", f"{LINK}?thread_ts=1.2&cid=C1"),
        ("javascript:alert(1)", None),
        ("http://acme.slack.com/archives/C1/p1", None),
        ("https://acme.slack.com.evil.example/archives/C1/p1", None),
        ("https://evil.example/acme.slack.com/p1", None),
        ("https://evil.example#@acme.slack.com/p1", None),
        ("https://acme.slack.com/<!channel>", None),
        ("https://acme.slack.com/p1|<!here>", None),
        ("https://acme.slack.com/p 1", None),
        ("https://acme.slack.com/" + "x" * 500, None),
    ],
)
def test_a_task_keeps_only_a_source_that_leads_to_a_message(
    crm: Crm, link: str, kept: str | None
) -> None:
    source = made(crm, source=Source(link, "Bob\n<!channel>" + "x" * 300)).source
    assert (source.link if source else None) == kept
    assert source is None or (len(source.author) <= 255 and "\n" not in source.author)


def became(crm: Crm, who: Actor, **about: Any) -> None:
    profile = Profile(workspace_id=TEAM, user_id=who.id, name=who.name, **about)
    crm.store.write_now(people.know, profile, crm.now)


@pytest.mark.parametrize(
    "about", [{"role": Role.GUEST}, {"role": Role.OUTSIDER}, {"deactivated": True}]
)
@pytest.mark.parametrize("reminder", [True, False])
def test_who_is_no_member_any_more_is_told_nothing_of_their_tasks(
    crm: Crm, about: dict[str, Any], *, reminder: bool
) -> None:
    number = crm.opened()
    hangs = made(crm, number=number, due=due(24), assignee_id=crm.bob.id)
    free = made(crm, due=due(24), assignee_id=crm.bob.id)
    became(crm, crm.bob, **about)
    for task in (hangs, free):
        about_it = (TEAM, task.id, crm.bob.id)
        assert crm.store.read_now(task_words.to_tell, *about_it, reminder=reminder) is None


def edited(crm: Crm, task: Task, by: Actor | None = None, **said: Any) -> Task:
    draft = TaskDraft(**{"title": task.title, "assignee_id": task.assignee.id, **said})
    kept = crm.do(task_edits.save, task.id, draft, was={}, version=task.version, by=by)
    return kept.task


def test_everybody_who_is_given_a_task_within_a_second_is_told(crm: Crm) -> None:
    task = made(crm)
    task = edited(crm, task, assignee_id=crm.bob.id)
    edited(crm, task, assignee_id=crm.carol.id)
    assert [len(words(crm, who, "task")) for who in (crm.bob, crm.carol)] == [1, 1]


def test_what_moves_to_a_hidden_deal_meanwhile_is_not_changed_from_outside(crm: Crm) -> None:
    """Bob's press waits for the deal that Alice takes the task away from."""
    public, secret = crm.opened(), crm.opened("Zebra", channel_id=None)
    task = made(crm, number=public)
    moved, pressed = Event(), Event()

    def hide(session: Session, **_: Any) -> None:
        draft = TaskDraft(title=task.title, assignee_id=crm.alice.id, number=secret)
        who: dict[str, Any] = {"by": crm.alice, "now": crm.now}
        task_edits.save(session, task.id, draft, was={}, version=task.version, **who)
        session.flush()
        moved.set()
        pressed.wait(0.7)  # Long enough for the press to have seen the task where it was.

    with ThreadPoolExecutor(1) as elsewhere:
        hiding = elsewhere.submit(crm.store.write_now, hide)
        assert moved.wait(5)
        with pytest.raises(Refusal):
            crm.do(tasks.done, task.id, by=crm.bob)
        hiding.result()
    assert looked(crm, task.id).is_open
    hung = crm.store.read_now(lambda session: session.get_one(TaskRow, task.id).opportunity_id)
    assert hung == crm.look(secret).id


def test_comments_that_name_thousands_are_read_all_the_same(crm: Crm) -> None:
    """Each id is a parameter of the statement that finds the names; databases take so many."""
    number = crm.opened()
    crm.store.write_now(posted, number)
    for at in range(15):
        called = " ".join(f"<@U{at:02}{n:04}>" for n in range(2_800))
        said = reply(called, ts=f"17638920{60 + at}.000200", channel_id=DEALS, thread_ts=CARD)
        assert len(said.people) == NAMED + 1
        crm.store.write_now(comments.said, TEAM, said)
    shown = crm.do(timelines.timeline, number, only=Part.COMMENT).rows
    assert len(shown) == 15
    assert all(getattr(one, "text", "").endswith("…") for one in shown)
