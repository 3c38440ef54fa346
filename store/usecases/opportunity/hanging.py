"""What activities and tasks have in common: they hang on an opportunity, are seen with it, and
stand in its thread.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeVar, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.orm import Session

from store.contact import ContactRef
from store.errors import Conflict, Gone, NotFound
from store.opportunity.context import DealRef, Source
from store.outbox import outbox
from store.person.person import Actor, Viewer
from store.tables.entries import ActivityRow, EntryRow, TaskRow
from store.tables.records import OpportunityRow
from store.usecases import contacts
from store.usecases.opportunity import changes, reading

Entry = TypeVar("Entry", bound=EntryRow)
Columns = TypeVarTuple("Columns")
_TABLES: Mapping[str, type[EntryRow]] = {outbox.ACTIVITY: ActivityRow, outbox.TASK: TaskRow}


def seen_by(found: Select[*Columns], viewer: Viewer, entry: type[EntryRow]) -> Select[*Columns]:
    """Of this workspace, and for these eyes: what hangs on a deal that they see, or on none. The
    deal is joined, so that it can be filtered by.
    """
    return with_deal(found, entry).where(visible(viewer, entry))


def with_deal(found: Select[*Columns], entry: type[EntryRow]) -> Select[*Columns]:
    """Joins the deal of each, if it has one."""
    deal = and_(
        OpportunityRow.workspace_id == entry.workspace_id,
        OpportunityRow.id == entry.opportunity_id,
    )
    return found.outerjoin(OpportunityRow, deal)


def visible(viewer: Viewer, entry: type[EntryRow]) -> ColumnElement[bool]:
    """The condition of `seen_by`, where the deal is joined already."""
    audience = OpportunityRow.audience.in_(sorted(viewer.audiences))
    return and_(
        entry.workspace_id == viewer.workspace_id,
        or_(entry.opportunity_id.is_(None), audience),
    )


def row_of(
    session: Session, viewer: Viewer, entry: type[Entry], entry_id: int, *, lock: bool = False
) -> Entry:
    """The same refusal for none and for not yours. Locked for a change, its deal is locked first,
    as by every change of that.
    """
    found = seen_by(select(entry, OpportunityRow.number), viewer, entry).where(entry.id == entry_id)
    known = session.execute(found).first()
    if known is None:
        noun = "task" if entry is TaskRow else "activity"
        raise NotFound(f"There is no such {noun} that you can see.")
    if not lock:
        row: Entry = known[0]
        return row
    if known.number is not None:
        reading.row_of(session, viewer, known.number, lock=True)
    was = known[0].opportunity_id
    locked = select(entry).where(entry.workspace_id == viewer.workspace_id, entry.id == entry_id)
    fresh = locked.with_for_update().execution_options(populate_existing=True)
    now = session.scalars(fresh).one()
    if now.opportunity_id != was:
        raise Conflict("Somebody moved it to another opportunity just now. Please try again.")
    return now


def deal_of(session: Session, row: EntryRow) -> OpportunityRow | None:
    """The opportunity that an entry hangs on, if any."""
    if row.opportunity_id is None:
        return None
    return session.scalars(
        select(OpportunityRow).where(
            OpportunityRow.workspace_id == row.workspace_id,
            OpportunityRow.id == row.opportunity_id,
        )
    ).one()


def deal_to_hang_on(
    session: Session, by: Actor, number: int | None, now: datetime
) -> OpportunityRow | None:
    """The deal that a new entry is about, locked; refuses one that is archived or not theirs."""
    by.must_write()
    return None if number is None else reading.row_to_change(session, by, number, now)


def context(
    session: Session, number: int | None, contact_id: int | None, *, by: Actor, now: datetime
) -> tuple[DealRef | None, ContactRef | None]:
    """What a form of a new entry begins with; refuses as saving it would."""
    deal = deal_to_hang_on(session, by, number, now)
    contact = None if contact_id is None else contacts.get(session, contact_id, by=by).ref
    return (deal_ref(deal) if deal else None), contact


def contact_to_hang_on(session: Session, by: Actor, contact_id: int | None) -> int | None:
    """The contact that a new entry is about, if it is one of this workspace."""
    return None if contact_id is None else contacts.get(session, contact_id, by=by).id


def must_be_open(session: Session, row: EntryRow, by: Actor, now: datetime) -> None:
    """Refuses to change what hangs on an archived deal."""
    deal = deal_of(session, row)
    if deal is not None and deal.archived_at is not None:
        raise Gone(reading.archived_sentence(session, deal, by, now))


def show(session: Session, row: EntryRow, kind: str, by: Actor, now: datetime) -> None:
    """In the thread of its deal, on that deal's card and on the boards; on the Home of whoever did
    it, whatever it hangs on.
    """
    deal = deal_of(session, row)
    if deal is None:
        outbox.want_homes(session, row.workspace_id, [by.id], now)
        return
    changes.want_card(session, deal, now)
    changes.in_thread(session, deal, kind, row.id, now)
    outbox.want_boards(session, row.workspace_id, now, by_id=by.id)


def posted(
    session: Session, workspace_id: str, kind: str, entry_id: int, permalink: str | None
) -> None:
    """Slack has its message: indexes and pages can link to it."""
    entry = _TABLES[kind]
    session.execute(
        update(entry)
        .where(entry.workspace_id == workspace_id, entry.id == entry_id)
        .values(permalink=permalink)
        .execution_options(synchronize_session=False)
    )


def deal_ref(row: OpportunityRow) -> DealRef:
    return DealRef(row.id, row.number, row.name, row.status, row.card_permalink)


def deals(session: Session, workspace_id: str, ids: Iterable[int | None]) -> dict[int, DealRef]:
    """The deals that entries hang on, as they name them."""
    wanted = {deal_id for deal_id in ids if deal_id is not None}
    if not wanted:
        return {}
    rows = session.execute(
        select(
            OpportunityRow.id,
            OpportunityRow.number,
            OpportunityRow.name,
            OpportunityRow.status,
            OpportunityRow.card_permalink,
        ).where(OpportunityRow.workspace_id == workspace_id, OpportunityRow.id.in_(wanted))
    )
    return {row.id: DealRef(*row) for row in rows}


def source(row: EntryRow) -> Source | None:
    return Source(row.source_link, row.source_author) if row.source_link else None
