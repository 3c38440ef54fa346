"""What several listeners draw alike: a page as it is now, and the answer to a change."""

from collections.abc import Callable, Sequence

from handlers.answer import NOTHING, Answer, say
from handlers.ids import Asking, View
from handlers.listening import Heard
from handlers.views import confirm
from handlers.views import contact as contact_view
from handlers.views import page as page_view
from handlers.views.blocks import Json
from handlers.views.text import Style
from store.opportunity import Opportunity
from store.usecases import contacts, opportunities
from store.usecases.status import Changed
from store.workspace import Workspace


def page_id(heard: Heard) -> str | None:
    """The page that something was asked for on: it is brought up to date when that is done."""
    return str(heard.view["id"]) if heard.in_modal else None


def page(heard: Heard, opportunity: Opportunity, workspace: Workspace) -> Json:
    return page_view.page(Style(workspace, heard.now), opportunity)


async def tasks_page(heard: Heard, number: int, rows: Sequence[Json]) -> Json:
    """The page of an opportunity with these rows on its tab Tasks."""
    opportunity = await heard.read(opportunities.get, number, by=heard.actor, now=heard.now)
    return page_view.page(await heard.style(), opportunity, View.TASKS, rows=rows)


async def contact_tasks_page(heard: Heard, contact_id: int, rows: Sequence[Json]) -> Json:
    page = await heard.read(contacts.page, contact_id, by=heard.actor, now=heard.now)
    style = Style(page.workspace, heard.now)
    return contact_view.page(style, page.contact, View.TASKS, rows=rows)


async def contact_page(
    heard: Heard, contact_id: int, tab: View = View.OVERVIEW, offset: int = 0
) -> Json:
    page = await heard.read(contacts.page, contact_id, by=heard.actor, now=heard.now, offset=offset)
    deals = page.opportunities if tab is View.OPPORTUNITIES else None
    return contact_view.page(Style(page.workspace, heard.now), page.contact, tab, deals)


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
        return say(confirm.changed(style, done.opportunity, kind), replace=private(heard))

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
        return Answer(say=confirm.changed(style, made.opportunity, kind), where=asking.channel_id)

    return answer


def asking(heard: Heard, opportunity: Opportunity) -> Asking:
    """What a question remembers: the status it was asked in, and where it was asked."""
    return Asking(
        opportunity.number,
        seen=opportunity.status,
        channel_id=heard.channel_id,
        page=page_id(heard),
    )
