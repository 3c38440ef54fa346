"""Comments: what people write in the threads of cards. Slack tells it several times and in any
order, the edit before the message, the deletion before the edit; what is kept is the same.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from store.comment import Reply
from store.errors import NotFound
from store.opportunity.context import DealRef
from store.person.person import Actor
from store.tables.dialect import insert_for
from store.tables.entries import CommentRow
from store.tables.records import OpportunityRow, PersonRow, ThreadRow
from store.text import clean
from store.usecases.opportunity import reading

LATELY = 10_000
"""So many comments are looked through for people whose names are not known."""

# Statements of every reply are built once, and run without the ORM's part: both cost more than what
# the database does.
_COMMENTS = cast("Table", CommentRow.__table__)
_THREADS = cast("Table", ThreadRow.__table__)
_THREAD = select(_THREADS.c.opportunity_id).where(
    _THREADS.c.workspace_id == bindparam("team"),
    _THREADS.c.channel_id == bindparam("channel"),
    _THREADS.c.ts == bindparam("thread"),
)
_FOUND = select(CommentRow).where(
    CommentRow.workspace_id == bindparam("team"),
    CommentRow.channel_id == bindparam("channel"),
    CommentRow.ts == bindparam("message"),
)
_LOCKED = _FOUND.with_for_update()


def thread_of(session: Session, workspace_id: str, channel_id: str, ts: str) -> int | None:
    """The opportunity whose thread this is, also when its card is gone; None for any other."""
    asked = {"team": workspace_id, "channel": channel_id, "thread": ts}
    found: int | None = session.connection().execute(_THREAD, asked).scalar()
    return found


def deal(session: Session, channel_id: str, ts: str, *, by: Actor) -> DealRef:
    """The opportunity in whose thread somebody asks for something."""
    by.must_read()
    deal_id = thread_of(session, by.workspace_id, channel_id, ts)
    found = select(OpportunityRow).where(
        reading.seen_by(by.viewer), OpportunityRow.id == (deal_id or 0)
    )
    row = session.scalar(found)
    if row is None:
        raise NotFound("There is no opportunity in this thread that you can see.")
    return DealRef(row.id, row.number, row.name, row.status, row.card_permalink)


def is_known(session: Session, workspace_id: str, channel_id: str, ts: str) -> bool:
    """Whether this message is kept as a comment."""
    return session.scalar(_FOUND, _name(workspace_id, channel_id, ts)) is not None


def said(session: Session, workspace_id: str, reply: Reply) -> None:
    """A reply was written: a comment on the deal whose thread it is in, once."""
    edited(session, workspace_id, [reply])


def edited(session: Session, workspace_id: str, versions: Sequence[Reply]) -> None:
    """A reply was edited: these versions of it are known now. The newest counts, whichever is heard
    of last; the others stay as its former texts.
    """
    versions = [replace(one, text=clean(one.text)) for one in versions]
    newest = versions[-1]
    deal = thread_of(session, workspace_id, newest.channel_id, newest.thread_ts)
    if deal is None or (_add(session, workspace_id, deal, newest) and len(versions) == 1):
        return
    row = session.scalars(_LOCKED, _name(workspace_id, newest.channel_id, newest.ts)).one()
    for version in versions:
        _merge(row, version)


def deleted(
    session: Session,
    workspace_id: str,
    channel_id: str,
    ts: str,
    now: datetime,
    last: Reply | None = None,
) -> None:
    """A reply was deleted, which nothing that comes later undoes; `last` is what it said."""
    if last is not None:
        edited(session, workspace_id, [last])
    row = session.scalar(_LOCKED, _name(workspace_id, channel_id, ts))
    if row is not None and row.deleted_at is None:
        row.deleted_at = now


def strangers(session: Session, workspace_id: str) -> list[str]:
    """People who commented lately and whose names are not known."""
    lately = (
        select(CommentRow.by_id)
        .where(CommentRow.workspace_id == workspace_id)
        .order_by(CommentRow.id.desc())
        .limit(LATELY)
        .subquery()
    )
    known = (PersonRow.workspace_id == workspace_id) & (PersonRow.user_id == lately.c.by_id)
    found = select(lately.c.by_id).distinct().outerjoin(PersonRow, known)
    return list(session.scalars(found.where(PersonRow.user_id.is_(None))))


def _name(workspace_id: str, channel_id: str, ts: str) -> dict[str, str]:
    """By what Slack tells a message apart."""
    return {"team": workspace_id, "channel": channel_id, "message": ts}


def _add(session: Session, workspace_id: str, deal: int, reply: Reply) -> bool:
    """Whether it is new: what is there already stays as it is."""
    insert = _insert(session.get_bind().dialect.name)
    values = {
        "workspace_id": workspace_id,
        "opportunity_id": deal,
        "channel_id": reply.channel_id,
        "ts": reply.ts,
        "thread_ts": reply.thread_ts,
        "by_id": reply.by_id,
        "text": reply.text,
        "files": _links(reply),
        "former": [],
        "at": reply.at,
        "edited_ts": reply.edited_ts,
    }
    return session.connection().execute(insert, values).first() is not None


@cache
def _insert(dialect: str) -> Any:
    keys = ["workspace_id", "channel_id", "ts"]
    made = insert_for(dialect, _COMMENTS).on_conflict_do_nothing(index_elements=keys)
    return made.returning(_COMMENTS.c.id)


def _links(reply: Reply) -> list[dict[str, str]]:
    return [{"name": file.name, "link": file.link} for file in reply.files]


def _merge(row: CommentRow, reply: Reply) -> None:
    """Takes in one version of what a row says. Slack tells edits apart by the second: of two in the
    same one, the one that is heard of later is taken for the newer.
    """
    version = [reply.text, reply.edited_ts]
    if row.deleted_at is not None or version in [[row.text, row.edited_ts], *row.former]:
        return
    if reply.edited_ts < row.edited_ts:
        row.former = _in_order([*row.former, version])
        return
    if reply.text != row.text:
        row.former = _in_order([*row.former, [row.text, row.edited_ts]])
    row.text, row.files, row.edited_ts = reply.text, _links(reply), reply.edited_ts


def _in_order(versions: list[list[str]]) -> list[list[str]]:
    return sorted(versions, key=lambda version: version[1])
