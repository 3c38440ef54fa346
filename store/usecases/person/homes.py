"""The Home of each person: opened, and read when it is to be shown (product page, 8)."""

from datetime import datetime

from sqlalchemy.orm import Session

from store.board import Filter, Query
from store.outbox import outbox
from store.person.home import Home
from store.person.person import Actor
from store.usecases import contacts, workspaces
from store.usecases.activity import reading as activity_reading
from store.usecases.digest import lists as digest_lists
from store.usecases.opportunity import reading
from store.usecases.person import people
from store.usecases.pipeline import pipeline
from store.usecases.task import lists as task_lists

TASKS, ATTENTION, LATEST, CONTACTS, DIGESTS = 5, 3, 5, 5, 5
"""So many of each are shown; the rest is a press away."""


def opened(session: Session, workspace_id: str, user_id: str, now: datetime) -> None:
    """Somebody looks at it: it is shown as it now is, and kept fresh from now on."""
    outbox.open_home(session, workspace_id, user_id, now)


def to_show(session: Session, workspace_id: str, user_id: str, now: datetime) -> Home | None:
    """What delivery renders; None for guests and people from other organisations."""
    by = people.looker(session, workspace_id, user_id)
    return _of(session, by, now) if by.may_read else None


def _of(session: Session, by: Actor, now: datetime) -> Home:
    workspace = workspaces.load(session, by.workspace_id)
    mine = Query(filter=Filter(owner=by.id))
    totals, paused = pipeline.totals(session, mine, by.viewer, workspace, now)
    pressing = Query(filter=Filter(owner=by.id, attention=True))
    rows = pipeline.page(session, pressing, by.viewer, workspace, now, limit=ATTENTION)
    there = len(rows)
    if there == ATTENTION:
        there = pipeline.count(session, pressing, by.viewer, workspace, now)
    digests, comes = digest_lists.seen(session, by=by, limit=DIGESTS)
    return Home(
        viewer=by,
        workspace=workspace,
        today=task_lists.my_day(session, by=by, now=now, limit=TASKS),
        tasks=task_lists.any_of(session, by),
        totals=totals,
        paused=paused,
        attention=reading.many(session, rows, workspace, now),
        attention_total=there,
        latest=activity_reading.latest(session, by.viewer, LATEST),
        contacts=contacts.recent(session, by=by).rows[:CONTACTS],
        digests=digests,
        digests_total=comes,
    )
