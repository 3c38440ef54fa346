"""Private sentences about tasks: what was done, and what can be pressed next."""

from typing import Any

from handlers.ids import Action, TaskId
from handlers.views.blocks import Message, button
from handlers.views.confirm import said
from handlers.views.opportunity.card import add_step
from handlers.views.task.task import when_in
from handlers.views.text import Style, clip
from store.person.person import Actor
from store.task.task import Task


def added(style: Style, task: Task, to: Actor) -> Message:
    """`Added *Send the quote* for Bob, due Fri 28 Nov 15:00.`"""
    who = "you" if task.assignee.id == to.id else style.person(task.assignee)
    due = f", due {when_in(style, task.due, to.zone)}" if task.due else ""
    return said(f"Added {name(task)} for {who}{due}.{_late(style, task, to)}", details(task))


def saved(style: Style, task: Task, to: Actor) -> Message:
    return said(f"Saved {name(task)}.{_late(style, task, to)}", details(task))


def snoozed(style: Style, task: Task, to: Actor) -> Message:
    until = f" until {when_in(style, task.due, to.zone)}" if task.due else ""
    return said(f"Snoozed {name(task)}{until}.{_late(style, task, to)}", details(task))


def _late(style: Style, task: Task, to: Actor) -> str:
    """What is due in the past is taken as said; nobody is reminded of it."""
    passed = task.due is not None and task.due.passed(style.now, to.zone)
    return " That is in the past, so it is overdue." if passed else ""


def done(task: Task, *, stepless: bool) -> Message:
    """`stepless` when its deal is open and has no next step now."""
    reopen = button("Reopen", Action.TASK_REOPEN, TaskId(task.id))
    if not (stepless and task.deal):
        return said(f"Done: {name(task)}.", reopen)
    deal = f"*{clip(task.deal.name, 400)}*"
    next_step: Any = add_step(task.deal.number)
    return said(f"Done: {name(task)}. {deal} has no next step now.", next_step, reopen)


def reopened(task: Task) -> Message:
    return said(f"Reopened {name(task)}.", details(task))


def quieted(task: Task) -> Message:
    return said(f"You won't be reminded of {name(task)} again.", details(task))


def details(task: Task) -> Any:
    return button("Details", Action.TASK_OPEN, TaskId(task.id))


def name(task: Task) -> str:
    return f"*{clip(task.title, 400)}*"
