"""Handover: everything of one person that is not done yet goes to another, all of it at once."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import (
    ColumnElement,
    Row,
    Table,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from store.errors import Invalid, NotAllowed, NotFound, Refusal
from store.opportunity.history import Kind
from store.opportunity.status import GOES_ON, Shelf
from store.outbox import outbox
from store.person.handover import Handover, Held
from store.person.person import Actor, Person, Role
from store.tables.entries import TaskRow
from store.tables.records import HistoryRow, OpportunityRow, PersonRow
from store.tables.recurring import DigestRow
from store.task.task import Due
from store.usecases.attention import rounds
from store.usecases.card import cards, channels
from store.usecases.task.rows import zone_of

_TASKS = cast("Table", TaskRow.__table__)
_HISTORY = cast("Table", HistoryRow.__table__)
_KEEP = insert(_HISTORY).returning(_HISTORY.c.id, sort_by_parameter_order=True)


def plan(session: Session, giver_id: str, taker_id: str | None, *, by: Actor) -> Handover:
    """What would be handed over; refuses as the handover would. An admin is shown numbers only:
    they may not see all of it.
    """
    by.must_write()
    giver = _person(session, by.workspace_id, giver_id)
    if not (by.admin or by.id == giver_id):
        raise NotAllowed(
            f"Only {giver.name} or an admin of this workspace can hand over what is theirs."
        )
    if giver_id == taker_id:
        raise Refusal("Name two people: whose things they are, and who takes them over.")
    taker = _taker(session, by.workspace_id, taker_id) if taker_id else None
    held = held_by(session, by.workspace_id, giver_id)
    if not held:
        raise NotFound(f"{giver.name} has no open deals, tasks or digests.")
    return Handover(giver, taker, held)


def _person(session: Session, workspace_id: str, user_id: str) -> Person:
    row = session.get(PersonRow, (workspace_id, user_id))
    if row is None:
        raise NotFound("I can't find that person. Choose them from the list that Slack offers.")
    return Person(user_id, row.name)


def _taker(session: Session, workspace_id: str, user_id: str) -> Person:
    """Somebody who may own deals: no guest, no bot, nobody from elsewhere, nobody deactivated."""
    person = _person(session, workspace_id, user_id)
    row = session.get_one(PersonRow, (workspace_id, user_id))
    if row.deactivated or row.role is not Role.MEMBER:
        is_not = "is deactivated" if row.deactivated else "is no member of this workspace"
        raise Invalid({"taker_id": f"{person.name} {is_not}. Choose a member."})
    return person


def held_by(session: Session, workspace_id: str, user_id: str) -> Held:
    counted = select(OpportunityRow.shelf, func.count()).where(_deals_of(workspace_id, user_id))
    deals = dict(session.execute(counted.group_by(OpportunityRow.shelf)).all())
    tasks = select(func.count()).select_from(TaskRow).where(_tasks_of(workspace_id, user_id))
    digests = select(func.count()).select_from(DigestRow).where(_digests_of(workspace_id, user_id))
    return Held(
        deals=deals.get(Shelf.OPEN, 0),
        paused=deals.get(Shelf.PAUSED, 0),
        tasks=session.scalar(tasks) or 0,
        digests=session.scalar(digests) or 0,
    )


def _deals_of(workspace_id: str, user_id: str) -> ColumnElement[bool]:
    return and_(
        OpportunityRow.workspace_id == workspace_id,
        OpportunityRow.owner_id == user_id,
        OpportunityRow.shelf.in_(GOES_ON),
    )


def _tasks_of(workspace_id: str, user_id: str) -> ColumnElement[bool]:
    return and_(
        TaskRow.workspace_id == workspace_id,
        TaskRow.assignee_id == user_id,
        TaskRow.open.is_(True),
    )


def _digests_of(workspace_id: str, user_id: str) -> ColumnElement[bool]:
    return and_(
        DigestRow.workspace_id == workspace_id,
        DigestRow.maker_id == user_id,
        DigestRow.deleted_at.is_(None),
    )


def hand_over(
    session: Session, giver_id: str, taker_id: str, *, by: Actor, now: datetime
) -> Handover:
    """Moves what is there now, however much, by a handful of statements. Threads say it without
    a mention; the new owner is told once.
    """
    made = plan(session, giver_id, taker_id, by=by)
    move = _Move(giver_id, taker_id, by, now)
    deals = _locked(session, move)
    theirs = [one for one in deals if one.owner_id == giver_id and one.shelf in GOES_ON]
    if theirs:
        _give_deals(session, theirs, move)
    _give_tasks(session, {deal.id: deal for deal in deals}, move)
    _give_digests(session, move)
    outbox.want_boards(session, by.workspace_id, now, by_id=by.id)
    outbox.want_homes(session, by.workspace_id, {giver_id, taker_id} - {by.id}, now)
    if by.id != taker_id:
        _tell(session, made, _hidden(session, theirs, move), move)
    return made


@dataclass(frozen=True, slots=True)
class _Move:
    giver_id: str
    taker_id: str
    by: Actor
    now: datetime

    @property
    def workspace_id(self) -> str:
        return self.by.workspace_id

    @property
    def deals(self) -> ColumnElement[bool]:
        return _deals_of(self.workspace_id, self.giver_id)

    @property
    def tasks(self) -> ColumnElement[bool]:
        return _tasks_of(self.workspace_id, self.giver_id)


Deal = Row[int, str | None, Shelf, str, str | None, int | None]


def _locked(session: Session, move: _Move) -> Sequence[Deal]:
    """The deals, and those that the tasks hang on: a deal is locked before what hangs on it."""
    hung_on = select(TaskRow.opportunity_id).where(move.tasks)
    wanted = select(
        OpportunityRow.id,
        OpportunityRow.owner_id,
        OpportunityRow.shelf,
        OpportunityRow.audience,
        OpportunityRow.card_channel,
        OpportunityRow.next_task_id,
    ).where(
        OpportunityRow.workspace_id == move.workspace_id,
        or_(move.deals, OpportunityRow.id.in_(hung_on)),
    )
    return session.execute(wanted.order_by(OpportunityRow.id).with_for_update()).all()


def _give_deals(session: Session, deals: Sequence[Deal], move: _Move) -> None:
    """An import that has no card gets none by this: there may be thousands of them."""
    lines = _remembered(session, deals, move)
    about = (session, move.workspace_id, move.deals, move.taker_id, move.now)
    cards.follow_owners(*about)
    rounds.follow_owners(*about)
    newest = select(func.max(HistoryRow.id)).where(
        HistoryRow.workspace_id == move.workspace_id,
        HistoryRow.opportunity_id == OpportunityRow.id,
    )
    given = {
        "owner_id": move.taker_id,
        "last_change": newest.scalar_subquery(),
        "version": OpportunityRow.version + 1,
    }
    moved = update(OpportunityRow).where(move.deals).values(given)
    session.execute(moved.execution_options(synchronize_session=False))
    placed = [(deal, line) for deal, line in zip(deals, lines, strict=True) if deal.card_channel]
    _show(session, outbox.CARD, [(deal.id, deal) for deal, _ in placed], move)
    _show(session, outbox.LINE, [(line, deal) for deal, line in placed], move)


def _remembered(session: Session, deals: Sequence[Deal], move: _Move) -> Sequence[int]:
    """A line of history for each, in their order."""
    about = {
        "workspace_id": move.workspace_id,
        "kind": Kind.HANDED_OVER.value,
        "by": move.by.id,
        "at": move.now,
        "fields": {"owner_id": [move.giver_id, move.taker_id]},
    }
    kept = [about | {"opportunity_id": deal.id} for deal in deals]
    return session.connection().execute(_KEEP, kept).scalars().all()


def _give_tasks(session: Session, deals: Mapping[int, Deal], move: _Move) -> None:
    """The cards of deals whose next step they are show it too."""
    wanted = select(TaskRow.id, TaskRow.opportunity_id).where(move.tasks).order_by(TaskRow.id)
    tasks = session.execute(wanted.with_for_update()).all()
    _remind(session, move)
    moved = update(TaskRow).where(move.tasks)
    moved = moved.values(assignee_id=move.taker_id, version=TaskRow.version + 1)
    session.execute(moved.execution_options(synchronize_session=False))
    shown = [(one.id, deals[one.opportunity_id]) for one in tasks if one.opportunity_id in deals]
    shown = [(task_id, deal) for task_id, deal in shown if deal.card_channel]
    steps = [(deal.id, deal) for task_id, deal in shown if deal.next_task_id == task_id]
    _show(session, outbox.CARD, steps, move)
    _show(session, outbox.TASK, shown, move)


def _give_digests(session: Session, move: _Move) -> None:
    """They come as before; their new maker is told when one can't be posted. A form that is open
    for one of them can still be saved.
    """
    theirs = update(DigestRow).where(_digests_of(move.workspace_id, move.giver_id))
    given = theirs.values(maker_id=move.taker_id)
    session.execute(given.execution_options(synchronize_session=False))


def _remind(session: Session, move: _Move) -> None:
    """What is due on a day, without an hour, reminds on the morning of whoever has it now, as
    `task.rows.settle` would say.
    """
    waiting = (move.tasks, TaskRow.due_at.is_(None), TaskRow.remind_at.is_not(None))
    days = session.scalars(select(TaskRow.due_on).where(*waiting).distinct()).all()
    zone = zone_of(session, move.workspace_id, move.taker_id)
    mornings = [(day, Due(day).reminds(zone)) for day in days if day]
    if mornings:
        on_day = update(_TASKS).where(
            *waiting, TaskRow.due_on == bindparam("day"), TaskRow.remind_at != bindparam("morning")
        )
        session.connection().execute(
            on_day.values(remind_at=bindparam("at")),
            [
                {"day": day, "morning": at, "at": at if at > move.now else None}
                for day, at in mornings
            ],
        )


def _show(session: Session, kind: str, things: Sequence[tuple[int, Deal]], move: _Move) -> None:
    """Each at its deal's card, which may have followed the owner into direct messages."""
    placed = []
    for ref_id, deal in things:
        followed = deal.owner_id == move.giver_id and cards.is_one_person(deal.audience)
        place = move.taker_id if followed else deal.card_channel
        placed.append((ref_id, deal.id, place or ""))
    outbox.want_many(session, move.workspace_id, kind, placed, move.now)


def _hidden(session: Session, deals: Sequence[Deal], move: _Move) -> int:
    """How many of the deals their new owner can't see: in private channels without them."""
    closed = {
        audience
        for audience in {deal.audience for deal in deals}
        if audience.startswith(("C", "G"))
        and not channels.is_member(session, move.workspace_id, audience, move.taker_id)
    }
    return sum(deal.audience in closed for deal in deals)


def _tell(session: Session, made: Handover, hidden: int, move: _Move) -> None:
    said = {"say": "handover", "by": move.by.name, "hidden": hidden, **asdict(made.held)}
    said |= {} if move.giver_id == move.by.id else {"giver": made.giver.name}
    key = f"handover:{move.giver_id}:{move.taker_id}:{move.now:%Y%m%d%H%M%S%f}"
    outbox.tell(session, move.workspace_id, move.taker_id, key, said, move.now)
