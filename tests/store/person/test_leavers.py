"""Who left and still has deals, tasks or digests: the admins hear of each once."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from store.opportunity.status import Status
from store.outbox import outbox
from store.person.person import Role
from store.tables.machinery import OutboxRow
from store.usecases.digest import digests
from store.usecases.opportunity import status
from store.usecases.opportunity.status import Loss
from store.usecases.person import leavers, people
from store.usecases.person.people import Profile
from tests.store.crm import OTHERS, TEAM, Crm
from tests.store.digest.digesting import made
from tests.store.person.test_handovers import task


def known(crm: Crm, name: str, **about: Any) -> str:
    """Somebody's profile, as just read."""
    profile = Profile(workspace_id=TEAM, user_id=f"U0{name.upper()}", name=name, **about)
    crm.store.write_now(people.know, profile, crm.now)
    return profile.user_id


def told(crm: Crm) -> list[dict[str, Any]]:
    words = select(OutboxRow.data).where(OutboxRow.kind == outbox.WORD).order_by(OutboxRow.id)
    return [data for data in crm.store.read_now(lambda s: list(s.scalars(words))) if data]


def pointed_out(crm: Crm) -> list[dict[str, Any]]:
    found = crm.store.read_now(leavers.gone, TEAM)
    crm.store.write_now(leavers.point_out, TEAM, found, crm.now)
    return told(crm)


def test_each_admin_hears_of_a_person_once_with_the_numbers(crm: Crm) -> None:
    crm.opened(by=crm.bob)
    crm.do(status.pause, crm.opened(by=crm.bob), None, seen=None)
    task(crm, crm.bob.id)
    made(crm, by=crm.bob)
    known(crm, "Alice", admin=True)
    known(crm, "Dora", admin=True)
    known(crm, "Gus", admin=True, role=Role.GUEST)
    known(crm, "Former", admin=True, deactivated=True)
    assert pointed_out(crm) == []
    known(crm, "Bob", deactivated=True)
    said = {"say": "left", "name": "Bob", "who": "U0BOB", "deals": 1, "paused": 1, "tasks": 1}
    said |= {"digests": 1}
    wanted = [said | {"user": user_id} for user_id in ("U0ALICE", "U0DORA")]
    assert sorted(pointed_out(crm), key=lambda data: str(data["user"])) == wanted
    assert len(pointed_out(crm)) == 2
    known(crm, "Newcomer", admin=True)
    assert [data["user"] for data in pointed_out(crm)][2:] == ["U0NEWCOMER"]


def test_who_has_nothing_open_left_in_peace(crm: Crm) -> None:
    known(crm, "Alice", admin=True)
    crm.do(status.lose, crm.opened(by=crm.bob), Loss(reason="Price"), seen=None)
    task(crm, crm.bob.id, open=False, done_at=crm.now)
    known(crm, "Bob", deactivated=True)
    assert crm.store.read_now(leavers.gone, TEAM) == []
    crm.store.write_now(leavers.point_out, TEAM, ["U0BOB", "U0NOBODY", crm.alice.id], crm.now)
    assert told(crm) == []


def test_profiles_of_those_who_have_something_are_read_anew_after_a_day(crm: Crm) -> None:
    number = crm.opened(by=crm.bob)
    crm.do(status.move, number, Status.QUOTING, seen=None, by=crm.bob)
    task(crm, crm.carol.id)
    crm.opened(by=crm.eve)
    assert crm.store.read_now(leavers.overdue, TEAM, crm.now) == []
    later = crm.now + timedelta(days=1)
    assert set(crm.store.read_now(leavers.overdue, TEAM, later)) == {crm.bob.id, crm.carol.id}
    assert list(crm.store.read_now(leavers.overdue, OTHERS, later)) == [crm.eve.id]


def test_whose_only_digests_come_is_one_of_them(crm: Crm) -> None:
    kept = made(crm, by=crm.bob)
    known(crm, "Bob", deactivated=True)
    assert crm.store.read_now(leavers.gone, TEAM) == [crm.bob.id]
    crm.do(digests.delete, kept.id)
    assert crm.store.read_now(leavers.gone, TEAM) == []
