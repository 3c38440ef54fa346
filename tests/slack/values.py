"""What a person has entered or chosen in an element, as Slack reports it."""

import datetime as dt
import re
from typing import Any

from tests.slack.elements import TYPED, choices

Json = dict[str, Any]

_KEYS = {
    **dict.fromkeys(sorted(TYPED), ("value", "initial_value")),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "file_input": ("files", ""),
}


def keeps_state(element: Json) -> bool:
    return element["type"] in _KEYS


def is_many(element: Json) -> bool:
    return element["type"].startswith("multi_") or element["type"] in {"checkboxes", "file_input"}


def initial(element: Json, current_channel: str | None = None) -> Json:
    key, first = _KEYS[element["type"]]
    value = element.get(first, [] if is_many(element) else None)
    if value is None and element.get("default_to_current_conversation"):
        value = current_channel
    return {"type": element["type"], key: value}


def entered(element: Json, value: Any) -> Json:
    return {"type": element["type"], _KEYS[element["type"]][0]: value}


def current(state: Json) -> Any:
    return state[_KEYS[state["type"]][0]]


def is_empty(state: Json) -> bool:
    return current(state) in (None, "", [])


def complaint(element: Json, state: Json, *, optional: bool) -> str | None:
    """Why Slack's client would not submit this value: it checks these by itself."""
    if is_empty(state):
        return None if optional else "please complete this required field"
    value, kind = str(current(state)), element["type"]
    if kind == "number_input":
        pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
        if not re.fullmatch(pattern, value):
            return "please enter a number"
        low, high = (float(element.get(f"{end}_value", value)) for end in ("min", "max"))
        return None if low <= float(value) <= high else "out of range"
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "please enter a valid email address"
    if kind == "url_text_input" and not re.match(r"https?://\S+$", value):
        return "please enter a valid URL"
    return "too short" if len(value) < element.get("min_length", 0) else None


def label(option: Json) -> str:
    return str(option["text"]["text"])


def option_named(options: list[Json], words: str, what: str) -> Json:
    """The option that reads so: exactly, else the only one that contains the words."""
    exact = [o for o in options if label(o) == words]
    found = exact or [o for o in options if words in label(o)]
    if len(found) == 1 or exact:
        return found[0]
    there = " · ".join(label(o) for o in options) or "nothing"
    raise AssertionError(f"{what} offers no one option {words!r}; it offers: {there}")


def chosen(element: Json, wanted: Any, offered: list[Json], what: str) -> Any:
    """Turn what a test says (a label, a person, a channel, a date) into Slack's value."""
    if wanted is None:
        return [] if is_many(element) else None
    if is_many(element):
        many = wanted if isinstance(wanted, list | tuple | set) else [wanted]
        return [_one(element, one, offered, what) for one in many]
    return _one(element, wanted, offered, what)


def _one(element: Json, wanted: Any, offered: list[Json], what: str) -> Any:
    kind = element["type"]
    if "external" in kind:
        return option_named(offered, wanted, what)
    if kind.endswith("static_select") or kind in {"radio_buttons", "checkboxes"}:
        return option_named(choices(element), wanted, what)
    if kind.endswith(("users_select", "conversations_select", "channels_select")):
        return wanted if isinstance(wanted, str) else wanted.id
    if kind == "datepicker":
        return dt.date.fromisoformat(str(wanted)).isoformat()
    if kind == "timepicker":
        return dt.time.fromisoformat(str(wanted)).strftime("%H:%M")
    if kind == "datetimepicker":
        return int(wanted)
    raise AssertionError(f"{what} is a {kind}: fill it, don't choose")
