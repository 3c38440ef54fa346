"""Listeners on activities: `/activity`, their forms, and the menu of each."""

from dataclasses import replace

from handlers import drawing
from handlers.activity import form as activity_form
from handlers.activity import index as activity_index
from handlers.activity.ids import ActivityChoice, EditingActivity, LogFor, Logging
from handlers.answer import Answer, say, show
from handlers.grammar import grammar
from handlers.grammar.requests import HELP, ActivitiesOf, Help, LatestActivities, LogActivity
from handlers.ids import Callback, Command, ContactId, Verb, View
from handlers.listening import Heard
from handlers.opportunity import opportunity
from handlers.views import inputs
from handlers.views import workspace as workspace_view
from handlers.views.activity import activity as view
from handlers.views.activity import form as form_view
from handlers.views.activity.form import Filled, source_of
from handlers.views.blocks import Json
from store.activity import Activity, ActivityDraft, ActivityKind, ActivityQuery
from store.errors import Conflict, Refusal
from store.opportunity.context import Source
from store.paging import micros, moment
from store.usecases import contacts
from store.usecases.activity import activities
from store.usecases.activity.activities import Logged
from store.usecases.opportunity import hanging


async def command(heard: Heard) -> Answer:
    """`/activity` in all its forms."""
    match grammar.activity(str(heard.body.get("text") or "")):
        case Help():
            return say(workspace_view.help_message(HELP[Command.ACTIVITY]))
        case LatestActivities():
            return await activity_index.listed(heard, ActivityQuery())
        case ActivitiesOf(number):
            return await activity_index.listed(heard, ActivityQuery(number=number))
        case LogActivity(number, kind, what):
            filled = filled_now(heard)
            filled = replace(filled, kind=kind or filled.kind, what=what)
            return await form_of(heard, LogFor(number), filled)


async def add(heard: Heard, words: LogActivity, number: int) -> Answer:
    """Logged at once, on that opportunity, as what was done just now."""
    if not words.what:
        raise Refusal("Write what happened, like `@Dealthread log Call: wants 3 seats`.")
    draft = ActivityDraft(kind=words.kind or ActivityKind.NOTE, what=words.what, number=number)
    return await heard.write(
        activities.log,
        draft,
        by=heard.actor,
        now=heard.now,
        answer=lambda made: say(view.logged(made.activity, stepless=made.stepless)),
    )


async def log(heard: Heard) -> Answer:
    """**Log activity**, with the context that its button carries."""
    return await form_of(heard, LogFor.load(heard.value), filled_now(heard))


async def form_of(heard: Heard, about: LogFor, filled: Filled) -> Answer:
    """The form, with that deal and that contact chosen."""
    deal, contact = await heard.read(
        hanging.context, about.number, about.contact_id, by=heard.actor, now=heard.now
    )
    return form_for(heard, replace(filled, deal=deal, contact=contact))


def filled_now(heard: Heard) -> Filled:
    """What stands in every form: when is now, in the zone of whoever fills it."""
    return Filled(at=heard.now.astimezone(heard.actor.zone))


def form_for(heard: Heard, filled: Filled, source: Source | None = None) -> Answer:
    """The form with what is known, for whoever opens it: a button, a command, a shortcut. `source`
    is the message that it is made from.
    """
    heard.actor.must_write()
    kept = source.checked() if source else None
    logging = Logging(
        micros(heard.now),
        channel_id=heard.channel_id,
        page=drawing.page_id(heard) if _on_page(heard) else None,
        number=filled.deal.number if filled.deal else None,
        contact_id=filled.contact.id if filled.contact else None,
        link=kept.link if kept else None,
        author=kept.author if kept else None,
        **activity_index.in_sight(heard),
    )
    return show(form_view.log_form(filled, logging), heard.how)


def _on_page(heard: Heard) -> bool:
    """Whether it is drawn anew: a deal's page on its timeline, a contact's on their activities."""
    return heard.view.get("callback_id") in (Callback.OPPORTUNITY_PAGE, Callback.CONTACT_PAGE)


async def logged(heard: Heard) -> Answer:
    """The form **Log activity** was sent: the page that it was opened on shows it, or else it is
    said where it was opened.
    """
    logging = Logging.load(heard.meta)
    shown = moment(logging.at)
    draft = activity_form.activity(heard.values, heard.actor.zone, shown)
    draft = replace(draft, at=draft.at or shown, source=source_of(logging))
    answer = await heard.write(
        activities.log,
        draft,
        by=heard.actor,
        now=heard.now,
        answer=lambda made: _told(made, logging),
    )
    return await _done(heard, logging, answer)


def _told(made: Logged, logging: Logging) -> Answer:
    told = view.logged(made.activity, stepless=made.stepless)
    return Answer(say=told, where=logging.channel_id)


async def _page(heard: Heard, opened: Logging | EditingActivity) -> Json | None:
    """The page that a form was opened on, as it now is."""
    if opened.page is None:
        return None
    if isinstance(opened, Logging) and opened.number is not None:
        return await drawing.timeline_page(heard, opened.number)
    if opened.contact_id is not None:
        return await drawing.contact_page(heard, opened.contact_id, View.ACTIVITIES)
    return None


async def redraw(heard: Heard) -> Answer:
    """A contact was chosen in a form: who may be the one that is to be created is pointed out."""
    shown = heard.now.astimezone(heard.actor.zone)
    _, new = inputs.read_contact(heard.value)
    same = await heard.read(contacts.namesakes, new, by=heard.actor) if new else []
    told = "is already a contact. Choose it from the list, or create another."
    notices = [f"{contact.ref.title} {told}" for contact in same]
    if heard.view.get("callback_id") == Callback.ACTIVITY_LOG:
        drawn = form_view.log_form(Filled(at=shown), Logging.load(heard.meta))
    else:
        editing = EditingActivity.load(heard.meta)
        found = await heard.read(activities.get, editing.id, by=heard.actor)
        drawn = form_view.edit_form(found, Filled(at=shown), editing)
    return show(inputs.as_sent(drawn, heard.values, *notices), "update")


async def menu(heard: Heard) -> Answer:
    """⋯ of its message, of its row."""
    choice = ActivityChoice.load(heard.value)
    if choice.verb is Verb.DETAILS and choice.number is not None:
        return await opportunity.shown(heard, choice.number)
    use_case = activities.to_delete if choice.verb is Verb.DELETE else activities.to_edit
    found = await heard.read(use_case, choice.id, by=heard.actor, now=heard.now)
    editing = _editing(heard, found)
    if choice.verb is Verb.DELETE:
        return show(form_view.delete_form(await heard.style(), found, editing), heard.how)
    return show(form_view.edit_form(found, _filled(heard, found), editing), heard.how)


def _editing(heard: Heard, found: Activity) -> EditingActivity:
    """Of pages only a contact's has rows with menus."""
    contact = heard.view.get("callback_id") == Callback.CONTACT_PAGE
    return EditingActivity(
        found.id,
        found.version,
        micros(found.at),
        channel_id=heard.channel_id,
        page=drawing.page_id(heard),
        contact_id=ContactId.load(heard.meta).id if contact else None,
        **activity_index.in_sight(heard),
    )


def _filled(heard: Heard, found: Activity) -> Filled:
    at = found.at.astimezone(heard.actor.zone)
    return Filled(kind=found.kind, what=found.what, at=at, contact=found.contact)


async def edited(heard: Heard) -> Answer:
    """The form **Edit** was sent. What somebody else changed meanwhile is pointed out before it is
    replaced.
    """
    editing = EditingActivity.load(heard.meta)
    shown = moment(editing.at)
    draft = activity_form.activity(heard.values, heard.actor.zone, shown)
    try:
        answer = await heard.write(
            activities.edit,
            editing.id,
            draft,
            version=editing.version,
            by=heard.actor,
            now=heard.now,
            answer=lambda found: Answer(say=view.saved(found), where=editing.channel_id),
        )
    except Conflict as conflict:
        found = await heard.read(activities.get, editing.id, by=heard.actor)
        again = replace(editing, version=found.version)
        drawn = form_view.edit_form(found, _filled(heard, found), again)
        notice = f"{conflict.sentence} Save again to replace it."
        return show(inputs.as_sent(drawn, heard.values, notice), "update")
    return await _done(heard, editing, answer)


async def deleted(heard: Heard) -> Answer:
    """**Delete** was confirmed."""
    editing = EditingActivity.load(heard.meta)
    answer = await heard.write(
        activities.delete,
        editing.id,
        by=heard.actor,
        now=heard.now,
        answer=lambda found: Answer(say=view.gone(found), where=editing.channel_id),
    )
    return await _done(heard, editing, answer)


async def _done(heard: Heard, opened: Logging | EditingActivity, answer: Answer) -> Answer:
    """A page that it was asked for on, or a private list, shows what became of it; else it is only
    said.
    """
    page = await _page(heard, opened)
    if page is not None:
        return drawing.done(heard, opened.page, page)
    return await activity_index.in_its_place(heard, opened, answer)
