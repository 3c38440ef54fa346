"""What people must see in Slack, saved in the transaction of the change it shows.

A row names what to show, not the blocks: a card, a thread line, a board, a word to somebody. It is
*wanted* some number of times and *done* as often as was delivered, so that ten quick changes are
one update. A row is due while `due_at` is set:

    due ──claim──▶ sending ──▶ idle (or due again)     sent, and right
     ▲                │
     └── retry ◀──────┼──▶ unsure ──look-up──▶ idle | due | unknown
                      └──▶ dead                        Slack refused for good

Where the bot isn't installed any more, what is due or unsure stays so, but without `due_at`: it is
parked until the workspace comes back.

A claim is a lease: `due_at` is then the end of the lease, so a dead copy's rows come back by
themselves. A first post whose lease ran out may have arrived: it comes back as *unsure* and is
looked for before it is sent again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    Select,
    Table,
    Update,
    and_,
    bindparam,
    case,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from store.tables.dialect import insert, insert_for
from store.tables.machinery import OutboxRow

CARD, LINE, BOARD, WORD, WIN = "card", "line", "board", "word", "win"
ACTIVITY, TASK, HOME = "activity", "task", "home"
DIGEST, PICTURE = "digest", "picture"
OLD_CARD, OLD_BOARD, OLD_TASK = "old_card", "old_board", "old_task"
DUE, SENDING, UNSURE, IDLE, DEAD, UNKNOWN = "due", "sending", "unsure", "idle", "dead", "unknown"
IN_THREAD = (LINE, ACTIVITY, TASK)
"""What is said in the thread of a card: in order, and none before the card."""
PRIORITY = {
    CARD: 0,
    **dict.fromkeys(IN_THREAD, 1),
    **dict.fromkeys((WORD, WIN, OLD_CARD, OLD_TASK, HOME, DIGEST), 2),
    **dict.fromkeys((BOARD, OLD_BOARD, PICTURE), 3),
}
BACKGROUND = 4
"""What nobody waits for: cards that look different because a setting does."""
PRIORITIES = (*sorted(set(PRIORITY.values())), BACKGROUND)
LEASE = timedelta(seconds=30)
UNDER_WAY = text("state NOT IN ('idle', 'due')")
"""Spelled as the index on state is, which holds only these rows."""
QUIET = {kind: timedelta(seconds=1) for kind in (CARD, ACTIVITY, TASK, HOME)}
QUIET[BOARD] = timedelta(seconds=10)
"""The least time between two renders of one card, one board."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One claimed row, as delivery works on it. `ts` is None until Slack has the message; then
    `unsure` says that a post may have arrived that was about to go out at `aimed_at`.
    """

    workspace_id: str
    id: int
    key: str
    kind: str
    ref_id: int | None
    opportunity_id: int | None
    data: dict[str, Any] | None
    wanted: int
    unsure: bool
    attempts: int
    channel_id: str | None
    thread_ts: str | None
    ts: str | None
    permalink: str | None
    aimed_at: datetime | None


def want(
    session: Session,
    workspace_id: str,
    kind: str,
    ref_id: int,
    now: datetime,
    *,
    opportunity_id: int | None = None,
    channel_id: str | None = None,
) -> None:
    """That one thing must be shown as it now is; asked again before it was done, it is one job.
    `channel_id` is where it goes if it doesn't stand anywhere yet.
    """
    row = row_of(workspace_id, kind, f"{kind}:{ref_id}", now)
    row |= {"ref_id": ref_id, "opportunity_id": opportunity_id, "channel_id": channel_id}
    session.connection().execute(_want(session.get_bind().dialect.name), row)
    session.info["outbox"] = True


@cache
def _want(dialect: str, *, behind: bool = False) -> Any:
    """Built once: for one click, building costs more than what the database does with it. `behind`
    everything else is what was not due before.
    """
    statement = insert_for(dialect, OutboxRow.__table__)
    wanted = statement.excluded.priority
    idle = OutboxRow.due_at.is_(None)
    priority = case((idle, wanted), else_=OutboxRow.priority) if behind else wanted
    again = wanted_again(statement.excluded.due_at) | {"priority": priority}
    return statement.on_conflict_do_update(index_elements=["workspace_id", "key"], set_=again)


def want_many(
    session: Session,
    workspace_id: str,
    kind: str,
    things: Iterable[tuple[int, int, str]],
    now: datetime,
) -> None:
    """So many things of a kind at once that nobody waits for them: each is what it shows, the
    opportunity, and where it goes. They come behind everything that somebody just changed.
    """
    rows = [
        row_of(workspace_id, kind, f"{kind}:{ref_id}", now)
        | {"priority": BACKGROUND, "ref_id": ref_id}
        | {"opportunity_id": opportunity_id, "channel_id": channel_id}
        for ref_id, opportunity_id, channel_id in things
    ]
    if rows:
        session.connection().execute(_want(session.get_bind().dialect.name, behind=True), rows)
        session.info["outbox"] = True


def post_many(
    session: Session,
    kind: str,
    things: Iterable[tuple[str, int, str]],
    now: datetime,
    due: datetime,
) -> None:
    """So many things of a kind, each posted once, not before it is `due`: its workspace, what it
    shows, where it goes.
    """
    rows = [
        row_of(workspace_id, kind, f"{kind}:{ref_id}", now)
        | {"ref_id": ref_id, "channel_id": channel_id, "due_at": due, "not_before": due}
        for workspace_id, ref_id, channel_id in things
    ]
    if rows:
        once = insert(session, OutboxRow.__table__)
        once = once.on_conflict_do_nothing(index_elements=["workspace_id", "key"])
        session.connection().execute(once, rows)
        session.info["outbox"] = True


def want_boards(
    session: Session, workspace_id: str, now: datetime, *, by_id: str | None = None
) -> None:
    """All live boards of the workspace must show the change, and so must the Home of whoever made
    it, if they ever looked at theirs.
    """
    said = {"team": workspace_id, "now": now, "home": f"{HOME}:{by_id or ''}"}
    session.connection().execute(_want_boards(), said)
    session.info["outbox"] = True


@cache
def _want_boards() -> Update:
    table = cast("Table", OutboxRow.__table__)
    # Each with its workspace, so that each is a range of an index.
    of_team = table.c.workspace_id == bindparam("team")
    boards = and_(of_team, table.c.kind == BOARD)
    home = and_(of_team, table.c.key == bindparam("home"))
    now = bindparam("now", type_=table.c.due_at.type)
    return update(table).where(or_(boards, home)).values(wanted_again(now))


def open_home(session: Session, workspace_id: str, user_id: str, now: datetime) -> None:
    """The Home of somebody who looks at it must be shown; from now on it is kept fresh."""
    row = row_of(workspace_id, HOME, f"{HOME}:{user_id}", now) | {"data": {"user": user_id}}
    session.connection().execute(_want(session.get_bind().dialect.name), row)
    session.info["outbox"] = True


def want_homes(session: Session, workspace_id: str, ids: Iterable[str], now: datetime) -> None:
    """The Homes of these people must be shown anew, of those who ever looked at theirs."""
    keys = [f"{HOME}:{user_id}" for user_id in ids]
    theirs = OutboxRow.workspace_id == workspace_id, OutboxRow.key.in_(keys)
    anew = update(OutboxRow).where(*theirs).values(wanted_again(now))
    session.execute(anew.execution_options(synchronize_session=False))
    session.info["outbox"] = True


def want_standing(
    session: Session, workspace_id: str, kind: str, now: datetime, which: Select[int] | None = None
) -> None:
    """All of a kind that stand, or those of these ids, must be shown anew, behind everything that
    somebody just changed: of a hundred thousand Slack takes fifty a minute.
    """
    last = case((OutboxRow.due_at.is_(None), BACKGROUND), else_=OutboxRow.priority)
    stand = [OutboxRow.workspace_id == workspace_id, OutboxRow.kind == kind]
    stand.append(or_(OutboxRow.ts.is_not(None), OutboxRow.state == SENDING))
    if which is not None:
        stand.append(OutboxRow.key.in_(select(literal(f"{kind}:").concat(which.subquery().c[0]))))
    anew = update(OutboxRow).where(*stand).values(wanted_again(now) | {"priority": last})
    session.execute(anew.execution_options(synchronize_session=False))
    session.info["outbox"] = True


def tell(
    session: Session, workspace_id: str, user_id: str, key: str, data: dict[str, Any], now: datetime
) -> None:
    """A word to one person by direct message, said once under its key."""
    row = row_of(workspace_id, WORD, f"word:{key}", now)
    row |= {"data": data | {"user": user_id}, "channel_id": user_id}
    statement = insert(session, OutboxRow).values(row)
    session.execute(statement.on_conflict_do_nothing(index_elements=["workspace_id", "key"]))
    session.info["outbox"] = True


def say_anew(session: Session, workspace_id: str, key: str, now: datetime) -> None:
    """That word is brought up to date, where it stands."""
    stands = (
        OutboxRow.workspace_id == workspace_id,
        OutboxRow.key == f"{WORD}:{key}",
        OutboxRow.ts.is_not(None),
    )
    anew = update(OutboxRow).where(*stands).values(wanted_again(now))
    session.execute(anew.execution_options(synchronize_session=False))
    session.info["outbox"] = True


def is_told(session: Session, workspace_id: str, key: str) -> bool:
    """Whether that word was, or is to be, said."""
    known = select(OutboxRow.id).where(
        OutboxRow.workspace_id == workspace_id, OutboxRow.key == f"{WORD}:{key}"
    )
    return session.scalar(known) is not None


def row_of(workspace_id: str, kind: str, key: str, now: datetime) -> dict[str, Any]:
    """What every new row has, whatever it shows."""
    return {
        "workspace_id": workspace_id,
        "key": key,
        "kind": kind,
        "priority": PRIORITY[kind],
        "due_at": now,
        "not_before": now,
        "created_at": now,
    }


def wanted_again(now: Any) -> dict[str, Any]:
    """What is set in rows that must be shown anew."""
    soonest = case((OutboxRow.not_before > now, OutboxRow.not_before), else_=now)
    sooner = or_(OutboxRow.due_at.is_(None), OutboxRow.due_at > soonest)
    # Not IN: many at once take no list of values.
    busy = or_(*(OutboxRow.state == one for one in (SENDING, UNSURE, UNKNOWN)))
    return {
        "wanted": OutboxRow.wanted + 1,
        "due_at": case((busy, OutboxRow.due_at), (sooner, soonest), else_=OutboxRow.due_at),
        "state": case((busy, OutboxRow.state), else_=DUE),
    }


def park(session: Session, workspace_id: str) -> None:
    """The bot isn't installed there any more: what waits is not tried until it is."""
    waiting = _of_workspace(workspace_id).where(OutboxRow.due_at.is_not(None))
    session.execute(waiting.values(due_at=None))


def unpark(session: Session, workspace_id: str) -> None:
    """It is installed again: what was parked is due when it would have been."""
    parked = _of_workspace(workspace_id).where(OutboxRow.due_at.is_(None))
    session.execute(parked.values(due_at=OutboxRow.not_before))
    session.info["outbox"] = True


def _of_workspace(workspace_id: str) -> Update:
    """What waits there, or is to be looked for; what is under way has an outcome of its own."""
    return (
        update(OutboxRow)
        .where(OutboxRow.workspace_id == workspace_id, OutboxRow.state.in_((DUE, UNSURE)))
        .execution_options(synchronize_session=False)
    )
