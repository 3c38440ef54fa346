"""Private sentences about tasks: what was done, and what can be pressed next."""

from handlers.ids import Action, TaskId
from handlers.views.blocks import Message, button
from handlers.views.confirm import said
from handlers.views.task import when_in
from handlers.views.text import Style, clip
from store.person import Actor
from store.task import Task


def added(style: Style, task: Task, to: Actor) -> Message:
    """`Added *Send the quote* for Bob, due Fri 28 Nov 15:00.`"""
    who = "you" if task.assignee.id == to.id else style.person(task.assignee)
    due = f", due {when_in(style, task.due, to.zone)}" if task.due else ""
    late = " That has passed." if task.due and task.due.passed(style.now, to.zone) else ""
    details = button("Details", Action.TASK_OPEN, TaskId(task.id))
    return said(f"Added {name(task)} for {who}{due}.{late}", details)


def name(task: Task) -> str:
    return f"*{clip(task.title, 400)}*"
