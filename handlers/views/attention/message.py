"""The message to an owner: which of their deals need attention, why, and what to do about it."""

from datetime import date, timedelta
from typing import Any

from handlers.attention.ids import Snoozing, SnoozingUntil, Stopping
from handlers.ids import Action, Callback
from handlers.views.attention.attention import why
from handlers.views.blocks import (
    Json,
    Message,
    actions,
    button,
    header,
    modal,
    option,
    section,
    select,
)
from handlers.views.inputs import dated, field
from handlers.views.opportunity.card import details, linked
from handlers.views.pipeline.query import open_board
from handlers.views.text import DOT, Style, clip, listed
from store.board import Filter, Query
from store.opportunity.attention import Attention, Told
from store.opportunity.opportunity import Opportunity

DEALS = 4
"""So many are shown; the rest is a press away."""
_NAME = 100
_SNOOZES = (("1 day", 1), ("3 days", 3), ("1 week", 7), ("A date…", None))


def message(style: Style, shown: Attention) -> Message:
    """Each deal with why it is here; what was snoozed or stopped says so."""
    deals = shown.deals[:DEALS]
    more = len(shown.deals) - len(deals) + shown.more
    blocks = [header("Needs attention")]
    for one in deals:
        blocks += _deal(style, one, shown.on)
    if more:
        query = Query(filter=Filter(owner=shown.user_id, attention=True))
        blocks.append(actions(open_board(f"and {more:,} more", query, "all")))
    return Message(_notice(style, shown, more), blocks)


def _notice(style: Style, shown: Attention, more: int) -> str:
    """What a phone shows of it: of one deal also why."""
    first, *others = shown.deals[:DEALS]
    if not others and not more:
        name = f"{clip(first.opportunity.name, _NAME)} #{first.opportunity.number}"
        rests = first.stopped or first.snoozed_until
        return f"{name}{'' if rests else ' needs attention'}: {_state(style, first)}"
    names = [clip(one.opportunity.name, _NAME) for one in (first, *others)]
    return f"Needs attention: {listed([*names, *([f'{more:,} more'] if more else [])])}"


def _deal(style: Style, told: Told, on: str) -> list[Json]:
    opp = told.opportunity
    value = f"{DOT}{style.money(opp.value)}" if opp.value else ""
    lines = [f"*{linked(opp, _NAME)}* #{opp.number}{value}", _state(style, told)]
    return [section("\n".join(lines)), actions(*_buttons(told, on))]


def _state(style: Style, told: Told) -> str:
    if told.stopped:
        return "Stopped: no more reminders of it, unless you snooze it."
    if told.snoozed_until:
        return f"Snoozed until {style.weekday(told.snoozed_until)}."
    return why(style, told.opportunity) or "Needs nothing any more."


def _buttons(told: Told, on: str) -> list[Any]:
    opp = told.opportunity
    stop = button(
        "Stop",
        f"{Action.ATTENTION_STOP}:{opp.number}",
        Stopping(opp.number, on),
        spoken=f"Don't remind me of {opp.name}",
    )
    return [details(opp), _snooze(opp, on), *([] if told.stopped else [stop])]


def _snooze(opp: Opportunity, on: str) -> Any:
    choices = [option(label, Snoozing(opp.number, on, days).dump()) for label, days in _SNOOZES]
    return select(f"{Action.ATTENTION_SNOOZE}:{opp.number}", choices, None, "Snooze")


_WHEN = "You are told in the morning, on weekdays."


def snooze_form(opp: Opportunity, today: date, asking: SnoozingUntil) -> Json:
    until = dated("until", today + timedelta(weeks=2))
    return modal(
        "Snooze",
        [
            section(f"*{clip(opp.name, 400)}* #{opp.number}"),
            field(
                "until",
                "Until",
                until,
                hint=_WHEN,
                required=True,
            ),
        ],
        callback=Callback.ATTENTION_SNOOZE,
        payload=asking,
        submit="Snooze",
    )
