"""Comments as a viewer reads them, on the timeline of their deal."""

from collections.abc import Iterable

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from store.comment import Comment, File, mentioned, plain
from store.paging import Spot
from store.tables.entries import CommentRow
from store.tables.records import OpportunityRow
from store.usecases.person import people

_TEXT = 4_000
"""So much of a comment is read: a line shows less, and the thread has all of it."""


def of_deal(
    session: Session, deal: OpportunityRow, before: Spot | None, limit: int
) -> list[Comment]:
    """What was said of a deal that the viewer sees, newest first, deleted ones too."""
    here = tuple_(CommentRow.at, CommentRow.id)
    found = select(CommentRow).where(
        CommentRow.workspace_id == deal.workspace_id, CommentRow.opportunity_id == deal.id
    )
    if before is not None:
        types = [CommentRow.at.type, CommentRow.id.type]
        found = found.where(here < tuple_(before.at, before.id, types=types))
    newest = found.order_by(CommentRow.at.desc(), CommentRow.id.desc()).limit(limit)
    rows = session.scalars(newest).all()
    texts = {row.id: "" if row.deleted_at else _beginning(row.text) for row in rows}
    ids = {user_id for row in rows for user_id in (row.by_id, *mentioned(texts[row.id]))}
    named = people.names(session, deal.workspace_id, ids)
    names = {user_id: person.name for user_id, person in named.items()}
    return [
        Comment(
            id=row.id,
            by=named[row.by_id],
            at=row.at,
            text=plain(texts[row.id], names),
            files=tuple(_files(row.files)) if not row.deleted_at else (),
            permalink=_permalink(row, deal.card_permalink or deal.old_thread),
            edited=bool(row.edited_ts),
            deleted_at=row.deleted_at,
        )
        for row in rows
    ]


def _beginning(text: str) -> str:
    """Never half a mention or half a link."""
    if len(text) <= _TEXT:
        return text
    kept = text[:_TEXT]
    return f"{kept[: kept.rfind('<')] if kept.rfind('<') > kept.rfind('>') else kept}…"


def _files(kept: Iterable[dict[str, str]]) -> Iterable[File]:
    return (File(str(file.get("name", "")), str(file.get("link", ""))) for file in kept)


def _permalink(row: CommentRow, like: str | None) -> str | None:
    """The address of a reply, made like one of the same workspace: Slack is not asked for each.
    https://docs.slack.dev/reference/methods/chat.getPermalink
    """
    team, archives, _ = (like or "").partition("/archives/")
    if not archives:
        return None
    place, ts = f"{team}{archives}{row.channel_id}", row.ts.replace(".", "")
    return f"{place}/p{ts}?thread_ts={row.thread_ts}&cid={row.channel_id}"
