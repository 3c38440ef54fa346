"""Digests in a workspace without Slack: made, decided, and what came of it."""

from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import select, update

from store.digest.digest import Digest, DigestDraft, Schedule
from store.outbox import outbox
from store.person.person import Actor
from store.tables.machinery import OutboxRow
from store.tables.recurring import DigestRow, DigestRunRow
from store.usecases.card import channels
from store.usecases.card.channels import Channel
from store.usecases.digest import digests
from store.usecases.digest import turns as digest_turns
from tests.store.crm import DEALS, TEAM, Crm

NINE = time(9)


def instant(day: int, hour: int, minute: int = 0, *, month: int = 11) -> datetime:
    """In 2026, where the clock of the tests stands at Monday, 23 November, 10:00; in winter UTC is
    as London says it.
    """
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def schedule(**said: Any) -> Schedule:
    return Schedule(**{"at": NINE, "tz": "Europe/London", **said})


def made(crm: Crm, by: Actor | None = None, place: str = DEALS, **said: Any) -> Digest:
    return crm.do(digests.add, DigestDraft(schedule=schedule(**said)), place, by=by)


def looked(crm: Crm, digest: Digest, by: Actor | None = None) -> Digest:
    return crm.store.read_now(digests.one, digest.id, by=by or crm.alice)


def edited(crm: Crm, digest: Digest, by: Actor | None = None, **said: Any) -> Digest:
    """With another schedule, as from a form that was opened just now."""
    draft = DigestDraft(schedule=schedule(**said), filter=digest.filter, parts=digest.parts)
    version = looked(crm, digest).version
    return crm.do(digests.edit, digest.id, draft, version=version, by=by)


def decided(crm: Crm) -> int:
    return crm.store.write_now(digest_turns.decide_due, crm.now)


def runs(crm: Crm) -> list[tuple[str, str]]:
    """What each time came to, in the order of deciding."""
    query = select(DigestRunRow.slot, DigestRunRow.outcome).order_by(DigestRunRow.id)
    return crm.store.read_now(lambda s: [(slot, what.value) for slot, what in s.execute(query)])


def spans(crm: Crm) -> list[tuple[datetime, datetime]]:
    """The times that the digests tell of."""
    query = select(DigestRunRow.since, DigestRunRow.until).order_by(DigestRunRow.id)
    return crm.store.read_now(lambda s: [(since, until) for since, until in s.execute(query)])


def posts(crm: Crm) -> list[tuple[str, int]]:
    """Where each is to be posted, and which run it shows."""
    query = select(OutboxRow.channel_id, OutboxRow.ref_id).where(OutboxRow.kind == outbox.DIGEST)
    query = query.order_by(OutboxRow.id)
    return crm.store.read_now(lambda s: [(place, ref) for place, ref in s.execute(query)])


def row(crm: Crm, digest: Digest) -> DigestRow:
    return crm.store.read_now(lambda session: session.get_one(DigestRow, digest.id))


def know(crm: Crm, channel_id: str = DEALS, members: Any = None, **about: Any) -> None:
    """What Slack says of a channel."""
    said = {"name": channel_id[2:].lower(), "bot_in": True} | about
    channel = Channel(workspace_id=TEAM, id=channel_id, **said)
    crm.store.write_now(channels.know, channel, crm.now, members)


def forget_zone(crm: Crm, digest: Digest) -> None:
    """Its time zone is not known any more."""
    lost = update(DigestRow).where(DigestRow.id == digest.id).values(tz="Mars/Phobos")
    crm.store.write_now(lambda session: session.execute(lost))
