"""Listeners on the settings: the page, its forms, and what was chosen in them. Admins only, each
time anew: a form may be open for longer than somebody is one.
"""

import re
from collections.abc import Callable
from typing import Any

from handlers.answer import Answer, show
from handlers.drawing import done, page_id
from handlers.form import form
from handlers.listening import Heard
from handlers.payload import StaleButton
from handlers.settings import form as settings_form
from handlers.settings.ids import ChannelId, EditingChannel, EditingSettings, SettingsGroup
from handlers.views import inputs
from handlers.views.blocks import Json
from handlers.views.settings import form as form_view
from handlers.views.settings import settings as view
from handlers.views.text import Style
from store.errors import Conflict, Invalid
from store.settings.settings import Group, mark
from store.usecases.settings import channels as channel_settings
from store.usecases.settings import settings
from store.usecases.settings.settings import Settings

AGAIN = "Save it again to replace them."
_CHANNEL = re.compile(r"[A-Z0-9]{1,32}")


async def open_page(heard: Heard) -> Answer:
    """`/dealthread settings`, **Settings**."""
    shown = await heard.read(settings.look, by=heard.actor)
    return show(_page(heard, shown), heard.how)


def _page(heard: Heard, shown: Settings, said: str = "") -> Json:
    return view.page(Style(shown.workspace, heard.now), shown, said)


async def edit(heard: Heard) -> Answer:
    """**Edit** of a group."""
    group = SettingsGroup.load(heard.value).group
    return show(await _form(heard, group, page_id(heard)), heard.how)


async def _form(heard: Heard, group: Group, page: str | None) -> Json:
    shown = await heard.read(settings.look, by=heard.actor)
    style = Style(shown.workspace, heard.now)
    return form_view.form(style, EditingSettings(group, page, mark(shown.workspace, group)))


async def ask_reset(heard: Heard) -> Answer:
    """**Reset**: says what it would be, and asks."""
    group = SettingsGroup.load(heard.value).group
    shown = await heard.read(settings.look, by=heard.actor)
    style = Style(shown.workspace, heard.now)
    return show(form_view.reset_form(style, EditingSettings(group, page_id(heard))), heard.how)


async def reset(heard: Heard) -> Answer:
    editing = EditingSettings.load(heard.meta)
    return await heard.write(
        settings.reset,
        editing.group,
        by=heard.actor,
        now=heard.now,
        answer=_shown(heard, editing.page, view.RESET[editing.group]),
    )


async def general_saved(heard: Heard) -> Answer:
    heard.actor.must_administer()
    said = form.settings(heard.values)
    await must_take_cards(heard, said.deals_channel)
    return await _saved(heard, settings.save_general, said)


async def must_take_cards(heard: Heard, channel_id: str | None) -> None:
    """Refuses a deals channel where cards can't stand, read anew."""
    if channel_id is None:
        return
    channel = await heard.services.directory.reread(heard.workspace_id, channel_id)
    if not channel.takes_posts:
        raise Invalid({"deals_channel": "Invite me there first, with /invite @Dealthread."})
    if channel.shared:
        outside = "People from outside are there. Choose another channel."
        raise Invalid({"deals_channel": outside})


async def stages_saved(heard: Heard) -> Answer:
    return await _saved(heard, settings.save_stages, settings_form.stages(heard.values))


async def reasons_saved(heard: Heard) -> Answer:
    return await _saved(heard, settings.save_reasons, settings_form.reasons(heard.values))


async def archiving_saved(heard: Heard) -> Answer:
    return await _saved(heard, settings.save_archiving, settings_form.archiving(heard.values))


async def _saved(heard: Heard, use_case: Callable[..., Settings], said: Any) -> Answer:
    """A form of a group was sent. Where somebody changed the group while it was open, it says so
    and stays as it was filled in: sent again, it replaces that.
    """
    editing = EditingSettings.load(heard.meta)
    try:
        return await heard.write(
            use_case,
            said,
            was=editing.mark,
            by=heard.actor,
            now=heard.now,
            answer=_shown(heard, editing.page, view.SAVED[editing.group]),
        )
    except Conflict as conflict:
        drawn = await _form(heard, editing.group, editing.page)
        notice = f"{conflict.sentence} {AGAIN}"
        return show(inputs.as_sent(drawn, heard.values, notice), "update")


def _shown(heard: Heard, page: str | None, said: str) -> Callable[[Settings], Answer]:
    """The page below the form says that it is done."""
    return lambda shown: done(heard, page, _page(heard, shown, said))


async def channel(heard: Heard) -> Answer:
    """**Edit** of a channel, or one chosen on the page."""
    heard.actor.must_administer()
    chosen = heard.pressed.get("selected_conversation")
    channel_id = str(chosen) if chosen else ChannelId.load(heard.value).id
    if not _CHANNEL.fullmatch(channel_id):
        raise StaleButton
    await heard.services.directory.reread(heard.workspace_id, channel_id)
    return show(await _channel_form(heard, channel_id, page_id(heard)), heard.how)


async def _channel_form(heard: Heard, channel_id: str, page: str | None) -> Json:
    _, now = await heard.read(channel_settings.one, channel_id, by=heard.actor)
    editing = EditingChannel(channel_id, page, now.mark)
    return form_view.channel_form(await heard.style(), now, editing, locale=heard.actor.locale)


async def channel_saved(heard: Heard) -> Answer:
    editing = EditingChannel.load(heard.meta)
    style = await heard.style()
    said = settings_form.channel(heard.values, heard.actor, style.workspace)
    told = f"Saved for <#{editing.channel_id}>."
    try:
        return await heard.write(
            settings.save_channel,
            editing.channel_id,
            said,
            was=editing.mark,
            by=heard.actor,
            answer=_shown(heard, editing.page, told),
        )
    except Conflict as conflict:
        drawn = await _channel_form(heard, editing.channel_id, editing.page)
        notice = f"{conflict.sentence} {AGAIN}"
        return show(inputs.as_sent(drawn, heard.values, notice), "update")
