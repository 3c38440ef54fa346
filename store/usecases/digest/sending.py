"""What becomes of a digest on its way to its channel: held up for too long, or not to stand there.
What it was to tell, the next one tells.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from store.digest.digest import TOO_LATE, Outcome
from store.outbox import leases, outbox
from store.tables.machinery import OutboxRow
from store.tables.recurring import DigestRow, DigestRunRow
from store.usecases.card import channels
from store.usecases.digest import rows as digest_rows
from store.usecases.digest.rows import Why

_BY_SCHEDULE = (Outcome.SENT, Outcome.LATE)


class Withheld(StrEnum):
    """Why one that was decided is not posted after all."""

    LATE = "late"
    SHARED = "shared"
    DELETED = "deleted"


def withheld(session: Session, workspace_id: str, run_id: int, now: datetime) -> Withheld | None:
    """Whether it may not be posted, just before it is."""
    run = digest_rows.run_of(session, workspace_id, run_id)
    row = session.get_one(DigestRow, run.digest_id)
    if row.deleted_at is not None:
        return Withheld.DELETED
    if _is_too_late(run, now):
        return Withheld.LATE
    channel = channels.find(session, workspace_id, row.channel_id)
    return Withheld.SHARED if channel is not None and channel.shared else None


def withhold(
    session: Session, workspace_id: str, run_id: int, why: Withheld, now: datetime
) -> None:
    """It is recorded as skipped; where it may stand no more, it is paused and its maker told."""
    row, run = _locked(session, workspace_id, run_id)
    _skip(session, row, run)
    if why is Withheld.SHARED:
        digest_rows.stop(session, row, Why.SHARED, now)


def shut_out(session: Session, workspace_id: str, run_id: int, now: datetime) -> None:
    """Slack refuses it for good in its channel: it is paused, and its maker told once."""
    row, run = _locked(session, workspace_id, run_id)
    _skip(session, row, run)
    digest_rows.stop(session, row, Why.POSTS, now)


def dropped(session: Session, workspace_id: str, run_id: int) -> None:
    """It can't be posted, by a mistake of ours: it is recorded as skipped."""
    _skip(session, *_locked(session, workspace_id, run_id))


def skip_late(session: Session, now: datetime, limit: int = 500) -> int:
    """Skips what could not be posted for so long that it is too late now; how many. Before newer
    ones are decided, so that those tell it.
    """
    waiting = session.scalars(_late(now, limit)).all()
    for post in waiting:
        row, run = _locked(session, post.workspace_id, post.ref_id or 0)
        _skip(session, row, run)
        post.state, post.due_at, post.error = outbox.DEAD, None, leases.NOTHING
    return len(waiting)


def _late(now: datetime, limit: int) -> Select[OutboxRow]:
    """What waits for another look-up may have arrived: that is left alone."""
    of_run = and_(
        DigestRunRow.workspace_id == OutboxRow.workspace_id, DigestRunRow.id == OutboxRow.ref_id
    )
    return (
        select(OutboxRow)
        .join(DigestRunRow, of_run)
        .where(
            OutboxRow.priority == outbox.PRIORITY[outbox.DIGEST],
            OutboxRow.due_at.is_not(None),
            OutboxRow.kind == outbox.DIGEST,
            OutboxRow.state == outbox.DUE,
            OutboxRow.ts.is_(None),
            DigestRunRow.outcome.in_(_BY_SCHEDULE),
            DigestRunRow.due_at <= now - TOO_LATE,
        )
        .order_by(OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=OutboxRow)
    )


def _locked(session: Session, workspace_id: str, run_id: int) -> tuple[DigestRow, DigestRunRow]:
    run = digest_rows.run_of(session, workspace_id, run_id)
    row = session.get_one(DigestRow, run.digest_id, with_for_update=True)
    session.refresh(run)
    return row, run


def _is_too_late(run: DigestRunRow, now: datetime) -> bool:
    """One that was sent by hand is awaited, however late."""
    if run.outcome is Outcome.SKIPPED:
        return True
    return run.outcome in _BY_SCHEDULE and now - run.due_at >= TOO_LATE


def _skip(session: Session, row: DigestRow, run: DigestRunRow) -> None:
    """It tells nothing: the one after it, if that was decided already, else the next one does."""
    if run.outcome is Outcome.SKIPPED:
        return
    until, run.until, run.outcome = run.until, run.since, Outcome.SKIPPED
    for later in _since(session, run, until):
        later.since = run.since
        if later.outcome is not Outcome.SKIPPED:
            return
        later.until = run.since
    if row.told_until == until:
        digest_rows.put(session, row, {"told_until": run.since})


def _since(session: Session, run: DigestRunRow, until: datetime) -> Sequence[DigestRunRow]:
    """Those after it that begin where it ended."""
    return session.scalars(
        select(DigestRunRow)
        .where(
            DigestRunRow.workspace_id == run.workspace_id,
            DigestRunRow.digest_id == run.digest_id,
            DigestRunRow.id > run.id,
            DigestRunRow.since == until,
        )
        .order_by(DigestRunRow.id)
    ).all()
