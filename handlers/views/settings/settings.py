"""The page of the settings: each with its value, what it does and its default."""

from collections.abc import Iterable, Mapping

from slack_sdk.models.blocks import ConversationFilter, ConversationSelectElement

from handlers.ids import Action, Callback
from handlers.settings.ids import ChannelId, SettingsGroup
from handlers.views.blocks import (
    Json,
    actions,
    button,
    context,
    divider,
    modal,
    section,
    words,
)
from handlers.views.text import DOT, Style, clip, listed
from handlers.views.workspace import LOCALES
from store.money import currencies
from store.opportunity.status import STAGES
from store.settings.channels import ChannelSettings, Told
from store.settings.settings import REASONS_MAX, Group, Touched, is_default, stages_of
from store.usecases.card.channels import Channel
from store.usecases.settings.settings import Settings
from store.workspace import Archiving, Workspace

SAVED: Mapping[Group, str] = {
    Group.GENERAL: "Saved. What shows money or days is brought up to date.",
    Group.STAGES: "Saved. Cards and boards are brought up to date in the background.",
    Group.REASONS: "Saved. Deals that are lost keep the reason they have.",
    Group.ARCHIVING: "Saved.",
}
RESET: Mapping[Group, str] = {
    Group.GENERAL: "",
    Group.STAGES: "The stages are as by default. Cards and boards follow in the background.",
    Group.REASONS: "The reasons are as by default. Deals that are lost keep the one they have.",
    Group.ARCHIVING: "Its owner, its creator and admins may archive a deal, as by default.",
}
ARCHIVING: Mapping[Archiving, str] = {
    Archiving.INVOLVED: "Its owner, its creator and admins",
    Archiving.MEMBERS: "Every member",
    Archiving.ADMINS: "Admins only",
}
TOLD: Mapping[Told, str] = {
    Told.OPENED: "Opened",
    Told.MOVED: "Moved to another stage",
    Told.WON: "Won",
    Told.LOST: "Lost",
    Told.PAUSED: "Paused and resumed",
    Told.REOPENED: "Reopened",
    Told.VALUE: "Value changed",
    Told.CLOSE: "Expected close changed",
    Told.OWNER: "Owner changed",
}
_NAMES: Mapping[Group, str] = {
    Group.GENERAL: "General",
    Group.STAGES: "Stages",
    Group.REASONS: "Lost reasons",
    Group.ARCHIVING: "Archiving",
}


def page(style: Style, shown: Settings, said: str = "") -> Json:
    """`said` is what was just done, on top, where it is looked for."""
    blocks = [context(f"✓ {said}")] if said else []
    for group in Group:
        values, explained = _GROUPS[group](style)
        blocks += _group(style, shown.touched, group, values, explained)
    blocks += _channels(style, shown)
    return modal("Settings", blocks, callback=Callback.SETTINGS_PAGE, close="Close")


def _group(
    style: Style,
    touched: Mapping[Group, Touched],
    group: Group,
    values: Iterable[str],
    explained: str,
) -> list[Json]:
    edit = button(
        "Edit", f"{Action.SETTINGS_EDIT}:{group}", SettingsGroup(group), spoken=_edit(group)
    )
    blocks = [section("\n".join([f"*{_NAMES[group]}*", *values]), edit)]
    last = touched.get(group)
    when = style.day(style.local(last.at)) if last else ""
    by = f" Last changed by {style.person(last.by)} on {when}." if last else ""
    blocks.append(context(f"{explained}{by}"))
    if not is_default(style.workspace, group) and group is not Group.GENERAL:
        reset = button(
            "Reset",
            f"{Action.SETTINGS_RESET}:{group}",
            SettingsGroup(group),
            spoken=f"Reset: {_NAMES[group]}",
        )
        blocks.append(actions(reset))
    return [*blocks, divider()]


def _edit(group: Group) -> str:
    return f"Edit: {_NAMES[group]}"


def _general(style: Style) -> tuple[list[str], str]:
    ours = style.workspace
    where = f"<#{ours.deals_channel}>" if ours.deals_channel else "none"
    values = [
        f"Deals channel: {where}",
        f"Currency: {_currency(ours)}",
        f"Time zone: {clip(ours.tz, 60)}",
        f"Amounts and dates: {clip(LOCALES.get(ours.locale, ours.locale), 60)}",
    ]
    return values, (
        "Cards go to the deals channel unless another one is chosen. An amount without a sign is "
        "in the currency. Days begin and end in the time zone. Default: no deals channel; the "
        "rest from the profile of the first person here."
    )


def _currency(ours: Workspace) -> str:
    names = dict(currencies(ours.locale))
    return (
        f"{ours.currency}, {clip(names[ours.currency], 60)}"
        if ours.currency in names
        else ours.currency
    )


def _stages(style: Style) -> tuple[list[str], str]:
    now, first = stages_of(style.workspace), stages_of(Workspace(id=style.workspace.id))
    values = []
    for stage in STAGES:
        one, plain = now[stage], first[stage]
        facts = f"{one.probability}%{DOT}{one.expected_days} days"
        was = [] if one.label == plain.label else [plain.label]
        was += [] if one.probability == plain.probability else [f"{plain.probability}%"]
        was += [] if one.expected_days == plain.expected_days else [f"{plain.expected_days} days"]
        default = f"{DOT}default {', '.join(was)}" if was else ""
        values.append(f"{style.named(stage)}{DOT}{facts}{default}")
    plainly = " These are the defaults." if is_default(style.workspace, Group.STAGES) else ""
    return values, (
        "A deal gets the probability when it enters the stage, from then on; deals that are in it "
        "keep theirs. After the days it turns amber, after twice as many red. Commands know a "
        f"stage by its label, and by its default one.{plainly}"
    )


def _default(style: Style, group: Group, first: str) -> str:
    """What it was at first, unless it is that."""
    return "This is the default." if is_default(style.workspace, group) else f"Default: {first}."


def _reasons(style: Style) -> tuple[list[str], str]:
    reasons = [clip(one, 80) for one in style.workspace.lost_reasons[:REASONS_MAX]]
    first = listed(list(Workspace(id=style.workspace.id).lost_reasons))
    return [", ".join(reasons)], (
        "One of them is chosen when a deal is lost. Other is always there, and needs a note. "
        f"{_default(style, Group.REASONS, first)}"
    )


def _archiving(style: Style) -> tuple[list[str], str]:
    return [ARCHIVING[style.workspace.archiving]], (
        "Who may archive a deal, and restore it. An archived deal is in no list and no total. "
        f"{_default(style, Group.ARCHIVING, ARCHIVING[Archiving.INVOLVED].lower())}"
    )


_GROUPS = {
    Group.GENERAL: _general,
    Group.STAGES: _stages,
    Group.REASONS: _reasons,
    Group.ARCHIVING: _archiving,
}


def _channels(style: Style, shown: Settings) -> list[Json]:
    rows = [_channel(style, channel, settings) for channel, settings in shown.channels]
    more = [context(f"{shown.more} more have cards: choose one below.")] if shown.more else []
    return [
        section("*Channels*"),
        context(
            "A loud win is a message of its own in the channel of its card. Lines of threads go to "
            "the channel too where it asks for them. Default: neither."
        ),
        *rows,
        *more,
        actions(
            ConversationSelectElement(
                action_id=Action.SETTINGS_CHANNEL,
                placeholder=words("Choose a channel", 150),
                filter=ConversationFilter(
                    include=["public", "private"], exclude_external_shared_channels=True
                ),
            )
        ),
    ]


def _channel(style: Style, channel: Channel, settings: ChannelSettings) -> Json:
    edit = button(
        "Edit",
        f"{Action.SETTINGS_CHANNEL}:{channel.id}",
        ChannelId(channel.id),
        spoken=f"Edit: #{channel.name}",
    )
    return section(f"<#{channel.id}>{DOT}{in_words(style, settings)}", edit)


def in_words(style: Style, settings: ChannelSettings) -> str:
    """`loud wins from £10,000 · also in the channel: won, lost`."""
    least = f" from {style.money(settings.threshold)}" if settings.threshold else ""
    loud = f"loud wins{least}" if settings.loud_wins else "no loud wins"
    also = [TOLD[one].lower() for one in Told if one in settings.also]
    return DOT.join([loud, *([f"lines: {', '.join(also)}"] if also else [])])
