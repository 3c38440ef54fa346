"""What several listeners draw alike: a page as it is now, and the answer to a change."""

from collections.abc import Callable

from handlers.answer import NOTHING, Answer, say
from handlers.ids import Asking
from handlers.listening import Heard
from handlers.views import confirm
from handlers.views import page as page_view
from handlers.views.blocks import Json
from handlers.views.text import Style
from store.opportunity import Opportunity
from store.usecases.status import Changed
from store.workspace import Workspace


def page(heard: Heard, opportunity: Opportunity, workspace: Workspace) -> Json:
    return page_view.page(Style(workspace, heard.now), opportunity)


def changed(heard: Heard, kind: str = "") -> Callable[[Changed], Answer]:
    """After a press: a private confirmation with **Undo**; a page that was pressed shows it."""

    def answer(done: Changed) -> Answer:
        if heard.in_modal:
            return Answer(view=page(heard, done.opportunity, done.workspace), how="update")
        if done.change is None:
            return NOTHING
        style = Style(done.workspace, heard.now)
        return say(confirm.changed(style, done.opportunity, kind))

    return answer


def asked(heard: Heard, asking: Asking, kind: str = "") -> Callable[[Changed], Answer]:
    """After a form: the confirmation goes where it was opened, and the page below shows it."""

    def answer(done: Changed) -> Answer:
        drawn = page(heard, done.opportunity, done.workspace)
        below = (asking.page, drawn) if asking.page else None
        if done.change is None:
            return Answer(below=below)
        style = Style(done.workspace, heard.now)
        told = confirm.changed(style, done.opportunity, kind)
        if asking.page and not asking.channel_id:
            return Answer(below=below)
        return Answer(say=told, where=asking.channel_id, below=below)

    return answer


def asking(heard: Heard, opportunity: Opportunity) -> Asking:
    """What a question remembers: the status it was asked in, and where it was asked."""
    return Asking(
        opportunity.number,
        seen=opportunity.status,
        channel_id=heard.channel_id,
        page=str(heard.view["id"]) if heard.in_modal else None,
    )
