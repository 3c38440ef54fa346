"""The lines of a digest: a deal or a task each, and what is to be said of it here."""

from collections.abc import Callable, Mapping
from datetime import date

from handlers.views.attention.attention import words
from handlers.views.opportunity.card import linked
from handlers.views.text import DOT, Style, clip, link
from store.digest.content import Changed, Side
from store.digest.news import News
from store.money import Money
from store.opportunity.opportunity import Opportunity
from store.opportunity.status import Status
from store.task.task import Task

_NAME, _OTHER, _NOTE = 45, 20, 60
"""What can be read on a phone, of which there may be fifty in one message."""


def changed(style: Style, news: News, row: Changed) -> str:
    """`• Globex rollout · Quoting → Closing · £84,000`."""
    return _line(_name(row.deal), *_SAID[news](style, row))


def closing(style: Style, deal: Opportunity) -> str:
    """`• Acme renewal · Fri 27 Nov · £12,000 · Quoting, Alice`."""
    day = style.weekday(deal.expected_close) if deal.expected_close else ""
    return _line(_name(deal), day, _worth(style, deal.value), _stands(style, deal))


def pressing(style: Style, deal: Opportunity) -> str:
    """`• Initech support · Carol · overdue since 20 Nov`: the two gravest reasons."""
    return _line(_name(deal), _owner(deal), *words(style, deal)[:2])


def task(style: Style, one: Task) -> str:
    """`• Send the quote · Thu 20 Nov · Bob · Acme renewal`."""
    title = clip(one.title, _NAME)
    title = link(one.permalink, title) if one.permalink else title
    due = style.weekday(one.due.day(style.workspace.zone)) if one.due else ""
    deal = clip(one.deal.name, _NAME) if one.deal else ""
    return _line(title, due, clip(one.assignee.name, _OTHER), deal)


def _line(*facts: str) -> str:
    return f"•  {DOT.join(fact for fact in facts if fact)}"


def _name(deal: Opportunity) -> str:
    """A link to its card; what has none is found by its number."""
    name = linked(deal, _NAME)
    return name if deal.card and deal.card.permalink else f"{name} #{deal.number}"


def _worth(style: Style, value: Money | None) -> str:
    return style.money(value) if value else ""


def _owner(deal: Opportunity) -> str:
    return clip(deal.owner.name, _OTHER) if deal.owner else "no owner"


def _stands(style: Style, deal: Opportunity) -> str:
    return f"{style.named(deal.status)}, {_owner(deal)}"


def _won(style: Style, row: Changed) -> tuple[str, ...]:
    paid = row.deal.final_value or row.deal.value
    return _worth(style, paid), _owner(row.deal)


def _lost(style: Style, row: Changed) -> tuple[str, ...]:
    """With its reason, and what was said to it."""
    note = clip(" ".join(row.deal.lost_note.split()), _NOTE)
    why = ". ".join(part for part in (clip(row.deal.lost_reason, _OTHER), note) if part)
    return _worth(style, row.deal.value), why


def _new(style: Style, row: Changed) -> tuple[str, ...]:
    return _worth(style, row.deal.value), _stands(style, row.deal)


def _moved(style: Style, row: Changed) -> tuple[str, ...]:
    return _arrow(style, row, "none"), _worth(style, row.deal.value)


def _paused(style: Style, row: Changed) -> tuple[str, ...]:
    until = row.deal.paused_until
    return (f"until {style.day(until)}" if until else "without a date", _owner(row.deal))


def _slipped(style: Style, row: Changed) -> tuple[str, ...]:
    return _arrow(style, row, "no date"), _worth(style, row.deal.value)


def _repriced(style: Style, row: Changed) -> tuple[str, ...]:
    return (_arrow(style, row, "no value"), _owner(row.deal))


def _arrow(style: Style, row: Changed, nothing: str) -> str:
    """What it was and what it became."""
    old, new = (_said(style, side) or nothing for side in (row.old, row.new))
    return f"{old} → {new}"


def _said(style: Style, side: Side) -> str:
    match side:
        case Status():
            return style.named(side)
        case Money():
            return style.money(side)
        case date():
            return style.day(side)
    return ""


_SAID: Mapping[News, Callable[[Style, Changed], tuple[str, ...]]] = {
    News.WON: _won,
    News.LOST: _lost,
    News.NEW: _new,
    News.FORWARD: _moved,
    News.BACK: _moved,
    News.REOPENED: _moved,
    News.RETURNED: _moved,
    News.PAUSED: _paused,
    News.SLIPPED: _slipped,
    News.UP: _repriced,
    News.DOWN: _repriced,
    News.REPRICED: _repriced,
}
