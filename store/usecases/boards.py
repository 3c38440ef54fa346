"""The boards that stand in channels: posted, redrawn, and kept right (product page, 6)."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store import outbox
from store.board import PAGE, Closes, Filter, Query, Sort
from store.errors import Gone, NotFound
from store.person import Actor
from store.status import Status
from store.tables import BoardRow, OpportunityRow, OutboxRow
from store.usecases import channels, pipeline, reading, workspaces
from store.usecases.pipeline import Shown


def post(session: Session, query: Query, channel_id: str, *, by: Actor, now: datetime) -> None:
    """Makes this the live board of the channel; an older one will say where the newer is."""
    by.must_write()
    channel = channels.find(session, by.workspace_id, channel_id)
    if channel is None or not channel.takes_posts or channel.shared:
        raise NotFound("The pipeline can't be posted here. Invite Dealthread with `/invite` first.")
    workspace = workspaces.load(session, by.workspace_id)
    first = replace(query, after=None, first=1, back=())
    rows = pipeline.page(session, first, channel.viewer(), workspace, now)
    board = BoardRow(
        workspace_id=by.workspace_id,
        channel_id=channel_id,
        maker_id=by.id,
        query=as_json(first),
        rows=[row.id for row in rows],
    )
    session.add(board)
    session.flush()
    _retire_others(session, board, now)
    outbox.want(session, by.workspace_id, outbox.BOARD, board.id, now, channel_id=channel_id)


def _retire_others(session: Session, board: BoardRow, now: datetime) -> None:
    older = session.scalars(
        select(BoardRow).where(
            BoardRow.workspace_id == board.workspace_id,
            BoardRow.channel_id == board.channel_id,
            BoardRow.live.is_(True),
            BoardRow.id != board.id,
        )
    ).all()
    for row in older:
        row.live, row.newer_id = False, board.id
        outbox.want(session, row.workspace_id, outbox.BOARD, row.id, now)
        session.execute(
            update(OutboxRow)
            .where(
                OutboxRow.workspace_id == row.workspace_id,
                OutboxRow.key == f"{outbox.BOARD}:{row.id}",
            )
            .values(kind=outbox.OLD_BOARD)
        )


def posted(session: Session, workspace_id: str, board_id: int) -> BoardRow:
    """The row of a posted board, if it is this workspace's and still live."""
    row = session.scalar(
        select(BoardRow).where(BoardRow.workspace_id == workspace_id, BoardRow.id == board_id)
    )
    if row is None or not row.live:
        raise Gone("There is a newer board in this channel. Post one with `/pipeline`.")
    return row


def turn(
    session: Session, board_id: int, query: Query, *, by: Actor, now: datetime
) -> Shown | None:
    """Another page, order or filter. Its maker turns the board itself (None: the channel shows
    it); anybody else gets a private copy.
    """
    by.must_read()
    row = posted(session, by.workspace_id, board_id)
    if row.maker_id != by.id:
        return pipeline.look(session, query, by.viewer, now)
    _redraw(session, row, query, now)
    return None


def refresh(session: Session, board_id: int, *, by: Actor, now: datetime) -> None:
    """Rows in their order anew; anybody who can see the board may ask for it."""
    by.must_read()
    row = posted(session, by.workspace_id, board_id)
    _redraw(session, row, from_json(row.query), now)


def _redraw(session: Session, row: BoardRow, query: Query, now: datetime) -> None:
    channel = channels.find(session, row.workspace_id, row.channel_id)
    if channel is None:
        raise NotFound("This channel can't be read. Invite Dealthread with `/invite` first.")
    workspace = workspaces.load(session, row.workspace_id)
    rows = pipeline.page(session, query, channel.viewer(), workspace, now)
    row.query, row.rows = as_json(query), [found.id for found in rows]
    outbox.want(session, row.workspace_id, outbox.BOARD, row.id, now)


def to_show(session: Session, workspace_id: str, board_id: int, now: datetime) -> Shown:
    """A posted board as delivery renders it: its rows where they were, each as it is now."""
    row = session.scalars(
        select(BoardRow).where(BoardRow.workspace_id == workspace_id, BoardRow.id == board_id)
    ).one()
    channel = channels.find(session, workspace_id, row.channel_id)
    viewer = (
        channel.viewer()
        if channel
        else channels.Channel(workspace_id=workspace_id, id=row.channel_id).viewer()
    )
    workspace = workspaces.load(session, workspace_id)
    query = from_json(row.query)
    kept = session.scalars(
        select(OpportunityRow).where(reading.seen_by(viewer), OpportunityRow.id.in_(row.rows))
    )
    by_id = {found.id: found for found in kept}
    rows = [by_id[i] for i in row.rows if i in by_id]
    shown = pipeline.shown(session, query, viewer, workspace, now, rows)
    last = by_id.get(row.rows[-1]) if len(row.rows) == PAGE else None
    following = pipeline.following(query, last, shown.board.matching)
    board = replace(
        shown.board,
        next=following,
        channel_id=row.channel_id,
        maker_id=row.maker_id,
        newer=_newer(session, row),
    )
    return replace(shown, board=board)


def _newer(session: Session, row: BoardRow) -> str | None:
    if row.newer_id is None:
        return None
    return session.scalar(
        select(OutboxRow.permalink).where(
            OutboxRow.workspace_id == row.workspace_id,
            OutboxRow.key == f"{outbox.BOARD}:{row.newer_id}",
        )
    )


def as_json(query: Query) -> dict[str, Any]:
    said = query.filter
    return {
        "owner": said.owner,
        "statuses": [status.value for status in said.statuses],
        "contact": said.contact,
        "closes": said.closes.value if said.closes else None,
        "attention": said.attention,
        "sort": query.sort.value,
        "after": query.after,
        "first": query.first,
        "back": query.back,
    }


def from_json(kept: dict[str, Any]) -> Query:
    return Query(
        filter=Filter(
            owner=kept["owner"],
            statuses=tuple(Status(value) for value in kept["statuses"]),
            contact=kept["contact"],
            closes=Closes(kept["closes"]) if kept["closes"] else None,
            attention=kept["attention"],
        ),
        sort=Sort(kept["sort"]),
        after=tuple(kept["after"]) if kept["after"] else None,
        first=kept["first"],
        back=tuple(tuple(key) if key else None for key in kept["back"]),
    )
