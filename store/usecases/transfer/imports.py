"""Records of a file, taken in by chunks: each is one transaction, and remembers how far it came."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from store.contact import ContactDraft
from store.opportunity.history import Kind
from store.outbox import outbox
from store.person.person import EVERYONE, Role
from store.search import search
from store.tables.machinery import HeardRow
from store.tables.records import (
    ChannelRow,
    ContactRow,
    HistoryRow,
    OpportunityRow,
    PersonRow,
    WorkspaceRow,
)
from store.text import fold
from store.transfer import ImportedContact, ImportedOpportunity, Known, Owner
from store.usecases import workspaces
from store.usecases.card import channels
from store.usecases.card.channels import Channel
from store.usecases.figures import closings
from store.usecases.opportunity import changes
from store.workspace import Workspace
from store.zones import MORNING, local


@dataclass(frozen=True, slots=True)
class Counted:
    """Contacts made, contacts that were there already, opportunities made."""

    contacts: int = 0
    known_contacts: int = 0
    opportunities: int = 0

    def __add__(self, other: "Counted") -> "Counted":
        return Counted(
            self.contacts + other.contacts,
            self.known_contacts + other.known_contacts,
            self.opportunities + other.opportunities,
        )


CHUNK = 500
"""Records of one transaction: the bot's own changes wait for it no longer than a moment."""


def known(session: Session, workspace_id: str) -> Known:
    """What the lines of a file are read by."""
    members: dict[str, list[Owner]] = {}
    people = select(PersonRow).where(
        PersonRow.workspace_id == workspace_id, PersonRow.role == Role.MEMBER
    )
    for row in session.scalars(people):
        one = Owner(row.user_id, row.name, row.deactivated)
        members.setdefault(row.user_id, []).append(one)
        members.setdefault(fold(row.name), []).append(one)
    return Known(
        workspace=workspaces.load(session, workspace_id),
        members=members,
        channels=_channels(session, workspace_id),
    )


def _channels(session: Session, workspace_id: str) -> dict[str, Channel]:
    found: dict[str, Channel] = {}
    rows = select(ChannelRow.channel_id).where(ChannelRow.workspace_id == workspace_id)
    for channel_id in session.scalars(rows).all():
        one = channels.find(session, workspace_id, channel_id)
        if one is not None and one.kind != channels.IM:
            found[one.id] = one
            if one.name and not one.archived:
                found[one.name.lower()] = one
    return found


def progress(session: Session, workspace_id: str, mark: str) -> int:
    """How many records of this file are in already, from a run that was interrupted."""
    found = session.get(HeardRow, (workspace_id, mark))
    return int((found.answer or {}).get("done", 0)) if found else 0


def _went_on(session: Session, workspace_id: str, mark: str, done: int, now: datetime) -> None:
    row = session.get(HeardRow, (workspace_id, mark))
    if row is None:
        row = HeardRow(workspace_id=workspace_id, key=mark)
        session.add(row)
    row.answer, row.at = {"done": done}, now


def save(
    session: Session,
    workspace_id: str,
    records: Sequence[ImportedContact | ImportedOpportunity],
    *,
    mark: str,
    done: int,
    now: datetime,
) -> Counted:
    """Keeps one chunk, after which `done` records of the file are in. Nothing is shown in Slack:
    an opportunity gets its card at its first change.
    """
    workspace = session.get_one(WorkspaceRow, workspace_id)
    given = [one for one in records if isinstance(one, ImportedContact)]
    deals = [one for one in records if isinstance(one, ImportedOpportunity)]
    # An opportunity's line doesn't say when its contact was met.
    named = [ImportedContact(draft=one.contact, created_at=now) for one in deals if one.contact]
    book = _Book(session, workspace)
    made, besides = book.take(given), book.take(named)
    _keep(session, workspace_id, deals, book, now)
    _went_on(session, workspace_id, mark, done, now)
    return Counted(made + besides, len(given) - made, len(deals))


class _Book:
    """The contacts that one chunk names: those that are there, and those that it makes."""

    def __init__(self, session: Session, workspace: WorkspaceRow) -> None:
        self.session = session
        self.workspace = workspace
        self._rows: dict[str, list[ContactRow]] = {}

    def take(self, given: Sequence[ImportedContact]) -> int:
        """Makes those that aren't there yet; how many."""
        keys = {_folded(one.draft) for one in given} - self._rows.keys()
        there = select(ContactRow).where(
            ContactRow.workspace_id == self.workspace.workspace_id, ContactRow.folded.in_(keys)
        )
        for row in self.session.scalars(there.order_by(ContactRow.id)):
            self._rows.setdefault(row.folded, []).append(row)
        new: list[ContactRow] = []
        for one in given:
            if self.find(one.draft) is None:
                new.append(self._row(one))
                self._rows.setdefault(new[-1].folded, []).append(new[-1])
        self.session.add_all(new)
        self.session.flush()
        said = (
            (row.id, f"{row.name}\n{row.company}\n{row.email}") for row in new if not row.archived
        )
        place = self.workspace.workspace_id
        search.index_many(self.session, place, search.Kind.CONTACT, said)
        return len(new)

    def find(self, draft: ContactDraft) -> ContactRow | None:
        """The same name and company, unless the e-mail says that it is somebody else."""
        email, alike = fold(draft.email), self._rows.get(_folded(draft), [])
        same = [row for row in alike if row.email_folded == email]
        maybe = [row for row in alike if not row.email_folded or not email]
        return next(iter(same + maybe), None)

    def _row(self, one: ImportedContact) -> ContactRow:
        draft = one.draft
        return ContactRow(
            workspace_id=self.workspace.workspace_id,
            name=draft.name,
            company=draft.company,
            email=draft.email,
            phone=draft.phone,
            notes=draft.notes,
            folded=_folded(draft),
            email_folded=fold(draft.email),
            created_by=self.workspace.bot_user_id,
            created_at=one.created_at,
            updated_at=one.created_at,
            archived_at=one.archived_at,
            archived=one.archived_at is not None,
        )


def _folded(draft: ContactDraft) -> str:
    return fold(f"{draft.name} {draft.company}")[:500]


def _keep(
    session: Session,
    workspace_id: str,
    deals: Sequence[ImportedOpportunity],
    book: _Book,
    now: datetime,
) -> None:
    """The opportunities, numbered in the order of the file, each with the first line of its
    history.
    """
    if not deals:
        return
    last = session.execute(
        update(WorkspaceRow)
        .where(WorkspaceRow.workspace_id == workspace_id)
        .values(last_number=WorkspaceRow.last_number + len(deals))
        .returning(WorkspaceRow.last_number)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    first = last - len(deals) + 1
    workspace = workspaces.load(session, workspace_id)
    rows = [
        _row(workspace, number, one, book.find(one.contact) if one.contact else None)
        for number, one in enumerate(deals, start=first)
    ]
    session.add_all(rows)
    session.flush()
    search.index_many(session, workspace_id, search.Kind.OPPORTUNITY, _texts(rows, deals))
    session.execute(insert(HistoryRow), [_made(row) for row in rows])
    outbox.want_boards(session, workspace_id, now)


def _row(
    workspace: Workspace, number: int, one: ImportedOpportunity, contact: ContactRow | None
) -> OpportunityRow:
    closing, since = one.closing, one.since
    row = OpportunityRow(
        workspace_id=workspace.id,
        number=number,
        name=one.name,
        contact_id=contact.id if contact else None,
        probability=one.probability,
        status=one.status,
        stage=one.stage,
        owner_id=one.owner_id,
        created_by=one.owner_id,
        created_at=since.created_at,
        expected_close=one.expected_close,
        notes=one.notes,
        stage_since=since.stage_since,
        aged_from=since.stage_since,
        status_since=since.status_since,
        closed_on=closing.closed_on,
        lost_reason=closing.lost_reason,
        lost_note=closing.lost_note,
        paused_until=closing.paused_until,
        archived_at=since.archived_at,
        card_channel=one.spot.channel_id if one.spot else None,
        audience=one.spot.audience if one.spot else EVERYONE,
    )
    if closing.paused_until:
        row.returns_at = local(closing.paused_until, MORNING, workspace.zone)
    changes.put(row, "value", one.value)
    changes.put(row, "final_value", closing.final_value)
    changes.settle(row)
    if row.closed_on is not None:
        row.open_days = closings.days_open(row.created_at, row.closed_on, workspace)
    return row


def _texts(
    rows: Sequence[OpportunityRow], deals: Sequence[ImportedOpportunity]
) -> Iterator[tuple[int, str]]:
    """What is archived is not found by words."""
    for row, one in zip(rows, deals, strict=True):
        if row.archived_at is None:
            with_whom = (one.contact.name, one.contact.company) if one.contact else ()
            yield row.id, "\n".join((row.name, *with_whom))


def _made(row: OpportunityRow) -> dict[str, object]:
    """By nobody: that it was imported is not the doing of whoever owns it."""
    return {
        "workspace_id": row.workspace_id,
        "opportunity_id": row.id,
        "kind": Kind.CREATED.value,
        "by": None,
        "at": row.created_at,
        "fields": {},
    }


def finish(session: Session, *, sqlite: bool) -> None:
    """Tells the database how much there is now, or it goes on planning for the little there was."""
    if sqlite:
        session.execute(text("PRAGMA analysis_limit = 1000"))
    session.execute(text("ANALYZE"))
