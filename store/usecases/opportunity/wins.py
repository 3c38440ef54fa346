"""Loud wins: decided when a deal is won, looked at again when its two minutes are over (product
page, 4). One message for one win, however often it was undone and won again meanwhile.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from store.opportunity.history import Kind
from store.opportunity.status import Status
from store.opportunity.win import SAME, WAITS, Feat, Record, WinShown, quarter
from store.outbox import outbox
from store.person.person import Actor, Person
from store.tables.dialect import insert
from store.tables.machinery import OutboxRow
from store.tables.records import HistoryRow, OpportunityRow
from store.usecases import workspaces
from store.usecases.card import channels
from store.usecases.card.channels import Channel
from store.usecases.opportunity import reading
from store.usecases.person import people
from store.usecases.settings import channels as channel_settings
from store.workspace import Workspace


def follow(
    session: Session,
    row: OpportunityRow,
    fields: Mapping[str, Sequence[Any]],
    by: Actor | None,
    now: datetime,
) -> None:
    """Its status has just changed. Won, it is to be told in two minutes, where the channel of its
    card wants that; what was told already is put right at once.
    """
    if Status.WON not in fields["status"]:
        return
    known = _row(session, row)
    if known is not None and known.ts is not None and now - known.created_at <= SAME:
        outbox.want(session, row.workspace_id, outbox.WIN, row.id, now)
    elif row.status is Status.WON and _is_news(session, row, by, now):
        _announce(session, row, known, now)


def _row(session: Session, row: OpportunityRow) -> OutboxRow | None:
    """Locked: what is being delivered just now is not posted a second time."""
    found = select(OutboxRow).where(
        OutboxRow.workspace_id == row.workspace_id, OutboxRow.key == f"{outbox.WIN}:{row.id}"
    )
    return session.scalar(found.with_for_update().execution_options(populate_existing=True))


def _is_news(session: Session, row: OpportunityRow, by: Actor | None, now: datetime) -> bool:
    """Won today, wherever the person or the workspace is; a day in the past makes no noise."""
    workspace = workspaces.load(session, row.workspace_id)
    zones = [workspace.zone, *([by.zone] if by else [])]
    today = min(now.astimezone(zone).date() for zone in zones)
    if row.closed_on is None or row.closed_on < today:
        return False
    return _loud_in(session, row) is not None


def _loud_in(session: Session, row: OpportunityRow) -> Channel | None:
    """The channel of its card, if that is one and wants to hear of a win at this price."""
    channel = channels.find(session, row.workspace_id, row.card_channel or "")
    if channel is None or channel.kind == channels.IM:
        return None
    if not channel.takes_posts or channel.shared or row.audience != channel.audience():
        return None
    price = reading.money(row.final_value_minor, row.final_currency)
    wanted = channel_settings.of(session, row.workspace_id, channel.id)
    return channel if wanted.is_loud(price) else None


def _announce(
    session: Session, row: OpportunityRow, known: OutboxRow | None, now: datetime
) -> None:
    """A message of its own, that waits. A win of long ago has its own message, and keeps it. It
    does not carry its opportunity: what is said in the thread need not wait for it.
    """
    due = now + WAITS
    fresh = {
        "state": outbox.DUE,
        "due_at": due,
        "not_before": due,
        "created_at": now,
        "channel_id": row.card_channel,
    }
    if known is None:
        made = outbox.row_of(row.workspace_id, outbox.WIN, f"{outbox.WIN}:{row.id}", now)
        session.execute(insert(session, OutboxRow).values(made | {"ref_id": row.id} | fresh))
    elif known.state in (outbox.SENDING, outbox.UNSURE):
        known.wanted += 1  # It is on its way, or may have arrived: then it is put right.
    else:
        known.wanted += 1
        known.ts = known.permalink = known.aimed_at = known.lease = None
        for name, value in fresh.items():
            setattr(known, name, value)
    session.info["outbox"] = True


def to_show(
    session: Session,
    workspace_id: str,
    opportunity_id: int,
    now: datetime,
    *,
    stands: str | None = None,
) -> WinShown | None:
    """What delivery renders; None when there is nothing to tell (any more). What `stands` in a
    channel already is only put right, as long as those who read that channel may see its deal.
    """
    row = session.scalars(
        select(OpportunityRow).where(
            OpportunityRow.workspace_id == workspace_id, OpportunityRow.id == opportunity_id
        )
    ).one()
    workspace = workspaces.load(session, workspace_id)
    won = row.status is Status.WON
    if stands is not None:
        channel = _seen_in(session, row, stands)
    else:
        channel = _loud_in(session, row) if won and row.archived_at is None else None
    if channel is None:
        return None
    days = _days(row, workspace)
    return WinShown(
        opportunity=reading.one(session, row, workspace, now),
        workspace=workspace,
        days=days,
        records=_records(session, row, channel, days, workspace) if won else (),
        taken_back=not won,
        back_by=None if won else _back_by(session, row),
    )


def _seen_in(session: Session, row: OpportunityRow, channel_id: str) -> Channel | None:
    """The channel, if all who read it may see this deal: its card may stand elsewhere by now."""
    channel = channels.find(session, row.workspace_id, channel_id)
    seen = channel is not None and row.audience in channel.viewer().audiences
    return channel if seen else None


def _back_by(session: Session, row: OpportunityRow) -> Person | None:
    """Who took it back last."""
    by = session.scalar(
        select(HistoryRow.by)
        .where(
            HistoryRow.workspace_id == row.workspace_id,
            HistoryRow.opportunity_id == row.id,
            HistoryRow.kind.in_((Kind.UNDONE, Kind.REOPENED)),
        )
        .order_by(HistoryRow.id.desc())
        .limit(1)
    )
    return people.names(session, row.workspace_id, [by]).get(by or "")


def _days(row: OpportunityRow, workspace: Workspace) -> int:
    """As the card says it: by the calendar of the workspace."""
    closed_on = row.closed_on or row.status_since.astimezone(workspace.zone).date()
    return (closed_on - row.created_at.astimezone(workspace.zone).date()).days


def _records(
    session: Session, row: OpportunityRow, channel: Channel, days: int, workspace: Workspace
) -> tuple[Record, ...]:
    """What it is the first in, of the wins that all readers of the channel may see. The only win
    of its time is the first in nothing.
    """
    if row.closed_on is None:
        return ()
    others = (
        reading.seen_by(channel.viewer()),
        OpportunityRow.status == Status.WON,
        OpportunityRow.archived_at.is_(None),
        OpportunityRow.id != row.id,
        OpportunityRow.closed_on <= row.closed_on,
    )
    largest = _largest(session, row, others, quarter(row.closed_on))
    year = date(row.closed_on.year, 1, 1)
    fastest = _fastest(session, days, others, year, workspace) if days > 0 else 0
    found = ((Feat.LARGEST, largest), (Feat.FASTEST, fastest))
    return tuple(Record(feat, beaten + 1) for feat, beaten in found if beaten)


def _largest(
    session: Session, row: OpportunityRow, others: Sequence[ColumnElement[bool]], since: date
) -> int:
    """How many it beats since then, in its currency; none unless it beats all."""
    price = row.final_value_minor
    if price is None:
        return 0
    priced = OpportunityRow.final_value_minor.is_not(None)
    alike = OpportunityRow.final_currency == row.final_currency
    count, most = session.execute(
        select(func.count(), func.max(OpportunityRow.final_value_minor)).where(
            *others, OpportunityRow.closed_on >= since, priced, alike
        )
    ).one()
    return count if most is not None and price > most else 0


def _fastest(
    session: Session,
    days: int,
    others: Sequence[ColumnElement[bool]],
    since: date,
    workspace: Workspace,
) -> int:
    """The same in days. A deal that was opened on the day it was won had been won before that: it
    is compared with none. Looks at the newest first, and no further than one that was as fast.
    """
    query = (
        select(OpportunityRow.created_at, OpportunityRow.closed_on)
        .where(*others, OpportunityRow.closed_on >= since)
        .order_by(OpportunityRow.closed_on.desc())
        .execution_options(yield_per=1000)
    )
    beaten = 0
    with session.execute(query) as spans:
        for created_at, closed_on in spans:
            opened = created_at.astimezone(workspace.zone).date()
            took = (closed_on - opened).days if closed_on else 0
            if 0 < took <= days:
                return 0
            beaten += took > 0
    return beaten
