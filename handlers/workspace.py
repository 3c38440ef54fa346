"""Listeners on the workspace: `/dealthread`, help, set up and settings."""

from handlers import form, grammar, owner
from handlers.answer import Answer, How, say, show
from handlers.ids import Origin
from handlers.listening import Heard
from handlers.requests import HELP, MENTIONS, About, Handover, Help
from handlers.views import confirm
from handlers.views import workspace as view
from handlers.views.blocks import Message
from handlers.views.text import Style
from store.errors import Invalid
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
        case _:
            return await settings(heard)


async def help_(_heard: Heard) -> Answer:
    return say(help_message())


def help_message() -> Message:
    """All commands, in one list, and what can be asked for in a card's thread."""
    message = view.help_message([row for rows in HELP.values() for row in rows])
    in_threads = view.understood("In a card's thread", MENTIONS)
    return Message(message.text, [*message.blocks, *in_threads.blocks])


async def settings(heard: Heard) -> Answer:
    """**Set up** and **Settings**: the same form, for admins."""
    heard.actor.must_administer()
    how: How = "push" if heard.in_modal else "open"
    origin = Origin(heard.channel_id)
    return show(view.settings_form(await heard.style(), origin, tz=heard.actor.tz), how)


async def saved(heard: Heard) -> Answer:
    origin = Origin.load(heard.meta)
    said = form.settings(heard.values)
    if said.deals_channel:
        directory = heard.services.directory
        channel = await directory.reread(heard.workspace_id, said.deals_channel)
        if not channel.takes_posts:
            raise Invalid({"deals_channel": "Invite me there first, with /invite @Dealthread."})
        if channel.shared:
            outside = "People from outside are there. Choose another channel."
            raise Invalid({"deals_channel": outside})
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
