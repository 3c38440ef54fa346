"""What is chosen for a channel: which lines it asks for, and who may choose."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from store.errors import Conflict, NotAllowed, NotFound, Refusal
from store.money import Money
from store.opportunity.history import Kind
from store.opportunity.status import Status
from store.settings.channels import PLAIN, ChannelSettings, Told, as_json, from_json
from store.tables.records import HistoryRow
from store.usecases.card import cards, channels
from store.usecases.card.channels import Channel
from store.usecases.opportunity import edits, reversing, status
from store.usecases.opportunity.edits import Edit
from store.usecases.person import handovers
from store.usecases.settings import channels as channel_settings
from store.usecases.settings import settings
from tests.store.crm import DEALS, TEAM, Crm

ALL = ChannelSettings(loud_wins=True, threshold=Money(100, "JPY"), also=frozenset(Told))
CHANGES: Mapping[str, tuple[Kind, dict[str, object], set[Told]]] = {
    "opened": (Kind.CREATED, {"owner_id": 1}, {Told.OPENED}),
    "moved": (Kind.MOVED, {"status": 1, "stage": 1, "probability": 1}, {Told.MOVED}),
    "moved and more": (Kind.MOVED, {"stage": 1, "value": 1}, {Told.MOVED, Told.VALUE}),
    "won": (Kind.WON, {"status": 1, "final_value": 1}, {Told.WON}),
    "lost": (Kind.LOST, {"status": 1}, {Told.LOST}),
    "paused": (Kind.PAUSED, {"status": 1}, {Told.PAUSED}),
    "resumed": (Kind.RESUMED, {"status": 1}, {Told.PAUSED}),
    "returned": (Kind.RETURNED, {"status": 1}, {Told.PAUSED}),
    "reopened": (Kind.REOPENED, {"status": 1, "expected_close": 1}, {Told.REOPENED}),
    "value": (Kind.EDITED, {"value": 1}, {Told.VALUE}),
    "close": (Kind.EDITED, {"expected_close": 1}, {Told.CLOSE}),
    "owner": (Kind.EDITED, {"owner_id": 1, "name": 1}, {Told.OWNER}),
    "name": (Kind.EDITED, {"name": 1, "notes": 1}, set()),
    "archived": (Kind.ARCHIVED, {}, set()),
    "handed over": (Kind.HANDED_OVER, {"owner_id": 1}, set()),
}


@pytest.mark.parametrize("name", CHANGES)
def test_which_lines_a_channel_asks_for(name: str) -> None:
    kind, fields, told = CHANGES[name]
    for one in Told:
        asked = ChannelSettings(also=frozenset({one})).asks_for(kind, fields)
        assert asked is (one in told), one
    assert not PLAIN.asks_for(kind, fields)


def test_what_is_kept_comes_back() -> None:
    for said in (PLAIN, ALL, replace(ALL, threshold=None), replace(PLAIN, loud_wins=True)):
        assert from_json(as_json(said)) == said
    assert as_json(PLAIN) is None
    assert from_json({"also": ["won", "of another version"]}).also == {Told.WON}


def also(crm: Crm) -> list[tuple[str, bool]]:
    """Of each line of history, whether it would go to the channel."""

    def look(session: Session) -> list[tuple[str, bool]]:
        rows = session.query(HistoryRow).order_by(HistoryRow.id).all()
        return [(row.kind, cards.line_to_show(session, TEAM, row.id).also) for row in rows]

    return crm.store.read_now(look)


def want(crm: Crm, said: ChannelSettings = ALL, channel_id: str = DEALS) -> None:
    crm.store.write_now(channel_settings.save, channel_id, said, was=None, by=crm.alice)


def test_lines_go_where_they_are_asked_for(crm: Crm) -> None:
    number = crm.opened()
    said = crm.do(status.move, number, Status.CLOSING, seen=None)
    assert also(crm) == [("created", False), ("moved", False)]
    want(crm)
    assert also(crm) == [("created", True), ("moved", True)]
    shared = Channel(workspace_id=TEAM, id=DEALS, name="deals", bot_in=True, shared=True)
    crm.store.write_now(channels.know, shared, crm.now)
    assert also(crm) == [("created", False), ("moved", False)]
    assert said.change


def test_what_was_undone_or_is_one_of_many_does_not(crm: Crm) -> None:
    number = crm.opened()
    want(crm)
    made = crm.do(edits.edit, number, Edit(fields={"value": Money(500, "GBP")}, since=2**31))
    assert made.change
    crm.do(reversing.undo, number, made.change.id)
    crm.do(handovers.hand_over, crm.alice.id, crm.bob.id)
    lines = dict(also(crm))
    assert (lines["created"], lines["edited"], lines["handed_over"]) == (True, False, False)


def test_a_card_in_direct_messages_has_no_channel(crm: Crm) -> None:
    direct = Channel(workspace_id=TEAM, id="D0ALICE", kind=channels.IM)
    crm.store.write_now(channels.know, direct, crm.now)
    crm.opened(channel_id="D0ALICE")
    assert also(crm) == [("created", False)]


@pytest.mark.parametrize(
    ("about", "refusal"),
    [
        ({"bot_in": False}, "Invite me there first"),
        ({"archived": True}, "Invite me there first"),
        ({"shared": True}, "People from outside are in that channel"),
        ({"kind": channels.PRIVATE}, "Choose a channel that you are in"),
        ({"kind": channels.IM}, "Choose a channel. A direct message"),
        (None, "Choose a channel that you are in"),
    ],
)
def test_where_nothing_can_be_chosen(
    crm: Crm, about: dict[str, object] | None, refusal: str
) -> None:
    there = "C0THERE"
    if about is not None:
        known = Channel(**{"workspace_id": TEAM, "id": there, "bot_in": True, **about})
        crm.store.write_now(channels.know, known, crm.now)
    with pytest.raises(Refusal, match=refusal):
        crm.store.read_now(channel_settings.one, there, by=crm.alice)
    with pytest.raises(Refusal, match=refusal):
        want(crm, channel_id=there)


def test_who_may_choose(crm: Crm) -> None:
    for who in (crm.bob, replace(crm.eve, admin=False)):
        with pytest.raises(NotAllowed, match="Only an admin"):
            crm.store.write_now(channel_settings.save, DEALS, ALL, was=None, by=who)
    crm.store.write_now(channel_settings.save, DEALS, ALL, was=None, by=crm.eve)
    assert crm.store.read_now(channel_settings.of, TEAM, DEALS) == PLAIN


def test_what_another_admin_chose_is_not_replaced_unknowingly(crm: Crm) -> None:
    want(crm)
    with pytest.raises(Conflict):
        crm.store.write_now(channel_settings.save, DEALS, PLAIN, was=PLAIN.mark, by=crm.alice)
    crm.store.write_now(channel_settings.save, DEALS, PLAIN, was=ALL.mark, by=crm.alice)
    assert crm.store.read_now(channel_settings.of, TEAM, DEALS) == PLAIN


def test_an_admin_is_shown_the_channels_that_they_can_see(crm: Crm) -> None:
    crm.opened()
    for number in range(12):
        channel = Channel(workspace_id=TEAM, id=f"C1{number:02}", name=f"c{number:02}", bot_in=True)
        crm.store.write_now(channels.know, channel, crm.now)
        want(crm, ALL, channel.id)
    for name in ("C0VIP", "C0MINE"):
        vip = Channel(workspace_id=TEAM, id=name, name="a", kind=channels.PRIVATE, bot_in=True)
        crm.store.write_now(channels.know, vip, crm.now, [crm.alice.id])
        want(crm, ALL, name)
    admin = replace(crm.alice, private_channels=frozenset({"C0MINE"}))
    shown = crm.store.read_now(settings.look, by=admin)
    assert [channel.id for channel, _ in shown.channels][:2] == ["C0MINE", "C100"]
    assert (len(shown.channels), shown.more) == (10, 4)
    assert all(settings == ALL for _, settings in shown.channels)
    want(crm, PLAIN, "C100")
    shown = crm.store.read_now(settings.look, by=admin)
    assert (len(shown.channels), shown.more) == (10, 3)


def test_a_channel_that_is_not_there_is_refused(crm: Crm) -> None:
    with pytest.raises(NotFound):
        crm.store.read_now(channel_settings.one, "C0NONE", by=crm.alice)
