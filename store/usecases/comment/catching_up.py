"""What was said in the threads of cards while nobody heard it, and who picks it up.

`heard_until` is the moment up to which every reply was heard. It moves on by itself while the bot
listens; after an absence only once all threads were asked, so that whatever ends that, it begins
anew.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from store.comment import Reply, stamp
from store.opportunity.status import GOES_ON
from store.outbox import budget
from store.outbox.budget import CATCH_UP, LOOK_UP, Charge, Ledger
from store.tables.dialect import insert
from store.tables.entries import CommentRow
from store.tables.machinery import CatchUpRow
from store.tables.records import ChannelRow, OpportunityRow, ThreadRow, WorkspaceRow
from store.usecases.comment import comments

AWAY = timedelta(minutes=2)
"""What came within less, Slack sends again by itself: at once, after one minute and after five."""
LEASE = timedelta(minutes=1)
BEFORE = timedelta(hours=1)
"""Asked for besides: clocks differ, and of replies just before an absence edits are found."""
CERTAIN = timedelta(days=30)
"""Of what is older, Slack may not show all."""


@dataclass(frozen=True, slots=True)
class Thread:
    channel_id: str
    ts: str


@dataclass(frozen=True, slots=True)
class Absence:
    """Since when nothing was heard, and the threads of open deals, latest changed first."""

    since: datetime
    threads: tuple[Thread, ...]

    @property
    def oldest(self) -> datetime:
        """From when on replies are asked for."""
        return self.since - BEFORE


def listening(session: Session, workspace_ids: Collection[str], now: datetime) -> list[str]:
    """All that is said is heard there now: says so, but where something was missed before; returns
    those.
    """
    of_these = WorkspaceRow.workspace_id.in_(workspace_ids), WorkspaceRow.uninstalled_at.is_(None)
    recent = or_(WorkspaceRow.heard_until.is_(None), WorkspaceRow.heard_until >= now - AWAY)
    session.execute(
        update(WorkspaceRow)
        .where(*of_these, recent)
        .values(heard_until=now)
        .execution_options(synchronize_session=False)
    )
    missed = select(WorkspaceRow.workspace_id).where(
        *of_these, WorkspaceRow.heard_until < now - AWAY
    )
    return list(session.scalars(missed))


def begin(session: Session, workspace_id: str, lessee: str, now: datetime) -> Absence | None:
    """What this copy is to pick up; None when there is nothing, or another copy is at it."""
    row = _row(session, workspace_id, now)
    held = row.lease not in (None, lessee) and row.leased_until > now
    since = session.scalar(
        select(WorkspaceRow.heard_until).where(WorkspaceRow.workspace_id == workspace_id)
    )
    if held or since is None or since >= now - AWAY:
        return None
    row.lease, row.leased_until = lessee, now + LEASE
    return Absence(since, _threads(session, workspace_id))


def _row(session: Session, workspace_id: str, now: datetime) -> CatchUpRow:
    made = insert(session, CatchUpRow).values(
        workspace_id=workspace_id, leased_until=now, refused={}
    )
    session.execute(made.on_conflict_do_nothing(index_elements=["workspace_id"]))
    found = select(CatchUpRow).where(CatchUpRow.workspace_id == workspace_id)
    return session.scalars(found.with_for_update()).one()


def _threads(session: Session, workspace_id: str) -> tuple[Thread, ...]:
    of_it = (ThreadRow.workspace_id == OpportunityRow.workspace_id) & (
        ThreadRow.opportunity_id == OpportunityRow.id
    )
    found = (
        select(ThreadRow.channel_id, ThreadRow.ts)
        .join(OpportunityRow, of_it)
        .where(
            ThreadRow.workspace_id == workspace_id,
            OpportunityRow.shelf.in_(GOES_ON),
        )
        .order_by(OpportunityRow.last_change.desc(), ThreadRow.ts.desc())
    )
    return tuple(Thread(*row) for row in session.execute(found))


def turn(session: Session, workspace_id: str, lessee: str, now: datetime) -> timedelta | None:
    """Whether a thread may be asked now: zero, and then the call is counted; else how long to wait
    before asking again. Keeps the lease; None when another copy has it.
    """
    row = _row(session, workspace_id, now)
    if row.lease != lessee:
        return None
    row.leased_until = now + LEASE
    charges = [Charge(workspace_id, name) for name in (CATCH_UP, LOOK_UP)]
    if Ledger(session, now, charges).take(charges):
        return timedelta(0)
    opening = budget.waiting(session, now)
    return max(
        (opening[one] - now for one in charges if one in opening), default=timedelta(seconds=1)
    )


def held(session: Session, workspace_id: str, again_at: datetime) -> None:
    """Slack said 429: no thread is asked before then, not by delivery either."""
    budget.hold(session, [Charge(workspace_id, LOOK_UP)], again_at)


def found(session: Session, workspace_id: str, told: Collection[Reply]) -> None:
    """Keeps replies that were read in a thread: those that nobody heard, and newer versions."""
    known = _known(session, workspace_id, told)
    for reply in told:
        if known.get((reply.channel_id, reply.ts)) != reply.edited_ts:
            comments.said(session, workspace_id, reply)


def _known(
    session: Session, workspace_id: str, told: Collection[Reply]
) -> dict[tuple[str, str], str]:
    """The newest edit that was heard of, of those that were."""
    rows = session.execute(
        select(CommentRow.channel_id, CommentRow.ts, CommentRow.edited_ts).where(
            CommentRow.workspace_id == workspace_id,
            CommentRow.channel_id.in_({reply.channel_id for reply in told}),
            CommentRow.ts.in_({reply.ts for reply in told}),
        )
    )
    return {(row.channel_id, row.ts): row.edited_ts for row in rows}


def known_in(
    session: Session, workspace_id: str, thread: Thread, oldest: datetime, now: datetime
) -> frozenset[str]:
    """The comments of a thread that are there in Slack too, unless they were deleted: what is very
    new it may not show yet, and what is very old, no more.
    """
    if oldest < now - CERTAIN:
        return frozenset()
    rows = session.scalars(
        select(CommentRow.ts).where(
            CommentRow.workspace_id == workspace_id,
            CommentRow.channel_id == thread.channel_id,
            CommentRow.ts > stamp(oldest),
            CommentRow.ts < stamp(now - AWAY),
            CommentRow.thread_ts == thread.ts,
            CommentRow.deleted_at.is_(None),
        )
    )
    return frozenset(rows)


def done(
    session: Session,
    workspace_id: str,
    lessee: str,
    heard_until: datetime,
    refused: Mapping[str, str],
) -> bool:
    """All threads were asked: everything until then was heard, but in the channels that Slack
    `refused` to have read, and why. False when another copy has taken over.
    """
    row = session.get(CatchUpRow, workspace_id, with_for_update=True)
    if row is None or row.lease != lessee:
        return False
    row.lease, row.refused = None, dict(refused)
    session.execute(
        update(WorkspaceRow)
        .where(WorkspaceRow.workspace_id == workspace_id, WorkspaceRow.heard_until < heard_until)
        .values(heard_until=heard_until)
        .execution_options(synchronize_session=False)
    )
    return True


def release(session: Session, lessee: str) -> None:
    """This copy stops: the next one begins at once."""
    session.execute(
        update(CatchUpRow)
        .where(CatchUpRow.lease == lessee)
        .values(lease=None)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class Unread:
    """So many channels whose threads Slack does not let be read, for one reason."""

    error: str
    channels: tuple[str, ...]


def unread(session: Session) -> list[Unread]:
    """What replies could not be picked up the last time, in all workspaces."""
    by_reason: dict[str, list[str]] = {}
    for row in session.scalars(select(CatchUpRow)):
        known = select(ChannelRow.channel_id, ChannelRow.name).where(
            ChannelRow.workspace_id == row.workspace_id, ChannelRow.channel_id.in_(row.refused)
        )
        names = {channel_id: name for channel_id, name in session.execute(known) if name}
        for channel_id, error in row.refused.items():
            name = names.get(channel_id)
            by_reason.setdefault(error, []).append(f"#{name}" if name else channel_id)
    return [Unread(error, tuple(sorted(names))) for error, names in by_reason.items()]
