"""The statuses of an opportunity, their order, and the colour of their age."""

from enum import StrEnum


class Status(StrEnum):
    LEAD = "lead"
    PITCHING = "pitching"
    QUOTING = "quoting"
    CLOSING = "closing"
    WON = "won"
    LOST = "lost"
    PAUSED = "paused"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def is_stage(self) -> bool:
        return self in STAGES

    @property
    def is_closed(self) -> bool:
        return self in (Status.WON, Status.LOST)


STAGES = (Status.LEAD, Status.PITCHING, Status.QUOTING, Status.CLOSING)
"""The open ones, in the order of the pipeline."""


class Shelf(StrEnum):
    """Where a row stands for lists and totals; an index column, derived from status and archive."""

    OPEN = "open"
    PAUSED = "paused"
    CLOSED = "closed"
    ARCHIVED = "archived"


GOES_ON = (Shelf.OPEN, Shelf.PAUSED)
"""The shelves of what is neither closed nor archived; the rest stays as it was."""


class Health(StrEnum):
    """Green within the stage's expected days, amber within twice as many, red beyond."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


def rank(status: Status) -> int:
    """The place in "closest to closing": Closing 0 … Lead 3, then Paused, Won, Lost."""
    order = (*reversed(STAGES), Status.PAUSED, Status.WON, Status.LOST)
    return order.index(status)


def shelf(status: Status, *, archived: bool) -> Shelf:
    if archived:
        return Shelf.ARCHIVED
    if status is Status.PAUSED:
        return Shelf.PAUSED
    return Shelf.CLOSED if status.is_closed else Shelf.OPEN


def next_stage(stage: Status) -> Status | None:
    """The stage after this one; none after Closing, whose next is Won and asks."""
    at = STAGES.index(stage)
    return STAGES[at + 1] if at + 1 < len(STAGES) else None


def health(days: int, expected: int) -> Health:
    if days <= expected:
        return Health.GREEN
    return Health.AMBER if days <= 2 * expected else Health.RED
