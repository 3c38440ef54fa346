"""`dealthread import`: what it looks up, and what it says."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.person.everybody import learn
from bot.settings import BadSettings, Settings
from bot.transfer.sheets import Sheet
from bot.transfer.transfer import Plan, check, one_workspace, take_in
from store.database import Store
from store.usecases.transfer.imports import Counted


@dataclass(frozen=True, slots=True)
class Asked:
    file: Path
    workspace: str | None = None
    owner: str | None = None
    dry_run: bool = False
    again: bool = False


def run(store: Store, asked: Asked) -> Iterator[str]:
    """Checks the whole file, then takes it in; what it did, in lines for whoever started it."""
    workspace_id, now = one_workspace(store, asked.workspace), datetime.now(UTC)
    plan = Plan(
        store=store,
        workspace_id=workspace_id,
        sheet=Sheet(asked.file),
        now=now,
        owner=asked.owner,
        learn=lambda: _learn(store, workspace_id, now),
        again=asked.again,
    )
    checked = check(plan)
    if unread := sorted(plan.sheet.unread):
        yield f"Not read, for want of a place: {', '.join(unread)}."
    if asked.dry_run:
        yield f"Every line can be read: {_said(checked.counted)}. Nothing was changed."
        return
    made = take_in(checked)
    yield f"Imported {_said(made)}."
    if made.known_contacts:
        yield f"{_count(made.known_contacts, 'contact')} stood there already."
    if made.opportunities:
        yield "No cards were posted: each comes at its first change, or by Post card in its menu."


def _learn(store: Store, workspace_id: str, now: datetime) -> bool:
    """Asks Slack for the people of the workspace; not where no Slack is set."""
    try:
        settings = Settings()
    except BadSettings:
        return False
    asyncio.run(learn(settings, store, workspace_id, now))
    return True


def _said(counted: Counted) -> str:
    said = _count(counted.opportunities, "opportunity"), _count(counted.contacts, "contact")
    return " and ".join(said)


def _count(count: int, noun: str) -> str:
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else plural}"
