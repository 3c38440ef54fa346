"""Which board: its query as the compact JSON that rides with buttons, and with a row's block id;
and the button that opens it.
"""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from handlers.ids import Action, BoardState
from handlers.payload import StaleButton
from handlers.views.blocks import button
from store.board import Closes, Filter, Query, Sort
from store.digest.news import News, Told
from store.opportunity.status import Status
from store.paging import micros, moment

QUERY_CHARACTERS = 1_500
"""A button's value holds 2,000, with the payload around the query and its quoting."""

Keyset = tuple[str | int, ...]
Kind = TypeVar("Kind", Status, Closes, Sort, News)

_START: list[Any] = [[None, [], None, None, False], Sort.CLOSING, None, 1, [], None]
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LONGEST = 12
"""Digits of the microseconds since 1970, as far as a calendar reaches."""


def dump_query(query: Query) -> str:
    """As compact JSON; when the way back grows too long, its far end is forgotten."""
    back = list(query.back)
    while len(_json(text := _dumped(query, back))) > QUERY_CHARACTERS and back:
        del back[0]
    return text


def _dumped(query: Query, back: list[Keyset | None]) -> str:
    chosen = query.filter
    narrowed = [chosen.owner, list(chosen.statuses), chosen.contact, chosen.closes]
    told = _dumped_told(query.told) if query.told else None
    values = [[*narrowed, chosen.attention], query.sort, query.after, query.first, back, told]
    while values and values[-1] == _START[len(values) - 1]:
        values.pop()
    return _json(values)


def open_board(label: str, query: Query, name: str) -> Any:
    """Opens the board, narrowed like this, for whoever presses it, beside the message that it
    stands in; from Home it comes by direct message. `name` tells it from others beside it.
    """
    state = BoardState(None, dump_query(query), beside=True)
    return button(label, f"{Action.BOARD_TURN}:{name}", state)


def load_query(text: str) -> Query:
    """Refuses with StaleButton whatever `dump_query` would not have written."""
    try:
        values = _listed(json.loads(text[: QUERY_CHARACTERS + 1]))
        given = [*values, *_START[len(values) :]]
        narrowed, sort, after, first, back, told = given
        return Query(
            filter=_filter(*narrowed),
            sort=_member(Sort, sort),
            after=_keyset(after),
            first=_number(first),
            back=tuple(_keyset(one) for one in _listed(back)),
            told=None if told is None else _told(*_listed(told)),
        )
    except (TypeError, ValueError, RecursionError, OverflowError):
        raise StaleButton from None


def _dumped_told(told: Told) -> list[str]:
    """In few characters: a block id, which carries it too, holds 255."""
    return [told.news, _short(micros(told.since)), _short(micros(told.until))]


def _short(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits or "0"


def _told(news: Any, since: Any, until: Any) -> Told:
    return Told(_member(News, news), _moment(since), _moment(until))


def _moment(text: Any) -> datetime:
    if not (isinstance(text, str) and len(text) <= _LONGEST and text.isascii() and text.isalnum()):
        raise TypeError
    return moment(int(text, len(_DIGITS)))


def _filter(owner: Any, statuses: Any, contact: Any, closes: Any, attention: Any) -> Filter:
    if not (owner is None or (isinstance(owner, str) and owner.isalnum() and owner.isascii())):
        raise TypeError
    if not isinstance(attention, bool):
        raise TypeError
    return Filter(
        owner=owner,
        statuses=tuple(_member(Status, one) for one in _listed(statuses)),
        contact=None if contact is None else _number(contact),
        closes=None if closes is None else _member(Closes, closes),
        attention=attention,
    )


def _member(kind: type[Kind], value: Any) -> Kind:
    if not isinstance(value, str):
        raise TypeError
    return kind(value)


def _number(value: Any) -> int:
    if type(value) is not int or not 1 <= value < 2**63:
        raise TypeError
    return value


def _keyset(value: Any) -> Keyset | None:
    if value is None:
        return None
    if not _listed(value) or not all(_plain(part) for part in value):
        raise TypeError
    return tuple(value)


def _plain(part: Any) -> bool:
    """A number that a database column holds, or a text: true, false and lists are neither."""
    return isinstance(part, str) or (type(part) is int and abs(part) < 2**63)


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def row_id(state: BoardState, query: Query, now: datetime) -> str:
    """The block id of the row of selects: an option's 150 characters don't hold the board's state,
    and Slack sends no message along when a private copy is used. New at each render, or Slack
    would go on showing what was chosen before.
    """
    start = replace(query, after=None, first=1, back=())
    at_first = replace(state, query=dump_query(start))
    return f"{int(now.timestamp() * 1000):x}:{at_first.dump()}"


def state_of(block_id: str) -> BoardState:
    """What `row_id` was made of, its query at the first page; refuses with StaleButton."""
    return BoardState.load(block_id.partition(":")[2])


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
