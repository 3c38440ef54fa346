"""Listeners on the status of an opportunity: buttons, menus, questions, Undo."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from handlers import drawing
from handlers.answer import NOTHING, Answer, say, show
from handlers.form import form
from handlers.ids import Asking, Choice, Press, Ref, Undo, Verb
from handlers.listening import Heard
from handlers.views import confirm, inputs
from handlers.views.blocks import Json
from handlers.views.opportunity import status as view
from handlers.views.text import Style
from store.errors import Stale
from store.opportunity.opportunity import Opportunity
from store.opportunity.status import Status
from store.usecases import workspaces
from store.usecases.opportunity import opportunities, reversing, status
from store.usecases.opportunity.status import Changed
from store.usecases.task import of_deal as deal_tasks
from store.workspace import Workspace

ASKS = (Status.WON, Status.LOST, Status.PAUSED)
"""Every path to these asks the same question first."""


_LEADS_TO = {Verb.WON: Status.WON, Verb.LOST: Status.LOST, Verb.PAUSE: Status.PAUSED}


async def press(heard: Heard) -> Answer:
    """A status button: the card's, a confirmation's **Do it anyway**."""
    return await to(heard, Press.load(heard.value))


async def to(heard: Heard, wanted: Press) -> Answer:
    """Every path to a status, but for **Resume** and **Reopen**, which name none."""
    try:
        if wanted.to in ASKS:
            return await ask(heard, wanted)
        return await heard.write(
            status.move,
            wanted.number,
            wanted.to,
            seen=wanted.seen,
            by=heard.actor,
            now=heard.now,
            answer=drawing.changed(heard),
        )
    except Stale as stale:
        return await too_late(heard, stale, wanted.number, wanted)


async def too_late(heard: Heard, stale: Stale, number: int, wanted: Press | None = None) -> Answer:
    """Somebody was faster: a page that was pressed says so, and shows what they made of it."""
    if stale.again:
        return NOTHING  # A double press counts once, and says nothing twice.
    notice = confirm.stale(stale.sentence, None if stale.already else wanted)
    if heard.in_modal:
        opportunity = await heard.read(opportunities.get, number, by=heard.actor, now=heard.now)
        page = drawing.page(heard, opportunity, await _workspace(heard))
        return Answer(view=page | {"blocks": [*notice.blocks, *page["blocks"]]}, how="update")
    gone = stale.already or wanted is None
    return say(notice, replace=gone and drawing.private(heard))


async def ask(heard: Heard, wanted: Press) -> Answer:
    """Won, Lost and Pause ask first; what they ask is refused as the change would be."""
    opportunity, workspace = await heard.read(
        status.before_asking,
        wanted.number,
        wanted.to,
        seen=wanted.seen,
        by=heard.actor,
        now=heard.now,
    )
    asking = drawing.asking(heard, opportunity)
    drawn = await question(heard, wanted.to, opportunity, workspace, asking)
    return show(drawn, heard.how)


async def question(
    heard: Heard, to: Status, opportunity: Opportunity, workspace: Workspace, asking: Asking
) -> Json:
    style = Style(workspace, heard.now)
    match to:
        case Status.WON:
            locale = heard.actor.locale
            return view.win_form(style, opportunity, asking, locale=locale, today=heard.today)
        case Status.LOST:
            number, by = opportunity.number, heard.actor
            count = await heard.read(deal_tasks.open_count, number, by=by)
            return view.lose_form(style, opportunity, asking, open_tasks=count)
        case Status.PAUSED:
            return view.pause_form(style, opportunity, asking)
        case _:
            return view.change_form(style, opportunity, asking)


async def choose(heard: Heard) -> Answer:
    """**Change status**: every status it can take."""
    return await change(heard, Ref.load(heard.value).number)


async def change(heard: Heard, number: int) -> Answer:
    """What was closed meanwhile is shown as it is: it has **Reopen**."""
    opportunity = await heard.read(opportunities.to_change, number, by=heard.actor, now=heard.now)
    style = await heard.style()
    if opportunity.status.is_closed:
        page = drawing.page(heard, opportunity, style.workspace)
        return show(page, "update" if heard.in_modal else "open")
    asking = drawing.asking(heard, opportunity)
    return show(view.change_form(style, opportunity, asking), heard.how)


async def chosen(heard: Heard) -> Answer:
    """The form of **Change status**: a stage is a move, the others ask on."""
    asking = Asking.load(heard.meta)
    wanted = form.status(heard.values)
    if wanted in ASKS:
        return await _next_question(heard, wanted, asking)
    if asking.seen is Status.PAUSED:
        return await _resumed(heard, asking)
    return await _sent(heard, asking, Status.LEAD, status.move, wanted)


async def _next_question(heard: Heard, wanted: Status, asking: Asking) -> Answer:
    opportunity, workspace = await heard.read(
        status.before_asking,
        asking.number,
        wanted,
        seen=None,
        by=heard.actor,
        now=heard.now,
    )
    drawn = await question(heard, wanted, opportunity, workspace, asking)
    return show(drawn, "update")


async def win(heard: Heard) -> Answer:
    said = form.win(heard.values, heard.actor, await _workspace(heard))
    return await _sent(heard, Asking.load(heard.meta), Status.WON, status.win, said)


async def lose(heard: Heard) -> Answer:
    said = form.lose(heard.values)
    return await _sent(heard, Asking.load(heard.meta), Status.LOST, status.lose, said)


async def pause(heard: Heard) -> Answer:
    until = form.pause(heard.values)
    return await _sent(heard, Asking.load(heard.meta), Status.PAUSED, status.pause, until)


async def _sent(
    heard: Heard, asking: Asking, to: Status, use_case: Callable[..., Changed], said: Any
) -> Answer:
    """A form about a status was sent. When it had changed while the form was open, the form says
    so and stays as it was filled in: sent again, it is done anyway.
    """
    try:
        return await heard.write(
            use_case,
            asking.number,
            said,
            seen=asking.seen,
            by=heard.actor,
            now=heard.now,
            answer=drawing.asked(heard, asking),
        )
    except Stale as stale:
        if stale.already:
            raise
        opportunity = await heard.read(
            opportunities.get, asking.number, by=heard.actor, now=heard.now
        )
        again = replace(asking, seen=opportunity.status)
        drawn = await question(heard, to, opportunity, await _workspace(heard), again)
        notice = f"{stale.sentence} Send this again to do it anyway."
        return show(inputs.as_sent(drawn, heard.values, notice), "update")


async def resume(heard: Heard, number: int) -> Answer:
    try:
        return await heard.write(
            status.resume,
            number,
            by=heard.actor,
            now=heard.now,
            answer=drawing.changed(heard, "resumed"),
        )
    except Stale as stale:
        return await too_late(heard, stale, number)


async def _resumed(heard: Heard, asking: Asking) -> Answer:
    return await heard.write(
        status.resume,
        asking.number,
        by=heard.actor,
        now=heard.now,
        answer=drawing.asked(heard, asking, "resumed"),
    )


async def reopen(heard: Heard, number: int, seen: Status | None = None) -> Answer:
    """Asks for a new expected close only when that has passed. `seen` as in Press."""
    opportunity = await heard.read(opportunities.to_change, number, by=heard.actor, now=heard.now)
    style = await heard.style()
    if asks_close(style, opportunity) and seen in (None, opportunity.status):
        asking = drawing.asking(heard, opportunity)
        return show(view.reopen_form(style, opportunity, asking), heard.how)
    try:
        return await heard.write(
            status.reopen,
            number,
            None,
            seen=seen,
            by=heard.actor,
            now=heard.now,
            answer=drawing.changed(heard, "reopened"),
        )
    except Stale as stale:
        return await too_late(heard, stale, number)


def asks_close(style: Style, opportunity: Opportunity) -> bool:
    """Whether its expected close has passed, so that reopening it asks for another."""
    passed = opportunity.expected_close and opportunity.expected_close < style.today
    return bool(passed and opportunity.status.is_closed)


async def reopened(heard: Heard) -> Answer:
    asking = Asking.load(heard.meta)
    return await heard.write(
        status.reopen,
        asking.number,
        form.reopen(heard.values),
        seen=asking.seen,
        by=heard.actor,
        now=heard.now,
        answer=drawing.asked(heard, asking, "reopened"),
    )


async def undo(heard: Heard) -> Answer:
    """**Undo** in the private confirmation, whose place its result takes."""
    wanted = Undo.load(heard.value)
    return await undone(heard, wanted.number, wanted.history_id)


async def undone(heard: Heard, number: int, history_id: int) -> Answer:
    def answer(made: Changed) -> Answer:
        if heard.in_modal:
            view = drawing.page(heard, made.opportunity, made.workspace)
            return Answer(view=view, how="update")
        moved = made.change is not None and "status" in made.change.fields
        style = Style(made.workspace, heard.now)
        told = confirm.undone(style, made.opportunity, moved=moved)
        return say(told, replace=drawing.private(heard))

    try:
        return await heard.write(
            reversing.undo, number, history_id, by=heard.actor, now=heard.now, answer=answer
        )
    except Stale as stale:
        return await too_late(heard, stale, number)


async def menu(heard: Heard, choice: Choice) -> Answer | None:
    """The entries of an opportunity's menu that are about its status; None for the others."""
    if choice.verb is Verb.UNDO:
        return await undone(heard, choice.number, choice.history_id or 0)
    if to_status := _LEADS_TO.get(choice.verb, choice.to):
        return await to(heard, Press(choice.number, to_status, choice.seen))
    if choice.verb is Verb.REOPEN:
        return await reopen(heard, choice.number, choice.seen)
    plain = {Verb.RESUME: resume, Verb.STATUS: change}.get(choice.verb)
    return await plain(heard, choice.number) if plain else None


async def _workspace(heard: Heard) -> Workspace:
    return await heard.read(workspaces.load, heard.workspace_id)
