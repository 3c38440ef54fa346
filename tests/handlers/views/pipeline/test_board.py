"""The board as it is read, at its best and at its worst, and what its controls carry."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.ids import Action, BoardState, Choice, Verb
from handlers.views.blocks import Message, characters
from handlers.views.pipeline.board import board, dump_query, filter_words, load_query, state_of
from handlers.views.pipeline.filtering import filter_form
from store.board import Board, Closes, Filter, Query, Sort, StageTotal, Sum
from store.contact import ContactRef
from store.money import Money
from store.opportunity.status import STAGES, Health, Status
from tests.handlers.views.seen import (
    ALICE,
    LINK,
    LOST,
    NASTY,
    NOW,
    OPP,
    PAUSED,
    STYLE,
    WON,
    WORST,
    board_of,
    elements,
    gbp,
    menu,
    pressed,
    seen,
)

EVERY_FILTER = Filter(
    owner=ALICE.id,
    statuses=(Status.CLOSING, Status.QUOTING),
    contact=5,
    closes=Closes.MONTH,
    attention=True,
)


def private(shown: Board, **more: object) -> Message:
    return board(STYLE, shown, None, can_post=False, **more)  # type: ignore[arg-type]


def test_a_board() -> None:
    read = seen(board(STYLE, board_of(), 7, can_post=False)).replace("\u00a0", " ")
    assert read == (
        "Pipeline\n"
        "42 open · £420,000 · weighted £131,000 · 6 paused · as of 14:02 UTC\n"
        "Closing   ███░░░░░░░ \u20075 · £50,000 · weighted £40,000\n"
        "Quoting   █████░░░░░ \u20078 · £80,000 · weighted £40,000\n"
        "Pitching  ███████░░░ 11 · £110,000 · weighted £33,000\n"
        "Lead      ██████████ 18 · £180,000 · weighted £18,000\n"
        "[Everyone ▾] [Filter] [Closest to closing ▾] [Refresh]\n"
        "Acme renewal #12 · £12,000 · 30 Nov\n"
        "🟢 Quoting 4 days · Alice · Acme Ltd\n"
        "Next: Send the quote, Fri 27 Nov\n"
        "⋯(Move to Closing · Change status · Change close date · Add task · Details)\n"
        "1–1 of 42\n"
        "[Next] [New opportunity]"
    )


def test_bars_stand_in_single_back_ticks_without_a_place_to_break() -> None:
    lines = board(STYLE, board_of(), 7, can_post=False).blocks[2]["text"]["text"].split("\n")
    assert lines[0].startswith("`Closing\u00a0\u00a0\u00a0███░░░░░░░` \u20075 · ")
    assert not any(" " in line.split("`")[1] for line in lines)


def test_its_name_leads_to_its_card() -> None:
    row = board(STYLE, board_of(), 7, can_post=False).blocks[4]["text"]["text"]
    assert row.startswith(f"*<{LINK}|Acme renewal>* #12 · £12,000")


def test_currencies_are_told_apart_ours_first() -> None:
    sums = tuple(Sum(Money(n * 100, code), Money(n * 50, code)) for n, code in CURRENCIES)
    totals = (StageTotal(Status.CLOSING, 5, 1, sums),)
    read = seen(private(board_of(totals=totals, paused=0)))
    assert "5 open · £2, CHF\u00a07, €1 and 2 more currencies · weighted £1," in read
    assert "1 without a value" in read


CURRENCIES = ((1, "EUR"), (2, "GBP"), (7, "CHF"), (9, "USD"), (4, "JPY"))


def test_a_private_copy_can_be_posted_and_a_posted_board_not_again() -> None:
    offer = board(STYLE, board_of(), None, can_post=True)
    state = BoardState.load(pressed(offer, "Post it here")["value"])
    assert state == BoardState(None, dump_query(Query()), can_post=True)
    assert "Post it here" not in seen(board(STYLE, board_of(), None, can_post=False))
    posted = board_of(channel_id="C0000DEALS")
    assert "Post it here" not in seen(board(STYLE, posted, 7, can_post=True))


def test_an_old_board_says_where_the_newer_is_and_offers_nothing() -> None:
    old = board(STYLE, board_of(replaced=True, newer=LINK), 7, can_post=False)
    assert seen(old) == "Pipeline\nThis board is no longer updated. The live one is here."
    assert LINK in str(old.blocks)


def test_paging_carries_the_page_it_leads_to() -> None:
    page_2 = Query(after=(1, "2026-11-30", 12), first=11, back=(None,))
    shown = board(STYLE, board_of(query=page_2, previous=Query()), 7, can_post=False)
    assert "11–11 of 42" in seen(shown)
    assert load_query(BoardState.load(pressed(shown, "Previous")["value"]).query) == Query()
    assert BoardState.load(pressed(shown, "Next")["value"]).board_id == 7
    assert BoardState.load(pressed(shown, "Refresh")["value"]).query == dump_query(page_2)


def test_the_selects_find_the_board_by_the_id_of_their_row() -> None:
    query = Query(EVERY_FILTER, Sort.DAYS, after=("x", 1), first=31, back=(None, ("y", 2)))
    row = board(STYLE, board_of(query=query), 7, can_post=False).blocks[4]
    state = state_of(row["block_id"])
    assert state.board_id == 7
    assert load_query(state.query) == Query(EVERY_FILTER, Sort.DAYS)


def test_the_row_of_selects_is_new_at_each_render() -> None:
    later = replace(STYLE, now=NOW + timedelta(milliseconds=1))
    rows = [board(style, board_of(), 7, can_post=False).blocks[3] for style in (STYLE, later)]
    assert rows[0]["block_id"] != rows[1]["block_id"]


@pytest.mark.parametrize(
    ("owner", "viewer", "shown", "choices"),
    [
        (None, ALICE.id, "Everyone", ["Everyone", "Mine", "Someone else…"]),
        (ALICE.id, ALICE.id, "Mine", ["Everyone", "Mine", "Someone else…"]),
        (ALICE.id, "U000000BOB", "Alice", ["Everyone", "Mine", "Alice", "Someone else…"]),
        ("U000NOBODY", None, "One person", ["Everyone", "Mine", "One person", "Someone else…"]),
    ],
)
def test_whose_is_chosen_from_four_at_most(
    owner: str | None, viewer: str | None, shown: str, choices: list[str]
) -> None:
    query = Query(Filter(owner=owner))
    select = elements(private(board_of(query=query), viewer_id=viewer))[0]
    assert select["initial_option"]["text"]["text"] == shown
    assert [option["text"]["text"] for option in select["options"]] == choices


def test_the_filter_in_words() -> None:
    contact = ContactRef(5, "Jane Doe", "Acme Ltd")
    assert filter_words(STYLE, EVERY_FILTER, ALICE, contact, ALICE.id).startswith("yours · ")
    words = filter_words(STYLE, EVERY_FILTER, ALICE, contact)
    assert words == (
        "Alice's · Closing or Quoting · with Jane Doe, Acme Ltd"
        " · closing this month · what needs attention"
    )
    read = seen(private(board_of(query=Query(EVERY_FILTER)), contact=contact))
    assert f"Only {words}" in read


def test_empty_says_what_would_be_here_or_offers_everything() -> None:
    none = seen(private(board_of(rows=(), matching=0, next=None, totals=())))
    assert none.endswith(
        "No open opportunities yet. They are listed here by stage.\n[New opportunity]"
    )
    narrowed = private(board_of(rows=(), matching=0, query=Query(EVERY_FILTER, Sort.NEWEST)))
    assert "No opportunities match this filter.\n[Show everything]" in seen(narrowed)
    everything = BoardState.load(pressed(narrowed, "Show everything")["value"])
    assert load_query(everything.query) == Query(sort=Sort.NEWEST)


@pytest.mark.parametrize(
    ("opp", "below", "choices"),
    [
        (
            replace(OPP, status=Status.CLOSING, days=1, health=Health.RED),
            "🔴 Closing 1 day",
            ["Won…", "Change status", "Change close date", "Add task", "Details"],
        ),
        (WON, "Won on 21 Nov for £11,500 after 34 days", ["Reopen", "Details"]),
        (LOST, "Lost on 21 Nov: Price", ["Reopen", "Details"]),
        (
            PAUSED,
            "Paused in Quoting until 12 Dec",
            ["Resume", "Change status", "Change close date", "Add task", "Details"],
        ),
    ],
)
def test_rows_of_every_status(opp: object, below: str, choices: list[str]) -> None:
    shown = private(board_of(rows=(opp,)))
    assert below in seen(shown)
    assert menu(shown) == choices


def test_move_to_the_next_stage_says_from_which_it_was_drawn() -> None:
    overflow = next(e for e in elements(private(board_of())) if e["type"] == "overflow")
    assert overflow["action_id"] == f"{Action.OPPORTUNITY_MENU}:12"
    assert Choice.load(overflow["options"][0]["value"]) == Choice(
        Verb.MOVE, 12, Status.QUOTING, Status.CLOSING
    )


def worst_board(status: Status) -> Board:
    codes = ("USD", "KWD", "EUR", "INR", "GBP")
    sums = tuple(Sum(Money(10**13, code), Money(10**13, code)) for code in codes)
    key = ("2026-11-23T14:02:00.000000+00:00", 10**15, "USD", 999_999)
    query = Query(EVERY_FILTER, Sort.WEIGHTED, key, 999_991, (key,) * 60)
    rows = tuple(
        replace(WORST, number=900_000 + n, status=status, closed_on=NOW.date()) for n in range(10)
    )
    return board_of(
        query=query,
        totals=tuple(StageTotal(stage, 99_999, 9_999, sums) for stage in STAGES),
        paused=99_999,
        rows=rows,
        matching=1_000_000,
        previous=query,
        next=query,
    )


@pytest.mark.parametrize("status", Status)
def test_the_worst_board_is_small_enough(status: Status) -> None:
    contact = ContactRef(2**53, "&" * 200, NASTY[:200])
    worst = worst_board(status)
    shown = board(STYLE, worst, 10**9, can_post=True, contact=contact, owner=WORST.owner)
    assert "999,991–1,000,000 of 1,000,000" in seen(shown)
    assert len(shown.blocks) <= 25
    assert characters(shown.blocks) <= 5_000
    state_of(shown.blocks[4]["block_id"])


def test_the_filter_form_shows_what_is_on() -> None:
    state = BoardState(7, dump_query(Query(EVERY_FILTER)))
    form = filter_form(STYLE, state, Query(EVERY_FILTER), ContactRef(5, "Jane Doe"))
    read = seen(form)
    assert "[Jane Doe ▾]" in read
    assert "Expected close: [This month ▾]" in read
    assert BoardState.load(form["private_metadata"]) == state
    ticked = [one.get("initial_options") for one in elements(form)]
    assert [len(options) for options in ticked if options] == [2, 1]


def test_an_empty_filter_form() -> None:
    form = filter_form(STYLE, BoardState(None, "[]"), Query(), None)
    assert "Expected close: [Any date ▾]" in seen(form)


def test_money_in_the_samples_is_what_it_seems() -> None:
    assert STYLE.money(gbp(12)) == "£12"
