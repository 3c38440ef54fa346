"""Private answers to `@Dealthread …` in a card's thread."""

from handlers.ids import Action, Press, Ref
from handlers.views.blocks import Message, button
from handlers.views.confirm import said
from handlers.views.opportunity.card import reopen
from handlers.views.text import Style, clip
from store.opportunity.context import DealRef
from store.opportunity.opportunity import Opportunity
from store.opportunity.status import Status

_ASKS = {
    Status.WON: ("To mark {} won, give its final value and date.", "Won…"),
    Status.LOST: ("To mark {} lost, give a reason.", "Lost…"),
    Status.PAUSED: ("To pause {}, say until when.", "Pause…"),
}


def details(style: Style, deal: DealRef) -> Message:
    text = f"{_name(deal.name)} #{deal.number} is {_standing(style, deal.status)}."
    return said(text, button("Details", Action.OPPORTUNITY_OPEN, Ref(deal.number)))


def _standing(style: Style, status: Status) -> str:
    return f"in {style.named(status)}" if status.is_stage else style.named(status).lower()


def asks(opp: Opportunity, to: Status) -> Message:
    """Won, Lost and Pause ask something before they are done."""
    what, label = _ASKS[to]
    press = button(label, f"{Action.STATUS_PRESS}:{to}", Press(opp.number, to))
    return said(what.format(_name(opp.name)), press)


def asks_close(style: Style, opp: Opportunity) -> Message:
    """Reopened after its expected close, it needs another."""
    day = style.day(opp.expected_close) if opp.expected_close else ""
    text = f"{_name(opp.name)} was to close on {day}. Reopen it with a new expected close."
    return said(text, reopen(opp))


def _name(name: str) -> str:
    return f"*{clip(name, 400)}*"
