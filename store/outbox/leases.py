"""What becomes of a row of the outbox that was claimed: sent, tried again, given up. Each only
while the lease is still ours.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Update, case, update
from sqlalchemy.orm import Session

from store.outbox.outbox import DEAD, DUE, IDLE, QUIET, UNDER_WAY, UNSURE, Job
from store.tables.machinery import OutboxRow

NOTHING = "nothing to show"
"""What stands at a row that was not sent, and is as it should be."""


def aim(
    session: Session,
    job: Job,
    lessee: str,
    now: datetime,
    channel_id: str,
    thread_ts: str | None,
) -> Job | None:
    """Where a first post is going and when, kept before it goes, so that it can be looked for
    there. None when the lease has run out: another copy has it.
    """
    aimed: dict[str, Any] = {"channel_id": channel_id, "thread_ts": thread_ts, "aimed_at": now}
    return replace(job, **aimed) if _mine(session, job, lessee, **aimed) else None


def done(
    session: Session,
    job: Job,
    lessee: str,
    now: datetime,
    *,
    ts: str | None = None,
    channel_id: str | None = None,
    permalink: str | None = None,
    again_at: datetime | None = None,
) -> bool:
    """It stands in Slack as it was when `job` was claimed; due again if wanted since, or at
    `again_at`, when its look changes by itself. False when that is no longer so: another copy has
    taken it over, or it was deleted or sent elsewhere meanwhile, and is due again.
    """
    not_before = now + QUIET.get(job.kind, timedelta(0))
    more = OutboxRow.wanted > job.wanted
    again = max(again_at, not_before) if again_at else None
    where = OutboxRow.channel_id == job.channel_id, OutboxRow.ts.is_not_distinct_from(job.ts)
    kept = _mine(
        session,
        job,
        lessee,
        *where,
        ts=ts or job.ts,
        channel_id=channel_id or job.channel_id,
        permalink=permalink or job.permalink,
        done=job.wanted,
        attempts=0,
        error=None,
        lease=None,
        aimed_at=None,
        not_before=not_before,
        state=case((more, DUE), else_=DUE if again else IDLE),
        due_at=case((more, not_before), else_=again),
    )
    if not kept:
        _mine(session, job, lessee, state=DUE, due_at=now, lease=None, aimed_at=None)
    return kept


def retry(
    session: Session,
    job: Job,
    lessee: str,
    at: datetime,
    error: str,
    *,
    unsure: bool = False,
    failed: bool = True,
) -> bool:
    """It did not arrive (or, `unsure`, may have): again at that time. What has only to wait has not
    `failed`: it makes the next pause no longer.
    """
    return _mine(
        session,
        job,
        lessee,
        state=UNSURE if unsure else DUE,
        aimed_at=job.aimed_at if unsure else None,
        attempts=job.attempts + failed,
        due_at=at,
        not_before=at,
        lease=None,
        error=error[:500],
    )


def needless(session: Session, job: Job, lessee: str, now: datetime) -> bool:
    """There was nothing to show: not sent, unless it was wanted anew since the claim."""
    more = OutboxRow.wanted > job.wanted
    return _mine(
        session,
        job,
        lessee,
        state=case((more, DUE), else_=DEAD),
        due_at=case((more, now), else_=None),
        lease=None,
        error=NOTHING,
    )


def give_up(session: Session, job: Job, lessee: str, error: str, *, state: str = DEAD) -> bool:
    """Slack refused for good, or (UNKNOWN) will not say whether it arrived: not sent again."""
    return _mine(session, job, lessee, state=state, due_at=None, lease=None, error=error[:500])


def post_anew(
    session: Session, job: Job, lessee: str, now: datetime, channel_id: str | None
) -> bool:
    """The message is gone, or can't stand there: the next round posts it, in that channel."""
    return _mine(
        session,
        job,
        lessee,
        ts=None,
        permalink=None,
        channel_id=channel_id,
        thread_ts=None,
        aimed_at=None,
        state=DUE,
        due_at=now,
        lease=None,
    )


def release(session: Session, lessee: str, now: datetime) -> None:
    """What this copy had claimed and can't finish, because it stops: the next one takes it up at
    once, and looks for what may have arrived.
    """
    session.execute(
        update(OutboxRow)
        .where(UNDER_WAY, OutboxRow.lease == lessee)
        .values(state=case((OutboxRow.ts.is_(None), UNSURE), else_=DUE), due_at=now, lease=None)
        .execution_options(synchronize_session=False)
    )


def _of(job: Job) -> Update:
    return (
        update(OutboxRow)
        .where(OutboxRow.id == job.id, OutboxRow.workspace_id == job.workspace_id)
        .execution_options(synchronize_session=False)
    )


def _mine(session: Session, job: Job, lessee: str, *where: Any, **values: Any) -> bool:
    """Only while the lease is ours: false when another copy has taken the row over."""
    session.info["outbox"] = True
    ours = _of(job).where(OutboxRow.lease == lessee, *where).values(**values)
    return cast("CursorResult[Any]", session.execute(ours)).rowcount == 1
