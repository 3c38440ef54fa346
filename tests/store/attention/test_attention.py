"""What owners are told of their deals: of which, why, once, and again when it got worse."""

from datetime import UTC, date, datetime, timedelta

import pytest

from store.board import Filter, Query
from store.opportunity.status import Status
from store.usecases.attention import attention
from store.usecases.card import channels
from store.usecases.card.channels import Channel
from store.usecases.opportunity import opportunities, status
from store.usecases.opportunity.status import Win
from store.usecases.person import handovers
from store.usecases.pipeline import pipeline
from store.usecases.task import tasks
from tests.store.attention.mornings import (
    TODAY,
    at,
    give,
    late,
    morning,
    names,
    rounds_made,
    stop,
    told,
)
from tests.store.crm import TEAM, Crm, actor
from tests.store.doing import due, made

pytestmark = pytest.mark.usefixtures("in_london")


def test_each_owner_hears_of_their_own(crm: Crm) -> None:
    late(crm, "Mine")
    late(crm, "Theirs", by=crm.bob)
    assert morning(crm, 24) == 2
    assert (names(crm), names(crm, crm.bob)) == ([["Mine"]], [["Theirs"]])
    assert told(crm, crm.carol) == []


def test_what_was_said_is_said_again_only_when_it_got_worse(crm: Crm) -> None:
    late(crm, days=3)
    morning(crm, 24)
    for day in (1, 2, 3, 4):
        morning(crm, day, month=12)
    assert len(told(crm)) == 2  # Overdue since 20 Nov: two weeks on 4 Dec.
    assert told(crm)[1]["on"] == "2026-12-04"
    for day in (7, 14, 21):  # On 22 Dec the deal turns red.
        morning(crm, day, month=12)
    assert len(told(crm)) == 2


def test_another_matter_of_the_same_deal_is_said(crm: Crm) -> None:
    number = late(crm)
    morning(crm, 24)
    crm.do(opportunities.reschedule, number, date(2026, 11, 24))
    morning(crm, 25)
    assert len(told(crm)) == 2
    crm.do(opportunities.reschedule, number, date(2026, 12, 24))
    morning(crm, 26)
    assert len(told(crm)) == 2


def test_no_next_step_is_said_after_a_day_and_again_when_there_was_one(crm: Crm) -> None:
    at(crm, 24, 8)
    number = crm.opened()
    assert morning(crm, 24) == 1
    assert told(crm) == []
    morning(crm, 25)
    assert names(crm) == [["Acme renewal"]]
    task = made(crm, number=number)
    crm.do(tasks.done, task.id)
    morning(crm, 26)
    assert len(told(crm)) == 2
    morning(crm, 27)
    assert len(told(crm)) == 2


def test_no_next_step_beside_another_reason_is_said_with_it_and_not_once_more(crm: Crm) -> None:
    at(crm, 24, 8)
    number = crm.opened(expected_close=date(2026, 11, 23))
    for day in (24, 25, 26):
        morning(crm, day)
    assert [data["on"] for data in told(crm)] == ["2026-11-24"]
    crm.do(status.move, number, Status.CLOSING, seen=None)
    morning(crm, 27)
    assert len(told(crm)) == 1


def test_a_red_deal_is_said_when_it_turns_and_when_it_is_much_too_long(crm: Crm) -> None:
    made(crm, "Next", number=crm.opened(stage=Status.QUOTING))
    mornings = [TODAY + timedelta(days=ahead) for ahead in range(1, 90)]
    for day in mornings:
        crm.now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        rounds_made(crm)
    # Ten days are expected: red on the 21st, a Monday; on the 41st, a Sunday, it is worse.
    assert [data["on"] for data in told(crm)] == ["2026-12-14", "2027-01-04"]


def test_tasks_of_others_at_once_and_ones_own_when_it_is_worse(crm: Crm) -> None:
    theirs, mine, stopped = (crm.opened(name) for name in ("Theirs", "Mine", "Stopped"))
    made(crm, "Bob's", number=theirs, assignee_id=crm.bob.id, due=due(24))
    made(crm, "Mine", number=mine, due=due(24))
    crm.do(tasks.quiet, made(crm, "Quiet", number=stopped, due=due(24)).id)
    for day in (24, 25, 26, 27, 30):
        morning(crm, day)
    assert names(crm) == [["Theirs"]]
    assert told(crm)[0]["on"] == "2026-11-25"
    for day in (1, 2, 3, 4):
        morning(crm, day, month=12)
    assert names(crm)[1:] == [["Theirs", "Mine"]]  # A week over, on 1 Dec.


def test_what_returns_is_said_before_it_does_and_not_on_its_day(crm: Crm) -> None:
    soon, today = crm.opened("Soon"), crm.opened("Today")
    for number, day in ((soon, 26), (today, 24)):
        crm.do(status.pause, number, date(2026, 11, day), seen=None)
    crm.do(status.pause, crm.opened("Whenever"), None, seen=None)
    crm.do(status.pause, crm.opened("Later"), date(2026, 12, 24), seen=None)
    morning(crm, 24)
    assert names(crm) == [["Soon"]]
    morning(crm, 25)
    assert len(told(crm)) == 1


def test_what_is_closed_or_archived_is_not_said(crm: Crm) -> None:
    won, archived = late(crm, "Won"), late(crm, "Archived")
    late(crm, "Nobody's", owner_id=crm.bob.id)
    crm.do(status.win, won, Win(final_value=None, closed_on=TODAY), seen=None)
    crm.do(opportunities.archive, archived)
    morning(crm, 24)
    assert told(crm) == []


def test_more_than_it_names_are_counted_and_all_are_said(crm: Crm) -> None:
    for number in range(attention.NAMED + 3):
        late(crm, f"Deal {number:02}")
    morning(crm, 24)
    (data,) = told(crm)
    assert (len(data["deals"]), data["more"]) == (attention.NAMED, 3)
    morning(crm, 25)
    assert len(told(crm)) == 1


def test_however_many_there_are_all_are_looked_at(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attention, "AT_ONCE", 2)
    for number in range(5):
        late(crm, f"Deal {number}")
    morning(crm, 24)
    assert len(told(crm)[0]["deals"]) == 5


def test_only_what_they_see_is_said(crm: Crm) -> None:
    vip = Channel(workspace_id=TEAM, id="C0VIP", kind=channels.PRIVATE, bot_in=True)
    crm.store.write_now(channels.know, vip, crm.now, [crm.alice.id])
    inside = actor("Alice", private_channels=frozenset({"C0VIP"}))
    late(crm, "Secret", channel_id="C0VIP", by=inside, owner_id=crm.bob.id)
    morning(crm, 24)
    assert told(crm, crm.bob) == []


def test_a_new_owner_hears_anew_and_the_former_no_more(crm: Crm) -> None:
    number = late(crm)
    morning(crm, 24)
    stop(crm, number)
    give(crm, number, crm.bob)
    morning(crm, 25)
    assert (len(told(crm)), names(crm, crm.bob)) == (1, [["Acme renewal"]])
    give(crm, number, crm.alice, by=crm.bob)
    morning(crm, 26)
    assert names(crm) == [["Acme renewal"]] * 2


def test_a_handover_resets_what_was_said(crm: Crm) -> None:
    stop(crm, late(crm))
    crm.do(handovers.hand_over, crm.alice.id, crm.carol.id)
    morning(crm, 24)
    assert (told(crm), names(crm, crm.carol)) == ([], [["Acme renewal"]])


def test_a_page_of_what_needs_attention_is_found_alike(crm: Crm) -> None:
    """A paused deal that returns soon stands among the open ones, in the order of the board."""
    late(crm, "Late")
    crm.do(status.pause, crm.opened("Soon"), date(2026, 11, 25), seen=None)
    query = Query(filter=Filter(attention=True))
    board = crm.store.read_now(pipeline.private, query, by=crm.alice, now=crm.now).board
    assert [row.name for row in board.rows] == ["Late", "Soon"]
    assert (board.matching, board.paused) == (2, 1)
