"""Mornings in a workspace without Slack: rounds are made, and what owners are told is read."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot import mornings
from store.database import Store
from store.opportunity.attention import Attention
from store.person.person import Actor
from store.tables.records import OpportunityRow
from store.tables.recurring import RoundRow
from store.usecases.attention import words as attention_words
from store.usecases.opportunity import edits
from store.usecases.opportunity.edits import Edit
from store.usecases.person import people
from store.usecases.person.people import Profile
from tests.store.crm import TEAM, Crm
from tests.store.doing import made, words

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
"""When the tests begin: a round that somebody gets then is due on Tuesday at nine."""
TODAY = MONDAY.date()


def rounds_made(crm: Crm) -> int:
    return made_by(crm.store, crm.now)


def made_by(store: Store, now: datetime) -> int:
    """The rounds that this copy makes, all that are due."""
    return asyncio.run(mornings.make(store, now))


def told(crm: Crm, to: Actor | None = None) -> list[dict[str, Any]]:
    return words(crm, to or crm.alice, "attention")


def names(crm: Crm, to: Actor | None = None) -> list[list[str]]:
    """The deals in each message to them, by name."""
    ids = [data["deals"] for data in told(crm, to)]
    rows = select(OpportunityRow.id, OpportunityRow.name)
    known = crm.store.read_now(lambda s: {row.id: row.name for row in s.execute(rows)})
    return [[known[one] for one in deals] for deals in ids]


def at(crm: Crm, day: int, hour: int = 9, *, month: int = 11, minute: int = 0) -> None:
    crm.now = datetime(2026, month, day, hour, minute, tzinfo=UTC)


def morning(crm: Crm, day: int, *, month: int = 11) -> int:
    at(crm, day, month=month)
    return rounds_made(crm)


def next_at(crm: Crm, who: Actor | None = None) -> datetime:
    return crm.store.read_now(_round, (TEAM, (who or crm.alice).id)).next_at


def _round(session: Session, key: tuple[str, str]) -> RoundRow:
    return session.get_one(RoundRow, key)


def late(crm: Crm, name: str = "Acme renewal", days: int = 3, **said: Any) -> int:
    """A deal whose close date has passed, with a next step, so that this alone is the matter."""
    number = crm.opened(name, expected_close=TODAY - timedelta(days=days), **said)
    made(crm, "Next", by=said.get("by"), number=number)
    return number


def show(crm: Crm, data: dict[str, Any], *, again: bool = False) -> Attention | None:
    return crm.store.read_now(attention_words.to_show, TEAM, data, crm.now, again=again)


def shown(crm: Crm, data: dict[str, Any], *, again: bool = False) -> list[str]:
    found = show(crm, data, again=again)
    return [one.opportunity.name for one in found.deals] if found else []


def know(crm: Crm, who: Actor, **about: Any) -> None:
    given = {"tz": who.tz} | about
    profile = Profile(workspace_id=TEAM, user_id=who.id, name=who.name, **given)
    crm.store.write_now(people.know, profile, crm.now)


def give(crm: Crm, number: int, to: Actor, by: Actor | None = None) -> None:
    since = crm.look(number).last_change
    crm.do(edits.edit, number, Edit(fields={"owner_id": to.id}, since=since), by=by)


def stop(crm: Crm, number: int, by: Actor | None = None) -> None:
    crm.do(attention_words.stop, number, "2026-11-24", by=by)


def snooze(crm: Crm, number: int, day: date, by: Actor | None = None) -> date | None:
    """Until when it then is."""
    return crm.do(attention_words.snooze, number, day, "2026-11-24", by=by)


def make_due(session: Session, now: datetime) -> None:
    session.execute(update(RoundRow).values(next_at=now))
