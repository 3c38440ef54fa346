"""What goes in and out by file: the columns, and a record as it is read from one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from store.contact import ContactDraft
from store.money import Money
from store.opportunity.status import Status
from store.usecases.card.channels import Channel
from store.workspace import Workspace

CONTACT_COLUMNS: Mapping[str, str] = {
    "name": "Name",
    "company": "Company",
    "email": "E-mail",
    "phone": "Phone",
    "notes": "Notes",
    "created": "Created",
    "archived": "Archived",
}
OPPORTUNITY_COLUMNS: Mapping[str, str] = {
    "number": "Number",
    "name": "Name",
    "contact": "Contact",
    "company": "Company",
    "email": "E-mail",
    "phone": "Phone",
    "value": "Value",
    "currency": "Currency",
    "probability": "Probability",
    "status": "Status",
    "stage": "Stage",
    "owner": "Owner",
    "owner_id": "Owner ID",
    "expected_close": "Expected close",
    "notes": "Notes",
    "channel": "Post card in",
    "created": "Created",
    "stage_since": "In stage since",
    "status_since": "Status since",
    "final_value": "Final value",
    "final_currency": "Final currency",
    "closed_on": "Closed on",
    "reason": "Reason",
    "note": "Note",
    "until": "Until",
    "archived": "Archived",
}
HISTORY_COLUMNS: Mapping[str, str] = {
    "number": "Number",
    "at": "When",
    "by": "Who",
    "kind": "What",
    "field": "Field",
    "old": "Old",
    "new": "New",
}
_DEAL = {"number": "Number", "opportunity": "Opportunity"}
_WITH = {"contact": "Contact", "company": "Company"}
_FROM = {"source": "From message", "author": "Written by", "link": "Link"}
ACTIVITY_COLUMNS: Mapping[str, str] = {
    **_DEAL,
    **_WITH,
    "type": "Type",
    "what": "What happened",
    "at": "When",
    "by": "Who",
    "edited": "Edited",
    **_FROM,
}
TASK_COLUMNS: Mapping[str, str] = {
    **_DEAL,
    **_WITH,
    "title": "Title",
    "assignee": "Assignee",
    "assignee_id": "Assignee ID",
    "due": "Due date",
    "due_at": "Due at",
    "notes": "Notes",
    "created": "Created",
    "created_by": "Created by",
    "done": "Done",
    "done_by": "Done by",
    **_FROM,
}
COMMENT_COLUMNS: Mapping[str, str] = {
    **_DEAL,
    "at": "When",
    "by": "Who",
    "by_id": "Who, ID",
    "text": "Text",
    "files": "Files",
    "former": "Former text",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a card will go, a channel or a person, and who may see the deal."""

    channel_id: str
    audience: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedContact:
    draft: ContactDraft
    created_at: datetime
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What goes with Won, Lost and Paused."""

    closed_on: date | None = None
    final_value: Money | None = None
    lost_reason: str = ""
    lost_note: str = ""
    paused_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """When it was made, entered its stage, became what it is, and was archived."""

    created_at: datetime
    stage_since: datetime
    status_since: datetime
    archived_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedOpportunity:
    """An opportunity as it already is elsewhere, in any status, with all that goes with it."""

    name: str
    notes: str
    contact: ContactDraft | None
    value: Money | None
    status: Status
    stage: Status
    probability: int
    owner_id: str
    expected_close: date | None
    spot: Spot | None
    closing: Closing
    since: Since


@dataclass(frozen=True, slots=True)
class Owner:
    """A member of the workspace; `former` when they have left it."""

    id: str
    name: str
    former: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a file is read by: the workspace, its members, and its channels by id and by name."""

    workspace: Workspace
    members: Mapping[str, Sequence[Owner]] = field(default_factory=dict)
    """By id, and by name in folded letters."""
    channels: Mapping[str, Channel] = field(default_factory=dict)
    default_owner: str | None = None
