"""Statuses in the database: every way from one to another, what it keeps, and the way back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from store.errors import Conflict, Gone, Invalid, NotAllowed, NotFound, Refusal, Stale
from store.money import Money
from store.opportunity.opportunity import Change
from store.opportunity.status import STAGES, Status
from store.person.person import Role
from store.usecases.card import cards
from store.usecases.opportunity import opportunities, reversing, status, timelines
from store.usecases.opportunity.status import Changed, Loss, Win
from tests.store.crm import Crm, actor

GBP = "GBP"
LEAD, PITCHING, QUOTING, CLOSING = STAGES
WON, LOST, PAUSED = Status.WON, Status.LOST, Status.PAUSED
RESTORED = (
    *("status", "stage", "probability", "value", "final_value", "expected_close", "closed_on"),
    *("lost_reason", "lost_note", "paused_until"),
    *("stage_since", "status_since", "status_by", "days", "health"),
)


def moved(crm: Crm, number: int, to: Status, seen: Status | None = None, **by: object) -> Changed:
    return crm.do(status.move, number, to, seen=seen, **by)


def won(crm: Crm, number: int, **said: object) -> Changed:
    day = crm.now.date()
    win = Win(**{"final_value": Money(1_150_000, GBP), "closed_on": day, **said})
    return crm.do(status.win, number, win, seen=None)


def lost(crm: Crm, number: int, reason: str = "Price", note: str = "") -> Changed:
    return crm.do(status.lose, number, Loss(reason=reason, note=note), seen=None)


def paused(crm: Crm, number: int, until: date | None = None) -> Changed:
    return crm.do(status.pause, number, until, seen=None)


def undone(crm: Crm, number: int, made: Changed) -> Changed:
    assert made.change
    return crm.do(reversing.undo, number, made.change.id)


def spent(crm: Crm, number: int) -> list[int]:
    return [days for _, days in crm.do(timelines.timeline, number).spent]


@pytest.mark.parametrize("start", STAGES)
@pytest.mark.parametrize("to", STAGES)
def test_any_stage_to_any_other(crm: Crm, start: Status, to: Status) -> None:
    number = crm.opened(stage=start, value=Money(1_000_000, GBP))
    if start is to:
        with pytest.raises(Stale, match="already"):
            moved(crm, number, to, start)
        return
    crm.turn(days=2)
    now = moved(crm, number, to, start).opportunity
    assert (now.status, now.stage, now.days) == (to, to, 0)
    assert now.probability == {LEAD: 10, PITCHING: 30, QUOTING: 50, CLOSING: 80}[to]
    assert now.status_by is not None
    assert now.undo is not None


def test_what_was_seen_must_still_be_so(crm: Crm) -> None:
    number = crm.opened()
    moved(crm, number, QUOTING, LEAD, by=crm.bob)
    with pytest.raises(Stale) as told:
        moved(crm, number, CLOSING, LEAD)
    assert told.value.sentence == "Bob moved it to Quoting at 10:00, so nothing was changed."
    assert not told.value.already
    with pytest.raises(Stale, match="Bob already moved it to Quoting at 10:00") as told:
        moved(crm, number, QUOTING, LEAD)
    assert told.value.already
    with pytest.raises(Stale) as told:
        moved(crm, number, QUOTING, LEAD, by=crm.bob)
    assert told.value.again  # His own second press.
    crm.turn(days=2)
    with pytest.raises(Stale, match="Bob already moved it to Quoting on 23 Nov"):
        moved(crm, number, QUOTING, None)
    assert moved(crm, number, CLOSING, None).opportunity.status is CLOSING
    assert crm.kinds() == ["created", "moved", "moved"]


@pytest.mark.parametrize("to", [WON, LOST, PAUSED])
def test_what_asks_something_is_no_move(crm: Crm, to: Status) -> None:
    number = crm.opened()
    with pytest.raises(Invalid, match="Choose Lead, Pitching, Quoting or Closing"):
        moved(crm, number, to)


def test_a_win_keeps_the_value_apart(crm: Crm) -> None:
    number = crm.opened(value=Money(1_200_000, GBP))
    crm.turn(days=34)
    now = won(crm, number).opportunity
    assert (now.status, now.stage) == (WON, LEAD)
    assert (now.value, now.final_value) == (Money(1_200_000, GBP), Money(1_150_000, GBP))
    assert not now.overdue


def test_today_is_where_the_person_is_or_the_workspace(crm: Crm) -> None:
    number = crm.opened()
    crm.now = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    kiri = actor("Kiri", tz="Pacific/Auckland")
    tomorrow = date(2026, 11, 24)
    with pytest.raises(Invalid, match="Choose today or an earlier day"):
        crm.do(status.win, number, Win(final_value=None, closed_on=tomorrow), seen=None)
    win = Win(final_value=None, closed_on=tomorrow)
    assert crm.do(status.win, number, win, seen=None, by=kiri).opportunity.closed_on == tomorrow


def test_a_loss_has_a_reason(crm: Crm) -> None:
    number = crm.opened()
    for reason, note in (("", ""), ("Rain", ""), ("Other", " "), ("Price", "n" * 1001)):
        with pytest.raises(Invalid):
            lost(crm, number, reason, note)
    now = lost(crm, number, "Other", " They\nleft ").opportunity
    assert (now.status, now.lost_reason, now.lost_note) == (LOST, "Other", "They\nleft")
    assert now.closed_on == crm.now.date()


def test_what_is_closed_is_reopened_first(crm: Crm) -> None:
    number = crm.opened(stage=QUOTING)
    won(crm, number)
    for change in (
        lambda: moved(crm, number, LEAD),
        lambda: lost(crm, number),
        lambda: paused(crm, number),
        lambda: crm.do(opportunities.reschedule, number, crm.now.date()),
    ):
        with pytest.raises(Conflict, match=r"Reopen"):
            change()
    now = crm.do(status.reopen, number, None).opportunity
    assert (now.status, now.final_value, now.closed_on) == (QUOTING, None, None)
    lost(crm, number, "Other", "Gone")
    now = crm.do(status.reopen, number, None).opportunity
    assert (now.lost_reason, now.lost_note) == ("", "")


def test_reopening_asks_for_a_date_that_has_not_passed(crm: Crm) -> None:
    day = crm.now.date()
    number = crm.opened(expected_close=day - timedelta(days=1))
    won(crm, number)
    for close in (None, day - timedelta(days=1)):
        with pytest.raises(Invalid, match="Choose today or a later day"):
            crm.do(status.reopen, number, close)
    assert crm.do(status.reopen, number, day).opportunity.expected_close == day
    with pytest.raises(Stale):
        crm.do(status.reopen, number, day)


def test_a_pause_leaves_ageing(crm: Crm) -> None:
    number = crm.opened(stage=QUOTING)
    crm.turn(days=3)
    now = paused(crm, number, crm.now.date() + timedelta(days=30)).opportunity
    assert (now.status, now.stage) == (PAUSED, QUOTING)
    crm.turn(days=20)
    assert crm.look(number).days == 3
    now = crm.do(status.resume, number).opportunity
    assert (now.status, now.days, now.paused_until) == (QUOTING, 3, None)
    assert spent(crm, number) == [0, 0, 3, 0]
    with pytest.raises(Stale):
        crm.do(status.resume, number, by=crm.bob)


def test_a_pause_ends_at_nine_where_the_workspace_is(crm: Crm) -> None:
    number, archived = crm.opened(), crm.opened("Old one")
    until = date(2026, 12, 7)
    for one in (number, archived):
        paused(crm, one, until)
    crm.do(opportunities.archive, archived)
    with pytest.raises(Stale, match="You already moved it to Paused"):
        paused(crm, number, until)
    crm.now = datetime(2026, 12, 7, 8, 59, tzinfo=UTC)
    assert crm.store.write_now(status.return_due, crm.now) == 0
    crm.turn(minutes=1)
    assert crm.store.write_now(status.return_due, crm.now) == 1
    assert crm.store.write_now(status.return_due, crm.now) == 0
    now = crm.look(number)
    assert (now.status, now.paused_until, now.status_by) == (LEAD, None, None)
    assert crm.look(archived).status is PAUSED
    change = crm.do(timelines.timeline, number).rows[0]
    assert isinstance(change, Change)
    assert (change.kind, change.by) == ("returned", None)


@pytest.mark.parametrize("until", [date(2026, 11, 23), date(2026, 11, 22)])
def test_a_pause_ends_after_today(crm: Crm, until: date) -> None:
    number = crm.opened()
    with pytest.raises(Invalid, match="Choose a day after today"):
        paused(crm, number, until)


def test_undo_restores_everything(crm: Crm) -> None:
    number = crm.opened(stage=PITCHING, value=Money(1_000_000, GBP))
    crm.turn(days=5)
    for change in (
        lambda: moved(crm, number, CLOSING),
        lambda: won(crm, number),
        lambda: lost(crm, number, "Other", "x"),
        lambda: paused(crm, number),
        lambda: crm.do(opportunities.reschedule, number, date(2027, 1, 31)),
    ):
        before = crm.look(number)
        crm.turn(minutes=1)
        undone(crm, number, change())
        after = crm.look(number)
        for name in RESTORED:
            assert getattr(after, name) == getattr(before, name), name
        assert after.undo is None
    assert spent(crm, number) == [0, 5, 0, 0]


def test_undo_of_coming_back(crm: Crm) -> None:
    number = crm.opened(stage=QUOTING)
    crm.turn(days=2)
    paused(crm, number)
    crm.turn(days=7)
    undone(crm, number, crm.do(status.resume, number))
    crm.turn(days=7)
    now = crm.look(number)
    assert (now.status, now.days) == (PAUSED, 2)
    crm.do(status.resume, number)
    won(crm, number)
    crm.turn(days=3)
    undone(crm, number, crm.do(status.reopen, number, None))
    assert crm.look(number).status is WON
    assert crm.look(number).final_value == Money(1_150_000, GBP)
    assert spent(crm, number) == [0, 0, 2, 0]


def test_undo_refuses_late_twice_and_when_touched(crm: Crm) -> None:
    number = crm.opened()
    made = moved(crm, number, QUOTING)
    undone(crm, number, made)
    with pytest.raises(Stale) as told:
        undone(crm, number, made)
    assert told.value.again
    assert made.change
    with pytest.raises(Refusal, match="Alice already undid that"):
        crm.do(reversing.undo, number, made.change.id, by=crm.bob)
    made = moved(crm, number, QUOTING)
    moved(crm, number, CLOSING, by=crm.bob)
    with pytest.raises(Conflict, match="Bob changed it again at 10:00"):
        undone(crm, number, made)
    made = moved(crm, number, PITCHING)
    crm.turn(minutes=10)
    with pytest.raises(Gone, match="ten minutes"):
        undone(crm, number, made)
    with pytest.raises(Refusal, match="nothing to undo"):
        crm.do(reversing.undo, number, 999_999)
    other = crm.opened("Another")
    made = moved(crm, other, QUOTING)
    with pytest.raises(Refusal, match="nothing to undo"):
        undone(crm, number, made)


def test_time_in_each_stage_counts_each_day_once(crm: Crm) -> None:
    number = crm.opened()
    crm.turn(days=1)
    moved(crm, number, PITCHING)
    crm.turn(days=2)
    moved(crm, number, QUOTING)
    crm.turn(days=3)
    moved(crm, number, PITCHING)
    crm.turn(days=4)
    paused(crm, number)
    crm.turn(days=50)
    made = won(crm, number)
    assert made.change
    assert made.change.days_before == 4
    assert spent(crm, number) == [1, 6, 3, 0]
    crm.turn(days=50)
    crm.do(status.reopen, number, None)
    assert spent(crm, number) == [1, 6, 3, 0]
    crm.turn(days=2)
    assert spent(crm, number) == [1, 8, 3, 0]
    assert crm.look(number).days == 6


def test_another_workspace_and_guests_change_nothing(crm: Crm) -> None:
    number = crm.opened()
    made = moved(crm, number, QUOTING)
    assert made.change
    for use_case in (
        lambda by: crm.do(status.move, number, CLOSING, seen=None, by=by),
        lambda by: crm.do(status.lose, number, Loss(reason="Price"), seen=None, by=by),
        lambda by: crm.do(status.pause, number, None, seen=None, by=by),
        lambda by: crm.do(reversing.undo, number, made.change.id, by=by),
        lambda by: crm.do(opportunities.archive, number, by=by),
        lambda by: crm.do(timelines.timeline, number, by=by),
    ):
        with pytest.raises(NotFound):
            use_case(crm.eve)
        with pytest.raises(NotAllowed):
            use_case(actor("Gail", role=Role.GUEST))
    assert crm.kinds() == ["created", "moved"]


def test_the_card_is_drawn_anew_when_undo_ends(crm: Crm) -> None:
    number = crm.opened()
    now = moved(crm, number, QUOTING).opportunity
    shown = crm.store.read_now(cards.to_show, now.workspace_id, now.id, crm.now)
    assert shown.again_at == crm.now + timedelta(minutes=10)
