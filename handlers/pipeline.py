"""Listeners on the board: `/pipeline`, filters, sorts, paging; live in a channel, or a copy."""

from dataclasses import replace

from handlers import figures
from handlers.answer import NOTHING, Answer, How, say, show
from handlers.digest import digest
from handlers.form import form
from handlers.grammar import grammar
from handlers.grammar.requests import HELP, Digests, Help, MyPipeline, Stats
from handlers.ids import BoardState, Command, Note
from handlers.listening import Heard
from handlers.views import workspace as workspace_view
from handlers.views.blocks import Message
from handlers.views.pipeline import board as view
from handlers.views.pipeline import filtering
from handlers.views.pipeline.board import EVERYONE, MINE, SOMEONE
from handlers.views.pipeline.query import dump_query, load_query, state_of
from handlers.views.text import Style
from store.board import Filter, Query, Sort
from store.usecases import workspaces
from store.usecases.card import channels
from store.usecases.card.channels import Channel
from store.usecases.pipeline import boards, pipeline
from store.usecases.pipeline.pipeline import Shown


async def command(heard: Heard) -> Answer:
    """`/pipeline`: posts the live board where cards are at home, else shows it privately; figures
    are for who asks.
    """
    request = grammar.pipeline(str(heard.body.get("text") or ""))
    if isinstance(request, Help):
        return say(workspace_view.help_message(HELP[Command.PIPELINE]))
    if isinstance(request, Digests):
        return await digest.here(heard)
    if isinstance(request, MyPipeline):
        return await copy(heard, Query(filter=Filter(owner=heard.actor.id)))
    if isinstance(request, Stats):
        return await figures.told(heard, request.span)
    return await _here(heard)


async def _here(heard: Heard) -> Answer:
    here = str(heard.channel_id)
    channel = await heard.services.directory.channel(heard.workspace_id, here)
    why = _why_private(channel)
    if why:
        return await copy(heard, Query(), note=why)
    workspace = await heard.read(workspaces.load, heard.workspace_id)
    home = await heard.read(channels.at_home, heard.workspace_id, here)
    if home or workspace.deals_channel == here:
        return await _post(heard, Query(), here)
    return await copy(heard, Query(), can_post=True)


def _why_private(channel: Channel) -> Note | None:
    if channel.kind == channels.IM:
        return Note.DIRECT
    if not channel.takes_posts:
        return Note.ABSENT
    return Note.SHARED if channel.shared else None


async def _post(heard: Heard, query: Query, channel_id: str) -> Answer:
    return await heard.write(
        boards.post,
        query,
        channel_id,
        by=heard.actor,
        now=heard.now,
        answer=lambda _: NOTHING,
    )


async def post(heard: Heard) -> Answer:
    """**Post it here** on a private copy."""
    state = BoardState.load(heard.value)
    here = str(heard.channel_id)
    await heard.services.directory.channel(heard.workspace_id, here)
    return await _post(heard, load_query(state.query), here)


async def copy(
    heard: Heard,
    query: Query,
    *,
    note: Note | None = None,
    can_post: bool = False,
    again: bool = False,
) -> Answer:
    """The board for this person only."""
    shown = await heard.read(pipeline.private, query, by=heard.actor, now=heard.now)
    return say(_drawn(heard, shown, note=note, can_post=can_post), replace=again)


def _drawn(
    heard: Heard, shown: Shown, *, note: Note | None = None, can_post: bool = False
) -> Message:
    return view.board(
        Style(shown.workspace, heard.now),
        shown.board,
        None,
        can_post=can_post,
        owner=shown.owner,
        contact=shown.contact,
        viewer_id=heard.actor.id,
        note=note,
    )


async def turn(heard: Heard) -> Answer:
    """Previous, Next, Show everything."""
    state = BoardState.load(heard.value)
    return await _to(heard, state, load_query(state.query))


async def refresh(heard: Heard) -> Answer:
    state = BoardState.load(heard.value)
    if state.board_id is None:
        return await _again(heard, state, load_query(state.query))
    return await heard.write(
        boards.refresh,
        state.board_id,
        by=heard.actor,
        now=heard.now,
        answer=lambda _: NOTHING,
    )


async def owner(heard: Heard) -> Answer:
    """Everyone, mine, the one it is on, or **Someone else…**, who is chosen in the form."""
    state = state_of(str(heard.pressed.get("block_id") or ""))
    query = load_query(state.query)
    if heard.value == SOMEONE:
        return await _form(heard, state, query)
    whose = {EVERYONE: None, MINE: heard.actor.id}.get(heard.value, heard.value)
    wanted = replace(query, filter=replace(query.filter, owner=whose))
    return await _to(heard, state, load_query(dump_query(wanted)))


async def sort(heard: Heard) -> Answer:
    state = state_of(str(heard.pressed.get("block_id") or ""))
    wanted = next((sort for sort in Sort if sort == heard.value), Sort.CLOSING)
    return await _to(heard, state, replace(load_query(state.query), sort=wanted))


async def filter_form(heard: Heard) -> Answer:
    state = BoardState.load(heard.value)
    return await _form(heard, state, load_query(state.query))


async def _form(heard: Heard, state: BoardState, query: Query) -> Answer:
    shown = await heard.read(pipeline.named, query.filter, heard.actor.viewer)
    remembered = replace(state, query=dump_query(query), channel_id=heard.channel_id)
    drawn = filtering.filter_form(await heard.style(), remembered, query, shown[1])
    how: How = "push" if heard.in_modal else "open"
    return show(drawn, how)


async def filtered(heard: Heard) -> Answer:
    """The form **Filter** was sent: the board starts at its first page."""
    state = BoardState.load(heard.meta)
    said = form.board_filter(heard.values)
    if said.owner:
        await heard.services.directory.know(heard.workspace_id, said.owner)
    query = Query(filter=said, sort=load_query(state.query).sort)
    answer = await _to(heard, state, query)
    return Answer(say=answer.say, where=state.channel_id)


async def _again(heard: Heard, state: BoardState, query: Query) -> Answer:
    """A private copy, in the place of the one that was pressed."""
    offer = bool(state.can_post)
    return await copy(heard, query, note=state.note, can_post=offer, again=not state.beside)


async def _to(heard: Heard, state: BoardState, query: Query) -> Answer:
    """A posted board turns for its maker; anybody else, and a copy, get a copy."""
    if state.board_id is None:
        return await _again(heard, state, query)
    return await heard.write(
        boards.turn,
        state.board_id,
        query,
        by=heard.actor,
        now=heard.now,
        answer=lambda shown: say(_drawn(heard, shown)) if shown else NOTHING,
    )
