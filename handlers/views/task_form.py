"""The forms of a task: new, edit."""

from dataclasses import dataclass

from handlers.ids import Callback
from handlers.task_ids import TaskOrigin
from handlers.views.blocks import Json, context, modal
from handlers.views.inputs import contact, dated, deal, field, person, timed, typed
from handlers.views.task import from_message
from handlers.views.text import sentence
from store.contact import ContactRef
from store.context import DealRef, Source
from store.task import TITLE_MAX


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


def new_form(given: Filled, origin: TaskOrigin) -> Json:
    return modal(
        "New task",
        _fields(given),
        callback=Callback.TASK_CREATE,
        payload=origin,
        submit="Create",
    )


def _fields(given: Filled) -> list[Json]:
    blocks = [context(sentence(notice, 2_000)) for notice in given.notices[:10]]
    blocks += [context(f"From {from_message(given.source)}")] if given.source else []
    title = typed("title", given.title[: TITLE_MAX * 2], placeholder="Send the quote")
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
