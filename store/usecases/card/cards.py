"""The card of an opportunity: where it goes, that it stands, that it is gone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select, update
from sqlalchemy.orm import Session

from store.opportunity.attention import RETURNS_SOON
from store.opportunity.history import Kind
from store.opportunity.opportunity import Change, Opportunity
from store.opportunity.status import Status
from store.outbox import outbox, retiring
from store.person.person import EVERYONE, Actor
from store.tables.dialect import insert
from store.tables.machinery import OutboxRow
from store.tables.records import BoardRow, HistoryRow, OpportunityRow, ThreadRow
from store.usecases import workspaces
from store.usecases.card import channels, places, threads
from store.usecases.card.places import Place
from store.usecases.opportunity import changes, reading
from store.usecases.settings import channels as channel_settings
from store.workspace import Workspace
from store.zones import local


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A card as it is to be shown, and where: `place` is a channel, or a user for a direct message,
    or None for an opportunity that has no place yet, an import.
    """

    opportunity: Opportunity
    workspace: Workspace
    place: str | None
    old_thread: str | None
    again_at: datetime | None
    """When its look changes by itself: a colour, "overdue since", the end of Undo."""


def to_show(session: Session, workspace_id: str, opportunity_id: int, now: datetime) -> Shown:
    """What delivery renders."""
    row = _row(session, workspace_id, opportunity_id)
    workspace = workspaces.load(session, workspace_id)
    opportunity = reading.one(session, row, workspace, now)
    return Shown(
        opportunity=opportunity,
        workspace=workspace,
        place=row.card_channel,
        old_thread=row.old_thread,
        again_at=_looks_until(opportunity, row.aged_from, workspace, now),
    )


def _row(session: Session, workspace_id: str, opportunity_id: int) -> OpportunityRow:
    return session.scalars(
        select(OpportunityRow).where(
            OpportunityRow.workspace_id == workspace_id, OpportunityRow.id == opportunity_id
        )
    ).one()


def _only(row: OpportunityRow) -> Select[int]:
    return select(OpportunityRow.id).where(
        OpportunityRow.workspace_id == row.workspace_id, OpportunityRow.id == row.id
    )


def _owner(row: OpportunityRow) -> str:
    return row.owner_id or row.created_by


def _settle_place(row: OpportunityRow, where: Place) -> None:
    row.card_channel, row.audience = where.id, where.audience
    row.card_ts = row.card_permalink = None


def _looks_until(
    opportunity: Opportunity, aged_from: datetime, workspace: Workspace, now: datetime
) -> datetime | None:
    moments = [opportunity.undo.until] if opportunity.undo else []
    days = [] if opportunity.archived_at else _days(opportunity, aged_from, workspace)
    moments += [local(day, time(0), workspace.zone) for day in days]
    due = opportunity.next_step.due if opportunity.next_step else None
    if due is not None and due.at is not None:
        moments.append(due.at + timedelta(seconds=1))
    return min((moment for moment in moments if moment > now), default=None)


def _days(opportunity: Opportunity, aged_from: datetime, workspace: Workspace) -> list[date]:
    """On which it begins to look different: another colour, something overdue, about to return."""
    if opportunity.paused_until and opportunity.status is Status.PAUSED:
        return [opportunity.paused_until - RETURNS_SOON]
    if not opportunity.status.is_stage:
        return []
    expected = workspace.expected_days[opportunity.status]
    start, close = aged_from.astimezone(workspace.zone).date(), opportunity.expected_close
    due = opportunity.next_step.due if opportunity.next_step else None
    days = [start + timedelta(days=expected + 1), start + timedelta(days=2 * expected + 1)]
    days += [close + timedelta(days=1)] if close else []
    days += [due.on + timedelta(days=1)] if due and due.at is None else []
    return days


def settle_place(session: Session, workspace_id: str, opportunity_id: int) -> str:
    """Gives a place to the card of an opportunity that never had one."""
    row = _row(session, workspace_id, opportunity_id)
    workspace = workspaces.load(session, workspace_id)
    if row.card_channel is None:
        _settle_place(row, places.fall_back(session, workspace, _owner(row), "", without=None))
    return row.card_channel or _owner(row)


def posted(
    session: Session,
    workspace_id: str,
    opportunity_id: int,
    *,
    channel_id: str,
    ts: str,
    permalink: str | None,
) -> None:
    """Slack has it: its thread is the opportunity's from now on, and boards can link to it."""
    session.execute(
        update(OpportunityRow)
        .where(OpportunityRow.workspace_id == workspace_id, OpportunityRow.id == opportunity_id)
        .values(card_channel=channel_id, card_ts=ts, card_permalink=permalink)
    )
    keys = {"workspace_id": workspace_id, "channel_id": channel_id, "ts": ts}
    session.execute(
        insert(session, ThreadRow)
        .values(keys | {"opportunity_id": opportunity_id})
        .on_conflict_do_nothing(index_elements=list(keys))
    )


def displaced(
    session: Session, workspace_id: str, opportunity_id: int, now: datetime
) -> str | None:
    """Slack won't have it where it was to go: the next place, and words for the owner, once. What
    stands in its thread is left there: who reads that may not see what is done from now on.
    None when there is no further place: the owner can't be reached either.
    """
    row = _row(session, workspace_id, opportunity_id)
    owner, was = _owner(row), row.card_channel
    if was is None or was.startswith(places.DIRECT):
        return None
    known = channels.find(session, workspace_id, was)
    if known:
        channels.forget(session, workspace_id, known.id)
    workspace = workspaces.load(session, workspace_id)
    where = Place(owner, owner)
    if row.audience == EVERYONE:
        where = places.fall_back(session, workspace, owner, "", without=was)
    if row.card_permalink:
        row.old_thread = row.card_permalink
    _settle_place(row, where)
    threads.leave(session, workspace_id, _only(row), where.id, now)
    said = {"say": "displaced", "number": row.number, "name": row.name, "place": where.id}
    said["channel"] = f"#{known.name}" if known and known.name else "its channel"
    outbox.tell(session, workspace_id, owner, f"displaced:{row.id}:{was}", said, now)
    return row.card_channel


def is_under_way(session: Session, workspace_id: str, channel_id: str) -> bool:
    """Whether a card may stand in this channel that we don't know of: its post is on the way, or
    its answer was lost.
    """
    found = select(OutboxRow.id).where(
        OutboxRow.workspace_id == workspace_id,
        OutboxRow.channel_id == channel_id,
        OutboxRow.ts.is_(None),
        OutboxRow.kind == outbox.CARD,
        OutboxRow.aimed_at.is_not(None),
        OutboxRow.state.in_((outbox.SENDING, outbox.UNSURE)),
    )
    return session.scalar(found.limit(1)) is not None


def is_ours(session: Session, workspace_id: str, channel_id: str, ts: str) -> bool:
    """Whether we posted this message."""
    found = select(OutboxRow.id).where(
        OutboxRow.workspace_id == workspace_id,
        OutboxRow.channel_id == channel_id,
        OutboxRow.ts == ts,
    )
    return session.scalar(found.limit(1)) is not None


def gone(session: Session, workspace_id: str, channel_id: str, ts: str, *, replies: bool) -> None:
    """A message of ours was deleted. A card is posted again at the next change, with a link to
    the old thread if it had replies; a board is no longer live; a line stays deleted.
    """
    known = session.scalar(
        select(OutboxRow).where(
            OutboxRow.workspace_id == workspace_id,
            OutboxRow.channel_id == channel_id,
            OutboxRow.ts == ts,
        )
    )
    if known is None or known.ref_id is None:
        return
    if known.kind == outbox.CARD:
        _card_gone(session, workspace_id, known.ref_id, replies=replies)
        known.ts = known.permalink = known.channel_id = known.thread_ts = None
    elif known.kind == outbox.BOARD:
        known.kind, known.state, known.due_at = outbox.OLD_BOARD, outbox.DEAD, None
        session.execute(
            update(BoardRow)
            .where(BoardRow.workspace_id == workspace_id, BoardRow.id == known.ref_id)
            .values(live=False)
        )


def _card_gone(session: Session, workspace_id: str, opportunity_id: int, *, replies: bool) -> None:
    row = _row(session, workspace_id, opportunity_id)
    if replies and row.card_permalink:
        row.old_thread = row.card_permalink
    row.card_ts = row.card_permalink = None


def lost(session: Session, workspace_id: str, opportunity_id: int) -> str | None:
    """Delivery found the card gone when it was to be updated; the place where it goes anew. Its
    replies can't be counted any more, so its thread is linked in case it had some.
    """
    _card_gone(session, workspace_id, opportunity_id, replies=True)
    return _row(session, workspace_id, opportunity_id).card_channel


def post(session: Session, number: int, *, by: Actor, now: datetime) -> Opportunity:
    """**Post card**: for an opportunity without one, or whose card can't be found. One that had to
    leave its channel goes back there, when that takes posts again.
    """
    row = reading.row_to_change(session, by, number, now)
    workspace = workspaces.load(session, by.workspace_id)
    better = places.out_of_direct(session, row, workspace, by)
    if better is not None:
        _settle_place(row, better)
        threads.leave(session, row.workspace_id, _only(row), better.id, now)
        retiring.card(session, row.workspace_id, row.id, now)
    session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.workspace_id == row.workspace_id,
            OutboxRow.key == f"{outbox.CARD}:{row.id}",
            OutboxRow.state.in_((outbox.UNKNOWN, outbox.DEAD)),
        )
        .values(state=outbox.IDLE)
    )
    changes.want_card(session, row, now)
    return reading.one(session, row, workspace, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShown:
    """A line of history as its thread shows it; `thread_ts` is None while there is no card; `also`
    whether it goes to the channel too, which asked for it: then `about` names its deal.
    """

    change: Change
    called: str | None
    """Whom it asks something of, and mentions."""
    workspace: Workspace
    channel_id: str | None
    thread_ts: str | None
    also: bool = False
    about: str = ""


def line_to_show(session: Session, workspace_id: str, history_id: int) -> LineShown:
    history = session.scalars(
        select(HistoryRow).where(
            HistoryRow.workspace_id == workspace_id, HistoryRow.id == history_id
        )
    ).one()
    row = _row(session, workspace_id, history.opportunity_id)
    workspace = workspaces.load(session, workspace_id)
    (change,) = changes.loaded(session, [history], {row.id: row.number})
    asked = _is_asked_for(session, row, history)
    return LineShown(
        change=change,
        called=_called(session, row, history),
        workspace=workspace,
        channel_id=row.card_channel,
        thread_ts=row.card_ts,
        also=asked and not history.undone_by,
        about=row.name if asked else "",
    )


def _is_asked_for(session: Session, row: OpportunityRow, history: HistoryRow) -> bool:
    """By the channel of its card, if that is one, without people from outside."""
    channel = channels.find(session, row.workspace_id, row.card_channel or "")
    if channel is None or channel.shared or channel.kind == channels.IM:
        return False
    wanted = channel_settings.of(session, row.workspace_id, channel.id)
    return wanted.asks_for(history.kind, history.fields)


def _called(session: Session, row: OpportunityRow, history: HistoryRow) -> str | None:
    """The owner, when it is back from its pause; somebody whom another made the owner, once: not
    when they are no longer that, or when they hear of it by direct message.
    """
    if history.kind == Kind.RETURNED:
        return _owner(row)
    new = history.fields.get("owner_id", (None, None))[1]
    if new in (None, history.by) or new != row.owner_id or history.kind == Kind.HANDED_OVER:
        return None
    directly = is_direct(row) or outbox.is_told(session, row.workspace_id, f"unseen:{history.id}")
    return None if directly else str(new)


def is_direct(row: OpportunityRow) -> bool:
    """Whether its card stands, or will, in somebody's direct messages."""
    return is_one_person(row.audience)


def is_one_person(audience: str) -> bool:
    return audience.startswith(("U", "W"))


def follow_owner(session: Session, row: OpportunityRow, now: datetime) -> None:
    """A card that stands in its owner's direct messages goes to the new owner's."""
    owner = _owner(row)
    _settle_place(row, Place(owner, owner))
    threads.leave(session, row.workspace_id, _only(row), owner, now)
    retiring.card(session, row.workspace_id, row.id, now)
    changes.want_card(session, row, now)


def follow_owners(
    session: Session, workspace_id: str, which: ColumnElement[bool], owner_id: str, now: datetime
) -> None:
    """The same for many at once, before they become that person's; whoever asks for it also wants
    their cards.
    """
    audience = OpportunityRow.audience
    direct = and_(which, or_(audience.like("U%"), audience.like("W%")))
    theirs = select(OpportunityRow.id).where(direct)
    if session.scalar(theirs.limit(1)) is None:
        return
    threads.leave(session, workspace_id, theirs, owner_id, now)
    retiring.cards(session, workspace_id, theirs, now)
    places = {"card_channel": owner_id, "audience": owner_id}
    moved = update(OpportunityRow).where(direct)
    moved = moved.values(places | {"card_ts": None, "card_permalink": None})
    session.execute(moved.execution_options(synchronize_session=False))
