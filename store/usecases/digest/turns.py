"""When digests are due: each time is decided once, by whichever copy comes first, in the
transaction that writes what is to be posted (product page, 9).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Select, Table, bindparam, select, update
from sqlalchemy.orm import Session

from store.digest.digest import LATE, TOO_LATE, Outcome, Slot
from store.outbox import outbox
from store.tables.dialect import insert
from store.tables.records import ChannelRow, WorkspaceRow
from store.tables.recurring import DigestRow, DigestRunRow
from store.usecases.card import channels
from store.usecases.digest import rows as digest_rows
from store.usecases.digest.rows import Why, next_of, schedule_of, slot_values
from store.zones import is_zone

AT_ONCE = 2_000
"""Times that are decided in one transaction: after months without the bot there are many."""
SETTLES = timedelta(seconds=5)
"""It is read so long after the moment until which it tells: what was pressed before that is saved
by then, or neither this digest nor the next one would tell it.
"""
_TOLD = (Outcome.SENT, Outcome.LATE)
_DIGESTS = cast("Table", DigestRow.__table__)
_RUNS = cast("Table", DigestRunRow.__table__)


@dataclass(frozen=True, slots=True)
class _Turn:
    """The times that a digest was due, and the next one; only the newest of them can be told."""

    row: DigestRow
    slots: Sequence[Slot]
    coming: Slot
    newest: Outcome
    why_not: Why | None = None

    @property
    def told(self) -> bool:
        return self.newest in _TOLD


def decide_due(session: Session, now: datetime, limit: int = 500) -> int:
    """Decides what is due, of so many digests; how many times that were. What another copy holds
    is left to that. Where the bot isn't installed any more, they wait.
    """
    found = session.execute(_due(now, limit)).all()
    turns = list(_turns(found, now))
    _keep(session, turns, now)
    for turn in turns:
        if turn.why_not is not None:
            digest_rows.stop(session, turn.row, turn.why_not, now)
    return sum(len(turn.slots) for turn in turns)


def decide_one(session: Session, row: DigestRow, now: datetime, *, skip: bool = False) -> None:
    """The same for one that is locked, before something else happens to it; to `skip` tells none
    of what is due.
    """
    channel = channels.find(session, row.workspace_id, row.channel_id)
    why_not = _why_not(row, shared=channel is not None and channel.shared)
    while (first := next_of(row)) and first.at <= now:
        _keep(session, [_turn(row, first, now, AT_ONCE, why_not, skip=skip)], now)
        session.refresh(row)
        if why_not is not None:
            digest_rows.stop(session, row, why_not, now)


def by_hand(session: Session, row: DigestRow, by_id: str, now: datetime) -> None:
    """Sends one that is locked now, whatever its schedule says."""
    until = max(now, row.told_until)
    run = _run(row, f"now {now:%Y-%m-%d %H:%M}", now, now) | {"outcome": Outcome.BY_HAND}
    run |= {"until": until, "by": by_id}
    if _post(session, [run], {row.id: row.channel_id}, now):
        digest_rows.put(session, row, {"told_until": until})


def _due(now: datetime, limit: int) -> Select[DigestRow, bool | None]:
    return (
        select(DigestRow, ChannelRow.shared)
        .join(WorkspaceRow, WorkspaceRow.workspace_id == DigestRow.workspace_id)
        .outerjoin(
            ChannelRow,
            (ChannelRow.workspace_id == DigestRow.workspace_id)
            & (ChannelRow.channel_id == DigestRow.channel_id),
        )
        .where(DigestRow.next_at <= now, WorkspaceRow.uninstalled_at.is_(None))
        .order_by(DigestRow.next_at, DigestRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=DigestRow)
    )


def _turns(found: Iterable[Any], now: datetime) -> Iterator[_Turn]:
    left = AT_ONCE
    for row, shared in found:
        first = next_of(row)
        if first is None:
            continue
        turn = _turn(row, first, now, left, _why_not(row, shared=bool(shared)))
        yield turn
        left -= len(turn.slots)
        if left <= 0:
            return


def _why_not(row: DigestRow, *, shared: bool) -> Why | None:
    if shared:
        return Why.SHARED
    return None if is_zone(row.tz) else Why.ZONE


def _turn(
    row: DigestRow,
    first: Slot,
    now: datetime,
    most: int,
    why_not: Why | None,
    *,
    skip: bool = False,
) -> _Turn:
    """Of several times only the newest is told, with all that changed since the last one."""
    slots, coming = schedule_of(row).come(first, now, most)
    late = now - slots[-1].at
    newest = Outcome.SENT if late <= LATE else Outcome.LATE
    if skip or why_not is not None or late >= TOO_LATE or coming.at <= now:
        newest = Outcome.SKIPPED
    return _Turn(row, slots, coming, newest, why_not)


def _keep(session: Session, turns: Sequence[_Turn], now: datetime) -> None:
    """By three statements, however many they are."""
    if not turns:
        return
    runs = [run for turn in turns for run in _runs(turn, now)]
    _post(session, runs, {turn.row.id: turn.row.channel_id for turn in turns}, now)
    of_it = _DIGESTS.c.workspace_id == bindparam("team"), _DIGESTS.c.id == bindparam("digest")
    moved = ("next_slot", "next_at", "last_slot", "told_until")
    types = {name: _DIGESTS.c[name].type for name in moved}
    session.connection().execute(
        update(_DIGESTS)
        .where(*of_it)
        .values({n: bindparam(f"to_{n}", type_=types[n]) for n in types}),
        [_moved(turn, now) for turn in turns],
    )


def _moved(turn: _Turn, now: datetime) -> dict[str, Any]:
    row = turn.row
    values = slot_values(turn.coming) | {"last_slot": turn.slots[-1].day}
    values |= {"told_until": max(now, row.told_until) if turn.told else row.told_until}
    to = {f"to_{name}": value for name, value in values.items()}
    return {"team": row.workspace_id, "digest": row.id, **to}


def _runs(turn: _Turn, now: datetime) -> Iterator[dict[str, Any]]:
    *missed, newest = turn.slots
    for slot in missed:
        yield _run(turn.row, slot.day.isoformat(), slot.at, now)
    run = _run(turn.row, newest.day.isoformat(), newest.at, now) | {"outcome": turn.newest}
    yield run | ({"until": max(now, turn.row.told_until)} if turn.told else {})


def _run(row: DigestRow, slot: str, due_at: datetime, now: datetime) -> dict[str, Any]:
    """One that is skipped: it tells of no time at all."""
    return {
        "workspace_id": row.workspace_id,
        "digest_id": row.id,
        "slot": slot,
        "due_at": due_at,
        "decided_at": now,
        "outcome": Outcome.SKIPPED,
        "since": row.told_until,
        "until": row.told_until,
        "by": None,
    }


def _post(
    session: Session, runs: Sequence[dict[str, Any]], places: dict[int, str], now: datetime
) -> bool:
    """Records them, and has those posted that are told; whether there is any. What was decided
    before stays as it was.
    """
    once = insert(session, _RUNS)
    once = once.on_conflict_do_nothing(index_elements=["workspace_id", "digest_id", "slot"])
    kept = once.returning(_RUNS.c.workspace_id, _RUNS.c.id, _RUNS.c.digest_id, _RUNS.c.outcome)
    new = session.connection().execute(kept, runs).all()
    told = [
        (one.workspace_id, one.id, places[one.digest_id])
        for one in new
        if one.outcome is not Outcome.SKIPPED
    ]
    outbox.post_many(session, outbox.DIGEST, told, now, now + SETTLES)
    return bool(told)
