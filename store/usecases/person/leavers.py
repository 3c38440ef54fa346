"""Who left and still has what goes on: the admins are told, each once, what to do about it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from store.opportunity.status import GOES_ON
from store.outbox import outbox
from store.person.person import Role
from store.tables.entries import TaskRow
from store.tables.records import OpportunityRow, PersonRow
from store.tables.recurring import DigestRow
from store.usecases.person.handovers import held_by
from store.usecases.person.people import FRESH_FOR


def overdue(session: Session, workspace_id: str, now: datetime) -> Sequence[str]:
    """Who has open deals, tasks or digests and whose profile was read too long ago: a change of it
    may have been missed.
    """
    read = PersonRow.read_at <= now - FRESH_FOR
    return session.scalars(_holders(workspace_id).where(read).order_by(PersonRow.read_at)).all()


def gone(session: Session, workspace_id: str) -> Sequence[str]:
    """Who has open deals, tasks or digests and is deactivated."""
    return session.scalars(_holders(workspace_id).where(PersonRow.deactivated.is_(True))).all()


def _holders(workspace_id: str) -> Select[str]:
    owners = select(OpportunityRow.owner_id).where(
        OpportunityRow.workspace_id == workspace_id, OpportunityRow.shelf.in_(GOES_ON)
    )
    assignees = select(TaskRow.assignee_id).where(
        TaskRow.workspace_id == workspace_id, TaskRow.open.is_(True)
    )
    makers = select(DigestRow.maker_id).where(
        DigestRow.workspace_id == workspace_id, DigestRow.deleted_at.is_(None)
    )
    return select(PersonRow.user_id).where(
        PersonRow.workspace_id == workspace_id,
        or_(*(PersonRow.user_id.in_(holders) for holders in (owners, assignees, makers))),
    )


def point_out(session: Session, workspace_id: str, ids: Iterable[str], now: datetime) -> None:
    """Tells every admin that is known of those of them who are deactivated and still have
    something; of one person once.
    """
    for user_id in ids:
        person = session.get(PersonRow, (workspace_id, user_id))
        if person is None or not person.deactivated:
            continue
        held = held_by(session, workspace_id, user_id)
        if not held:
            continue
        said = {"say": "left", "name": person.name, "who": user_id, **asdict(held)}
        for admin_id in session.scalars(_admins(workspace_id)):
            key = f"left:{user_id}:{admin_id}"
            outbox.tell(session, workspace_id, admin_id, key, said, now)


def _admins(workspace_id: str) -> Select[str]:
    return select(PersonRow.user_id).where(
        PersonRow.workspace_id == workspace_id,
        PersonRow.admin.is_(True),
        PersonRow.deactivated.is_(False),
        PersonRow.role == Role.MEMBER,
    )
