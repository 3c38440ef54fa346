"""The forms of an opportunity: opened with what is known, drawn anew, saved."""

from dataclasses import replace
from typing import Any

from handlers import drawing
from handlers.answer import NOTHING, Answer, show
from handlers.form import form
from handlers.grammar.requests import NewOpportunity
from handlers.ids import Asking, Callback, Editing, NewFor, Origin, View
from handlers.listening import Heard
from handlers.views import confirm
from handlers.views.blocks import Message
from handlers.views.opportunity import opportunity as view
from handlers.views.opportunity.opportunity import Filled
from handlers.views.text import Style, counted
from store.contact import ContactRef
from store.errors import Conflict, Refusal
from store.opportunity.opportunity import Opportunity, OpportunityDraft
from store.opportunity.status import Status
from store.usecases import contacts, workspaces
from store.usecases.card import channels, places
from store.usecases.opportunity import edits, opportunities
from store.usecases.opportunity.edits import Edit
from store.usecases.opportunity.opportunities import Created

LABELS = {
    "name": "Name",
    "contact_id": "Contact",
    "value": "Value",
    "expected_close": "Expected close",
    "owner_id": "Owner",
    "status": "Stage",
    "probability": "Probability",
    "notes": "Notes",
}
_FORM_FIELDS = {"contact_id": ("contact", "new_contact"), "status": ("stage",)}


async def form_for(heard: Heard, given: dict[str, Any]) -> Answer:
    """The form, with the owner and the channel that are usual here."""
    heard.actor.must_write()
    place = await _default_place(heard)
    contact: ContactRef | None = given.get("contact")
    filled = Filled(owner_id=heard.actor.id, channel_id=place, **given)
    filled = replace(filled, notices=await _notices(heard, filled))
    page = drawing.page_id(heard)
    origin = Origin(heard.channel_id, page=page, contact_id=contact.id if contact else None)
    return show(view.new_form(await heard.style(), filled, origin), heard.how)


async def form_of(heard: Heard, wanted: NewFor) -> Answer:
    given: dict[str, Any] = {"name": wanted.name or ""}
    if wanted.contact_id is not None:
        contact = await heard.read(contacts.get, wanted.contact_id, by=heard.actor)
        given["contact"] = contact.ref
    return await form_for(heard, given)


async def from_words(heard: Heard, words: NewOpportunity) -> Answer:
    """`for X` at the end is a contact only when one matches."""
    contact = None
    if words.contact_words:
        contact = await heard.read(contacts.one_called, words.contact_words, by=heard.actor)
    value = view.editable(await heard.style(), words.value, heard.actor.locale)
    close = words.expected_close.isoformat() if words.expected_close else ""
    name = words.name if contact else words.name_with_contact
    given = {"name": name, "value": value, "expected_close": close}
    return await form_for(heard, given | ({"contact": contact.ref} if contact else {}))


async def _default_place(heard: Heard) -> str | None:
    here = heard.channel_id
    if here:
        await heard.services.directory.channel(heard.workspace_id, here)
    return await heard.read(places.usual, heard.actor, here)


async def _notices(heard: Heard, given: Filled) -> tuple[str, ...]:
    """What to know before saving: the contact's open deals, who may be that contact already, and
    who will see this deal.
    """
    said: list[str] = []
    if given.contact:
        said += await _open_deals(heard, given.contact)
    if given.new_contact:
        same = await heard.read(contacts.namesakes, given.new_contact, by=heard.actor)
        told = "is already a contact. Choose it from the list, or create another."
        said += [f"{contact.ref.title} {told}" for contact in same]
    if given.channel_id:
        channel = await heard.services.directory.channel(heard.workspace_id, given.channel_id)
        if channel.kind == channels.PRIVATE:
            said.append(f"Only members of #{channel.name or 'that channel'} will see this.")
    return tuple(said)


async def _open_deals(heard: Heard, contact: ContactRef) -> list[str]:
    deals = await heard.read(contacts.open_deals, contact.id, by=heard.actor, now=heard.now)
    if not deals.total:
        return []
    named = [f"{row.name} #{row.number}" for row in deals.rows]
    more = f" and {deals.total - len(named)} more" if deals.total > len(named) else ""
    return [f"{contact.name} has {counted(deals.total, 'open deal')}: {', '.join(named)}{more}."]


async def redraw(heard: Heard) -> Answer:
    """A contact or a channel was chosen: the form says what that means and keeps what was typed."""
    if heard.view.get("callback_id") != Callback.OPPORTUNITY_CREATE:
        return NOTHING
    given = form.so_far(heard.values)
    shown = replace(given, notices=await _notices(heard, given))
    return show(view.new_form(await heard.style(), shown, Origin.load(heard.meta)), "update")


async def created(heard: Heard) -> Answer:
    """The form **New opportunity** was sent."""
    origin = Origin.load(heard.meta)
    workspace = await heard.read(workspaces.load, heard.workspace_id)
    draft = form.opportunity(heard.values, heard.actor, workspace)
    await _look_up(heard, draft, workspace.deals_channel)
    answer = await heard.write(
        opportunities.create,
        draft,
        by=heard.actor,
        now=heard.now,
        answer=lambda made: _told(heard, made, origin),
    )
    if not (origin.page and origin.contact_id):
        return answer
    page = await drawing.contact_page(heard, origin.contact_id, View.OPPORTUNITIES)
    return replace(drawing.done(heard, origin.page, page), say=answer.say)


async def _look_up(heard: Heard, draft: OpportunityDraft, deals: str | None) -> None:
    """What Slack knows and the use case needs: the owner, and the channels a card may go to."""
    directory = heard.services.directory
    if draft.owner_id:
        await directory.know(heard.workspace_id, draft.owner_id)
    for channel_id in {draft.channel_id, deals} - {None}:
        await directory.channel(heard.workspace_id, str(channel_id))


def _told(heard: Heard, made: Created, origin: Origin) -> Answer:
    """The page that it was asked for on shows it; what isn't to be seen there is said."""
    style = Style(made.workspace, heard.now)
    told = confirm.created(style, made.opportunity, why=made.why)
    if made.guessed:
        guess = confirm.guessed(style, admin=heard.actor.admin)
        told = Message(told.text, [*told.blocks, *guess.blocks])
    if origin.page and not (made.why or made.guessed):
        return NOTHING
    return Answer(say=told, where=origin.channel_id)


async def edit(heard: Heard, number: int) -> Answer:
    """The form **Edit**, as the opportunity is now."""
    opportunity = await heard.read(opportunities.to_change, number, by=heard.actor, now=heard.now)
    style = await heard.style()
    filled = view.filled(style, opportunity, locale=heard.actor.locale)
    asking = drawing.asking(heard, opportunity)
    editing = Editing(number, opportunity.last_change, asking.channel_id, asking.page)
    return show(view.edit_form(style, filled, editing), heard.how)


async def edited(heard: Heard) -> Answer:
    """The form **Edit** was sent: only what was changed in it is saved."""
    editing = Editing.load(heard.meta)
    workspace = await heard.read(workspaces.load, heard.workspace_id)
    said = form.edited(heard.values, heard.actor, workspace)
    if said.owner_id:
        await heard.services.directory.know(heard.workspace_id, said.owner_id)
    edit = Edit(
        fields=_fields(said),
        since=editing.history_id,
        told=editing.told or 0,
        new_contact=said.new_contact,
    )
    asking = Asking(editing.number, channel_id=editing.channel_id, page=editing.page)
    try:
        return await heard.write(
            edits.edit,
            editing.number,
            edit,
            by=heard.actor,
            now=heard.now,
            answer=drawing.asked(heard, asking, "edited"),
        )
    except Conflict as conflict:
        return await _settle(heard, editing, conflict)


def _fields(said: form.Edited) -> dict[str, Any]:
    """What the form asked for; how far it differs is for the store to find out."""
    fields: dict[str, Any] = {
        "name": said.name,
        "contact_id": said.contact_id,
        "value": said.value,
        "expected_close": said.expected_close,
        "owner_id": said.owner_id,
        "notes": said.notes,
    }
    fields |= {"status": said.stage} if said.stage else {}
    fields |= {"probability": said.probability} if said.probability is not None else {}
    return fields


async def _settle(heard: Heard, editing: Editing, conflict: Conflict) -> Answer:
    """Somebody else changed the same field: what they made of it is said, what was typed stays, and
    what this person didn't touch is as it is now.
    """
    if not conflict.changed:
        raise Refusal(conflict.sentence)
    opportunity = await heard.read(opportunities.get, editing.number, by=heard.actor, now=heard.now)
    style = await heard.style()
    notices = tuple(
        f"{who} changed {LABELS[field]} to {_shown(style, opportunity, field)} while you were "
        "editing. Save again to replace it."
        for field, who in conflict.changed.items()
    )
    typed = form.so_far(heard.values)
    now = view.filled(style, opportunity, locale=heard.actor.locale)
    mine = {part for field in conflict.mine for part in _FORM_FIELDS.get(field, (field,))}
    parts = ("name", "contact", "new_contact", "value", "expected_close", "owner_id", "stage")
    fields = {
        part: getattr(typed if part in mine else now, part)
        for part in (*parts, "probability", "notes")
    }
    filled = Filled(**fields, notices=notices)
    # Slack keeps what an open form holds, also where it was drawn with something newer: what was
    # changed in it is still told from what stood in it at first.
    again = replace(editing, told=opportunity.last_change)
    return show(view.edit_form(style, filled, again), "update")


def _shown(style: Style, opportunity: Opportunity, field: str) -> str:
    """A field's value in a sentence."""
    now: dict[str, Any] = {
        "name": opportunity.name,
        "contact_id": opportunity.contact.title if opportunity.contact else None,
        "value": style.money(opportunity.value) if opportunity.value else None,
        "expected_close": style.day(opportunity.expected_close)
        if opportunity.expected_close
        else None,
        "owner_id": opportunity.owner.name if opportunity.owner else None,
        "status": style.label(Status(opportunity.status)),
        "probability": f"{opportunity.probability}%",
        "notes": "something else",
    }
    return str(now[field] or "nothing")
