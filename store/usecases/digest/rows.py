"""Digests as they are kept: read for somebody, and their rows changed."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.digest.digest import Digest, DigestDraft, Part, Schedule, Slot
from store.errors import Gone, NotFound
from store.outbox import outbox
from store.person.person import Actor
from store.tables.recurring import DigestRow, DigestRunRow
from store.usecases.card import channels
from store.usecases.card.channels import Channel
from store.usecases.person import people
from store.usecases.pipeline import boards
from store.zones import is_zone

NOWHERE = "UTC"
"""The time zone of one whose own is not known any more: it is paused until it has another."""


class Why(StrEnum):
    """For what Dealthread pauses one by itself."""

    POSTS = "posts"
    SHARED = "shared"
    ZONE = "zone"


def schedule_of(row: DigestRow) -> Schedule:
    hour, minute = row.at.split(":")
    return Schedule(
        rhythm=row.rhythm,
        at=time(int(hour), int(minute)),
        tz=row.tz if is_zone(row.tz) else NOWHERE,
        days=tuple(row.days),
        month_day=row.month_day,
    )


def values_of(draft: DigestDraft) -> dict[str, Any]:
    schedule = draft.schedule
    return {
        "rhythm": schedule.rhythm,
        "at": f"{schedule.at:%H:%M}",
        "tz": schedule.tz,
        "days": list(schedule.days),
        "month_day": schedule.month_day,
        "filter": boards.filter_as_json(draft.filter),
        "parts": [part.value for part in draft.parts],
    }


def slot_values(slot: Slot | None) -> dict[str, Any]:
    """When it comes next; None while it is paused."""
    return {"next_slot": slot.day if slot else None, "next_at": slot.at if slot else None}


def next_of(row: DigestRow) -> Slot | None:
    return Slot(row.next_slot, row.next_at) if row.next_slot and row.next_at else None


def read(session: Session, workspace_id: str, rows: Iterable[DigestRow]) -> tuple[Digest, ...]:
    found = tuple(rows)
    ids = {one for row in found for one in (row.maker_id, row.paused_by)}
    named = people.names(session, workspace_id, ids)
    return tuple(
        Digest(
            id=row.id,
            channel_id=row.channel_id,
            maker=named[row.maker_id],
            schedule=schedule_of(row),
            filter=boards.filter_from_json(row.filter),
            parts=tuple(Part(part) for part in row.parts),
            paused=row.paused_at is not None,
            paused_by=named[row.paused_by] if row.paused_by else None,
            next=next_of(row),
            told_until=row.told_until,
            version=row.version,
        )
        for row in found
    )


def found(session: Session, digest_id: int, by: Actor, *, lock: bool = False) -> DigestRow:
    """One in a channel that this person can see; says who deleted it."""
    wanted = select(DigestRow).where(
        DigestRow.workspace_id == by.workspace_id, DigestRow.id == digest_id
    )
    row = session.scalar(wanted.with_for_update() if lock else wanted)
    if row is None or not _seen(channels.find(session, by.workspace_id, row.channel_id), by):
        raise NotFound("I can't find that digest. `/pipeline digest` lists those of a channel.")
    if row.deleted_at is not None:
        named = people.names(session, by.workspace_id, [row.changed_by])
        who = named[row.changed_by].name if row.changed_by else "Somebody"
        raise Gone(f"{who} deleted this digest.")
    return row


def run_of(session: Session, workspace_id: str, run_id: int) -> DigestRunRow:
    """One time that a digest was due, as it was decided."""
    wanted = select(DigestRunRow).where(
        DigestRunRow.workspace_id == workspace_id, DigestRunRow.id == run_id
    )
    return session.scalars(wanted).one()


def seen(session: Session, channel_id: str, by: Actor) -> Channel:
    """The channel, if digests can belong to it and this person can see it."""
    channel = channels.find(session, by.workspace_id, channel_id)
    if channel is None:
        raise NotFound(boards.INVITE)
    if not _seen(channel, by):
        raise NotFound("A digest belongs to a channel that you are in. Write this in one.")
    return channel


def _seen(channel: Channel | None, by: Actor) -> bool:
    return (
        channel is not None
        and channel.kind != channels.IM
        and channel.audience() in by.viewer.audiences
    )


def put(session: Session, row: DigestRow, values: Mapping[str, Any]) -> None:
    """Keeps what is no edit: a form that is open meanwhile can still be saved."""
    of_it = DigestRow.workspace_id == row.workspace_id, DigestRow.id == row.id
    session.execute(
        update(DigestRow)
        .where(*of_it)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    session.refresh(row)


def pause(session: Session, row: DigestRow, by: str | None, now: datetime) -> None:
    """Nothing is due until it is resumed. By None: Dealthread does it itself."""
    put(session, row, slot_values(None) | {"paused_at": now, "paused_by": by})


def stop(session: Session, row: DigestRow, why: Why, now: datetime) -> None:
    """Dealthread pauses it, and tells its maker what to do, once."""
    if row.paused_at is not None or row.deleted_at is not None:
        return
    pause(session, row, None, now)
    said = {"say": "digest", "why": why.value, "channel": _called(session, row), "tz": row.tz}
    key = f"digest:{row.id}:{now:%Y%m%d%H%M%S}"
    outbox.tell(session, row.workspace_id, row.maker_id, key, said, now)


def _called(session: Session, row: DigestRow) -> str:
    """What its channel is called, for its maker, who may not be in it any more."""
    known = channels.find(session, row.workspace_id, row.channel_id)
    if known is None or not known.name:
        return "its channel"
    sees = channels.is_seen(session, known, row.maker_id)
    return f"#{known.name}" if sees else "its channel"
