"""Channels as Slack says they are: what a card may go to, and who may see what is in it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, false, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from store.outbox import outbox
from store.person.person import EVERYONE, Viewer
from store.tables.dialect import insert
from store.tables.entries import CommentRow
from store.tables.machinery import OutboxRow
from store.tables.records import (
    BoardRow,
    ChannelRow,
    MemberRow,
    OpportunityRow,
    ThreadRow,
    WorkspaceRow,
)
from store.tables.recurring import DigestRow

PUBLIC, PRIVATE, IM = "public", "private", "im"
FRESH_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """`shared`: people from another organisation are in it."""

    workspace_id: str
    id: str
    name: str = ""
    kind: str = PUBLIC
    bot_in: bool = False
    archived: bool = False
    shared: bool = False

    @property
    def takes_posts(self) -> bool:
        return self.bot_in and not self.archived

    def audience(self, person_id: str | None = None) -> str:
        """Who sees an opportunity whose card is here: everyone, its members, or that person."""
        if self.kind == PUBLIC:
            return EVERYONE
        return (person_id or self.id) if self.kind == IM else self.id

    def viewer(self) -> Viewer:
        """What all readers of this channel may see: what is posted here shows no more."""
        seen = {EVERYONE} if self.kind == PUBLIC else {EVERYONE, self.id}
        return Viewer(self.workspace_id, frozenset(seen))


def know(
    session: Session, channel: Channel, now: datetime, members: Iterable[str] | None = None
) -> None:
    """Keeps a channel as just read; `members` replaces who is in it, where that was read too. What
    stands in it is from now on seen by those who can see it as it now is.
    """
    before = find(session, channel.workspace_id, channel.id)
    values = {
        "name": channel.name[:255],
        "kind": channel.kind,
        "bot_in": channel.bot_in,
        "archived": channel.archived,
        "shared": channel.shared,
        "read_at": now,
    }
    if members is not None:
        values["members_read_at"] = now
    keys = {"workspace_id": channel.workspace_id, "channel_id": channel.id}
    session.execute(
        insert(session, ChannelRow)
        .values(keys | values)
        .on_conflict_do_update(index_elements=list(keys), set_=values)
    )
    # Only now: whoever read it at the same moment waits for the row of the channel.
    if members is not None:
        _replace_members(session, channel, members)
    _settle_audience(session, channel, now)
    if before is not None and before.shared != channel.shared:
        outbox.want_boards(session, channel.workspace_id, now)


def _settle_audience(session: Session, channel: Channel, now: datetime) -> None:
    """A channel that was made private or public takes its opportunities along. Who is in a private
    one can't be known without being in it: until the bot is back, its deals are their owners'.
    """
    if channel.kind == IM:
        return
    seen_by: str | ColumnElement[str] = channel.audience()
    if channel.kind == PRIVATE and not channel.bot_in:
        seen_by = func.coalesce(OpportunityRow.owner_id, OpportunityRow.created_by)
    moved = session.scalars(
        update(OpportunityRow)
        .where(
            OpportunityRow.workspace_id == channel.workspace_id,
            OpportunityRow.card_channel == channel.id,
            OpportunityRow.audience != seen_by,
        )
        .values(audience=seen_by)
        .returning(OpportunityRow.id)
        .execution_options(synchronize_session=False)
    ).all()
    if moved:
        outbox.want_boards(session, channel.workspace_id, now)


def _replace_members(session: Session, channel: Channel, members: Iterable[str]) -> None:
    session.execute(
        delete(MemberRow).where(
            MemberRow.workspace_id == channel.workspace_id, MemberRow.channel_id == channel.id
        )
    )
    rows = [
        {"workspace_id": channel.workspace_id, "channel_id": channel.id, "user_id": user_id}
        for user_id in sorted(set(members))
    ]
    if rows:
        keys = ["workspace_id", "channel_id", "user_id"]
        made = insert(session, MemberRow.__table__).on_conflict_do_nothing(index_elements=keys)
        session.connection().execute(made, rows)


def find(
    session: Session, workspace_id: str, channel_id: str, now: datetime | None = None
) -> Channel | None:
    """As last read; with `now`, only if that was not long ago."""
    row = session.get(ChannelRow, (workspace_id, channel_id))
    if row is None or (now is not None and now - row.read_at > FRESH_FOR):
        return None
    return Channel(
        workspace_id=workspace_id,
        id=channel_id,
        name=row.name,
        kind=row.kind,
        bot_in=row.bot_in,
        archived=row.archived,
        shared=row.shared,
    )


def members_known(session: Session, workspace_id: str, channel_id: str) -> bool:
    row = session.get(ChannelRow, (workspace_id, channel_id))
    return row is not None and row.members_read_at is not None


def is_member(session: Session, workspace_id: str, channel_id: str, user_id: str) -> bool:
    return session.get(MemberRow, (workspace_id, channel_id, user_id)) is not None


def is_seen(session: Session, channel: Channel, user_id: str) -> bool:
    """Whether that person can see it: one that is not public, as far as its members are known."""
    return channel.kind == PUBLIC or is_member(session, channel.workspace_id, channel.id, user_id)


def joined(session: Session, workspace_id: str, channel_id: str, user_id: str) -> None:
    keys = {"workspace_id": workspace_id, "channel_id": channel_id, "user_id": user_id}
    if members_known(session, workspace_id, channel_id):
        session.execute(
            insert(session, MemberRow)
            .values(keys)
            .on_conflict_do_nothing(index_elements=list(keys))
        )


def left(session: Session, workspace_id: str, channel_id: str, user_id: str) -> None:
    session.execute(
        delete(MemberRow).where(
            MemberRow.workspace_id == workspace_id,
            MemberRow.channel_id == channel_id,
            MemberRow.user_id == user_id,
        )
    )


def forget(session: Session, workspace_id: str, channel_id: str) -> None:
    """Slack would not have a post there: it is read anew when it is next needed."""
    session.execute(
        update(ChannelRow)
        .where(ChannelRow.workspace_id == workspace_id, ChannelRow.channel_id == channel_id)
        .values(bot_in=False, read_at=datetime.fromisoformat("2000-01-01T00:00:00+00:00"))
    )


def bot_left(session: Session, workspace_id: str, channel_id: str, now: datetime) -> None:
    """The bot was removed: what stands there can't be brought up to date any more."""
    forget(session, workspace_id, channel_id)
    session.flush()
    known = find(session, workspace_id, channel_id)
    if known is not None:
        _settle_audience(session, replace(known, bot_in=False), now)


def renumber(session: Session, workspace_id: str, old: str, new: str) -> None:
    """Slack gave the channel another id, as it may when a channel is first shared: all that stands
    in it, and who may see it, goes by the new one. A post under way keeps the id that it is posted
    with; the answer brings the new one.
    """
    _carry_settings(session, workspace_id, old, new)
    _move_keys(session, workspace_id, old, new)
    under_way = and_(OutboxRow.state == outbox.SENDING, OutboxRow.ts.is_(None))
    for column, but in (
        (OpportunityRow.card_channel, false()),
        (OpportunityRow.audience, false()),
        (BoardRow.channel_id, false()),
        (DigestRow.channel_id, false()),
        (WorkspaceRow.deals_channel, false()),
        (OutboxRow.channel_id, under_way),
    ):
        of_it = (column.class_.workspace_id == workspace_id, column == old, ~but)
        session.execute(
            update(column.class_)
            .where(*of_it)
            .values({column: new})
            .execution_options(synchronize_session=False)
        )


def _carry_settings(session: Session, workspace_id: str, old: str, new: str) -> None:
    """What was chosen for the channel is kept, also where the new id was heard of already."""
    was = session.get(ChannelRow, (workspace_id, old))
    now = session.get(ChannelRow, (workspace_id, new))
    if was is not None and now is not None and now.settings is None:
        now.settings = was.settings
        session.flush()


def _move_keys(session: Session, workspace_id: str, old: str, new: str) -> None:
    """Rows that have the id in their key; what is known of the new one already wins."""
    keyed: tuple[tuple[Any, tuple[Any, ...]], ...] = (
        (ChannelRow, ()),
        (MemberRow, (MemberRow.user_id,)),
        (ThreadRow, (ThreadRow.ts,)),
        (CommentRow, (CommentRow.ts,)),
    )
    for table, rest in keyed:
        there = aliased(table)
        same = [getattr(there, column.key) == column for column in rest]
        of_old = (table.workspace_id == workspace_id, table.channel_id == old)
        known = exists().where(there.workspace_id == workspace_id, there.channel_id == new, *same)
        for statement in (
            delete(table).where(*of_old, known),
            update(table).where(*of_old).values(channel_id=new),
        ):
            session.execute(statement.execution_options(synchronize_session=False))


def at_home(session: Session, workspace_id: str, channel_id: str) -> bool:
    """Whether cards or a live board stand in this channel, or a digest comes to it: the pipeline is
    at home there.
    """
    card = select(OpportunityRow.id).where(
        OpportunityRow.workspace_id == workspace_id, OpportunityRow.card_channel == channel_id
    )
    board = select(BoardRow.id).where(
        BoardRow.workspace_id == workspace_id,
        BoardRow.channel_id == channel_id,
        BoardRow.live.is_(True),
    )
    digest = select(DigestRow.id).where(
        DigestRow.workspace_id == workspace_id,
        DigestRow.channel_id == channel_id,
        DigestRow.deleted_at.is_(None),
    )
    return any(session.scalar(found.limit(1)) is not None for found in (card, board, digest))


def private_at_home(session: Session, workspace_id: str) -> list[str]:
    """The private channels whose members matter, for their cards or their digests: read anew at
    every start.
    """
    kept = select(OpportunityRow.audience).where(
        OpportunityRow.workspace_id == workspace_id, OpportunityRow.audience != EVERYONE
    )
    digests = select(DigestRow.channel_id).where(
        DigestRow.workspace_id == workspace_id, DigestRow.deleted_at.is_(None)
    )
    rows = select(ChannelRow.channel_id).where(
        ChannelRow.workspace_id == workspace_id,
        ChannelRow.kind == PRIVATE,
        or_(ChannelRow.channel_id.in_(kept), ChannelRow.channel_id.in_(digests)),
    )
    return list(session.scalars(rows))
