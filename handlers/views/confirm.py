"""Private sentences: what was done, what can't be, and the button that comes next."""

from typing import Any

from handlers.ids import Action, Callback, NewFor, Press, Ref, Undo
from handlers.views.blocks import Json, Message, actions, button, modal, section
from handlers.views.opportunity.card import add_step, undoable
from handlers.views.text import Style, clip, counted, listed, sentence
from store.opportunity.opportunity import Opportunity


def said(text: str, *buttons: Any) -> Message:
    """One sentence, already safe, and what can be pressed next."""
    return Message(text, [section(text), *([actions(*buttons)] if buttons else [])])


def created(style: Style, opp: Opportunity, *, why: str = "") -> Message:
    """`why` says why its card is not where it was to go."""
    where = f" in <#{opp.card.channel_id}>" if _in_channel(opp) and opp.card else ""
    also = f" {sentence(why, 500)}" if why else ""
    if opp.overdue and opp.expected_close:
        also += f" Its expected close, {style.day(opp.expected_close)}, has passed."
    return said(f"Created {_name(opp)}{where}.{also}", *_undo(style, opp), _details(opp))


def changed(style: Style, opp: Opportunity, kind: str = "", *, tasks: int = 0) -> Message:
    """What was done, from how it is now; `kind` is the kind of history, if it is not a status.
    `tasks` are how many were closed or put off along with it.
    """
    kind = kind or _kind(opp)
    also = f" {_WITH_TASKS[kind]} {counted(tasks, 'task')}." if tasks else ""
    return said(f"{_done(style, opp, kind)}{also}", *_undo(style, opp), *_next_step(opp, kind))


_WITH_TASKS = {"lost": "Closed", "paused": "Put off"}


def _next_step(opp: Opportunity, kind: str) -> list[Any]:
    """Offered after a change of status, where an open deal has none."""
    lacks = opp.status.is_stage and opp.next_step is None
    return [add_step(opp.number)] if lacks and kind in ("moved", "resumed", "reopened") else []


def _kind(opp: Opportunity) -> str:
    return "moved" if opp.status.is_stage else str(opp.status)


def _done(style: Style, opp: Opportunity, kind: str) -> str:
    name, at = _name(opp), style.named(opp.status)
    price = f" for {style.money(opp.final_value)}" if opp.final_value else ""
    until = f" until {style.day(opp.paused_until)}" if opp.paused_until else ""
    sentences = {
        "moved": f"Moved {name} to {at}.",
        "won": f"Marked {name} won{price}.",
        "lost": f"Marked {name} lost: {clip(opp.lost_reason, 80)}.",
        "paused": f"Paused {name}{until}.",
        "resumed": f"Resumed {name}, in {at}.",
        "reopened": f"Reopened {name}, in {at}.",
        "archived": f"Archived {name}.",
        "restored": f"Restored {name}.",
        "posted": f"Posted the card of {name}.",
        "taken": f"You own {name} now.",
    }
    return sentences.get(kind, f"Saved {name}.")


def undone(style: Style, opp: Opportunity, *, moved: bool = True) -> Message:
    """`moved` when it was a change of status that was undone."""
    if not moved:
        return said(f"Undone. {_name(opp)} is as it was before.")
    return said(f"Undone. {_name(opp)} is in {style.named(opp.status)}, as before.")


def stale(error: str, press: Press | None) -> Message:
    """Somebody was faster: who changed what and when, as the refusal says it; `press` is what may
    still be wanted.
    """
    if press is None:
        return refusal(error)
    sure = Press(press.number, press.to, seen=None)
    anyway = button("Do it anyway", f"{Action.STATUS_PRESS}:{press.to}", sure)
    return said(sentence(error), anyway)


def refusal(text: str) -> Message:
    return said(sentence(text))


def notice(title: str, text: str) -> Json:
    """A modal that only says something, where a form or a page was asked for."""
    return modal(title, [section(sentence(text))], callback=Callback.NOTICE, close="Close")


def no_match(words: str) -> Message:
    """`words` as typed; **Create it** fills them in as the name."""
    found_none = f'No deal matches "{clip(words, 150)}".'
    create = button("Create it", Action.OPPORTUNITY_NEW, NewFor(name=words[:150].strip() or None))
    return said(found_none, create)


def guessed(style: Style, *, admin: bool) -> Message:
    """Said once, while nobody has set the workspace up."""
    ours = style.workspace
    taken = [f"amounts in {ours.currency}", f"times in {clip(ours.tz, 60)}"]
    taken += [f"cards in <#{ours.deals_channel}>"] if ours.deals_channel else []
    text = f"I assumed: {listed(taken)}."
    if admin:
        return said(text, button("Set up", Action.WORKSPACE_SETUP))
    return said(f"{text} An admin can change that with `/dealthread`.")


def settled(style: Style) -> Message:
    """After **Set up**."""
    ours = style.workspace
    where = f"Cards go to <#{ours.deals_channel}>." if ours.deals_channel else "Saved."
    return said(f"{where} Amounts are in {ours.currency}, times in {clip(ours.tz, 60)}.")


def _name(opp: Opportunity) -> str:
    return f"*{clip(opp.name, 400)}*"


def _in_channel(opp: Opportunity) -> bool:
    return opp.card is not None and not opp.card.channel_id.startswith(("D", "U", "W"))


def _details(opp: Opportunity) -> Any:
    return button("Details", Action.OPPORTUNITY_OPEN, Ref(opp.number))


def _undo(style: Style, opp: Opportunity) -> list[Any]:
    if not undoable(style, opp) or not opp.undo:
        return []
    return [button("Undo", Action.STATUS_UNDO, Undo(opp.number, opp.undo.history_id))]
