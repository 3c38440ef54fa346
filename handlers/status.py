"""Listeners on the status of an opportunity: buttons, menus, questions, Undo."""

from handlers import drawing, form
from handlers.answer import NOTHING, Answer, How, say, show
from handlers.ids import Asking, Choice, Press, Ref, Undo, Verb
from handlers.listening import Heard
from handlers.views import confirm
from handlers.views import status as view
from handlers.views.blocks import Json
from handlers.views.text import Style
from store.errors import Stale
from store.opportunity import Opportunity
from store.status import Status
from store.usecases import opportunities, status, workspaces
from store.workspace import Workspace

ASKS = (Status.WON, Status.LOST, Status.PAUSED)
"""Every path to these asks the same question first."""


_LEADS_TO = {Verb.WON: Status.WON, Verb.LOST: Status.LOST, Verb.PAUSE: Status.PAUSED}


async def press(heard: Heard) -> Answer:
    """A status button: the card's, a confirmation's **Do it anyway**."""
    return await to(heard, Press.load(heard.value))


async def to(heard: Heard, wanted: Press) -> Answer:
    """From a pause the stage is where it resumes, from a closing where it reopens."""
    if wanted.seen is Status.PAUSED and wanted.to.is_stage:
        return await resume(heard, wanted.number)
    if wanted.seen and wanted.seen.is_closed and wanted.to.is_stage:
        return await reopen(heard, wanted.number)
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
        return _stale(stale, wanted)


def _stale(stale: Stale, wanted: Press) -> Answer:
    if stale.again:
        return NOTHING  # A double press counts once, and says nothing twice.
    if stale.already:
        return say(confirm.refusal(stale.sentence))
    return say(confirm.stale(stale.sentence, wanted))


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
    return show(question(heard, wanted.to, opportunity, workspace, asking), _how(heard))


def question(
    heard: Heard, to: Status, opportunity: Opportunity, workspace: Workspace, asking: Asking
) -> Json:
    style = Style(workspace, heard.now)
    match to:
        case Status.WON:
            return view.win_form(style, opportunity, asking, locale=heard.actor.locale)
        case Status.LOST:
            return view.lose_form(style, opportunity, asking)
        case _:
            return view.pause_form(style, opportunity, asking)


def _how(heard: Heard) -> How:
    return "push" if heard.in_modal else "open"


async def choose(heard: Heard) -> Answer:
    """**Change status**: every status it can take."""
    return await change(heard, Ref.load(heard.value).number)


async def change(heard: Heard, number: int) -> Answer:
    opportunity = await heard.read(opportunities.get, number, by=heard.actor, now=heard.now)
    asking = drawing.asking(heard, opportunity)
    return show(view.change_form(await heard.style(), opportunity, asking), _how(heard))


async def chosen(heard: Heard) -> Answer:
    """The form of **Change status**: a stage is a move, the others ask on."""
    asking = Asking.load(heard.meta)
    wanted = form.status(heard.values)
    if wanted in ASKS:
        opportunity, workspace = await heard.read(
            status.before_asking,
            asking.number,
            wanted,
            seen=asking.seen,
            by=heard.actor,
            now=heard.now,
        )
        return show(question(heard, wanted, opportunity, workspace, asking), "update")
    return await heard.write(
        status.move,
        asking.number,
        wanted,
        seen=asking.seen,
        by=heard.actor,
        now=heard.now,
        answer=drawing.asked(heard, asking),
    )


async def win(heard: Heard) -> Answer:
    asking = Asking.load(heard.meta)
    said = form.win(heard.values, heard.actor, await _workspace(heard))
    return await heard.write(
        status.win,
        asking.number,
        said,
        seen=asking.seen,
        by=heard.actor,
        now=heard.now,
        answer=drawing.asked(heard, asking),
    )


async def lose(heard: Heard) -> Answer:
    asking = Asking.load(heard.meta)
    return await heard.write(
        status.lose,
        asking.number,
        form.lose(heard.values),
        seen=asking.seen,
        by=heard.actor,
        now=heard.now,
        answer=drawing.asked(heard, asking),
    )


async def pause(heard: Heard) -> Answer:
    asking = Asking.load(heard.meta)
    return await heard.write(
        status.pause,
        asking.number,
        form.pause(heard.values),
        seen=asking.seen,
        by=heard.actor,
        now=heard.now,
        answer=drawing.asked(heard, asking),
    )


async def resume(heard: Heard, number: int) -> Answer:
    return await heard.write(
        status.resume,
        number,
        by=heard.actor,
        now=heard.now,
        answer=drawing.changed(heard, "resumed"),
    )


async def reopen(heard: Heard, number: int) -> Answer:
    """Asks for a new expected close only when that has passed."""
    opportunity = await heard.read(opportunities.get, number, by=heard.actor, now=heard.now)
    workspace = await _workspace(heard)
    style = Style(workspace, heard.now)
    if opportunity.expected_close and opportunity.expected_close < style.today:
        asking = drawing.asking(heard, opportunity)
        return show(view.reopen_form(style, opportunity, asking), _how(heard))
    return await heard.write(
        status.reopen,
        number,
        None,
        by=heard.actor,
        now=heard.now,
        answer=drawing.changed(heard, "reopened"),
    )


async def reopened(heard: Heard) -> Answer:
    asking = Asking.load(heard.meta)
    return await heard.write(
        status.reopen,
        asking.number,
        form.reopen(heard.values),
        by=heard.actor,
        now=heard.now,
        answer=drawing.asked(heard, asking, "reopened"),
    )


async def undo(heard: Heard) -> Answer:
    """**Undo** in the private confirmation, whose place its result takes."""
    wanted = Undo.load(heard.value)
    return await undone(heard, wanted.number, wanted.history_id)


async def undone(heard: Heard, number: int, history_id: int) -> Answer:
    def answer(done: status.Changed) -> Answer:
        if heard.in_modal:
            view = drawing.page(heard, done.opportunity, done.workspace)
            return Answer(view=view, how="update")
        style = Style(done.workspace, heard.now)
        private = heard.pressed.get("type") == "button"
        return say(confirm.undone(style, done.opportunity), replace=private)

    return await heard.write(
        status.undo, number, history_id, by=heard.actor, now=heard.now, answer=answer
    )


async def menu(heard: Heard, choice: Choice) -> Answer | None:
    """The entries of an opportunity's menu that are about its status; None for the others."""
    if choice.verb is Verb.UNDO:
        return await undone(heard, choice.number, choice.history_id or 0)
    if to_status := _LEADS_TO.get(choice.verb, choice.to):
        return await to(heard, Press(choice.number, to_status, choice.seen))
    plain = {Verb.RESUME: resume, Verb.REOPEN: reopen, Verb.STATUS: change}.get(choice.verb)
    return await plain(heard, choice.number) if plain else None


async def _workspace(heard: Heard) -> Workspace:
    return await heard.read(workspaces.load, heard.workspace_id)
