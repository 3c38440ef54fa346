"""The boards that stand in channels: posted, redrawn, and kept right (product page, 6)."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.board import PAGE, Closes, Filter, Query, Sort
from store.digest.news import News, Told
from store.errors import Gone, NotAllowed, NotFound
from store.opportunity.status import Status
from store.outbox import outbox
from store.paging import micros, moment
from store.person.person import Actor, Viewer
from store.tables.machinery import OutboxRow
from store.tables.records import BoardRow, OpportunityRow
from store.usecases import workspaces
from store.usecases.card import channels
from store.usecases.card.channels import Channel
from store.usecases.opportunity import reading
from store.usecases.pipeline import pipeline
from store.usecases.pipeline.pipeline import Shown

INVITE = "I'm not in this channel. Invite me with `/invite @Dealthread` first."
OUTSIDERS = "People from outside are in this channel, so the pipeline can't stand here."


def post(session: Session, query: Query, channel_id: str, *, by: Actor, now: datetime) -> None:
    """Makes this the live board of the channel; an older one will say where the newer is."""
    by.must_write()
    channel = _readable(session, by.workspace_id, channel_id)
    board = BoardRow(
        workspace_id=by.workspace_id,
        channel_id=channel_id,
        maker_id=by.id,
        **_page(session, channel, replace(query, after=None, first=1, back=()), now),
    )
    session.add(board)
    session.flush()
    _retire_others(session, board)
    outbox.want(session, by.workspace_id, outbox.BOARD, board.id, now, channel_id=channel_id)


def _readable(session: Session, workspace_id: str, channel_id: str) -> Channel:
    """The channel, if a board may stand there: the bot is in it, and nobody from outside."""
    channel = channels.find(session, workspace_id, channel_id)
    if channel is None or not channel.takes_posts:
        raise NotFound(INVITE)
    if channel.shared:
        raise NotAllowed(OUTSIDERS)
    return channel


def _page(session: Session, channel: Channel, query: Query, now: datetime) -> dict[str, Any]:
    """The query and the rows of its page, for the eyes of all readers of the channel. Kept with
    it is where the page ends: what stands on it may change, and none may be shown twice by that.
    """
    viewer = channel.viewer()
    workspace = workspaces.load(session, viewer.workspace_id)
    query, rows = pipeline.page_or_first(session, query, viewer, workspace, now)
    end = pipeline.key(rows[-1], query.sort) if len(rows) == PAGE else None
    return {"query": as_json(query) | {"end": end}, "rows": [row.id for row in rows]}


def _retire_others(session: Session, board: BoardRow) -> None:
    """The boards before this one say where it is, as soon as Slack has given it an address."""
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
        session.execute(
            update(OutboxRow)
            .where(
                OutboxRow.workspace_id == row.workspace_id,
                OutboxRow.key == f"{outbox.BOARD}:{row.id}",
            )
            .values(kind=outbox.OLD_BOARD)
        )


def stands(session: Session, workspace_id: str, board_id: int, now: datetime) -> None:
    """Slack has this board: the one before it can say where it is."""
    older = select(BoardRow.id).where(
        BoardRow.workspace_id == workspace_id, BoardRow.newer_id == board_id
    )
    for older_id in session.scalars(older).all():
        outbox.want(session, workspace_id, outbox.BOARD, older_id, now)


def shut_out(session: Session, workspace_id: str, board_id: int, now: datetime) -> None:
    """Slack refuses the board for good in its channel: its maker is told what to do, once."""
    row = session.scalars(
        select(BoardRow).where(BoardRow.workspace_id == workspace_id, BoardRow.id == board_id)
    ).one()
    known = channels.find(session, workspace_id, row.channel_id)
    name = f"#{known.name}" if known and known.name else "its channel"
    said = {"say": "board", "channel": name}
    outbox.tell(session, workspace_id, row.maker_id, f"board:{row.id}", said, now)


def posted(session: Session, board_id: int, by: Actor) -> BoardRow:
    """The row of a posted board, if this person can see it, and it is still live."""
    row = session.scalar(
        select(BoardRow).where(BoardRow.workspace_id == by.workspace_id, BoardRow.id == board_id)
    )
    channel = channels.find(session, by.workspace_id, row.channel_id) if row else None
    hidden = channel is not None and channel.audience() not in by.viewer.audiences
    if row is None or not row.live or hidden:
        raise Gone("There is a newer board in this channel. Post one with `/pipeline`.")
    return row


def turn(
    session: Session, board_id: int, query: Query, *, by: Actor, now: datetime
) -> Shown | None:
    """Another page, order or filter. Its maker turns the board itself (None: the channel shows
    it); anybody else gets a private copy.
    """
    by.must_read()
    row = posted(session, board_id, by)
    if row.maker_id != by.id:
        return pipeline.look(session, query, by.viewer, now)
    _redraw(session, row, query, now)
    return None


def refresh(session: Session, board_id: int, *, by: Actor, now: datetime) -> None:
    """Rows in their order anew; anybody who can see the board may ask for it."""
    by.must_read()
    row = posted(session, board_id, by)
    _redraw(session, row, from_json(row.query), now)


def _redraw(session: Session, row: BoardRow, query: Query, now: datetime) -> None:
    channel = _readable(session, row.workspace_id, row.channel_id)
    page = _page(session, channel, query, now)
    row.query, row.rows = page["query"], page["rows"]
    outbox.want(session, row.workspace_id, outbox.BOARD, row.id, now)
    _at_once(session, row, now)


def _at_once(session: Session, row: BoardRow, now: datetime) -> None:
    """Whoever turned it waits for it: the pause between two renders is for changes by others."""
    session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.workspace_id == row.workspace_id,
            OutboxRow.key == f"{outbox.BOARD}:{row.id}",
            OutboxRow.state == outbox.DUE,
        )
        .values(due_at=now)
    )


def to_show(session: Session, workspace_id: str, board_id: int, now: datetime) -> Shown:
    """A posted board as delivery renders it: its rows where they were, each as it is now."""
    row = session.scalars(
        select(BoardRow).where(BoardRow.workspace_id == workspace_id, BoardRow.id == board_id)
    ).one()
    channel = channels.find(session, workspace_id, row.channel_id)
    viewer = (channel or Channel(workspace_id=workspace_id, id=row.channel_id)).viewer()
    workspace = workspaces.load(session, workspace_id)
    query = from_json(row.query)
    kept = session.scalars(
        select(OpportunityRow).where(reading.seen_by(viewer), OpportunityRow.id.in_(row.rows))
    )
    by_id = {found.id: found for found in kept}
    rows = [by_id[i] for i in row.rows if i in by_id]
    shown = pipeline.shown(session, query, viewer, workspace, now, rows)
    board = replace(
        shown.board,
        matching=max(shown.board.matching, query.first + len(rows) - 1),
        next=_next(session, query, row.query.get("end"), viewer, now),
        channel_id=row.channel_id,
        maker_id=row.maker_id,
        shared=channel is not None and channel.shared,
        replaced=row.newer_id is not None,
        newer=_newer(session, row),
    )
    return replace(shown, board=board)


def _next(
    session: Session, query: Query, end: list[Any] | None, viewer: Viewer, now: datetime
) -> Query | None:
    """What follows where the page ended when it was drawn, if anything is there."""
    if end is None:
        return None
    after = pipeline.following(query, tuple(end))
    workspace = workspaces.load(session, viewer.workspace_id)
    return after if pipeline.any_on(session, after, viewer, workspace, now) else None


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
    return filter_as_json(query.filter) | {
        "sort": query.sort.value,
        "after": query.after,
        "first": query.first,
        "back": query.back,
        "told": _told_as_json(query.told),
    }


def from_json(kept: dict[str, Any]) -> Query:
    return Query(
        filter=filter_from_json(kept),
        sort=Sort(kept["sort"]),
        after=tuple(kept["after"]) if kept["after"] else None,
        first=kept["first"],
        back=tuple(tuple(key) if key else None for key in kept["back"]),
        told=_told_from_json(kept.get("told")),
    )


def _told_as_json(told: Told | None) -> list[str | int] | None:
    return [told.news.value, micros(told.since), micros(told.until)] if told else None


def _told_from_json(kept: list[Any] | None) -> Told | None:
    """What was posted by an older version has none."""
    return Told(News(kept[0]), moment(kept[1]), moment(kept[2])) if kept else None


def filter_as_json(said: Filter) -> dict[str, Any]:
    """A filter by itself, as digests keep theirs too."""
    return {
        "owner": said.owner,
        "statuses": [status.value for status in said.statuses],
        "contact": said.contact,
        "closes": said.closes.value if said.closes else None,
        "attention": said.attention,
    }


def filter_from_json(kept: dict[str, Any]) -> Filter:
    return Filter(
        owner=kept["owner"],
        statuses=tuple(Status(value) for value in kept["statuses"]),
        contact=kept["contact"],
        closes=Closes(kept["closes"]) if kept["closes"] else None,
        attention=kept["attention"],
    )
