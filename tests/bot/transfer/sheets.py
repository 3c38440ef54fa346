"""A workspace with people and channels, and files to be taken in and written out."""

import csv
from datetime import UTC, datetime
from pathlib import Path

from bot.transfer.sheets import Sheet
from bot.transfer.transfer import Plan, check, export, take_in
from store.database import Store
from store.person.person import Actor, Role
from store.usecases import workspaces
from store.usecases.card import channels
from store.usecases.card.channels import Channel
from store.usecases.person import people
from store.usecases.person.people import Profile
from store.usecases.transfer import imports
from store.usecases.workspaces import Identity

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ALICE = Actor(workspace_id="T1", id="U1", name="Alice Johnson", role=Role.MEMBER, admin=True)
NASTY = [
    '=cmd|" /C calc"!A0',
    "'=1",
    "''+x",
    "@sum",
    "-1",
    "a,b;c\td",
    'say "hi"',
    "👩‍👩‍👧 Ünïcode",
]


def identity(workspace_id: str, name: str) -> Identity:
    return Identity(
        workspace_id=workspace_id, name=name, app_id="A1", bot_id="B1", bot_user_id="U9"
    )


def staffed(url: str, *, currency: str = "GBP", locale: str = "en_GB") -> Store:
    """A database with one workspace, three people of whom one has left, and three channels."""
    store = Store(url)
    store.write_now(workspaces.install, identity("T1", "Acme"), NOW)
    for user_id, name, gone in (
        ("U1", "Alice Johnson", False),
        ("U2", "Bob Stone", False),
        ("U3", "Gone Girl", True),
    ):
        one = Profile(workspace_id="T1", user_id=user_id, name=name, deactivated=gone)
        store.write_now(people.know, one, NOW)
    for channel_id, name, kind in (
        ("C1", "deals", channels.PUBLIC),
        ("G1", "vip", channels.PRIVATE),
    ):
        one = Channel(workspace_id="T1", id=channel_id, name=name, kind=kind, bot_in=True)
        store.write_now(channels.know, one, NOW, ["U1"])
    said = workspaces.SetUp(
        deals_channel="C1", currency=currency, tz="Europe/London", locale=locale
    )
    store.write_now(workspaces.set_up, ALICE, said, NOW)
    return store


def taken(store: Store, path: Path, **how: object) -> imports.Counted:
    return take_in(check(Plan(store=store, workspace_id="T1", sheet=Sheet(path), now=NOW, **how)))


def written(tmp_path: Path, text: str, name: str = "deals.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def rows(store: Store, path: Path, of: str = "opportunities") -> list[dict[str, str]]:
    export(store, "T1", path, of)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def plan(store: Store, path: Path, now: datetime = NOW, **how: object) -> Plan:
    return Plan(store=store, workspace_id="T1", sheet=Sheet(path), now=now, **how)
