"""Loud wins: which ones, when, once, and what they are the first in."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from store.money import Money
from store.opportunity.status import Status
from store.opportunity.win import WinShown
from store.outbox import claims, leases
from store.outbox.outbox import WIN
from store.person.person import Actor
from store.settings.channels import PLAIN, ChannelSettings
from store.tables.machinery import OutboxRow
from store.transfer import Closing, ImportedOpportunity, Since, Spot
from store.usecases.card import cards, channels
from store.usecases.card.channels import Channel
from store.usecases.opportunity import opportunities, reversing, status, wins
from store.usecases.opportunity.status import Changed, Win
from store.usecases.person import handovers
from store.usecases.settings import channels as channel_settings
from store.usecases.transfer import imports
from tests.store.crm import DEALS, TEAM, Crm

LOUD = ChannelSettings(loud_wins=True)
VIP = "C0VIP"


def gbp(pounds: int) -> Money:
    return Money(pounds * 100, "GBP")


def want(crm: Crm, said: ChannelSettings = LOUD, channel_id: str = DEALS) -> None:
    by = replace(crm.alice, private_channels=frozenset({VIP}))
    crm.store.write_now(channel_settings.save, channel_id, said, was=None, by=by)


def won(
    crm: Crm,
    number: int,
    price: Money | None = None,
    on: date | None = None,
    by: Actor | None = None,
) -> Changed:
    said = Win(final_value=price or gbp(11_500), closed_on=on or crm.now.date())
    return crm.do(status.win, number, said, seen=None, by=by)


def undone(crm: Crm, number: int, made: Changed) -> Changed:
    assert made.change
    return crm.do(reversing.undo, number, made.change.id)


def due(crm: Crm) -> list[OutboxRow]:
    query = select(OutboxRow).where(OutboxRow.kind == WIN).order_by(OutboxRow.id)
    return crm.store.read_now(lambda session: list(session.scalars(query)))


def told(crm: Crm, number: int) -> WinShown | None:
    """What a delivery now would say for the first time."""
    return crm.store.read_now(wins.to_show, TEAM, crm.look(number).id, crm.now)


def delivered(crm: Crm) -> list[str]:
    """What is posted, and what is put right, once all that is due is delivered."""
    said = []
    for job in crm.store.write_now(claims.claim, "A", crm.now, 200).jobs:
        if job.kind != WIN:
            crm.store.write_now(leases.give_up, job, "A", "not of interest here")
            continue
        about = (TEAM, job.ref_id, crm.now)
        shown = crm.store.read_now(wins.to_show, *about, stands=job.channel_id if job.ts else None)
        if shown is None:
            crm.store.write_now(leases.needless, job, "A", crm.now)
            continue
        said.append(f"{'update' if job.ts else 'post'}{' back' if shown.taken_back else ''}")
        where = {"ts": job.ts or f"1.{job.id}{crm.now:%H%M}", "channel_id": DEALS}
        crm.store.write_now(leases.done, job, "A", crm.now, **where)
    return said


def test_off_unless_the_channel_wants_it(crm: Crm) -> None:
    won(crm, crm.opened())
    assert due(crm) == []
    want(crm)
    won(crm, crm.opened())
    want(crm, PLAIN)
    won(crm, crm.opened())
    assert len(due(crm)) == 1


def test_it_waits_two_minutes_and_is_said_once(crm: Crm) -> None:
    want(crm)
    number = crm.opened()
    crm.turn(days=34)
    won(crm, number)
    crm.turn(seconds=119)
    assert delivered(crm) == []
    crm.turn(seconds=1)
    assert delivered(crm) == ["post"]
    crm.turn(minutes=10)
    assert delivered(crm) == []
    shown = told(crm, number)
    assert shown
    assert shown.days == 34
    assert shown.opportunity.final_value == gbp(11_500)
    assert not shown.taken_back


def test_what_is_said_in_the_thread_does_not_wait_for_it(crm: Crm) -> None:
    want(crm)
    number = crm.opened()
    won(crm, number)
    keys = [job.key for job in crm.store.write_now(claims.claim, "A", crm.now, 100).jobs]
    assert f"card:{crm.look(number).id}" in keys
    (row,) = due(crm)
    assert row.opportunity_id is None


def test_what_was_undone_in_time_is_not_told(crm: Crm) -> None:
    want(crm)
    number = crm.opened()
    made = won(crm, number)
    crm.turn(seconds=90)
    undone(crm, number, made)
    crm.turn(minutes=5)
    assert delivered(crm) == []


def test_win_undo_and_win_again_is_one_message(crm: Crm) -> None:
    want(crm)
    number = crm.opened()
    made = won(crm, number, gbp(9_000))
    crm.turn(seconds=60)
    undone(crm, number, made)
    crm.turn(seconds=30)
    won(crm, number, gbp(9_500))
    crm.turn(seconds=60)
    assert delivered(crm) == []  # The second one has its two minutes, too.
    crm.turn(seconds=60)
    assert delivered(crm) == ["post"]
    shown = told(crm, number)
    assert shown
    assert shown.opportunity.final_value == gbp(9_500)
    assert len(due(crm)) == 1


def test_won_again_while_it_is_found_needless_is_told(crm: Crm) -> None:
    """Undone, claimed, looked at, won again, and only then is it kept that nothing was to tell."""
    want(crm)
    number = crm.opened()
    undone(crm, number, won(crm, number))
    crm.turn(minutes=2)
    jobs = crm.store.write_now(claims.claim, "A", crm.now, 200).jobs
    (job,) = (one for one in jobs if one.kind == WIN)
    assert told(crm, number) is None
    won(crm, number)
    crm.store.write_now(leases.needless, job, "A", crm.now)
    assert delivered(crm) == ["post"]


def test_nothing_is_told_of_what_was_not_told_in_time_until_it_is_won_again(crm: Crm) -> None:
    want(crm)
    number = crm.opened()
    undone(crm, number, won(crm, number))
    crm.turn(minutes=3)
    assert delivered(crm) == []
    won(crm, number)
    crm.turn(minutes=2)
    assert delivered(crm) == ["post"]


def test_what_was_told_is_put_right_and_not_told_twice(crm: Crm) -> None:
    want(crm)
    number = crm.opened()
    made = won(crm, number)
    crm.turn(minutes=2)
    assert delivered(crm) == ["post"]
    crm.turn(minutes=3)
    undone(crm, number, made)
    assert delivered(crm) == ["update back"]
    crm.turn(minutes=1)
    won(crm, number, gbp(9_500))
    assert delivered(crm) == ["update"]
    crm.turn(minutes=5)
    crm.do(status.reopen, number, None)
    assert delivered(crm) == ["update back"]
    crm.turn(minutes=30)
    assert delivered(crm) == []


def test_won_anew_long_after_is_another_win(crm: Crm) -> None:
    want(crm)
    number = crm.opened()
    won(crm, number)
    crm.turn(minutes=2)
    assert delivered(crm) == ["post"]
    crm.turn(days=40)
    crm.do(status.reopen, number, None)
    assert delivered(crm) == []
    won(crm, number)
    assert delivered(crm) == []
    crm.turn(minutes=2)
    assert delivered(crm) == ["post"]


def test_a_reopening_undone_is_won_again(crm: Crm) -> None:
    want(crm)
    number = crm.opened()
    won(crm, number)
    crm.turn(minutes=1)
    back = crm.do(status.reopen, number, None)
    crm.turn(minutes=1, seconds=30)
    assert delivered(crm) == []
    undone(crm, number, back)
    crm.turn(minutes=2)
    assert delivered(crm) == ["post"]


@pytest.mark.parametrize("what", ["archived", "setting off", "threshold", "shared", "bot left"])
def test_it_is_looked_at_again_before_it_is_told(crm: Crm, what: str) -> None:
    want(crm)
    number = crm.opened()
    won(crm, number, gbp(5_000))
    deals = Channel(workspace_id=TEAM, id=DEALS, name="deals", bot_in=True)
    match what:
        case "archived":
            crm.do(opportunities.archive, number)
        case "setting off":
            want(crm, PLAIN)
        case "threshold":
            want(crm, ChannelSettings(loud_wins=True, threshold=gbp(5_001)))
        case "shared":
            shared = Channel(workspace_id=TEAM, id=DEALS, bot_in=True, shared=True)
            crm.store.write_now(channels.know, shared, crm.now)
        case "bot left":
            crm.store.write_now(channels.bot_left, TEAM, deals.id, crm.now)
    crm.turn(minutes=2)
    assert delivered(crm) == []


@pytest.mark.parametrize(
    ("price", "loud"),
    [
        (gbp(10_000), True),
        (Money(999_999, "GBP"), False),
        (Money(100, "EUR"), True),
        (None, False),
    ],
)
def test_the_threshold_compares_its_currency_alone(price: Money | None, loud: bool) -> None:
    assert ChannelSettings(loud_wins=True, threshold=gbp(10_000)).is_loud(price) is loud
    assert LOUD.is_loud(price)
    assert not ChannelSettings(threshold=gbp(1)).is_loud(price)


def test_a_win_of_an_earlier_day_makes_no_noise(crm: Crm) -> None:
    want(crm)
    won(crm, crm.opened(), on=crm.now.date() - timedelta(days=1))
    assert due(crm) == []


def test_an_import_makes_none(crm: Crm) -> None:
    want(crm)
    today = crm.now.date()
    deal = ImportedOpportunity(
        name="Old",
        notes="",
        contact=None,
        value=None,
        expected_close=None,
        status=Status.WON,
        stage=Status.CLOSING,
        probability=80,
        owner_id=crm.alice.id,
        spot=Spot(DEALS, ""),
        closing=Closing(closed_on=today, final_value=gbp(1)),
        since=Since(
            created_at=crm.now, status_since=crm.now, stage_since=crm.now, archived_at=None
        ),
    )
    crm.store.write_now(imports.save, TEAM, [deal], mark="a", done=1, now=crm.now)
    assert crm.look(1).status is Status.WON
    assert due(crm) == []


def test_a_card_in_direct_messages_makes_none(crm: Crm) -> None:
    want(crm)
    crm.store.write_now(
        channels.know, Channel(workspace_id=TEAM, id="D0ALICE", kind=channels.IM), crm.now
    )
    won(crm, crm.opened(channel_id="D0ALICE"))
    assert due(crm) == []


def test_a_handover_makes_none(crm: Crm) -> None:
    want(crm)
    crm.opened()
    crm.do(handovers.hand_over, crm.alice.id, crm.bob.id)
    assert due(crm) == []


def test_settings_follow_a_channel_to_its_new_id(crm: Crm) -> None:
    want(crm)
    for known in (False, True):
        old, new = (DEALS, "C0NEW") if not known else ("C0NEW", "C0NEWER")
        if known:
            later = Channel(workspace_id=TEAM, id=new, name="deals", bot_in=True)
            crm.store.write_now(channels.know, later, crm.now)
        crm.store.write_now(channels.renumber, TEAM, old, new)
        assert crm.store.read_now(channel_settings.of, TEAM, new) == LOUD


def test_where_its_deal_may_not_be_seen_any_more_nothing_is_put_right(crm: Crm) -> None:
    """Its card had to leave the channel for its owner's direct messages, and so did the deal."""
    want(crm)
    number = crm.opened()
    made = won(crm, number)
    crm.turn(minutes=2)
    assert delivered(crm) == ["post"]
    deal = crm.look(number)
    crm.store.write_now(cards.displaced, TEAM, deal.id, crm.now)
    assert crm.look(number).audience == crm.alice.id
    undone(crm, number, made)
    assert delivered(crm) == []
    won(crm, number, gbp(9_999_999))
    crm.turn(minutes=2)
    assert delivered(crm) == []
