"""The settings of a workspace: seen and changed by its admins (product page, 10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from store.errors import Conflict
from store.opportunity.status import GOES_ON, STAGES, Status
from store.outbox import redrawing
from store.person.person import Actor
from store.settings.channels import ChannelSettings
from store.settings.settings import (
    Group,
    Stage,
    Touched,
    checked_reasons,
    checked_stages,
    mark,
    stages_of,
)
from store.tables.records import OpportunityRow, WorkspaceRow
from store.usecases import workspaces
from store.usecases.card.channels import Channel
from store.usecases.opportunity import reading
from store.usecases.person import people
from store.usecases.settings import channels as channel_settings
from store.usecases.workspaces import SetUp
from store.workspace import Archiving, Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All of them, as they are now; `channels` those that this admin can see, and that have cards
    or something chosen for them, `more` how many there are besides.
    """

    workspace: Workspace
    touched: Mapping[Group, Touched]
    channels: tuple[tuple[Channel, ChannelSettings], ...] = ()
    more: int = 0


def look(session: Session, *, by: Actor) -> Settings:
    """For admins."""
    by.must_administer()
    row = session.get_one(WorkspaceRow, by.workspace_id)
    found, more = channel_settings.listed(session, by)
    return Settings(
        workspace=workspaces.load(session, by.workspace_id),
        touched=_touched(session, row),
        channels=found,
        more=more,
    )


def _touched(session: Session, row: WorkspaceRow) -> dict[Group, Touched]:
    kept: Mapping[str, Any] = row.settings.get("touched", {})
    named = people.names(session, row.workspace_id, [by for by, _ in kept.values()])
    return {
        group: Touched(named[by], datetime.fromisoformat(at))
        for group in Group
        for by, at in ([kept[group]] if group in kept else [])
    }


def save_general(
    session: Session, said: SetUp, *, was: str | None, by: Actor, now: datetime
) -> Settings:
    """Deals channel, currency, zone and locale. `was` is the mark of what the form was filled with
    (None: whatever it is): where somebody changed it meanwhile, this refuses, naming who.
    """
    row = _row(session, Group.GENERAL, was, by, now)
    before = mark(workspaces.workspace(row), Group.GENERAL)
    after = workspaces.set_up(session, by, said, now)
    if mark(after, Group.GENERAL) != before:
        _touch(row, Group.GENERAL, by, now)
    return look(session, by=by)


def save_stages(
    session: Session, said: Mapping[Status, Stage], *, was: str | None, by: Actor, now: datetime
) -> Settings:
    """Labels, the probability that a deal gets when it enters a stage from now on, and the days
    after which its colour changes. `was` as above.
    """
    new = checked_stages(said)
    row = _row(session, Group.STAGES, was, by, now)
    before = stages_of(workspaces.workspace(row))
    if new != before:
        kept: dict[str, Any] = {
            "labels": {stage.value: new[stage].label for stage in STAGES},
            "probability": {stage.value: new[stage].probability for stage in STAGES},
            "expected_days": {stage.value: new[stage].expected_days for stage in STAGES},
        }
        _keep(row, Group.STAGES, kept, by, now)
        _redraw(session, row.workspace_id, before, new, by, now)
    return look(session, by=by)


def _redraw(
    session: Session,
    workspace_id: str,
    before: Mapping[Status, Stage],
    after: Mapping[Status, Stage],
    by: Actor,
    now: datetime,
) -> None:
    """Labels stand on all cards that are open or paused; the days of a stage only colour those that
    are in it. What is closed shows neither.
    """
    which: ColumnElement[bool] | None = None
    if any(before[stage].label != after[stage].label for stage in STAGES):
        which = OpportunityRow.shelf.in_(GOES_ON)
    else:
        aged = [one for one in STAGES if before[one].expected_days != after[one].expected_days]
        which = OpportunityRow.status.in_(aged) if aged else None
    if which is not None:
        redrawing.cards(session, workspace_id, now, which)
        redrawing.boards_and_homes(session, workspace_id, now, by_id=by.id)


def save_reasons(
    session: Session, said: str, *, was: str | None, by: Actor, now: datetime
) -> Settings:
    """Why deals are lost, one a line; a deal that is lost keeps the reason it has."""
    reasons = checked_reasons(said)
    row = _row(session, Group.REASONS, was, by, now)
    if reasons != workspaces.workspace(row).lost_reasons:
        _keep(row, Group.REASONS, {"lost_reasons": list(reasons)}, by, now)
    return look(session, by=by)


def save_archiving(
    session: Session, said: Archiving, *, was: str | None, by: Actor, now: datetime
) -> Settings:
    """Who may archive deals, and restore them."""
    row = _row(session, Group.ARCHIVING, was, by, now)
    if said is not workspaces.workspace(row).archiving:
        _keep(row, Group.ARCHIVING, {"archiving": said.value}, by, now)
    return look(session, by=by)


def save_channel(
    session: Session, channel_id: str, said: ChannelSettings, *, was: str | None, by: Actor
) -> Settings:
    """What was chosen for one channel."""
    channel_settings.save(session, channel_id, said, was=was, by=by)
    return look(session, by=by)


def reset(session: Session, group: Group, *, by: Actor, now: datetime) -> Settings:
    """A group as it was at first. The general ones have no such state: they are guessed once."""
    plain, was = Workspace(id=by.workspace_id), None
    match group:
        case Group.STAGES:
            return save_stages(session, stages_of(plain), was=was, by=by, now=now)
        case Group.REASONS:
            said = "\n".join(plain.lost_reasons)
            return save_reasons(session, said, was=was, by=by, now=now)
        case Group.ARCHIVING:
            return save_archiving(session, plain.archiving, was=was, by=by, now=now)
        case Group.GENERAL:
            return look(session, by=by)


def _row(session: Session, group: Group, was: str | None, by: Actor, now: datetime) -> WorkspaceRow:
    """The row, locked, for an admin who knows what they replace."""
    by.must_administer()
    row = session.get_one(WorkspaceRow, by.workspace_id, with_for_update=True)
    if was not in (None, mark(workspaces.workspace(row), group)):
        touched = _touched(session, row).get(group)
        who = touched.by.name if touched else "Somebody"
        at = f" {reading.when(touched.at, by, now)}" if touched else ""
        raise Conflict(f"{who} changed these settings{at}, while this form was open.")
    return row


def _keep(
    row: WorkspaceRow, group: Group, values: dict[str, Any], by: Actor, now: datetime
) -> None:
    row.settings = row.settings | values
    _touch(row, group, by, now)


def _touch(row: WorkspaceRow, group: Group, by: Actor, now: datetime) -> None:
    touched = row.settings.get("touched", {}) | {group.value: [by.id, now.isoformat()]}
    row.settings = row.settings | {"touched": touched}
