"""Which rows of the outbox go next: claimed under a lease, as far as Slack's rates allow."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from store.outbox import budget
from store.outbox.budget import CHANNEL, LOOK_UP, POST, PUBLISH, UPDATE, Charge, Ledger
from store.outbox.outbox import HOME, IN_THREAD, LEASE, PRIORITIES, SENDING, UNSURE, Job
from store.tables.machinery import OutboxRow

_MAY_HAVE_ARRIVED = and_(
    OutboxRow.ts.is_(None),
    OutboxRow.aimed_at.is_not(None),
    OutboxRow.state.in_((UNSURE, SENDING)),
)
"""A first post whose answer was lost, or whose lease ran out after it was aimed."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The jobs taken in one round, and when to look again if nobody wakes delivery before."""

    jobs: list[Job]
    next_at: datetime | None


def claim(session: Session, lessee: str, now: datetime, limit: int) -> Claim:
    """Takes the next jobs as far as the rates allow: committed before any call to Slack, since from
    then on a first post may have arrived.
    """
    soonest = _soonest(session)
    if soonest is None or soonest > now:
        return Claim([], soonest)
    opening = budget.waiting(session, now)
    rows = _due(session, now, limit, opening)
    jobs = [(row, _job(row)) for row in rows]
    ledger = Ledger(session, now, (charge for _, job in jobs for charge in charges(job)))
    taken = []
    for row, job in jobs:
        if ledger.take(charges(job)):
            row.state, row.lease, row.due_at = SENDING, lessee, now + LEASE
            taken.append(job)
    session.flush()
    return Claim(taken, _next_look(session, now, full=len(rows) == limit))


def charges(job: Job) -> list[Charge]:
    """What delivering it costs: an update, or a look-up, or a post in its channel; a Home is
    published.
    """
    if job.kind == HOME:
        return [Charge(job.workspace_id, PUBLISH)]
    if job.ts is not None:
        return [Charge(job.workspace_id, UPDATE)]
    if job.unsure:
        return [Charge(job.workspace_id, LOOK_UP)]
    channel = f"{CHANNEL}:{job.channel_id or ''}"
    return [Charge(job.workspace_id, POST), Charge(job.workspace_id, channel)]


def _next_look(session: Session, now: datetime, *, full: bool) -> datetime | None:
    """At once when there may be more; else at the next due time, or when a pace opens for which
    something waits. What waits for something else to be sent is woken by that.
    """
    if full:
        return now
    moments = [at for at in (_soonest(session, now),) if at]
    soonest = _soonest(session)
    if soonest is not None and soonest <= now:
        moments += budget.waiting(session, now).values()
    return min(moments, default=None)


def _soonest(session: Session, after: datetime | None = None) -> datetime | None:
    """The first due time: by priority, as the index goes."""
    late = [] if after is None else [OutboxRow.due_at > after]
    firsts = [
        select(func.min(OutboxRow.due_at)).where(OutboxRow.priority == p, *late).scalar_subquery()
        for p in PRIORITIES
    ]
    return min((at for at in session.execute(select(*firsts)).one() if at), default=None)


def _due(
    session: Session, now: datetime, limit: int, waiting: Collection[Charge]
) -> list[OutboxRow]:
    """The next rows, in order: cards before lines before boards. Locks them against other copies
    until the transaction ends. What waits for its pace, or for its place in the thread, is passed
    over, so that it hides nothing behind the limit.
    """
    rows: list[OutboxRow] = []
    for priority in PRIORITIES:
        rows += session.scalars(next_rows(now, priority, limit - len(rows), waiting))
        if len(rows) == limit:
            break
    return rows


def next_rows(
    now: datetime, priority: int, limit: int, waiting: Collection[Charge]
) -> Select[OutboxRow]:
    """Of one priority, because so the index gives them in order and nothing is sorted."""
    return (
        select(OutboxRow)
        .where(OutboxRow.priority == priority, OutboxRow.due_at <= now, *_paced(waiting))
        .where(or_(OutboxRow.kind.not_in(IN_THREAD), ~_blocked()))
        .order_by(OutboxRow.due_at, OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=OutboxRow)
    )


def _blocked() -> ColumnElement[bool]:
    """Within a thread one by one, and a missing card before its lines."""
    earlier = aliased(OutboxRow)
    return exists().where(
        earlier.workspace_id == OutboxRow.workspace_id,
        earlier.opportunity_id == OutboxRow.opportunity_id,
        earlier.id < OutboxRow.id,
        earlier.due_at.is_not(None),
        earlier.ts.is_(None),
    )


def _paced(waiting: Collection[Charge]) -> list[ColumnElement[bool]]:
    """Only rows whose paces allow a call now: `charges`, as SQL."""
    if not waiting:
        return []
    closed = [(charge.workspace_id, charge.name) for charge in waiting]
    call = case(
        (OutboxRow.kind == HOME, PUBLISH),
        (OutboxRow.ts.is_not(None), UPDATE),
        (_MAY_HAVE_ARRIVED, LOOK_UP),
        else_=POST,
    )
    channel = f"{CHANNEL}:" + func.coalesce(OutboxRow.channel_id, "")
    is_post = and_(OutboxRow.kind != HOME, OutboxRow.ts.is_(None), ~_MAY_HAVE_ARRIVED)
    return [
        tuple_(OutboxRow.workspace_id, call).not_in(closed),
        or_(~is_post, tuple_(OutboxRow.workspace_id, channel).not_in(closed)),
    ]


def _job(row: OutboxRow) -> Job:
    aimed = row.ts is None and row.aimed_at is not None
    return Job(
        workspace_id=row.workspace_id,
        id=row.id,
        key=row.key,
        kind=row.kind,
        ref_id=row.ref_id,
        opportunity_id=row.opportunity_id,
        data=row.data,
        wanted=row.wanted,
        unsure=aimed and row.state in (UNSURE, SENDING),
        attempts=row.attempts,
        channel_id=row.channel_id,
        thread_ts=row.thread_ts,
        ts=row.ts,
        permalink=row.permalink,
        aimed_at=row.aimed_at,
    )
