"""Activities as a viewer sees them: one, and the index, each page a range of an index."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select, tuple_
from sqlalchemy.orm import Session, aliased

from store.activity import Activity, ActivityPage, ActivityQuery
from store.board import PAGE
from store.contact import ContactRef
from store.opportunity.context import DealRef, Source
from store.paging import Spot
from store.person.person import Actor, Person, Viewer
from store.tables.entries import ActivityRow
from store.tables.records import ContactRow, OpportunityRow, PersonRow
from store.usecases import contacts, workspaces
from store.usecases.opportunity import hanging, reading
from store.usecases.person import people


def _shown() -> Select[Any]:
    """With the names of its deal, person and contact: one statement shows a page."""
    person = and_(
        PersonRow.workspace_id == ActivityRow.workspace_id, PersonRow.user_id == ActivityRow.by_id
    )
    contact = and_(
        ContactRow.workspace_id == ActivityRow.workspace_id, ContactRow.id == ActivityRow.contact_id
    )
    columns = select(
        *ActivityRow.__table__.c,
        OpportunityRow.number,
        OpportunityRow.name.label("deal_name"),
        OpportunityRow.status,
        OpportunityRow.card_permalink,
        PersonRow.name.label("by_name"),
        ContactRow.name.label("contact_name"),
        ContactRow.company,
    )
    found = hanging.with_deal(columns, ActivityRow)
    return found.outerjoin(PersonRow, person).outerjoin(ContactRow, contact)


_SHOWN = _shown()
"""Built once: that costs more than what the database does with it."""


def shown(viewer: Viewer) -> Select[Any]:
    """What these eyes may see, deleted ones too."""
    return _SHOWN.where(hanging.visible(viewer, ActivityRow))


def before(spot: Spot) -> ColumnElement[bool]:
    """Older than that row: one comparison of rows, which both databases answer from the index."""
    here = tuple_(ActivityRow.at, ActivityRow.id)
    return here < tuple_(spot.at, spot.id, types=[ActivityRow.at.type, ActivityRow.id.type])


def newest(found: Select[Any], limit: int) -> Select[Any]:
    return found.order_by(ActivityRow.at.desc(), ActivityRow.id.desc()).limit(limit)


def index(session: Session, wanted: ActivityQuery, *, by: Actor, now: datetime) -> ActivityPage:
    """What was done, newest first; refuses a deal and a contact that they can't see."""
    by.must_read()
    deal = reading.row_of(session, by.viewer, wanted.number) if wanted.number is not None else None
    contact = contacts.get(session, wanted.contact_id, by=by).ref if wanted.contact_id else None
    found = [shown(by.viewer)] if contact is None else _with(contact.id, by.viewer)
    narrow = _narrowed(wanted, deal.id if deal else None, now)
    rows = _newest(session, [part.where(*narrow) for part in found])
    page = tuple(activity(row) for row in rows[:PAGE])
    return ActivityPage(
        query=wanted,
        rows=page,
        older=Spot(page[-1].at, page[-1].id) if len(rows) > PAGE else None,
        workspace=workspaces.load(session, by.workspace_id),
        person=people.names(session, by.workspace_id, [wanted.by]).get(wanted.by or ""),
        deal=hanging.deal_ref(deal) if deal else None,
        contact=contact,
    )


def latest(session: Session, viewer: Viewer, limit: int) -> tuple[Activity, ...]:
    """What was done last, by anybody, of what these eyes may see."""
    found = newest(shown(viewer).where(ActivityRow.deleted_at.is_(None)), limit)
    return tuple(activity(row) for row in session.connection().execute(found))


def _with(contact_id: int, viewer: Viewer) -> list[Select[Any]]:
    """Those with a contact, and those of their deals: apart, since no index serves both. Of their
    deals' the few are found first, or SQLite would go through all activities in their order.
    """
    deals = select(OpportunityRow.id).where(
        reading.seen_by(viewer), OpportunityRow.contact_id == contact_id
    )
    among = aliased(ActivityRow)
    few = select(among.id).where(
        among.workspace_id == viewer.workspace_id, among.opportunity_id.in_(deals)
    )
    return [
        shown(viewer).where(ActivityRow.contact_id == contact_id),
        _SHOWN.where(ActivityRow.id.in_(few)),
    ]


def _newest(session: Session, parts: Sequence[Select[Any]]) -> list[Any]:
    """A page of them together and one more, newest first, each once."""
    found = [session.connection().execute(newest(part, PAGE + 1)).all() for part in parts]
    if len(found) == 1:
        return list(found[0])
    rows = {row.id: row for part in found for row in part}
    return sorted(rows.values(), key=lambda row: (row.at, row.id), reverse=True)[: PAGE + 1]


def _narrowed(
    wanted: ActivityQuery, deal_id: int | None, now: datetime
) -> list[ColumnElement[bool]]:
    """Each column as a plain comparison only where its index is the narrowest one: SQLite keeps no
    statistics, and would as soon go through a quarter of all for the calls of one deal.
    """
    where: list[ColumnElement[bool]] = [ActivityRow.deleted_at.is_(None)]
    aside = deal_id is not None or wanted.contact_id is not None
    if deal_id is not None:
        where.append(ActivityRow.opportunity_id == deal_id)
    if wanted.by:
        where.append(_is(ActivityRow.by_id, wanted.by, aside=aside))
    if wanted.kind:
        where.append(_is(ActivityRow.kind, wanted.kind, aside=aside or bool(wanted.by)))
    if wanted.period:
        where.append(ActivityRow.at >= now - wanted.period.length)
    return [*where, before(wanted.before)] if wanted.before else where


def _is(column: Any, value: str, *, aside: bool) -> ColumnElement[bool]:
    """`aside` hides it from the indexes: trimmed, it is the same text."""
    same: ColumnElement[bool] = func.trim(column) == str(value) if aside else column == value
    return same


def one(session: Session, viewer: Viewer, activity_id: int) -> Activity:
    """One of those they may see, deleted or not; it must be there."""
    row = session.execute(shown(viewer).where(ActivityRow.id == activity_id)).one()
    named = people.names(session, viewer.workspace_id, [row.deleted_by])
    return activity(row, deleted_by=named.get(row.deleted_by))


def activity(row: Any, deleted_by: Person | None = None) -> Activity:
    """A row of `shown` as it is read."""
    deal = contact = None
    if row.opportunity_id is not None:
        about = (row.number, row.deal_name, row.status, row.card_permalink)
        deal = DealRef(row.opportunity_id, *about)
    if row.contact_id is not None:
        contact = ContactRef(row.contact_id, row.contact_name, row.company)
    return Activity(
        id=row.id,
        kind=row.kind,
        what=row.what,
        at=row.at,
        by=Person(row.by_id, row.by_name or row.by_id),
        deal=deal,
        contact=contact,
        source=Source(row.source_link, row.source_author) if row.source_link else None,
        permalink=row.permalink,
        created_at=row.created_at,
        edited_at=row.edited_at,
        deleted_at=row.deleted_at,
        deleted_by=deleted_by,
        version=row.version,
    )
