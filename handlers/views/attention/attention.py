"""Why a deal needs attention, in the same words wherever it is said."""

from collections.abc import Callable, Mapping

from handlers.views.text import DOT, Style, due_words
from store.opportunity.attention import Reason, reasons
from store.opportunity.opportunity import Opportunity


def why(style: Style, opp: Opportunity) -> str:
    """`Overdue since 20 Nov · 🔴 Quoting since 14 Oct · no next step`; empty when it needs none.
    Said so that it stays true in a message that nobody touches for a week.
    """
    said = DOT.join(words(style, opp))
    return f"{said[:1].upper()}{said[1:]}"


def words(style: Style, opp: Opportunity) -> list[str]:
    """The same, reason by reason, for a line that says more."""
    return [_SAID[reason](style, opp) for reason in _reasons(style, opp)]


def _reasons(style: Style, opp: Opportunity) -> tuple[Reason, ...]:
    return reasons(opp, style.workspace, style.now)


def returning(style: Style, opp: Opportunity) -> bool:
    """Whether it comes back from its pause within days."""
    return Reason.RETURNING in _reasons(style, opp)


def step_overdue(style: Style, opp: Opportunity) -> bool:
    """Whether its next step should have been done by now."""
    return Reason.TASK_OVERDUE in _reasons(style, opp)


def _closed(style: Style, opp: Opportunity) -> str:
    return f"overdue since {style.day(opp.expected_close)}" if opp.expected_close else "overdue"


def _red(style: Style, opp: Opportunity) -> str:
    since = style.day(style.local(opp.stage_since))
    return f"{style.dot(opp.health)} {style.named(opp.status)} since {since}"


def _task(style: Style, opp: Opportunity) -> str:
    due = opp.next_step.due if opp.next_step else None
    return f"task overdue since {due_words(style, due)}" if due else "task overdue"


def _no_step(_style: Style, _opp: Opportunity) -> str:
    return "no next step"


def _returning(style: Style, opp: Opportunity) -> str:
    return f"back from its pause on {style.weekday(opp.paused_until)}" if opp.paused_until else ""


_SAID: Mapping[Reason, Callable[[Style, Opportunity], str]] = {
    Reason.CLOSE_PASSED: _closed,
    Reason.RED: _red,
    Reason.TASK_OVERDUE: _task,
    Reason.NO_STEP: _no_step,
    Reason.RETURNING: _returning,
}
