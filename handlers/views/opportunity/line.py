"""Thread lines and timeline rows: each change of history as one sentence."""

from collections.abc import Callable, Collection, Mapping
from datetime import date

from handlers.views.blocks import Message, section
from handlers.views.text import Style, clip, counted, listed
from store.money import Money
from store.opportunity.opportunity import Change
from store.opportunity.status import Status

_TEXT, _NAME = 300, 150


def line(style: Style, change: Change, *, called: str | None = None, about: str = "") -> Message:
    """`called` is whom it asks something of: their name is a mention, everybody else's is not.
    `about` names its deal, where it is read without the thread around it.
    """
    said = phrase(style, change, called=called)
    if not about:
        return Message(said, [section(said)])
    name = clip(about, _NAME)
    return Message(f"{name}: {said}", [section(f"*{name}*: {said}")])


def phrase(style: Style, change: Change, *, called: str | None = None) -> str:
    """The change as its thread says it; struck through once it was undone."""
    said = _PHRASES.get(change.kind, _edited)(style, change, called)
    if change.undone_by:
        return f"~{said}~ undone by {style.person(change.undone_by)}"
    return said


def step(style: Style, change: Change) -> str:
    """As a row of the timeline says it: `Alice: Pitching → Quoting (after 12 days)`."""
    by = style.person(change.by)
    said = f"{by}: {_short(style, change)}"
    return f"~{said}~ undone by {style.person(change.undone_by)}" if change.undone_by else said


def _short(style: Style, change: Change) -> str:
    old, new = _statuses(change)
    if change.kind in ("moved", "reopened", "undone") and old and new:
        more = _parts(style, change, _NOUNS.keys() - {"status", "probability"})
        step = f"{style.named(old)} → {style.named(new)}{_after(change)}"
        return ", ".join([step, *(more if change.kind == "moved" else [])])
    said = _PHRASES.get(change.kind, _edited)(style, change, None)
    return said.removeprefix(f"{style.person(change.by)} ") + _after(change)


def _after(change: Change) -> str:
    if change.days_before is None:
        return ""
    days = counted(change.days_before, "day")
    return f" (after {days})" if change.days_before else " (the same day)"


def _created(style: Style, change: Change, called: str | None) -> str:
    """Somebody who was given a deal by another hears of it here."""
    owner = _new(change, "owner_id")
    given = owner and not _own(change, owner)
    whose = f" for {_person(style, change, owner, called)}" if given else ""
    return f"{style.person(change.by)} opened it{whose}"


def _moved(style: Style, change: Change, called: str | None) -> str:
    """An edit may move it and change more; the probability goes with the stage."""
    more = _parts(style, change, _NOUNS.keys() - {"status", "probability"}, called)
    return f"{style.person(change.by)} {listed([_move(style, change), *more])}"


def _move(style: Style, change: Change) -> str:
    old, new = _statuses(change)
    start = f" from {style.named(old)}" if old else ""
    return f"moved it{start} to {style.named(new)}" if new else "moved it"


def _won(style: Style, change: Change, _called: str | None) -> str:
    price = _new(change, "final_value")
    paid = f" for {_money(style, price)}" if price else ""
    return f"{style.person(change.by)} marked it {_lower(style, Status.WON)}{paid}"


def _lost(style: Style, change: Change, _called: str | None) -> str:
    reason, note = _new(change, "lost_reason"), _new(change, "lost_note")
    why = f": {clip(str(reason), 80)}" if reason else ""
    said = f'. "{_quoted(note)}"' if note else ""
    return f"{style.person(change.by)} marked it {_lower(style, Status.LOST)}{why}{said}"


def _paused(style: Style, change: Change, _called: str | None) -> str:
    until = _new(change, "paused_until")
    when = f" until {_day(style, until)}" if until else ", without a date"
    return f"{style.person(change.by)} paused it{when}"


def _resumed(style: Style, change: Change, _called: str | None) -> str:
    return f"{style.person(change.by)} resumed it{_in(style, change)}"


def _returned(style: Style, change: Change, called: str | None) -> str:
    """The one line that asks its owner for something: the deal needs them again."""
    mention = f" {_mention(called)}" if called else ""
    return f"Back from its pause{_in(style, change)}.{mention}"


def _reopened(style: Style, change: Change, _called: str | None) -> str:
    close = _new(change, "expected_close")
    when = f", to close {_day(style, close)}" if close else ""
    return f"{style.person(change.by)} reopened it{_in(style, change)}{when}"


def _archived(style: Style, change: Change, _called: str | None) -> str:
    return f"{style.person(change.by)} archived it"


def _restored(style: Style, change: Change, _called: str | None) -> str:
    return f"{style.person(change.by)} restored it from the archive"


def _undone(style: Style, change: Change, _called: str | None) -> str:
    old, new = _statuses(change)
    back = f": back to {style.named(new)}" if old and new and old is not new else ""
    return f"{style.person(change.by)} undid the last change{back}"


def _handed_over(style: Style, change: Change, _called: str | None) -> str:
    """One of many, of which the new owner is told once: nobody is called."""
    old, new = change.fields.get("owner_id", (None, None))
    before, after = (_value(style, change, "owner_id", one) for one in (old, new))
    ways = [f" from {before}" if before else "", f" to {after}" if after else ""]
    return f"{style.person(change.by)} handed it over{''.join(ways)}"


def _edited(style: Style, change: Change, called: str | None) -> str:
    parts = _parts(style, change, _NOUNS.keys(), called)
    return f"{style.person(change.by)} {listed(parts) if parts else 'edited it'}"


def _parts(
    style: Style, change: Change, names: Collection[str], called: str | None = None
) -> list[str]:
    return [
        _part(style, change, name, old, new, called)
        for name, (old, new) in change.fields.items()
        if name in names and old != new
    ]


def _part(
    style: Style, change: Change, name: str, old: object, new: object, called: str | None
) -> str:
    """What was done to one field."""
    noun = _NOUNS[name]
    if name == "status":
        return _move(style, change)
    if name == "notes":
        return f"edited the {noun}" if new else f"removed the {noun}"
    if name == "owner_id" and new:
        own = _own(change, new)
        return "took it over" if own else f"made {_person(style, change, new, called)} the owner"
    before, after = (_value(style, change, name, one) for one in (old, new))
    if not after:
        return f"removed the {noun}, {before}"
    return (
        f"changed the {noun} from {before} to {after}" if before else f"set the {noun} to {after}"
    )


_NOUNS: Mapping[str, str] = {
    "status": "status",
    "name": "name",
    "contact_id": "contact",
    "value": "value",
    "expected_close": "expected close",
    "owner_id": "owner",
    "probability": "probability",
    "notes": "notes",
}

_PHRASES: Mapping[str, Callable[[Style, Change, str | None], str]] = {
    "created": _created,
    "moved": _moved,
    "won": _won,
    "lost": _lost,
    "paused": _paused,
    "resumed": _resumed,
    "returned": _returned,
    "reopened": _reopened,
    "edited": _edited,
    "handed_over": _handed_over,
    "archived": _archived,
    "restored": _restored,
    "undone": _undone,
}


_BY_VALUE: Mapping[str, Status] = {status.value: status for status in Status}


def _value(style: Style, change: Change, name: str, value: object) -> str:
    if value is None or value == "":
        return ""
    if name == "value":
        return _money(style, value)
    if name == "expected_close":
        return _day(style, value)
    if name == "probability":
        return f"{value}%"
    known = change.names.get(f"c{value}" if name == "contact_id" else str(value))
    return clip(known or str(value), _TEXT)


def _money(style: Style, value: object) -> str:
    """Money as history keeps it: [minor, currency]."""
    match value:
        case [int(minor), str(currency)] | (int(minor), str(currency)):
            return style.money(Money(minor, currency))
    return clip(str(value), _TEXT)


def _day(style: Style, value: object) -> str:
    return style.day(date.fromisoformat(str(value)))


def _quoted(note: object) -> str:
    return clip(" ".join(str(note).split()), _TEXT)


def _lower(style: Style, status: Status) -> str:
    """Within a sentence our own words are small; a label that a team chose stays as it is."""
    label = style.named(status)
    return label.lower() if label == status.label else label


def _in(style: Style, change: Change) -> str:
    new = _status(_new(change, "status"))
    return f", in {style.named(new)}" if new else ""


def _person(style: Style, change: Change, person_id: object, called: str | None) -> str:
    """A new owner: a mention when they are to hear of it by that, else a name."""
    return _mention(called) if person_id == called else _value(style, change, "owner_id", person_id)


def _mention(person_id: str | None) -> str:
    return f"<@{person_id}>"


def _own(change: Change, person_id: object) -> bool:
    return change.by is not None and change.by.id == person_id


def _new(change: Change, name: str) -> object:
    return change.fields.get(name, (None, None))[1]


def _statuses(change: Change) -> tuple[Status | None, Status | None]:
    old, new = change.fields.get("status") or change.fields.get("stage") or (None, None)
    return _status(old), _status(new)


def _status(value: object) -> Status | None:
    return _BY_VALUE.get(value) if isinstance(value, str) else None
