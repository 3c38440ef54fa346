"""Forms about an opportunity: new, edit, change close date, archive."""

from dataclasses import dataclass

from handlers.ids import Action, Asking, Callback, Editing, Origin
from handlers.views.blocks import Json, context, modal, option, section
from handlers.views.dates import month_after, week_after
from handlers.views.inputs import channel, chosen, contact, dated, field, person, radio, typed
from handlers.views.text import Style, clip, plain, sentence
from store.contact import ContactRef
from store.money import Money, editable_money
from store.opportunity.opportunity import NAME_MAX, Opportunity
from store.opportunity.status import STAGES, Status

AMOUNT_HINT = "Like 12k, £12,500 or 1.2m EUR."
PICKED, NO_DATE = "day", "none"
"""Values of the choice of a close date; the others are days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What stands in the form when it opens; all of it as the form's inputs hold it.

    `notices` are sentences for this person, such as "Jane Doe has 2 open deals: …".
    """

    name: str = ""
    contact: ContactRef | None = None
    new_contact: str = ""
    value: str = ""
    expected_close: str = ""
    owner_id: str | None = None
    stage: Status | None = Status.LEAD
    probability: str = ""
    notes: str = ""
    channel_id: str | None = None
    notices: tuple[str, ...] = ()


def filled(style: Style, opp: Opportunity, *, locale: str, notices: tuple[str, ...] = ()) -> Filled:
    """An edit form as the opportunity is; a stage only while it is in one. `locale` is that of the
    person who edits: their answer is read in it, so the amount has to stand there in it.
    """
    return Filled(
        name=opp.name,
        contact=opp.contact,
        value=editable(style, opp.value, locale),
        expected_close=opp.expected_close.isoformat() if opp.expected_close else "",
        owner_id=opp.owner.id if opp.owner else None,
        stage=opp.status if opp.status.is_stage else None,
        probability=str(opp.probability),
        notes=opp.notes,
        notices=notices,
    )


def editable(style: Style, money: Money | None, locale: str) -> str:
    if money is None:
        return ""
    return editable_money(money, currency=style.workspace.currency, locale=locale)


def new_form(style: Style, given: Filled, origin: Origin) -> Json:
    post = field(
        "channel_id", "Post card in", channel(Action.FORM_CHANNEL, given.channel_id), dispatch=True
    )
    return modal(
        "New opportunity",
        [*_notices(given), *_fields(style, given), post],
        callback=Callback.OPPORTUNITY_CREATE,
        payload=origin,
        submit="Create",
    )


def edit_form(style: Style, given: Filled, editing: Editing) -> Json:
    """Only what is changed in it is saved; `given.notices` say what somebody else changed."""
    return modal(
        f"Edit #{editing.number}",
        [*_notices(given), *_fields(style, given, edited=True)],
        callback=Callback.OPPORTUNITY_SAVE,
        payload=editing,
        submit="Save",
    )


def close_form(style: Style, opp: Opportunity, asking: Asking) -> Json:
    """Change close date: a week on, a month on, a day, or none."""
    start = opp.expected_close or style.today
    start = max(start, style.today)
    later = [("One week later", week_after(start)), ("One month later", month_after(start))]
    choices = [option(f"{label}, {style.day(day)}", day.isoformat()) for label, day in later]
    choices += [option("On this day:", PICKED), option("No date", NO_DATE)]
    now = f"Now {style.day(opp.expected_close)}." if opp.expected_close else "No close date."
    return modal(
        "Change close date",
        [
            section(f"*{clip(opp.name, 400)}*\n{now}"),
            field("when", "Expected close", radio("when", choices, PICKED), required=True),
            field("expected_close", "Day", dated("expected_close", opp.expected_close)),
        ],
        callback=Callback.OPPORTUNITY_RESCHEDULE,
        payload=asking,
        submit="Save",
    )


def archive_form(opp: Opportunity, asking: Asking) -> Json:
    said = (
        f"Archive *{clip(opp.name, 400)}*?\n"
        "It leaves the board, lists and totals. Its card and thread stay, and it can be restored."
    )
    return modal(
        f"Archive #{opp.number}",
        [section(said)],
        callback=Callback.OPPORTUNITY_ARCHIVE,
        payload=asking,
        submit="Archive",
        close="Keep",
    )


def _notices(given: Filled) -> list[Json]:
    return [context(sentence(notice, 2_000)) for notice in given.notices[:10]]


def _fields(style: Style, given: Filled, *, edited: bool = False) -> list[Json]:
    """In the order of the product page; probability goes with the stage it belongs to."""
    blocks = [
        field("name", "Name", typed("name", plain(given.name, NAME_MAX)), required=True),
        _contact(given),
        field("value", "Value", typed("value", given.value), hint=AMOUNT_HINT),
        field("expected_close", "Expected close", dated("expected_close", given.expected_close)),
        field("owner_id", "Owner", person("owner_id", given.owner_id)),
    ]
    if given.stage:
        stages = [option(style.label(stage), stage) for stage in STAGES]
        blocks.append(field("stage", "Stage", chosen("stage", stages, given.stage)))
    if edited and given.stage:
        chance = typed("probability", given.probability)
        blocks.append(field("probability", "Probability", chance, hint="Per cent, 0 to 100."))
    return [*blocks, field("notes", "Notes", typed("notes", given.notes, lines=True))]


def _contact(given: Filled) -> Json:
    """Each choice is told at once: the form then names that contact's open deals."""
    return field("contact_id", "Contact", contact(given.contact, given.new_contact), dispatch=True)
