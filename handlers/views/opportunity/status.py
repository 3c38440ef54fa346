"""Forms about a status: which one, and what Won, Lost, Paused and Reopen ask."""

from datetime import date

from handlers.ids import Asking, Callback
from handlers.views.blocks import Json, modal, option, section
from handlers.views.dates import month_after
from handlers.views.inputs import chosen, dated, field, radio, ticks, typed
from handlers.views.opportunity.opportunity import AMOUNT_HINT, editable
from handlers.views.text import Style, clip
from store.opportunity.opportunity import Opportunity
from store.opportunity.status import STAGES, Status
from store.workspace import OTHER

NO_DATE = "none"
CLOSE_TASKS = "close"


def change_form(style: Style, opp: Opportunity, asking: Asking) -> Json:
    """Every status but the ones it can't take; those with an ellipsis ask more. From a pause it
    comes back to its stage.
    """
    paused = opp.status is Status.PAUSED
    stages = [(opp.stage, f"Resume, in {style.label(opp.stage)}")] if paused else []
    stages = stages or [(stage, style.label(stage)) for stage in STAGES]
    asked = [one for one in (Status.WON, Status.LOST, Status.PAUSED) if one is not opp.status]
    labels = {Status.PAUSED: "Pause…"}
    choices = [option(label, stage) for stage, label in stages]
    choices += [option(labels.get(one, f"{style.label(one)}…"), one) for one in asked]
    return modal(
        "Change status",
        [
            _about(style, opp),
            field("status", "Status", radio("status", choices, opp.stage), required=True),
        ],
        callback=Callback.STATUS_CHANGE,
        payload=asking,
        submit="Change",
    )


def win_form(style: Style, opp: Opportunity, asking: Asking, *, locale: str, today: date) -> Json:
    """`locale` and `today` are the person's own: what they write is read by them."""
    value = typed("final_value", editable(style, opp.value, locale))
    return modal(
        f"Won: #{opp.number}",
        [
            _about(style, opp),
            field("final_value", "Final value", value, hint=AMOUNT_HINT),
            field("closed_on", "Closed on", dated("closed_on", today), required=True),
        ],
        callback=Callback.STATUS_WIN,
        payload=asking,
        submit="Mark as won",
    )


def lose_form(style: Style, opp: Opportunity, asking: Asking, *, open_tasks: int = 0) -> Json:
    """Its open tasks are asked about, ticked, where it has some."""
    reasons = [option(reason, reason) for reason in style.workspace.lost_reasons[:100]]
    note = field(
        "note", "Note", typed("note", lines=True), hint=f"Needed when the reason is {OTHER}."
    )
    return modal(
        f"Lost: #{opp.number}",
        [
            _about(style, opp),
            field("reason", "Reason", chosen("reason", reasons), required=True),
            note,
            *([_close_tasks(open_tasks)] if open_tasks else []),
        ],
        callback=Callback.STATUS_LOSE,
        payload=asking,
        submit="Mark as lost",
    )


def _close_tasks(number: int) -> Json:
    said = "Close its open task" if number == 1 else f"Close its {number:,} open tasks"
    box = ticks("tasks", [option(said, CLOSE_TASKS)], [CLOSE_TASKS])
    return field("tasks", "Tasks", box)


def pause_form(style: Style, opp: Opportunity, asking: Asking) -> Json:
    until = dated("until", month_after(style.today))
    return modal(
        f"Pause #{opp.number}",
        [
            _about(style, opp),
            field("until", "Until", until, hint="It comes back by itself in the morning."),
            field("open_end", "Or", ticks("open_end", [option("No date", NO_DATE)])),
        ],
        callback=Callback.STATUS_PAUSE,
        payload=asking,
        submit="Pause",
    )


def reopen_form(style: Style, opp: Opportunity, asking: Asking) -> Json:
    """Asked only when the expected close has passed."""
    new = dated("expected_close", month_after(style.today))
    return modal(
        f"Reopen #{opp.number}",
        [
            _about(style, opp),
            section(f"It goes back to {style.named(opp.stage)}. {_passed(style, opp)}"),
            field("expected_close", "Expected close", new, required=True),
        ],
        callback=Callback.STATUS_REOPEN,
        payload=asking,
        submit="Reopen",
    )


def _passed(style: Style, opp: Opportunity) -> str:
    if not opp.expected_close:
        return "It has no close date."
    return f"Its close date, {style.day(opp.expected_close)}, has passed."


def _about(style: Style, opp: Opportunity) -> Json:
    value = f" · {style.money(opp.value)}" if opp.value else ""
    return section(f"*{clip(opp.name, 400)}* #{opp.number}{value}")
