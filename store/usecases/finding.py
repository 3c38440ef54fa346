"""What opportunities are found by: their names, their contacts and those people's companies."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from store import likeness, search
from store.person import Viewer
from store.status import Shelf
from store.tables import ContactRow, OpportunityRow
from store.usecases import reading

FOUND_MAX = 50
"""As many as a search brings; more words narrow it."""


def index(session: Session, rows: Sequence[OpportunityRow]) -> None:
    """Finds these opportunities of one workspace by what they now say."""
    if not rows:
        return
    contacts = {row.contact_id for row in rows}
    refs = reading.contact_refs(session, rows[0].workspace_id, contacts)
    for row in rows:
        ref = refs.get(row.contact_id or 0)
        said = (row.name, ref.name, ref.company) if ref else (row.name,)
        search.index(session, row.workspace_id, search.Kind.OPPORTUNITY, row.id, *said)


def forget(session: Session, row: OpportunityRow) -> None:
    """It is archived: nobody finds it by words any more."""
    search.forget(session, row.workspace_id, search.Kind.OPPORTUNITY, row.id)


def matching(session: Session, viewer: Viewer, words: str) -> dict[int, str]:
    """Ids and texts of those that these words may mean, for these eyes, best first."""
    visible = select(OpportunityRow.id).where(
        reading.seen_by(viewer), OpportunityRow.shelf != Shelf.ARCHIVED
    )
    ids = search.candidates(
        session, viewer.workspace_id, search.Kind.OPPORTUNITY, words, among=visible
    )
    said = texts(session, viewer.workspace_id, ids)
    return {ref_id: said[ref_id] for ref_id in likeness.best(words, said, limit=FOUND_MAX)}


def texts(session: Session, workspace_id: str, ids: Iterable[int]) -> dict[int, str]:
    """What these are found by, without the rest of them: of two hundred a page is shown."""
    rows = session.execute(
        select(OpportunityRow.id, OpportunityRow.name, ContactRow.name, ContactRow.company)
        .outerjoin(
            ContactRow,
            (ContactRow.workspace_id == OpportunityRow.workspace_id)
            & (ContactRow.id == OpportunityRow.contact_id),
        )
        .where(OpportunityRow.workspace_id == workspace_id, OpportunityRow.id.in_(ids))
    )
    return {ref_id: "\n".join(filter(None, said)) for ref_id, *said in rows}


def rows_of(session: Session, workspace_id: str, ids: Sequence[int]) -> list[OpportunityRow]:
    """The rows behind these ids, in their order."""
    found = session.scalars(
        select(OpportunityRow).where(
            OpportunityRow.workspace_id == workspace_id, OpportunityRow.id.in_(ids)
        )
    )
    by_id = {row.id: row for row in found}
    return [by_id[ref_id] for ref_id in ids if ref_id in by_id]
