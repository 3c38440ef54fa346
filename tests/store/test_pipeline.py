"""The pipeline in numbers and pages: every filter, every order, on both databases."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from store.board import Board, Closes, Filter, Query, Sort
from store.database import Store
from store.errors import Gone
from store.money import Money
from store.opportunity.opportunity import OpportunityDraft
from store.opportunity.status import STAGES, Status
from store.person.person import Actor, Role
from store.task.task import TaskDraft
from store.usecases import workspaces
from store.usecases.card import channels
from store.usecases.card.channels import Channel
from store.usecases.opportunity import opportunities, status
from store.usecases.opportunity.status import Loss, Win
from store.usecases.person import people
from store.usecases.person.people import Profile
from store.usecases.pipeline import pipeline
from store.usecases.task import tasks
from store.usecases.workspaces import Identity, SetUp

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)  # A Wednesday.
TODAY = NOW.date()
ALICE = Actor(workspace_id="T1", id="U0A", name="Alice", role=Role.MEMBER, admin=True)


@pytest.fixture
def store(migrated_url: str) -> Iterator[Store]:
    store = Store(migrated_url)
    store.write_now(_begin)
    yield store
    store.close()


def _begin(session: Session) -> None:
    about = {"name": "Acme", "app_id": "A0", "bot_id": "B0", "bot_user_id": "U0BOT"}
    workspaces.install(session, Identity(workspace_id="T1", **about), NOW)
    for user_id in ("U0A", "U0B"):
        people.know(session, Profile(workspace_id="T1", user_id=user_id, name=user_id), NOW)
    deals = Channel(workspace_id="T1", id="C0DEALS", name="deals", bot_in=True)
    channels.know(session, deals, NOW)
    said = SetUp(deals_channel=deals.id, currency="GBP", tz="UTC")
    workspaces.set_up(session, ALICE, said, NOW)


def deal(store: Store, name: str, at: datetime = NOW, **about: Any) -> int:
    draft = OpportunityDraft(name=name, **about)
    made = store.write_now(opportunities.create, draft, by=ALICE, now=at)
    return made.opportunity.number


def step(store: Store, *numbers: int) -> None:
    """Gives these deals a next step."""
    for number in numbers:
        draft = TaskDraft(title="Next", number=number)
        store.write_now(tasks.create, draft, by=ALICE, now=NOW)


def close(days: int) -> date:
    return TODAY + timedelta(days=days)


def look(store: Store, query: Query | None = None, now: datetime = NOW) -> Board:
    return store.read_now(pipeline.private, query or Query(), by=ALICE, now=now).board


def names(board: Board) -> list[str]:
    return [row.name for row in board.rows]


def found(store: Store, **filters: Any) -> set[str]:
    board = look(store, Query(filter=Filter(**filters)))
    assert board.matching == len(board.rows)
    return set(names(board))


def every(store: Store, query: Query, between: Callable[[], None] | None = None) -> list[str]:
    """All pages, forward to the end and back to the start."""
    pages, board = [], look(store, query)
    while board.next:
        pages.append(board)
        if between:
            between()
        board = look(store, board.next)
    seen = [name for page in [*pages, board] for name in names(page)]
    firsts = [page.query.first for page in pages]
    while board.previous:
        board = look(store, board.previous)
        assert board.query.first == firsts.pop()
    return seen


def test_currencies_are_totalled_apart_and_what_has_no_value_is_counted(store: Store) -> None:
    deal(store, "a", value=Money(100_00, "GBP"), stage=Status.QUOTING)
    deal(store, "b", value=Money(300_00, "EUR"), stage=Status.QUOTING)
    deal(store, "c", stage=Status.QUOTING)
    deal(store, "d", value=Money(0, "GBP"))
    paused = deal(store, "e", value=Money(9, "USD"))
    store.write_now(status.pause, paused, None, seen=None, by=ALICE, now=NOW)
    board = look(store)
    quoting = next(one for one in board.totals if one.stage is Status.QUOTING)
    assert (quoting.count, quoting.unpriced) == (3, 1)
    sums = {one.total.currency: (one.total.minor, one.weighted.minor) for one in quoting.sums}
    assert sums == {"GBP": (100_00, 50_00), "EUR": (300_00, 150_00)}
    lead = next(one for one in board.totals if one.stage is Status.LEAD)
    assert (lead.count, lead.unpriced) == (1, 0)
    assert board.paused == 1
    assert [one.stage for one in board.totals] == list(reversed(STAGES))
    assert set(names(board)) == set("abcd")


def test_each_filter(store: Store) -> None:
    late = deal(store, "late", expected_close=close(-1))
    deal(store, "today", expected_close=TODAY)
    deal(store, "sunday", expected_close=close(4))
    deal(store, "monday", expected_close=close(5))
    deal(store, "december", expected_close=close(20), owner_id="U0B")
    deal(store, "january", expected_close=close(60))
    deal(store, "whenever")
    won = deal(store, "won", expected_close=close(-9))
    lost = deal(store, "lost", expected_close=close(-9))
    rests = deal(store, "rests", expected_close=close(-9))
    win = Win(final_value=None, closed_on=TODAY)
    store.write_now(status.win, won, win, seen=None, by=ALICE, now=NOW)
    store.write_now(status.lose, lost, Loss(reason="Price"), seen=None, by=ALICE, now=NOW)
    store.write_now(status.pause, rests, None, seen=None, by=ALICE, now=NOW)
    assert found(store, closes=Closes.OVERDUE) == {"late"}
    assert found(store, closes=Closes.WEEK) == {"today", "sunday"}
    assert found(store, closes=Closes.MONTH) == {"today", "sunday", "monday"}
    assert found(store, closes=Closes.QUARTER) == {"today", "sunday", "monday", "december"}
    assert found(store, closes=Closes.NONE) == {"whenever"}
    assert found(store, owner="U0B") == {"december"}
    assert found(store, owner="U0C") == set()
    assert found(store, statuses=(Status.WON,)) == {"won"}
    assert found(store, statuses=(Status.LOST, Status.PAUSED)) == {"lost", "rests"}
    assert found(store, statuses=(Status.WON, Status.LEAD), closes=Closes.NONE) == {"whenever"}
    open_ones = range(1, won)
    step(store, *(number for number in open_ones if number != late + 1))
    assert found(store, attention=True) == {"late", "today"}
    step(store, late + 1)
    assert found(store, attention=True) == {"late"}
    assert found(store, attention=True, statuses=(Status.WON, Status.LOST, Status.PAUSED)) == set()
    assert look(store, Query(filter=Filter(statuses=(Status.WON,)))).paused == 1


def test_red_needs_attention_from_the_day_that_it_turns_red(store: Store) -> None:
    """Quoting is expected to take 10 days: red on the 21st day, by the calendar."""
    step(store, deal(store, "slow", NOW, stage=Status.QUOTING))
    query = Query(filter=Filter(attention=True))
    for days, red in ((20, False), (21, True)):
        day = datetime(2026, 11, 18, tzinfo=UTC) + timedelta(days=days)
        for now in (day, day + timedelta(hours=23, minutes=59)):
            (row,) = look(store, now=now).rows
            assert (row.health == "red") is red
            assert bool(look(store, query, now=now).rows) is red


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_of_each_order_hold_each_deal_once(store: Store, sort: Sort) -> None:
    for number in range(43):
        about: dict[str, Any] = {"stage": STAGES[number % 4]}
        if number % 3:
            about["value"] = Money(number % 5 * 100, "GBP" if number % 2 else "EUR")
        if number % 5:
            about["expected_close"] = close(number % 7)
        deal(store, f"{number:02}", NOW - timedelta(days=number % 6), **about)
    seen = every(store, Query(sort=sort))
    assert sorted(seen) == [f"{number:02}" for number in range(43)]
    if sort is Sort.NEWEST:
        assert seen == sorted(seen, reverse=True)


def test_what_changes_meanwhile_moves_nothing_else(store: Store) -> None:
    """What is added or won between two pages takes no other deal off the way, nor on it twice."""
    for number in range(35):
        deal(store, f"{number:02}", expected_close=close(number))
    turn = iter(range(35))

    def between() -> None:
        number = next(turn)
        deal(store, f"new {number}", expected_close=close(-number))
        win = Win(final_value=None, closed_on=TODAY)
        store.write_now(status.win, number + 1, win, seen=None, by=ALICE, now=NOW)

    assert every(store, Query(), between) == [f"{number:02}" for number in range(35)]


def test_closing_comes_first_then_the_date(store: Store) -> None:
    deal(store, "lead soon", expected_close=close(1))
    deal(store, "closing never", stage=Status.CLOSING)
    deal(store, "closing late", stage=Status.CLOSING, expected_close=close(9))
    deal(store, "closing soon", stage=Status.CLOSING, expected_close=close(2))
    closing = ["closing soon", "closing late", "closing never"]
    assert names(look(store)) == [*closing, "lead soon"]


def test_an_empty_page_is_the_first(store: Store) -> None:
    deal(store, "only")
    beyond = Query(after=(7, "9999-12-31", 10**6), first=11, back=(None,))
    board = look(store, beyond)
    assert names(board) == ["only"]
    assert board.query == replace(beyond, after=None, first=1, back=())


@pytest.mark.parametrize(
    ("sort", "after"),
    [
        (Sort.CLOSING, (1,)),
        (Sort.CLOSING, ("1", "9999-12-31", 1)),
        (Sort.CLOSING, (2**40, "9999-12-31", 1)),
        (Sort.CLOSING, (1, "\x00", 1)),
        (Sort.CLOSING, (1, "9" * 200, 1)),
        (Sort.WEIGHTED, ("GBP", 2**63 - 1, 1)),
        (Sort.DAYS, ("never", 1)),
        (Sort.DAYS, (1, 1)),
        (Sort.NEWEST, ("1",)),
        (Sort.NEWEST, ()),
    ],
)
def test_a_made_up_place_is_refused(store: Store, sort: Sort, after: tuple[Any, ...]) -> None:
    with pytest.raises(Gone):
        look(store, Query(sort=sort, after=after, first=11))
