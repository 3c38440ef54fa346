"""Listeners on contacts: `/contact`, the form, the page, and what the contact field offers."""

from handlers import form, grammar
from handlers.answer import Answer, How, say, show
from handlers.grammar import Help, NewContact, Recent, SearchContacts
from handlers.ids import (
    Action,
    Callback,
    Command,
    ContactChoice,
    ContactId,
    ContactTab,
    EditingContact,
    ListPage,
    Origin,
    Verb,
    View,
    Words,
)
from handlers.listening import Heard
from handlers.views import contact as view
from handlers.views import inputs, lists
from handlers.views import workspace as workspace_view
from handlers.views.blocks import Json, Message, actions, button, section
from handlers.views.contact import Filled
from handlers.views.text import clip
from store.contact import Contact, ContactDraft
from store.text import fold
from store.usecases import contacts


async def command(heard: Heard) -> Answer:
    """`/contact` in all its forms."""
    match grammar.contact(str(heard.body.get("text") or "")):
        case Help():
            return say(workspace_view.help_message(grammar.HELP[Command.CONTACT]))
        case Recent():
            return await listed(heard, ListPage(None, 0))
        case NewContact(name):
            return _form(heard, Filled(name=name))
        case SearchContacts(words):
            return await listed(heard, ListPage(words, 0))


async def listed(heard: Heard, page: ListPage) -> Answer:
    who = {"by": heard.actor, "offset": max(0, page.offset)}
    if page.words is None:
        return say(lists.contacts(await heard.read(contacts.recent, **who)))
    listing = await heard.read(contacts.find, page.words, **who)
    if listing.total == 1:
        return await shown(heard, listing.rows[0].id)
    return say(lists.contacts(listing))


async def turn(heard: Heard) -> Answer:
    answer = await listed(heard, ListPage.load(heard.value))
    return Answer(say=answer.say, view=answer.view, replace=True)


async def new(heard: Heard) -> Answer:
    return _form(heard, Filled(name=Words.load(heard.value).words or ""))


def _form(heard: Heard, filled: Filled) -> Answer:
    heard.actor.must_write()
    return show(view.new_form(filled, Origin(heard.channel_id)), _how(heard))


def _how(heard: Heard) -> How:
    return "push" if heard.in_modal else "open"


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
        answer=lambda made: Answer(say=_saved(made, "Added"), where=origin.channel_id),
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


def _saved(contact: Contact, done: str) -> Message:
    text = f"{done} *{clip(contact.ref.title, 400)}*."
    details = button("Details", Action.CONTACT_OPEN, ContactId(contact.id))
    return Message(text, [section(text), actions(details)])


async def open_page(heard: Heard) -> Answer:
    return await shown(heard, ContactId.load(heard.value).id)


async def shown(heard: Heard, contact_id: int) -> Answer:
    page = await heard.read(contacts.page, contact_id, by=heard.actor, now=heard.now)
    drawn = view.page(await heard.style(), page.contact)
    return show(drawn, _how(heard))


async def tab(heard: Heard) -> Answer:
    wanted = ContactTab.load(heard.value)
    page = await heard.read(
        contacts.page,
        wanted.id,
        by=heard.actor,
        now=heard.now,
        offset=max(0, wanted.after or 0),
    )
    deals = page.opportunities if wanted.tab is View.OPPORTUNITIES else None
    return show(view.page(await heard.style(), page.contact, wanted.tab, deals), "update")


async def edit(heard: Heard) -> Answer:
    contact = await heard.read(contacts.get, ContactId.load(heard.value).id, by=heard.actor)
    heard.actor.must_write()
    editing = EditingContact(contact.id, contact.version, _page_id(heard))
    return show(view.edit_form(view.filled(contact), editing), _how(heard))


def _page_id(heard: Heard) -> str | None:
    return str(heard.view["id"]) if heard.in_modal else None


async def saved(heard: Heard) -> Answer:
    editing = EditingContact.load(heard.meta)
    draft = form.contact(heard.values)
    same = await heard.read(contacts.alike, heard.actor.viewer, draft, but=editing.id)
    if same and editing.told != _mark(draft):
        again = EditingContact(editing.id, editing.version, editing.page, _mark(draft))
        return show(view.edit_form(_filled(draft, same), again), "update")
    style = await heard.style()
    return await heard.write(
        contacts.save,
        editing.id,
        draft,
        version=editing.version,
        by=heard.actor,
        now=heard.now,
        answer=lambda contact: _below(editing.page, view.page(style, contact)),
    )


def _below(page: str | None, drawn: Json) -> Answer:
    return Answer(below=(page, drawn) if page else None)


async def menu(heard: Heard) -> Answer:
    choice = ContactChoice.load(heard.value)
    if choice.verb is not Verb.RESTORE:
        contact = await heard.read(contacts.get, choice.id, by=heard.actor)
        heard.actor.must_write()
        editing = EditingContact(contact.id, contact.version, _page_id(heard))
        return show(view.archive_form(contact, editing), _how(heard))
    style = await heard.style()
    return await heard.write(
        contacts.restore,
        choice.id,
        by=heard.actor,
        now=heard.now,
        answer=lambda contact: show(view.page(style, contact), "update"),
    )


async def archived(heard: Heard) -> Answer:
    editing = EditingContact.load(heard.meta)
    style = await heard.style()
    return await heard.write(
        contacts.archive,
        editing.id,
        by=heard.actor,
        now=heard.now,
        answer=lambda contact: _below(editing.page, view.page(style, contact)),
    )


async def options(heard: Heard) -> Answer:
    """What the contact field offers for what is typed; a deal's form also offers to make it."""
    typed = str(heard.body.get("value") or "")
    found = await heard.read(contacts.options, typed, by=heard.actor)
    create = heard.view.get("callback_id") != Callback.BOARD_FILTER
    none = "No contact" if create else "Any contact"
    refs = [contact.ref for contact in found]
    return Answer(options=inputs.contact_options(typed, refs, create=create, none=none))
