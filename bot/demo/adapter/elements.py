"""Block Kit's elements by what a person does with them: choose one, choose several, type, press."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.demo.adapter.text import Json, label

# Where each element keeps its answer in `state.values` and in an action.
SINGLE = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
}
MULTI = {
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}
TYPED = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}
DATES = {"datepicker": "selected_date"}
BUTTONS = {"button", "workflow_button"}
EXTERNAL = {"external_select", "multi_external_select"}
INTERACTIVE = {*SINGLE, *MULTI, *TYPED, *DATES, *BUTTONS, "overflow", "rich_text_input"}

# What the bot is told was chosen: its own option object, or an id.
Stored = Json | str
Key = tuple[str, str]


@dataclass(frozen=True)
class Choice:
    text: str
    stored: Stored


@dataclass(frozen=True)
class Lists:
    """What selects without options of their own choose from, in one person's place."""

    tz: str = "Europe/London"
    people: Sequence[tuple[str, str]] = ()
    channels: Sequence[tuple[str, str]] = ()
    here: str | None = None
    answered: Mapping[Key, Sequence[Json]] = field(default_factory=dict)


def kind(element: Json) -> str:
    return str(element.get("type", ""))


def choices(element: Json, key: Key, lists: Lists) -> list[Choice]:
    name = kind(element)
    if name.endswith("users_select"):
        return [Choice(text, user) for user, text in lists.people]
    if name.endswith(("conversations_select", "channels_select")):
        return [Choice("#" + text, channel) for channel, text in lists.channels]
    if name in EXTERNAL:
        return [Choice(_option_text(option), option) for option in lists.answered.get(key, ())]
    return [Choice(text, option) for text, option in _own_options(element)]


def _own_options(element: Json) -> list[tuple[str, Json]]:
    options = [(_option_text(option), option) for option in element.get("options") or ()]
    for group in element.get("option_groups") or ():
        options += [(_option_text(one), one) for one in group.get("options") or ()]
    return options


def _option_text(option: Json) -> str:
    return label(option.get("text"), str(option.get("value", "")))


def initial(element: Json, lists: Lists) -> list[Stored]:
    """What the bot chose beforehand, as a list of none, one or several."""
    name = kind(element)
    answer = {**SINGLE, **MULTI}.get(name)
    if answer is None:
        return []
    found = element.get(answer.replace("selected_", "initial_"))
    if found is None and element.get("default_to_current_conversation") and lists.here:
        found = lists.here
    if not found:
        return []
    return list(found) if isinstance(found, list) else [found]


def initial_text(element: Json) -> str:
    for name in ("initial_value", "initial_time", "initial_date", "initial_date_time"):
        if element.get(name) is not None:
            return str(element[name])
    return ""


def same(one: Stored, other: Stored) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.get("value") == other.get("value")
    return one == other


def stored_text(stored: Stored, among: Sequence[Choice]) -> str:
    for choice in among:
        if same(choice.stored, stored):
            return choice.text
    return _option_text(stored) if isinstance(stored, dict) else stored


def answer(element: Json, chosen: Sequence[Stored]) -> Json:
    """The state of a choosing element, in the shape of its own type."""
    name = kind(element)
    if name in MULTI:
        return {"type": name, MULTI[name]: list(chosen)}
    key = "selected_option" if name == "overflow" else SINGLE[name]
    return {"type": name, key: chosen[0] if chosen else None}


def text_answer(element: Json, text: str | int | None) -> Json:
    name = kind(element)
    if name == "rich_text_input":
        return {"type": name, "rich_text_value": _as_rich_text(text) if text else None}
    return {"type": name, {**TYPED, **DATES}[name]: text or None}


def _as_rich_text(text: str | int) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(text)}]}
    return {"type": "rich_text", "elements": [section]}


def first_state(element: Json, lists: Lists) -> Json | None:
    """What `state.values` says of an element that nobody has touched."""
    name = kind(element)
    if name in SINGLE or name in MULTI:
        return answer(element, initial(element, lists))
    if name in TYPED or name in DATES:
        text: str | int = initial_text(element)
        return text_answer(element, int(text) if text and name == "datetimepicker" else text)
    return text_answer(element, None) if name == "rich_text_input" else None


def chosen_in(state: Json | None) -> list[Stored]:
    """The other way: what a state says is chosen."""
    for name, value in (state or {}).items():
        if name.startswith("selected_") and value:
            return list(value) if isinstance(value, list) else [value]
    return []


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of one block."""
    found: list[Json] = []
    match block.get("type"):
        case "input":
            found = [block.get("element") or {}]
        case "section":
            found = [block.get("accessory") or {}]
        case "actions":
            found = list(block.get("elements") or ())
    return [element for element in found if kind(element) in INTERACTIVE]


def with_ids(blocks: Sequence[Json]) -> list[Json]:
    """The blocks with a block_id and action_ids everywhere, as Slack gives them."""
    whole = []
    for number, block in enumerate(blocks):
        whole.append({**block, "block_id": block.get("block_id") or f"block{number}"})
        for spot in ("element", "accessory"):
            if isinstance(block.get(spot), dict):
                whole[-1][spot] = {"action_id": f"action{number}", **block[spot]}
        if block.get("type") == "actions":
            whole[-1]["elements"] = [
                {"action_id": f"action{number}.{place}", **element}
                for place, element in enumerate(block.get("elements") or ())
            ]
    return whole


def first_states(blocks: Sequence[Json], lists: Lists) -> dict[str, Json]:
    values: dict[str, Json] = {}
    for block in blocks:
        for element in elements_of(block):
            state = first_state(element, lists)
            if state is not None:
                values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values
