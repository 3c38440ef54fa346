"""What hangs on opportunities, record by record, for a file. What was deleted is left out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from store.comment import plain
from store.tables.entries import ActivityRow, CommentRow, EntryRow, TaskRow
from store.usecases.opportunity import reading
from store.usecases.transfer.exported import PAGE, Record, at, day, deals, names
from store.workspace import Workspace

Entry = TypeVar("Entry", ActivityRow, TaskRow)
R = TypeVar("R", ActivityRow, TaskRow, CommentRow)


def activities(session: Session, workspace: Workspace) -> Iterator[Record]:
    named = names(session, workspace.id)
    wanted = select(ActivityRow).where(ActivityRow.deleted_at.is_(None))
    for rows in _pages(session, workspace, ActivityRow, wanted):
        for row, context in _with_context(session, workspace, rows):
            yield {
                **context,
                "type": row.kind.label,
                "what": row.what,
                "at": at(row.at),
                "by": named.get(row.by_id, row.by_id),
                "edited": at(row.edited_at),
                **_where_from(row),
            }


def tasks(session: Session, workspace: Workspace) -> Iterator[Record]:
    named = names(session, workspace.id)
    for rows in _pages(session, workspace, TaskRow, select(TaskRow)):
        for row, context in _with_context(session, workspace, rows):
            yield {
                **context,
                "title": row.title,
                "assignee": named.get(row.assignee_id, row.assignee_id),
                "assignee_id": row.assignee_id,
                "due": day(row.due_on),
                "due_at": at(row.due_at),
                "notes": row.notes,
                "created": at(row.created_at),
                "created_by": named.get(row.created_by, row.created_by),
                "done": at(row.done_at),
                "done_by": named.get(row.done_by or "", row.done_by or ""),
                **_where_from(row),
            }


def comments(session: Session, workspace: Workspace) -> Iterator[Record]:
    """Text as people read it; a link to each file, and what it said before it was edited."""
    named = names(session, workspace.id)
    wanted = select(CommentRow).where(CommentRow.deleted_at.is_(None))
    for rows in _pages(session, workspace, CommentRow, wanted):
        of_deal = deals(session, workspace.id, [row.opportunity_id for row in rows])
        for row in rows:
            yield {
                **of_deal[row.opportunity_id],
                "at": at(row.at),
                "by": named.get(row.by_id, row.by_id),
                "by_id": row.by_id,
                "text": plain(row.text, named),
                "files": "\n".join(f"{one['name']} {one['link']}" for one in row.files),
                "former": "\n\n".join(plain(text, named) for text, _ in row.former),
            }


def _pages(
    session: Session, workspace: Workspace, table: type[R], wanted: Select[R]
) -> Iterator[Sequence[R]]:
    last = 0
    while rows := session.scalars(
        wanted.where(table.workspace_id == workspace.id, table.id > last)
        .order_by(table.id)
        .limit(PAGE)
    ).all():
        yield rows
        last = rows[-1].id
        session.expunge_all()


def _with_context(
    session: Session, workspace: Workspace, rows: Sequence[Entry]
) -> Iterator[tuple[Entry, Mapping[str, str]]]:
    """Each with the deal and the contact that it is about."""
    of_deal = deals(session, workspace.id, [row.opportunity_id for row in rows])
    refs = reading.contact_refs(session, workspace.id, {row.contact_id for row in rows})
    for row in rows:
        ref = refs.get(row.contact_id or 0)
        who = {"contact": ref.name if ref else "", "company": ref.company if ref else ""}
        yield row, {**of_deal[row.opportunity_id], **who}


def _where_from(row: EntryRow) -> Record:
    return {
        "source": row.source_link,
        "author": row.source_author,
        "link": row.permalink or "",
    }
