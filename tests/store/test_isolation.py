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

from store import outbox, usecases
from store.activity import ActivityDraft, ActivityKind, ActivityQuery, Period
from store.board import Closes, Filter, Query, Sort
from store.channel_settings import ChannelSettings
from store.columns import Base
from store.comment import Reply
from store.contact import ContactDraft
from store.database import Store
from store.digest import DigestDraft, Rhythm, Schedule
from store.entries import ActivityRow, TaskRow
from store.errors import Refusal
from store.figures import Span
from store.opportunity import OpportunityDraft
from store.paging import Spot
from store.settings import Group, stages_of
from store.status import Status
from store.task import Bucket, Due, TaskDraft
from store.task_list import Scope
from store.task_list import Spot as TaskSpot
from store.timeline import Mark, Part
from store.usecases import channels, news, reading, workspaces
from store.usecases.catching_up import Thread
from store.usecases.channels import Channel
from store.usecases.edits import Edit
from store.usecases.people import Profile
from store.usecases.status import Loss, Win
from store.usecases.workspaces import SetUp
from store.workspace import Archiving
from tests.store.neighbours import MINE, NOW, POUNDS, SIGN, THEIRS, WORD, actor, fill

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
    "posted": st.booleans(),
    **dict.fromkeys(("start", "end"), st.none() | TASK_SPOTS),
}
SAID = {
    "edits.edit": st.builds(Edit, fields=EDITS, since=IDS),
    "pipeline.named": FILTERS,
    "status.win": st.builds(
        Win, final_value=st.just(POUNDS), closed_on=st.just(date(2026, 11, 23))
    ),
    "status.lose": st.builds(Loss, reason=st.just("Price"), note=st.just("")),
    **dict.fromkeys(("workspaces.set_up", "settings.save_general"), SET_UPS),
    **dict.fromkeys(("channel_settings.save", "settings.save_channel"), CHANNEL_SETTINGS),
    "settings.save_stages": st.just(stages_of(workspaces.Workspace(id=MINE, labels=LABELS))),
    "settings.save_reasons": st.just("Rain"),
    "settings.save_archiving": st.sampled_from(Archiving),
}
DRAFT = {
    "opportunities.create": DRAFTS,
    "tasks.create": TASKS,
    "task_edits.save": TASKS,
    "activities.log": ACTIVITIES,
    "activities.edit": ACTIVITIES,
    **dict.fromkeys(("digests.add", "digests.edit"), DIGESTS),
}
CONTACT = st.builds(ContactDraft, name=st.sampled_from([f"{WORD} 1", "New"]))

OF_ALL = {
    "attention.tell_due": "the clock is the same for all",
    "catching_up.listening": "says itself which ones",
    "catching_up.release": "a copy that stops does so everywhere",
    "catching_up.unread": "the doctor asks for all",
    "digest_sending.skip_late": "the clock is the same for all",
    "digest_turns.decide_due": "the clock is the same for all",
    "imports.finish": "it looks after the database itself",
    "installations": "an installation that begins has no workspace yet",
    "once.forget": "keys of all workspaces grow old",
    "reminders.remind_due": "the clock is the same for all",
    "rounds.put_right": "the clock is the same for all",
    "status.return_due": "the clock is the same for all",
    "waiting.pending": "only whether there is anything",
    "workspaces.everybody": "export says which workspaces there are to whoever has the database",
    "workspaces.identities": "the gate asks who we are, everywhere",
    "workspaces.install": "says itself which one",
    "workspaces.drop_tokens": "says itself which ones",
}
"""What is for no single workspace, and why."""
PARTS = {"row", "rows", "deal", "job", "kinds", "records", "changes", "which", "where"}
"""What only another use case hands on, from a query of its own."""


@dataclass(frozen=True)
class Case:
    name: str
    call: Callable[..., Any]
    arguments: dict[str, st.SearchStrategy[Any]]


def _cases() -> Iterator[Case]:
    for found in pkgutil.iter_modules(usecases.__path__):
        module = importlib.import_module(f"store.usecases.{found.name}")
        for name, call in inspect.getmembers(module, inspect.isfunction):
            wanted = list(inspect.signature(call).parameters)
            known = f"{found.name}.{name}"
            if call.__module__ != module.__name__ or name.startswith("_"):
                continue
            if wanted[:1] != ["session"] or {found.name, known} & OF_ALL.keys():
                continue
            if not PARTS & set(wanted):
                yield Case(known, call, {one: _value(known, one) for one in wanted[1:]})


def _value(name: str, wanted: str) -> st.SearchStrategy[Any]:
    if wanted == "said":
        return SAID[name]
    if name == "digest_changes.groups" and wanted == "scope":
        return st.just(SPAN)
    if name in ("people.names", "rounds.enlist_all") and wanted == "ids":
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
