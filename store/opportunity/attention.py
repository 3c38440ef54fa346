"""What makes a deal need attention, and when that got worse than what its owner was told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from store.opportunity.opportunity import Opportunity
from store.opportunity.status import Health, Status
from store.workspace import Workspace


class Reason(StrEnum):
    """In the order in which they are said."""

    CLOSE_PASSED = "close_passed"  # Its expected close is over.
    RED = "red"  # Longer in its stage than twice the days expected.
    TASK_OVERDUE = "task_overdue"  # Its next step is.
    NO_STEP = "no_step"  # It has no open task.
    RETURNING = "returning"  # Its pause ends soon.


RETURNS_SOON = timedelta(days=3)
"""So long before its day a paused deal is shown as returning: over a weekend, too."""
LATER = {Reason.CLOSE_PASSED: timedelta(days=14), Reason.TASK_OVERDUE: timedelta(days=7)}
"""After so long what is over is worse."""
WORSE = 2
"""The level of a reason that is worse than at first."""
MUCH = 4
"""A deal is worse than red beyond so many times the days expected of its stage."""


def reasons(opportunity: Opportunity, workspace: Workspace, now: datetime) -> tuple[Reason, ...]:
    """Why it needs attention, by the calendar of the workspace; none when it does not. Only what is
    open does, and what comes back from its pause within three days.
    """
    one = opportunity
    if one.archived_at is not None:
        return ()
    if one.status is Status.PAUSED:
        return (Reason.RETURNING,) if _returns_soon(one, workspace, now) else ()
    if not one.status.is_stage:
        return ()
    due = one.next_step.due if one.next_step else None
    holds = {
        Reason.CLOSE_PASSED: one.overdue,
        Reason.RED: one.health is Health.RED,
        Reason.TASK_OVERDUE: due is not None and due.passed(now, workspace.zone),
        Reason.NO_STEP: one.next_step is None,
    }
    return tuple(reason for reason, does in holds.items() if does)


def _returns_soon(one: Opportunity, workspace: Workspace, now: datetime) -> bool:
    today = now.astimezone(workspace.zone).date()
    return one.paused_until is not None and one.paused_until <= today + RETURNS_SOON


@dataclass(frozen=True, slots=True)
class Mark:
    """One reason as it now is: what it is `about`, so that another date or task is another matter,
    and its `level`, `WORSE` when it is worse than at first.
    """

    about: str
    level: int = 1


def marks(opportunity: Opportunity, workspace: Workspace, now: datetime) -> Mapping[Reason, Mark]:
    """Each reason, and how bad it is. It is worse, once: an expected close that has been over for
    two weeks, a task for one, and a deal that has been four times as long in its stage as expected.
    No step and an end of a pause don't get worse.
    """
    holds = reasons(opportunity, workspace, now)
    return {reason: _mark(reason, opportunity, workspace, now) for reason in holds}


def _mark(reason: Reason, one: Opportunity, workspace: Workspace, now: datetime) -> Mark:
    today = now.astimezone(workspace.zone).date()
    step, worse, about = one.next_step, False, ""
    match reason:
        case Reason.CLOSE_PASSED if one.expected_close:
            about = one.expected_close.isoformat()
            worse = today - one.expected_close >= LATER[reason]
        case Reason.RED:
            about = f"{one.stage.value} {one.stage_since.isoformat()}"
            worse = one.days > MUCH * workspace.expected_days[one.stage]
        case Reason.TASK_OVERDUE if step and step.due:
            about = f"{step.id} {step.due.key}"
            worse = today - step.due.day(workspace.zone) >= LATER[reason]
        case Reason.RETURNING if one.paused_until:
            about = one.paused_until.isoformat()
    return Mark(about, WORSE if worse else 1)


Said = Mapping[str, Iterable[str | int]]
"""By reason, what it was about and its level when it was told, as it is kept."""


def as_json(told: Mapping[Reason, Mark]) -> dict[str, list[str | int]]:
    return {reason.value: [mark.about, mark.level] for reason, mark in told.items()}


def news(now: Mapping[Reason, Mark], said: Said) -> tuple[Reason, ...]:
    """What of it was not said yet, or got worse since."""
    told = {reason: Mark(str(about), int(level)) for reason, (about, level) in said.items()}
    return tuple(
        reason
        for reason, mark in now.items()
        if (before := told.get(reason)) is None
        or before.about != mark.about
        or before.level < mark.level
    )


@dataclass(frozen=True, slots=True)
class Told:
    """A deal in the message to its owner, and whether they want to hear of it no more, or not
    until a day.
    """

    opportunity: Opportunity
    snoozed_until: date | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Attention:
    """What an owner is told of their deals on one day of theirs; `more` are counted only."""

    user_id: str
    on: str
    workspace: Workspace
    deals: tuple[Told, ...]
    more: int = 0
