"""The index of activities: its rows, its filters, its pages."""

from dataclasses import replace
from typing import Any

import pytest

from handlers.activity.ids import ActivityChoice, ActivityList, LogFor, list_of, row_id
from handlers.ids import Verb
from handlers.payload import StaleButton
from handlers.views.activity.index import index, query_of, state
from handlers.views.blocks import button
from handlers.views.confirm import said
from store.activity import ActivityKind, ActivityPage, ActivityQuery, Period
from store.paging import Spot
from store.person.person import Actor, Role
from tests.handlers.views.activity.test_activity import CALL, DEAL, JANE, WORST
from tests.handlers.views.seen import ALICE, BOB, LINK, NOW, STYLE, elements, menu, pressed, seen

ME = Actor(workspace_id="T1", id=ALICE.id, name="Alice", role=Role.MEMBER)
BOSS = replace(ME, id="U0000CAROL", admin=True)


def page(*rows: Any, **about: Any) -> ActivityPage:
    given = {"query": ActivityQuery(), "older": None, "workspace": STYLE.workspace} | about
    return ActivityPage(rows=rows, **given)


def test_each_row_names_its_deal_and_leads_to_its_message() -> None:
    shown = index(page(CALL), STYLE, ME)
    assert seen(shown) == (
        "Activities\n"
        "[Everyone ▾] [Any type ▾] [Any time ▾] [Filter]\n"
        "Acme renewal #12 · Call · Alice · 23 Nov 2026 09:30 UTC\n"
        "Wants 3 more seats by January\n"
        "⋯(Details · Edit · Delete)\n"
        "[Log activity]"
    )
    assert f"*<{LINK}7|Acme renewal>*" in shown.blocks[2]["text"]["text"]
    waiting = index(page(replace(CALL, permalink=None)), STYLE, ME)
    assert f"*<{LINK}|Acme renewal>*" in waiting.blocks[2]["text"]["text"]
    details = ActivityChoice.load(elements(shown)[4]["options"][0]["value"])
    assert details == ActivityChoice(Verb.DETAILS, 7, 12)


def test_what_hangs_on_no_deal_is_named_by_its_contact_or_its_type() -> None:
    alone = replace(CALL, deal=None, permalink=None)
    assert "Jane Doe, Acme Ltd · Call · Alice" in seen(index(page(alone), STYLE, ME))
    bare = replace(alone, contact=None)
    assert "\nCall · Alice · 23 Nov" in seen(index(page(bare), STYLE, ME))


def test_the_menu_has_what_this_person_may_do() -> None:
    bobs = replace(CALL, by=BOB)
    assert menu(index(page(bobs), STYLE, ME)) == ["Details"]
    assert menu(index(page(bobs), STYLE, BOSS)) == ["Details", "Edit", "Delete"]
    assert menu(index(page(replace(bobs, deal=None)), STYLE, ME)) == []
    assert menu(index(page(replace(CALL, deal=None)), STYLE, ME)) == ["Edit", "Delete"]


def test_it_says_what_it_is_narrowed_to() -> None:
    query = ActivityQuery(
        by=BOB.id, kind=ActivityKind.CALL, period=Period.WEEK, number=12, contact_id=5
    )
    shown = index(page(CALL, query=query, person=BOB, deal=DEAL, contact=JANE), STYLE, ME)
    assert seen(shown).splitlines()[:3] == [
        "Activities of Acme renewal #12",
        "Only Bob's · calls · with Jane Doe, Acme Ltd · from the last week",
        "[Bob ▾] [Calls ▾] [Last week ▾] [Filter]",
    ]
    assert LogFor.load(pressed(shown, "Log activity")["value"]) == LogFor(12, 5)
    mine = replace(query, by=ME.id)
    assert "[Mine ▾]" in seen(index(page(CALL, query=mine, person=ALICE), STYLE, ME))


def test_its_pages() -> None:
    spot = Spot(NOW, 42)
    query = ActivityQuery(kind=ActivityKind.CALL, before=spot)
    shown = index(page(CALL, query=query, older=Spot(CALL.at, 7)), STYLE, ME)
    assert seen(shown).endswith("[Newest] [Older] [Log activity]")
    newest = query_of(ActivityList.load(pressed(shown, "Newest")["value"]))
    assert newest == ActivityQuery(kind=ActivityKind.CALL)
    older = query_of(ActivityList.load(pressed(shown, "Older")["value"]))
    assert older == replace(query, before=Spot(CALL.at, 7))
    rows = [list_of(block.get("block_id", "")) for block in shown.blocks]
    assert [row and query_of(row) for row in rows] == [None, None, query, query, query]


@pytest.mark.parametrize(
    ("about", "words"),
    [
        (
            {},
            "No activities yet. Calls, emails, meetings and notes are listed here.",
        ),
        (
            {"query": ActivityQuery(number=12), "deal": DEAL},
            "No activities for this opportunity yet. What is done for it is listed here.",
        ),
        (
            {"query": ActivityQuery(kind=ActivityKind.NOTE)},
            "No activities match this filter.\n[Show everything]",
        ),
        (
            {"query": ActivityQuery(before=Spot(NOW, 1))},
            "There is nothing older.\n[Newest]",
        ),
    ],
)
def test_an_empty_one_says_what_would_be_there(about: dict[str, Any], words: str) -> None:
    read = seen(index(page(**about), STYLE, ME))
    assert words in read
    assert read.endswith("[Log activity]")


def test_the_worst_is_taken_by_slack() -> None:
    query = ActivityQuery(
        by="U" + "0" * 20,
        kind=ActivityKind.MEETING,
        period=Period.MONTH,
        number=2**53,
        contact_id=2**53,
        before=Spot.of(2**53, 2**53),
    )
    rows = [replace(WORST, id=2**53 - n) for n in range(10)]
    worst = page(
        *rows,
        query=query,
        older=Spot.of(-(2**53), 2**53),
        person=WORST.by,
        deal=WORST.deal,
        contact=WORST.contact,
    )
    assert seen(index(worst, STYLE, BOSS))
    assert query_of(state(query)) == query


@pytest.mark.parametrize(
    "value", ["", "[]x", '["U 1"]', '["\\u0000"]', '[null,"sold"]', '[null,null,"year"]', "[" * 99]
)
def test_a_made_up_state_is_refused(value: str) -> None:
    with pytest.raises(StaleButton):
        query_of(ActivityList.load(value))
    with pytest.raises(StaleButton):
        query_of(list_of(f"activities:18c:{value}") or ActivityList("?"))


def test_what_was_just_done_stands_above_it() -> None:
    told = said("Deleted a call.", button("Details", "opportunity.open"))
    shown = index(page(CALL), STYLE, ME, told)
    assert seen(shown).startswith("Deleted a call.\n[Details]\nActivities\n")
    assert shown.text == "Deleted a call."


def test_a_row_of_something_else_is_none_of_its() -> None:
    assert list_of("b4x/=") is None
    assert list_of("") is None
    assert list_of(row_id(ActivityList("U1"), "7")) == ActivityList("U1")
