"""Two workspaces in one database: no use case shows or changes anything of the other one."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from store import usecases
from store.activity import ActivityDraft, ActivityKind, ActivityQuery, Period
from store.board import Closes, Filter, Query, Sort
from store.comment import Reply
from store.contact import ContactDraft
from store.database import Store
from store.digest.digest import DigestDraft, Rhythm, Schedule
from store.errors import Refusal
from store.figures import Span
from store.opportunity.opportunity import OpportunityDraft
from store.opportunity.status import Status
from store.opportunity.timeline import Mark, Part
from store.outbox import outbox
from store.paging import Spot
from store.settings.channels import ChannelSettings
from store.settings.settings import Group, stages_of
from store.tables.columns import Base
from store.tables.entries import ActivityRow, TaskRow
from store.task.lists import Scope
from store.task.lists import Spot as TaskSpot
from store.task.task import Bucket, Due, TaskDraft
from store.usecases import workspaces
from store.usecases.attention.attention import Round
from store.usecases.card import channels
from store.usecases.card.channels import Channel
from store.usecases.comment.catching_up import Thread
from store.usecases.digest import news
from store.usecases.opportunity import reading
from store.usecases.opportunity.edits import Edit
from store.usecases.opportunity.status import Loss, Win
from store.usecases.person.people import Profile
from store.usecases.workspaces import SetUp
from store.workspace import Archiving
from tests.store.neighbours import MINE, NOW, OF_ALL, POUNDS, SIGN, THEIRS, WORD, actor, fill

IDS = st.integers(0, 40)
SLACK_IDS = st.sampled_from(
    [
        f"{kind}{team}{name}"
        for team in (MINE, THEIRS)
        for kind, name in (("C0", "DEALS"), ("C0", "VIP"), ("U0", "A"), ("U0", "B"))
    ]
)
STATUSES = st.sampled_from(Status)
FILTERS = st.builds(
    Filter,
    owner=st.none() | SLACK_IDS,
    statuses=st.lists(STATUSES, max_size=3).map(tuple),
    contact=st.none() | IDS,
    closes=st.none() | st.sampled_from(Closes),
    attention=st.booleans(),
)
EDITS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.just("Other"),
        "owner_id": SLACK_IDS,
        "contact_id": IDS,
        "status": STATUSES,
    },
)
DRAFTS = st.builds(
    OpportunityDraft,
    name=st.just("New"),
    contact_id=st.none() | IDS,
    owner_id=st.none() | SLACK_IDS,
    channel_id=st.none() | SLACK_IDS,
)
TASKS = st.builds(
    TaskDraft,
    title=st.just("New"),
    assignee_id=st.none() | SLACK_IDS,
    due=st.none() | st.just(Due(date(2026, 11, 27))),
    number=st.none() | st.integers(1, 9),
    contact_id=st.none() | IDS,
)
REPLIES = st.builds(
    Reply,
    channel_id=SLACK_IDS,
    ts=st.sampled_from(["1.000001", "1.100000", "1.100001", "1.200000"]),
    thread_ts=st.sampled_from(["1.000000", "1.000001", "1.000002"]),
    by_id=SLACK_IDS,
    text=st.just("New"),
    edited_ts=st.sampled_from(["", "2.000000"]),
)
SCOPES = st.builds(
    Scope,
    whose=st.none() | SLACK_IDS,
    number=st.none() | st.integers(1, 9),
    contact_id=st.none() | IDS,
    done=st.none() | st.booleans(),
)
TASK_SPOTS = st.builds(
    TaskSpot, bucket=st.sampled_from(Bucket), key=st.just("2026-11-27T99"), id=IDS
)
SPOTS = st.builds(Spot, at=st.just(NOW), id=IDS)
ACTIVITIES = st.builds(
    ActivityDraft,
    what=st.just("New"),
    number=st.none() | st.integers(1, 9),
    contact_id=st.none() | IDS,
)
ACTIVITY_QUERIES = st.builds(
    ActivityQuery,
    by=st.none() | SLACK_IDS,
    kind=st.none() | st.sampled_from(ActivityKind),
    period=st.none() | st.sampled_from(Period),
    number=st.none() | st.integers(1, 9),
    contact_id=st.none() | IDS,
    before=st.none() | SPOTS,
)
SCHEDULES = st.builds(Schedule, rhythm=st.sampled_from(Rhythm), tz=st.just("Asia/Tokyo"))
DIGESTS = st.builds(DigestDraft, schedule=SCHEDULES, filter=FILTERS)
SET_UPS = st.builds(
    SetUp, deals_channel=SLACK_IDS, currency=st.just("EUR"), tz=st.just("Asia/Tokyo")
)
CHANNEL_SETTINGS = st.builds(ChannelSettings, loud_wins=st.booleans())
LABELS = {Status.LEAD: "New"}
OURS = actor(MINE)
SPAN = news.Scope(
    workspace_id=MINE,
    since=NOW - timedelta(days=1),
    until=NOW,
    where=lambda *_: reading.seen_by(OURS.viewer),
)

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "workspace_id": st.just(MINE),
    "by": st.just(OURS),
    "actor": st.just(OURS),
    "viewer": st.just(OURS.viewer),
    "workspace": st.builds(lambda: workspaces.Workspace(id=MINE, deals_channel=f"C0{THEIRS}DEALS")),
    "now": st.just(NOW),
    "number": st.integers(1, 9),
    **dict.fromkeys(("opportunity_id", "contact_id", "board_id", "history_id", "task_id"), IDS),
    **dict.fromkeys(("activity_id", "digest_id", "run_id", "asked"), IDS),
    "wanted": ACTIVITY_QUERIES,
    "schedule": SCHEDULES,
    "span": st.sampled_from(Span),
    "only": st.none() | st.sampled_from(Part),
    "below": st.none() | st.builds(Mark, at=st.just(NOW), part=st.sampled_from(Part), id=IDS),
    "before": st.none() | IDS,
    "but": st.none() | IDS,
    **dict.fromkeys(("channel_id", "user_id", "owner_id", "without", "old", "new"), SLACK_IDS),
    **dict.fromkeys(("giver_id", "taker_id"), SLACK_IDS),
    "members": st.none() | st.lists(SLACK_IDS, max_size=3),
    "ids": st.frozensets(IDS, max_size=5),
    "words": st.sampled_from([WORD, "quaga", "Zebra", "zebra 1"]),
    "name": st.sampled_from([WORD, f"{WORD} 1"]),
    "query": st.builds(Query, filter=FILTERS, sort=st.sampled_from(Sort)),
    "to": STATUSES,
    "seen": st.none() | STATUSES,
    "channel": st.builds(
        Channel,
        workspace_id=st.just(MINE),
        id=SLACK_IDS,
        kind=st.sampled_from([channels.PUBLIC, channels.PRIVATE]),
        bot_in=st.booleans(),
        shared=st.booleans(),
    ),
    "profile": st.builds(Profile, workspace_id=st.just(MINE), user_id=SLACK_IDS, name=st.just("X")),
    **dict.fromkeys(("until", "close", "expected_close"), st.none() | st.just(date(2027, 1, 1))),
    "ts": st.just("1.000001"),
    "permalink": st.just("https://example.com"),
    "offset": st.integers(0, 20),
    "limit": st.integers(1, 10),
    "replies": st.booleans(),
    "lock": st.booleans(),
    "version": st.integers(1, 2),
    "was": st.just({}),
    "why": st.just(""),
    "field": st.just("owner_id"),
    "key": st.just("once"),
    "run": st.just(lambda _session: None),
    "currency": st.just("EUR"),
    "mark": st.just("mark"),
    "kind": st.sampled_from([outbox.ACTIVITY, outbox.TASK]),
    "entry": st.sampled_from([ActivityRow, TaskRow]),
    "entry_id": IDS,
    "reply": REPLIES,
    "last": st.none() | REPLIES,
    "versions": st.lists(REPLIES, min_size=1, max_size=2),
    "told": st.lists(REPLIES, max_size=3),
    "thread": st.builds(Thread, SLACK_IDS, st.sampled_from(["1.000000", "1.000001"])),
    "lessee": st.just("copy"),
    "refused": st.dictionaries(SLACK_IDS, st.just("missing_scope")),
    "oldest": st.just(NOW - timedelta(days=1)),
    **dict.fromkeys(("again_at", "heard_until"), st.just(NOW)),
    "due": st.just(Due(date(2026, 11, 27))),
    "tz": st.just("Asia/Tokyo"),
    "reminder": st.booleans(),
    "scope": SCOPES,
    "data": st.builds(
        dict,
        user=SLACK_IDS,
        deals=st.lists(IDS, max_size=20, unique=True),
        on=st.just("2026-11-23"),
        more=st.just(0),
    ),
    "on": st.just("2026-11-23"),
    "day": st.just(date(2027, 1, 1)),
    "again": st.booleans(),
    "group": st.sampled_from(Group),
    "stands": st.none() | SLACK_IDS,
    "one": st.builds(Round, st.just(MINE), SLACK_IDS, st.just(NOW)),
    "news": st.dictionaries(IDS, st.just({}), max_size=3),
    **dict.fromkeys(("start", "end"), st.none() | TASK_SPOTS),
}
SAID = {
    "opportunity.edits.edit": st.builds(Edit, fields=EDITS, since=IDS),
    "pipeline.pipeline.named": FILTERS,
    "opportunity.status.win": st.builds(
        Win, final_value=st.just(POUNDS), closed_on=st.just(date(2026, 11, 23))
    ),
    "opportunity.status.lose": st.builds(Loss, reason=st.just("Price"), note=st.just("")),
    **dict.fromkeys(("workspaces.set_up", "settings.settings.save_general"), SET_UPS),
    **dict.fromkeys(("settings.channels.save", "settings.settings.save_channel"), CHANNEL_SETTINGS),
    "settings.settings.save_stages": st.just(
        stages_of(workspaces.Workspace(id=MINE, labels=LABELS))
    ),
    "settings.settings.save_reasons": st.just("Rain"),
    "settings.settings.save_archiving": st.sampled_from(Archiving),
}
DRAFT = {
    "opportunity.opportunities.create": DRAFTS,
    "task.tasks.create": TASKS,
    "task.edits.save": TASKS,
    "activity.activities.log": ACTIVITIES,
    "activity.activities.edit": ACTIVITIES,
    **dict.fromkeys(("digest.digests.add", "digest.digests.edit"), DIGESTS),
}
CONTACT = st.builds(ContactDraft, name=st.sampled_from([f"{WORD} 1", "New"]))

PARTS = {"row", "rows", "deal", "job", "kinds", "records", "changes", "which", "where"}
"""What only another use case hands on, from a query of its own."""


@dataclass(frozen=True)
class Case:
    name: str
    call: Callable[..., Any]
    arguments: dict[str, st.SearchStrategy[Any]]


def _cases() -> Iterator[Case]:
    for found in pkgutil.walk_packages(usecases.__path__, "store.usecases."):
        module = importlib.import_module(found.name)
        short = found.name.removeprefix("store.usecases.")
        for name, call in inspect.getmembers(module, inspect.isfunction):
            wanted = list(inspect.signature(call).parameters)
            known = f"{short}.{name}"
            if call.__module__ != module.__name__ or name.startswith("_"):
                continue
            if wanted[:1] != ["session"] or {short, known} & OF_ALL.keys():
                continue
            if not PARTS & set(wanted):
                yield Case(known, call, {one: _value(known, one) for one in wanted[1:]})


def _value(name: str, wanted: str) -> st.SearchStrategy[Any]:
    if wanted == "said":
        return SAID[name]
    if name == "digest.changes.groups" and wanted == "scope":
        return st.just(SPAN)
    if name in ("person.people.names", "attention.rounds.enlist_all") and wanted == "ids":
        return st.frozensets(SLACK_IDS)
    if wanted == "was" and "settings." in name:
        return st.none()
    if wanted == "draft":
        return DRAFT.get(name, CONTACT)
    return VALUES[wanted]


CASES = tuple(_cases())


def dump(session: Session, team: str) -> dict[str, list[tuple[Any, ...]]]:
    tables = (t for t in Base.metadata.sorted_tables if "workspace_id" in t.c)
    return {
        t.name: sorted(
            map(tuple, session.execute(select(t).where(t.c.workspace_id == team))), key=str
        )
        for t in tables
    }


@pytest.fixture
def store(migrated_url: str) -> Iterator[Store]:
    store = Store(migrated_url)
    store.write_now(fill, MINE, 2)
    store.write_now(fill, THEIRS, 5)
    yield store
    store.close()


def test_there_is_much_to_try() -> None:
    assert len(CASES) > 60


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None
)
@given(data=st.data())
def test_nothing_of_another_workspace_is_shown_or_changed(
    store: Store, data: st.DataObject
) -> None:
    case = data.draw(st.sampled_from(CASES))
    given = {name: data.draw(values, name) for name, values in case.arguments.items()}
    with Session(store.writer, expire_on_commit=False) as session:
        before = dump(session, THEIRS)
        try:
            shown = repr(case.call(session, **given))
            session.flush()
        except Refusal as refusal:
            shown = refusal.sentence
            session.rollback()
        except NoResultFound:
            shown = ""
            session.rollback()
        assert SIGN not in shown
        assert dump(session, THEIRS) == before
        session.rollback()
