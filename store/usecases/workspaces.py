"""Workspaces: made at first contact with a guess, set up by an admin."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from store.errors import Invalid
from store.money import is_currency
from store.opportunity.status import STAGES, Status
from store.outbox import outbox, redrawing
from store.person.person import Actor
from store.tables.records import WorkspaceRow
from store.workspace import (
    EXPECTED_DAYS,
    LOST_REASONS,
    PROBABILITY,
    Archiving,
    Workspace,
)
from store.zones import is_zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who the bot is in a workspace, as Slack says it at start or at installing."""

    workspace_id: str
    name: str
    app_id: str
    bot_id: str
    bot_user_id: str
    bot_token: bytes | None = None


def install(session: Session, identity: Identity, now: datetime) -> None:
    """Keeps who the bot is; a workspace that comes back finds its data as it was."""
    row = session.get(WorkspaceRow, identity.workspace_id)
    if row is None:
        row = WorkspaceRow(workspace_id=identity.workspace_id, settings={}, last_number=0)
        session.add(row)
    row.name, row.app_id = identity.name[:255], identity.app_id
    row.bot_id, row.bot_user_id = identity.bot_id, identity.bot_user_id
    row.bot_token = identity.bot_token
    row.installed_at, row.uninstalled_at = now, None
    outbox.unpark(session, identity.workspace_id)


def uninstall(session: Session, workspace_id: str, now: datetime) -> None:
    """The token is deleted at once; the records stay for the day the workspace comes back, and so
    does what they were to show. Nothing ends that was installed after `now`, to the second: Slack
    tells things late, and may have told of the installation before.
    """
    before = WorkspaceRow.installed_at < now + timedelta(seconds=1)
    ended = (
        update(WorkspaceRow)
        .where(WorkspaceRow.workspace_id == workspace_id)
        .where(or_(WorkspaceRow.installed_at.is_(None), before))
        .values(bot_token=None, uninstalled_at=now)
        .returning(WorkspaceRow.workspace_id)
    )
    if session.scalar(ended) is not None:
        outbox.park(session, workspace_id)


def is_uninstalled(session: Session, workspace_id: str) -> bool:
    row = session.get(WorkspaceRow, workspace_id)
    return row is not None and row.uninstalled_at is not None


def drop_tokens(session: Session, workspace_ids: Sequence[str]) -> None:
    """Tokens that can't be used any more: each of these workspaces installs the bot anew."""
    session.execute(
        update(WorkspaceRow)
        .where(WorkspaceRow.workspace_id.in_(workspace_ids))
        .values(bot_token=None)
    )


def identities(session: Session) -> list[Identity]:
    """Where the bot is installed."""
    there = select(WorkspaceRow).where(WorkspaceRow.uninstalled_at.is_(None))
    return _identities(session.scalars(there))


def everybody(session: Session) -> list[Identity]:
    """Also where it was installed once: their records are still here."""
    return _identities(session.scalars(select(WorkspaceRow)))


def _identities(rows: Iterable[WorkspaceRow]) -> list[Identity]:
    return [
        Identity(
            workspace_id=row.workspace_id,
            name=row.name,
            app_id=row.app_id,
            bot_id=row.bot_id,
            bot_user_id=row.bot_user_id,
            bot_token=row.bot_token,
        )
        for row in rows
    ]


# Built once, as every click loads it: building costs more than running.
_LOADED = select(WorkspaceRow.__table__).where(WorkspaceRow.workspace_id == bindparam("team"))


def load(session: Session, workspace_id: str) -> Workspace:
    row: Any = session.connection().execute(_LOADED, {"team": workspace_id}).first()
    return workspace(row) if row else Workspace(id=workspace_id)


def workspace(row: WorkspaceRow) -> Workspace:
    settings: dict[str, Any] = row.settings or {}
    return Workspace(
        id=row.workspace_id,
        name=row.name,
        currency=row.currency,
        locale=row.locale,
        tz=row.tz,
        deals_channel=row.deals_channel,
        set_up=row.set_up_at is not None,
        probability=dict(PROBABILITY) | _by_stage(settings.get("probability")),
        expected_days=dict(EXPECTED_DAYS) | _by_stage(settings.get("expected_days")),
        labels=_by_stage(settings.get("labels")),
        lost_reasons=tuple(settings.get("lost_reasons") or LOST_REASONS),
        archiving=Archiving(settings.get("archiving", Archiving.INVOLVED)),
    )


def _by_stage(said: dict[str, Any] | None) -> dict[Status, Any]:
    return {stage: said[stage.value] for stage in STAGES if said and stage.value in said}


def guess(session: Session, actor: Actor, currency: str) -> Workspace:
    """Until an admin has set it up, a workspace takes zone, locale and currency for granted from
    the first person it hears.
    """
    row = session.get_one(WorkspaceRow, actor.workspace_id, with_for_update=True)
    if row.set_up_at is None and not row.settings.get("guessed"):
        row.tz, row.locale, row.currency = actor.tz, actor.locale, currency
        row.settings = row.settings | {"guessed": True}
    return workspace(row)


def tell_guess(session: Session, workspace_id: str, now: datetime) -> bool:
    """Whether what was taken for granted is still to be said; it is said once."""
    row = session.get(WorkspaceRow, workspace_id)
    if row is None or row.set_up_at is not None or row.guess_told_at is not None:
        return False
    row.guess_told_at = now
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    deals_channel: str | None
    currency: str
    tz: str
    locale: str | None = None


LOCALE_MAX = 20


def set_up(session: Session, actor: Actor, said: SetUp, now: datetime) -> Workspace:
    """Keeps what an admin said; cards, boards and Homes are shown anew, as they show money."""
    actor.must_administer()
    wrong: dict[str, str] = {}
    if not is_currency(said.currency):
        wrong["currency"] = "Choose a currency, like GBP."
    if not is_zone(said.tz):
        wrong["tz"] = "Choose a time zone, like Europe/London."
    if len(said.locale or "") > LOCALE_MAX:
        wrong["locale"] = "Choose one of these."
    if wrong:
        raise Invalid(wrong)
    row = session.get_one(WorkspaceRow, actor.workspace_id, with_for_update=True)
    seen_before = (row.currency, row.tz, row.locale)
    row.deals_channel, row.currency, row.tz = said.deals_channel, said.currency, said.tz
    row.locale = said.locale or row.locale
    row.set_up_at = row.set_up_at or now
    if seen_before != (row.currency, row.tz, row.locale):
        redrawing.cards(session, actor.workspace_id, now)
        redrawing.boards_and_homes(session, actor.workspace_id, now, by_id=actor.id)
    return workspace(row)
