"""Listeners on contacts: `/contact`, the form, the page, and what the contact field offers."""

from dataclasses import replace

from handlers import drawing
from handlers.activity import activity
from handlers.answer import NOTHING, Answer, say, show
from handlers.form import form
from handlers.grammar import grammar
from handlers.grammar.requests import HELP, Help, NewContact, Recent, SearchContacts
from handlers.ids import (
    Action,
    Callback,
    Command,
    ContactChoice,
    ContactId,
    ContactTab,
    EditingContact,
    ListPage,
    NewFor,
    Origin,
    Verb,
    View,
    Words,
)
from handlers.listening import Heard
from handlers.opportunity import opening
from handlers.task import drawing as task_drawing
from handlers.task.ids import TaskList
from handlers.views import confirm, inputs
from handlers.views import contact as view
from handlers.views import workspace as workspace_view
from handlers.views.blocks import Message, button
from handlers.views.contact import Filled
from handlers.views.opportunity import lists
from handlers.views.text import clip
from store.contact import FIELDS, Contact, ContactDraft, marks
from store.errors import Conflict
from store.text import fold
from store.usecases import contacts

LABELS = {
    "name": "Name",
    "company": "Company",
    "email": "E-mail",
    "phone": "Phone",
    "notes": "Notes",
}

CREATES = (
    Callback.OPPORTUNITY_CREATE,
    Callback.OPPORTUNITY_SAVE,
    Callback.ACTIVITY_LOG,
    Callback.ACTIVITY_SAVE,
)
"""Forms whose contact can be one that is made along with what they are about."""
FILTERS = (
    Callback.BOARD_FILTER,
    Callback.ACTIVITY_FILTER,
    Callback.DIGEST_CREATE,
    Callback.DIGEST_SAVE,
)


async def command(heard: Heard) -> Answer:
    """`/contact` in all its forms."""
    match grammar.contact(str(heard.body.get("text") or "")):
        case Help():
            return say(workspace_view.help_message(HELP[Command.CONTACT]))
        case Recent():
            return await listed(heard, ListPage(None, 0))
        case NewContact(name):
            return _form(heard, Filled(name=name))
        case SearchContacts(words):
            return await found(heard, words)


async def listed(heard: Heard, page: ListPage) -> Answer:
    """The recent ones, or those found, from that offset."""
    who = {"by": heard.actor, "offset": page.offset}
    if page.words is None:
        return say(lists.contacts(await heard.read(contacts.recent, **who)))
    return say(lists.contacts(await heard.read(contacts.find, page.words, **who)))


async def found(heard: Heard, words: str) -> Answer:
    """The page of the only one that says these words, or a list of what they may mean."""
    listing = await heard.read(contacts.find, words, by=heard.actor)
    if listing.alone:
        return await shown(heard, listing.alone.id)
    return say(lists.contacts(listing))


async def turn(heard: Heard) -> Answer:
    answer = await listed(heard, ListPage.load(heard.value))
    return Answer(say=answer.say, replace=True)


async def blank(heard: Heard) -> Answer:
    """The shortcut **New contact**."""
    return _form(heard, Filled())


async def new(heard: Heard) -> Answer:
    return _form(heard, Filled(name=Words.load(heard.value).words or ""))


def _form(heard: Heard, filled: Filled) -> Answer:
    heard.actor.must_write()
    return show(view.new_form(filled, Origin(heard.channel_id)), heard.how)


async def created(heard: Heard) -> Answer:
    """Points out, once, who may be the same; saved again as it was, it is made."""
    origin = Origin.load(heard.meta)
    draft = form.contact(heard.values)
    same = await heard.read(contacts.alike, heard.actor.viewer, draft)
    if same and origin.told != _mark(draft):
        again = Origin(origin.channel_id, told=_mark(draft))
        return show(view.new_form(_filled(draft, same), again), "update")
    return await heard.write(
        contacts.create,
        draft,
        by=heard.actor,
        now=heard.now,
        answer=lambda made: Answer(say=_added(made), where=origin.channel_id),
    )


def _mark(draft: ContactDraft) -> str:
    """What a warning was about: another name or e-mail is warned of anew."""
    return fold(f"{draft.name} {draft.company} {draft.email}")[:500]


def _filled(draft: ContactDraft, same: list[Contact]) -> Filled:
    notices = tuple(
        f"{contact.ref.title} is already a contact{_mail(contact)}. Save again to add another."
        for contact in same
    )
    return Filled(
        name=draft.name,
        company=draft.company,
        email=draft.email,
        phone=draft.phone,
        notes=draft.notes,
        notices=notices,
    )


def _mail(contact: Contact) -> str:
    return f" ({contact.email})" if contact.email else ""


def _added(contact: Contact) -> Message:
    deal = button("New opportunity", Action.OPPORTUNITY_NEW, NewFor(contact.id))
    details = button("Details", Action.CONTACT_OPEN, ContactId(contact.id))
    return confirm.said(f"Added *{clip(contact.ref.title, 400)}*.", deal, details)


async def open_page(heard: Heard) -> Answer:
    return await shown(heard, ContactId.load(heard.value).id)


async def shown(heard: Heard, contact_id: int) -> Answer:
    return show(await drawing.contact_page(heard, contact_id), heard.how)


async def tab(heard: Heard) -> Answer:
    wanted = ContactTab.load(heard.value)
    if wanted.tab is View.TASKS:
        shown = TaskList(contact_id=wanted.id, tab=True)
        return show(await task_drawing.page(heard, shown), "update")
    page = await drawing.contact_page(heard, wanted.id, wanted.tab, wanted.after or 0, wanted.at)
    return show(page, "update")


async def edit(heard: Heard) -> Answer:
    contact = await heard.read(
        contacts.to_change, ContactId.load(heard.value).id, by=heard.actor, now=heard.now
    )
    return show(view.edit_form(view.filled(contact), _editing(heard, contact)), heard.how)


def _editing(heard: Heard, contact: Contact) -> EditingContact:
    was = " ".join(marks(contact).values())
    return EditingContact(contact.id, contact.version, drawing.page_id(heard), was=was)


async def saved(heard: Heard) -> Answer:
    """Only what was changed in the form is saved. Who may be the same is pointed out before that,
    and so is what somebody else changed meanwhile.
    """
    editing = EditingContact.load(heard.meta)
    draft = form.contact(heard.values)
    same = await heard.read(contacts.alike, heard.actor.viewer, draft, but=editing.id)
    if same and editing.told != _mark(draft):
        again = replace(editing, told=_mark(draft))
        return show(view.edit_form(_filled(draft, same), again), "update")
    try:
        await heard.write(
            contacts.save,
            editing.id,
            draft,
            was=dict(zip(FIELDS, editing.was.split(), strict=False)),
            version=editing.version,
            by=heard.actor,
            now=heard.now,
            answer=lambda _: NOTHING,
        )
    except Conflict as conflict:
        return await _settle(heard, editing, draft, conflict)
    return await _done(heard, editing)


async def _settle(
    heard: Heard, editing: EditingContact, draft: ContactDraft, conflict: Conflict
) -> Answer:
    now = await heard.read(contacts.get, editing.id, by=heard.actor)
    notices = tuple(
        f"{who} changed {LABELS[field]} to {getattr(now, field) or 'nothing'} while you were "
        "editing. Save again to replace it."
        for field, who in conflict.changed.items()
    )
    filled = replace(_filled(draft, []), notices=notices)
    return show(view.edit_form(filled, replace(editing, version=now.version)), "update")


async def _done(heard: Heard, editing: EditingContact) -> Answer:
    return drawing.done(heard, editing.page, await drawing.contact_page(heard, editing.id))


async def menu(heard: Heard) -> Answer:
    choice = ContactChoice.load(heard.value)
    if choice.verb is Verb.RESTORE:
        return await _restored(heard, choice.id)
    contact = await heard.read(contacts.to_change, choice.id, by=heard.actor, now=heard.now)
    return show(view.archive_form(contact, _editing(heard, contact)), heard.how)


async def _restored(heard: Heard, contact_id: int) -> Answer:
    answer = await heard.write(
        contacts.restore,
        contact_id,
        by=heard.actor,
        now=heard.now,
        answer=lambda _: NOTHING,
    )
    return replace(answer, view=await drawing.contact_page(heard, contact_id), how="update")


async def archived(heard: Heard) -> Answer:
    editing = EditingContact.load(heard.meta)
    await heard.write(
        contacts.archive, editing.id, by=heard.actor, now=heard.now, answer=lambda _: NOTHING
    )
    return await _done(heard, editing)


async def chosen(heard: Heard) -> Answer:
    """A contact was chosen in a form, which says what that means."""
    if heard.view.get("callback_id") in (Callback.ACTIVITY_LOG, Callback.ACTIVITY_SAVE):
        return await activity.redraw(heard)
    return await opening.redraw(heard)


async def options(heard: Heard) -> Answer:
    """What the contact field offers for what is typed; a deal's form also offers to make it."""
    typed = str(heard.body.get("value") or "")
    found = await heard.read(contacts.options, typed, by=heard.actor)
    form = heard.view.get("callback_id")
    none = "Any contact" if form in FILTERS else "No contact"
    refs = [contact.ref for contact in found]
    return Answer(options=inputs.contact_options(typed, refs, create=form in CREATES, none=none))
