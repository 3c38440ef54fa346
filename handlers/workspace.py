"""Listeners on the workspace: `/dealthread`, its first **Set up**, help."""

from handlers.answer import Answer, How, say, show
from handlers.form import form
from handlers.grammar import grammar
from handlers.grammar.requests import HELP, MENTIONS, About, Handover, Help, Settings, in_words
from handlers.ids import Origin
from handlers.listening import Heard
from handlers.person import owner
from handlers.settings import settings
from handlers.views import confirm
from handlers.views import workspace as view
from handlers.views.blocks import Message
from handlers.views.text import Style
from store.usecases import workspaces
from store.workspace import Workspace


async def command(heard: Heard) -> Answer:
    match grammar.dealthread(str(heard.body.get("text") or "")):
        case About():
            return say(view.welcome(await heard.style(), admin=heard.actor.admin))
        case Help():
            return await help_(heard)
        case Handover(giver, taker):
            return await owner.handover(heard, giver, taker)
        case Settings():
            return await settings.open_page(heard)
        case _:
            return await set_up(heard)


async def help_(heard: Heard) -> Answer:
    return say(help_message(await heard.read(workspaces.load, heard.workspace_id)))


def help_message(workspace: Workspace) -> Message:
    """All commands, in one list, and what can be asked for in a card's thread."""
    rows = [row for rows in HELP.values() for row in rows]
    message = view.help_message(in_words(rows, workspace))
    in_threads = view.understood("In a card's thread", in_words(MENTIONS, workspace))
    return Message(message.text, [*message.blocks, *in_threads.blocks])


async def set_up(heard: Heard) -> Answer:
    """**Set up**: the short first form, for admins."""
    heard.actor.must_administer()
    how: How = "push" if heard.in_modal else "open"
    origin = Origin(heard.channel_id)
    return show(view.setup_form(await heard.style(), origin, tz=heard.actor.tz), how)


async def saved(heard: Heard) -> Answer:
    origin = Origin.load(heard.meta)
    said = form.settings(heard.values)
    await settings.must_take_cards(heard, said.deals_channel)
    return await heard.write(
        workspaces.set_up,
        heard.actor,
        said,
        now=heard.now,
        answer=lambda workspace: _told(heard, workspace, origin),
    )


def _told(heard: Heard, workspace: Workspace, origin: Origin) -> Answer:
    style = Style(workspace, heard.now)
    return Answer(say=confirm.settled(style), where=origin.channel_id)
