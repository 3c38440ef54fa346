"""The forms of a task: new, edit, snooze."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from handlers.ids import Callback
from handlers.task.ids import EditingTask, SnoozingTask, TaskOrigin
from handlers.views.blocks import Json, context, modal, option, section
from handlers.views.inputs import contact, dated, deal, field, person, radio, timed, typed
from handlers.views.task.task import from_message, when_in
from handlers.views.text import Style, clip, sentence
from store.contact import ContactRef
from store.opportunity.context import DealRef, Source
from store.task.task import Task, TaskDraft, later_today, week_starts

LATER, PICKED = "later", "day"
"""Values of the choice of **Snooze**; the others are days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What stands in the form when it opens, as its inputs hold it: `due_on` is an ISO day,
    `due_hour` like 15:00. `notices` are sentences for this person.
    """

    title: str = ""
    assignee_id: str | None = None
    due_on: str = ""
    due_hour: str = ""
    notes: str = ""
    deal: DealRef | None = None
    contact: ContactRef | None = None
    source: Source | None = None
    notices: tuple[str, ...] = ()


def filled(task: Task, zone: ZoneInfo, said: TaskDraft | None = None) -> Filled:
    """As the task is, or as somebody in that zone would have it."""
    draft = said or task.draft
    due_on, due_hour = draft.due.said(zone) if draft.due else ("", "")
    return Filled(
        title=draft.title,
        assignee_id=draft.assignee_id or task.assignee.id,
        due_on=due_on,
        due_hour=due_hour,
        notes=draft.notes,
        deal=task.deal,
        contact=task.contact,
        source=task.source,
    )


def new_form(given: Filled, origin: TaskOrigin) -> Json:
    return modal(
        "New task",
        _fields(given),
        callback=Callback.TASK_CREATE,
        payload=origin,
        submit="Create",
    )


def edit_form(given: Filled, editing: EditingTask) -> Json:
    """Only what is changed in it is saved; `given.notices` say what somebody else changed."""
    return modal(
        "Edit task",
        _fields(given),
        callback=Callback.TASK_SAVE,
        payload=editing,
        submit="Save",
    )


def _fields(given: Filled) -> list[Json]:
    blocks = [context(sentence(notice, 2_000)) for notice in given.notices[:10]]
    blocks += [context(f"From {from_message(given.source)}")] if given.source else []
    title = typed("title", given.title, placeholder="Send the quote")
    return [
        *blocks,
        field("title", "Title", title, required=True),
        field("assignee_id", "Assignee", person("assignee_id", given.assignee_id)),
        field("due_on", "Due date", dated("due_on", given.due_on)),
        field("due_hour", "Time", timed("due_hour", given.due_hour)),
        field("notes", "Notes", typed("notes", given.notes, lines=True)),
        field("number", "Opportunity", deal(given.deal)),
        field("contact_id", "Contact", contact(given.contact)),
    ]


def snooze_form(style: Style, task: Task, zone: ZoneInfo, asking: SnoozingTask) -> Json:
    """Later today while there is a later today, tomorrow, the Monday of next week, or a day."""
    today = style.now.astimezone(zone).date()
    tomorrow = today + timedelta(days=1)
    monday = week_starts(today) + timedelta(weeks=1)
    later = later_today(style.now, zone)
    choices = []
    if later.on == today:
        choices.append(option(f"Later today, {later.said(zone)[1]}", LATER))
    choices.append(option(f"Tomorrow, {style.weekday(tomorrow)}", tomorrow.isoformat()))
    if monday != tomorrow:
        choices.append(option(f"Next week, {style.weekday(monday)}", monday.isoformat()))
    choices.append(option("On this day:", PICKED))
    due = when_in(style, task.due, zone) if task.due else ""
    now = f"Due {due}." if due else "No due date."
    return modal(
        "Snooze",
        [
            section(f"*{clip(task.title, 400)}*\n{now}"),
            field("when", "Until", radio("when", choices, tomorrow.isoformat()), required=True),
            field("due_on", "Day", dated("due_on")),
        ],
        callback=Callback.TASK_SNOOZE,
        payload=asking,
        submit="Snooze",
    )
