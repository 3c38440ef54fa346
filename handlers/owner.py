"""Listeners on whose an opportunity is: **Take it**."""

from handlers import drawing
from handlers.answer import Answer
from handlers.ids import Ref
from handlers.listening import Heard
from handlers.status import too_late
from store.errors import Stale
from store.usecases import owners


async def take(heard: Heard) -> Answer:
    """Of two who press, the second hears who was faster."""
    number = Ref.load(heard.value).number
    try:
        return await heard.write(
            owners.take,
            number,
            by=heard.actor,
            now=heard.now,
            answer=drawing.changed(heard, "taken"),
        )
    except Stale as stale:
        return await too_late(heard, stale, number)
