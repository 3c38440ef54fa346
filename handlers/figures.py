"""Listeners on figures: `/pipeline stats`, **Figures** in Home, and the choice of a period. The
words come at once; the picture of them follows by direct message.
"""

from handlers.answer import Answer, say, show
from handlers.listening import Heard
from handlers.payload import StaleButton
from handlers.views import figures as view
from handlers.views.text import Style
from store.figures import Figures, Span
from store.usecases.figures import figures, pictures


async def told(heard: Heard, span: Span) -> Answer:
    """`/pipeline stats`, for this person only."""
    return await _answer(heard, span, _asked(heard))


async def open_page(heard: Heard) -> Answer:
    """**Figures** in Home: the same above it."""
    return await _answer(heard, Span.THIS_QUARTER, _asked(heard), on_page=True)


async def span(heard: Heard) -> Answer:
    """Another period, in the place of the one that was shown; so is its picture."""
    wanted = next((one for one in Span if one == heard.value), None)
    asked = view.asked_in(str(heard.pressed.get("block_id") or ""))
    if wanted is None or asked is None:
        raise StaleButton
    return await _answer(heard, wanted, asked, on_page=heard.in_modal, again=True)


def _asked(heard: Heard) -> int:
    """What tells these figures, and their picture, from others of the same person."""
    return int(heard.now.timestamp() * 1_000_000)


async def _answer(
    heard: Heard, span: Span, asked: int, *, on_page: bool = False, again: bool = False
) -> Answer:
    shown = await heard.read(figures.of, span, by=heard.actor, now=heard.now)
    answer = _shown(heard, shown, asked, on_page=on_page, again=again)
    if not shown.enough:
        return answer
    return await heard.write(
        pictures.want, span, asked, by=heard.actor, now=heard.now, answer=lambda _: answer
    )


def _shown(heard: Heard, shown: Figures, asked: int, *, on_page: bool, again: bool) -> Answer:
    style = Style(shown.workspace, heard.now)
    if on_page:
        return show(view.page(style, shown, asked), "update" if again else "open")
    return say(view.message(style, shown, asked), replace=again)
