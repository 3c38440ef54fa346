"""Digests before anything is done with them: which somebody can see, whether a channel can have
one, when one would come.
"""

from datetime import datetime
from itertools import islice

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from store.digest.digest import Digest, Schedule, Slot
from store.errors import Refusal
from store.person.person import Actor
from store.tables.records import ChannelRow
from store.tables.recurring import DigestRow
from store.usecases.card import channels
from store.usecases.digest import digests
from store.usecases.digest import rows as digest_rows

_SHOWN = 3
"""Times to come that a form shows."""


def to_add(session: Session, channel_id: str, *, by: Actor) -> None:
    """Refuses where this person can't add one."""
    by.must_write()
    digests.taking(digest_rows.seen(session, channel_id, by))
    if len(digests.listed(session, channel_id, by=by)) >= digests.MOST:
        raise Refusal(digests.FULL)


def coming(
    session: Session, digest_id: int, schedule: Schedule, *, by: Actor, now: datetime
) -> tuple[Slot, ...]:
    """The next times of a digest if that were its schedule: no day that was decided comes again,
    and none that it waits for is lost (its hour is then now).
    """
    by.must_read()
    row = digest_rows.found(session, digest_id, by)
    if row.paused_at is not None:
        first = next(schedule.after(now, row.last_slot))
    elif schedule == digest_rows.schedule_of(row) and row.next_slot and row.next_at:
        first = Slot(row.next_slot, row.next_at)
    else:
        first = schedule.instead(row.next_slot, now, row.last_slot)
    return first, *islice(schedule.after(now, first.day), _SHOWN - 1)


def seen(session: Session, *, by: Actor, limit: int) -> tuple[tuple[Digest, ...], int]:
    """Those of all channels that this person can see: their own first, then what comes next; and
    how many there are.
    """
    by.must_read()
    theirs = _theirs(by)
    of_channel = and_(
        ChannelRow.workspace_id == DigestRow.workspace_id,
        ChannelRow.channel_id == DigestRow.channel_id,
    )
    rows = session.scalars(
        select(DigestRow)
        .join(ChannelRow, of_channel)
        .where(*theirs)
        .order_by(
            DigestRow.maker_id != by.id,
            DigestRow.next_at.is_(None),
            DigestRow.next_at,
            DigestRow.id,
        )
        .limit(limit)
    )
    found = digest_rows.read(session, by.workspace_id, rows)
    if len(found) < limit:
        return found, len(found)
    count = select(func.count()).select_from(DigestRow).join(ChannelRow, of_channel).where(*theirs)
    return found, session.scalar(count) or 0


def _theirs(by: Actor) -> tuple[ColumnElement[bool], ...]:
    private = and_(
        ChannelRow.kind == channels.PRIVATE, DigestRow.channel_id.in_(by.private_channels)
    )
    return (
        DigestRow.workspace_id == by.workspace_id,
        DigestRow.deleted_at.is_(None),
        or_(ChannelRow.kind == channels.PUBLIC, private),
    )
