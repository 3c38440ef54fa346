"""Listeners on whose things are: **Take it**, and the handover of everything that is open."""

from handlers import drawing
from handlers.answer import Answer, show
from handlers.form import form
from handlers.grammar.requests import Somebody
from handlers.ids import Ref
from handlers.listening import Heard
from handlers.opportunity.status import too_late
from handlers.person.ids import Giver, HandingOver
from handlers.views.person import handover as view
from store.errors import NotFound, Stale
from store.usecases.person import handovers, owners, people


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


async def handover(heard: Heard, giver: Somebody, taker: Somebody) -> Answer:
    """`/dealthread handover @alice @bob`: says how much it is, and asks."""
    return await _ask(heard, await _who(heard, giver), await _who(heard, taker))


async def _who(heard: Heard, named: Somebody) -> str:
    """The id of somebody; one whom Slack made no mention of is known by name, or not at all."""
    if named.user_id:
        return named.user_id
    found = await heard.read(people.called, heard.workspace_id, named.name)
    if not found:
        raise NotFound(f"I know nobody called {named.name}. Choose them from Slack's list after @.")
    if len(found) > 1:
        raise NotFound(f"Several people are called {named.name}. Write the whole name.")
    return found[0].id


async def ask_handover(heard: Heard) -> Answer:
    """**Hand over**, where a person is named who left: the form asks to whom."""
    return await _ask(heard, Giver.load(heard.value).user_id, None)


async def _ask(heard: Heard, giver_id: str, taker_id: str | None) -> Answer:
    for user_id in (giver_id, taker_id):
        if user_id:
            await heard.services.directory.know(heard.workspace_id, user_id)
    asked = await heard.read(handovers.plan, giver_id, taker_id, by=heard.actor)
    handing = HandingOver(giver_id, taker_id, heard.channel_id)
    return show(view.handover_form(asked, handing), heard.how)


async def handed_over(heard: Heard) -> Answer:
    """The question was answered with yes: what is there by now moves."""
    handing = HandingOver.load(heard.meta)
    taker_id = handing.taker_id or form.taker(heard.values)
    await heard.services.directory.know(heard.workspace_id, taker_id)
    return await heard.write(
        handovers.hand_over,
        handing.giver_id,
        taker_id,
        by=heard.actor,
        now=heard.now,
        answer=lambda made: Answer(say=view.done(made), where=handing.channel_id),
    )
