"""What was filled in: view state → typed answers, or Invalid with a sentence for each field."""

from dataclasses import dataclass
from datetime import date

from handlers.form.entered import Answers, Values
from handlers.views.inputs import read_contact
from handlers.views.opportunity.opportunity import NO_DATE, PICKED, Filled
from handlers.views.opportunity.status import CLOSE_TASKS
from handlers.views.pipeline.filtering import ATTENTION
from store.board import Closes, Filter
from store.contact import ContactDraft, ContactRef
from store.errors import Invalid
from store.money import Money
from store.opportunity.opportunity import OpportunityDraft
from store.opportunity.status import Status
from store.person.person import Actor
from store.text import clean, one_line
from store.usecases.opportunity.status import Loss, Win
from store.usecases.workspaces import SetUp
from store.workspace import Workspace


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
    read = Answers(values)
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
    read = Answers(values)
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
    read = Answers(values)
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
    read = Answers(values)
    when = read.text("when") or PICKED
    if when == NO_DATE:
        return None
    if when != PICKED:
        return read.agreed(lambda: read.day("when"))
    return read.agreed(lambda: read.required_day("expected_close"))


def status(values: Values) -> Status:
    read = Answers(values)
    chosen = read.member("status", Status)
    if chosen is None:
        raise Invalid({"status": "Choose a status."})
    return chosen


def win(values: Values, actor: Actor, workspace: Workspace) -> Win:
    read = Answers(values)
    price = read.amount("final_value", actor, workspace)
    day = read.required_day("closed_on")
    return read.agreed(lambda: Win(final_value=price, closed_on=day))


def lose(values: Values) -> Loss:
    """Whether the reason is known, and needs a note, the store says."""
    read = Answers(values)
    closing = CLOSE_TASKS in read.ticked("tasks")
    return Loss(reason=read.text("reason"), note=read.text("note"), close_tasks=closing)


def pause(values: Values) -> date | None:
    """Until when; None for no date, which has to be ticked: nobody pauses for ever by oversight."""
    read = Answers(values)
    if NO_DATE in read.ticked("open_end"):
        return None
    until = read.day("until")
    if until is None and not read.wrong:
        raise Invalid({"until": "Choose a day, or tick No date."})
    return read.agreed(lambda: until)


def reopen(values: Values) -> date:
    read = Answers(values)
    day = read.required_day("expected_close")
    return read.agreed(lambda: day)


def contact(values: Values) -> ContactDraft:
    read = Answers(values)
    names = ("name", "company", "email", "phone", "notes")
    return ContactDraft(**{name: read.text(name) for name in names}).checked()


def board_filter(values: Values) -> Filter:
    """What can't be read does not narrow."""
    read = Answers(values)
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
    read = Answers(values)
    return SetUp(
        deals_channel=read.text("deals_channel") or None,
        currency=read.text("currency").strip().upper(),
        tz=read.text("tz").strip(),
        locale=read.text("locale") or None,
    )


def taker(values: Values) -> str:
    """Whom things are handed over to."""
    chosen = Answers(values).text("taker_id")
    if not chosen:
        raise Invalid({"taker_id": "Choose a member of this workspace."})
    return chosen
