"""The limits of block elements and composition objects, each with where it was broken."""

import re
from collections.abc import Callable
from typing import Any

from tests.slack.errors import Invalid

Json = dict[str, Any]

SELECTS = {
    f"{prefix}{kind}_select"
    for prefix in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
}
CHOICES = SELECTS | {"radio_buttons", "checkboxes", "overflow"}
TYPED = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
PICKERS = {"datepicker", "timepicker", "datetimepicker"}
IN_SECTION = CHOICES | {"button", "image", "datepicker", "timepicker", "workflow_button"}
IN_ACTIONS = (CHOICES | PICKERS | {"button", "workflow_button", "rich_text_input"}) - {"image"}
IN_INPUT = (
    SELECTS | TYPED | PICKERS | {"radio_buttons", "checkboxes", "rich_text_input", "file_input"}
)
MODAL_ONLY = {"email_text_input", "url_text_input", "number_input", "file_input"}


def size(value: Any, low: int, high: int, where: str) -> None:
    if not isinstance(value, str):
        raise Invalid("must be a string", where)
    if len(value) < low:
        raise Invalid(f"must be more than {low - 1} characters", where)
    if len(value) > high:
        raise Invalid(f"must be less than {high + 1} characters", where)


def count(value: Any, low: int, high: int, where: str) -> None:
    if not isinstance(value, list):
        raise Invalid("must be a list", where)
    if len(value) < low:
        raise Invalid(f"no fewer than {low} items allowed", where)
    if len(value) > high:
        raise Invalid(f"no more than {high} items allowed", where)


def keys(value: Any, allowed: set[str], where: str) -> None:
    if not isinstance(value, dict):
        raise Invalid("must be an object", where)
    if extra := sorted(set(value) - allowed):
        raise Invalid(f"invalid additional property: {extra[0]}", where)


def text(value: Any, high: int, where: str, *, plain: bool = False) -> None:
    keys(value, {"type", "text", "emoji", "verbatim"}, where)
    kind = value.get("type")
    if kind not in {"plain_text", "mrkdwn"}:
        raise Invalid(f"unsupported type: {kind}", f"{where}/type")
    if plain and kind != "plain_text":
        raise Invalid("must be plain_text", f"{where}/type")
    if ("emoji" in value and kind != "plain_text") or ("verbatim" in value and kind != "mrkdwn"):
        raise Invalid("emoji belongs to plain_text, verbatim to mrkdwn", where)
    size(value.get("text"), 1, high, f"{where}/text")


def confirm(value: Any, where: str) -> None:
    keys(value, {"title", "text", "confirm", "deny", "style"}, where)
    text(value.get("title"), 100, f"{where}/title", plain=True)
    text(value.get("text"), 300, f"{where}/text")
    text(value.get("confirm"), 30, f"{where}/confirm", plain=True)
    text(value.get("deny"), 30, f"{where}/deny", plain=True)
    style(value, where)


def style(value: Json, where: str) -> None:
    if value.get("style", "primary") not in {"primary", "danger"}:
        raise Invalid("must be primary or danger", f"{where}/style")


def option(value: Any, where: str, *, kind: str = "static_select") -> None:
    overflow, rich = kind == "overflow", kind in {"radio_buttons", "checkboxes"}
    keys(value, {"text", "value", "description"} | ({"url"} if overflow else set()), where)
    text(value.get("text"), 75, f"{where}/text", plain=not rich)
    size(value.get("value"), 1, 150, f"{where}/value")
    if "description" in value:
        text(value["description"], 75, f"{where}/description", plain=not rich)
    if "url" in value:
        size(value["url"], 1, 3000, f"{where}/url")


def options(value: Any, where: str, kind: str, low: int, high: int) -> None:
    count(value, low, high, where)
    for index, one in enumerate(value):
        option(one, f"{where}/{index}", kind=kind)


def groups(value: Any, where: str) -> None:
    count(value, 1, 100, where)
    for index, one in enumerate(value):
        here = f"{where}/{index}"
        keys(one, {"label", "options"}, here)
        text(one.get("label"), 75, f"{here}/label", plain=True)
        options(one.get("options"), f"{here}/options", "static_select", 1, 100)


def choices(element: Json) -> list[Json]:
    """All options of an element, those of its groups included."""
    grouped = element.get("option_groups") or ()
    return [*(element.get("options") or ()), *(o for g in grouped for o in g["options"])]


def _initial(element: Json, where: str, *, known: bool) -> None:
    chosen = element.get("initial_options", [])
    if "initial_options" in element:
        count(chosen, 1, 100, f"{where}/initial_options")
    if "initial_option" in element:
        chosen = [element["initial_option"]]
    for one in chosen:
        option(one, f"{where}/initial_option", kind=element["type"])
        if known and one not in choices(element):
            raise Invalid("initial_option must equal one of the options exactly", where)


def _static(element: Json, where: str) -> None:
    if ("options" in element) == ("option_groups" in element):
        raise Invalid("either options or option_groups", where)
    if "options" in element:
        options(element["options"], f"{where}/options", "static_select", 1, 100)
    else:
        groups(element["option_groups"], f"{where}/option_groups")
    _initial(element, where, known=True)


def _external(element: Json, where: str) -> None:
    if not 0 <= element.get("min_query_length", 3) <= 3000:
        raise Invalid("min_query_length out of range", where)
    _initial(element, where, known=False)


def _ids(element: Json, where: str) -> None:
    for name in element:
        if name.startswith("initial_") and not re.fullmatch(
            r"[UWCGD][A-Z0-9]{5,}", "".join(element[name][:1] if name[-1] == "s" else element[name])
        ):
            raise Invalid("must be an id", f"{where}/{name}")


def _listed(high: int) -> Callable[[Json, str], None]:
    def check(element: Json, where: str) -> None:
        low = 1
        options(element.get("options"), f"{where}/options", element["type"], low, high)
        _initial(element, where, known=True)

    return check


def _button(element: Json, where: str) -> None:
    text(element.get("text"), 75, f"{where}/text", plain=True)
    style(element, where)
    for name, high in (("value", 2000), ("url", 3000), ("accessibility_label", 75)):
        if name in element:
            size(element[name], 1, high, f"{where}/{name}")


def _typed(element: Json, where: str) -> None:
    low, high = element.get("min_length", 0), element.get("max_length", 3000)
    if not (0 <= low <= 3000 and 1 <= high <= 3000 and low <= high):
        raise Invalid("min_length or max_length out of range", where)
    if "initial_value" in element:
        size(element["initial_value"], low, high, f"{where}/initial_value")


def _number(element: Json, where: str) -> None:
    if not isinstance(element.get("is_decimal_allowed"), bool):
        raise Invalid("missing required field: is_decimal_allowed", where)
    for name in ("initial_value", "min_value", "max_value"):
        if name in element and not re.fullmatch(r"-?\d+(\.\d+)?", str(element[name])):
            raise Invalid("must be a number, as a string", f"{where}/{name}")


def _matching(name: str, pattern: str) -> Callable[[Json, str], None]:
    def check(element: Json, where: str) -> None:
        if name in element and not re.fullmatch(pattern, str(element[name])):
            raise Invalid(f"must match {pattern}", f"{where}/{name}")

    return check


def _image(element: Json, where: str) -> None:
    size(element.get("alt_text"), 1, 2000, f"{where}/alt_text")
    size(element.get("image_url"), 1, 3000, f"{where}/image_url")


def _nothing(_element: Json, _where: str) -> None: ...


def _files(element: Json, where: str) -> None:
    if not 1 <= element.get("max_files", 10) <= 10:
        raise Invalid("max_files out of range", where)


_DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_STATIC = {"options", "option_groups"}
_ONE, _MANY = {"initial_option"}, {"initial_options", "max_selected_items"}
_CONVERSATION = {"default_to_current_conversation", "response_url_enabled", "filter"}
_CHECKS: dict[str, tuple[Callable[[Json, str], None], set[str]]] = {
    "button": (_button, {"text", "url", "value", "style", "accessibility_label"}),
    "image": (_image, {"alt_text", "image_url"}),
    "static_select": (_static, _STATIC | _ONE),
    "multi_static_select": (_static, _STATIC | _MANY),
    "external_select": (_external, _ONE | {"min_query_length"}),
    "multi_external_select": (_external, _MANY | {"min_query_length"}),
    "users_select": (_ids, {"initial_user"}),
    "multi_users_select": (_ids, {"initial_users", "max_selected_items"}),
    "conversations_select": (_ids, {"initial_conversation"} | _CONVERSATION),
    "multi_conversations_select": (
        _ids,
        {"initial_conversations", "max_selected_items", "filter", *_CONVERSATION},
    ),
    "channels_select": (_ids, {"initial_channel", "response_url_enabled"}),
    "multi_channels_select": (_ids, {"initial_channels", "max_selected_items"}),
    "overflow": (_listed(5), {"options"}),
    "radio_buttons": (_listed(10), {"options", "initial_option"}),
    "checkboxes": (_listed(10), {"options", "initial_options"}),
    "plain_text_input": (_typed, {"initial_value", "multiline", "min_length", "max_length"}),
    "email_text_input": (_typed, {"initial_value"}),
    "url_text_input": (_typed, {"initial_value"}),
    "number_input": (_number, {"initial_value", "min_value", "max_value", "is_decimal_allowed"}),
    "datepicker": (_matching("initial_date", _DATE), {"initial_date"}),
    "timepicker": (
        _matching("initial_time", r"([01]\d|2[0-3]):[0-5]\d"),
        {"initial_time", "timezone"},
    ),
    "datetimepicker": (_matching("initial_date_time", r"\d{10}"), {"initial_date_time"}),
    "rich_text_input": (_nothing, {"initial_value", "min_lines", "max_lines"}),
    "file_input": (_files, {"filetypes", "max_files"}),
}


_HELD = SELECTS | TYPED | PICKERS | {"rich_text_input"}


def _allowed(kind: str) -> set[str]:
    """The fields that an element of a kind may have."""
    fields = {"type"} | _CHECKS[kind][1]
    if kind != "image":
        fields.add("action_id")
    if kind in CHOICES | PICKERS | {"button"}:
        fields.add("confirm")
    if kind in (_HELD | CHOICES) - {"overflow"}:
        fields.add("focus_on_load")
    if kind in _HELD - {"datetimepicker"}:
        fields.add("placeholder")
    if kind in TYPED | {"rich_text_input"}:
        fields.add("dispatch_action_config")
    return fields


_ALLOWED = {kind: _allowed(kind) for kind in _CHECKS}


def check(element: Any, where: str, allowed: set[str], surface: str) -> None:
    """Check one element that stands in a block where only `allowed` types may stand."""
    if not isinstance(element, dict):
        raise Invalid("must be an object", where)
    kind = element.get("type")
    if kind not in _CHECKS or kind not in allowed:
        raise Invalid(f"unsupported type: {kind}", f"{where}/type")
    if kind in MODAL_ONLY and surface != "modal":
        raise Invalid(f"{kind} stands in modals only", where)
    if kind == "datetimepicker" and surface == "home":
        raise Invalid("datetimepicker does not stand on Home", where)
    keys(element, _ALLOWED[kind], where)
    if "action_id" in element:
        size(element["action_id"], 1, 255, f"{where}/action_id")
    if "placeholder" in element:
        text(element["placeholder"], 150, f"{where}/placeholder", plain=True)
    if "confirm" in element:
        confirm(element["confirm"], f"{where}/confirm")
    if element.get("max_selected_items", 1) < 1:
        raise Invalid("max_selected_items must be at least 1", where)
    _CHECKS[kind][0](element, where)
