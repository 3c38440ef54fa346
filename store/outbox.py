"""What people must see in Slack, saved in the transaction of the change it shows.

A row names what to show, not the blocks: a card, a thread line, a board, a word to somebody. It is
*wanted* some number of times and *done* as often as was delivered, so that ten quick changes are
one update. A row is due while `due_at` is set:

    due ──claim──▶ sending ──▶ idle (or due again)     sent, and right
     ▲                │
     └── retry ◀──────┼──▶ unsure ──look-up──▶ idle | due | unknown
                      └──▶ dead                        Slack refused for good

A claim is a lease: `due_at` is then the end of the lease, so a dead copy's rows come back by
themselves. A first post whose lease ran out may have arrived: it comes back as *unsure* and is
looked for before it is sent again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import (
    CursorResult,
    Update,
    case,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from store.budget import CHANNEL, LOOK_UP, POST, UPDATE, Charge, Ledger
from store.dialect import insert
from store.tables import OutboxRow

CARD, LINE, BOARD, OLD_BOARD, WORD = "card", "line", "board", "old_board", "word"
DUE, SENDING, UNSURE, IDLE, DEAD, UNKNOWN = "due", "sending", "unsure", "idle", "dead", "unknown"
PRIORITY = {CARD: 0, LINE: 1, WORD: 2, BOARD: 3, OLD_BOARD: 3}
LEASE = timedelta(seconds=30)
QUIET = {CARD: timedelta(seconds=1), BOARD: timedelta(seconds=10)}
"""The least time between two renders of one card, one board."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One claimed row, as delivery works on it. `ts` is None until Slack has the message."""

    workspace_id: str
    id: int
    key: str
    kind: str
    ref_id: int | None
    opportunity_id: int | None
    data: dict[str, Any] | None
    wanted: int
    unsure: bool
    attempts: int
    channel_id: str | None
    thread_ts: str | None
    ts: str | None
    permalink: str | None
    created_at: datetime


def want(
    session: Session,
    workspace_id: str,
    kind: str,
    ref_id: int,
    now: datetime,
    *,
    opportunity_id: int | None = None,
    channel_id: str | None = None,
) -> None:
    """That one thing must be shown as it now is; asked again before it was done, it is one job.
    `channel_id` is where it goes if it doesn't stand anywhere yet.
    """
    row = _row(workspace_id, kind, f"{kind}:{ref_id}", now)
    row |= {"ref_id": ref_id, "opportunity_id": opportunity_id, "channel_id": channel_id}
    statement = insert(session, OutboxRow).values(row)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["workspace_id", "key"], set_=_wanted_again(now)
        )
    )
    session.info["outbox"] = True


def want_boards(session: Session, workspace_id: str, now: datetime) -> None:
    """All live boards of the workspace must show the change."""
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.workspace_id == workspace_id, OutboxRow.kind == BOARD)
        .values(_wanted_again(now))
        .execution_options(synchronize_session=False)
    )
    session.info["outbox"] = True


def tell(
    session: Session, workspace_id: str, user_id: str, key: str, data: dict[str, Any], now: datetime
) -> None:
    """A word to one person by direct message, said once under its key."""
    row = _row(workspace_id, WORD, f"word:{key}", now) | {"data": data | {"user": user_id}}
    statement = insert(session, OutboxRow).values(row)
    session.execute(statement.on_conflict_do_nothing(index_elements=["workspace_id", "key"]))
    session.info["outbox"] = True


def _row(workspace_id: str, kind: str, key: str, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": workspace_id,
        "key": key,
        "kind": kind,
        "priority": PRIORITY[kind],
        "due_at": now,
        "not_before": now,
        "created_at": now,
    }


def _wanted_again(now: datetime) -> dict[str, Any]:
    soonest = case((OutboxRow.not_before > now, OutboxRow.not_before), else_=now)
    sooner = or_(OutboxRow.due_at.is_(None), OutboxRow.due_at > soonest)
    busy = OutboxRow.state.in_((SENDING, UNSURE, UNKNOWN))
    return {
        "wanted": OutboxRow.wanted + 1,
        "due_at": case((busy, OutboxRow.due_at), (sooner, soonest), else_=OutboxRow.due_at),
        "state": case((busy, OutboxRow.state), else_=DUE),
    }


@dataclass(frozen=True, slots=True)
class Claim:
    """The jobs taken in one round, and when to look again if nobody wakes delivery before."""

    jobs: list[Job]
    next_at: datetime | None


def claim(session: Session, lessee: str, now: datetime, limit: int) -> Claim:
    """Takes the next jobs as far as the rates allow: committed before any call to Slack, since from
    then on a first post may have arrived. What must wait is put off to when its turn comes.
    """
    rows = _due(session, now, limit)
    jobs = [_job(row) for row in rows]
    ledger = Ledger(session, now)
    ledger.load(c for job in jobs for c in charges(job))
    taken = []
    for job, row in zip(jobs, rows, strict=True):
        cost = charges(job)
        at = ledger.when(cost)
        ledger.charge(cost, kept=at <= now)
        if at > now:
            row.due_at = at
            continue
        row.state, row.lease, row.due_at = SENDING, lessee, now + LEASE
        row.attempts += 1
        taken.append(job)
    ledger.save()
    session.flush()
    return Claim(taken, session.scalar(select(func.min(OutboxRow.due_at))))


def charges(job: Job) -> list[Charge]:
    """What delivering it costs: an update, or a look-up, or a post in its channel."""
    if job.ts is not None:
        return [Charge(job.workspace_id, "chat.update", UPDATE)]
    if job.unsure:
        return [Charge(job.workspace_id, "look-up", LOOK_UP)]
    return [
        Charge(job.workspace_id, "chat.postMessage", POST),
        Charge(job.workspace_id, f"channel:{job.channel_id}", CHANNEL),
    ]


def _due(session: Session, now: datetime, limit: int) -> Sequence[OutboxRow]:
    """The next rows, in order: cards before lines before boards, and within a thread one by one,
    a missing card before its lines. Locks them against other copies until the transaction ends.
    """
    earlier = aliased(OutboxRow)
    blocked = exists().where(
        earlier.workspace_id == OutboxRow.workspace_id,
        earlier.opportunity_id == OutboxRow.opportunity_id,
        earlier.id < OutboxRow.id,
        earlier.due_at.is_not(None),
        earlier.ts.is_(None),
    )
    return session.scalars(
        select(OutboxRow)
        .where(OutboxRow.due_at <= now, or_(OutboxRow.kind != LINE, ~blocked))
        .order_by(OutboxRow.priority, OutboxRow.due_at, OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()


def _job(row: OutboxRow) -> Job:
    unsure = row.state == UNSURE or (row.state == SENDING and row.ts is None)
    return Job(
        workspace_id=row.workspace_id,
        id=row.id,
        key=row.key,
        kind=row.kind,
        ref_id=row.ref_id,
        opportunity_id=row.opportunity_id,
        data=row.data,
        wanted=row.wanted,
        unsure=unsure,
        attempts=row.attempts,
        channel_id=row.channel_id,
        thread_ts=row.thread_ts,
        ts=row.ts,
        permalink=row.permalink,
        created_at=row.created_at,
    )


def aim(session: Session, job: Job, lessee: str, channel_id: str, thread_ts: str | None) -> bool:
    """Where a first post is going, kept before it goes, so that it can be looked for there."""
    return _mine(session, job, lessee, channel_id=channel_id, thread_ts=thread_ts)


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
    `again_at`, when its look changes by itself.
    """
    not_before = now + QUIET.get(job.kind, timedelta(0))
    more = OutboxRow.wanted > job.wanted
    known: dict[str, Any] = {
        "ts": ts or job.ts,
        "channel_id": channel_id or job.channel_id,
        "permalink": permalink or job.permalink,
    }
    return _mine(
        session,
        job,
        lessee,
        **known,
        done=job.wanted,
        attempts=0,
        error=None,
        lease=None,
        not_before=not_before,
        state=case((more, DUE), else_=DUE if again_at else IDLE),
        due_at=case((more, not_before), else_=again_at),
    )


def retry(
    session: Session, job: Job, lessee: str, at: datetime, error: str, *, unsure: bool = False
) -> bool:
    """It did not arrive (or, `unsure`, may have): again at that time."""
    return _mine(
        session,
        job,
        lessee,
        state=UNSURE if unsure else DUE,
        due_at=at,
        not_before=at,
        lease=None,
        error=error[:500],
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
        state=DUE,
        due_at=now,
        lease=None,
    )


def _of(job: Job) -> Update:
    return (
        update(OutboxRow)
        .where(OutboxRow.id == job.id, OutboxRow.workspace_id == job.workspace_id)
        .execution_options(synchronize_session=False)
    )


def _mine(session: Session, job: Job, lessee: str, **values: Any) -> bool:
    """Only while the lease is ours: false when another copy has taken the row over."""
    session.info["outbox"] = True
    result = session.execute(_of(job).where(OutboxRow.lease == lessee).values(**values))
    return cast("CursorResult[Any]", result).rowcount == 1


def backlog(session: Session) -> dict[str, int]:
    """How many rows are in each state but idle: for doctor and metrics."""
    counted = select(OutboxRow.state, func.count()).where(OutboxRow.state != IDLE)
    rows = session.execute(counted.group_by(OutboxRow.state))
    return {row[0]: row[1] for row in rows}


def pending(session: Session, now: datetime) -> bool:
    """Whether anything is due by now, or on its way to Slack."""
    waiting = select(OutboxRow.id).where(or_(OutboxRow.due_at <= now, OutboxRow.state == SENDING))
    return session.scalar(waiting.limit(1)) is not None
