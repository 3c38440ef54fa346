"""What several listeners draw alike: a page as it is now, and the answer to a change."""

from collections.abc import Callable, Sequence

from handlers.answer import NOTHING, Answer, say
from handlers.ids import Asking, View
from handlers.listening import Heard
from handlers.views import confirm
from handlers.views import contact as contact_view
from handlers.views.blocks import Json
from handlers.views.opportunity import page as page_view
from handlers.views.text import Style
from store.activity import ActivityQuery
from store.opportunity.opportunity import Opportunity
from store.opportunity.timeline import Mark, Part
from store.paging import Spot
from store.usecases import contacts
from store.usecases.activity import reading as activity_reading
from store.usecases.opportunity import opportunities, timelines
from store.usecases.opportunity.status import Changed
from store.workspace import Workspace


def page_id(heard: Heard) -> str | None:
    """The page that something was asked for on: it is brought up to date when that is done."""
    return str(heard.view["id"]) if heard.in_modal else None


def page(heard: Heard, opportunity: Opportunity, workspace: Workspace) -> Json:
    return page_view.page(Style(workspace, heard.now), opportunity)


Rows = Callable[[bool], Sequence[Json]]
"""What stands on a tab, for something that can be added to, or not: the archived can't."""


async def tasks_page(heard: Heard, number: int, rows: Rows) -> Json:
    """The page of an opportunity with these rows on its tab Tasks."""
    opportunity = await heard.read(opportunities.get, number, by=heard.actor, now=heard.now)
    drawn = rows(opportunity.archived_at is None)
    return page_view.page(await heard.style(), opportunity, View.TASKS, rows=drawn)


async def contact_tasks_page(heard: Heard, contact_id: int, rows: Rows) -> Json:
    page = await heard.read(contacts.page, contact_id, by=heard.actor, now=heard.now)
    style, drawn = Style(page.workspace, heard.now), rows(page.contact.archived_at is None)
    return contact_view.page(style, page.contact, View.TASKS, rows=drawn)


async def timeline_page(
    heard: Heard, number: int, only: Part | None = None, below: Mark | None = None
) -> Json:
    """The page of an opportunity, on its timeline."""
    who = {"by": heard.actor, "now": heard.now}
    opportunity = await heard.read(opportunities.get, number, **who)
    shown = await heard.read(timelines.timeline, number, only=only, below=below, **who)
    return page_view.page(await heard.style(), opportunity, View.TIMELINE, shown)


async def contact_page(
    heard: Heard,
    contact_id: int,
    tab: View = View.OVERVIEW,
    after: int = 0,
    at: int | None = None,
) -> Json:
    """`after` and `at` say where a page of its tab begins, as in ContactTab."""
    who = {"by": heard.actor, "now": heard.now}
    offset = after if tab is View.OPPORTUNITIES else 0
    page = await heard.read(contacts.page, contact_id, offset=offset, **who)
    style = Style(page.workspace, heard.now)
    if tab is View.OPPORTUNITIES:
        return contact_view.page(style, page.contact, deals=page.opportunities)
    if tab is View.ACTIVITIES:
        before = Spot.of(at, after) if at is not None else None
        query = ActivityQuery(contact_id=contact_id, before=before)
        found = await heard.read(activity_reading.index, query, **who)
        rows = contact_view.activities(style, page.contact, found, heard.actor)
        return contact_view.page(style, page.contact, tab, rows=rows)
    return contact_view.page(style, page.contact)


def done(heard: Heard, page: str | None, drawn: Json) -> Answer:
    """After a form: the page it was opened on as it is now, below the form or in its place."""
    if page is None:
        return NOTHING
    if page == heard.view.get("id"):
        return Answer(view=drawn, how="update")
    return Answer(below=(page, drawn))


def changed(heard: Heard, kind: str = "") -> Callable[[Changed], Answer]:
    """After a press: a private confirmation with **Undo**; a page that was pressed shows it."""

    def answer(done: Changed) -> Answer:
        if heard.in_modal:
            return Answer(view=page(heard, done.opportunity, done.workspace), how="update")
        if done.change is None:
            return NOTHING
        style = Style(done.workspace, heard.now)
        told = confirm.changed(style, done.opportunity, kind, tasks=done.tasks)
        return say(told, replace=private(heard))

    return answer


def private(heard: Heard) -> bool:
    """Whether a private sentence was pressed: what comes of it takes its place."""
    return bool((heard.body.get("container") or {}).get("is_ephemeral"))


def asked(heard: Heard, asking: Asking, kind: str = "") -> Callable[[Changed], Answer]:
    """After a form: the confirmation goes where it was opened, and the page below shows it."""

    def answer(made: Changed) -> Answer:
        if asking.page:
            return done(heard, asking.page, page(heard, made.opportunity, made.workspace))
        if made.change is None:
            return NOTHING
        style = Style(made.workspace, heard.now)
        told = confirm.changed(style, made.opportunity, kind, tasks=made.tasks)
        return Answer(say=told, where=asking.channel_id)

    return answer


def asking(heard: Heard, opportunity: Opportunity) -> Asking:
    """What a question remembers: the status it was asked in, and where it was asked."""
    return Asking(
        opportunity.number,
        seen=opportunity.status,
        channel_id=heard.channel_id,
        page=page_id(heard),
    )
