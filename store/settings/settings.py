"""What an admin may say in the settings of a workspace, and what can't be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zlib import crc32

from store.errors import Invalid
from store.opportunity.status import STAGES, Status
from store.person.person import Person
from store.text import fold, one_line
from store.workspace import OTHER, Workspace

LABEL_MAX = 24
REASON_MAX = 75
REASONS_MAX = 20
"""With Other, which is always there, and last."""
CHANCES = range(101)
DAYS = range(1, 366)

WORDS: Mapping[Status, tuple[str, ...]] = {
    Status.LEAD: ("lead",),
    Status.PITCHING: ("pitching", "pitch"),
    Status.QUOTING: ("quoting", "quote", "quoted"),
    Status.CLOSING: ("closing",),
}
"""What commands call a stage besides its label, also where it is called otherwise."""
_TAKEN = frozenset(
    {
        *("won", "win", "closed won", "lost", "lose", "closed lost"),
        *("pause", "paused", "resume", "resumed", "unpause", "reopen", "reopened", "re-open"),
        "help",
    }
)
"""What means something else behind `/opp 12` or `@Dealthread`."""
_BEGIN = frozenset({"task", "log"})
"""Words that take all that follows them, behind `@Dealthread`."""


class Group(StrEnum):
    """What is edited together."""

    GENERAL = "general"
    STAGES = "stages"
    REASONS = "reasons"
    ARCHIVING = "archiving"


@dataclass(frozen=True, slots=True)
class Stage:
    """What can be said of a stage; its place and its key stay."""

    label: str
    probability: int
    expected_days: int


@dataclass(frozen=True, slots=True)
class Touched:
    """Who changed a group last, and when."""

    by: Person
    at: datetime


def stages_of(workspace: Workspace) -> dict[Status, Stage]:
    """How they are now."""
    return {
        stage: Stage(
            workspace.label(stage), workspace.probability[stage], workspace.expected_days[stage]
        )
        for stage in STAGES
    }


def checked_stages(said: Mapping[Status, Stage]) -> dict[Status, Stage]:
    """All four; Invalid by field: `label_lead`, `probability_lead`, `days_lead`."""
    made = {
        stage: Stage(
            one_line(said[stage].label), said[stage].probability, said[stage].expected_days
        )
        for stage in STAGES
    }
    wrong = _labels(made)
    for stage, one in made.items():
        if one.probability not in CHANCES:
            wrong[f"probability_{stage}"] = "Write a whole number from 0 to 100."
        if one.expected_days not in DAYS:
            wrong[f"days_{stage}"] = "Write a whole number from 1 to 365."
    if wrong:
        raise Invalid(wrong)
    return made


def _labels(made: Mapping[Status, Stage]) -> dict[str, str]:
    """People find a stage by its label, commands do too: each means one thing only."""
    wrong: dict[str, str] = {}
    seen: set[str] = set()
    for stage, one in made.items():
        word = spoken(one.label)
        others = {word for other in STAGES if other is not stage for word in WORDS[other]}
        if not one.label or not word:
            wrong[f"label_{stage}"] = f"Write a label, like {stage.label}."
        elif len(one.label) > LABEL_MAX:
            wrong[f"label_{stage}"] = f"Write a label of at most {LABEL_MAX} characters."
        elif word in seen:
            wrong[f"label_{stage}"] = "Another stage has that label."
        elif word in _TAKEN or word in others or word.split()[0] in _BEGIN:
            wrong[f"label_{stage}"] = "Commands use that word for something else. Choose another."
        seen.add(word)
    return wrong


def spoken(label: str) -> str:
    """A label as commands compare it: case, accents and a point at the end aside."""
    return fold(label).rstrip(".!").rstrip()


def checked_reasons(said: str) -> tuple[str, ...]:
    """One a line, or on one line with commas between; Other is there whether it was written or not.
    Invalid under `reasons`.
    """
    written = said.strip().splitlines()
    written = written if len(written) > 1 else said.split(",")
    lines = [line for line in (one_line(line) for line in written) if line]
    reasons = [line for line in lines if fold(line) != fold(OTHER)]
    folded = [fold(reason) for reason in reasons]
    twice = next((one for at, one in enumerate(reasons) if folded[at] in folded[:at]), None)
    wrong = ""
    if not reasons:
        wrong = f"Write at least one reason. {OTHER} is there besides."
    elif len(reasons) >= REASONS_MAX:
        wrong = f"Write at most {REASONS_MAX - 1} reasons. {OTHER} is there besides."
    elif twice is not None:
        wrong = f"{twice} is there twice."
    elif long := next((one for one in reasons if len(one) > REASON_MAX), None):
        wrong = f"Write reasons of at most {REASON_MAX} characters: {long[:20]}… has {len(long)}."
    if wrong:
        raise Invalid({"reasons": wrong})
    return (*reasons, OTHER)


def mark(workspace: Workspace, group: Group) -> str:
    """Differs when a setting of the group does: a form knows by it what it was filled with."""
    held: Mapping[Group, object] = {
        Group.GENERAL: (
            workspace.deals_channel,
            workspace.currency,
            workspace.tz,
            workspace.locale,
        ),
        Group.STAGES: tuple(stages_of(workspace).items()),
        Group.REASONS: workspace.lost_reasons,
        Group.ARCHIVING: workspace.archiving,
    }
    return marked(held[group])


def marked(held: object) -> str:
    return f"{crc32(repr(held).encode()):x}"


def is_default(workspace: Workspace, group: Group) -> bool:
    """Whether a group is as it was at first; nobody's first guess of the general ones is kept."""
    plain = Workspace(id=workspace.id)
    return group is not Group.GENERAL and mark(workspace, group) == mark(plain, group)
