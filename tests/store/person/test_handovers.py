"""Handover: what is open goes to somebody else at once, and nothing of it is lost or told twice."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from store.errors import Invalid, NotAllowed, NotFound, Refusal
from store.opportunity.opportunity import Change
from store.opportunity.status import Status
from store.outbox import outbox
from store.person.handover import Held
from store.person.person import Person, Role
from store.tables.entries import TaskRow
from store.tables.machinery import OutboxRow
from store.tables.records import HistoryRow, OpportunityRow
from store.usecases.card import cards, channels
from store.usecases.card.channels import Channel
from store.usecases.digest import digests
from store.usecases.opportunity import opportunities, status, timelines
from store.usecases.opportunity.status import Loss
from store.usecases.person import handovers, people
from store.usecases.person.people import Profile
from tests.store.crm import DEALS, TEAM, Crm, actor
from tests.store.digest.digesting import looked, made

MONDAY = date(2026, 11, 30)
NINE = datetime(2026, 11, 30, 9, tzinfo=UTC)


def task(crm: Crm, assignee: str, number: int | None = None, **about: Any) -> int:
    """A task, as it is kept."""
    deal = crm.look(number).id if number else None
    row = TaskRow(
        workspace_id=TEAM,
        opportunity_id=deal,
        title="Send the quote",
        assignee_id=assignee,
        due_key="9999-12-31",
        created_by=assignee,
        created_at=crm.now,
        **about,
    )

    def keep(session: Session) -> int:
        session.add(row)
        session.flush()
        if deal:
            session.get_one(OpportunityRow, deal).next_task_id = row.id
        return row.id

    return crm.store.write_now(keep)


def due(crm: Crm) -> dict[str, int]:
    """The keys of what is to be shown, with their priorities."""
    rows = select(OutboxRow.key, OutboxRow.priority).where(OutboxRow.due_at.is_not(None))
    return crm.store.read_now(lambda s: {row.key: row.priority for row in s.execute(rows)})


def delivered(crm: Crm) -> None:
    """Everything that was due is shown."""

    def settle(session: Session) -> None:
        for row in session.scalars(select(OutboxRow)):
            row.state, row.due_at, row.done = outbox.IDLE, None, row.wanted
            row.ts, row.channel_id = row.ts or f"1.{row.id}", row.channel_id or "C0"

    crm.store.write_now(settle)


def test_open_and_paused_deals_and_open_tasks_move_and_nothing_else(crm: Crm) -> None:
    kept = crm.opened("Lost")
    crm.do(status.lose, kept, Loss(reason="Price"), seen=None)
    crm.do(opportunities.archive, crm.opened("Archived"))
    first, paused, theirs = crm.opened("One"), crm.opened("Two"), crm.opened(by=crm.carol)
    crm.do(status.pause, paused, None, seen=None)
    own = task(crm, crm.alice.id, theirs)
    done = task(crm, crm.alice.id, open=False, done_at=crm.now)
    other = task(crm, crm.carol.id)
    made = crm.do(handovers.hand_over, crm.alice.id, crm.bob.id)
    assert made.held == Held(deals=1, paused=1, tasks=1)
    assert made.taker == Person(crm.bob.id, "Bob")
    whose = {n: crm.look(n).owner for n in (kept, first, paused, theirs)}
    assert [one and one.name for one in whose.values()] == ["Alice", "Bob", "Bob", "Carol"]
    rows = select(TaskRow.id, TaskRow.assignee_id)
    assert crm.store.read_now(lambda s: dict(s.execute(rows).all())) == {
        own: crm.bob.id,
        done: crm.alice.id,
        other: crm.carol.id,
    }
    with pytest.raises(NotFound, match="Alice has no open deals, tasks or digests"):
        crm.do(handovers.hand_over, crm.alice.id, crm.bob.id)


def test_digests_go_along_and_come_as_before(crm: Crm) -> None:
    kept, paused, theirs = made(crm), made(crm), made(crm, by=crm.carol)
    crm.do(digests.delete, made(crm).id)
    crm.do(digests.pause, paused.id)
    assert crm.do(handovers.hand_over, crm.alice.id, crm.bob.id).held == Held(digests=2)
    makers = [looked(crm, one).maker.name for one in (kept, paused, theirs)]
    assert makers == ["Bob", "Bob", "Carol"]
    moved = looked(crm, kept)
    assert (moved.next, moved.version) == (kept.next, kept.version)


def test_history_and_thread_say_it_and_call_nobody(crm: Crm) -> None:
    number = crm.opened()
    crm.do(handovers.hand_over, crm.alice.id, crm.bob.id, by=crm.alice)
    newest = crm.do(timelines.timeline, number).rows[0]
    assert isinstance(newest, Change)
    assert (newest.kind, newest.by and newest.by.name) == ("handed_over", "Alice")
    assert newest.fields == {"owner_id": (crm.alice.id, crm.bob.id)}
    assert crm.look(number).last_change == newest.id
    assert crm.look(number).undo is None
    shown = crm.store.read_now(cards.line_to_show, TEAM, newest.id)
    assert (shown.called, shown.channel_id) == (None, DEALS)
    assert f"line:{newest.id}" in due(crm)


def test_it_is_shown_behind_what_somebody_waits_for(crm: Crm) -> None:
    first, second = crm.opened(), crm.opened()
    one, two = crm.look(first).id, crm.look(second).id
    shown = task(crm, crm.alice.id, first)
    delivered(crm)
    crm.do(status.move, first, Status.QUOTING, seen=None)
    crm.do(handovers.hand_over, crm.alice.id, crm.bob.id)
    now = due(crm)
    assert (now[f"card:{one}"], now[f"card:{two}"]) == (0, outbox.BACKGROUND)
    assert now[f"task:{shown}"] == outbox.BACKGROUND
    crm.do(status.move, second, Status.QUOTING, seen=None)
    assert due(crm)[f"card:{two}"] == 0


def test_the_card_whose_next_step_it_was_shows_the_new_assignee(crm: Crm) -> None:
    theirs, other = crm.opened(by=crm.carol), crm.opened(by=crm.carol)
    task(crm, crm.alice.id, theirs)
    delivered(crm)
    crm.do(handovers.hand_over, crm.alice.id, crm.bob.id)
    shown = {key for key in due(crm) if key.startswith("card:")}
    assert shown == {f"card:{crm.look(theirs).id}"}
    assert crm.look(other).owner == Person(crm.carol.id, "Carol")


def test_the_new_owner_is_told_once_with_the_numbers(crm: Crm) -> None:
    crm.opened()
    crm.opened()
    task(crm, crm.alice.id)
    crm.do(handovers.hand_over, crm.alice.id, crm.bob.id)
    words = select(OutboxRow.data).where(OutboxRow.kind == outbox.WORD)
    assert crm.store.read_now(lambda s: list(s.scalars(words))) == [
        {
            "say": "handover",
            "by": "Alice",
            "user": crm.bob.id,
            "deals": 2,
            "paused": 0,
            "tasks": 1,
            "digests": 0,
            "hidden": 0,
        }
    ]


def test_who_takes_it_themselves_is_told_nothing(crm: Crm) -> None:
    crm.opened(by=crm.bob)
    crm.do(handovers.hand_over, crm.bob.id, crm.alice.id, by=crm.alice)
    assert not [key for key in due(crm) if key.startswith("word:")]


def test_an_admin_hands_over_also_what_they_can_not_see(crm: Crm) -> None:
    """And is shown numbers only; the new owner hears how much of it they can't see."""
    vip = Channel(workspace_id=TEAM, id="C0VIP", kind=channels.PRIVATE, bot_in=True)
    crm.store.write_now(channels.know, vip, crm.now, [crm.carol.id])
    inside = actor("Carol", private_channels=frozenset({"C0VIP"}))
    crm.opened("Secret", by=inside, channel_id="C0VIP")
    made = crm.store.read_now(handovers.plan, crm.carol.id, crm.bob.id, by=crm.alice)
    assert "Secret" not in repr(made)
    crm.do(handovers.hand_over, crm.carol.id, crm.bob.id)
    word = select(OutboxRow.data).where(OutboxRow.kind == outbox.WORD)
    said = crm.store.read_now(lambda s: s.scalar(word))
    assert said
    assert (said["by"], said["giver"], said["deals"], said["hidden"]) == ("Alice", "Carol", 1, 1)
    owner = crm.look(1, by=inside).owner
    assert owner
    assert owner.name == "Bob"


def test_cards_in_direct_messages_follow_the_owner(crm: Crm) -> None:
    for name in ("Placed", "Direct"):
        crm.opened(name, channel_id=DEALS if name == "Placed" else "C0NONE", by=crm.bob)

    def stand(session: Session) -> None:
        for row in session.scalars(select(OutboxRow).where(OutboxRow.kind == outbox.CARD)):
            row.ts, row.channel_id, row.state, row.due_at = f"7.{row.ref_id}", "D0BOB", "idle", None

    crm.store.write_now(stand)
    crm.do(handovers.hand_over, crm.bob.id, crm.carol.id)
    rows = crm.store.read_now(
        lambda s: {row.name: row for row in s.scalars(select(OpportunityRow))}
    )
    assert (rows["Placed"].card_channel, rows["Placed"].audience) == (DEALS, "")
    direct = rows["Direct"]
    assert (direct.card_channel, direct.audience, direct.card_ts) == (crm.carol.id,) * 2 + (None,)
    kept = crm.store.read_now(lambda s: {row.key: row for row in s.scalars(select(OutboxRow))})
    assert kept[f"card:{direct.id}"].ts is None
    assert kept[f"card:{rows['Placed'].id}"].ts == f"7.{rows['Placed'].id}"
    old = kept[f"old_card:D0BOB:7.{direct.id}"]
    assert (old.ref_id, old.ts) == (direct.id, f"7.{direct.id}")
    assert crm.look(direct.number, by=crm.carol).owner == Person(crm.carol.id, "Carol")
    with pytest.raises(NotFound):
        crm.look(direct.number, by=crm.bob)


def test_an_import_without_a_card_stays_without_one(crm: Crm) -> None:
    number = crm.opened()

    def forget(session: Session) -> None:
        row = session.scalars(select(OpportunityRow)).one()
        row.card_channel = None
        session.execute(OutboxRow.__table__.delete())

    crm.store.write_now(forget)
    crm.do(handovers.hand_over, crm.alice.id, crm.bob.id)
    assert not [key for key in due(crm) if not key.startswith("word:")]
    assert crm.kinds() == ["created", "handed_over"]
    assert crm.look(number).owner == Person(crm.bob.id, "Bob")


def test_reminders_of_days_go_by_the_morning_of_the_new_assignee(crm: Crm) -> None:
    tokyo = Profile(workspace_id=TEAM, user_id=crm.bob.id, name="Bob", tz="Asia/Tokyo")
    crm.store.write_now(people.know, tokyo, crm.now)
    day = {"due_on": MONDAY, "remind_at": NINE}
    on_day = task(crm, crm.alice.id, **day)
    at_hour = task(crm, crm.alice.id, **day, due_at=NINE)
    told = task(crm, crm.alice.id, due_on=MONDAY)
    today = {"due_on": date(2026, 11, 23), "remind_at": crm.now + timedelta(hours=1)}
    passed = task(crm, crm.alice.id, **today)
    crm.do(handovers.hand_over, crm.alice.id, crm.bob.id)
    rows = select(TaskRow.id, TaskRow.remind_at)
    assert crm.store.read_now(lambda s: dict(s.execute(rows).all())) == {
        on_day: NINE - timedelta(hours=9),
        at_hour: NINE,
        told: None,
        passed: None,
    }


@pytest.mark.parametrize("who", ["guest", "bot", "outsider"])
def test_who_can_not_own_takes_nothing_over(crm: Crm, who: str) -> None:
    crm.opened()
    profile = Profile(workspace_id=TEAM, user_id="U0GUS", name="Gus", role=Role(who))
    crm.store.write_now(people.know, profile, crm.now)
    with pytest.raises(Invalid, match=r"^Gus is no member of this workspace\. Choose a member\.$"):
        crm.do(handovers.hand_over, crm.alice.id, "U0GUS")


def test_the_deactivated_give_and_do_not_take(crm: Crm) -> None:
    crm.opened(by=crm.bob)
    gone = Profile(workspace_id=TEAM, user_id=crm.bob.id, name="Bob", deactivated=True)
    crm.store.write_now(people.know, gone, crm.now)
    crm.opened()
    with pytest.raises(Invalid, match="Bob is deactivated"):
        crm.do(handovers.hand_over, crm.alice.id, crm.bob.id)
    crm.do(handovers.hand_over, crm.bob.id, crm.carol.id)
    assert crm.look(1).owner == Person(crm.carol.id, "Carol")


def test_who_may_hand_over_and_what_makes_no_sense(crm: Crm) -> None:
    crm.opened(by=crm.bob)
    with pytest.raises(NotAllowed, match="Only Bob or an admin of this workspace can hand over"):
        crm.do(handovers.hand_over, crm.bob.id, crm.carol.id, by=crm.carol)
    with pytest.raises(Refusal, match="Name two people"):
        crm.do(handovers.hand_over, crm.bob.id, crm.bob.id)
    with pytest.raises(NotFound, match="I can't find that person"):
        crm.do(handovers.hand_over, crm.bob.id, "U0NOBODY")
    with pytest.raises(NotFound, match="I can't find that person"):
        crm.do(handovers.hand_over, "U0NOBODY", crm.bob.id)
    with pytest.raises(NotAllowed, match="for members"):
        crm.do(handovers.hand_over, crm.bob.id, crm.carol.id, by=actor("Gus", role=Role.GUEST))
    assert crm.kinds() == ["created"]
    crm.do(handovers.hand_over, crm.bob.id, crm.carol.id, by=crm.bob)
    assert crm.kinds() == ["created", "handed_over"]


def test_two_thousand_deals_and_five_thousand_tasks_are_moved_at_once(crm: Crm) -> None:
    crm.opened()
    crm.store.write_now(fill, crm.now, crm.alice.id)
    made = crm.do(handovers.hand_over, crm.alice.id, crm.bob.id)
    assert made.held == Held(deals=2_001, tasks=5_000)
    lines = select(HistoryRow.id).where(HistoryRow.kind == "handed_over")
    assert len(crm.store.read_now(lambda s: list(s.scalars(lines)))) == 2_001
    assert len([key for key in due(crm) if key.startswith("line:")]) >= 2_001


def fill(session: Session, now: datetime, owner: str) -> None:
    """2,000 more deals like the first one, and 5,000 tasks on them."""
    columns = OpportunityRow.__table__.c.keys()
    row = session.execute(select(OpportunityRow.__table__)).mappings().one()
    like = {name: row[name] for name in columns if name != "id"}
    numbered = [like | {"number": number} for number in range(2, 2_002)]
    session.execute(insert(OpportunityRow.__table__), numbered)
    ids = list(session.scalars(select(OpportunityRow.id)))
    about = {"workspace_id": TEAM, "title": "T", "assignee_id": owner, "created_by": owner}
    about |= {"created_at": now, "due_on": MONDAY, "remind_at": NINE, "due_key": "2026-11-30T99"}
    about |= {"notes": "", "open": True, "quiet": False, "source_link": "", "source_author": ""}
    tasks = [about | {"opportunity_id": ids[n % len(ids)], "version": 1} for n in range(5_000)]
    session.execute(insert(TaskRow.__table__), tasks)
