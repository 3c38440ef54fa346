"""The workspace: what Dealthread is, its help, and the form that sets it up."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from slack_sdk.models.blocks import Option, OptionGroup, StaticSelectElement

from handlers.ids import Action, Callback, Origin
from handlers.views.blocks import (
    Json,
    Message,
    actions,
    button,
    context,
    modal,
    option,
    picked,
    section,
    words,
)
from handlers.views.inputs import channel, chosen, field
from handlers.views.tabs import packed
from handlers.views.text import Style, clip, sentence
from store.money import currencies
from store.workspace import Workspace
from store.zones import zones

_REGIONS = {
    *("Africa", "America", "Antarctica", "Asia", "Atlantic"),
    *("Australia", "Europe", "Indian", "Pacific"),
}
_GROUP = 100
"""Options in one group of a select, by Slack's limit."""

LOCALES = {
    "en_GB": "English, UK: £12,000.50",
    "en_US": "English, US: $12,000.50",
    "en_AU": "English, Australia",
    "en_CA": "English, Canada",
    "en_IN": "English, India",
    "de_DE": "Deutsch: 12.000,50 €",
    "de_CH": "Deutsch, Schweiz",
    "fr_FR": "Français: 12 000,50 €",
    "es_ES": "Español: 12.000,50 €",
    "it_IT": "Italiano",
    "nl_NL": "Nederlands",
    "pl_PL": "Polski",
    "pt_BR": "Português, Brasil",
    "pt_PT": "Português, Portugal",
    "sv_SE": "Svenska",
    "ja_JP": "日本語",
}
"""How amounts and dates are written; whatever the workspace has is offered besides."""


def welcome(style: Style, *, admin: bool) -> Message:
    """`/dealthread`: what it is, and what comes first."""
    text = (
        "*Dealthread* keeps your deals in Slack.\n"
        "Each opportunity is one message, its card. What happens to it is in the card's thread."
    )
    start = "`/opp new` opens a deal. `/pipeline` shows them all."
    buttons: list[Any] = [button("Help", Action.WORKSPACE_HELP)]
    if admin and style.workspace.set_up:
        buttons.insert(0, button("Settings", Action.WORKSPACE_SETTINGS))
    elif admin:
        buttons.insert(0, button("Set up", Action.WORKSPACE_SETUP, style="primary"))
    return Message(
        "Dealthread keeps your deals in Slack.",
        [section(text), section(start), context(_settled(style)), actions(*buttons)],
    )


def _settled(style: Style) -> str:
    ours = style.workspace
    where = f"<#{ours.deals_channel}>" if ours.deals_channel else "No deals channel yet"
    guess = "" if ours.set_up else " · not set up yet"
    return f"{where} · {ours.currency} · {clip(ours.tz, 60)}{guess}"


def help_message(rows: Sequence[tuple[str, str]]) -> Message:
    """Each row a command as it is written, and what it does."""
    return understood("What Dealthread understands", rows)


def understood(title: str, rows: Sequence[tuple[str, str]]) -> Message:
    lines = [f"`{clip(usage, 80)}` {sentence(meaning)}" for usage, meaning in rows]
    return Message(title, [section(f"*{title}*"), *packed(lines)])


def setup_form(style: Style, origin: Origin, *, tz: str | None = None) -> Json:
    """What comes first; `tz` is the guess from the admin's profile."""
    return modal(
        "Set up Dealthread",
        general_fields(style, tz=tz),
        callback=Callback.WORKSPACE_SAVE,
        payload=origin,
        submit="Save",
    )


def general_fields(style: Style, *, tz: str | None = None) -> list[Json]:
    """Where, in which currency, and by which clock; `tz` as above, until it was set up."""
    ours = style.workspace
    where = channel("deals_channel", ours.deals_channel)
    zone = ours.tz if ours.set_up or not tz else tz
    return [
        field("deals_channel", "Deals channel", where, hint="Where cards go by default."),
        field("currency", "Currency", _currency(ours), required=True),
        field("tz", "Time zone", _zone(zone), required=True),
        field("locale", "Amounts and dates", _locale(ours), required=True),
    ]


def _currency(ours: Workspace) -> Any:
    known = currencies(ours.locale)
    options = [option(f"{code}, {name}", code) for code, name in known]
    return _grouped("currency", {"Currencies": options}, ours.currency)


def _zone(tz: str) -> Any:
    return _grouped("tz", _zones(), tz)


@lru_cache(maxsize=1)
def _zones() -> dict[str, list[Option]]:
    """By continent; the names from before there were continents are left to those who have them."""
    regions: dict[str, list[Option]] = {"World": [option("UTC", "UTC")]}
    for zone in sorted(zones()):
        region = zone.partition("/")[0]
        if region in _REGIONS and "/" in zone:
            regions.setdefault(region, []).append(option(zone.replace("_", " "), zone))
    return regions


def _grouped(name: str, groups: Mapping[str, list[Option]], value: str) -> StaticSelectElement:
    """A long list with headings, found by typing; a value that nobody listed comes first."""
    initial = picked([one for options in groups.values() for one in options], value)
    unlisted = {} if initial else {"Now": [option(value, value)]}
    return StaticSelectElement(
        action_id=name,
        placeholder=words("Choose one", 150),
        option_groups=[
            OptionGroup(
                label=words(label if start == 0 else f"{label}, continued", 75), options=part
            )
            for label, options in {**unlisted, **groups}.items()
            for start, part in _parts(options)
        ],
        initial_option=initial or unlisted["Now"][0],
    )


def _parts(options: list[Option]) -> Iterator[tuple[int, list[Option]]]:
    for start in range(0, len(options), _GROUP):
        yield start, options[start : start + _GROUP]


def _locale(ours: Workspace) -> Any:
    known = LOCALES if ours.locale in LOCALES else {ours.locale: ours.locale, **LOCALES}
    return chosen("locale", [option(label, code) for code, label in known.items()], ours.locale)
