"""Which digests somebody can see, whether there can be one, and when one would come."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from store.digest.digest import Digest, Rhythm
from store.errors import NotAllowed, NotFound, Refusal
from store.person.person import Role
from store.usecases.card import channels
from store.usecases.digest import digests
from store.usecases.digest import lists as digest_lists
from tests.store.crm import DEALS, TEAM, Crm
from tests.store.digest.digesting import decided, instant, know, made, runs, schedule

VIP, LAB = "G0VIP", "C0LAB"


def times(crm: Crm, digest: Digest, **said: object) -> list[datetime]:
    """When it would come next, with that schedule."""
    slots = crm.store.read_now(
        digest_lists.coming, digest.id, schedule(**said), by=crm.alice, now=crm.now
    )
    return [slot.at for slot in slots]


def test_as_it_is_it_comes_when_it_comes(crm: Crm) -> None:
    digest = made(crm)
    assert times(crm, digest) == [instant(day, 9) for day in (24, 25, 26)]


def test_a_day_that_was_decided_does_not_come_again(crm: Crm) -> None:
    digest = made(crm)
    crm.now = instant(24, 9)
    assert decided(crm) == 1
    crm.now = instant(24, 12)
    assert times(crm, digest, at=time(17)) == [instant(day, 17) for day in (25, 26, 27)]


def test_a_day_that_it_waits_for_is_not_lost(crm: Crm) -> None:
    digest = made(crm, at=time(17), rhythm=Rhythm.DAILY)
    crm.now = instant(23, 12)
    assert times(crm, digest, at=time(9), rhythm=Rhythm.DAILY) == [
        instant(23, 12),
        instant(24, 9),
        instant(25, 9),
    ]


def test_what_it_says_is_what_an_edit_leads_to(crm: Crm) -> None:
    digest = made(crm, at=time(17), rhythm=Rhythm.DAILY)
    for hour, zone in ((9, "Europe/London"), (18, "Asia/Tokyo"), (3, "America/New_York")):
        crm.now += timedelta(hours=7)
        decided(crm)
        now = crm.store.read_now(digests.one, digest.id, by=crm.alice)
        said = schedule(at=time(hour), tz=zone)
        told = times(crm, digest, at=time(hour), tz=zone)
        draft = digests.DigestDraft(schedule=said)
        kept = crm.do(digests.edit, digest.id, draft, version=now.version)
        assert kept.next is not None
        assert kept.next.at == told[0]


def test_a_paused_one_would_come_from_now_on(crm: Crm) -> None:
    digest = made(crm)
    crm.do(digests.pause, digest.id)
    crm.now = instant(26, 12)
    assert times(crm, digest)[0] == instant(27, 9)


def test_one_can_be_added_where_it_can_be_posted(crm: Crm) -> None:
    def to_add(channel_id: str, **about: object) -> None:
        by = replace(crm.alice, **about)  # type: ignore[arg-type]
        crm.store.read_now(digest_lists.to_add, channel_id, by=by)

    to_add(DEALS)
    with pytest.raises(NotFound, match="Invite me"):
        to_add("C0NOBODYKNOWS")
    know(crm, LAB, bot_in=False)
    with pytest.raises(NotFound, match="Invite me"):
        to_add(LAB)
    know(crm, LAB, shared=True)
    with pytest.raises(NotAllowed, match="People from outside"):
        to_add(LAB)
    know(crm, VIP, [crm.bob.id], kind=channels.PRIVATE)
    with pytest.raises(NotFound, match="a channel that you are in"):
        to_add(VIP)
    with pytest.raises(NotAllowed, match="profile"):
        to_add(DEALS, role=Role.UNKNOWN)
    for hour in range(digests.MOST):
        made(crm, at=time(hour))
    with pytest.raises(Refusal, match="20 digests"):
        to_add(DEALS)


def test_a_person_sees_those_of_their_channels_their_own_first(crm: Crm) -> None:
    know(crm, LAB)
    know(crm, VIP, [crm.bob.id], kind=channels.PRIVATE)
    insider = replace(crm.bob, private_channels=frozenset({VIP}))
    early = made(crm, at=time(7))
    late = made(crm, at=time(18), place=LAB, by=crm.bob)
    hidden = made(crm, at=time(8), place=VIP, by=insider)
    gone = made(crm)
    crm.do(digests.delete, gone.id)

    def seen(by: object, limit: int = 5) -> tuple[list[int], int]:
        found, total = crm.store.read_now(digest_lists.seen, by=by, limit=limit)
        return [digest.id for digest in found], total

    assert seen(crm.alice) == ([early.id, late.id], 2)
    assert seen(insider) == ([late.id, hidden.id, early.id], 3)
    assert seen(insider, 1) == ([late.id], 3)
    crm.do(digests.pause, early.id)
    assert seen(crm.alice)[0] == [early.id, late.id]


def test_a_channel_with_one_is_where_the_pipeline_is_at_home(crm: Crm) -> None:
    know(crm, LAB)
    know(crm, VIP, [crm.bob.id], kind=channels.PRIVATE)
    at_home = lambda: crm.store.read_now(channels.at_home, TEAM, LAB)  # noqa: E731
    matter = lambda: crm.store.read_now(channels.private_at_home, TEAM)  # noqa: E731
    assert not at_home()
    assert VIP not in matter()
    digest = made(crm, place=LAB)
    made(crm, place=VIP, by=replace(crm.bob, private_channels=frozenset({VIP})))
    assert at_home()
    assert VIP in matter()
    crm.do(digests.delete, digest.id)
    assert not at_home()


def test_two_presses_of_send_now_are_one_also_across_a_full_minute(crm: Crm) -> None:
    digest = made(crm)
    crm.now = instant(23, 12) - timedelta(milliseconds=100)
    crm.do(digests.send_now, digest.id)
    crm.now = instant(23, 12) + timedelta(milliseconds=100)
    crm.do(digests.send_now, digest.id, by=crm.bob)
    assert len(runs(crm)) == 1
    crm.now += timedelta(minutes=1)
    crm.do(digests.send_now, digest.id)
    assert len(runs(crm)) == 2
