"""The board's query on its way through Slack and back."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.ids import BoardState
from handlers.payload import StaleButton
from handlers.views.pipeline.query import QUERY_CHARACTERS, dump_query, load_query, row_id, state_of
from store.board import Closes, Filter, Query, Sort
from store.digest.news import News, Told
from store.opportunity.status import Status
from store.paging import moment

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ids = st.text("ABCUW0123456789", min_size=1, max_size=15)
numbers = st.integers(1, 2**53)
keys = st.tuples(st.integers(-(2**53), 2**53), st.text(max_size=30), numbers) | st.tuples(numbers)
moments = st.integers(0, 2**57).map(moment)
"""Until the year 6536, to the microsecond."""
filters = st.builds(
    Filter,
    owner=st.none() | ids,
    statuses=st.lists(st.sampled_from(Status), unique=True).map(tuple),
    contact=st.none() | numbers,
    closes=st.none() | st.sampled_from(Closes),
    attention=st.booleans(),
)
queries = st.builds(
    Query,
    filter=filters,
    sort=st.sampled_from(Sort),
    after=st.none() | keys,
    first=numbers,
    back=st.lists(st.none() | keys, max_size=40).map(tuple),
    told=st.none() | st.builds(Told, st.sampled_from(News), moments, moments),
)


@given(queries)
def test_a_query_comes_back_as_it_left_but_for_a_long_way_back(query: Query) -> None:
    text = dump_query(query)
    found = load_query(text)
    assert (found.filter, found.sort) == (query.filter, query.sort)
    assert (found.after, found.first, found.told) == (query.after, query.first, query.told)
    assert found.back == query.back[len(query.back) - len(found.back) :]
    assert len(text) <= QUERY_CHARACTERS
    assert len(BoardState(2**53, text).dump()) <= 2000


@given(queries)
def test_thirty_pages_back_are_mostly_kept(query: Query) -> None:
    short = Query(
        query.filter, query.sort, (1, "2026-11-30", 12), 31, ((1, "2026-11-30", 12),) * 20
    )
    assert load_query(dump_query(short)) == short


@given(queries)
def test_a_row_id_is_short_and_leads_to_the_first_page(query: Query) -> None:
    state = BoardState(2**53, dump_query(query), can_post=True)
    block_id = row_id(state, query, NOW)
    assert len(block_id) <= 255
    first = Query(query.filter, query.sort, told=query.told)
    assert load_query(state_of(block_id).query) == first


def test_a_plain_query_is_next_to_nothing() -> None:
    assert dump_query(Query()) == "[]"
    assert load_query("[]") == Query()
    assert dump_query(Query(Filter(owner="U1"))) == '[["U1",[],null,null,false]]'


garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=12,
)


@given(st.text(max_size=60) | garbage.map(json.dumps))
def test_garbage_is_a_stale_button_or_a_query_that_holds(text: str) -> None:
    try:
        query = load_query(text)
    except StaleButton:
        return
    assert load_query(dump_query(query)) == query


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "null",
        "7",
        '"x"',
        "[[]]",
        "[null]",
        '[["U1",[],null,null,1]]',
        '[["U 1",[],null,null,false]]',
        '[["<!channel>",[],null,null,false]]',
        '[[null,["someday"],null,null,false]]',
        "[[null,[[]],null,null,false]]",
        "[[null,[],true,null,false]]",
        '[[null,[],"5",null,false]]',
        '[[null,[],null,"later",false]]',
        '[[null,[],null,null,false],"random"]',
        '[[null,[],null,null,false],"newest",[]]',
        '[[null,[],null,null,false],"newest",[1.5]]',
        '[[null,[],null,null,false],"newest",[true]]',
        '[[null,[],null,null,false],"newest",null,0]',
        '[[null,[],null,null,false],"newest",null,1,{}]',
        '[[null,[],null,null,false],"newest",null,1,[],1]',
        "[" * 1400,
        f'[["{"U" * 2000}",[],null,null,false]]',
        "[[null,[],99999999999999999999,null,false]]",
    ],
)
def test_what_was_not_written_here_is_refused(text: str) -> None:
    with pytest.raises(StaleButton):
        load_query(text)


@pytest.mark.parametrize("block_id", ["", "abc", "1:", "1:{}", "1:[1]", '1:["x","[]"]'])
def test_a_row_id_that_was_made_up_is_refused(block_id: str) -> None:
    with pytest.raises(StaleButton):
        load_query(state_of(block_id).query)
