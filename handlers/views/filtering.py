"""The form that narrows a board."""

from handlers.ids import BoardState, Callback
from handlers.views.blocks import Json, modal, option
from handlers.views.board import CLOSES
from handlers.views.inputs import chosen, contact, field, person, ticks
from handlers.views.text import Style
from store.board import Query
from store.contact import ContactRef
from store.status import STAGES, Status

ANY, ATTENTION = "any", "attention"
"""Values that are no member of Closes; no option may be empty."""


def filter_form(
    style: Style, state: BoardState, query: Query, contact_ref: ContactRef | None
) -> Json:
    """`contact_ref` names the contact that the filter is on."""
    now = query.filter
    order = (*reversed(STAGES), Status.PAUSED, Status.WON, Status.LOST)
    statuses = [option(style.label(status), status) for status in order]
    closes = [option("Any date", ANY), *(option(label, one) for one, label in CLOSES.items())]
    attention = [option("Only what needs attention", ATTENTION)]
    whose = person("owner", now.owner)
    return modal(
        "Filter",
        [
            field("owner", "Owner", whose, hint="Everyone's, when empty."),
            field(
                "statuses",
                "Status",
                ticks("statuses", statuses, now.statuses),
                hint="None ticked shows what is open.",
            ),
            field("contact", "Contact", contact(contact_ref)),
            field("closes", "Expected close", chosen("closes", closes, now.closes or ANY)),
            field(
                "attention",
                "Needs attention",
                ticks("attention", attention, [ATTENTION] if now.attention else []),
                hint="Overdue, or too long in its stage.",
            ),
        ],
        callback=Callback.BOARD_FILTER,
        payload=state,
        submit="Show",
    )
