"""Who picks up what nobody heard, from when on, and that one copy does it: on both databases."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from store.comment import Reply, stamp
from store.outbox.budget import CATCH_UP, LOOK_UP, PACES
from store.tables.entries import CommentRow
from store.tables.records import OpportunityRow, WorkspaceRow
from store.usecases import workspaces
from store.usecases.card import cards
from store.usecases.comment import catching_up, comments
from store.usecases.comment.catching_up import Absence, Thread, Unread
from store.usecases.opportunity import opportunities, status
from store.usecases.opportunity.status import Loss
from tests.store.crm import DEALS, OTHERS, TEAM, Crm

BOTH = [TEAM, OTHERS]
LONG = timedelta(minutes=10)


def listen(crm: Crm, teams: list[str] = BOTH) -> list[str]:
    return sorted(crm.store.write_now(catching_up.listening, teams, crm.now))


def begin(crm: Crm, lessee: str = "one", team: str = TEAM) -> Absence | None:
    return crm.store.write_now(catching_up.begin, team, lessee, crm.now)


def done(crm: Crm, lessee: str = "one", refused: dict[str, str] | None = None) -> bool:
    return crm.store.write_now(catching_up.done, TEAM, lessee, crm.now, refused or {})


def heard_until(crm: Crm, team: str = TEAM) -> datetime | None:
    query = select(WorkspaceRow.heard_until).where(WorkspaceRow.workspace_id == team)
    return crm.store.read_now(lambda session: session.scalar(query))


def away(crm: Crm) -> None:
    """The bot listened, and then was away for ten minutes."""
    listen(crm)
    crm.now += LONG


def test_it_moves_on_while_the_bot_listens(crm: Crm) -> None:
    for _ in range(3):
        assert listen(crm) == []
        assert heard_until(crm) == heard_until(crm, OTHERS) == crm.now
        crm.turn(minutes=2)


def test_it_stands_still_after_an_absence_until_all_threads_were_asked(crm: Crm) -> None:
    began = crm.now
    away(crm)
    assert listen(crm) == sorted(BOTH)
    assert heard_until(crm) == began
    absence = begin(crm)
    assert absence == Absence(began, ())
    assert absence.oldest == began - timedelta(hours=1)
    assert done(crm)
    assert heard_until(crm) == crm.now
    assert listen(crm) == [OTHERS]


def test_where_the_bot_is_not_installed_nothing_is_missed_until_it_comes_back(crm: Crm) -> None:
    began = crm.now
    listen(crm)
    crm.store.write_now(workspaces.uninstall, OTHERS, crm.now)
    crm.now += LONG
    assert listen(crm) == [TEAM]
    assert heard_until(crm, OTHERS) == began


def test_one_copy_does_it_and_another_takes_over_from_a_dead_one(crm: Crm) -> None:
    away(crm)
    assert begin(crm, "one") is not None
    assert begin(crm, "two") is None
    crm.turn(seconds=61)
    assert begin(crm, "two") is not None
    assert crm.store.write_now(catching_up.turn, TEAM, "one", crm.now) is None
    assert not done(crm, "one")
    assert crm.store.write_now(catching_up.turn, TEAM, "two", crm.now) == timedelta(0)
    assert done(crm, "two")
    assert begin(crm, "one") is None


def test_a_copy_that_stops_leaves_it_to_the_next(crm: Crm) -> None:
    away(crm)
    assert begin(crm, "one") is not None
    crm.store.write_now(catching_up.release, "one")
    assert begin(crm, "two") is not None


def test_threads_are_asked_at_the_rate_that_slack_allows(crm: Crm) -> None:
    away(crm)
    begin(crm)
    turns = [crm.store.write_now(catching_up.turn, TEAM, "one", crm.now) for _ in range(30)]
    burst = PACES[CATCH_UP].burst
    assert turns[:burst] == [timedelta(0)] * burst
    assert all(turns[burst:])
    assert PACES[CATCH_UP].every > PACES[LOOK_UP].every
    crm.now += turns[burst] or timedelta(0)
    assert crm.store.write_now(catching_up.turn, TEAM, "one", crm.now) == timedelta(0)


def test_after_429_nobody_looks_anything_up_before_its_time(crm: Crm) -> None:
    away(crm)
    begin(crm)
    crm.store.write_now(catching_up.held, TEAM, crm.now + timedelta(seconds=30))
    wait = crm.store.write_now(catching_up.turn, TEAM, "one", crm.now)
    assert wait == timedelta(seconds=30)
    crm.now += wait
    assert crm.store.write_now(catching_up.turn, TEAM, "one", crm.now) == timedelta(0)


def thread(crm: Crm, number: int, ts: str) -> None:
    """The card of that deal stands in #deals."""

    def posted(session: Any) -> None:
        deal = select(OpportunityRow.id).where(
            OpportunityRow.workspace_id == TEAM, OpportunityRow.number == number
        )
        place = {"channel_id": DEALS, "ts": ts, "permalink": None}
        cards.posted(session, TEAM, session.scalars(deal).one(), **place)

    crm.store.write_now(posted)


def test_the_threads_of_open_deals_are_asked_latest_change_first(crm: Crm) -> None:
    for number in range(1, 6):
        crm.opened(f"Deal {number}")
        thread(crm, number, f"{number}.000001")
    thread(crm, 2, "2.000002")
    crm.opened("Of others", by=crm.eve)
    crm.do(opportunities.reschedule, 1, crm.now.date() + timedelta(days=9))
    crm.do(status.lose, 3, Loss(reason="Price"), seen=None)
    crm.do(status.pause, 4, None, seen=None)
    crm.do(opportunities.archive, 5)
    away(crm)
    absence = begin(crm)
    assert absence is not None
    assert [one.ts for one in absence.threads] == ["4.000001", "1.000001", "2.000002", "2.000001"]


def reply(ts: str, text: str = "hello", **about: Any) -> Reply:
    return Reply(channel_id=DEALS, ts=ts, thread_ts="1.000001", by_id="U0BOB", text=text, **about)


def test_what_is_found_is_kept_once_and_newer_versions_count(crm: Crm) -> None:
    crm.opened()
    thread(crm, 1, "1.000001")
    crm.store.write_now(comments.said, TEAM, reply("1.000100", "one"))
    told = [reply("1.000100", "one, edited", edited_ts="2.000000"), reply("1.000200", "two")]
    for _ in range(2):
        crm.store.write_now(catching_up.found, TEAM, told)
    query = select(CommentRow).order_by(CommentRow.ts)
    rows = crm.store.read_now(lambda session: list(session.scalars(query)))
    assert [(row.text, row.former) for row in rows] == [
        ("one, edited", [["one", ""]]),
        ("two", []),
    ]


def test_what_is_surely_there_leaves_out_the_new_and_the_old(crm: Crm) -> None:
    crm.opened()
    thread(crm, 1, "1.000001")
    ages = (timedelta(hours=3), timedelta(hours=1), timedelta(minutes=30), timedelta(minutes=1))
    stamps = [stamp(crm.now - age) for age in ages]
    for ts in stamps:
        crm.store.write_now(comments.said, TEAM, reply(ts))
    asked = TEAM, Thread(DEALS, "1.000001")
    known = crm.store.read_now(catching_up.known_in, *asked, crm.now - timedelta(hours=2), crm.now)
    assert known == frozenset(stamps[1:3])
    crm.store.write_now(comments.deleted, TEAM, DEALS, stamps[1], crm.now)
    for oldest, found in ((timedelta(hours=2), stamps[2:3]), (timedelta(days=31), [])):
        asked_from = crm.now - oldest
        known = crm.store.read_now(catching_up.known_in, *asked, asked_from, crm.now)
        assert known == frozenset(found)


def test_what_slack_does_not_let_be_read_is_known_until_it_does(crm: Crm) -> None:
    away(crm)
    begin(crm)
    done(crm, refused={DEALS: "missing_scope", "C0OTHER": "missing_scope"})
    found = crm.store.read_now(catching_up.unread)
    assert found == [Unread("missing_scope", ("#deals", "C0OTHER"))]
    crm.now += LONG
    begin(crm)
    done(crm)
    assert crm.store.read_now(catching_up.unread) == []
