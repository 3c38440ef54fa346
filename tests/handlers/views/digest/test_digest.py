"""A digest as its channel reads it: its headline, its parts, and what its buttons open."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from handlers.digest.ids import DigestId
from handlers.ids import BoardState
from handlers.task.ids import TaskList
from handlers.views.blocks import Message
from handlers.views.digest.digest import digest
from handlers.views.pipeline.query import load_query
from handlers.views.text import Style
from store.board import Closes, Filter, Query, Sort, Sum
from store.digest.content import Changed, Content, Deals, Expected, Group, Tasks, When
from store.digest.digest import Part
from store.digest.news import News, Told
from store.money import Money
from store.opportunity.context import DealRef
from store.opportunity.opportunity import Card, Opportunity
from store.opportunity.status import Status
from store.task.task import Due, Task
from tests.handlers.views.seen import (
    ALICE,
    BOB,
    LINK,
    LOST,
    OPP,
    PAUSED,
    STYLE,
    WON,
    board_of,
    gbp,
    pressed,
    seen,
)

SINCE, NOW = datetime(2026, 11, 20, 9, tzinfo=UTC), STYLE.now
CARD = Card("C0000DEALS", "1.2", LINK)
DEAL = replace(OPP, card=CARD)
LATE = Task(
    id=7,
    title="Send the quote",
    assignee=BOB,
    due=Due(date(2026, 11, 19)),
    deal=DealRef(1, 12, "Acme renewal", Status.QUOTING),
    created_by=ALICE,
    created_at=NOW,
    permalink=LINK,
)


def content(**about: Any) -> Content:
    given: dict[str, Any] = {
        "digest_id": 3,
        "workspace": STYLE.workspace,
        "filter": Filter(),
        "parts": tuple(Part),
        "since": SINCE,
        "until": NOW,
    }
    return Content(**given | about)


def group(news: News, *deals: Opportunity, old: Any = None, new: Any = None, **about: Any) -> Group:
    rows = tuple(Changed(deal, old, new) for deal in deals)
    return Group(news=news, rows=rows, **{"total": len(rows)} | about)


def drawn(**about: Any) -> Message:
    return digest(STYLE, content(**about))


def says(*groups: Group) -> str:
    """What it says of what changed."""
    return seen(drawn(groups=groups, parts=(Part.CHANGES,)))


FULL: dict[str, Any] = {
    "groups": (
        group(News.WON, replace(WON, card=CARD), total=2, sums=(gbp(31_000),)),
        group(News.FORWARD, DEAL, old=Status.PITCHING, new=Status.QUOTING, total=3),
        group(News.SLIPPED, DEAL, old=date(2026, 11, 30), new=date(2026, 12, 15)),
    ),
    "totals": board_of().totals,
    "paused": 6,
    "forecast": (
        Expected(when=When.PASSED, count=2, unpriced=1, sums=(Sum(gbp(900), gbp(90)),)),
        Expected(when=When.MONTH, month=date(2026, 11, 1), count=4, won=(gbp(31_000),)),
        Expected(when=When.MONTH, month=date(2027, 1, 1), count=8),
    ),
    "closing": Deals(total=1, rows=(DEAL,), sums=(Sum(gbp(12_000), gbp(6_000)),)),
    "attention": Deals(
        total=14, rows=(replace(DEAL, overdue=True, expected_close=date(2026, 11, 20)),)
    ),
    "tasks": Tasks(total=1, rows=(LATE,)),
}


def test_all_that_there_may_be_to_say() -> None:
    shown = drawn(**FULL)
    assert shown.text == "Pipeline, Mon 23 Nov: 2 won (£31,000), 3 forward, 1 slipped"
    read = seen(shown).replace("\u00a0", " ").replace("\u2007", " ")
    bars = [line for line in read.splitlines() if "░" in line or "█" in line]
    assert [line for line in read.splitlines() if line not in bars] == [
        "Pipeline, Mon 23 Nov: 2 won (£31,000), 3 forward, 1 slipped",
        "Since Fri 20 Nov",
        "2 won · £31,000",
        "•  Acme renewal · £11,500 · Alice",
        "[and 1 more]",
        "3 moved forward",
        "•  Acme renewal · Pitching → Quoting · £12,000",
        "[and 2 more]",
        "1 with a later close date",
        "•  Acme renewal · 30 Nov → 15 Dec · £12,000",
        "Now  42 open · £420,000 · weighted £131,000 · 6 paused",
        "Forecast",
        "Expected to close in the next 7 days  1 · £12,000 · weighted £6,000",
        "•  Acme renewal · Mon 30 Nov · £12,000 · Quoting, Alice",
        "Needs attention  14",
        "•  Acme renewal · Alice · overdue since 20 Nov",
        "[and 13 more]",
        "Overdue tasks  1",
        "•  Send the quote · Thu 19 Nov · Bob · Acme renewal",
        "[Open board] [Settings]",
    ]
    assert bars[4:] == [
        "Date passed  ███░░░░░░░ 2 · £900 · weighted £90 · 1 without a value",
        "Nov          █████░░░░░ 4 · already won £31,000",
        "Jan 2027     ██████████ 8",
    ]


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (group(News.LOST, LOST), "£12,000 · Price. They went with X"),
        (group(News.LOST, replace(LOST, lost_note="")), "£12,000 · Price"),
        (group(News.NEW, OPP), "£12,000 · Quoting, Alice"),
        (group(News.NEW, replace(OPP, value=None, owner=None)), "Quoting, no owner"),
        (
            group(News.BACK, OPP, old=Status.CLOSING, new=Status.QUOTING),
            "Closing → Quoting · £12,000",
        ),
        (group(News.PAUSED, PAUSED), "until 12 Dec · Alice"),
        (group(News.PAUSED, replace(PAUSED, paused_until=None)), "without a date · Alice"),
        (
            group(News.RETURNED, OPP, old=Status.PAUSED, new=Status.QUOTING),
            "Paused → Quoting · £12,000",
        ),
        (group(News.REOPENED, OPP, old=Status.LOST, new=Status.LEAD), "Lost → Lead · £12,000"),
        (group(News.SLIPPED, OPP, old=date(2026, 11, 30)), "30 Nov → no date · £12,000"),
        (group(News.UP, OPP, new=gbp(12_000)), "no value → £12,000 · Alice"),
        (group(News.DOWN, OPP, old=gbp(9)), "£9 → no value · Alice"),
        (
            group(News.REPRICED, OPP, old=gbp(9), new=Money(800, "EUR")),
            "£9 → €8 · Alice",
        ),
    ],
)
def test_what_became_of_a_deal_is_one_line(one: Group, line: str) -> None:
    assert f"•  Acme renewal #12 · {line}\n" in says(one)


def test_the_headline_is_a_subject_line() -> None:
    every = [group(news, total=1_234, sums=(gbp(10**11),) * 3) for news in News]
    shown = drawn(groups=tuple(every))
    assert shown.text.startswith("Pipeline, Mon 23 Nov: 1,234 won (£100,000,000,000")
    assert len(shown.text) <= 150
    assert not shown.text.endswith(",")
    waiting = drawn(closing=Deals(total=1), attention=Deals(total=4), tasks=Tasks(total=2))
    assert waiting.text == (
        "Pipeline, Mon 23 Nov: nothing changed, 1 closes within 7 days, "
        "4 need attention, 2 tasks overdue"
    )
    standing = drawn(parts=(Part.TOTALS,), totals=board_of().totals)
    assert standing.text == "Pipeline, Mon 23 Nov: 42 open"


def test_nothing_to_say_is_said_in_one_line() -> None:
    quiet = drawn(totals=board_of().totals, paused=6)
    assert len(quiet.blocks) == 1
    assert seen(quiet) == (
        "Pipeline, Mon 23 Nov: nothing new since Fri 20 Nov. "
        "42 open · £420,000 · weighted £131,000 · 6 paused.\n[Open board]"
    )
    assert quiet.text == "Pipeline, Mon 23 Nov: nothing new since Fri 20 Nov"
    again = drawn(since=NOW - timedelta(hours=4), parts=(Part.CHANGES,))
    assert seen(again) == "Pipeline, Mon 23 Nov: nothing new since 10:02.\n[Open board]"


def test_a_late_one_says_so_and_a_filter_is_named() -> None:
    late = seen(drawn(**FULL | {"late_for": NOW - timedelta(hours=5)}))
    assert "Due at 09:02 UTC, sent late\n" in late
    since_yesterday = seen(drawn(**FULL | {"late_for": NOW - timedelta(hours=20)}))
    assert "Due at 22 Nov 2026 18:02 UTC, sent late\n" in since_yesterday
    narrowed = Filter(owner=ALICE.id, statuses=(Status.QUOTING,))
    assert "Only Alice's · Quoting\n" in seen(drawn(**FULL | {"filter": narrowed, "owner": ALICE}))
    preview = digest(STYLE, content(**FULL), preview=True)
    assert "Only you see this preview\n" in seen(preview)


def test_a_late_one_with_nothing_to_say_says_so_too() -> None:
    quiet = drawn(late_for=NOW - timedelta(hours=5), filter=Filter(attention=True))
    assert len(quiet.blocks) == 1
    assert seen(quiet) == (
        "Pipeline, Mon 23 Nov: nothing new since Fri 20 Nov. Nothing is open. "
        "Only what needs attention. Due at 09:02 UTC, sent late.\n[Open board]"
    )


def test_days_are_those_of_the_digests_own_zone() -> None:
    workspace = replace(STYLE.workspace, tz="Pacific/Auckland")
    shown = digest(Style(workspace, NOW), content(workspace=workspace, **FULL))
    assert shown.text.startswith("Pipeline, Tue 24 Nov: ")


def test_the_rest_of_each_part_is_a_press_away() -> None:
    quoting = Filter(statuses=(Status.QUOTING,))
    shown = drawn(**FULL | {"filter": quoting, "tasks": Tasks(total=9, rows=(LATE,))})
    for label, query in (
        ("and 1 more", Query(filter=quoting, told=Told(News.WON, SINCE, NOW))),
        ("and 2 more", Query(filter=quoting, told=Told(News.FORWARD, SINCE, NOW))),
        ("and 13 more", Query(filter=replace(quoting, attention=True))),
        ("Open board", Query(filter=quoting)),
    ):
        state = BoardState.load(pressed(shown, label)["value"])
        assert (state.board_id, state.beside, load_query(state.query)) == (None, True, query)
    assert TaskList.load(pressed(shown, "and 8 more")["value"]) == TaskList(beside=True)
    assert DigestId.load(pressed(shown, "Settings")["value"]) == DigestId(3)
    new = drawn(groups=(group(News.NEW, DEAL, total=5),), closing=Deals(total=5, rows=(DEAL,) * 2))
    state = BoardState.load(pressed(new, "and 4 more")["value"])
    assert load_query(state.query).sort is Sort.NEWEST
    state = BoardState.load(pressed(new, "and 3 more")["value"])
    assert load_query(state.query).filter == Filter(closes=Closes.SOON)
