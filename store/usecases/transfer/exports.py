"""All that a workspace has, record by record, for a file: whoever can read the database may."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from store.money import Money, minor_digits
from store.opportunity.opportunity import Change
from store.opportunity.status import Status
from store.tables.records import ChannelRow, ContactRow, HistoryRow, OpportunityRow
from store.usecases.opportunity import changes, reading
from store.usecases.transfer import entry_exports
from store.usecases.transfer.exported import PAGE, Record, at, day, names
from store.workspace import Workspace

DIRECT = "direct message"


def contacts(session: Session, workspace: Workspace) -> Iterator[Record]:
    last = 0
    while rows := session.scalars(
        select(ContactRow)
        .where(ContactRow.workspace_id == workspace.id, ContactRow.id > last)
        .order_by(ContactRow.id)
        .limit(PAGE)
    ).all():
        for row in rows:
            yield {
                "name": row.name,
                "company": row.company,
                "email": row.email,
                "phone": row.phone,
                "notes": row.notes,
                "created": at(row.created_at),
                "archived": at(row.archived_at),
            }
        last = rows[-1].id
        session.expunge_all()


def opportunities(session: Session, workspace: Workspace) -> Iterator[Record]:
    named, places = names(session, workspace.id), _channels(session, workspace.id)
    last = 0
    while rows := session.scalars(
        select(OpportunityRow)
        .where(OpportunityRow.workspace_id == workspace.id, OpportunityRow.number > last)
        .order_by(OpportunityRow.number)
        .limit(PAGE)
    ).all():
        for row, contact in _with_contacts(session, rows):
            yield _opportunity(row, contact, named, places, workspace)
        last = rows[-1].number
        session.expunge_all()


def history(session: Session, workspace: Workspace) -> Iterator[Record]:
    """A line for each field that changed; a change of no field has one line too."""
    last = 0
    while rows := session.scalars(
        select(HistoryRow)
        .where(HistoryRow.workspace_id == workspace.id, HistoryRow.id > last)
        .order_by(HistoryRow.id)
        .limit(PAGE)
    ).all():
        found = select(OpportunityRow.id, OpportunityRow.number).where(
            OpportunityRow.workspace_id == workspace.id,
            OpportunityRow.id.in_({row.opportunity_id for row in rows}),
        )
        numbers = {row[0]: row[1] for row in session.execute(found)}
        for change in changes.loaded(session, list(rows), numbers):
            yield from _history(change, workspace)
        last = rows[-1].id
        session.expunge_all()


def each(
    session: Session,
    workspace: Workspace,
    kinds: Sequence[str],
    write: Callable[[str, Record], None],
) -> int:
    """Writes all records of these kinds as they are at one moment; how many."""
    if session.get_bind().dialect.name != "sqlite":
        # SQLite's readers see one moment anyway.
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
    count = 0
    for kind in kinds:
        for record in READERS[kind](session, workspace):
            write(kind, record)
            count += 1
    return count


READERS: Mapping[str, Callable[[Session, Workspace], Iterator[Record]]] = {
    "contact": contacts,
    "opportunity": opportunities,
    "history": history,
    "activity": entry_exports.activities,
    "task": entry_exports.tasks,
    "comment": entry_exports.comments,
}


def _channels(session: Session, workspace_id: str) -> dict[str, str]:
    """How each channel is called; one without a name by its id, direct messages as such."""
    found = select(ChannelRow.channel_id, ChannelRow.kind, ChannelRow.name).where(
        ChannelRow.workspace_id == workspace_id
    )
    return {
        channel_id: DIRECT if kind == "im" else f"#{name}" if name else channel_id
        for channel_id, kind, name in session.execute(found)
    }


def _with_contacts(
    session: Session, rows: Sequence[OpportunityRow]
) -> Iterator[tuple[OpportunityRow, ContactRow | None]]:
    ids = {row.contact_id for row in rows} - {None}
    found = select(ContactRow).where(
        ContactRow.workspace_id == rows[0].workspace_id, ContactRow.id.in_(ids)
    )
    by_id = {contact.id: contact for contact in session.scalars(found)}
    return ((row, by_id.get(row.contact_id or 0)) for row in rows)


def _opportunity(
    row: OpportunityRow,
    contact: ContactRow | None,
    named: Mapping[str, str],
    places: Mapping[str, str],
    workspace: Workspace,
) -> Record:
    value = reading.money(row.value_minor, row.currency)
    final = reading.money(row.final_value_minor, row.final_currency)
    return {
        "number": str(row.number),
        "name": row.name,
        "contact": contact.name if contact else "",
        "company": contact.company if contact else "",
        "email": contact.email if contact else "",
        "phone": contact.phone if contact else "",
        "value": _amount(value),
        "currency": value.currency if value else "",
        "probability": str(row.probability),
        "status": workspace.label(row.status),
        "stage": workspace.label(row.stage),
        "owner": named.get(row.owner_id or "", ""),
        "owner_id": row.owner_id or "",
        "expected_close": day(row.expected_close),
        "notes": row.notes,
        "channel": _place(row, places),
        "created": at(row.created_at),
        "stage_since": at(row.aged_from),
        "status_since": at(row.status_since),
        "final_value": _amount(final),
        "final_currency": final.currency if final else "",
        "closed_on": day(row.closed_on),
        "reason": row.lost_reason,
        "note": row.lost_note,
        "until": day(row.paused_until),
        "archived": at(row.archived_at),
    }


def _place(row: OpportunityRow, places: Mapping[str, str]) -> str:
    """Where its card is, which also says who may see it."""
    if row.audience.startswith(("U", "W")):
        return DIRECT
    return places.get(row.card_channel or "", row.card_channel or "")


def _history(change: Change, workspace: Workspace) -> Iterator[Record]:
    line = {
        "number": str(change.number),
        "at": at(change.at),
        "by": change.by.name if change.by else "Dealthread",
        "kind": change.kind,
        "field": "",
        "old": "",
        "new": "",
    }
    if not change.fields:
        yield line
    for name, (old, new) in change.fields.items():
        said = {
            "old": _said(name, old, change, workspace),
            "new": _said(name, new, change, workspace),
        }
        yield line | {"field": name} | said


def _said(field: str, value: Any, change: Change, workspace: Workspace) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return f"{_amount(Money(value[0], value[1]))} {value[1]}"
    if field in ("status", "stage"):
        return workspace.label(Status(value))
    # A probability of 30 is not the contact 30, nor a deal that is named like a person's id.
    named = {"owner_id": str(value), "status_by": str(value), "contact_id": f"c{value}"}
    return change.names.get(named.get(field, ""), str(value))


def _amount(money: Money | None) -> str:
    """As programs write it, in any locale."""
    if money is None:
        return ""
    return str(Decimal(money.minor).scaleb(-minor_digits(money.currency)))
