"""Listeners on opportunities: `/opp`, the forms, the page, the menus."""

from handlers import drawing
from handlers.answer import NOTHING, Answer, say, show
from handlers.form import form
from handlers.grammar import grammar
from handlers.grammar.requests import (
    HELP,
    ChangeStatus,
    Help,
    Mine,
    NewOpportunity,
    Search,
    Show,
    To,
    in_words,
)
from handlers.grammar.words import Context
from handlers.ids import (
    Asking,
    Callback,
    Choice,
    Command,
    ListPage,
    NewFor,
    Press,
    Ref,
    Tab,
    Verb,
    View,
)
from handlers.listening import Heard
from handlers.opportunity import opening, status
from handlers.task import drawing as task_drawing
from handlers.task import task
from handlers.task.ids import TaskList
from handlers.views import confirm, inputs
from handlers.views import workspace as workspace_view
from handlers.views.opportunity import lists
from handlers.views.opportunity import opportunity as view
from handlers.views.opportunity import page as page_view
from handlers.views.text import Style
from store.opportunity.opportunity import Opportunity
from store.opportunity.status import Status
from store.opportunity.timeline import Mark
from store.paging import moment
from store.usecases import workspaces
from store.usecases.card import cards
from store.usecases.opportunity import finding, opportunities, summaries


async def command(heard: Heard) -> Answer:
    """`/opp` in all its forms."""
    workspace = await heard.read(workspaces.load, heard.workspace_id)
    context = Context(
        today=heard.today,
        currency=workspace.currency,
        locale=heard.actor.locale,
        labels=workspace.labels,
    )
    match grammar.opp(str(heard.body.get("text") or ""), context):
        case Help():
            return say(workspace_view.help_message(in_words(HELP[Command.OPP], workspace)))
        case Mine():
            return await listed(heard, ListPage(None, 0))
        case NewOpportunity() as words:
            return await opening.from_words(heard, words)
        case Show(number):
            return await shown(heard, number)
        case ChangeStatus(number, wanted):
            return await _change(heard, number, wanted)
        case Search(words):
            return await found(heard, words)


async def _change(heard: Heard, number: int, wanted: To) -> Answer:
    if wanted is Verb.RESUME:
        return await status.resume(heard, number)
    if wanted is Verb.REOPEN:
        return await status.reopen(heard, number)
    return await status.to(heard, Press(number, Status(wanted)))


async def found(heard: Heard, words: str) -> Answer:
    """The page of the only one that says these words, or a list of what they may mean."""
    listing = await heard.read(opportunities.find, words, by=heard.actor, now=heard.now)
    if listing.alone:
        return await _page(heard, listing.alone)
    return say(lists.found(await heard.style(), listing))


async def listed(heard: Heard, page: ListPage) -> Answer:
    """My opportunities, or those found, from that offset."""
    style = await heard.style()
    who = {"by": heard.actor, "now": heard.now, "offset": page.offset}
    if page.words is None:
        return say(lists.mine(style, await heard.read(opportunities.mine, **who)))
    return say(lists.found(style, await heard.read(opportunities.find, page.words, **who)))


async def turn(heard: Heard) -> Answer:
    """Previous and Next of a private list; **My deals**, where somebody is told of them."""
    answer = await listed(heard, ListPage.load(heard.value))
    return Answer(say=answer.say, replace=drawing.private(heard))


async def open_page(heard: Heard) -> Answer:
    """**Details**."""
    return await shown(heard, Ref.load(heard.value).number)


async def shown(heard: Heard, number: int) -> Answer:
    opportunity = await heard.read(opportunities.get, number, by=heard.actor, now=heard.now)
    return await _page(heard, opportunity)


async def _page(heard: Heard, opportunity: Opportunity) -> Answer:
    view = page_view.page(await heard.style(), opportunity)
    return show(view, heard.how)


async def tab(heard: Heard) -> Answer:
    """The tabs of the page; the timeline's pages, and one kind of its rows alone."""
    wanted = Tab.load(heard.value)
    if wanted.tab is View.TASKS:
        shown = TaskList(number=wanted.number, tab=True)
        return show(await task_drawing.page(heard, shown), "update")
    if wanted.tab is View.TIMELINE:
        page = await drawing.timeline_page(heard, wanted.number, wanted.only, _below(wanted))
        return show(page, "update")
    opportunity = await heard.read(opportunities.get, wanted.number, by=heard.actor, now=heard.now)
    return show(page_view.page(await heard.style(), opportunity, wanted.tab), "update")


def _below(wanted: Tab) -> Mark | None:
    if wanted.at is None or wanted.part is None or wanted.id is None:
        return None
    return Mark(moment(wanted.at), wanted.part, wanted.id)


async def new(heard: Heard) -> Answer:
    """**New opportunity**: from a contact's page with that contact, else from nothing."""
    return await opening.form_of(heard, NewFor.load(heard.value))


async def edit(heard: Heard) -> Answer:
    """**Edit** on the page."""
    return await opening.edit(heard, Ref.load(heard.value).number)


async def menu(heard: Heard) -> Answer:
    """⋯ of the card, of a row, of the page."""
    choice = Choice.load(heard.value)
    about_status = await status.menu(heard, choice)
    if about_status is not None:
        return about_status
    if choice.verb in (Verb.CLOSE_DATE, Verb.ARCHIVE):
        return await _ask(heard, choice)
    listeners = {
        Verb.EDIT: opening.edit,
        Verb.TASK: task.about,
        Verb.POST_CARD: _post_card,
        Verb.RESTORE: _restore,
        Verb.SUMMARY: _summary,
    }
    return await listeners.get(choice.verb, shown)(heard, choice.number)


async def _ask(heard: Heard, choice: Choice) -> Answer:
    archiving = choice.verb is Verb.ARCHIVE
    use_case = opportunities.to_archive if archiving else opportunities.to_change
    opportunity = await heard.read(use_case, choice.number, by=heard.actor, now=heard.now)
    asking = drawing.asking(heard, opportunity)
    if archiving:
        asked = view.archive_form(opportunity, asking)
    else:
        asked = view.close_form(await heard.style(), opportunity, asking)
    return show(asked, heard.how)


async def rescheduled(heard: Heard) -> Answer:
    asking = Asking.load(heard.meta)
    return await heard.write(
        opportunities.reschedule,
        asking.number,
        form.close_date(heard.values),
        by=heard.actor,
        now=heard.now,
        answer=drawing.asked(heard, asking, "edited"),
    )


async def archived(heard: Heard) -> Answer:
    asking = Asking.load(heard.meta)
    style = await heard.style()

    def answer(opportunity: Opportunity) -> Answer:
        if asking.page:
            return drawing.done(heard, asking.page, page_view.page(style, opportunity))
        return Answer(say=confirm.changed(style, opportunity, "archived"), where=asking.channel_id)

    return await heard.write(
        opportunities.archive, asking.number, by=heard.actor, now=heard.now, answer=answer
    )


async def _restore(heard: Heard, number: int) -> Answer:
    style = await heard.style()
    return await heard.write(
        opportunities.restore,
        number,
        by=heard.actor,
        now=heard.now,
        answer=lambda opportunity: _after(heard, style, opportunity, "restored"),
    )


async def _post_card(heard: Heard, number: int) -> Answer:
    style = await heard.style()
    return await heard.write(
        cards.post,
        number,
        by=heard.actor,
        now=heard.now,
        answer=lambda opportunity: _after(heard, style, opportunity, "posted"),
    )


async def _summary(heard: Heard, number: int) -> Answer:
    """**Send me a summary**."""
    said = "The summary comes by direct message in a moment."
    return await heard.write(
        summaries.ask,
        number,
        by=heard.actor,
        now=heard.now,
        answer=lambda _: show(confirm.notice("Summary", said), heard.how),
    )


def _after(heard: Heard, style: Style, opportunity: Opportunity, kind: str) -> Answer:
    if heard.in_modal:
        return Answer(view=page_view.page(style, opportunity), how="update")
    return say(confirm.changed(style, opportunity, kind))


async def options(heard: Heard) -> Answer:
    """What the opportunity field offers for what is typed."""
    typed = str(heard.body.get("value") or "")
    found = await heard.read(finding.options, typed, by=heard.actor)
    filters = heard.view.get("callback_id") == Callback.ACTIVITY_FILTER
    none = "Any opportunity" if filters else "No opportunity"
    return Answer(options=inputs.deal_options(typed, found, none=none))


async def nothing(_heard: Heard) -> Answer:
    """A view without a button to send it, an event that changes nothing."""
    return NOTHING
