"""The message to an owner as it is when it is sent; and what Snooze and Stop do to the next."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from store.errors import Gone, Invalid, NotAllowed, NotFound
from store.outbox import outbox
from store.tables.machinery import OutboxRow
from store.tables.recurring import AttentionRow, RoundRow
from store.usecases.attention import attention
from store.usecases.opportunity import opportunities, status
from store.usecases.opportunity.status import Win
from tests.store.attention.mornings import (
    TODAY,
    give,
    know,
    late,
    morning,
    names,
    show,
    shown,
    snooze,
    stop,
    told,
)
from tests.store.crm import TEAM, Crm

pytestmark = pytest.mark.usefixtures("in_london")


def test_snoozed_it_is_said_again_on_that_day_if_it_still_needs_something(crm: Crm) -> None:
    first, second = late(crm, "First"), late(crm, "Second")
    morning(crm, 24)
    for number in (first, second):
        snooze(crm, number, date(2026, 11, 27))
    crm.do(opportunities.reschedule, second, date(2026, 12, 30))
    for day in (25, 26, 27, 30):
        morning(crm, day)
    assert names(crm) == [["First", "Second"], ["First"]]
    assert told(crm)[1]["on"] == "2026-11-27"


def test_snoozed_until_a_weekend_it_is_said_on_monday(crm: Crm) -> None:
    number = late(crm)
    assert snooze(crm, number, date(2026, 11, 28)) == date(2026, 11, 30)


def test_stopped_it_is_not_said_again_until_it_is_snoozed(crm: Crm) -> None:
    number = late(crm)
    morning(crm, 24)
    stop(crm, number)
    for day in (3, 4, 7):
        morning(crm, day, month=12)
    assert len(told(crm)) == 1
    snooze(crm, number, date(2026, 12, 8))
    morning(crm, 8, month=12)
    assert len(told(crm)) == 2


def test_what_is_snoozed_while_it_is_decided_stays_snoozed(crm: Crm) -> None:
    number = late(crm)
    snooze(crm, number, date(2026, 12, 24))
    deal = crm.look(number).id
    row = RoundRow(workspace_id=TEAM, user_id=crm.alice.id)
    crm.store.write_now(attention._keep, row, {deal: {}}, TODAY)
    kept = crm.store.read_now(_kept, (TEAM, crm.alice.id, deal))
    assert kept.snoozed_until == date(2026, 12, 24)


def _kept(session: Session, key: tuple[str, str, int]) -> AttentionRow:
    return session.get_one(AttentionRow, key)


def test_what_may_not_be_snoozed_is_refused(crm: Crm) -> None:
    number = late(crm)
    for day in (22, 23):
        with pytest.raises(Invalid, match=r"Choose a day after today\."):
            snooze(crm, number, date(2026, 11, day))
    with pytest.raises(NotAllowed, match="Alice owns it now, so you won't be reminded"):
        stop(crm, number, by=crm.bob)
    with pytest.raises(NotFound):
        stop(crm, number, by=crm.eve)
    crm.do(opportunities.archive, number)
    with pytest.raises(Gone, match="That opportunity was archived by Alice"):
        snooze(crm, number, date(2026, 11, 26))


def test_it_is_shown_as_it_is_when_it_is_sent(crm: Crm) -> None:
    numbers = [late(crm, name) for name in ("Kept", "Won", "Given", "Moved", "Stopped")]
    morning(crm, 24)
    (data,) = told(crm)
    assert shown(crm, data) == ["Kept", "Won", "Given", "Moved", "Stopped"]
    _, won, given, moved, stopped = numbers
    crm.do(status.win, won, Win(final_value=None, closed_on=TODAY), seen=None)
    give(crm, given, crm.bob)
    crm.do(opportunities.reschedule, moved, date(2026, 12, 30))
    stop(crm, stopped)
    assert shown(crm, data) == ["Kept"]
    assert shown(crm, data, again=True) == ["Kept", "Won", "Moved", "Stopped"]
    know(crm, crm.alice, deactivated=True)
    assert show(crm, data) is None
    assert show(crm, data, again=True) is None


def test_nothing_is_sent_when_nothing_is_left(crm: Crm) -> None:
    number = late(crm)
    morning(crm, 24)
    (data,) = told(crm)
    crm.do(opportunities.reschedule, number, date(2026, 12, 30))
    assert show(crm, data) is None


def test_a_press_brings_its_message_up_to_date(crm: Crm) -> None:
    number = late(crm)
    morning(crm, 24)
    assert _wanted(crm) == 1
    snooze(crm, number, date(2026, 11, 26))
    assert _wanted(crm) == 1  # It was not sent yet, and is shown as it is then.
    crm.store.write_now(_stands)
    snooze(crm, number, date(2026, 11, 27))
    assert _wanted(crm) == 2


def _word(session: Session) -> OutboxRow:
    return session.scalars(
        select(OutboxRow).where(OutboxRow.key == "word:attention:U0ALICE:2026-11-24")
    ).one()


def _stands(session: Session) -> None:
    row = _word(session)
    row.ts, row.state, row.due_at, row.done = "1.2", outbox.IDLE, None, row.wanted


def _wanted(crm: Crm) -> int:
    return crm.store.read_now(_word).wanted
