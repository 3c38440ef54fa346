"""The form of a digest: opened with what is known, drawn anew at each choice, saved."""

import asyncio
from dataclasses import replace

from handlers import drawing
from handlers.answer import NOTHING, Answer, show
from handlers.digest import form as digest_form
from handlers.digest.ids import DigestId, EditingDigest, NewDigest
from handlers.grammar.zones import zones_called
from handlers.ids import Callback
from handlers.listening import Heard
from handlers.views import inputs
from handlers.views.blocks import Json
from handlers.views.digest import form as view
from handlers.views.digest import lists as digest_list
from handlers.views.digest import schedule
from handlers.views.digest.form import Filled
from handlers.views.digest.lists import Row
from store.digest.digest import Digest, DigestDraft, Schedule
from store.errors import Conflict, Invalid, Refusal
from store.usecases.card.channels import Channel
from store.usecases.digest import digests
from store.usecases.digest import lists as digest_lists
from store.usecases.pipeline import pipeline

_FORMS = (Callback.DIGEST_CREATE, Callback.DIGEST_SAVE)


async def there(heard: Heard, channel_id: str) -> tuple[Heard, Channel]:
    """The channel as it is now, and the person as somebody who, it may be, is in it."""
    directory = heard.services.directory
    channel = await directory.channel(heard.workspace_id, channel_id)
    actor = await directory.actor(heard.workspace_id, heard.actor.id, None)
    return replace(heard, actor=actor), channel


async def new(heard: Heard) -> Answer:
    """**Add digest**, in the time zone of whoever adds it."""
    channel_id = NewDigest.load(heard.value).channel_id
    heard, _ = await there(heard, channel_id)
    await heard.read(digest_lists.to_add, channel_id, by=heard.actor)
    editing = EditingDigest(channel_id, where=heard.channel_id, url=_listed(heard))
    usual = Schedule(tz=heard.actor.tz)
    filled = Filled(schedule=usual, coming=await _coming(heard, editing, usual))
    return show(view.form(await heard.style(), filled, editing), heard.how)


def _listed(heard: Heard) -> str | None:
    """The private list that was pressed, to be shown as it then is."""
    return heard.response_url if drawing.private(heard) else None


async def open_form(heard: Heard) -> Answer:
    """**Edit** in a list, **Settings** below a digest."""
    pressed = DigestId.load(heard.value)
    heard.actor.must_write()
    digest = await heard.read(digests.one, pressed.id, by=heard.actor)
    days, month_day = digest_form.kept(digest.schedule)
    editing = EditingDigest(
        digest.channel_id,
        digest.id,
        digest.version,
        days,
        month_day,
        where=heard.channel_id,
        url=_listed(heard) if pressed.listed else None,
        paused=digest.paused,
    )
    return show(await _filled(heard, digest, editing), heard.how)


async def row_of(heard: Heard, digest: Digest) -> Row:
    """A digest with whom its filter names."""
    if digest.filter.owner is None and digest.filter.contact is None:
        return Row(digest=digest)
    owner, contact = await heard.read(pipeline.named, digest.filter, heard.actor.viewer)
    return Row(digest=digest, owner=owner, contact=contact)


async def _filled(heard: Heard, digest: Digest, editing: EditingDigest) -> Json:
    filled = Filled(
        schedule=digest.schedule,
        coming=await _coming(heard, editing, digest.schedule),
        filter=digest.filter,
        parts=digest.parts,
        contact=(await row_of(heard, digest)).contact,
    )
    return view.form(await heard.style(), filled, editing)


async def _coming(heard: Heard, editing: EditingDigest, said: Schedule) -> str:
    """The next three times, in words."""
    if editing.id is None:
        return schedule.coming(await heard.style(), said.next_three(heard.now), said.tz)
    slots = await heard.read(digest_lists.coming, editing.id, said, by=heard.actor, now=heard.now)
    paused = bool(editing.paused)
    return schedule.coming(await heard.style(), slots, said.tz, paused=paused)


async def redraw(heard: Heard) -> Answer:
    """When it comes was changed in the open form, which says what that leads to."""
    if heard.view.get("callback_id") not in _FORMS:
        return NOTHING
    return show(await _redrawn(heard, EditingDigest.load(heard.meta)), "update")


async def _redrawn(heard: Heard, editing: EditingDigest, notice: str = "") -> Json:
    """The form with the fields that its rhythm asks for; what was entered stays."""
    now = digest_form.so_far(heard.values, editing)
    try:
        checked = digest_form.checked(heard.values, editing)
        coming = await _coming(heard, editing, checked)
    except Invalid as wrong:
        coming = wrong.sentence
    days, month_day = digest_form.kept(now)
    editing = replace(editing, days=days, month_day=month_day)
    filled = Filled(schedule=now, coming=coming, notice=notice)
    return inputs.as_sent(view.form(await heard.style(), filled, editing), heard.values)


async def created(heard: Heard, editing: EditingDigest) -> Answer:
    """A new one, unless the form has more to ask first."""
    if digest_form.lacks(heard.values):
        return await _asked(heard, editing)
    heard, draft = await _read(heard, editing)
    style = await heard.style()
    return await heard.write(
        digests.add,
        draft,
        editing.channel_id,
        by=heard.actor,
        now=heard.now,
        answer=lambda made: Answer(say=digest_list.saved(style, made), where=editing.where),
    )


async def saved(heard: Heard, editing: EditingDigest) -> Answer:
    """What somebody else changed meanwhile is pointed out before it is replaced."""
    if editing.id is None or digest_form.lacks(heard.values):
        return await _asked(heard, editing)
    heard, draft = await _read(heard, editing)
    style = await heard.style()
    try:
        return await heard.write(
            digests.edit,
            editing.id,
            draft,
            version=editing.version or 0,
            by=heard.actor,
            now=heard.now,
            answer=lambda made: Answer(say=digest_list.saved(style, made), where=editing.where),
        )
    except Conflict as conflict:
        return await _settle(heard, editing, editing.id, conflict)


async def _asked(heard: Heard, editing: EditingDigest) -> Answer:
    """The rhythm asks for days that the form did not show yet."""
    notice = "Choose the days, then save."
    return show(await _redrawn(heard, editing, notice), "update")


async def _read(heard: Heard, editing: EditingDigest) -> tuple[Heard, DigestDraft]:
    """What was filled in; whom it names and where it goes are looked up for the use case."""
    draft = digest_form.draft(heard.values, editing)
    if draft.filter.owner:
        await heard.services.directory.know(heard.workspace_id, draft.filter.owner)
    heard, _ = await there(heard, editing.channel_id)
    return heard, draft


async def _settle(
    heard: Heard, editing: EditingDigest, digest_id: int, conflict: Conflict
) -> Answer:
    """Who changed it, and what they made of it; what was entered stays."""
    if not conflict.changed:
        raise Refusal(conflict.sentence)
    digest = await heard.read(digests.one, digest_id, by=heard.actor)
    row, who = await row_of(heard, digest), next(iter(conflict.changed.values()))
    notice = digest_list.changed(await heard.style(), row, who, heard.actor.id)
    again = replace(editing, version=digest.version)
    return show(await _redrawn(heard, again, notice), "update")


async def zones(heard: Heard) -> Answer:
    """What the field of time zones offers for what is typed; one's own first."""
    typed = str(heard.body.get("value") or "")
    found = await asyncio.to_thread(zones_called, typed)
    if not typed.strip():
        found = [heard.actor.tz, *(name for name in found if name != heard.actor.tz)]
    return Answer(options=inputs.zone_options(found))
