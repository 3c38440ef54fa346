"""Rounds: when somebody who owns deals is next told which of them need attention. Everybody who
owns one has a round; it is due in their own morning, on weekdays.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Table, delete, exists, select, update
from sqlalchemy.orm import Session

from store.opportunity.status import GOES_ON
from store.tables import dialect
from store.tables.records import OpportunityRow
from store.tables.recurring import AttentionRow, RoundRow
from store.usecases.task.rows import zone_of
from store.zones import MORNING, local

EVENING = time(18)
"""Later on its day nobody is told any more: what was missed waits for the next morning."""
FRIDAY = 5
"""Its ISO number: the days after it are no workdays."""
FAR = timedelta(days=5)
"""No morning is further ahead; a round that is was set by a clock that was wrong."""

_ROUNDS = cast("Table", RoundRow.__table__)


def morning_after(now: datetime, zone: ZoneInfo) -> datetime:
    """The next morning of a weekday in that zone, later than now."""
    day = workday(now.astimezone(zone).date())
    while (at := local(day, MORNING, zone)) <= now:
        day = workday(day + timedelta(days=1))
    return at


def workday(day: date) -> date:
    """That day, or the Monday after it when it is one of a weekend."""
    while day.isoweekday() > FRIDAY:
        day += timedelta(days=1)
    return day


def is_time(now: datetime, zone: ZoneInfo) -> bool:
    """Whether a round that is due may be told now: on a weekday, between morning and evening."""
    there = now.astimezone(zone)
    return there.isoweekday() <= FRIDAY and MORNING <= there.time() < EVENING


def enlist(session: Session, workspace_id: str, user_id: str, now: datetime) -> None:
    """Somebody owns a deal: they have a round from the next morning on, if they had none."""
    row = {
        "workspace_id": workspace_id,
        "user_id": user_id,
        "next_at": morning_after(now, zone_of(session, workspace_id, user_id)),
    }
    made = dialect.insert(session, _ROUNDS).values(row)
    session.connection().execute(
        made.on_conflict_do_nothing(index_elements=["workspace_id", "user_id"])
    )


def follow_owner(session: Session, row: OpportunityRow, former: str | None, now: datetime) -> None:
    """A deal has another owner: what was said to the former one counts no more, nor does their
    snooze or stop.
    """
    if former:
        said = delete(AttentionRow).where(
            AttentionRow.workspace_id == row.workspace_id, AttentionRow.opportunity_id == row.id
        )
        session.execute(said.execution_options(synchronize_session=False))
    if row.owner_id:
        enlist(session, row.workspace_id, row.owner_id, now)


def follow_owners(
    session: Session, workspace_id: str, which: ColumnElement[bool], owner_id: str, now: datetime
) -> None:
    """The same for many at once, before they become that person's."""
    theirs = select(OpportunityRow.id).where(which)
    session.execute(
        delete(AttentionRow)
        .where(AttentionRow.workspace_id == workspace_id, AttentionRow.opportunity_id.in_(theirs))
        .execution_options(synchronize_session=False)
    )
    enlist(session, workspace_id, owner_id, now)


def follow_zone(session: Session, workspace_id: str, user_id: str, tz: str, now: datetime) -> None:
    """Somebody is in another time zone: their round comes in the morning there."""
    session.execute(
        update(RoundRow)
        .where(
            RoundRow.workspace_id == workspace_id,
            RoundRow.user_id == user_id,
            RoundRow.next_at > now,
        )
        .values(next_at=morning_after(now, ZoneInfo(tz)))
        .execution_options(synchronize_session=False)
    )


def missing(session: Session, workspace_id: str) -> list[str]:
    """Who owns a deal that goes on, and has no round: by an import, or from before there were."""
    has_one = exists().where(
        RoundRow.workspace_id == workspace_id, RoundRow.user_id == OpportunityRow.owner_id
    )
    owners = select(OpportunityRow.owner_id).where(
        OpportunityRow.workspace_id == workspace_id,
        OpportunityRow.owner_id.is_not(None),
        OpportunityRow.shelf.in_(GOES_ON),
        ~has_one,
    )
    return [owner_id for owner_id in session.scalars(owners.distinct()) if owner_id]


def enlist_all(session: Session, workspace_id: str, ids: Iterable[str], now: datetime) -> None:
    for user_id in ids:
        enlist(session, workspace_id, user_id, now)


def put_right(session: Session, now: datetime) -> int:
    """Brings back what a clock that was ahead has put off too far; how many rounds."""
    far = session.scalars(
        select(RoundRow).where(RoundRow.next_at > now + FAR).with_for_update(skip_locked=True)
    ).all()
    for row in far:
        row.next_at = morning_after(now, zone_of(session, row.workspace_id, row.user_id))
    return len(far)
