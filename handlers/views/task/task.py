"""A task: its message in the thread, and the words that say what it is."""

from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import ButtonElement

from handlers.ids import Action, Callback, ContactId, Ref, TaskId
from handlers.task.ids import WORD
from handlers.views.blocks import Json, Message, actions, button, context, modal, section
from handlers.views.text import DAY_AND_CLOCK, DOT, Style, clip, due_words, instant, link
from store.opportunity.context import Source
from store.task.task import Due, Task

_NOTES = 600
"""So much of the notes stands in a thread; **Edit** and **Details** have them all."""


def message(style: Style, task: Task) -> Message:
    """In the thread of its deal; once done it is struck through, and says who did it."""
    title = clip(task.title, 400)
    if not task.is_open:
        text = f"~{title}~\n{_done(style, task)}"
        return Message(f"Done: {title}", [section(text), actions(*_buttons(task))])
    told = f"Task for {style.person(task.assignee)}: {title}{due_part(style, task.due)}"
    blocks = [section(f"*{title}*\n{_facts(style, task)}")]
    blocks += [section(clip(task.notes, _NOTES))] if task.notes else []
    return Message(told, [*blocks, context(made(style, task)), actions(*_buttons(task))])


def moved(*, with_card: bool = False) -> Message:
    """What is left of it in the thread of a deal that it no longer hangs on, or whose card went
    elsewhere. What it says by now is not for all who read this thread.
    """
    said = "This task is no longer part of this opportunity."
    said = "This task has moved along with its card." if with_card else said
    return Message(said, [section(said)])


def page(style: Style, task: Task) -> Json:
    """All of it, where a thread has no room: **Details**."""
    title = clip(task.title, 400)
    head = (
        f"*{title}*\n{_facts(style, task)}" if task.is_open else f"~{title}~\n{_done(style, task)}"
    )
    blocks = [section(head)]
    blocks += [section(clip(task.notes, 2_900))] if task.notes else []
    if task.deal:
        deal = button("Open opportunity", Action.OPPORTUNITY_OPEN, Ref(task.deal.number))
        blocks.append(
            section(f"*Opportunity*\n{clip(task.deal.name, 400)} #{task.deal.number}", deal)
        )
    if task.contact:
        who = button("Open contact", Action.CONTACT_OPEN, ContactId(task.contact.id))
        blocks.append(section(f"*Contact*\n{clip(task.contact.title, 1_000)}", who))
    blocks += [context(made(style, task)), actions(*_buttons(task))]
    return modal(
        "Task", blocks, callback=Callback.TASK_PAGE, payload=TaskId(task.id), close="Close"
    )


def _facts(style: Style, task: Task) -> str:
    """The one who was given it by somebody else is called; everybody else is named."""
    who = f"<@{task.assignee.id}>" if task.called else style.person(task.assignee)
    due = [f"due {due_words(style, task.due)}"] if task.due else []
    contact = [f"with {clip(task.contact.title, 100)}"] if task.contact else []
    return DOT.join([f"Task for {who}", *due, *contact])


def _done(style: Style, task: Task) -> str:
    at = f" {instant(task.done_at, DAY_AND_CLOCK)}" if task.done_at else ""
    return f"Done by {style.person(task.done_by)}{at}"


def made(style: Style, task: Task) -> str:
    """Who added it, and from which message."""
    said = f"Added by {style.person(task.created_by)}"
    return f"{said} from {from_message(task.source)}" if task.source else said


def from_message(source: Source) -> str:
    """The message that it was made from; only an address of the web is a link."""
    shown = "a message"
    if source.link.startswith("https://"):
        shown = link(source.link, "a message")
    return f"{shown} by {clip(source.author, 80)}" if source.author else shown


def _buttons(task: Task) -> list[ButtonElement]:
    about = TaskId(task.id)
    if not task.is_open:
        return [button("Reopen", Action.TASK_REOPEN, about)]
    return [
        button("Done", Action.TASK_DONE, about, spoken=f"Done: {task.title}"),
        button("Snooze", Action.TASK_SNOOZE, about),
        button("Edit", Action.TASK_EDIT, about),
    ]


def due_part(style: Style, due: Due | None) -> str:
    return f", due {due_words(style, due)}" if due else ""


def when_in(style: Style, due: Due, zone: ZoneInfo) -> str:
    """The same for one person, in their zone: `Fri 28 Nov 15:00`."""
    day = style.weekday(due.day(zone))
    return f"{day} {due.at.astimezone(zone):%H:%M}" if due.at else day


def given(style: Style, task: Task, by: str) -> Message:
    """To somebody who was given a task, where no thread could say so."""
    text = f"{clip(by, 80)} gave you a task: *{clip(task.title, 400)}*{due_part(style, task.due)}."
    word_done = button("Done", f"{Action.TASK_DONE}:{WORD}", TaskId(task.id))
    details = button("Details", Action.TASK_OPEN, TaskId(task.id))
    return Message(text, [section(text), *_about(task), actions(word_done, details)])


def reminder(style: Style, task: Task) -> Message:
    """At its hour, or in the morning of its day."""
    due = f"Due {due_words(style, task.due)}." if task.due else ""
    text = f"*{clip(task.title, 400)}*\n{due}"
    buttons = (
        ("Done", Action.TASK_DONE),
        ("Snooze", Action.TASK_SNOOZE),
        ("Stop", Action.TASK_STOP),
    )
    row = actions(*(button(name, f"{one}:{WORD}", TaskId(task.id)) for name, one in buttons))
    return Message(f"Due: {clip(task.title, 400)}", [section(text), *_about(task), row])


def _about(task: Task) -> list[Json]:
    """The deal, leading to the message in its thread."""
    if task.deal is None:
        return []
    name, address = clip(task.deal.name, 200), task.permalink or task.deal.permalink
    return [context(f"{link(address, name) if address else name} #{task.deal.number}")]
