"""Whose an opportunity is: taken by whoever presses first, and the new owner is told once."""

from typing import Any

import pytest
from sqlalchemy import select

from store.errors import Gone, NotAllowed, NotFound, Stale
from store.outbox import outbox
from store.person.person import Actor, Role
from store.tables.machinery import OutboxRow
from store.tables.records import HistoryRow, OpportunityRow
from store.usecases.card import cards, channels
from store.usecases.card.channels import Channel
from store.usecases.opportunity import edits, opportunities, reversing
from store.usecases.opportunity.edits import Edit
from store.usecases.person import owners
from tests.store.crm import TEAM, Crm, actor

VIP = "C0VIP"


def given(crm: Crm, number: int, owner: str | None, by: Actor | None = None) -> None:
    since = crm.look(number, by=by).last_change
    crm.do(edits.edit, number, Edit(fields={"owner_id": owner}, since=since), by=by)


def free(crm: Crm, **said: Any) -> int:
    """An opportunity that nobody owns any more."""
    number = crm.opened(**said)
    given(crm, number, None)
    return number


def called(crm: Crm) -> list[str | None]:
    """Whom each line of history mentions in its thread, oldest first."""
    ids = crm.store.read_now(lambda s: list(s.scalars(select(HistoryRow.id).order_by("id"))))
    return [crm.store.read_now(cards.line_to_show, TEAM, one).called for one in ids]


def told(crm: Crm) -> list[dict[str, Any] | None]:
    words = select(OutboxRow.data).where(OutboxRow.kind == outbox.WORD).order_by(OutboxRow.id)
    return crm.store.read_now(lambda s: list(s.scalars(words)))


def private(crm: Crm, *members: str) -> str:
    vip = Channel(workspace_id=TEAM, id=VIP, name="vip", kind=channels.PRIVATE, bot_in=True)
    crm.store.write_now(channels.know, vip, crm.now, members)
    crm.alice = actor("Alice", admin=True, private_channels=frozenset({VIP}))
    return VIP


def direct(crm: Crm, owner_id: str) -> int:
    """One whose card is in its owner's direct messages, since there is no channel for it."""
    return crm.opened(channel_id="C0NONE", owner_id=owner_id)


def test_an_owner_can_be_removed_and_somebody_takes_it(crm: Crm) -> None:
    number = free(crm)
    assert crm.look(number).owner is None
    taken = crm.do(owners.take, number, by=crm.bob)
    assert taken.opportunity.owner
    assert taken.opportunity.owner.id == crm.bob.id
    assert taken.change
    assert taken.change.fields == {"owner_id": (None, crm.bob.id)}
    assert crm.kinds() == ["created", "edited", "edited"]
    assert taken.opportunity.undo
    crm.do(reversing.undo, number, taken.change.id, by=crm.bob)
    assert crm.look(number).owner is None


def test_who_comes_second_hears_who_was_faster(crm: Crm) -> None:
    number = free(crm)
    crm.do(owners.take, number, by=crm.bob)
    with pytest.raises(Stale, match=r"^Bob already took it over at 10:00\.$") as late:
        crm.do(owners.take, number, by=crm.carol)
    assert not late.value.again
    crm.turn(days=1)
    given(crm, number, crm.carol.id)
    crm.turn(hours=1)
    with pytest.raises(Stale, match=r"^Alice made you the owner at 10:00\.$"):
        crm.do(owners.take, number, by=crm.carol)
    with pytest.raises(Stale, match=r"^Alice made Carol the owner at 10:00\.$"):
        crm.do(owners.take, number, by=crm.bob)
    assert len(crm.kinds()) == 4


def test_a_second_press_of_ones_own_is_the_same_press(crm: Crm) -> None:
    number = free(crm)
    crm.do(owners.take, number, by=crm.bob)
    with pytest.raises(Stale) as again:
        crm.do(owners.take, number, by=crm.bob)
    assert again.value.again
    crm.turn(minutes=1)
    with pytest.raises(Stale, match="You already took it over") as late:
        crm.do(owners.take, number, by=crm.bob)
    assert not late.value.again


def test_what_is_archived_and_who_is_no_member_is_refused(crm: Crm) -> None:
    number = free(crm)
    with pytest.raises(NotAllowed):
        crm.do(owners.take, number, by=actor("Gus", role=Role.GUEST))
    crm.do(opportunities.archive, number)
    with pytest.raises(Gone):
        crm.do(owners.take, number, by=crm.bob)


def test_one_in_direct_messages_is_its_creators_to_take(crm: Crm) -> None:
    number = direct(crm, crm.bob.id)
    given(crm, number, None, by=crm.bob)
    with pytest.raises(NotFound):
        crm.do(owners.take, number, by=crm.bob)
    crm.do(owners.take, number)
    row = crm.store.read_now(lambda s: s.scalars(select(OpportunityRow)).one())
    assert (row.audience, row.card_channel) == (crm.alice.id, crm.alice.id)


def test_a_new_owner_is_mentioned_once_and_nobody_for_what_is_their_own(crm: Crm) -> None:
    crm.opened()
    crm.opened(owner_id=crm.bob.id)
    assert called(crm) == [None, crm.bob.id]
    given(crm, 1, crm.carol.id)
    given(crm, 2, crm.alice.id)
    given(crm, 2, crm.bob.id, by=crm.bob)
    assert called(crm) == [None, crm.bob.id, crm.carol.id, None, None]
    assert told(crm) == []


def test_an_owner_who_is_that_no_longer_is_not_called(crm: Crm) -> None:
    """Lines are rendered when they are sent, which may be later."""
    crm.opened(owner_id=crm.bob.id)
    given(crm, 1, crm.carol.id)
    assert called(crm) == [None, crm.carol.id]


def test_who_is_told_directly_is_not_mentioned_too(crm: Crm) -> None:
    vip = private(crm, crm.alice.id)
    crm.opened(channel_id=vip, owner_id=crm.bob.id)
    assert called(crm) == [None]
    assert [word and word["user"] for word in told(crm)] == [crm.bob.id]
    private(crm, crm.alice.id, crm.carol.id)
    given(crm, 1, crm.carol.id)
    assert called(crm) == [None, crm.carol.id]
    assert len(told(crm)) == 1


def test_who_gets_the_card_itself_is_not_mentioned_beside_it(crm: Crm) -> None:
    direct(crm, crm.bob.id)
    given(crm, 1, crm.carol.id, by=crm.bob)
    assert called(crm) == [None, None]
    assert told(crm) == []
