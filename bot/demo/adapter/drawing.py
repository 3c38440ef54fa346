"""Blocks of messages, pages and the Home as local-slack can draw them, and what a press on the
drawing means to the bot.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

from bot.demo.adapter.elements import (
    BUTTONS,
    DATES,
    INTERACTIVE,
    MULTI,
    SINGLE,
    Choice,
    Key,
    Lists,
    Stored,
    answer,
    choices,
    chosen_in,
    elements_of,
    initial,
    initial_text,
    kind,
    same,
    stored_text,
    text_answer,
    with_ids,
)
from bot.demo.adapter.text import Json, label, readable, rich_text, text_object

_HALF_HOURS = [f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in range(0, 1440, 30)]
_round = count(1)


@dataclass(frozen=True)
class Control:
    """One drawn element: the bot's own, and what its drawn options stand for."""

    block_id: str
    element: Json
    among: tuple[Choice, ...] = ()
    before: tuple[Stored, ...] = ()


@dataclass
class Drawn:
    blocks: list[Json] = field(default_factory=list)
    controls: dict[Key, Control] = field(default_factory=dict)


def draw(blocks: Sequence[Json], lists: Lists, state: Json | None = None) -> Drawn:
    """Draw message blocks. Each drawing has new block ids, or the browser would keep showing the
    last choice in a menu.
    """
    drawn = Drawn()
    suffix = f"~{next(_round)}"
    for block in with_ids(blocks):
        for part in _parts(block, lists):
            shown = {**part, "block_id": f"{block['block_id']}{suffix}.{len(drawn.blocks)}"}
            drawn.blocks.append(_interactive(shown, block, drawn, lists, state or {}))
    return drawn


def _parts(block: Json, lists: Lists) -> list[Json]:
    """One block as the one or two that local-slack knows."""
    parts = _PARTS.get(str(block.get("type")))
    if parts is None:
        return [_note(f"A {block.get('type')} block stands here in Slack.")]
    return parts(block, lists)


def _header(block: Json, lists: Lists) -> list[Json]:
    return [{"type": "header", "text": text_object(block.get("text"), lists.tz)}]


def _actions(block: Json, _: Lists) -> list[Json]:
    links = [element for element in block["elements"] if element.get("url")]
    return [block, *([_links(links)] if links else [])]


def _rich_text(block: Json, lists: Lists) -> list[Json]:
    return [_mrkdwn(rich_text(block), lists)]


def _markdown(block: Json, lists: Lists) -> list[Json]:
    return [_mrkdwn(str(block.get("text", "")).replace("**", "*"), lists)]


def _image(block: Json, lists: Lists) -> list[Json]:
    return [block | {"title": text_object(block.get("title"), lists.tz)}]


def _divider(block: Json, _: Lists) -> list[Json]:
    return [block]


def _section(block: Json, lists: Lists) -> list[Json]:
    section: Json = {"type": "section", "text": text_object(block.get("text"), lists.tz)}
    if block.get("fields"):
        section["fields"] = [text_object(one, lists.tz) for one in block["fields"]]
    if block.get("accessory"):
        section["accessory"] = block["accessory"]
    return [{name: part for name, part in section.items() if part}]


def _context(block: Json, lists: Lists) -> list[Json]:
    elements = [
        element if element.get("type") == "image" else text_object(element, lists.tz)
        for element in block.get("elements") or ()
    ]
    return [{"type": "context", "elements": elements}]


def _input(block: Json, lists: Lists) -> list[Json]:
    """An input outside a form: its label, and beside it what can be chosen."""
    element = block.get("element") or {}
    name = label(block.get("label"))
    if kind(element) in SINGLE or kind(element) in MULTI or kind(element) in DATES:
        return [_mrkdwn(f"*{name}*", lists) | {"accessory": element}]
    return [_note(f"{name}: typing here works in Slack, not in this demo.")]


def _mrkdwn(text: str, lists: Lists) -> Json:
    shown = readable(text, lists.tz) or " "
    return {"type": "section", "text": {"type": "mrkdwn", "text": shown}}


def _note(text: str) -> Json:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": f"_{text}_"}]}


def _links(elements: list[Json]) -> Json:
    """Buttons that open an address only send their press here, so the address stands below."""
    links = [f"<{one['url']}|{label(one.get('text'), 'Open')}>" for one in elements]
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": " · ".join(links)}]}


_PARTS: dict[str, Callable[[Json, Lists], list[Json]]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "rich_text": _rich_text,
    "markdown": _markdown,
    "input": _input,
    "image": _image,
    "divider": _divider,
}


def _interactive(shown: Json, block: Json, drawn: Drawn, lists: Lists, state: Json) -> Json:
    if not elements_of(shown):
        return shown

    def pressed(element: Json) -> Json:
        if kind(element) not in INTERACTIVE:
            return element
        key = (block["block_id"], element["action_id"])
        control = _control(key, element, lists, state)
        drawn.controls[shown["block_id"], element["action_id"]] = control
        return _element(control)

    if shown["type"] == "actions":
        return shown | {"elements": [pressed(element) for element in shown["elements"]]}
    return shown | {"accessory": pressed(shown["accessory"])}


def _control(key: Key, element: Json, lists: Lists, state: Json) -> Control:
    among = tuple(choices(element, key, lists))
    if kind(element) == "timepicker":
        among = tuple(Choice(time, time) for time in _HALF_HOURS)
    kept = state.get(key[0], {}).get(key[1])
    before = chosen_in(kept) if kept else initial(element, lists)
    if kind(element) == "timepicker" and not before and initial_text(element):
        before = [initial_text(element)]
    return Control(key[0], element, among, tuple(before))


def _element(control: Control) -> Json:
    element = control.element
    drawn: Json = {"action_id": element["action_id"]}
    if kind(element) in BUTTONS:
        text = {"type": "plain_text", "text": label(element.get("text"), "Open")}
        style = {"style": element["style"]} if element.get("style") else {}
        return drawn | {"type": "button", "text": text, "value": element.get("value")} | style
    if kind(element) in DATES:
        return drawn | {"type": "datepicker"}
    if kind(element) == "overflow":
        return drawn | {"type": "overflow", "options": _options(control, "")}
    several = kind(element) in MULTI
    return drawn | {
        "type": "static_select",
        "placeholder": {"type": "plain_text", "text": _now_chosen(control)},
        "options": _options(control, "✓ " if several else None),
    }


def _now_chosen(control: Control) -> str:
    """Local-slack shows no initial option, but it shows the placeholder in its place."""
    texts = [stored_text(one, control.among) for one in control.before]
    return ", ".join(texts) or label(control.element.get("placeholder"), "Choose")


def _options(control: Control, tick: str | None) -> list[Json]:
    """The options by their number; without a `tick`, what is chosen is the placeholder."""
    options = []
    for number, choice in enumerate(control.among):
        chosen = any(same(choice.stored, one) for one in control.before)
        if chosen and tick is None:
            continue
        text = f"{tick if chosen and tick else ''}{choice.text}"
        options.append({"text": {"type": "plain_text", "text": text}, "value": str(number)})
    return options


def pressed_action(control: Control, sent: Json) -> Json | None:
    """What the bot is told for a press; None when nothing was chosen (a menu that was reset)."""
    element = control.element
    base = {
        "type": kind(element),
        "action_id": element["action_id"],
        "block_id": control.block_id,
        "action_ts": sent.get("action_ts"),
    }
    if kind(element) in BUTTONS:
        value = {"value": element["value"]} if "value" in element else {}
        return base | {"text": element.get("text")} | value
    if kind(element) in DATES:
        return base | text_answer(element, sent.get("selected_date"))
    number = str((sent.get("selected_option") or {}).get("value") or "")
    if not number.isdecimal() or int(number) >= len(control.among):
        return None
    stored = control.among[int(number)].stored
    if kind(element) == "timepicker":
        return base | text_answer(element, str(stored))
    return base | answer(element, _toggled(control, stored))


def _toggled(control: Control, stored: Stored) -> list[Stored]:
    if kind(control.element) not in MULTI:
        return [stored]
    rest = [one for one in control.before if not same(one, stored)]
    return rest if len(rest) < len(control.before) else [*rest, stored]
