"""What whoever runs the bot should know: what could not be shown in Slack, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.outbox import leases, outbox
from store.tables.machinery import OutboxRow
from store.tables.records import ChannelRow, WorkspaceRow
from store.tables.recurring import DigestRow

LATELY = timedelta(days=7)
"""What failed longer ago than that, somebody has seen by now."""
WAITING = timedelta(minutes=5)
"""Nothing waits longer when a bot is running and Slack takes what it sends."""

_AS_IT_SHOULD = (leases.NOTHING, "the message is gone")


@dataclass(frozen=True, slots=True)
class Stuck:
    """So many things of a kind, in one state, for one reason, in one channel."""

    workspace_id: str
    state: str
    kind: str
    error: str
    channel: str
    count: int


@dataclass(frozen=True, slots=True)
class Late:
    """So many things that should have been delivered by now, the first of them since then."""

    count: int
    since: datetime


def backlog(session: Session, now: datetime) -> dict[str, int]:
    """How many rows wait, are under way, or are stuck, by state."""
    under_way = select(OutboxRow.state, func.count()).where(outbox.UNDER_WAY)
    found = {row[0]: row[1] for row in session.execute(under_way.group_by(OutboxRow.state))}
    due = select(func.count()).where(
        OutboxRow.priority.in_(outbox.PRIORITIES),
        OutboxRow.due_at <= now,
        OutboxRow.state == outbox.DUE,
    )
    return found | {outbox.DUE: session.scalar(due) or 0}


def stuck(session: Session, now: datetime) -> Sequence[Stuck]:
    """What Slack refused for good, or would not say whether it had it; the most first."""
    count = func.count()
    rows = session.execute(
        select(
            OutboxRow.workspace_id,
            OutboxRow.state,
            OutboxRow.kind,
            OutboxRow.error,
            func.coalesce(ChannelRow.name, OutboxRow.channel_id, ""),
            count,
        )
        .outerjoin(
            ChannelRow,
            (ChannelRow.workspace_id == OutboxRow.workspace_id)
            & (ChannelRow.channel_id == OutboxRow.channel_id),
        )
        .where(
            OutboxRow.state.in_((outbox.DEAD, outbox.UNSURE, outbox.UNKNOWN)),
            OutboxRow.not_before > now - LATELY,
            OutboxRow.error.is_not(None),
            OutboxRow.error.not_in(_AS_IT_SHOULD),
        )
        .group_by(
            OutboxRow.workspace_id,
            OutboxRow.state,
            OutboxRow.kind,
            OutboxRow.error,
            ChannelRow.name,
            OutboxRow.channel_id,
        )
        .order_by(count.desc())
    )
    return [
        Stuck(team, state, kind, error or "", channel, number)
        for team, state, kind, error, channel, number in rows
    ]


def late(session: Session, now: datetime) -> Late | None:
    """What is due for longer than it should be, if anything is."""
    count, since = session.execute(
        select(func.count(), func.min(OutboxRow.due_at)).where(
            OutboxRow.state == outbox.DUE,
            OutboxRow.due_at <= now - WAITING,
        )
    ).one()
    return Late(count, since) if since else None


def undecided(session: Session, now: datetime) -> Late | None:
    """The digests that are due for longer than they should be, if any are."""
    count, since = session.execute(
        select(func.count(), func.min(DigestRow.next_at))
        .join(WorkspaceRow, WorkspaceRow.workspace_id == DigestRow.workspace_id)
        .where(DigestRow.next_at <= now - WAITING, WorkspaceRow.uninstalled_at.is_(None))
    ).one()
    return Late(count, since) if since else None


def paused_digests(session: Session) -> Sequence[tuple[str, int]]:
    """How many Dealthread paused by itself, as they can't be posted: by the names of channels."""
    rows = session.execute(
        select(func.coalesce(ChannelRow.name, DigestRow.channel_id), func.count())
        .select_from(DigestRow)
        .outerjoin(
            ChannelRow,
            (ChannelRow.workspace_id == DigestRow.workspace_id)
            & (ChannelRow.channel_id == DigestRow.channel_id),
        )
        .where(
            DigestRow.paused_at.is_not(None),
            DigestRow.paused_by.is_(None),
            DigestRow.deleted_at.is_(None),
        )
        .group_by(DigestRow.workspace_id, DigestRow.channel_id, ChannelRow.name)
        .order_by(DigestRow.workspace_id, DigestRow.channel_id)
    )
    return [(name, count) for name, count in rows]


def failing(session: Session, now: datetime) -> Sequence[tuple[str, str, int]]:
    """What waits because the last try failed: workspace, reason, how many."""
    count = func.count()
    rows = session.execute(
        select(OutboxRow.workspace_id, OutboxRow.error, count)
        .where(
            OutboxRow.state == outbox.DUE,
            OutboxRow.attempts > 1,
            OutboxRow.error.is_not(None),
            OutboxRow.created_at <= now - WAITING,
        )
        .group_by(OutboxRow.workspace_id, OutboxRow.error)
        .order_by(count.desc())
    )
    return [(team, error or "", number) for team, error, number in rows]
