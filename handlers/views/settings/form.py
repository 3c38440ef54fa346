"""The forms of the settings: one for each group, one for a channel, and the question of a reset."""

from collections.abc import Callable, Mapping

from handlers.ids import Callback
from handlers.settings.ids import EditingChannel, EditingSettings
from handlers.views.blocks import Json, context, modal, option, section
from handlers.views.inputs import field, radio, ticks, typed
from handlers.views.opportunity.opportunity import AMOUNT_HINT
from handlers.views.settings.settings import ARCHIVING, TOLD
from handlers.views.text import Style, listed, plain
from handlers.views.workspace import general_fields
from store.money import editable_money
from store.settings.channels import ChannelSettings, Told
from store.settings.settings import LABEL_MAX, Group, stages_of
from store.workspace import OTHER, Archiving, Workspace

LOUD = "loud"


def form(style: Style, editing: EditingSettings) -> Json:
    title, callback, fields = _FORMS[editing.group]
    return modal(title, fields(style), callback=callback, payload=editing, submit="Save")


def _stages(style: Style) -> list[Json]:
    blocks = [
        context(
            f"Labels have at most {LABEL_MAX} characters. A probability is for deals that enter "
            "the stage from now on: those in it keep theirs. Days change colours at once."
        )
    ]
    for stage, one in stages_of(style.workspace).items():
        label = typed(f"label_{stage}", one.label)
        chance = typed(f"probability_{stage}", str(one.probability))
        days = typed(f"days_{stage}", str(one.expected_days))
        blocks += [
            field(f"label_{stage}", f"{stage.label}: label", label, required=True),
            field(f"probability_{stage}", f"{stage.label}: probability, %", chance, required=True),
            field(f"days_{stage}", f"{stage.label}: expected days", days, required=True),
        ]
    return blocks


def _reasons(style: Style) -> list[Json]:
    own = [one for one in style.workspace.lost_reasons if one != OTHER]
    between = "\n" if any("," in one for one in own) else ", "
    element = typed("reasons", between.join(own), lines=True)
    hint = f"With commas between, or one a line. {OTHER} comes last by itself, and needs a note."
    said = "Deals that are lost keep the reason they have."
    return [field("reasons", "Reasons", element, hint=hint, required=True), context(said)]


def _archiving(style: Style) -> list[Json]:
    options = [option(label, who) for who, label in ARCHIVING.items()]
    chosen = radio("archiving", options, style.workspace.archiving)
    return [field("archiving", "Who may archive deals", chosen, required=True)]


_FORMS: Mapping[Group, tuple[str, Callback, Callable[[Style], list[Json]]]] = {
    Group.GENERAL: ("General", Callback.SETTINGS_GENERAL, general_fields),
    Group.STAGES: ("Stages", Callback.SETTINGS_STAGES, _stages),
    Group.REASONS: ("Lost reasons", Callback.SETTINGS_REASONS, _reasons),
    Group.ARCHIVING: ("Archiving", Callback.SETTINGS_ARCHIVING, _archiving),
}


def reset_form(style: Style, editing: EditingSettings) -> Json:
    """What a group would be again."""
    return modal(
        f"Reset: {_FORMS[editing.group][0]}",
        [section("\n".join(_at_first(style, editing.group)))],
        callback=Callback.SETTINGS_RESET,
        payload=editing,
        submit="Reset",
        close="Keep",
    )


def _at_first(style: Style, group: Group) -> list[str]:
    plainly = Workspace(id=style.workspace.id)
    match group:
        case Group.STAGES:
            rows = [
                f"{one.label}, {one.probability}%, {one.expected_days} days"
                for one in stages_of(plainly).values()
            ]
            return ["The stages will be again:", *rows]
        case Group.REASONS:
            return [f"The reasons will again be {listed(list(plainly.lost_reasons))}."]
        case Group.ARCHIVING:
            who = ARCHIVING[Archiving.INVOLVED].lower()
            return [f"Then {who} may archive a deal again."]
        case Group.GENERAL:
            return ["These are as they were chosen."]


def channel_form(
    style: Style, now: ChannelSettings, editing: EditingChannel, *, locale: str
) -> Json:
    """`locale` is the person's own: amounts are written by it."""
    currency = style.workspace.currency
    least = now.threshold
    written = editable_money(least, currency=currency, locale=locale) if least else ""
    loud = ticks("loud_wins", [option("Post each win", LOUD)], [LOUD] if now.loud_wins else [])
    also = ticks("also", [option(TOLD[one], one) for one in Told], [*now.also])
    return modal(
        "Channel",
        [
            section(f"What <#{editing.channel_id}> hears of, besides cards and their threads."),
            field(
                "loud_wins",
                "Loud wins",
                loud,
                hint="A message for all, two minutes after, unless it was undone by then.",
            ),
            field(
                "threshold",
                "Loud wins from",
                typed("threshold", written),
                hint=f"{plain(AMOUNT_HINT, 80)} Empty: each win. "
                "A win in another currency can't be compared, and is posted.",
            ),
            field("also", "Lines that also go to the channel", also),
        ],
        callback=Callback.SETTINGS_CHANNEL,
        payload=editing,
        submit="Save",
    )
