"""Contacts: their form, their page with its tabs, and the question before archiving."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handlers.ids import (
    Action,
    Callback,
    ContactChoice,
    ContactId,
    ContactTab,
    EditingContact,
    NewFor,
    Origin,
    Verb,
    View,
)
from handlers.views.activity.index import row as activity_row
from handlers.views.blocks import (
    Json,
    actions,
    button,
    context,
    divider,
    fields,
    menu,
    modal,
    option,
    section,
)
from handlers.views.inputs import field, typed
from handlers.views.opportunity.card import log_activity
from handlers.views.opportunity.lists import row
from handlers.views.tabs import tabs
from handlers.views.text import Style, clip, counted, sentence
from store.activity import ActivityPage
from store.board import PAGE
from store.contact import Contact
from store.opportunity.opportunity import Listing
from store.person.person import Actor

_NOTES = 2_900


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What stands in a contact's form; `notices` point out who may be the same."""

    name: str = ""
    company: str = ""
    email: str = ""
    phone: str = ""
    notes: str = ""
    notices: tuple[str, ...] = ()


def filled(contact: Contact, *, notices: tuple[str, ...] = ()) -> Filled:
    return Filled(
        name=contact.name,
        company=contact.company,
        email=contact.email,
        phone=contact.phone,
        notes=contact.notes,
        notices=notices,
    )


def new_form(given: Filled, origin: Origin) -> Json:
    return modal(
        "New contact",
        _fields(given),
        callback=Callback.CONTACT_CREATE,
        payload=origin,
        submit="Save" if given.notices else "Create",
    )


def edit_form(given: Filled, editing: EditingContact) -> Json:
    return modal(
        "Edit contact",
        _fields(given),
        callback=Callback.CONTACT_SAVE,
        payload=editing,
        submit="Save",
    )


def _fields(given: Filled) -> list[Json]:
    return [
        *(context(sentence(notice, 2_000)) for notice in given.notices[:10]),
        field("name", "Name", typed("name", given.name), required=True),
        field("company", "Company", typed("company", given.company)),
        field("email", "E-mail", typed("email", given.email, placeholder="jane@acme.com")),
        field("phone", "Phone", typed("phone", given.phone)),
        field("notes", "Notes", typed("notes", given.notes, lines=True)),
    ]


def page(
    style: Style,
    contact: Contact,
    tab: View = View.OVERVIEW,
    deals: Listing | None = None,
    *,
    rows: Sequence[Json] = (),
) -> Json:
    """`deals` is needed for the tab Opportunities only, `rows` for Activities and Tasks."""
    name = section(f"*{clip(contact.name, 1_000)}*")
    current = View.OPPORTUNITIES if deals else tab
    shown = _deals(style, contact, deals) if deals else _overview(style, contact)
    shown = list(rows) if tab in (View.ACTIVITIES, View.TASKS) else shown
    return modal(
        "Contact",
        [name, *_doings(contact), _tabs(contact, current), divider(), *shown],
        callback=Callback.CONTACT_PAGE,
        payload=ContactId(contact.id),
        close="Close",
    )


def _doings(contact: Contact) -> list[Json]:
    verb, label = (Verb.RESTORE, "Restore") if contact.archived_at else (Verb.ARCHIVE, "Archive")
    more = menu(
        f"{Action.CONTACT_MENU}:{contact.id}",
        [option(label, ContactChoice(verb, contact.id).dump())],
    )
    edit = button("Edit", Action.CONTACT_EDIT, ContactId(contact.id))
    return [actions(*([] if contact.archived_at else [edit]), more)]


def _tabs(contact: Contact, current: View) -> Json:
    labels = (
        ("Overview", View.OVERVIEW),
        ("Opportunities", View.OPPORTUNITIES),
        ("Activities", View.ACTIVITIES),
        ("Tasks", View.TASKS),
    )
    return tabs(
        [
            (label, f"{Action.CONTACT_TAB}:{tab}", ContactTab(contact.id, tab), tab is current)
            for label, tab in labels
        ]
    )


def _overview(style: Style, contact: Contact) -> list[Json]:
    facts = [("Company", contact.company), ("E-mail", contact.email), ("Phone", contact.phone)]
    known = [(noun, clip(value, 1_500)) for noun, value in facts if value]
    blocks = [fields(*known)] if known else []
    if contact.notes:
        blocks.append(section(f"*Notes*\n{clip(contact.notes, _NOTES)}"))
    if not blocks:
        blocks.append(section("No company, e-mail, phone or notes yet. Edit adds them."))
    return [*blocks, context(_known_since(style, contact))]


def _known_since(style: Style, contact: Contact) -> str:
    if contact.archived_at:
        return f"Archived on {style.day(style.local(contact.archived_at))}"
    since = f"Added on {style.day(style.local(contact.created_at))}"
    return f"{since} · {counted(contact.open_deals, 'open deal')}"


def _deals(style: Style, contact: Contact, deals: Listing) -> list[Json]:
    rows = [row(style, opp) for opp in deals.rows]
    if not rows:
        rows = [section("No opportunities with this contact yet.")]
    elif len(rows) < deals.total:
        last = deals.offset + len(rows)
        rows.append(context(f"{deals.offset + 1:,}–{last:,} of {deals.total:,}"))
    buttons = _turns(contact, deals)
    if not contact.archived_at:
        here = NewFor(contact_id=contact.id)
        buttons.append(button("New opportunity", Action.OPPORTUNITY_NEW, here))
    return [*rows, actions(*buttons)] if buttons else rows


def _turns(contact: Contact, deals: Listing) -> list[Any]:
    def turn(label: str, after: int) -> Any:
        to = ContactTab(contact.id, View.OPPORTUNITIES, after or None)
        return button(label, f"{Action.CONTACT_TAB}:{label.lower()}", to)

    last = deals.offset + len(deals.rows)
    back = [turn("Previous", max(0, deals.offset - PAGE))] if deals.offset else []
    return back + ([turn("Next", last)] if last < deals.total else [])


def activities(style: Style, contact: Contact, page: ActivityPage, viewer: Actor) -> list[Json]:
    """The tab Activities: those with this contact, and those of its opportunities."""
    rows = [activity_row(style, activity, viewer) for activity in page.rows]
    first = page.query.before is None
    none = "No activities with this contact yet." if first else "There is nothing older."
    feet: list[Any] = []
    if page.query.before:
        newest = ContactTab(contact.id, View.ACTIVITIES)
        feet.append(button("Newest", f"{Action.CONTACT_TAB}:newest", newest))
    if page.older:
        older = ContactTab(contact.id, View.ACTIVITIES, page.older.id, page.older.micros)
        feet.append(button("Older", f"{Action.CONTACT_TAB}:older", older))
    feet += [] if contact.archived_at else [log_activity(contact_id=contact.id)]
    return [*(rows or [section(none)]), *([actions(*feet)] if feet else [])]


def archive_form(contact: Contact, editing: EditingContact) -> Json:
    said = (
        f"Archive *{clip(contact.name, 1_000)}*?\n"
        "It can't be chosen for new opportunities then. It can be restored."
    )
    return modal(
        "Archive contact",
        [section(said)],
        callback=Callback.CONTACT_ARCHIVE,
        payload=editing,
        submit="Archive",
        close="Keep",
    )
