"""What owners are told of their deals that need attention: one message a day at most, nothing twice
unless it got worse, nothing of what they snoozed or stopped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Table, and_, func, or_, select
from sqlalchemy.orm import Session

from store.board import Filter, Query
from store.opportunity import attention
from store.opportunity.attention import WORSE, Mark, Reason
from store.opportunity.opportunity import Opportunity
from store.outbox import outbox
from store.person.person import Role
from store.tables import dialect
from store.tables.entries import TaskRow
from store.tables.records import PersonRow, WorkspaceRow
from store.tables.recurring import AttentionRow, RoundRow
from store.usecases import workspaces
from store.usecases.attention import rounds
from store.usecases.opportunity import reading
from store.usecases.person import people
from store.usecases.pipeline import pipeline
from store.usecases.task.rows import zone_of
from store.workspace import Workspace

AT_ONCE = 500
"""Deals that are looked at together."""
MOST = 10_000
"""So many are looked at in one round, the closest to closing: whoever owns more needs another way
of working, and nobody else's morning waits for theirs.
"""
NAMED = 20
"""So many of a message are kept by name; a message shows fewer, and counts the rest."""
SETTLES = timedelta(days=1)
"""Nobody is told within it that a deal which has just been opened or moved has no next step."""
_TABLE = cast("Table", AttentionRow.__table__)

Marks = Mapping[Reason, Mark]


@dataclass(frozen=True, slots=True)
class Round:
    """One that is due since `at`."""

    workspace_id: str
    user_id: str
    at: datetime


def due(session: Session, now: datetime, limit: int = 20) -> tuple[Round, ...]:
    """The rounds to be made, the longest due first."""
    rows = session.scalars(
        select(RoundRow)
        .join(WorkspaceRow, WorkspaceRow.workspace_id == RoundRow.workspace_id)
        .where(RoundRow.next_at <= now, WorkspaceRow.uninstalled_at.is_(None))
        .order_by(RoundRow.next_at, RoundRow.user_id)
        .limit(limit)
    )
    return tuple(Round(row.workspace_id, row.user_id, row.next_at) for row in rows)


def look(session: Session, one: Round, now: datetime) -> Mapping[int, Marks]:
    """By id of the deal, what is to be said of it, closest to closing first. Whoever has left, is a
    guest or was never read is not told, nor is anybody on a weekend or in the night.
    """
    key = one.workspace_id, one.user_id
    person, row = session.get(PersonRow, key), session.get(RoundRow, key)
    zone = ZoneInfo(person.tz if person else "UTC")
    today = now.astimezone(zone).date()
    member = person is not None and not person.deactivated and person.role is Role.MEMBER
    if not member or row is None or _was_told(row, today) or not rounds.is_time(now, zone):
        return {}
    return _fresh(session, one, today, now)


def _was_told(row: RoundRow, today: date) -> bool:
    """Tomorrow is a day that another zone had begun; later ones, a clock that was wrong."""
    return row.told_on in (today, today + timedelta(days=1))


def tell(session: Session, one: Round, news: Mapping[int, Marks], now: datetime) -> bool:
    """Makes the round: it is next due the morning after, and in the same transaction what is to be
    told is written. False when another copy makes it, or has made it.
    """
    of_it = RoundRow.workspace_id == one.workspace_id, RoundRow.user_id == one.user_id
    as_seen = select(RoundRow).where(*of_it, RoundRow.next_at == one.at)
    row = session.scalar(as_seen.with_for_update(skip_locked=True))
    if row is None:
        return False
    zone = zone_of(session, row.workspace_id, row.user_id)
    row.next_at = rounds.morning_after(now, zone)
    today = now.astimezone(zone).date()
    if news and not _was_told(row, today):
        row.told_on = today
        _keep(session, row, news, today)
        _say(session, row, list(news), today, now)
    return True


def _say(session: Session, row: RoundRow, ids: list[int], today: date, now: datetime) -> None:
    said = {
        "say": "attention",
        "deals": ids[:NAMED],
        "more": len(ids[NAMED:]),
        "on": today.isoformat(),
    }
    key = key_of(row.user_id, today.isoformat())
    outbox.tell(session, row.workspace_id, row.user_id, key, said, now)


def key_of(user_id: str, on: str) -> str:
    """The key of the word of that day."""
    return f"attention:{user_id}:{on}"


def _fresh(session: Session, one: Round, today: date, now: datetime) -> Mapping[int, Marks]:
    by = people.looker(session, one.workspace_id, one.user_id)
    workspace = workspaces.load(session, one.workspace_id)
    query = Query(filter=Filter(owner=by.id, attention=True))
    fresh: dict[int, Marks] = {}
    for _ in range(0, MOST, AT_ONCE):
        rows = pipeline.page(session, query, by.viewer, workspace, now, limit=AT_ONCE)
        deals = reading.many(session, rows, workspace, now)
        fresh |= _news(session, by.id, deals, workspace, today, now)
        if len(rows) < AT_ONCE:
            break
        query = pipeline.following(query, pipeline.key(rows[-1], query.sort))
    return fresh


def _news(
    session: Session,
    user_id: str,
    deals: Sequence[Opportunity],
    workspace: Workspace,
    today: date,
    now: datetime,
) -> dict[int, Marks]:
    """By id of the deal, what is to be said of it."""
    before = kept(session, workspace.id, user_id, [deal.id for deal in deals])
    tasks = _last_tasks(session, workspace.id, [deal.id for deal in deals if not deal.next_step])
    found: dict[int, Marks] = {}
    for deal in deals:
        row = before.get(deal.id)
        marks = _to_tell(deal, user_id, tasks.get(deal.id, 0), workspace, now)
        settled = _settled(marks, deal, now)
        if not settled or (row and rests(row.stopped, row.snoozed_until, today)):
            continue
        woken = row is not None and row.snoozed_until is not None
        if woken or attention.news(settled, row.said if row else {}):
            found[deal.id] = marks
    return found


def _settled(marks: Marks, deal: Opportunity, now: datetime) -> Marks:
    """What is reason enough to tell them. That there is no next step is said beside another reason
    from the first, and is then not told a second time once it has settled.
    """
    young = now - deal.status_since < SETTLES
    return {
        reason: mark for reason, mark in marks.items() if not (young and reason is Reason.NO_STEP)
    }


def rests(stopped: bool, snoozed_until: date | None, today: date) -> bool:
    """Whether its owner does not want to hear of a deal, for good or on that day of theirs."""
    return stopped or (snoozed_until is not None and snoozed_until > today)


def _to_tell(
    deal: Opportunity, user_id: str, last_task: int, workspace: Workspace, now: datetime
) -> Marks:
    """What may be told of it. Nobody is told what they hear otherwise: the end of a pause on its
    day, in the thread; that a task of their own was due, by its reminder. Of that they are told
    when it is worse, unless they stopped its reminders. No next step is another matter when there
    was one meanwhile.
    """
    marks = dict(attention.marks(deal, workspace, now))
    today = now.astimezone(workspace.zone).date()
    if deal.paused_until is not None and deal.paused_until <= today:
        marks.pop(Reason.RETURNING, None)
    step, task = deal.next_step, marks.get(Reason.TASK_OVERDUE)
    if task and step and step.assignee.id == user_id and (step.quiet or task.level < WORSE):
        del marks[Reason.TASK_OVERDUE]
    if aimless := marks.get(Reason.NO_STEP):
        marks[Reason.NO_STEP] = replace(aimless, about=str(last_task))
    return marks


def kept(
    session: Session, workspace_id: str, user_id: str, ids: Sequence[int]
) -> dict[int, AttentionRow]:
    """What this person was told of these deals, and what they said to it."""
    found = select(AttentionRow).where(
        AttentionRow.workspace_id == workspace_id,
        AttentionRow.user_id == user_id,
        AttentionRow.opportunity_id.in_(ids),
    )
    return {row.opportunity_id: row for row in session.scalars(found)}


def _last_tasks(session: Session, workspace_id: str, ids: Sequence[int]) -> dict[int, int]:
    """The newest task that each of these deals ever had."""
    newest = (
        select(TaskRow.opportunity_id, func.max(TaskRow.id))
        .where(TaskRow.workspace_id == workspace_id, TaskRow.opportunity_id.in_(ids))
        .group_by(TaskRow.opportunity_id)
    )
    return {deal_id: task_id for deal_id, task_id in session.execute(newest) if deal_id}


def _keep(session: Session, row: RoundRow, news: Mapping[int, Marks], today: date) -> None:
    """What they snooze or stop just now stays so."""
    about = {"workspace_id": row.workspace_id, "user_id": row.user_id, "stopped": False}
    kept: list[dict[str, Any]] = [
        about | {"opportunity_id": deal_id, "said": attention.as_json(marks)}
        for deal_id, marks in news.items()
    ]
    if kept:
        said = dialect.insert(session, _TABLE)
        until = _TABLE.c.snoozed_until
        awake = and_(~_TABLE.c.stopped, or_(until.is_(None), until <= today))
        again = {"said": said.excluded.said, "snoozed_until": None}
        keys = ["workspace_id", "user_id", "opportunity_id"]
        session.connection().execute(
            said.on_conflict_do_update(index_elements=keys, set_=again, where=awake), kept
        )
