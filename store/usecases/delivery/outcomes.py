"""What came of a delivery, each in one transaction: the row of the outbox, and what it showed."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from store.outbox import budget, claims, leases, outbox
from store.outbox.budget import LOOK_UP, POST, PUBLISH, UPDATE, Charge
from store.outbox.outbox import Job
from store.tables.machinery import OutboxRow
from store.tables.records import BoardRow, OpportunityRow
from store.usecases import workspaces
from store.usecases.card import cards, channels
from store.usecases.digest import sending as digest_sending
from store.usecases.opportunity import hanging
from store.usecases.pipeline import boards

_SHUT_OUT = {outbox.BOARD: boards.shut_out, outbox.DIGEST: digest_sending.shut_out}
"""Whose maker is told what to do."""
PATIENCE = 5
"""So often the card of a line is posted anew because nothing can be said in its thread."""


def delivered(
    session: Session,
    job: Job,
    lessee: str,
    now: datetime,
    *,
    channel_id: str,
    ts: str,
    permalink: str | None,
    again_at: datetime | None = None,
) -> bool:
    """Slack has it, as it was when it was claimed. False when that is no longer so."""
    _lock(session, job)
    known: dict[str, Any] = {"channel_id": channel_id, "ts": ts, "permalink": permalink}
    if not leases.done(session, job, lessee, now, **known, again_at=again_at):
        return False
    if job.kind == outbox.CARD and job.ref_id is not None:
        cards.posted(session, job.workspace_id, job.ref_id, **known)
    if job.kind in (outbox.ACTIVITY, outbox.TASK) and job.ref_id is not None:
        hanging.posted(session, job.workspace_id, job.kind, job.ref_id, permalink)
    if job.kind == outbox.BOARD and job.ts is None and job.ref_id is not None:
        boards.stands(session, job.workspace_id, job.ref_id, now)
    return True


def found(session: Session, job: Job, lessee: str, now: datetime, *, ts: str) -> bool:
    """It arrived after all: how it looks by now is not known, so it is brought up to date next. A
    digest stays as it came.
    """
    where, again_at = job.channel_id or "", None if job.kind == outbox.DIGEST else now
    return delivered(
        session, job, lessee, now, channel_id=where, ts=ts, permalink=None, again_at=again_at
    )


def held(
    session: Session, job: Job, lessee: str, until: datetime, error: str, *, unsure: bool = False
) -> None:
    """Slack said 429: nobody makes such a call for this workspace before then."""
    leases.retry(session, job, lessee, until, error, unsure=unsure, failed=False)
    budget.hold(session, claims.charges(job)[:1], until)


def locked_out(
    session: Session, job: Job, lessee: str, until: datetime, error: str, *, unsure: bool = False
) -> None:
    """The token does not work: until then nothing is tried for this workspace but one call, so
    that a backlog does not knock at a closed door once for each row; where the bot is no longer
    installed, nothing at all until it is.
    """
    leases.retry(session, job, lessee, until, error, unsure=unsure, failed=False)
    if workspaces.is_uninstalled(session, job.workspace_id):
        outbox.park(session, job.workspace_id)
        return
    calls = [Charge(job.workspace_id, name) for name in (LOOK_UP, POST, PUBLISH, UPDATE)]
    budget.hold(session, calls, until)


def gone(session: Session, job: Job, lessee: str, now: datetime) -> None:
    """The message to update is not there any more: a card is posted again at once, a board is no
    longer live, a line stays deleted.
    """
    _lock(session, job)
    if job.kind == outbox.CARD and job.ref_id is not None:
        place = cards.lost(session, job.workspace_id, job.ref_id)
        leases.post_anew(session, job, lessee, now, place)
        return
    leases.give_up(session, job, lessee, "the message is gone")
    _retire(session, job)


def refused(session: Session, job: Job, lessee: str, now: datetime, error: str) -> None:
    """It can't stand there: a card goes to the next place, and its lines follow; anything else is
    told or dropped.
    """
    _lock(session, job)
    if job.kind == outbox.CARD and job.ref_id is not None:
        place = _next_place(session, job, job.ref_id, now)
        if place is not None:
            leases.post_anew(session, job, lessee, now, place)
            return
    if job.kind in outbox.IN_THREAD and job.ts is None and _card_moves(session, job, now):
        leases.retry(session, job, lessee, now, error)
        return
    if job.kind in _SHUT_OUT and job.ref_id is not None:
        _SHUT_OUT[job.kind](session, job.workspace_id, job.ref_id, now)
    if job.channel_id:
        channels.forget(session, job.workspace_id, job.channel_id)
    leases.give_up(session, job, lessee, error)
    _retire(session, job)


def homeless(session: Session, job: Job, lessee: str) -> None:
    """There is no Home to show: it is wanted again when somebody looks at it."""
    session.execute(
        delete(OutboxRow)
        .where(OutboxRow.id == job.id, OutboxRow.workspace_id == job.workspace_id)
        .where(OutboxRow.lease == lessee)
        .execution_options(synchronize_session=False)
    )


def threadless(session: Session, job: Job, lessee: str, now: datetime, error: str) -> None:
    """A line whose thread is not there: its card is posted first. Where that can't be, or does not
    help, the line is dropped; the history has it.
    """
    _lock(session, job)
    card = _card_of(session, job)
    stuck = card is None or card.state in (outbox.DEAD, outbox.UNKNOWN)
    if card is None or stuck or job.attempts >= PATIENCE:
        leases.give_up(session, job, lessee, error)
        return
    if card.ts is not None and card.ts == job.thread_ts:
        place = cards.lost(session, job.workspace_id, card.ref_id or 0)
        _post_anew(card, place)
    _want(session, card, now)
    leases.retry(session, job, lessee, now, error)


def dropped(session: Session, job: Job, lessee: str, error: str) -> None:
    """Slack won't have it as it is: not tried again."""
    if leases.give_up(session, job, lessee, error):
        _untell(session, job)


def buried(session: Session, job: Job, lessee: str, error: str) -> None:
    """Delivering it failed by a mistake of ours: not tried again until it is wanted anew; not even
    then when it may have arrived.
    """
    aimed = session.scalar(select(OutboxRow.aimed_at).where(OutboxRow.id == job.id))
    maybe = job.ts is None and aimed is not None
    state = outbox.UNKNOWN if maybe else outbox.DEAD
    if leases.give_up(session, job, lessee, error, state=state) and not maybe:
        _untell(session, job)


def _untell(session: Session, job: Job) -> None:
    """What a digest was to tell, the next one does."""
    if job.kind == outbox.DIGEST and job.ts is None and job.ref_id is not None:
        digest_sending.dropped(session, job.workspace_id, job.ref_id)


def _lock(session: Session, job: Job) -> None:
    """The opportunity before its rows in the outbox, as every change of it does: in the other order
    the two would wait for each other.
    """
    if job.opportunity_id is not None:
        session.execute(
            select(OpportunityRow.id)
            .where(
                OpportunityRow.workspace_id == job.workspace_id,
                OpportunityRow.id == job.opportunity_id,
            )
            .with_for_update()
        )


def _card_of(session: Session, job: Job) -> OutboxRow | None:
    found = select(OutboxRow).where(
        OutboxRow.workspace_id == job.workspace_id,
        OutboxRow.key == f"{outbox.CARD}:{job.opportunity_id}",
    )
    return session.scalar(found.with_for_update())


def _card_moves(session: Session, job: Job, now: datetime) -> bool:
    """Whether the card of this line goes to another place, because this one takes no posts."""
    card = _card_of(session, job)
    if card is None or card.ref_id is None or job.attempts >= PATIENCE:
        return False
    if card.channel_id != job.channel_id:
        return True  # It has gone already.
    place = _next_place(session, job, card.ref_id, now)
    if place is None:
        return False
    _post_anew(card, place)
    _want(session, card, now)
    return True


def _next_place(session: Session, job: Job, opportunity_id: int, now: datetime) -> str | None:
    """Where a card goes that can't stand in the channel of this job."""
    stands = session.scalar(
        select(OpportunityRow.card_channel).where(
            OpportunityRow.workspace_id == job.workspace_id, OpportunityRow.id == opportunity_id
        )
    )
    tried = job.channel_id or ""
    if stands and stands != tried and tried.startswith(("C", "G")):
        return stands  # It was sent elsewhere meanwhile.
    return cards.displaced(session, job.workspace_id, opportunity_id, now)


def _post_anew(card: OutboxRow, place: str | None) -> None:
    card.ts = card.permalink = card.thread_ts = card.aimed_at = None
    card.channel_id = place


def _want(session: Session, card: OutboxRow, now: datetime) -> None:
    session.flush()
    outbox.want(
        session,
        card.workspace_id,
        outbox.CARD,
        card.ref_id or 0,
        now,
        opportunity_id=card.opportunity_id,
        channel_id=card.channel_id,
    )


def _retire(session: Session, job: Job) -> None:
    """A board that can't be brought up to date is not live: changes don't ask for it again."""
    if job.kind != outbox.BOARD:
        return
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == job.id, OutboxRow.workspace_id == job.workspace_id)
        .values(kind=outbox.OLD_BOARD)
    )
    session.execute(
        update(BoardRow)
        .where(BoardRow.workspace_id == job.workspace_id, BoardRow.id == job.ref_id)
        .values(live=False)
    )
