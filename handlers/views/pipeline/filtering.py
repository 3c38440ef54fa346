"""The form that narrows a board."""

from handlers.ids import BoardState, Callback
from handlers.views.blocks import Json, modal, option
from handlers.views.inputs import chosen, contact, field, person, ticks
from handlers.views.pipeline.board import CLOSES
from handlers.views.text import Style
from store.board import Filter, Query
from store.contact import ContactRef
from store.opportunity.status import STAGES, Status

ANY, ATTENTION = "any", "attention"
"""Values that are no member of Closes; no option may be empty."""


def filter_form(
    style: Style, state: BoardState, query: Query, contact_ref: ContactRef | None
) -> Json:
    """`contact_ref` names the contact that the filter is on."""
    return modal(
        "Filter",
        filter_fields(style, query.filter, contact_ref),
        callback=Callback.BOARD_FILTER,
        payload=state,
        submit="Show",
    )


def filter_fields(style: Style, now: Filter, contact_ref: ContactRef | None) -> list[Json]:
    """What `form.board_filter` reads, wherever a filter is chosen."""
    whose = person("owner", now.owner)
    return [
        field("owner", "Owner", whose, hint="Leave empty for everyone."),
        _statuses(style, now),
        field("contact", "Contact", contact(contact_ref)),
        _closes(now),
        _attention(now),
    ]


def _statuses(style: Style, now: Filter) -> Json:
    order = (*reversed(STAGES), Status.PAUSED, Status.WON, Status.LOST)
    options = [option(style.label(status), status) for status in order]
    boxes = ticks("statuses", options, now.statuses)
    return field("statuses", "Status", boxes, hint="Tick none to see all that are open.")


def _closes(now: Filter) -> Json:
    options = [option("Any date", ANY), *(option(label, one) for one, label in CLOSES.items())]
    return field("closes", "Expected close", chosen("closes", options, now.closes or ANY))


def _attention(now: Filter) -> Json:
    options = [option("Only what needs attention", ATTENTION)]
    box = ticks("attention", options, [ATTENTION] if now.attention else [])
    return field(
        "attention",
        "Needs attention",
        box,
        hint="Overdue, too long in its stage, or without a next step.",
    )
