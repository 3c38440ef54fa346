"""A workspace and its settings: what holds unless somebody says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from store.opportunity.status import STAGES, Status

PROBABILITY: Mapping[Status, int] = {
    Status.LEAD: 10,
    Status.PITCHING: 30,
    Status.QUOTING: 50,
    Status.CLOSING: 80,
}
EXPECTED_DAYS: Mapping[Status, int] = {
    Status.LEAD: 14,
    Status.PITCHING: 14,
    Status.QUOTING: 10,
    Status.CLOSING: 14,
}
LOST_REASONS = ("Price", "Competitor", "No decision", "Timing", "Not a fit", "Other")
OTHER = "Other"


class Archiving(StrEnum):
    """Who may archive a deal, and restore it."""

    INVOLVED = "involved"  # Its owner, its creator and admins.
    MEMBERS = "members"
    ADMINS = "admins"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """`set_up` is false while currency, zone and channel are guesses nobody has confirmed."""

    id: str
    name: str = ""
    currency: str = "GBP"
    locale: str = "en_GB"
    tz: str = "UTC"
    deals_channel: str | None = None
    set_up: bool = False
    probability: Mapping[Status, int] = field(default_factory=lambda: dict(PROBABILITY))
    expected_days: Mapping[Status, int] = field(default_factory=lambda: dict(EXPECTED_DAYS))
    labels: Mapping[Status, str] = field(default_factory=dict)
    lost_reasons: tuple[str, ...] = LOST_REASONS
    archiving: Archiving = Archiving.INVOLVED

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tz)

    def label(self, status: Status) -> str:
        return self.labels.get(status) or status.label

    @property
    def choose_stage(self) -> str:
        """The sentence for what is none."""
        *first, last = (self.label(stage) for stage in STAGES)
        return f"Choose {', '.join(first)} or {last}."

    @property
    def stages(self) -> tuple[Status, ...]:
        return STAGES
