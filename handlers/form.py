"""What was filled in: view state → typed answers, or Invalid with a sentence for each field.

Slack's state is only a claim: a key may be missing, a value null or of another type. Such a field
is empty, and then the rules of the store say whether it may be.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from handlers.views.filtering import ATTENTION
from handlers.views.inputs import read_contact
from handlers.views.opportunity import NO_DATE, PICKED, Filled
from store.board import Closes, Filter
from store.contact import ContactDraft, ContactRef
from store.errors import Invalid
from store.money import Money, read_money
from store.opportunity import OpportunityDraft
from store.person import Actor
from store.status import Status
from store.text import clean, one_line
from store.usecases.status import Loss, Win
from store.usecases.workspaces import SetUp
from store.workspace import Workspace

Values = Any
"""`view["state"]["values"]`: block id → action id → what that input holds."""

CHANCES = range(101)
_SHOWN_AT = {"new_contact": "contact_id", "contact": "contact_id", "lost_reason": "reason"}
_SHOWN_AT |= {"lost_note": "note", "paused_until": "until", "channel": "channel_id"}
"""Where an error of the store stands, when its form has no input of that name."""

Read = TypeVar("Read")
Kind = TypeVar("Kind", Status, Closes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """An edit form as sent; `stage` and `probability` are None where it didn't ask for them."""

    name: str
    contact_id: int | None = None
    new_contact: str = ""
    value: Money | None = None
    expected_close: date | None = None
    owner_id: str | None = None
    stage: Status | None = None
    probability: int | None = None
    notes: str = ""


def opportunity(values: Values, actor: Actor, workspace: Workspace) -> OpportunityDraft:
    """Amounts as `actor` writes them; without a sign or code they are in `workspace`'s currency."""
    read = _Answers(values)
    contact_id, new_contact = read_contact(read.text("contact_id"))
    draft = OpportunityDraft(
        name=read.text("name"),
        contact_id=contact_id,
        new_contact=new_contact,
        value=read.amount("value", actor, workspace),
        expected_close=read.day("expected_close"),
        owner_id=read.text("owner_id") or None,
        stage=read.member("stage", Status) or Status.LEAD,
        notes=read.text("notes"),
        channel_id=read.text("channel_id") or None,
    )
    return read.agreed(draft.checked)


def so_far(values: Values) -> Filled:
    """A form that is still open, as it stands: it is drawn again when a choice needs a notice."""
    read = _Answers(values)
    contact_id, new_contact = read_contact(read.text("contact_id"))
    return Filled(
        name=read.text("name"),
        contact=ContactRef(contact_id, read.shown("contact_id")) if contact_id else None,
        new_contact=new_contact,
        value=read.text("value"),
        expected_close=read.text("expected_close"),
        owner_id=read.text("owner_id") or None,
        stage=read.member("stage", Status) or Status.LEAD,
        probability=read.text("probability"),
        notes=read.text("notes"),
        channel_id=read.text("channel_id") or None,
    )


def edited(values: Values, actor: Actor, workspace: Workspace) -> Edited:
    """As above; what changed is for the store to find out."""
    read = _Answers(values)
    contact_id, new_contact = read_contact(read.text("contact_id"))
    answers = Edited(
        name=one_line(read.text("name")),
        contact_id=contact_id,
        new_contact=one_line(new_contact),
        value=read.amount("value", actor, workspace),
        expected_close=read.day("expected_close"),
        owner_id=read.text("owner_id") or None,
        stage=read.member("stage", Status),
        probability=read.chance("probability"),
        notes=clean(read.text("notes")),
    )
    draft = OpportunityDraft(
        name=answers.name, stage=answers.stage or Status.LEAD, notes=answers.notes
    )
    read.agreed(draft.checked)
    return answers


def close_date(values: Values) -> date | None:
    """One of the days that were offered, the day picked below, or none."""
    read = _Answers(values)
    when = read.text("when") or PICKED
    if when == NO_DATE:
        return None
    if when != PICKED:
        return read.agreed(lambda: read.day("when"))
    return read.agreed(lambda: read.required_day("expected_close"))


def status(values: Values) -> Status:
    read = _Answers(values)
    chosen = read.member("status", Status)
    if chosen is None:
        raise Invalid({"status": "Choose a status."})
    return chosen


def win(values: Values, actor: Actor, workspace: Workspace) -> Win:
    read = _Answers(values)
    price = read.amount("final_value", actor, workspace)
    day = read.required_day("closed_on")
    return read.agreed(lambda: Win(final_value=price, closed_on=day))


def lose(values: Values) -> Loss:
    """Whether the reason is known, and needs a note, the store says."""
    read = _Answers(values)
    return Loss(reason=read.text("reason"), note=read.text("note"))


def pause(values: Values) -> date | None:
    """Until when; None for no date, which has to be ticked: nobody pauses for ever by oversight."""
    read = _Answers(values)
    if NO_DATE in read.ticked("open_end"):
        return None
    until = read.day("until")
    if until is None and not read.wrong:
        raise Invalid({"until": "Choose a day, or tick No date."})
    return read.agreed(lambda: until)


def reopen(values: Values) -> date:
    read = _Answers(values)
    day = read.required_day("expected_close")
    return read.agreed(lambda: day)


def contact(values: Values) -> ContactDraft:
    read = _Answers(values)
    names = ("name", "company", "email", "phone", "notes")
    return ContactDraft(**{name: read.text(name) for name in names}).checked()


def board_filter(values: Values) -> Filter:
    """What can't be read does not narrow."""
    read = _Answers(values)
    contact_id, _ = read_contact(read.text("contact"))
    ticked = read.ticked("statuses")
    return Filter(
        owner=read.text("owner") or None,
        statuses=tuple(one for one in Status if one in ticked),
        contact=contact_id,
        closes=read.member("closes", Closes),
        attention=ATTENTION in read.ticked("attention"),
    )


def settings(values: Values) -> SetUp:
    read = _Answers(values)
    return SetUp(
        deals_channel=read.text("deals_channel") or None,
        currency=read.text("currency").strip().upper(),
        tz=read.text("tz").strip(),
        locale=read.text("locale") or None,
    )


def errors(invalid: Invalid, view: Any) -> dict[str, str]:
    """Sentences by block id, for the view that was sent. Slack shows none that stands at a block
    which is no input of that view: those go to its first one.
    """
    blocks = view.get("blocks", ()) if isinstance(view, Mapping) else ()
    inputs = [block["block_id"] for block in blocks if block.get("type") == "input"]
    placed: dict[str, str] = {}
    for name, sentence in invalid.fields.items():
        near = name if name in inputs else _SHOWN_AT.get(name, name)
        at = near if near in inputs else next(iter(inputs), near)
        placed[at] = f"{placed[at]} {sentence}" if at in placed else sentence
    return placed


class _Answers:
    """One view's state; what can't be read is kept in `wrong` until all of it was tried."""

    def __init__(self, values: Values) -> None:
        self.values = values if isinstance(values, Mapping) else {}
        self.wrong: dict[str, str] = {}

    def held(self, name: str) -> Mapping[str, Any]:
        """What the one input of this block holds, whatever its action id is."""
        block = self.values.get(name)
        inside = list(block.values()) if isinstance(block, Mapping) else []
        return inside[0] if inside and isinstance(inside[0], Mapping) else {}

    def text(self, name: str) -> str:
        """What was typed or chosen, as the one string that it is."""
        held = self.held(name)
        for key in _KEYS:
            value = held.get(key)
            if isinstance(value, Mapping):
                value = value.get("value")
            if isinstance(value, str):
                return value
        return ""

    def shown(self, name: str) -> str:
        """The label of what was chosen."""
        option = self.held(name).get("selected_option")
        label = option.get("text") if isinstance(option, Mapping) else None
        text = label.get("text") if isinstance(label, Mapping) else None
        return text if isinstance(text, str) and text.strip() else "A contact"

    def ticked(self, name: str) -> list[str]:
        options = self.held(name).get("selected_options")
        listed = options if isinstance(options, list) else []
        values = [one.get("value") for one in listed if isinstance(one, Mapping)]
        return [value for value in values if isinstance(value, str)]

    def amount(self, name: str, actor: Actor, workspace: Workspace) -> Money | None:
        text = self.text(name).strip()
        if not text:
            return None
        return self.tried(
            lambda: read_money(text, currency=workspace.currency, locale=actor.locale, field=name)
        )

    def day(self, name: str) -> date | None:
        text = self.text(name).strip()
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.wrong[name] = "Choose a date, like 30 Nov."
            return None

    def required_day(self, name: str) -> date:
        found = self.day(name)
        if found is None:
            self.wrong.setdefault(name, "Choose a date.")
        return found or date.min

    def chance(self, name: str) -> int | None:
        text = self.text(name).replace("%", "").strip()
        if not text:
            return None
        known = text.isdecimal() and len(text) <= len("100")
        if not known or int(text) not in CHANCES:
            self.wrong[name] = "Write a number from 0 to 100."
            return None
        return int(text)

    def member(self, name: str, kind: type[Kind]) -> Kind | None:
        value = self.text(name)
        return kind(value) if value in {one.value for one in kind} else None

    def tried(self, read: Callable[[], Read]) -> Read | None:
        try:
            return read()
        except Invalid as wrong:
            self.wrong |= wrong.fields
            return None

    def agreed(self, read: Callable[[], Read]) -> Read:
        """The answer, once nothing is wrong: all mistakes of a form are told together."""
        answer = self.tried(read)
        if self.wrong:
            raise Invalid(self.wrong)
        return answer  # type: ignore[return-value]


_KEYS = (
    "value",
    "selected_option",
    "selected_date",
    "selected_user",
    "selected_conversation",
    "selected_channel",
)
