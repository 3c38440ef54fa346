"""An opportunity: a deal with a contact, and what may be said of it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from store.contact import ContactRef
from store.errors import Invalid
from store.money import Money
from store.opportunity.status import STAGES, Health, Status
from store.person.person import Person
from store.task.task import NextStep
from store.text import clean, one_line

NAME_MAX = 150
NOTES_MAX = 3000
UNDO_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Card:
    """The one message that shows an opportunity; `ts` is None until Slack has it."""

    channel_id: str
    ts: str | None = None
    permalink: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What **Undo** would reverse: that line of history, until then."""

    history_id: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity:
    """As read for a viewer at a time: `days`, `health` and `overdue` are of that day."""

    workspace_id: str
    id: int
    number: int
    name: str
    status: Status
    stage: Status
    """The open stage it is in; when closed or paused, the one it comes back to."""
    probability: int
    value: Money | None = None
    contact: ContactRef | None = None
    owner: Person | None = None
    creator: Person
    expected_close: date | None = None
    notes: str = ""
    created_at: datetime
    stage_since: datetime
    status_since: datetime
    final_value: Money | None = None
    closed_on: date | None = None
    lost_reason: str = ""
    lost_note: str = ""
    paused_until: date | None = None
    status_by: Person | None = None
    """Who made it what it is now: closed, paused, moved."""
    archived_at: datetime | None = None
    archived_by: Person | None = None
    card: Card | None = None
    audience: str = ""
    version: int = 1
    days: int = 0
    """Whole days in this stage, those of a pause left out."""
    health: Health = Health.GREEN
    overdue: bool = False
    next_step: NextStep | None = None
    """Its open task that is due first, while it is open itself."""
    undo: Offer | None = None
    last_change: int = 0
    """The newest line of its history, for a form to know what came after it was filled."""

    @property
    def weighted(self) -> Money | None:
        return self.value.share(self.probability) if self.value else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpportunityDraft:
    """What a form or a command says of a new opportunity; only the name is required."""

    name: str
    contact_id: int | None = None
    new_contact: str = ""
    """A contact's name to create along with it, in the same transaction."""
    value: Money | None = None
    expected_close: date | None = None
    owner_id: str | None = None
    stage: Status = Status.LEAD
    notes: str = ""
    channel_id: str | None = None
    """Where its card goes; None leaves that to the rule of places."""

    def checked(self) -> "OpportunityDraft":
        wrong: dict[str, str] = {}
        name = one_line(self.name)
        if not name:
            wrong["name"] = "Write a name, like Acme renewal."
        elif len(name) > NAME_MAX:
            wrong["name"] = f"Write a name of at most {NAME_MAX} characters."
        if self.stage not in STAGES:
            wrong["stage"] = "Choose one of the stages."
        if len(self.notes) > NOTES_MAX:
            wrong["notes"] = f"Write notes of at most {NOTES_MAX:,} characters."
        if wrong:
            raise Invalid(wrong)
        return OpportunityDraft(
            name=name,
            contact_id=self.contact_id,
            new_contact=one_line(self.new_contact),
            value=self.value,
            expected_close=self.expected_close,
            owner_id=self.owner_id,
            stage=self.stage,
            notes=clean(self.notes),
            channel_id=self.channel_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of history: who, what, old → new, when.

    `fields` maps a field to its (old, new), as JSON values: money as [minor, currency], dates as
    ISO days, people as ids. `names` resolves the ids of people and contacts that appear in them.
    """

    id: int
    opportunity_id: int
    number: int
    kind: str
    by: Person | None
    """None: Dealthread itself, as when a pause ends."""
    at: datetime
    fields: dict[str, tuple[object, object]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    days_before: int | None = None
    """For a change of stage: the days spent in the one it left."""
    undone_by: Person | None = None
    reverses: int | None = None
    permalink: str | None = None
    """Of its line in the thread, once Slack has that; read for the timeline only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of opportunities, `offset` from 0; `words` when they were searched for, and `alone`
    is then the only one that says them as they were written.
    """

    rows: tuple[Opportunity, ...]
    total: int
    offset: int = 0
    words: str | None = None
    alone: Opportunity | None = None
