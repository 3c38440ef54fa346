"""The one way an opportunity changes: its row, one line of history, and what Slack must show,
in one transaction.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from store.money import Money
from store.opportunity.history import Kind
from store.opportunity.opportunity import Change
from store.opportunity.status import Status, rank, shelf
from store.outbox import outbox
from store.person.person import Actor, Person
from store.tables.records import HistoryRow, OpportunityRow
from store.usecases.attention import rounds
from store.usecases.card import channels
from store.usecases.opportunity import finding, reading, wins
from store.usecases.person import people
from store.usecases.task import reminders

NO_DAY = "9999-12-31"
"""The close key of an opportunity without an expected close: after all that have one."""

_MONEY = {
    "value": ("value_minor", "currency"),
    "final_value": ("final_value_minor", "final_currency"),
}
_KEEP = insert(cast("Table", HistoryRow.__table__)).returning(HistoryRow.__table__.c.id)
_INSTANTS = frozenset({"stage_since", "aged_from", "status_since", "returns_at"})
_DAYS = frozenset({"expected_close", "closed_on", "paused_until"})
_STATUSES = frozenset({"status", "stage"})


def get(row: OpportunityRow, field: str) -> Any:
    """The value of a field as people think of it: money is one."""
    if field in _MONEY:
        minor, currency = _MONEY[field]
        return reading.money(getattr(row, minor), getattr(row, currency))
    return getattr(row, field)


def put(row: OpportunityRow, field: str, value: Any) -> None:
    if field not in _MONEY:
        setattr(row, field, value)
        return
    minor, currency = _MONEY[field]
    setattr(row, minor, value.minor if value else None)
    setattr(row, currency, value.currency if value else "")


def from_json(field: str, kept: Any) -> Any:
    """What `reading.as_json` made of it, back."""
    if kept is None:
        return None
    if field in _MONEY:
        return Money(kept[0], kept[1])
    if field in _INSTANTS:
        return datetime.fromisoformat(kept)
    if field in _DAYS:
        return date.fromisoformat(kept)
    return Status(kept) if field in _STATUSES else kept


def settle(row: OpportunityRow) -> None:
    """Sets what is derived, for lists and totals."""
    row.shelf = shelf(row.status, archived=row.archived_at is not None)
    row.rank = rank(row.status)
    row.close_key = row.expected_close.isoformat() if row.expected_close else NO_DAY
    value = reading.money(row.value_minor, row.currency)
    row.weighted_minor = value.share(row.probability).minor if value else 0


def apply(
    session: Session,
    row: OpportunityRow,
    kind: Kind,
    new: Mapping[str, Any],
    *,
    by: Actor | None,
    now: datetime,
    days_before: int | None = None,
    reverses: int | None = None,
) -> Change:
    """Sets these fields and keeps who, what, old → new, when. An edit that changes nothing leaves
    no line. The card, the thread and the live boards will show it, and searches find it.
    """
    fields = _put_all(session, row, new, now)
    kept: dict[str, Any] = {
        "opportunity_id": row.id,
        "kind": kind.value,
        "at": now,
        "days_before": days_before,
        "reverses": reverses,
    }
    line = {"workspace_id": row.workspace_id, "by": by.id if by else None, "fields": fields}
    line["from_stage"], line["to_stage"] = _stages(kind, row, fields)
    history_id: int = session.connection().execute(_KEEP, kept | line).scalar_one()
    row.last_change = history_id
    _found_anew(session, row, kind, fields)
    show(session, row, by, now, history_id=None if kind is Kind.UNDONE else history_id)
    _follow(session, row, fields, by, history_id, now)
    return Change(
        **kept,
        id=history_id,
        number=row.number,
        by=Person(by.id, by.name) if by else None,
        fields={field: (old, value) for field, (old, value) in fields.items()},
        names=names_in(session, row.workspace_id, [fields]),
    )


def _put_all(
    session: Session, row: OpportunityRow, new: Mapping[str, Any], now: datetime
) -> dict[str, list[Any]]:
    """Sets what differs; returns the old and the new of each, as history keeps them."""
    changed = {field: get(row, field) for field, value in new.items() if get(row, field) != value}
    stood = row.shelf
    for field in changed:
        put(row, field, new[field])
    settle(row)
    if row.shelf is not stood:
        reminders.follow_shelf(session, row, now)
    return {
        field: [reading.as_json(old), reading.as_json(new[field])] for field, old in changed.items()
    }


def _stages(
    kind: Kind, row: OpportunityRow, fields: Mapping[str, list[Any]]
) -> tuple[Status | None, Status | None]:
    """Which stage it left, and which it entered: what figures count. A pause does neither."""
    if kind is Kind.MOVED and "stage" in fields:
        left, entered = fields["stage"]
        return Status(left), Status(entered)
    if kind in (Kind.CREATED, Kind.REOPENED):
        return None, row.stage
    return (row.stage, None) if kind in (Kind.WON, Kind.LOST) else (None, None)


def _found_anew(
    session: Session, row: OpportunityRow, kind: Kind, fields: Mapping[str, Any]
) -> None:
    if kind is Kind.ARCHIVED:
        finding.forget(session, row)
    elif kind in (Kind.CREATED, Kind.RESTORED) or fields.keys() & {"name", "contact_id"}:
        finding.index(session, [row])


def _follow(
    session: Session,
    row: OpportunityRow,
    fields: Mapping[str, Any],
    by: Actor | None,
    history_id: int,
    now: datetime,
) -> None:
    """What else follows from what changed."""
    if "status" in fields:
        wins.follow(session, row, fields, by, now)
    if "owner_id" in fields:
        rounds.follow_owner(session, row, fields["owner_id"][0], now)
        if by is not None:
            _tell_owner(session, row, by, history_id, now)


def _tell_owner(
    session: Session, row: OpportunityRow, by: Actor, history_id: int, now: datetime
) -> None:
    """Whom somebody made the owner and who can't see it, because they aren't in the private channel
    of its card, does not read so in its thread: they are told directly.
    """
    owner, of_members = row.owner_id, row.audience.startswith(("C", "G"))
    if owner is None or owner == by.id or not of_members:
        return
    if not channels.is_member(session, row.workspace_id, row.audience, owner):
        said = {"say": "unseen", "number": row.number, "name": row.name, "by": by.name}
        outbox.tell(session, row.workspace_id, owner, f"unseen:{history_id}", said, now)


def show(
    session: Session,
    row: OpportunityRow,
    by: Actor | None,
    now: datetime,
    *,
    history_id: int | None = None,
) -> None:
    """The card before its lines: a card that is missing is posted first. Then the boards, and the
    Home of whoever did it.
    """
    want_card(session, row, now)
    if history_id is not None:
        in_thread(session, row, outbox.LINE, history_id, now)
    outbox.want_boards(session, row.workspace_id, now, by_id=by.id if by else None)


def want_card(session: Session, row: OpportunityRow, now: datetime) -> None:
    outbox.want(
        session,
        row.workspace_id,
        outbox.CARD,
        row.id,
        now,
        opportunity_id=row.id,
        channel_id=row.card_channel,
    )


def in_thread(session: Session, row: OpportunityRow, kind: str, ref_id: int, now: datetime) -> None:
    """A line of history, an activity or a task stands in its thread, as it now is."""
    outbox.want(
        session,
        row.workspace_id,
        kind,
        ref_id,
        now,
        opportunity_id=row.id,
        channel_id=row.card_channel,
    )


def names_in(
    session: Session, workspace_id: str, changes: list[Mapping[str, Any]]
) -> dict[str, str]:
    """The names behind the ids that these changes mention: owners, and contacts as `c12`."""
    owners = {side for fields in changes for side in fields.get("owner_id", ())}
    contacts = {side for fields in changes for side in fields.get("contact_id", ())}
    named = {
        user_id: person.name
        for user_id, person in people.names(session, workspace_id, owners).items()
    }
    refs = reading.contact_refs(session, workspace_id, contacts)
    return named | {f"c{contact_id}": ref.name for contact_id, ref in refs.items()}


def loaded(session: Session, rows: list[HistoryRow], numbers: Mapping[int, int]) -> list[Change]:
    """History rows of one workspace as people read them."""
    if not rows:
        return []
    workspace_id = rows[0].workspace_id
    named = people.names(
        session, workspace_id, {i for row in rows for i in (row.by, row.undone_by)}
    )
    names = names_in(session, workspace_id, [row.fields for row in rows])
    return [
        Change(
            id=row.id,
            opportunity_id=row.opportunity_id,
            number=numbers[row.opportunity_id],
            kind=row.kind,
            by=named.get(row.by) if row.by else None,
            at=row.at,
            fields={field: (pair[0], pair[1]) for field, pair in row.fields.items()},
            names=names,
            days_before=row.days_before,
            undone_by=named.get(row.undone_by) if row.undone_by else None,
            reverses=row.reverses,
        )
        for row in rows
    ]
