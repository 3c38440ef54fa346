"""Lists of tasks, by when they are due: the private index, and the tab of a page."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from slack_sdk.models.blocks import Option

from handlers.ids import Action, Callback, NewTask
from handlers.task.ids import TaskChoice, TaskList, TaskOrigin, TaskVerb, row_id
from handlers.views.blocks import (
    Json,
    Message,
    actions,
    button,
    context,
    menu,
    modal,
    option,
    section,
    select,
)
from handlers.views.inputs import deal, field, person, radio
from handlers.views.task.task import when_in
from handlers.views.text import DOT, Style, clip, link
from store.board import PAGE
from store.opportunity.context import DealRef
from store.person.person import Actor
from store.task.lists import Spot, TaskPage
from store.task.task import Bucket, Task

SOMEONE = "someone"
"""The value of the choice that opens the filter's form; the others are TaskLists."""
OPEN, DONE = "open", "done"
HEADINGS: Mapping[Bucket, str] = {
    Bucket.OVERDUE: "Overdue",
    Bucket.TODAY: "Today",
    Bucket.TOMORROW: "Tomorrow",
    Bucket.THIS_WEEK: "This week",
    Bucket.NEXT_WEEK: "Next week",
    Bucket.LATER: "Later",
    Bucket.NO_DATE: "No date",
    Bucket.DONE: "Done",
}
_LABELS = {
    TaskVerb.DONE: "Done",
    TaskVerb.REOPEN: "Reopen",
    TaskVerb.SNOOZE: "Snooze",
    TaskVerb.EDIT: "Edit",
    TaskVerb.DETAILS: "Details",
}
_TITLE, _OTHER = 100, 60


def index(
    style: Style, page: TaskPage, shown: TaskList, to: Actor, told: Message | None = None
) -> Message:
    """`/task`, for one person's eyes; `told` is what was just done in it."""
    head = _head(page, to)
    above = _told(style, told, shown) if told else []
    blocks = [*above, section(f"*{head}*"), _tools(style, page, shown, to)]
    blocks += rows(style, page, shown, to) or [section(_empty(page, to))]
    blocks += [*_extent(page, shown), *_foot(style, page, shown)]
    return Message(told.text if told else head, blocks)


def _told(style: Style, told: Message, shown: TaskList) -> list[Json]:
    """Its buttons are pressed in the list, which stays where it is."""
    here = {"block_id": row_id(shown, _mark(style) + 2)}
    return [block | here if block["type"] == "actions" else block for block in told.blocks]


def _head(page: TaskPage, to: Actor) -> str:
    """`My open tasks: 63`."""
    scope = page.scope
    mine = "My" if scope.whose == to.id else ""
    owner = f"{clip(page.person.name, _OTHER)}'s" if page.person else "Everyone's"
    about = f" of #{scope.number}" if scope.number else ""
    total = sum((page.counts or {}).values())
    number = f": {total:,}" if total else ""
    return f"{mine or owner} {'done' if scope.done else 'open'} tasks{about}{number}"


def _tools(style: Style, page: TaskPage, shown: TaskList, to: Actor) -> Json:
    start = replace(shown, at=None, back=None, first=None)
    states = [
        option(label, replace(start, done=done).dump())
        for label, done in (("Open", None), ("Done", True))
    ]
    return actions(
        select(f"{Action.TASK_LIST}:whose", _whose(page, start, to), start.dump(), "Whose"),
        select(f"{Action.TASK_LIST}:state", states, start.dump(), "Which"),
        button("Filter", Action.TASK_FILTER, start),
        block_id=row_id(shown, _mark(style)),
    )


def _whose(page: TaskPage, start: TaskList, to: Actor) -> list[Option]:
    other = page.person if page.person and page.person.id != to.id else None
    named = [("Everyone", None), ("Mine", to.id), *([(other.name, other.id)] if other else [])]
    options = [option(label, replace(start, whose=one).dump()) for label, one in named]
    return [*options, option("Someone else…", SOMEONE)]


def rows(style: Style, page: TaskPage, shown: TaskList, to: Actor) -> list[Json]:
    """The tasks under their headings, each with its menu; what is only done needs no heading."""
    blocks: list[Json] = []
    for bucket, group in groupby(page.rows, key=itemgetter(0)):
        number = f" {page.counts[bucket]:,}" if page.counts and bucket in page.counts else ""
        if not page.scope.done:
            blocks.append(section(f"*{HEADINGS[bucket]}*{number}"))
        blocks += [_row(style, page, shown, task, to) for _, task in group]
    return blocks


def _row(style: Style, page: TaskPage, shown: TaskList, task: Task, to: Actor) -> Json:
    title = clip(task.title, _TITLE)
    title = link(task.permalink, title) if task.permalink else title
    below = _below(style, page, task, to)
    text = f"*{title}*" if task.is_open else f"~{title}~"
    choices = menu(f"{Action.TASK_MENU}:{task.id}", _choices(task))
    lines = [text, *([DOT.join(below)] if below else [])]
    return section("\n".join(lines), choices, block_id=row_id(shown, task.id))


def _below(style: Style, page: TaskPage, task: Task, to: Actor) -> list[str]:
    """When, who and of what, as far as the list doesn't say so itself."""
    if task.done_at:
        day = style.weekday(task.done_at.astimezone(to.zone).date())
        parts = [f"Done {day} by {style.person(task.done_by)}"]
    else:
        parts = [when_in(style, task.due, to.zone)] if task.due else []
        parts += [] if page.scope.whose else [clip(task.assignee.name, _OTHER)]
    if task.deal and not page.scope.number:
        name = clip(task.deal.name, _OTHER)
        name = link(task.deal.permalink, name) if task.deal.permalink else name
        parts.append(f"{name} #{task.deal.number}")
    elif task.contact and task.contact.id != page.scope.contact_id:
        parts.append(clip(task.contact.title, _OTHER))
    return parts


def _choices(task: Task) -> list[Option]:
    verbs = [TaskVerb.DONE, TaskVerb.SNOOZE, TaskVerb.EDIT, TaskVerb.DETAILS]
    if not task.is_open:
        verbs = [TaskVerb.REOPEN, TaskVerb.DETAILS]
    return [option(_LABELS[verb], TaskChoice(verb, task.id).dump()) for verb in verbs]


def _empty(page: TaskPage, to: Actor) -> str:
    if page.scope.done:
        return "No tasks are done yet."
    if page.scope.whose == to.id:
        return "You have no open tasks. They are listed here by due date."
    return "No open tasks. They are listed here by due date."


def _extent(page: TaskPage, shown: TaskList) -> list[Json]:
    total = sum(page.counts.values()) if page.counts is not None else 0
    if not page.rows or total <= len(page.rows):
        return []
    first = _first(page, shown)
    return [context(f"{first:,}–{first + len(page.rows) - 1:,} of {total:,}")]


def _first(page: TaskPage, shown: TaskList) -> int:
    """The number of its first row; the first page begins anew, whatever was counted before."""
    return (shown.first or 1) if page.before else 1


def turns(page: TaskPage, shown: TaskList) -> list[Any]:
    """Previous and Next, as far as there is something."""
    first = _first(page, shown)
    ways: list[tuple[str, Spot | None, bool | None, int]] = [
        ("Previous", page.before, True, max(1, first - PAGE)),
        ("Next", page.after, None, first + len(page.rows)),
    ]
    return [
        button(
            label,
            f"{Action.TASK_LIST}:{label.lower()}",
            replace(shown, at=spot.dump(), back=back, first=number),
        )
        for label, spot, back, number in ways
        if spot
    ]


def _foot(style: Style, page: TaskPage, shown: TaskList, *, can_add: bool = True) -> list[Json]:
    add = button("Add task", Action.TASK_NEW, NewTask(page.scope.number, page.scope.contact_id))
    buttons = [*turns(page, shown), *([add] if can_add else [])]
    return [actions(*buttons, block_id=row_id(shown, _mark(style) + 1))] if buttons else []


def _mark(style: Style) -> int:
    """New at each render; a message has no block id twice, so each row of buttons counts on."""
    return int(style.now.timestamp() * 1000)


def tab(
    style: Style, page: TaskPage, shown: TaskList, to: Actor, *, can_add: bool = True
) -> list[Json]:
    """On the page of an opportunity or a contact: what is open first, then what is done."""
    empty = [section("No tasks yet. They are listed here by due date, done ones last.")]
    listed = rows(style, page, shown, to) or empty
    return [*listed, *_foot(style, page, shown, can_add=can_add)]


def filter_form(where: TaskOrigin, shown: TaskList, named: DealRef | None) -> Json:
    """`named` is the opportunity that the list is narrowed to."""
    states = [option("Open", OPEN), option("Done", DONE)]
    state = radio("state", states, DONE if shown.done else OPEN)
    return modal(
        "Filter",
        [
            field(
                "whose", "Person", person("whose", shown.whose), hint="Leave empty for everyone."
            ),
            field("number", "Opportunity", deal(named)),
            field("state", "Show", state, required=True),
        ],
        callback=Callback.TASK_FILTER,
        payload=where,
        submit="Show",
    )
