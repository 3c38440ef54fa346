"""A loud win: one message in the channel of its card, which asked for it."""

from handlers.views.blocks import Message, context, section
from handlers.views.opportunity.card import linked
from handlers.views.text import DOT, Style, clip, counted
from store.opportunity.win import Feat, WinShown

_NAME = 300


def message(style: Style, shown: WinShown) -> Message:
    """Which deal, for how much, after how long, whose; and what it is the first in. Names are
    plain text: nobody is pinged.
    """
    opp = shown.opportunity
    name = f"*{linked(opp, _NAME)}* #{opp.number}"
    if shown.taken_back:
        by = f", taken back by {style.person(shown.back_by)}" if shown.back_by else ""
        said = f"~{name} was won~{by}"
        return Message(f"#{opp.number} is not won any more", [section(said)])
    price = f" for *{style.money(opp.final_value)}*" if opp.final_value else ""
    facts = [clip(opp.contact.title, 200)] if opp.contact else []
    facts += [counted(shown.days, "day")] if shown.days > 0 else []
    facts += [style.person(opp.owner or opp.status_by)]
    blocks = [section(f"🎉 {name} was won{price}"), context(DOT.join(facts))]
    if shown.records:
        blocks.append(context(DOT.join(_records(shown))))
    return Message(_spoken(style, shown), blocks)


def _records(shown: WinShown) -> list[str]:
    """Money is compared within its currency only."""
    price = shown.opportunity.final_value
    within = f" in {price.currency}" if price else ""
    said = {
        Feat.LARGEST: f"The largest of {{}} won{within} this quarter",
        Feat.FASTEST: "The fastest of {} won this year",
    }
    return [said[one.feat].format(counted(one.of, "deal")) for one in shown.records]


def _spoken(style: Style, shown: WinShown) -> str:
    """What a notification says."""
    opp = shown.opportunity
    price = f" for {style.money(opp.final_value)}" if opp.final_value else ""
    after = f" after {counted(shown.days, 'day')}" if shown.days > 0 else ""
    who = style.person(opp.owner or opp.status_by)
    records = "".join(f". {one}" for one in _records(shown))
    return f"{clip(opp.name, _NAME)} #{opp.number} was won{price}{after}, by {who}{records}"
