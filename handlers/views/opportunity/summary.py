"""The summary of an opportunity: one message with all of it that fits, and what does not."""

from collections.abc import Iterable

from handlers.ids import Action, Ref
from handlers.views.blocks import (
    MESSAGE_CHARACTERS,
    Json,
    Message,
    actions,
    button,
    characters,
    context,
    fields,
    section,
)
from handlers.views.opportunity.card import headline, people, step_words, title
from handlers.views.opportunity.page import facts, made, standing
from handlers.views.opportunity.timeline import row
from handlers.views.tabs import packed
from handlers.views.task.task import due_part
from handlers.views.text import Style, clip, counted, link
from store.opportunity.opportunity import Opportunity
from store.opportunity.summary import Summary
from store.task.task import Task

_NOTES = 1_500
_TITLE = 200
_REST = 900
"""Characters for headings, what is said of what is left out, and the button."""


def summary(style: Style, shown: Summary) -> Message:
    """Facts, then what was done, said and changed, oldest first, then tasks. Where that is too
    much, the oldest of it and the last tasks are left out.
    """
    opp = shown.opportunity
    head = _facts(style, opp)
    room = MESSAGE_CHARACTERS - characters(head) - _REST
    events = [row(style, one) for one in shown.rows]
    listed = [_task(style, one) for one in shown.tasks]
    tasks = _fitting(listed, max(room // 3, room - _size(events)))
    events = _fitting(reversed(events), room - _size(tasks))[::-1]
    body = [section("*What happened*"), *_left(opp, shown.total - len(events)), *packed(events)]
    if shown.tasks:
        body += [section("*Tasks*"), *packed(tasks)]
        body += _more(shown.tasks_total - len(tasks))
    details = actions(button("Details", Action.OPPORTUNITY_OPEN, Ref(opp.number)))
    return Message(f"Summary: {headline(style, opp)}", [*head, *body, details])


def _facts(style: Style, opp: Opportunity) -> list[Json]:
    blocks = [section(f"{title(style, opp)}\n{people(style, opp)}")]
    blocks += [section(standing(style, opp)), fields(*facts(style, opp))]
    if opp.next_step:
        blocks.append(section(f"*Next step*\n{step_words(style, opp)}"))
    if opp.notes:
        blocks.append(section(f"*Notes*\n{clip(opp.notes, _NOTES)}"))
    return [*blocks, context(made(style, opp))]


def _task(style: Style, task: Task) -> str:
    name = clip(task.title, _TITLE)
    name = link(task.permalink, name) if task.permalink else name
    if task.done_by:
        return f"~{name}~ done by {style.person(task.done_by)}"
    return f"{name}{due_part(style, task.due)}, {style.person(task.assignee)}"


def _fitting(lines: Iterable[str], room: int) -> list[str]:
    """The first of them that there is room for."""
    kept: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return kept


def _size(lines: list[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _left(opp: Opportunity, left: int) -> list[Json]:
    """Where the rest of it stands."""
    if left <= 0:
        return []
    thread = opp.card.permalink if opp.card else None
    where = link(thread, "its thread") if thread else "its timeline"
    return [context(f"{counted(left, 'earlier entry', 'earlier entries')}: see {where}.")]


def _more(more: int) -> list[Json]:
    return [context(f"{counted(more, 'more task')}: see Details.")] if more > 0 else []
