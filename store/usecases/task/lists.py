"""Lists of tasks: a page is a range of an index, bucket after bucket (product page, 5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, false, func, or_, select, tuple_
from sqlalchemy.orm import Session

from store.board import PAGE
from store.errors import Gone
from store.opportunity.status import Shelf
from store.person.person import Actor, Person
from store.tables.entries import TaskRow
from store.tables.records import OpportunityRow
from store.task.lists import Scope, Spot, TaskPage
from store.task.task import NO_DUE, OPEN_BUCKETS, Bucket, span
from store.usecases import workspaces
from store.usecases.opportunity import hanging, reading
from store.usecases.person import people
from store.usecases.task import tasks
from store.zones import local

Rows = list[tuple[Bucket, TaskRow]]
Condition = ColumnElement[bool]
_KEY_MAX = 40


@dataclass(frozen=True, slots=True)
class _Part:
    """Conditions that find some of it. In these buckets there are `few` such rows, that no index
    has in their order: all of them are read, and then sorted.
    """

    where: Sequence[Condition]
    few: Sequence[Bucket] = ()


@dataclass(frozen=True, slots=True)
class _Look:
    """Who looks at what, when; each of the parts finds some of it."""

    session: Session
    scope: Scope
    by: Actor
    now: datetime
    parts: Sequence[_Part]


def page(
    session: Session,
    scope: Scope,
    *,
    by: Actor,
    now: datetime,
    start: Spot | None = None,
    end: Spot | None = None,
) -> TaskPage:
    """A page of these tasks, by when they are due in the time zone of `by`; done ones newest first.
    It starts after the row `start`, or ends before the row `end`.
    """
    by.must_read()
    look = _Look(session, scope, by, now, _parts(session, scope, by))
    if end is not None:
        rows = _rows(look, end, back=True)
        if len(rows) > PAGE:
            return _page(look, rows[PAGE - 1 :: -1], before=True, after=True)
        start = None  # What is left before it is the first page.
    rows = _rows(look, start)
    if start is not None and not rows:
        start, rows = None, _rows(look, None)
    return _page(look, rows[:PAGE], before=start is not None, after=len(rows) > PAGE)


def my_day(session: Session, *, by: Actor, now: datetime, limit: int = 5) -> TaskPage:
    """What is overdue or due today of this person's: the first of each, and how many."""
    by.must_read()
    scope = Scope(whose=by.id)
    look = _Look(session, scope, by, now, _parts(session, scope, by))
    due = (Bucket.OVERDUE, Bucket.TODAY)
    rows = [(b, row) for b in due for row in _of_bucket(look, b, None, limit=limit)]
    return TaskPage(
        scope=scope,
        rows=_loaded(look, rows),
        counts={bucket: _count(look, bucket) for bucket in due},
        workspace=workspaces.load(session, by.workspace_id),
    )


def any_of(session: Session, by: Actor) -> bool:
    """Whether this person has, or had, a task."""
    theirs = select(TaskRow.id).where(
        TaskRow.workspace_id == by.workspace_id, TaskRow.assignee_id == by.id
    )
    return session.scalar(theirs.limit(1)) is not None


def _parts(session: Session, scope: Scope, by: Actor) -> list[_Part]:
    """What hangs on an archived deal is in no list but that deal's own."""
    who = TaskRow.done_by if scope.done else TaskRow.assignee_id
    whose = [who == scope.whose] if scope.whose else []
    if scope.number is not None:
        deal_id = reading.row_of(session, by.viewer, scope.number).id
        return [_Part([*whose, TaskRow.opportunity_id == deal_id], few=[Bucket.DONE])]
    live = [*whose, or_(TaskRow.opportunity_id.is_(None), OpportunityRow.shelf != Shelf.ARCHIVED)]
    if scope.contact_id is None:
        return [_Part(live)]
    named = TaskRow.contact_id == scope.contact_id
    deals = session.scalars(
        select(OpportunityRow.id).where(
            reading.seen_by(by.viewer), OpportunityRow.contact_id == scope.contact_id
        )
    ).all()
    others = or_(TaskRow.contact_id.is_(None), ~named)
    of_deals = _Part([*live, TaskRow.opportunity_id.in_(deals), others], few=list(Bucket))
    return [_Part([*live, named], few=[Bucket.DONE]), of_deals]


def _rows(look: _Look, start: Spot | None, *, back: bool = False) -> Rows:
    """The rows beyond that one, one more than a page has; bucket after bucket, until it is full."""
    buckets = look.scope.buckets[::-1] if back else look.scope.buckets
    if start is not None:
        if start.bucket not in buckets:
            raise _gone()
        buckets = buckets[buckets.index(start.bucket) :]
    rows: Rows = []
    for bucket in buckets:
        beyond = start if start and start.bucket is bucket else None
        found = _of_bucket(look, bucket, beyond, back=back, limit=PAGE + 1 - len(rows))
        rows += [(bucket, row) for row in found]
        if len(rows) > PAGE:
            break
    return rows


def _of_bucket(
    look: _Look, bucket: Bucket, beyond: Spot | None, *, back: bool = False, limit: int
) -> list[TaskRow]:
    down = back is not (bucket is Bucket.DONE)
    rows: list[TaskRow] = []
    for part in look.parts:
        few = bucket in part.few
        keys = _keys(bucket, few=few)
        found = hanging.seen_by(select(TaskRow), look.by.viewer, TaskRow).where(
            *_in_bucket(bucket, look.now, look.by.zone, few=few), *part.where
        )
        if beyond is not None:
            here = tuple_(*keys)
            there = tuple_(_value(beyond), beyond.id, types=[key.type for key in keys])
            found = found.where(here < there if down else here > there)
        order = (key.desc() if down else key.asc() for key in keys)
        rows += look.session.scalars(found.order_by(*order).limit(limit))
    if len(look.parts) > 1:
        rows.sort(key=lambda row: (row.done_at or row.due_key, row.id), reverse=down)
    return rows[:limit]


def _keys(bucket: Bucket, *, few: bool) -> tuple[ColumnElement[Any], ColumnElement[int]]:
    """What a bucket is ordered by. Of few, it is spelled so that no index fits: SQLite would walk
    through everybody's in that order rather than look at these.
    """
    key: Any = TaskRow.done_at if bucket is Bucket.DONE else TaskRow.due_key
    return (func.coalesce(key, key, type_=key.type) if few else key), cast("Any", TaskRow.id)


def _in_bucket(
    bucket: Bucket, now: datetime, zone: ZoneInfo, *, few: bool = False
) -> list[Condition]:
    """A range of the index, and within it exactly what is due then, seen from that zone."""
    if few:
        here: Condition = func.coalesce(TaskRow.open, false())
        return [~here] if bucket is Bucket.DONE else [here, due_in(bucket, now, zone)]
    if bucket is Bucket.DONE:
        return [TaskRow.done_at.is_not(None)]
    is_open, key = TaskRow.open.is_(True), TaskRow.due_key
    if bucket is Bucket.NO_DATE:
        return [is_open, key == NO_DUE]
    return [is_open, *_range(bucket, now, zone), due_in(bucket, now, zone)]


def overdue(now: datetime, zone: ZoneInfo) -> list[Condition]:
    """What is open and was due, seen from that zone: a range of the index, and what it is in it."""
    return _in_bucket(Bucket.OVERDUE, now, zone)


def due_in(bucket: Bucket, now: datetime, zone: ZoneInfo) -> Condition:
    """What has an hour goes by its instant, what has none by its day."""
    today, at, on = now.astimezone(zone).date(), TaskRow.due_at, TaskRow.due_on
    if bucket is Bucket.NO_DATE:
        return on.is_(None)
    if bucket is Bucket.OVERDUE:
        return or_(at < now, at.is_(None) & (on < today))
    first, end = span(bucket, today)
    since = max(now, local(first, time(0), zone))
    if bucket is Bucket.LATER:
        return or_(at >= since, at.is_(None) & (on >= first))
    until = local(end, time(0), zone)
    return or_((at >= since) & (at < until), at.is_(None) & (on >= first) & (on < end))


def _range(bucket: Bucket, now: datetime, zone: ZoneInfo) -> list[Condition]:
    """The due keys that these can have: those of instants are in UTC, those of days are not."""
    today, day = now.astimezone(zone).date(), timedelta(days=1)
    if bucket is Bucket.OVERDUE:
        return [TaskRow.due_key <= max(_key(now), f"{today - day}T99")]
    first, end = span(bucket, today)
    low = TaskRow.due_key >= min(_key(local(first, time(0), zone)), f"{first}T99")
    if bucket is Bucket.LATER:
        return [low, TaskRow.due_key < NO_DUE]
    return [low, TaskRow.due_key <= max(_key(local(end, time(0), zone)), f"{end - day}T99")]


def _key(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")


def _value(spot: Spot) -> Any:
    """A key as its column has it: a button says it, so it is only a claim."""
    if not (spot.key.isascii() and spot.key.isprintable() and len(spot.key) <= _KEY_MAX):
        raise _gone()
    if spot.bucket is not Bucket.DONE:
        return spot.key
    try:
        return datetime.fromisoformat(spot.key).astimezone(UTC)
    except ValueError:
        raise _gone() from None


def _gone() -> Gone:
    return Gone("This list was drawn by an older version. Open it again with `/task`.")


def _page(look: _Look, rows: Rows, *, before: bool, after: bool) -> TaskPage:
    scope, team = look.scope, look.by.workspace_id
    return TaskPage(
        scope=scope,
        rows=_loaded(look, rows),
        counts=_counts(look),
        before=_spot(*rows[0]) if before and rows else None,
        after=_spot(*rows[-1]) if after and rows else None,
        workspace=workspaces.load(look.session, team),
        person=_whose(look),
    )


def _whose(look: _Look) -> Person | None:
    """Whose list it is; one's own name is known."""
    whose, by = look.scope.whose, look.by
    if whose == by.id:
        return Person(by.id, by.name)
    return people.names(look.session, by.workspace_id, [whose]).get(whose or "")


def _loaded(look: _Look, rows: Rows) -> tuple[tuple[Bucket, Any], ...]:
    shown = tasks.loaded(look.session, look.by.workspace_id, [row for _, row in rows])
    return tuple(zip((bucket for bucket, _ in rows), shown, strict=True))


def _spot(bucket: Bucket, row: TaskRow) -> Spot:
    done = bucket is Bucket.DONE and row.done_at is not None
    return Spot(bucket, row.done_at.isoformat() if done and row.done_at else row.due_key, row.id)


def _counts(look: _Look) -> Mapping[Bucket, int] | None:
    """Of one person's, or one deal's; everybody's are too many to be counted each time."""
    if look.scope.done or not (look.scope.whose or look.scope.number):
        return None
    place = _place(look.now, look.by.zone).label("bucket")
    counted = select(place, func.count()).select_from(TaskRow).group_by("bucket")
    seen = hanging.seen_by(counted, look.by.viewer, TaskRow).where(TaskRow.open.is_(True))
    found = look.session.execute(seen.where(*look.parts[0].where))
    return {Bucket(name): count for name, count in found}


def _place(now: datetime, zone: ZoneInfo) -> ColumnElement[str]:
    """The bucket of each: they follow upon each other, so that their ends tell them apart."""
    today, at, on = now.astimezone(zone).date(), TaskRow.due_at, TaskRow.due_on
    ends = [(bucket, span(bucket, today)[1]) for bucket in OPEN_BUCKETS[1:-2]]
    moments = [(bucket, local(end, time(0), zone), end) for bucket, end in ends]
    whens = [
        (or_(at < moment, at.is_(None) & (on < end)), bucket.value)
        for bucket, moment, end in [(Bucket.OVERDUE, now, today), *moments]
    ]
    dated = (on.is_not(None), Bucket.LATER.value)
    return case(*whens, dated, else_=Bucket.NO_DATE.value)


def _count(look: _Look, bucket: Bucket) -> int:
    counted = hanging.seen_by(select(func.count()).select_from(TaskRow), look.by.viewer, TaskRow)
    of_it = counted.where(*_in_bucket(bucket, look.now, look.by.zone), *look.parts[0].where)
    return look.session.scalar(of_it) or 0
