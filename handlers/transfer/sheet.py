"""Lines of a file become contacts and opportunities; what can't be read is told by column. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import TypeVar

from handlers.grammar.dates import read_date
from handlers.transfer.columns import LABELS, Kind, plain
from store.contact import ContactDraft
from store.errors import Invalid
from store.money import MAX_MINOR, Money, is_currency, minor_digits, read_money
from store.opportunity.opportunity import OpportunityDraft
from store.opportunity.status import STAGES, Status
from store.text import clean, fold, one_line
from store.transfer import Closing, ImportedContact, ImportedOpportunity, Known, Since, Spot
from store.workspace import OTHER
from store.zones import local

T = TypeVar("T")
Cells = Mapping[str, str]
Reader = Callable[[Cells, Known, datetime], ImportedContact | ImportedOpportunity]


REASON_MAX = 100
NOTE_MAX = 3000
ALL = 100
"""Per cent."""

_PLAIN = re.compile(r"[0-9]+(?:\.([0-9]+))?")
_STATUSES: Mapping[str, Status] = {
    **{status.value: status for status in Status},
    "closed won": Status.WON, "win": Status.WON,
    "closed lost": Status.LOST, "lose": Status.LOST,
    "pause": Status.PAUSED, "on hold": Status.PAUSED,
    "pitch": Status.PITCHING, "quote": Status.QUOTING, "quoted": Status.QUOTING,
}  # fmt: skip
_YES, _NO = frozenset({"yes", "true", "x", "1"}), frozenset({"", "no", "false", "0"})


@dataclass(slots=True)
class _Line:
    """The cells of one line, and what was wrong with them so far."""

    cells: Mapping[str, str]
    wrong: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.cells.get(name, "")

    def read(self, name: str, reader: Callable[[str], T], default: T) -> T:
        """What the cell says, or the default where it is empty or wrong, which is then told."""
        text = self.get(name)
        if not text:
            return default
        try:
            return reader(text)
        except Invalid as error:
            self.blame(name, str(error))
        except ValueError as error:
            self.blame(name, str(error))
        return default

    def blame(self, name: str, sentence: str) -> None:
        self.wrong.setdefault(LABELS.get(name, name), sentence)

    def blame_all(self, error: Invalid, names: Mapping[str, str] | None = None) -> None:
        for name, sentence in error.fields.items():
            self.blame((names or {}).get(name, name), sentence)


def contact(cells: Mapping[str, str], known: Known, now: datetime) -> ImportedContact:
    """A contact of a line of contacts; Invalid by column."""
    line = _Line(cells)
    joined = " ".join(filter(None, (line.get("first_name"), line.get("last_name"))))
    draft = _contact(line, line.get("name") or joined or line.get("company"))
    read = _instant(known, now)
    created = line.read("created", read, now)
    archived = line.read("archived", lambda text: _archived(text, read, now), None)
    if line.wrong or draft is None:
        raise Invalid(line.wrong)
    return ImportedContact(draft=draft, created_at=created, archived_at=archived)


def _contact(line: _Line, name: str, names: Mapping[str, str] | None = None) -> ContactDraft | None:
    try:
        return ContactDraft(
            name=name,
            company=line.get("company"),
            email=line.get("email"),
            phone=line.get("phone"),
            notes=line.get("notes") if names is None else "",
        ).checked()
    except Invalid as error:
        line.blame_all(error, names)
        return None


def opportunity(cells: Mapping[str, str], known: Known, now: datetime) -> ImportedOpportunity:
    """An opportunity of a line, with its contact; Invalid by column."""
    line = _Line(cells)
    draft = _checked(line)
    status, stage = _status(line, known)
    value = _money(line, "value", "currency", known)
    owner = _owner(line, known, closed=status.is_closed)
    today = now.astimezone(known.workspace.zone).date()
    closing = _closing(line, status, value, known, today)
    found = ImportedOpportunity(
        name=draft.name,
        notes=draft.notes,
        contact=_contact_of(line),
        value=value,
        status=status,
        stage=stage,
        probability=line.read("probability", _percent, known.workspace.probability[stage]),
        owner_id=owner,
        expected_close=line.read("expected_close", _day(known, today), None),
        spot=_spot(line, known, owner),
        closing=closing,
        since=_since(line, status, closing.closed_on, known, now),
    )
    if line.wrong:
        raise Invalid(line.wrong)
    return found


def _checked(line: _Line) -> OpportunityDraft:
    try:
        return OpportunityDraft(name=line.get("name"), notes=line.get("notes")).checked()
    except Invalid as error:
        line.blame_all(error)
        return OpportunityDraft(name="")


def _contact_of(line: _Line) -> ContactDraft | None:
    """A deal with a company alone is with that company."""
    name = line.get("contact") or line.get("company") or line.get("email")
    if not name:
        return None
    return _contact(line, name, {"name": "contact"})


def _status(line: _Line, known: Known) -> tuple[Status, Status]:
    """Status and stage, from one column or from two. What is closed or paused without a stage was
    a lead: that is what it would come back to.
    """
    said = [line.read(name, lambda text: _a_status(text, known), None) for name in _STATUS_COLUMNS]
    stage = next((one for one in reversed(said) if one in STAGES), None) or Status.LEAD
    status = next((one for one in said if one and one not in STAGES), None) or said[0] or stage
    return status, status if status in STAGES else stage


_STATUS_COLUMNS = ("status", "stage")


def _a_status(text: str, known: Known) -> Status:
    words = plain(text)
    for status in Status:
        if words == plain(known.workspace.label(status)):
            return status
    if words in _STATUSES:
        return _STATUSES[words]
    raise ValueError(f"Write {', '.join(map(known.workspace.label, Status))}.")


def _percent(text: str) -> int:
    said = re.fullmatch(r"([0-9]{1,3})(?:[.,]0+)?\s*%?", text)
    if said is None or int(said[1]) > ALL:
        raise ValueError("Write a whole number from 0 to 100.")
    return int(said[1])


def _money(line: _Line, name: str, currency_name: str, known: Known) -> Money | None:
    """An amount as people write it, or as programs do: 12500.00, in any locale."""
    currency = line.get(currency_name).upper() or known.workspace.currency
    if not is_currency(currency):
        line.blame(currency_name, "Write a code like GBP or EUR.")
        return None

    def read(text: str) -> Money:
        digits = minor_digits(currency)
        found = _PLAIN.fullmatch(text)
        if found is None or len(found[1] or "") > digits:
            return read_money(text, currency=currency, locale=known.workspace.locale, field=name)
        whole, _, fraction = text.partition(".")
        minor = int(whole + fraction.ljust(digits, "0"))
        if minor > MAX_MINOR:
            raise ValueError("That is more than an amount can be.")
        return Money(minor, currency)

    return line.read(name, read, None)


def _day(known: Known, today: date, *, past: bool = False) -> Callable[[str], date]:
    def read(text: str) -> date:
        instant = _iso(text)
        if instant is not None:
            return instant.date() if instant.tzinfo is None else _local(instant, known).date()
        return read_date(text, today=today, locale=known.workspace.locale, past=past)

    return read


def _iso(text: str) -> datetime | None:
    """What programs write: 2026-11-30, 2026-11-30T09:00:00Z, 2026-11-30 09:00."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _local(instant: datetime, known: Known) -> datetime:
    return instant.astimezone(known.workspace.zone)


def _instant(known: Known, now: datetime) -> Callable[[str], datetime]:
    zone = known.workspace.zone

    def read(text: str) -> datetime:
        at = _iso(text)
        if at is None:
            today = now.astimezone(zone).date()
            day = read_date(text, today=today, locale=known.workspace.locale, past=True)
            at = local(day, time(0), zone)
        at = (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
        if at > now:
            raise ValueError("This can't be in the future.")
        return at

    return read


def _since(
    line: _Line, status: Status, closed_on: date | None, known: Known, now: datetime
) -> Since:
    """When it was made, entered its stage, and became what it is; where that isn't said, now, or
    the day it was closed on.
    """
    read = _instant(known, now)
    closed = local(closed_on, time(0), known.workspace.zone) if closed_on else now
    created = line.read("created", read, min(closed, now))
    became = line.read("status_since", read, max(created, closed))
    first = became if status in STAGES else min(created, became)
    return Since(
        created_at=created,
        status_since=became,
        stage_since=line.read("stage_since", read, first),
        archived_at=line.read("archived", lambda text: _archived(text, read, now), None),
    )


def _archived(text: str, read: Callable[[str], datetime], now: datetime) -> datetime | None:
    said = fold(text)
    return now if said in _YES else None if said in _NO else read(text)


def _closing(
    line: _Line, status: Status, value: Money | None, known: Known, today: date
) -> Closing:
    """What goes with Won, Lost and Paused; the same columns say nothing of other statuses."""
    if status is Status.PAUSED:
        return Closing(paused_until=line.read("until", _day(known, today), None))
    if not status.is_closed:
        return Closing()
    past = _day(known, today, past=True)
    closed_on = line.read("closed_on", past, None) or line.read("expected_close", past, today)
    if closed_on > today and line.get("closed_on"):
        line.blame("closed_on", "Write today or an earlier day.")
    closed_on = min(closed_on, today)
    if status is Status.WON:
        final = _money(line, "final_value", "final_currency", known)
        return Closing(closed_on=closed_on, final_value=final or value)
    reason, note = one_line(line.get("reason")), clean(line.get("note"))
    if len(reason) > REASON_MAX:
        line.blame("reason", f"Write a reason of at most {REASON_MAX} characters.")
    if len(note) > NOTE_MAX:
        line.blame("note", f"Write a note of at most {NOTE_MAX:,} characters.")
    return Closing(closed_on=closed_on, lost_reason=reason or OTHER, lost_note=note)


def _owner(line: _Line, known: Known, *, closed: bool) -> str:
    """By Slack ID, or by name. Former colleagues may own what is closed."""
    said = line.get("owner_id") or line.get("owner")
    if not said:
        if known.default_owner is None:
            line.blame("owner", "Name its owner here, or give --owner.")
        return known.default_owner or ""
    found = known.members.get(said) or known.members.get(fold(said.lstrip("@")), ())
    ids = [one.id for one in found if closed or not one.former]
    if len(ids) == 1:
        return ids[0]
    if ids:
        line.blame("owner", f"Several people are called {said!r}. Write an ID like U012AB3CD.")
    else:
        is_former = "has left" if found else "is not a member of"
        line.blame("owner", f"{said!r} {is_former} this workspace. Write a name as in Slack.")
    return ""


def _spot(line: _Line, known: Known, owner_id: str) -> Spot | None:
    """Where its card will go, and with that who may see it. A private channel that isn't known is
    refused: its deal must not be seen by all instead.
    """
    said = line.get("channel")
    if not said:
        return None
    if plain(said) == "direct message":
        return Spot(owner_id, owner_id)
    found = known.channels.get(said) or known.channels.get(said.lstrip("#").lower())
    if found is None:
        line.blame("channel", f"Dealthread knows no {said}. Invite it there, or leave this out.")
        return None
    return Spot(found.id, found.audience(owner_id))


READERS: Mapping[Kind, Reader] = {Kind.CONTACT: contact, Kind.OPPORTUNITY: opportunity}
