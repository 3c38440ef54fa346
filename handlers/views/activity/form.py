"""The forms about activities: log, edit, delete, and the filter of their index."""

from dataclasses import dataclass
from datetime import datetime

from handlers.activity.ids import ActivityList, EditingActivity, Logging
from handlers.ids import Callback
from handlers.views.activity.activity import preview
from handlers.views.blocks import Json, context, modal, option, section
from handlers.views.inputs import chosen, contact, dated, deal, field, person, timed, typed
from handlers.views.task.task import from_message
from handlers.views.text import Style, clip, sentence
from store.activity import Activity, ActivityKind, ActivityPage, Period
from store.contact import ContactRef
from store.opportunity.context import DealRef, Source

ANY = "any"
"""The value of what does not narrow; no option may be empty."""
PERIODS = {Period.DAY: "Last day", Period.WEEK: "Last week", Period.MONTH: "Last month"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What stands in the form; `at` is in the zone of the person who fills it."""

    kind: ActivityKind = ActivityKind.NOTE
    what: str = ""
    at: datetime
    deal: DealRef | None = None
    contact: ContactRef | None = None
    notices: tuple[str, ...] = ()
    """Sentences for this person, before it is saved."""


def log_form(given: Filled, logging: Logging) -> Json:
    """Its opportunity can be another one, or none."""
    which = field("number", "Opportunity", deal(given.deal))
    source = source_of(logging)
    return modal(
        "Log activity",
        [
            *(context(sentence(notice, 2_000)) for notice in given.notices),
            *([context(f"From {from_message(source)}")] if source else []),
            *_what(given),
            which,
            _contact(given, hint="Leave empty for the opportunity's contact."),
        ],
        callback=Callback.ACTIVITY_LOG,
        payload=logging,
        submit="Log",
    )


def source_of(logging: Logging) -> Source | None:
    """The message that the form was opened from."""
    return Source(logging.link, logging.author or "") if logging.link else None


def edit_form(activity: Activity, given: Filled, editing: EditingActivity) -> Json:
    """It stays with its deal, in whose thread it stands."""
    named = activity.deal
    on = [section(f"On *{clip(named.name, 400)}* #{named.number}")] if named else []
    return modal(
        "Edit activity",
        [*on, *_what(given), _contact(given)],
        callback=Callback.ACTIVITY_SAVE,
        payload=editing,
        submit="Save",
    )


def _what(given: Filled) -> list[Json]:
    kinds = [option(kind.label, kind) for kind in ActivityKind]
    what = typed("what", given.what, placeholder="Wants 3 more seats", lines=True)
    return [
        field("kind", "Type", chosen("kind", kinds, given.kind), required=True),
        field("what", "What happened", what, required=True),
        field("at", "When", dated("at", given.at.date()), required=True),
        field("hour", "Time", timed("hour", given.at.time()), required=True),
    ]


def _contact(given: Filled, *, hint: str = "") -> Json:
    """Each choice is told at once: the form then says who is a contact already."""
    return field("contact_id", "Contact", contact(given.contact), hint=hint, dispatch=True)


def delete_form(style: Style, activity: Activity, editing: EditingActivity) -> Json:
    line = " It is struck through in its thread." if activity.deal else ""
    return modal(
        "Delete activity",
        [preview(style, activity), section(f"Delete this activity? It leaves every list.{line}")],
        callback=Callback.ACTIVITY_DELETE,
        payload=editing,
        submit="Delete",
        close="Keep",
    )


def filter_form(page: ActivityPage, state: ActivityList) -> Json:
    """As the index is now."""
    now = page.query
    kinds = [option("Any type", ANY), *(option(kind.label, kind) for kind in ActivityKind)]
    periods = [option("Any time", ANY), *(option(label, one) for one, label in PERIODS.items())]
    return modal(
        "Filter",
        [
            field("by", "Person", person("by", now.by), hint="Leave empty for everyone."),
            field("kind", "Type", chosen("kind", kinds, now.kind or ANY)),
            field("number", "Opportunity", deal(page.deal)),
            field("contact_id", "Contact", contact(page.contact)),
            field("period", "When", chosen("period", periods, now.period or ANY)),
        ],
        callback=Callback.ACTIVITY_FILTER,
        payload=state,
        submit="Show",
    )
