"""Private lists: my open opportunities, and those that were found."""

from typing import Any

from handlers.ids import Action, ContactId, ListPage, NewFor, Words
from handlers.views.blocks import Json, Message, actions, button, context, section
from handlers.views.confirm import no_match
from handlers.views.opportunity.card import closes, details, state
from handlers.views.text import DOT, Style, clip, counted
from store.board import PAGE
from store.contact import Contact, ContactListing
from store.opportunity.opportunity import Listing, Opportunity

_NAME = 100
_OTHER = 60


def mine(style: Style, listing: Listing) -> Message:
    """`/opp`: what I own and is open."""
    if not listing.total:
        said = "You have no open opportunities yet."
        return Message(said, [section(said), actions(_new())])
    head = f"You own {counted(listing.total, 'open opportunity', 'open opportunities')}"
    return _listed(style, listing, head)


def found(style: Style, listing: Listing) -> Message:
    """`/opp acme`: several match, and one of them is meant."""
    if not listing.total:
        return no_match(listing.words or "")
    words = clip(listing.words or "", 150)
    matching = f'{counted(listing.total, "deal matches", "deals match")} "{words}"'
    return _listed(style, listing, matching)


def _listed(style: Style, listing: Listing, head: str) -> Message:
    rows = [row(style, opp) for opp in listing.rows]
    turns = _turns(Action.MINE_PAGE, listing.words, listing.offset, len(rows), listing.total)
    extent = _extent(listing.offset, len(rows), listing.total)
    return Message(head, [section(f"*{head}*"), *rows, *extent, actions(*turns, _new())])


def row(style: Style, opp: Opportunity) -> Json:
    """An opportunity in two lines, with **Details**."""
    parts = [f"*{clip(opp.name, _NAME)}* #{opp.number}"]
    parts += [style.money(opp.value)] if opp.value else []
    return section(f"{DOT.join(parts)}\n{DOT.join(_below(style, opp))}", details(opp))


def _below(style: Style, opp: Opportunity) -> list[str]:
    contact = [clip(opp.contact.company or opp.contact.name, _OTHER)] if opp.contact else []
    if opp.archived_at or not opp.status.is_stage:
        return [state(style, opp, brief=True), *contact]
    stage = f"{style.dot(opp.health)} {style.named(opp.status)} {counted(opp.days, 'day')}"
    return [stage, *closes(style, opp), *contact]


def contacts(listing: ContactListing) -> Message:
    """`/contact`: the recent ones, or those that match."""
    words = listing.words
    new = button("New contact", Action.CONTACT_NEW, Words((words or "")[:200] or None))
    if not listing.total:
        said = f'No contact matches "{clip(words, 150)}".' if words else "No contacts yet."
        return Message(said, [section(said), actions(new)])
    head = counted(listing.total, "contact") if words else "Recent contacts"
    head += f' for "{clip(words, 150)}"' if words else ""
    rows = [contact_row(contact) for contact in listing.rows]
    turns = _turns(Action.CONTACT_PAGE, words, listing.offset, len(rows), listing.total)
    extent = _extent(listing.offset, len(rows), listing.total)
    return Message(head, [section(f"*{head}*"), *rows, *extent, actions(*turns, new)])


def contact_row(contact: Contact) -> Json:
    """A contact in two lines, with **Details**."""
    parts = [clip(one, _OTHER) for one in (contact.company, contact.email) if one]
    parts += [counted(contact.open_deals, "open deal")] if contact.open_deals else []
    details = button(
        "Details",
        f"{Action.CONTACT_OPEN}:{contact.id}",
        ContactId(contact.id),
        spoken=f"Details of {contact.name}",
    )
    below = f"\n{DOT.join(parts)}" if parts else ""
    return section(f"*{clip(contact.name, _NAME)}*{below}", details)


def _new() -> Any:
    return button("New opportunity", Action.OPPORTUNITY_NEW, NewFor())


def _turns(action: Action, words: str | None, offset: int, shown: int, total: int) -> list[Any]:
    turns: list[Any] = []
    kept = words[:300] if words else words
    if offset > 0:
        to = ListPage(kept, max(0, offset - PAGE))
        turns.append(button("Previous", f"{action}:previous", to))
    if offset + shown < total:
        turns.append(button("Next", f"{action}:next", ListPage(kept, offset + shown)))
    return turns


def _extent(offset: int, shown: int, total: int) -> list[Json]:
    if shown in (0, total):
        return []
    return [context(f"{offset + 1:,}–{offset + shown:,} of {total:,}")]
