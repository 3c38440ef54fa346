"""The kinds of change that the history of an opportunity is made of."""

from enum import StrEnum


class Kind(StrEnum):
    CREATED = "created"
    MOVED = "moved"
    WON = "won"
    LOST = "lost"
    PAUSED = "paused"
    RESUMED = "resumed"
    RETURNED = "returned"  # Back from its pause by itself.
    REOPENED = "reopened"
    EDITED = "edited"
    HANDED_OVER = "handed_over"  # To another owner, with everything else that one had.
    ARCHIVED = "archived"
    RESTORED = "restored"
    UNDONE = "undone"


UNDOABLE = frozenset(
    {Kind.MOVED, Kind.WON, Kind.LOST, Kind.PAUSED, Kind.RESUMED, Kind.REOPENED, Kind.EDITED}
)
