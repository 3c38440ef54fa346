"""The digests of a channel: added, edited, paused, deleted, sent by hand (product page, 9)."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from store.digest.digest import Digest, DigestDraft, Outcome
from store.errors import Conflict, NotAllowed, NotFound, Refusal
from store.outbox import outbox
from store.person.person import Actor
from store.tables.records import ChannelRow
from store.tables.recurring import DigestRow, DigestRunRow
from store.usecases.card.channels import Channel
from store.usecases.digest import rows as digest_rows
from store.usecases.digest import turns as digest_turns
from store.usecases.digest.rows import found, schedule_of, slot_values
from store.usecases.person import people
from store.usecases.pipeline import boards
from store.zones import is_zone

MOST = 20
"""Digests in one channel."""
FULL = f"This channel has {MOST} digests. Delete one first."
AGAIN = timedelta(minutes=1)
"""Sent by hand once more within it, it is one press."""
OUTSIDERS = "People from outside are in this channel, so no digest can come here."


def listed(session: Session, channel_id: str, *, by: Actor) -> tuple[Digest, ...]:
    """Those of the channel, oldest first; also where none can be posted any more."""
    by.must_read()
    channel = digest_rows.seen(session, channel_id, by)
    rows = session.scalars(select(DigestRow).where(*_of(channel)).order_by(DigestRow.id))
    return digest_rows.read(session, by.workspace_id, rows)


def one(session: Session, digest_id: int, *, by: Actor) -> Digest:
    """Refuses when it was deleted, saying by whom, or is in a channel that they can't see."""
    by.must_read()
    return _read(session, found(session, digest_id, by))


def add(
    session: Session, draft: DigestDraft, channel_id: str, *, by: Actor, now: datetime
) -> Digest:
    """A new one. Its first time it tells what changed since it last would have come."""
    by.must_write()
    channel = taking(digest_rows.seen(session, channel_id, by))
    draft = draft.checked()
    _room(session, channel)
    row = DigestRow(
        workspace_id=by.workspace_id,
        channel_id=channel.id,
        maker_id=by.id,
        created_at=now,
        told_until=draft.schedule.before(now),
        **digest_rows.values_of(draft),
        **slot_values(next(draft.schedule.after(now))),
    )
    session.add(row)
    session.flush()
    return _kept(session, row, by, now)


def edit(
    session: Session, digest_id: int, draft: DigestDraft, *, version: int, by: Actor, now: datetime
) -> Digest:
    """Saves what the form says, which was filled from that `version`; refuses, naming who, when
    somebody edited it since. No time that it is due is lost by it, and none comes twice.
    """
    row = _to_change(session, digest_id, by)
    draft = draft.checked()
    taking(digest_rows.seen(session, row.channel_id, by))
    if row.version != version:
        _nobody_else(session, row)
    digest_turns.decide_one(session, row, now)
    values = digest_rows.values_of(draft)
    if row.paused_at is None and draft.schedule != schedule_of(row):
        slot = draft.schedule.instead(row.next_slot, now, row.last_slot)
        values |= slot_values(slot)
    for name, value in values.items():
        setattr(row, name, value)
    row.changed_by = by.id
    session.flush()
    return _kept(session, row, by, now)


def pause(session: Session, digest_id: int, *, by: Actor, now: datetime) -> Digest:
    """What is due already still comes. Paused already, it stays as it is."""
    row = _to_change(session, digest_id, by)
    digest_turns.decide_one(session, row, now)
    if row.paused_at is None:
        digest_rows.pause(session, row, by.id, now)
    return _kept(session, row, by, now)


def resume(session: Session, digest_id: int, *, by: Actor, now: datetime) -> Digest:
    """Goes on at its next time; what would have come meanwhile does not, and what changed since
    the last one is told then.
    """
    row = _to_change(session, digest_id, by)
    taking(digest_rows.seen(session, row.channel_id, by))
    if row.paused_at is not None:
        if not is_zone(row.tz):
            raise Refusal(f"The time zone {row.tz} is not known any more. Edit it first.")
        slot = next(schedule_of(row).after(now, row.last_slot))
        digest_rows.put(session, row, slot_values(slot) | {"paused_at": None, "paused_by": None})
    return _kept(session, row, by, now)


def delete(session: Session, digest_id: int, *, by: Actor, now: datetime) -> None:
    """Nothing comes from it any more, also not what is due already."""
    row = _to_change(session, digest_id, by)
    digest_turns.decide_one(session, row, now, skip=True)
    row.deleted_at, row.changed_by = now, by.id
    row.next_slot = row.next_at = None
    session.flush()
    outbox.want_homes(session, by.workspace_id, [by.id], now)


def send_now(session: Session, digest_id: int, *, by: Actor, now: datetime) -> Digest:
    """Sends it once more, by hand; the next one tells what changes from now on. Twice in a minute
    is once.
    """
    row = _to_change(session, digest_id, by)
    taking(digest_rows.seen(session, row.channel_id, by))
    digest_turns.decide_one(session, row, now)
    if not _just_sent(session, row, now):
        digest_turns.by_hand(session, row, by.id, now)
    return _kept(session, row, by, now)


def _just_sent(session: Session, row: DigestRow, now: datetime) -> bool:
    """Whether somebody sent it by hand within the last minute, also across the full minute that is
    the key of its run.
    """
    sent = select(DigestRunRow.id).where(
        DigestRunRow.workspace_id == row.workspace_id,
        DigestRunRow.digest_id == row.id,
        DigestRunRow.outcome == Outcome.BY_HAND,
        DigestRunRow.decided_at > now - AGAIN,
    )
    return session.scalar(sent.limit(1)) is not None


def _of(channel: Channel) -> tuple[ColumnElement[bool], ...]:
    return (
        DigestRow.workspace_id == channel.workspace_id,
        DigestRow.channel_id == channel.id,
        DigestRow.deleted_at.is_(None),
    )


def _read(session: Session, row: DigestRow) -> Digest:
    (digest,) = digest_rows.read(session, row.workspace_id, [row])
    return digest


def _kept(session: Session, row: DigestRow, by: Actor, now: datetime) -> Digest:
    """As it now is; the Home of whoever changed it shows that."""
    outbox.want_homes(session, by.workspace_id, [by.id], now)
    return _read(session, row)


def _to_change(session: Session, digest_id: int, by: Actor) -> DigestRow:
    by.must_write()
    return found(session, digest_id, by, lock=True)


def taking(channel: Channel) -> Channel:
    """The channel; refuses where a digest can't be posted."""
    if not channel.takes_posts:
        raise NotFound(boards.INVITE)
    if channel.shared:
        raise NotAllowed(OUTSIDERS)
    return channel


def _room(session: Session, channel: Channel) -> None:
    """Refuses one too many; two people who add at once wait for each other."""
    key = (channel.workspace_id, channel.id)
    session.get(ChannelRow, key, with_for_update=True)
    there = session.scalar(select(func.count()).select_from(DigestRow).where(*_of(channel)))
    if (there or 0) >= MOST:
        raise Refusal(FULL)


def _nobody_else(session: Session, row: DigestRow) -> None:
    named = people.names(session, row.workspace_id, [row.changed_by])
    who = named[row.changed_by].name if row.changed_by else "Somebody"
    said = f"{who} changed this digest meanwhile. Open it again to see how it is now."
    raise Conflict(said, {"schedule": who})
