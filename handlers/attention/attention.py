"""Listeners on the message about what needs attention: Snooze and Stop. What they did is said by
the message itself, which is drawn anew.
"""

from datetime import date, timedelta

from handlers.answer import NOTHING, Answer, show
from handlers.attention.ids import Snoozing, SnoozingUntil, Stopping
from handlers.form.entered import Answers
from handlers.listening import Heard
from handlers.payload import StaleButton
from handlers.views.attention import message as view
from store.usecases.attention import words as attention_words

MONTH = 31


async def snooze(heard: Heard) -> Answer:
    """**Snooze**, for so many days, or until a date that is asked for."""
    chosen = Snoozing.load(heard.value)
    if chosen.days is None:
        who = {"by": heard.actor, "now": heard.now}
        found = await heard.read(attention_words.to_snooze, chosen.number, **who)
        asking = SnoozingUntil(chosen.number, chosen.on)
        return show(view.snooze_form(found, heard.today, asking), heard.how)
    if not 0 < chosen.days <= MONTH:
        raise StaleButton
    until = heard.today + timedelta(days=chosen.days)
    return await _snoozed(heard, chosen.number, until, chosen.on)


async def snoozed(heard: Heard) -> Answer:
    """The form **Snooze** was sent."""
    asking = SnoozingUntil.load(heard.meta)
    read = Answers(heard.values)
    day = read.agreed(lambda: read.required_day("until"))
    return await _snoozed(heard, asking.number, day, asking.on)


async def _snoozed(heard: Heard, number: int, until: date, on: str) -> Answer:
    return await heard.write(
        attention_words.snooze,
        number,
        until,
        on,
        by=heard.actor,
        now=heard.now,
        answer=lambda _: NOTHING,
    )


async def stop(heard: Heard) -> Answer:
    """**Stop**."""
    pressed = Stopping.load(heard.value)
    return await heard.write(
        attention_words.stop,
        pressed.number,
        pressed.on,
        by=heard.actor,
        now=heard.now,
        answer=lambda _: NOTHING,
    )
