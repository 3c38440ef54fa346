"""Listeners on digests: `/pipeline digest`, its list, and what is done with each of them."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from handlers import drawing
from handlers.answer import Answer, say, show
from handlers.digest import opening as digest_opening
from handlers.digest.ids import DeletingDigest, DigestChoice, DigestVerb, EditingDigest
from handlers.listening import Heard
from handlers.views.blocks import Message
from handlers.views.digest import digest as content_view
from handlers.views.digest import form as form_view
from handlers.views.digest import lists as view
from handlers.views.text import Style
from store.digest.digest import Digest
from store.errors import NotAllowed, NotFound, Refusal
from store.usecases.card import channels
from store.usecases.digest import digests
from store.usecases.digest import reading as digest_reading
from store.usecases.pipeline import boards

DIRECT = "A digest belongs to a channel. Write `/pipeline digest` in the one that it is to come to."


async def here(heard: Heard) -> Answer:
    """`/pipeline digest`: those of this channel; where none can come, why not."""
    heard, channel = await digest_opening.there(heard, str(heard.channel_id))
    if channel.kind == channels.IM:
        raise Refusal(DIRECT)
    if channel.kind == channels.PRIVATE and not channel.takes_posts:
        raise NotFound(boards.INVITE)
    found = await heard.read(digests.listed, channel.id, by=heard.actor)
    if not found and not channel.takes_posts:
        raise NotFound(boards.INVITE)
    if not found and channel.shared:
        raise NotAllowed(digests.OUTSIDERS)
    return say(await _list(heard, channel.id))


async def _list(heard: Heard, channel_id: str, told: Message | None = None) -> Message:
    found = await heard.read(digests.listed, channel_id, by=heard.actor)
    rows = [await digest_opening.row_of(heard, digest) for digest in found]
    return view.digests(await heard.style(), channel_id, rows, heard.actor.id, told)


async def created(heard: Heard) -> Answer:
    """The form **New digest** was sent."""
    editing = EditingDigest.load(heard.meta)
    return await _done(heard, editing, await digest_opening.created(heard, editing))


async def saved(heard: Heard) -> Answer:
    """The form **Edit digest** was sent."""
    editing = EditingDigest.load(heard.meta)
    return await _done(heard, editing, await digest_opening.saved(heard, editing))


async def _done(heard: Heard, opened: EditingDigest | DeletingDigest, answer: Answer) -> Answer:
    """The private list that it was opened from shows what became of it; else it is only said."""
    if answer.say is None or opened.url is None:
        return answer
    return replace(answer, say=await _list(heard, opened.channel_id, answer.say), url=opened.url)


async def menu(heard: Heard) -> Answer:
    """⋯ of a row."""
    choice = DigestChoice.load(heard.value)
    digest = await heard.read(digests.one, choice.id, by=heard.actor)
    match choice.verb:
        case DigestVerb.PREVIEW:
            return await _preview(heard, digest)
        case DigestVerb.DELETE:
            return await _ask(heard, digest)
        case _:
            return await _do(heard, choice.verb, digest)


async def _preview(heard: Heard, digest: Digest) -> Answer:
    """For this person only, as its channel would read it now."""
    content = await heard.read(digest_reading.preview, digest.id, by=heard.actor, now=heard.now)
    style = Style(content.workspace, heard.now)
    return say(content_view.digest(style, content, preview=True))


_DOINGS: Mapping[DigestVerb, tuple[Callable[..., Digest], Callable[[Style, Digest], Message]]] = {
    DigestVerb.PAUSE: (digests.pause, view.paused),
    DigestVerb.RESUME: (digests.resume, view.resumed),
    DigestVerb.SEND: (digests.send_now, view.sent),
}


async def _do(heard: Heard, verb: DigestVerb, digest: Digest) -> Answer:
    """At once; the list that was pressed shows what became of it."""
    use_case, told = _DOINGS[verb]
    heard, _ = await digest_opening.there(heard, digest.channel_id)
    style = await heard.style()
    answer = await heard.write(
        use_case,
        digest.id,
        by=heard.actor,
        now=heard.now,
        answer=lambda done: say(told(style, done)),
    )
    if answer.say is None or not drawing.private(heard):
        return answer
    return say(await _list(heard, digest.channel_id, answer.say), replace=True)


async def _ask(heard: Heard, digest: Digest) -> Answer:
    heard.actor.must_write()
    url = heard.response_url if drawing.private(heard) else None
    deleting = DeletingDigest(digest.id, digest.channel_id, heard.channel_id, url)
    return show(form_view.delete_form(digest, deleting), heard.how)


async def deleted(heard: Heard) -> Answer:
    """**Delete** was confirmed."""
    deleting = DeletingDigest.load(heard.meta)
    told = view.deleted(deleting.channel_id)
    answer = await heard.write(
        digests.delete,
        deleting.id,
        by=heard.actor,
        now=heard.now,
        answer=lambda _: Answer(say=told, where=deleting.where),
    )
    return await _done(heard, deleting, answer)
