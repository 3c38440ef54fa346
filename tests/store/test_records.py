"""What a win is the first in: of which time, in which currency, before whose eyes."""

from dataclasses import replace
from datetime import UTC, date, datetime

from store.money import Money
from store.opportunity.win import Feat, Record
from store.usecases import workspaces
from store.usecases.card import channels
from store.usecases.card.channels import Channel
from store.usecases.opportunity import wins
from store.usecases.workspaces import SetUp
from tests.store.crm import DEALS, TEAM, Crm
from tests.store.test_wins import VIP, due, gbp, told, want, won


def records(crm: Crm, number: int) -> tuple[Record, ...]:
    shown = told(crm, number)
    assert shown
    return shown.records


def lasted(crm: Crm, days: int, price: Money, **said: object) -> int:
    """A deal that was won now, so many days after it was opened; its number."""
    crm.turn(days=-days)
    number = crm.opened(**said)
    crm.turn(days=days)
    won(crm, number, price)
    return number


def test_the_largest_of_the_quarter_and_the_fastest_of_the_year(crm: Crm) -> None:
    want(crm)
    crm.now = datetime(2026, 9, 30, 12, tzinfo=UTC)
    lasted(crm, 3, gbp(90_000))  # Last quarter, and the fastest of the year so far.
    crm.now = datetime(2026, 10, 1, 12, tzinfo=UTC)
    first = lasted(crm, 30, gbp(50_000))
    assert records(crm, first) == ()  # The only one of its quarter is the first in nothing.
    lasted(crm, 30, gbp(40_000))
    crm.now = datetime(2026, 12, 31, 12, tzinfo=UTC)
    assert records(crm, lasted(crm, 9, gbp(50_000))) == ()
    assert records(crm, lasted(crm, 9, gbp(50_001))) == (Record(Feat.LARGEST, 4),)
    assert records(crm, lasted(crm, 3, gbp(1))) == ()
    both = (Record(Feat.LARGEST, 6), Record(Feat.FASTEST, 7))
    assert records(crm, lasted(crm, 2, gbp(60_000))) == both
    crm.now = datetime(2027, 1, 1, 12, tzinfo=UTC)
    assert records(crm, lasted(crm, 1, gbp(70_000))) == ()


def test_currencies_are_not_compared(crm: Crm) -> None:
    want(crm)
    lasted(crm, 5, gbp(10))
    lasted(crm, 5, Money(1_000_000_00, "USD"))
    assert records(crm, lasted(crm, 5, gbp(11))) == (Record(Feat.LARGEST, 2),)


def test_what_was_opened_on_the_day_it_was_won_is_no_record(crm: Crm) -> None:
    want(crm)
    lasted(crm, 5, gbp(10))
    assert records(crm, lasted(crm, 0, gbp(5))) == ()
    assert records(crm, lasted(crm, 4, gbp(5))) == (Record(Feat.FASTEST, 2),)


def test_quarter_and_day_are_those_of_the_workspace(crm: Crm) -> None:
    """At 23:30 UTC on 30 September it is October in Berlin already."""
    want(crm)

    berlin = SetUp(deals_channel=DEALS, currency="GBP", tz="Europe/Berlin")
    crm.store.write_now(workspaces.set_up, crm.alice, berlin, crm.now)
    crm.now = datetime(2026, 9, 30, 12, tzinfo=UTC)
    lasted(crm, 5, gbp(10))
    crm.now = datetime(2026, 9, 30, 23, 30, tzinfo=UTC)
    crm.turn(days=-5)
    number = crm.opened()
    crm.turn(days=5)
    won(crm, number, gbp(100), on=date(2026, 10, 1))
    assert records(crm, number) == ()
    assert due(crm)


def test_a_record_is_one_among_what_the_readers_may_see(crm: Crm) -> None:
    """The deal of a private channel neither takes a record away elsewhere, nor counts there."""
    want(crm)
    vip = Channel(workspace_id=TEAM, id=VIP, name="vip", kind=channels.PRIVATE, bot_in=True)
    crm.store.write_now(channels.know, vip, crm.now, [crm.alice.id])
    insider = replace(crm.alice, private_channels=frozenset({VIP}))
    crm.turn(days=-5)
    secret = crm.opened(by=insider, channel_id=VIP)
    crm.turn(days=5)
    won(crm, secret, gbp(1_000_000), by=insider)
    lasted(crm, 5, gbp(10))
    assert records(crm, lasted(crm, 5, gbp(11))) == (Record(Feat.LARGEST, 2),)
    want(crm, channel_id=VIP)
    crm.turn(days=-5)
    second = crm.opened(by=insider, channel_id=VIP)
    crm.turn(days=5)
    won(crm, second, gbp(1_000_001), by=insider)
    shown = crm.store.read_now(wins.to_show, TEAM, crm.look(second, by=insider).id, crm.now)
    assert shown
    assert shown.records == (Record(Feat.LARGEST, 4),)
