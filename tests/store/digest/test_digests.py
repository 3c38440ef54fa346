"""The digests of a channel: who may do what, and what an edit or a pause makes of what is due."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from store.board import Closes, Filter
from store.digest.digest import DigestDraft, Part, Rhythm
from store.errors import Conflict, Gone, Invalid, NotAllowed, NotFound, Refusal
from store.opportunity.status import Status
from store.person.person import Person, Role
from store.usecases.card import channels
from store.usecases.digest import digests
from store.usecases.digest.digests import MOST
from tests.store.crm import DEALS, TEAM, Crm, actor
from tests.store.digest.digesting import (
    decided,
    edited,
    forget_zone,
    instant,
    know,
    looked,
    made,
    posts,
    row,
    runs,
    schedule,
    spans,
)

VIP = "G0VIP"


def test_as_it_was_said(crm: Crm) -> None:
    said = DigestDraft(
        schedule=schedule(rhythm=Rhythm.WEEKLY, at=time(8, 30), days=(5, 1)),
        filter=Filter(owner=crm.bob.id, statuses=(Status.QUOTING,), closes=Closes.MONTH),
        parts=(Part.TASKS, Part.CHANGES),
    )
    kept = crm.do(digests.add, said, DEALS)
    assert kept.schedule == schedule(rhythm=Rhythm.WEEKLY, at=time(8, 30), days=(1, 5))
    assert (kept.filter, kept.parts) == (said.filter, (Part.CHANGES, Part.TASKS))
    assert (kept.maker.name, kept.channel_id, kept.paused) == ("Alice", DEALS, False)
    assert kept.next
    assert (kept.next.day, kept.next.at) == (date(2026, 11, 27), instant(27, 8, 30))
    assert crm.store.read_now(digests.listed, DEALS, by=crm.bob) == (kept,)
    assert looked(crm, kept, by=crm.bob) == kept


def test_the_first_tells_as_much_as_any(crm: Crm) -> None:
    """Made on Monday at ten: on Tuesday it tells what changed since Monday at nine."""
    assert made(crm).told_until == instant(23, 9)
    monthly = made(crm, rhythm=Rhythm.MONTHLY, month_day=31)
    assert monthly.told_until == instant(31, 9, month=10)


def test_what_can_not_be_is_said_by_field(crm: Crm) -> None:
    with pytest.raises(Invalid) as refused:
        made(crm, rhythm=Rhythm.WEEKLY, days=(), tz="Europe/Atlantis")
    assert set(refused.value.fields) == {"days", "tz"}
    with pytest.raises(Invalid, match="at least one thing"):
        crm.do(digests.add, DigestDraft(schedule=schedule(), parts=()), DEALS)


@pytest.mark.parametrize("role", [Role.GUEST, Role.OUTSIDER, Role.UNKNOWN])
def test_who_may_not_write_changes_none(crm: Crm, role: Role) -> None:
    kept, other = made(crm), actor("Gus", role=role)
    draft = DigestDraft(schedule=schedule(at=time(7)))
    for refused in (
        lambda: crm.do(digests.add, draft, DEALS, by=other),
        lambda: crm.do(digests.edit, kept.id, draft, version=1, by=other),
        *(
            lambda use=use: crm.do(use, kept.id, by=other)
            for use in (digests.pause, digests.resume, digests.delete, digests.send_now)
        ),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert crm.store.read_now(digests.listed, DEALS, by=crm.alice) == (kept,)


def test_every_member_may_change_one_of_somebody_else(crm: Crm) -> None:
    kept = edited(crm, made(crm), by=crm.bob, at=time(7))
    assert (kept.maker.name, kept.schedule.at) == ("Alice", time(7))
    assert crm.do(digests.pause, kept.id, by=crm.carol).paused_by == Person(crm.carol.id, "Carol")


def test_in_a_private_channel_it_is_its_members(crm: Crm) -> None:
    know(crm, VIP, kind=channels.PRIVATE, members=[crm.alice.id])
    insider = replace(crm.alice, private_channels=frozenset({VIP}))
    kept = made(crm, by=insider, place=VIP)
    assert looked(crm, kept, by=insider) == kept
    for refused in (
        lambda: crm.store.read_now(digests.listed, VIP, by=crm.bob),
        lambda: looked(crm, kept, by=crm.bob),
        lambda: made(crm, by=crm.bob, place=VIP),
        lambda: crm.do(digests.send_now, kept.id, by=crm.bob),
    ):
        with pytest.raises(NotFound):
            refused()


def test_nowhere_but_in_a_channel_that_the_bot_is_in(crm: Crm) -> None:
    with pytest.raises(NotFound, match="Invite me"):
        made(crm, place="C0NEW")
    know(crm, "C0OUT", bot_in=False)
    with pytest.raises(NotFound, match="Invite me"):
        made(crm, place="C0OUT")
    know(crm, "C0OPEN", shared=True)
    with pytest.raises(NotAllowed, match="People from outside"):
        made(crm, place="C0OPEN")
    know(crm, "D0ALICE", kind=channels.IM)
    with pytest.raises(NotFound, match="belongs to a channel"):
        made(crm, place="D0ALICE")


def test_where_it_can_not_be_posted_any_more_it_can_be_deleted(crm: Crm) -> None:
    kept = made(crm)
    know(crm, shared=True)
    assert crm.store.read_now(digests.listed, DEALS, by=crm.bob) == (kept,)
    for refused in (digests.send_now, digests.resume):
        with pytest.raises(NotAllowed):
            crm.do(refused, kept.id)
    crm.do(digests.pause, kept.id)
    crm.do(digests.delete, kept.id)
    assert crm.store.read_now(digests.listed, DEALS, by=crm.bob) == ()


def test_the_other_workspace_has_none_of_it(crm: Crm) -> None:
    kept = made(crm)
    assert crm.store.read_now(digests.listed, DEALS, by=crm.eve) == ()
    with pytest.raises(NotFound):
        crm.do(digests.delete, kept.id, by=crm.eve)


def test_only_so_many_in_a_channel(crm: Crm) -> None:
    kept = [made(crm, at=time(hour)) for hour in range(MOST)]
    with pytest.raises(Refusal, match="20 digests"):
        made(crm)
    crm.do(digests.delete, kept[0].id)
    assert made(crm).id


def test_nobody_is_overwritten_silently(crm: Crm) -> None:
    kept = made(crm)
    edited(crm, kept, by=crm.bob, at=time(7))
    draft = DigestDraft(schedule=schedule(at=time(8)))
    with pytest.raises(Conflict, match=r"Bob changed this digest meanwhile\."):
        crm.do(digests.edit, kept.id, draft, version=kept.version)
    assert looked(crm, kept).schedule.at == time(7)
    crm.do(digests.delete, kept.id, by=crm.carol)
    with pytest.raises(Gone, match=r"Carol deleted this digest\."):
        crm.do(digests.edit, kept.id, draft, version=kept.version)


def test_a_form_that_was_open_when_it_came_is_saved(crm: Crm) -> None:
    kept = made(crm)
    crm.now = instant(24, 9)
    assert decided(crm) == 1
    crm.do(digests.send_now, kept.id, by=crm.bob)
    crm.do(digests.pause, kept.id, by=crm.bob)
    crm.do(digests.resume, kept.id, by=crm.bob)
    draft = DigestDraft(schedule=schedule(at=time(8)))
    assert crm.do(digests.edit, kept.id, draft, version=kept.version).version == kept.version + 1


def test_edited_before_its_hour_to_a_later_one(crm: Crm) -> None:
    kept = made(crm)
    crm.now = instant(24, 8)
    edited(crm, kept, at=time(18))
    crm.now = instant(24, 18)
    assert decided(crm) == 1
    assert runs(crm) == [("2026-11-24", "sent")]


def test_edited_after_its_hour_it_does_not_come_again_on_that_day(crm: Crm) -> None:
    kept = made(crm)
    crm.now = instant(24, 9)
    decided(crm)
    crm.turn(hours=1)
    later = edited(crm, kept, at=time(18))
    assert later.next
    assert later.next.day == date(2026, 11, 25)
    assert runs(crm) == [("2026-11-24", "sent")]


def test_edited_to_an_hour_that_has_passed_it_comes_at_once(crm: Crm) -> None:
    kept = made(crm, at=time(21))
    crm.now = instant(23, 21)
    decided(crm)
    crm.now = instant(24, 20)
    edited(crm, kept, at=time(5))
    assert decided(crm) == 1
    assert runs(crm) == [("2026-11-23", "sent"), ("2026-11-24", "sent")]
    coming = looked(crm, kept).next
    assert coming
    assert coming.at == instant(25, 5)


def test_an_edit_decides_first_what_is_due(crm: Crm) -> None:
    kept = made(crm)
    crm.now = instant(24, 9)
    edited(crm, kept, at=time(10))
    assert runs(crm) == [("2026-11-24", "sent")]
    crm.now = instant(24, 10)
    assert decided(crm) == 0


def test_an_edit_of_something_else_leaves_its_time(crm: Crm) -> None:
    kept = made(crm, at=time(21))
    draft = DigestDraft(schedule=kept.schedule, parts=(Part.TOTALS,))
    later = crm.do(digests.edit, kept.id, draft, version=kept.version)
    assert (later.next, later.parts) == (kept.next, (Part.TOTALS,))
    assert kept.next
    assert kept.next.at == instant(23, 21)


def test_around_the_world(crm: Crm) -> None:
    """Sent on Tuesday in London, then moved to Auckland, where it is Wednesday, 11:00: at once."""
    kept = made(crm)
    crm.now = instant(24, 9)
    decided(crm)
    crm.now = instant(24, 22)
    edited(crm, kept, tz="Pacific/Auckland")
    assert decided(crm) == 1
    assert runs(crm) == [("2026-11-24", "sent"), ("2026-11-25", "sent")]
    coming = looked(crm, kept).next
    assert coming
    assert coming.at == datetime(2026, 11, 25, 20, tzinfo=UTC)


def test_what_two_zones_are_apart_is_told_once(crm: Crm) -> None:
    """From Pago Pago to Kiritimati two of its days have begun at once."""
    kept = made(crm, rhythm=Rhythm.DAILY, at=time(23), tz="Pacific/Pago_Pago")
    crm.now = instant(24, 10)
    decided(crm)
    crm.now = instant(25, 9, 30)
    edited(crm, kept, rhythm=Rhythm.DAILY, at=time(0), tz="Pacific/Kiritimati")
    assert decided(crm) == 1
    assert runs(crm) == [("2026-11-23", "sent"), ("2026-11-25", "sent")]
    assert decided(crm) == 0


def test_a_pause_and_what_it_leaves_out(crm: Crm) -> None:
    kept = made(crm, rhythm=Rhythm.DAILY)
    paused = crm.do(digests.pause, kept.id, by=crm.bob)
    assert (paused.paused, paused.paused_by and paused.paused_by.name) == (True, "Bob")
    assert paused.next is None
    assert crm.do(digests.pause, kept.id, by=crm.carol) == paused
    crm.now = instant(26, 8)
    assert decided(crm) == 0
    assert edited(crm, kept, rhythm=Rhythm.DAILY, at=time(7)).next is None
    back = crm.do(digests.resume, kept.id)
    assert back.next
    assert (back.paused, back.next.at) == (False, instant(27, 7))
    assert crm.do(digests.resume, kept.id) == back
    crm.now = instant(27, 7)
    decided(crm)
    assert runs(crm) == [("2026-11-27", "sent")]
    assert spans(crm) == [(instant(23, 9), instant(27, 7))]


def test_what_was_due_before_its_pause_still_comes(crm: Crm) -> None:
    kept = made(crm)
    crm.now = instant(24, 9)
    crm.do(digests.pause, kept.id)
    assert runs(crm) == [("2026-11-24", "sent")]
    assert len(posts(crm)) == 1


def test_nothing_comes_of_a_deleted_one(crm: Crm) -> None:
    kept = made(crm)
    crm.now = instant(24, 9)
    crm.do(digests.delete, kept.id)
    crm.turn(days=3)
    assert decided(crm) == 0
    assert (runs(crm), posts(crm)) == ([("2026-11-24", "skipped")], [])
    with pytest.raises(Gone, match="Alice deleted"):
        crm.do(digests.pause, kept.id)


def test_sent_by_hand_the_next_one_goes_on_from_there(crm: Crm) -> None:
    kept = made(crm)
    crm.turn(hours=2)
    told = crm.do(digests.send_now, kept.id, by=crm.bob)
    crm.turn(seconds=30)
    crm.do(digests.send_now, kept.id, by=crm.bob)
    assert runs(crm) == [("now 2026-11-23 12:00", "by_hand")]
    assert (told.told_until, told.next) == (instant(23, 12), kept.next)
    crm.now = instant(24, 9)
    decided(crm)
    assert spans(crm) == [(instant(23, 9), instant(23, 12)), (instant(23, 12), instant(24, 9))]
    assert [place for place, _ in posts(crm)] == [DEALS, DEALS]


def test_one_that_is_paused_can_be_sent_by_hand(crm: Crm) -> None:
    kept = made(crm)
    crm.do(digests.pause, kept.id)
    crm.do(digests.send_now, kept.id)
    assert (len(posts(crm)), looked(crm, kept).paused) == (1, True)


def test_a_time_zone_that_is_not_known_any_more(crm: Crm) -> None:
    kept = made(crm)
    crm.do(digests.pause, kept.id)
    forget_zone(crm, kept)
    assert looked(crm, kept).schedule.tz == "UTC"
    with pytest.raises(Refusal, match="Mars/Phobos is not known"):
        crm.do(digests.resume, kept.id)
    edited(crm, kept)
    assert crm.do(digests.resume, kept.id).next == made(crm).next


def test_a_channel_that_has_another_id_takes_its_digests_along(crm: Crm) -> None:
    kept = made(crm)
    crm.store.write_now(channels.renumber, TEAM, DEALS, "C0RENAMED")
    assert row(crm, kept).channel_id == "C0RENAMED"
