"""What opportunities are found by: their names, their contacts and those people's companies."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.opportunity.context import DealRef
from store.opportunity.status import Shelf
from store.person.person import Actor, Viewer
from store.search import likeness, search
from store.tables.records import ContactRow, OpportunityRow
from store.usecases.opportunity import reading

OPTIONS = 20
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


def options(session: Session, words: str, *, by: Actor) -> list[DealRef]:
    """What an opportunity field offers while somebody types: a number, or words; before they do,
    the newest open ones, their own first.
    """
    by.must_read()
    number = words.strip().removeprefix("#")
    visible = reading.seen_by(by.viewer), OpportunityRow.shelf != Shelf.ARCHIVED
    if not words.strip():
        newest = (
            select(OpportunityRow)
            .where(*visible, OpportunityRow.shelf == Shelf.OPEN)
            .order_by(OpportunityRow.number.desc())
        )
        own = newest.where(OpportunityRow.owner_id == by.id).limit(OPTIONS)
        rows = list(session.scalars(own))
        others = session.scalars(newest.limit(OPTIONS))
        rows += [row for row in others if row not in rows]
    elif number.isascii() and number.isdecimal() and len(number) < len(str(2**53)):
        numbered = select(OpportunityRow).where(*visible, OpportunityRow.number == int(number))
        rows = list(session.scalars(numbered))
        rows += [row for row in _matching_rows(session, by.viewer, words) if row not in rows]
    else:
        rows = _matching_rows(session, by.viewer, words)
    return [
        DealRef(row.id, row.number, row.name, row.status, row.card_permalink)
        for row in rows[:OPTIONS]
    ]


def _matching_rows(session: Session, viewer: Viewer, words: str) -> list[OpportunityRow]:
    ids = list(matching(session, viewer, words))[:OPTIONS]
    return rows_of(session, viewer.workspace_id, ids)


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
