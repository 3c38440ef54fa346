"""A workspace that has been at work for years: people, contacts, opportunities, made in bulk."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import TextClause, insert, text
from sqlalchemy.orm import Session

from store.activity import ActivityKind
from store.database import Store
from store.opportunity.status import STAGES, Status
from store.person.person import Actor, Role
from store.search import search
from store.tables.entries import ActivityRow, TaskRow
from store.tables.records import (
    ChannelRow,
    ContactRow,
    MemberRow,
    OpportunityRow,
    PersonRow,
    WorkspaceRow,
)
from store.task.task import NO_DUE, Due
from store.text import fold
from store.usecases.opportunity import changes

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEAM, VIEWER = "T0BENCH", "U0000"
PEOPLE = 20
CHUNK = 5_000
OTHERS = {Status.PAUSED: 0.05, Status.WON: 0.1, Status.LOST: 0.1}
"""So many besides the open ones, as a part of them."""


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


GIVEN = _listed("Jane John Maria Ahmed Wei Olga Kofi Ines Lars Yuki Priya Tom Anna Luis Nora Ivan")
FAMILY = _listed("Smith Müller García Okafor Tanaka Novak Jensen Rossi Silva Khan Dubois Brown")
WHAT = _listed("renewal pilot expansion licence rollout migration support audit training seats")
SYLLABLES = _listed("ba co di fu ge ha jo ka lu mi no pe qui ra so te ur va wo xi yo za")


def actor(workspace_id: str = TEAM) -> Actor:
    """Whose eyes the benchmarks read with: they are in two of the four private channels."""
    return Actor(
        workspace_id=workspace_id,
        id=VIEWER,
        name="Alice Johnson",
        role=Role.MEMBER,
        private_channels=frozenset({"C0PRIVATE0", "C0PRIVATE1"}),
    )


def fill(store: Store, opportunities: int, *, searchable: bool = True) -> None:
    """So many open opportunities in one workspace, with others and their contacts besides."""
    store.write_now(_workspace)
    store.write_now(_contacts, opportunities, searchable=searchable)
    at = 1
    for status, part in [*[(stage, 1 / len(STAGES)) for stage in STAGES], *OTHERS.items()]:
        store.write_now(
            _opportunities, at, int(opportunities * part), status, opportunities, searchable
        )
        at += int(opportunities * part)
    vacuum(store)


def vacuum(store: Store) -> None:
    """As a server does by itself within minutes of an import; an embedded database never."""
    if not store.sqlite:
        with store.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _bulk(session: Session, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    left = iter(rows)
    while chunk := list(islice(left, CHUNK)):
        session.execute(insert(table), chunk)


def _workspace(session: Session) -> None:
    team = {"workspace_id": TEAM}
    _bulk(session, WorkspaceRow, [{**team, "name": "Bench", "settings": {}, "set_up_at": NOW}])
    people = [
        {**team, "user_id": f"U{at:04}", "name": _person(at), "role": Role.MEMBER, "read_at": NOW}
        for at in range(PEOPLE)
    ]
    _bulk(session, PersonRow, people)
    channels = [
        {**team, "channel_id": f"C0PRIVATE{at}", "kind": "private", "bot_in": True, "read_at": NOW}
        for at in range(4)
    ]
    _bulk(session, ChannelRow, channels)
    members = [{**team, "channel_id": f"C0PRIVATE{at}", "user_id": VIEWER} for at in range(2)]
    _bulk(session, MemberRow, members)


def _person(at: int) -> str:
    return f"{GIVEN[at % len(GIVEN)]} {FAMILY[at % len(FAMILY)]}"


def _contacts(session: Session, count: int, *, searchable: bool) -> None:
    dice, said = Random(7), []  # noqa: S311 - The same names in each run.
    rows = []
    for at in range(1, count + 1):
        company, name = word(dice), f"{dice.choice(GIVEN)} {dice.choice(FAMILY)}"
        email = f"{name.lower().replace(' ', '.')}{at}@{company.lower()}.com"
        said.append((at, f"{name}\n{company}\n{email}"))
        rows.append(
            {
                "workspace_id": TEAM,
                "id": at,
                "name": name,
                "company": company,
                "email": email,
                "folded": fold(f"{name} {company}"),
                "email_folded": fold(email),
                "created_by": VIEWER,
                "created_at": NOW,
                "updated_at": NOW - timedelta(minutes=at),
                "version": 1,
            }
        )
    _bulk(session, ContactRow, rows)
    if searchable:
        search.index_many(session, TEAM, search.Kind.CONTACT, said)


def word(dice: Random) -> str:
    return "".join(dice.choices(SYLLABLES, k=dice.randint(2, 4))).title()


def _opportunities(
    session: Session, first: int, count: int, status: Status, contacts: int, searchable: bool
) -> None:
    dice = Random(first)  # noqa: S311 - The same ones in each run.
    rows = [opportunity(dice, at, status, contacts) for at in range(first, first + count)]
    _bulk(session, OpportunityRow, rows)
    if searchable:
        said = ((row["id"], row["name"]) for row in rows)
        search.index_many(session, TEAM, search.Kind.OPPORTUNITY, said)


def opportunity(dice: Random, at: int, status: Status, contacts: int) -> dict[str, Any]:
    """Of the usual spread: some without value or date, three currencies, a few in private."""
    since = NOW - timedelta(hours=dice.randint(0, 60 * 24))
    close = (NOW + timedelta(days=dice.randint(-20, 180))).date()
    owner = f"U{dice.randrange(PEOPLE):04}"
    row: dict[str, Any] = {
        "workspace_id": TEAM,
        "id": at,
        "number": at,
        "name": f"{word(dice)} {dice.choice(WHAT)}",
        "contact_id": dice.randint(1, contacts) if contacts and dice.random() < 0.9 else None,
        "value_minor": dice.randint(10, 5_000) * 10_000 if dice.random() < 0.9 else None,
        "currency": "",
        "probability": dice.choice((10, 30, 50, 80)),
        "status": status,
        "stage": status if status.is_stage else Status.QUOTING,
        "owner_id": owner,
        "created_by": owner,
        "created_at": since,
        "expected_close": close if dice.random() < 0.8 else None,
        "stage_since": since,
        "aged_from": since,
        "status_since": since,
        "status_by": owner,
        "archived_at": None,
        "card_channel": "C0DEALS",
        "card_ts": f"1764000000.{at:06}",
        "card_permalink": f"https://acme.slack.com/archives/C0DEALS/p1764000000{at:06}",
        "audience": f"C0PRIVATE{at % 4}" if dice.random() < 0.1 else "",
        "version": 1,
    }
    if row["value_minor"] is not None:
        row["currency"] = dice.choices(("GBP", "EUR", "USD"), (90, 7, 3))[0]
    return row | _settled(row)


def _settled(row: dict[str, Any]) -> dict[str, Any]:
    """What the store derives from the rest."""
    settled = SimpleNamespace(**row)
    changes.settle(cast("OpportunityRow", settled))
    return {key: getattr(settled, key) for key in ("shelf", "rank", "close_key", "weighted_minor")}


def fill_activities(store: Store, count: int, deals: int) -> None:
    """So many in the last three years, of those opportunities and their contacts."""
    dice = Random(5)  # noqa: S311 - The same ones in each run.
    rows = (activity(dice, at, deals) for at in range(1, count + 1))
    store.write_now(_bulk, ActivityRow, rows)


def activity(dice: Random, at: int, deals: int) -> dict[str, Any]:
    """One in twenty without a deal; some types are rarer than others."""
    done = NOW - timedelta(seconds=dice.randint(0, 3 * 365 * 24 * 3600))
    by = f"U{dice.randrange(PEOPLE):04}"
    return {
        "workspace_id": TEAM,
        "id": at,
        "opportunity_id": dice.randint(1, deals) if dice.random() < 0.95 else None,
        "contact_id": dice.randint(1, deals) if dice.random() < 0.9 else None,
        "kind": dice.choices(tuple(ActivityKind), (40, 30, 15, 14, 1))[0],
        "what": f"Spoke about {dice.choice(WHAT)} and {dice.choice(WHAT)} of {word(dice)}",
        "by_id": by,
        "at": done,
        "created_by": by,
        "created_at": done,
        "permalink": f"https://acme.slack.com/archives/C0DEALS/p1764000001{at:06}",
        "version": 1,
    }


def fill_tasks(store: Store, count: int, *, mine: int, deals: int) -> None:
    """So many tasks of those deals, half of them done; `mine` open ones are the viewer's."""
    dice = Random(11)  # noqa: S311 - The same ones in each run.
    others = count - mine

    def rows() -> Iterator[dict[str, Any]]:
        for at in range(count):
            done = at < others and dice.random() < 0.5
            who = VIEWER if at >= others else f"U{dice.randrange(1, PEOPLE):04}"
            yield task(dice, at + 1, who, deals, done=done)

    store.write_now(_bulk, TaskRow, rows())
    vacuum(store)


def task(dice: Random, at: int, assignee: str, deals: int, *, done: bool) -> dict[str, Any]:
    """Some are overdue, most are due within half a year; every third has an hour."""
    moment = NOW + timedelta(minutes=dice.randint(-30 * 1440, 180 * 1440))
    due = Due(moment.date(), moment if dice.random() < 0.3 else None)
    dated = dice.random() < 0.9
    return {
        "workspace_id": TEAM,
        "id": at,
        "title": f"{dice.choice(('Call', 'Write to', 'Meet'))} {word(dice)}",
        "assignee_id": assignee,
        "opportunity_id": dice.randint(1, deals) if dice.random() < 0.9 else None,
        "contact_id": dice.randint(1, deals) if dice.random() < 0.1 else None,
        "due_on": due.on if dated else None,
        "due_at": due.at if dated else None,
        "due_key": due.key if dated else NO_DUE,
        "open": not done,
        "done_at": NOW - timedelta(minutes=dice.randint(1, 10**6)) if done else None,
        "done_by": assignee if done else None,
        "quiet": False,
        "created_by": assignee,
        "created_at": NOW,
        "permalink": f"https://acme.slack.com/archives/C0DEALS/p1764000000{at:06}",
        "version": 1,
    }


def copies(store: Store, times: int) -> Iterator[str]:
    """More workspaces with the same opportunities, copied within the database."""
    columns = [column.name for column in OpportunityRow.__table__.columns]
    kept = [name for name in columns if name not in ("id", "workspace_id", "contact_id")]
    named = ", ".join(f'"{name}"' for name in kept)
    for at in range(times):
        team = f"T{at:06}"
        copied = text(
            f"INSERT INTO opportunities (id, workspace_id, {named}) "  # noqa: S608 - Our own columns.
            f"SELECT id + :beyond, :team, {named} FROM opportunities WHERE workspace_id = :bench"
        )
        store.write_now(_copy, copied, {"team": team, "bench": TEAM, "beyond": 10**6 * (at + 1)})
        yield team


def _copy(session: Session, statement: TextClause, given: dict[str, Any]) -> None:
    session.execute(statement, given)
