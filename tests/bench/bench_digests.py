"""5,000 digests in 500 workspaces that are due in the same minute: decided and queued."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.database import Store
from store.digest.digest import DigestDraft, Rhythm, Schedule
from store.outbox import outbox
from store.person.person import Actor, Role
from store.tables.machinery import OutboxRow
from store.tables.recurring import DigestRunRow
from store.usecases import workspaces
from store.usecases.card import channels
from store.usecases.card.channels import Channel
from store.usecases.digest import digests
from store.usecases.workspaces import Identity
from tests.bench.databases import Databases
from tests.bench.processes import ROOT
from tests.bench.report import Table, tell

WORKSPACES, EACH = 500, 10
DIGESTS = WORKSPACES * EACH
MADE = datetime(2026, 11, 23, 12, tzinfo=UTC)
DUE = datetime(2026, 11, 24, 9, tzinfo=UTC)
MOST_SECONDS, MOST_MEGABYTES = 10.0, 50.0


def fill(session: Session, number: int) -> None:
    """A workspace with a channel, to which digests come within one minute."""
    team, by = f"T{number:05}", f"U{number:05}"
    said = {"name": "Sales", "app_id": "A0", "bot_id": "B0", "bot_user_id": "U0BOT"}
    workspaces.install(session, Identity(workspace_id=team, **said), MADE)
    channels.know(session, Channel(workspace_id=team, id="C0", name="deals", bot_in=True), MADE)
    actor = Actor(workspace_id=team, id=by, name=by, role=Role.MEMBER)
    draft = DigestDraft(schedule=Schedule(rhythm=Rhythm.DAILY, at=time(9), tz="Europe/London"))
    for _ in range(EACH):
        digests.add(session, draft, "C0", by=actor, now=MADE)


def queued(session: Session) -> tuple[int, int]:
    """How many digests were decided, and how many posts wait."""
    decided = session.scalar(select(func.count(DigestRunRow.digest_id.distinct())))
    posts = select(func.count()).where(OutboxRow.kind == outbox.DIGEST)
    return decided or 0, session.scalar(posts) or 0


def seconds(number: float) -> str:
    return f"{number:.2f} s"


def megabytes(number: float) -> str:
    return f"{number:.1f} MB"


async def deciding(url: str) -> Process:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.deciding"),
        *(url, (DUE + timedelta(minutes=1)).isoformat()),
        stdin=PIPE,
        stdout=PIPE,
        cwd=ROOT,
    )
    assert process.stdout
    await process.stdout.readline()
    return process


async def decided(url: str, copies: int) -> list[dict[str, Any]]:
    """What each of so many processes says that it did, all told to begin at once."""
    processes = [await deciding(url) for _ in range(copies)]
    said = await asyncio.gather(*(process.communicate(b"\n") for process in processes))
    return [json.loads(out) for out, _ in said]


def filled(made: Databases, kind: str, name: str) -> tuple[str, Store]:
    tell(f"\nFilling {kind} with {DIGESTS:,} digests …")
    url = made.url(kind, name)
    store = Store(url)
    for number in range(WORKSPACES):
        store.write_now(fill, number)
    return url, store


async def bench_one_process(kind: str, made: Databases, table: Table) -> None:
    url, store = filled(made, kind, "digests")
    (one,) = await decided(url, 1)
    table.at_most(f"{kind}: decided and queued", one["seconds"], MOST_SECONDS, seconds)
    if one["grew"] is not None:
        table.at_most(f"{kind}: memory grew by", one["grew"], MOST_MEGABYTES, megabytes)
    runs, posts = store.read_now(queued)
    table.exactly(f"{kind}: digests decided", runs, DIGESTS)
    table.exactly(f"{kind}: posts queued", posts, DIGESTS)
    store.close()


async def bench_two_processes(made: Databases, table: Table) -> None:
    url, store = filled(made, "PostgreSQL", "digests_of_two")
    both = await decided(url, 2)
    runs, posts = store.read_now(queued)
    took = max(one["seconds"] for one in both)
    table.at_most("PostgreSQL, two processes: decided and queued", took, MOST_SECONDS, seconds)
    shares = " + ".join(f"{one['decided']:,}" for one in both)
    table.note("PostgreSQL, two processes: decided by each", shares)
    table.exactly("PostgreSQL, two processes: digests decided", runs, DIGESTS)
    table.exactly("PostgreSQL, two processes: posts queued", posts, DIGESTS)
    total = sum(one["decided"] for one in both)
    table.exactly("PostgreSQL, two processes: decided in all, none twice", total, DIGESTS)
    store.close()
