"""Contacts: made, found, edited, archived (product page, 2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from store.board import PAGE, page_start
from store.contact import FIELDS, Contact, ContactDraft, ContactListing, marks
from store.errors import Conflict, Gone, NotFound
from store.opportunity.opportunity import Listing
from store.opportunity.status import Shelf
from store.outbox import outbox
from store.person.person import Actor, Viewer
from store.search import likeness, search
from store.tables.entries import ActivityRow, TaskRow
from store.tables.records import ContactRow, OpportunityRow
from store.text import fold
from store.usecases import workspaces
from store.usecases.opportunity import changes, finding, reading
from store.usecases.person import people
from store.workspace import Workspace

OPTIONS = 20
NAMED = 3
"""Open deals of a contact that are named before another is saved."""


@dataclass(frozen=True, slots=True)
class Page:
    """A contact's page: its opportunities that the viewer may see, open ones first."""

    contact: Contact
    opportunities: Listing
    workspace: Workspace


def create(session: Session, draft: ContactDraft, *, by: Actor, now: datetime) -> Contact:
    by.must_write()
    draft = draft.checked()
    row = ContactRow(workspace_id=by.workspace_id, created_by=by.id, created_at=now)
    row.updated_at, row.updated_by = now, by.id
    _write(row, draft)
    session.add(row)
    session.flush()
    _show(session, row, by, now)
    return _contact(row)


def _show(session: Session, row: ContactRow, by: Actor, now: datetime) -> None:
    """Found by what it now says, and on the Home of whoever did it."""
    search.index(session, row.workspace_id, search.Kind.CONTACT, row.id, *_texts(row))
    outbox.want_homes(session, row.workspace_id, [by.id], now)


def _write(row: ContactRow, draft: ContactDraft) -> None:
    row.name, row.company = draft.name, draft.company
    row.email, row.phone, row.notes = draft.email, draft.phone, draft.notes
    row.folded = fold(f"{draft.name} {draft.company}")[:500]
    row.email_folded = fold(draft.email)


def _texts(row: ContactRow) -> tuple[str, str, str]:
    return row.name, row.company, row.email


def alike(
    session: Session, viewer: Viewer, draft: ContactDraft, *, but: int | None = None
) -> list[Contact]:
    """Contacts with the same e-mail, or the same name and company, so that none is made twice."""
    same: list[ColumnElement[bool]] = [
        ContactRow.folded == fold(f"{draft.name} {draft.company}")[:500]
    ]
    if draft.email:
        same.append(ContactRow.email_folded == fold(draft.email))
    found = select(ContactRow).where(
        ContactRow.workspace_id == viewer.workspace_id, ContactRow.archived.is_(False), or_(*same)
    )
    rows = session.scalars(found.order_by(ContactRow.id).limit(NAMED + 1))
    return [_contact(row) for row in rows if row.id != but]


def save(
    session: Session,
    contact_id: int,
    draft: ContactDraft,
    *,
    was: Mapping[str, str],
    version: int,
    by: Actor,
    now: datetime,
) -> Contact:
    """Saves the fields that were changed since they had the marks `was`. Refuses with Conflict,
    which names the fields, when somebody else changed the same ones after that `version`.
    """
    row = _to_change(session, by, contact_id, now)
    draft = draft.checked()
    before = _contact(row)
    mine = {name for name, mark in marks(draft).items() if mark != was.get(name)}
    if row.version != version:
        who = people.names(session, row.workspace_id, [row.updated_by]).get(row.updated_by or "")
        _nobody_else(before, draft, mine, was, who.name if who else "Somebody")
    _write(row, replace(draft, **{n: getattr(before, n) for n in FIELDS if n not in mine}))
    row.updated_at, row.updated_by = now, by.id
    session.flush()
    _show(session, row, by, now)
    if _contact(row).ref != before.ref:
        _renamed(session, row, now)
    return _contact(row)


def _nobody_else(
    now: Contact, draft: ContactDraft, mine: set[str], was: Mapping[str, str], who: str
) -> None:
    theirs = {name for name, mark in marks(now).items() if mark != was.get(name)}
    both = [n for n in FIELDS if n in mine & theirs and getattr(now, n) != getattr(draft, n)]
    if both:
        changed = dict.fromkeys(both, who)
        raise Conflict(f"{who} changed this while you were editing.", changed, frozenset(mine))


def _renamed(session: Session, row: ContactRow, now: datetime) -> None:
    """Its opportunities are found by the new name; their cards, what stands in threads and names
    it, and the boards show it.
    """
    named = select(OpportunityRow).where(
        OpportunityRow.workspace_id == row.workspace_id, OpportunityRow.contact_id == row.id
    )
    deals = session.scalars(named.order_by(OpportunityRow.id)).all()
    finding.index(session, [deal for deal in deals if deal.archived_at is None])
    for deal in deals:
        if deal.card_channel:
            changes.want_card(session, deal, now)
    for kind, entry in ((outbox.ACTIVITY, ActivityRow), (outbox.TASK, TaskRow)):
        naming = (entry.workspace_id == row.workspace_id, entry.contact_id == row.id)
        outbox.want_standing(session, row.workspace_id, kind, now, select(entry.id).where(*naming))
    outbox.want_boards(session, row.workspace_id, now)


def archive(session: Session, contact_id: int, *, by: Actor, now: datetime) -> Contact:
    """Out of lists and options; never destroyed, since opportunities name it."""
    row = _to_change(session, by, contact_id, now)
    row.archived_at, row.archived = now, True
    row.updated_at, row.updated_by = now, by.id
    search.forget(session, row.workspace_id, search.Kind.CONTACT, row.id)
    outbox.want_homes(session, row.workspace_id, [by.id], now)
    return _contact(row)


def restore(session: Session, contact_id: int, *, by: Actor, now: datetime) -> Contact:
    by.must_write()
    row = _row(session, by.workspace_id, contact_id, lock=True)
    row.archived_at, row.archived = None, False
    row.updated_at, row.updated_by = now, by.id
    _show(session, row, by, now)
    return _contact(row)


def _row(session: Session, workspace_id: str, contact_id: int, *, lock: bool = False) -> ContactRow:
    found = select(ContactRow).where(
        ContactRow.workspace_id == workspace_id, ContactRow.id == contact_id
    )
    row = session.scalar(found.with_for_update() if lock else found)
    if row is None:
        raise NotFound("There is no such contact. Find it with `/contact`.")
    return row


def _to_change(session: Session, by: Actor, contact_id: int, now: datetime) -> ContactRow:
    by.must_write()
    row = _row(session, by.workspace_id, contact_id, lock=True)
    if row.archived_at is not None:
        raise Gone(f"That contact was archived {reading.when(row.archived_at, by, now)}.")
    return row


def get(session: Session, contact_id: int, *, by: Actor) -> Contact:
    by.must_read()
    return _contact(_row(session, by.workspace_id, contact_id))


def to_change(session: Session, contact_id: int, *, by: Actor, now: datetime) -> Contact:
    """The same, for a form that is to change it: refuses what is archived, and who may not."""
    return _contact(_to_change(session, by, contact_id, now))


def page(session: Session, contact_id: int, *, by: Actor, now: datetime, offset: int = 0) -> Page:
    by.must_read()
    row = _row(session, by.workspace_id, contact_id)
    workspace = workspaces.load(session, by.workspace_id)
    of_it = and_(
        reading.seen_by(by.viewer),
        OpportunityRow.contact_id == contact_id,
        OpportunityRow.shelf != Shelf.ARCHIVED,
    )
    counted = dict(
        session.execute(
            select(OpportunityRow.shelf, func.count()).where(of_it).group_by(OpportunityRow.shelf)
        ).all()
    )
    total = sum(counted.values())
    offset = page_start(offset, total)
    rows = session.scalars(
        select(OpportunityRow)
        .where(of_it)
        .order_by(OpportunityRow.rank, OpportunityRow.close_key, OpportunityRow.number)
        .offset(offset)
        .limit(PAGE)
    ).all()
    listing = Listing(
        rows=reading.many(session, rows, workspace, now),
        total=total,
        offset=offset,
    )
    return Page(_contact(row, counted.get(Shelf.OPEN, 0)), listing, workspace)


def open_deals(session: Session, contact_id: int, *, by: Actor, now: datetime) -> Listing:
    """The first open deals with a contact, named in the form before another is saved."""
    of_it = and_(
        reading.seen_by(by.viewer),
        OpportunityRow.contact_id == contact_id,
        OpportunityRow.shelf == Shelf.OPEN,
    )
    total = session.scalar(select(func.count()).select_from(OpportunityRow).where(of_it)) or 0
    rows = session.scalars(
        select(OpportunityRow).where(of_it).order_by(OpportunityRow.number.desc()).limit(NAMED)
    ).all()
    workspace = workspaces.load(session, by.workspace_id)
    return Listing(rows=reading.many(session, rows, workspace, now), total=total)


def recent(session: Session, *, by: Actor, offset: int = 0) -> ContactListing:
    """The contacts changed last."""
    by.must_read()
    live = and_(ContactRow.workspace_id == by.workspace_id, ContactRow.archived.is_(False))
    total = session.scalar(select(func.count()).select_from(ContactRow).where(live)) or 0
    offset = page_start(offset, total)
    rows = session.scalars(
        select(ContactRow)
        .where(live)
        .order_by(ContactRow.updated_at.desc(), ContactRow.id.desc())
        .offset(offset)
        .limit(PAGE)
    ).all()
    return ContactListing(rows=_counted(session, by, rows), total=total, offset=offset)


def find(session: Session, words: str, *, by: Actor, offset: int = 0) -> ContactListing:
    """By name, company or e-mail, best first; small typing errors are forgiven."""
    by.must_read()
    rows = _matching(session, by.workspace_id, words)
    offset = page_start(offset, len(rows))
    shown = _counted(session, by, rows[offset : offset + PAGE])
    said = [row.id for row in rows if likeness.says(words, "\n".join(_texts(row)))]
    alone = next((contact for contact in shown if [contact.id] == said), None)
    return ContactListing(rows=shown, total=len(rows), offset=offset, words=words, alone=alone)


def options(session: Session, words: str, *, by: Actor) -> list[Contact]:
    """What the contact field offers while somebody types: the latest ones before they do."""
    by.must_read()
    if not words.strip():
        return list(recent(session, by=by).rows)
    return [_contact(row) for row in _matching(session, by.workspace_id, words)[:OPTIONS]]


def one_called(session: Session, words: str, *, by: Actor) -> Contact | None:
    """The contact that these words name exactly, or the only one they can mean."""
    rows = _matching(session, by.workspace_id, words)
    exact = [row for row in rows if fold(words) in (fold(row.name), row.folded)]
    if len(exact) == 1 or len(rows) == 1:
        return _contact((exact or rows)[0])
    return None


def namesakes(session: Session, name: str, *, by: Actor) -> list[Contact]:
    """Contacts of that name, wherever they work: somebody is about to create another."""
    rows = _matching(session, by.workspace_id, name)
    return [_contact(row) for row in rows if fold(row.name) == fold(name)][:NAMED]


def _matching(session: Session, workspace_id: str, words: str) -> list[ContactRow]:
    live = select(ContactRow.id).where(
        ContactRow.workspace_id == workspace_id, ContactRow.archived.is_(False)
    )
    ids = search.candidates(session, workspace_id, search.Kind.CONTACT, words, among=live)
    rows = session.scalars(
        select(ContactRow).where(
            ContactRow.workspace_id == workspace_id,
            ContactRow.archived.is_(False),
            ContactRow.id.in_(ids),
        )
    )
    by_id = {row.id: row for row in rows}
    texts = {i: " ".join(_texts(row)) for i, row in by_id.items()}
    return [by_id[i] for i in likeness.best(words, texts, limit=50)]


def _counted(session: Session, by: Actor, rows: Sequence[ContactRow]) -> tuple[Contact, ...]:
    """Contacts with how many open deals the viewer may see."""
    counted = dict(
        session.execute(
            select(OpportunityRow.contact_id, func.count())
            .where(
                reading.seen_by(by.viewer),
                OpportunityRow.shelf == Shelf.OPEN,
                OpportunityRow.contact_id.in_([row.id for row in rows]),
            )
            .group_by(OpportunityRow.contact_id)
        ).all()
    )
    return tuple(_contact(row, counted.get(row.id, 0)) for row in rows)


def _contact(row: ContactRow, open_deals: int = 0) -> Contact:
    return Contact(
        workspace_id=row.workspace_id,
        id=row.id,
        name=row.name,
        company=row.company,
        email=row.email,
        phone=row.phone,
        notes=row.notes,
        created_at=row.created_at,
        updated_at=row.updated_at,
        archived_at=row.archived_at,
        version=row.version,
        open_deals=open_deals,
    )
