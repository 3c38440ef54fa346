"""Homes: read for one person, opened once, and fresh after what that person does."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.activity import ActivityDraft
from store.contact import ContactDraft
from store.opportunity.status import Status
from store.outbox import outbox
from store.person.home import Home
from store.person.person import Actor, Role
from store.tables.machinery import OutboxRow
from store.task.task import Bucket
from store.usecases import contacts
from store.usecases.activity import activities
from store.usecases.card import channels
from store.usecases.card.channels import Channel
from store.usecases.opportunity import status
from store.usecases.person import handovers, homes, people
from store.usecases.person.people import Profile
from store.usecases.task import edits as task_edits
from store.usecases.task import tasks
from tests.store.crm import TEAM, Crm, actor
from tests.store.doing import due, made

VIP = "C0VIP"


def shown(crm: Crm, to: Actor) -> Home:
    home = crm.store.read_now(homes.to_show, TEAM, to.id, crm.now)
    assert home
    return home


def opened(crm: Crm, *who: Actor) -> None:
    for one in who:
        crm.store.write_now(homes.opened, TEAM, one.id, crm.now)


def wanted(crm: Crm) -> set[str]:
    """Whose Homes are to be shown; they then are."""

    def look(session: Session) -> set[str]:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.kind == outbox.HOME)).all()
        due = {row.key for row in rows if row.due_at is not None}
        for row in rows:
            row.state, row.due_at, row.done = outbox.IDLE, None, row.wanted
        return due

    return crm.store.write_now(look)


def test_it_is_different_for_each(crm: Crm) -> None:
    crm.opened("Mine", stage=Status.CLOSING)
    crm.do(status.pause, crm.opened("Paused"), None, seen=None)
    crm.opened("Theirs", by=crm.bob)
    made(crm, "late", due=due(20))
    made(crm, "today", due=due(23))
    made(crm, "tomorrow", due=due(24))
    made(crm, "for Bob", assignee_id=crm.bob.id, due=due(23))
    home = shown(crm, crm.alice)
    assert [(bucket, task.title) for bucket, task in home.today.rows] == [
        (Bucket.OVERDUE, "late"),
        (Bucket.TODAY, "today"),
    ]
    assert ([one.count for one in home.totals], home.paused) == ([1, 0, 0, 0], 1)
    assert home.open == 1
    bobs = shown(crm, crm.bob)
    assert [task.title for _, task in bobs.today.rows] == ["for Bob"]
    assert [one.count for one in bobs.totals] == [0, 0, 0, 1]
    assert not home.is_empty
    assert shown(crm, crm.carol).is_empty
    crm.do(tasks.done, made(crm, by=crm.carol).id, by=crm.carol)
    assert not shown(crm, crm.carol).is_empty


def test_what_needs_attention_is_three_at_most_and_counted(crm: Crm) -> None:
    day = crm.now.date()
    for number in range(5):
        crm.opened(f"Late {number}", expected_close=day - timedelta(days=number + 1))
    crm.opened("Theirs", expected_close=day - timedelta(days=9), by=crm.bob)
    home = shown(crm, crm.alice)
    assert [opp.name for opp in home.attention] == ["Late 4", "Late 3", "Late 2"]
    assert home.attention_total == 5
    assert shown(crm, crm.bob).attention_total == 1


def test_what_was_done_last_and_the_latest_contacts_are_everybodys(crm: Crm) -> None:
    for number in range(7):
        crm.turn(minutes=1)
        crm.do(activities.log, ActivityDraft(what=f"Call {number}"), by=crm.bob)
        crm.do(contacts.create, ContactDraft(name=f"Contact {number}"), by=crm.bob)
    home = shown(crm, crm.alice)
    assert [one.what for one in home.latest] == [f"Call {n}" for n in (6, 5, 4, 3, 2)]
    assert [one.name for one in home.contacts] == [f"Contact {n}" for n in (6, 5, 4, 3, 2)]


def test_it_shows_no_more_than_its_person_sees(crm: Crm) -> None:
    vip = Channel(workspace_id=TEAM, id=VIP, kind=channels.PRIVATE, bot_in=True)
    crm.store.write_now(channels.know, vip, crm.now, [crm.alice.id])
    inside = actor("Alice", private_channels=frozenset({VIP}))
    number = crm.opened("Secret", channel_id=VIP, by=inside)
    crm.do(activities.log, ActivityDraft(what="Hush", number=number), by=inside)
    made(crm, "Hidden", by=inside, number=number, assignee_id=crm.bob.id, due=due(23))
    assert shown(crm, inside).latest
    home = shown(crm, crm.bob)
    assert (home.latest, home.today.rows) == ((), ())
    assert home.today.counts == {Bucket.OVERDUE: 0, Bucket.TODAY: 0}
    crm.store.write_now(channels.left, TEAM, VIP, crm.alice.id)
    assert shown(crm, crm.alice).is_empty


def test_guests_have_none_and_who_was_never_read_is_a_reader(crm: Crm) -> None:
    crm.do(activities.log, ActivityDraft(what="Call"))
    for about in ({"role": Role.GUEST}, {"role": Role.OUTSIDER}, {"deactivated": True}):
        gus = Profile(workspace_id=TEAM, user_id="U0GUS", name="Gus", **about)  # type: ignore[arg-type]
        crm.store.write_now(people.know, gus, crm.now)
        assert crm.store.read_now(homes.to_show, TEAM, "U0GUS", crm.now) is None
    assert shown(crm, actor("Nobody")).latest


def test_it_is_fresh_after_each_action_of_its_person(crm: Crm) -> None:
    first, other = crm.opened(), crm.opened(by=crm.bob)
    task = made(crm, due=due(23))
    opened(crm, crm.alice, crm.bob)
    assert wanted(crm) == {"home:U0ALICE", "home:U0BOB"}
    contact = crm.do(contacts.create, ContactDraft(name="Jane"))
    doings: list[Any] = [
        lambda: crm.do(status.move, other, Status.QUOTING, seen=None),
        lambda: crm.opened("Another"),
        lambda: crm.do(activities.log, ActivityDraft(what="Call")),
        lambda: crm.do(activities.log, ActivityDraft(what="Call", number=first)),
        lambda: made(crm, "Next"),
        lambda: crm.do(tasks.snooze, task.id, due(24)),
        lambda: crm.do(tasks.done, task.id),
        lambda: crm.do(tasks.reopen, task.id),
        lambda: crm.do(contacts.create, ContactDraft(name="Joe")),
        lambda: crm.do(contacts.archive, contact.id),
        lambda: crm.do(contacts.restore, contact.id),
    ]
    wanted(crm)
    for number, do in enumerate(doings):
        do()
        assert wanted(crm) == {"home:U0ALICE"}, number
    crm.do(handovers.hand_over, crm.bob.id, crm.carol.id)
    assert wanted(crm) == {"home:U0ALICE", "home:U0BOB"}
    crm.do(task_edits.to_edit, task.id)
    assert wanted(crm) == set()


def test_who_never_looked_has_no_row(crm: Crm) -> None:
    crm.opened(by=crm.carol)
    crm.do(activities.log, ActivityDraft(what="Call"), by=crm.carol)
    keys = crm.store.read_now(lambda s: list(s.scalars(select(OutboxRow.key))))
    assert not [key for key in keys if key.startswith("home:")]


def test_boards_and_the_home_are_found_by_their_indexes(crm: Crm) -> None:
    """One statement of every click: it may not go through all that was ever delivered."""
    statement = outbox._want_boards()
    engine = crm.store.reader
    if engine.dialect.name != "sqlite":
        return
    compiled = statement.compile(engine)
    said = {"team": TEAM, "now": "2026", "home": "home:U0ALICE"}
    parameters = [{**compiled.params, **said}[name] for name in compiled.positiontup or ()]
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", tuple(parameters))
        read = " ".join(str(row[-1]) for row in plan)
    assert "SCAN" not in read
    assert "ix_outbox_kind" in read
