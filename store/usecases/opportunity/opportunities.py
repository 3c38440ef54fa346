"""Opportunities: made from a contact, edited, found, archived (product page, 3)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from store.board import PAGE, page_start
from store.contact import ContactDraft
from store.errors import Conflict, Invalid, NotAllowed
from store.opportunity.history import Kind
from store.opportunity.opportunity import Listing, Opportunity, OpportunityDraft
from store.opportunity.status import Shelf
from store.person.person import Actor
from store.search import likeness
from store.tables.records import ContactRow, OpportunityRow, WorkspaceRow
from store.usecases import contacts, workspaces
from store.usecases.card import places
from store.usecases.opportunity import changes, finding, reading
from store.usecases.opportunity.status import Changed
from store.usecases.person import people
from store.workspace import Archiving, Workspace


@dataclass(frozen=True, slots=True)
class Created:
    """`why` says why the card isn't where it was to go; `guessed` that nobody has set it up yet
    and what was taken for granted is to be said now.
    """

    opportunity: Opportunity
    why: str
    guessed: bool
    workspace: Workspace


def create(session: Session, draft: OpportunityDraft, *, by: Actor, now: datetime) -> Created:
    """A new opportunity, with its contact if that is new too, its number, and its card to come."""
    by.must_write()
    draft = draft.checked()
    workspace = workspaces.load(session, by.workspace_id)
    owner_id = draft.owner_id or by.id
    people.must_be_member(session, by.workspace_id, owner_id, "owner_id")
    contact_id = _contact(session, draft, by, now)
    where = places.chosen(session, workspace, draft.channel_id, owner_id, by)
    row = _row(draft, workspace, where, by, now)
    row.number, row.contact_id = _next_number(session, row), contact_id
    changes.settle(row)
    session.add(row)
    session.flush()
    changes.apply(session, row, Kind.CREATED, {"owner_id": owner_id}, by=by, now=now)
    return Created(
        reading.one(session, row, workspace, now),
        where.why,
        workspaces.tell_guess(session, by.workspace_id, now),
        workspace,
    )


def _row(
    draft: OpportunityDraft, workspace: Workspace, where: places.Place, by: Actor, now: datetime
) -> OpportunityRow:
    return OpportunityRow(
        workspace_id=by.workspace_id,
        name=draft.name,
        value_minor=draft.value.minor if draft.value else None,
        currency=draft.value.currency if draft.value else "",
        probability=workspace.probability[draft.stage],
        status=draft.stage,
        stage=draft.stage,
        created_by=by.id,
        created_at=now,
        expected_close=draft.expected_close,
        notes=draft.notes,
        stage_since=now,
        aged_from=now,
        status_since=now,
        status_by=by.id,
        card_channel=where.id,
        audience=where.audience,
    )


def _next_number(session: Session, row: OpportunityRow) -> int:
    return session.execute(
        update(WorkspaceRow)
        .where(WorkspaceRow.workspace_id == row.workspace_id)
        .values(last_number=WorkspaceRow.last_number + 1)
        .returning(WorkspaceRow.last_number)
        .execution_options(synchronize_session=False)
    ).scalar_one()


def _contact(session: Session, draft: OpportunityDraft, by: Actor, now: datetime) -> int | None:
    if draft.new_contact:
        made = contacts.create(session, ContactDraft(name=draft.new_contact), by=by, now=now)
        return made.id
    if draft.contact_id is not None:
        must_be_contact(session, by.workspace_id, draft.contact_id)
    return draft.contact_id


def must_be_contact(session: Session, workspace_id: str, contact_id: int) -> None:
    found = session.scalar(
        select(ContactRow.archived).where(
            ContactRow.workspace_id == workspace_id, ContactRow.id == contact_id
        )
    )
    if found is None:
        raise Invalid({"contact": "Choose a contact from the list."})


def reschedule(
    session: Session, number: int, close: date | None, *, by: Actor, now: datetime
) -> Changed:
    """Another expected close, or none. One that has passed is kept as said: it shows as overdue."""
    row = reading.row_to_change(session, by, number, now)
    workspace = workspaces.load(session, by.workspace_id)
    if row.status.is_closed:
        label = workspace.label(row.status)
        raise Conflict(f"It is {label}. Reopen it to give it another close date.")
    fields = {"expected_close": close}
    if row.expected_close == close:
        return Changed(reading.one(session, row, workspace, now), None, workspace)
    change = changes.apply(session, row, Kind.EDITED, fields, by=by, now=now)
    return Changed(reading.one(session, row, workspace, now), change, workspace)


def archive(session: Session, number: int, *, by: Actor, now: datetime) -> Opportunity:
    """Out of every list and total, by those who may; it can be restored."""
    row = reading.row_to_change(session, by, number, now)
    workspace = _may_archive(session, row, by, "archive")
    row.archived_at, row.archived_by = now, by.id
    changes.apply(session, row, Kind.ARCHIVED, {}, by=by, now=now)
    return reading.one(session, row, workspace, now)


def restore(session: Session, number: int, *, by: Actor, now: datetime) -> Opportunity:
    """Back from the archive, by those who may archive; restored already is no change."""
    by.must_write()
    row = reading.row_of(session, by.viewer, number, lock=True)
    workspace = _may_archive(session, row, by, "restore")
    if row.archived_at is not None:
        row.archived_at = row.archived_by = None
        changes.apply(session, row, Kind.RESTORED, {}, by=by, now=now)
    return reading.one(session, row, workspace, now)


def to_archive(session: Session, number: int, *, by: Actor, now: datetime) -> Opportunity:
    """What is asked about before it is archived; refuses as archiving would."""
    row = reading.row_to_change(session, by, number, now)
    return reading.one(session, row, _may_archive(session, row, by, "archive"), now)


def _may_archive(session: Session, row: OpportunityRow, by: Actor, what: str) -> Workspace:
    """Refuses who may not, by the workspace's setting, and names who can."""
    workspace = workspaces.load(session, by.workspace_id)
    involved = by.id in (row.owner_id, row.created_by)
    allowed = by.admin or workspace.archiving is Archiving.MEMBERS
    if not allowed and not (involved and workspace.archiving is Archiving.INVOLVED):
        who = "an admin of this workspace"
        if workspace.archiving is Archiving.INVOLVED:
            who = f"{_involved(session, row)} or an admin"
        raise NotAllowed(f"Only {who} can {what} this.")
    return workspace


def _involved(session: Session, row: OpportunityRow) -> str:
    named = people.names(session, row.workspace_id, [row.owner_id, row.created_by])
    who = [f"{named[row.owner_id].name} (owner)"] if row.owner_id else []
    if row.created_by != row.owner_id:
        who.append(f"{named[row.created_by].name} (creator)")
    return ", ".join(who)


def get(session: Session, number: int, *, by: Actor, now: datetime) -> Opportunity:
    """One opportunity, archived or not, if this person may see it."""
    by.must_read()
    row = reading.row_of(session, by.viewer, number)
    return reading.one(session, row, workspaces.load(session, by.workspace_id), now)


def to_change(session: Session, number: int, *, by: Actor, now: datetime) -> Opportunity:
    """The same, for a form that is to change it: refuses what is archived, and who may not."""
    row = reading.row_to_change(session, by, number, now)
    return reading.one(session, row, workspaces.load(session, by.workspace_id), now)


def mine(session: Session, *, by: Actor, now: datetime, offset: int = 0) -> Listing:
    """My open opportunities, closest to closing first."""
    by.must_read()
    mine_open = (
        reading.seen_by(by.viewer),
        OpportunityRow.owner_id == by.id,
        OpportunityRow.shelf == Shelf.OPEN,
    )
    total = session.scalar(select(func.count()).select_from(OpportunityRow).where(*mine_open)) or 0
    offset = page_start(offset, total)
    rows = session.scalars(
        select(OpportunityRow)
        .where(*mine_open)
        .order_by(OpportunityRow.rank, OpportunityRow.close_key, OpportunityRow.number)
        .offset(offset)
        .limit(PAGE)
    ).all()
    workspace = workspaces.load(session, by.workspace_id)
    return Listing(rows=reading.many(session, rows, workspace, now), total=total, offset=offset)


def find(session: Session, words: str, *, by: Actor, now: datetime, offset: int = 0) -> Listing:
    """What these words may mean, by name or contact, best first; typing errors are forgiven."""
    by.must_read()
    found = finding.matching(session, by.viewer, words)
    said = [ref_id for ref_id, text in found.items() if likeness.says(words, text)]
    offset = page_start(offset, len(found))
    rows = finding.rows_of(session, by.workspace_id, list(found)[offset : offset + PAGE])
    shown = reading.many(session, rows, workspaces.load(session, by.workspace_id), now)
    alone = next((opp for opp in shown if [opp.id] == said), None)
    return Listing(rows=shown, total=len(found), offset=offset, words=words, alone=alone)
