"""A view with a submit button as a modal that local-slack can show (answers.py reads it back).

Local-slack's modals know one-line text, select, radio buttons, checkboxes and dates; they show no
chosen option beforehand and send nothing before the submission. So what is chosen beforehand stands
in the placeholder, what is untouched keeps it, and a button inside a form becomes a choice that is
pressed by submitting.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.demo.adapter.drawing import draw
from bot.demo.adapter.elements import (
    BUTTONS,
    DATES,
    EXTERNAL,
    MULTI,
    SINGLE,
    Choice,
    Lists,
    Stored,
    choices,
    chosen_in,
    elements_of,
    initial,
    initial_text,
    kind,
    same,
    stored_text,
    with_ids,
)
from bot.demo.adapter.text import Json, label

ACTION = "answer"
NONE = "none"
_FEW = 3
_EXAMPLES = {
    "timepicker": "A time, like 15:00.",
    "datetimepicker": "A date and time, like 2026-11-30 15:00.",
    "number_input": "A number.",
}


@dataclass(frozen=True)
class Field:
    block_id: str
    element: Json
    label: str
    optional: bool
    hint: str = ""
    among: tuple[Choice, ...] = ()
    before: tuple[Stored, ...] = ()
    before_text: str = ""

    def sub(self, part: object) -> str:
        return f"{self.block_id}#{part}"


@dataclass(frozen=True)
class Press:
    """A button or menu inside a form, as one of the choices of an extra select."""

    block_id: str
    element: Json
    text: str
    stored: Stored | None = None


@dataclass
class Form:
    blocks: list[Json] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)
    presses: dict[str, list[Press]] = field(default_factory=dict)

    def label_of(self, block_id: str) -> str:
        return next((one.label for one in self.fields if one.block_id == block_id), block_id)


def draw_form(body: Json, lists: Lists, kept: Json | None = None) -> Form:
    """The form for local-slack; `kept` is what was answered before the form was drawn anew."""
    form = Form()
    for block in with_ids(body.get("blocks") or ()):
        if block.get("type") == "input":
            asked = _field(block, lists, kept or {})
            form.fields.append(asked)
            form.blocks += _inputs(asked)
        else:
            _other(form, block, lists)
    return form


def _other(form: Form, block: Json, lists: Lists) -> None:
    presses = [press for one in elements_of(block) for press in _presses(block, one, lists)]
    bare = {name: part for name, part in block.items() if not (presses and name == "accessory")}
    if block.get("type") != "actions":
        form.blocks += draw([bare], lists).blocks
    if presses:
        name = f"{block['block_id']}#press"
        form.presses[name] = presses
        texts = [press.text for press in presses]
        form.blocks.append(_input(name, "Or, instead of saving", _select(texts, "Choose")))


def _presses(block: Json, element: Json, lists: Lists) -> list[Press]:
    block_id = block["block_id"]
    if kind(element) in BUTTONS:
        return [Press(block_id, element, label(element.get("text"), "Open"))]
    return [
        Press(block_id, element, choice.text, choice.stored)
        for choice in choices(element, (block_id, element["action_id"]), lists)
    ]


def _field(block: Json, lists: Lists, kept: Json) -> Field:
    element = block.get("element") or {}
    key = (block["block_id"], element["action_id"])
    asked = Field(
        block_id=key[0],
        element=element,
        label=label(block.get("label"), key[0]),
        optional=bool(block.get("optional")),
        hint=label(block.get("hint")),
        among=tuple(choices(element, key, lists)),
        before=tuple(initial(element, lists)),
        before_text=_initial_text(element, lists),
    )
    state = kept.get(key[0], {}).get(key[1])
    if state is None or state.get("type") != kind(element):
        return asked
    typed = next((str(value) for name, value in state.items() if name != "type" and value), "")
    return replace(asked, before=tuple(chosen_in(state)), before_text=typed)


def _initial_text(element: Json, lists: Lists) -> str:
    text = initial_text(element)
    if kind(element) == "datetimepicker" and text:
        return f"{datetime.fromtimestamp(int(text), ZoneInfo(lists.tz)):%Y-%m-%d %H:%M}"
    return text


def _inputs(asked: Field) -> list[Json]:
    name = kind(asked.element)
    hint = " ".join(part for part in (asked.hint, _EXAMPLES.get(name, "")) if part)
    if name == "radio_buttons" and not asked.before:
        return [_input(asked.block_id, asked.label, _boxes("radio_buttons", asked), hint)]
    if name in MULTI:
        return _several(asked, hint)
    if name in EXTERNAL:
        return _external(asked, hint)
    if name in SINGLE:
        return [_input(asked.block_id, asked.label, _choice(asked), hint)]
    if name in DATES:
        date = {"type": "datepicker"} | _given("initial_date", asked.before_text)
        return [_input(asked.block_id, asked.label, date, hint)]
    return [_input(asked.block_id, asked.label, _line(asked), hint)]


def _external(asked: Field, hint: str) -> list[Json]:
    """A select of what the bot offers for nothing typed, and a line to type what else to find."""
    shown = [_input(asked.block_id, asked.label, _choice(asked), hint)]
    noun = asked.label.lower()
    other = f"Or type {'an' if noun.startswith(tuple('aeiou')) else 'a'} {noun}"
    words = other if asked.among or asked.before else asked.label
    typed = _input(asked.sub("typed"), words, {"type": "plain_text_input"})
    return [*shown, typed] if asked.among or asked.before else [typed]


def _several(asked: Field, hint: str) -> list[Json]:
    if not asked.before:
        return [_input(asked.block_id, asked.label, _boxes("checkboxes", asked), hint)]
    if len(asked.among) <= _FEW:
        return [
            _input(asked.sub(number), choice.text, _yes_no(asked, choice), hint)
            for number, choice in enumerate(asked.among)
        ]
    now = ", ".join(stored_text(one, asked.among) for one in asked.before)
    told = f"{hint} Now: {now}. Tick nothing to keep that.".strip()
    return [_input(asked.block_id, asked.label, _boxes("checkboxes", asked), told)]


def _yes_no(asked: Field, choice: Choice) -> Json:
    ticked = any(same(choice.stored, one) for one in asked.before)
    return _select(["No" if ticked else "Yes"], "Yes" if ticked else "No")


def _choice(asked: Field) -> Json:
    """A select whose placeholder is what was chosen beforehand."""
    now = [stored_text(one, asked.among) for one in asked.before]
    placeholder = ", ".join(now) or label(asked.element.get("placeholder"), "Choose")
    texts = [
        None if any(same(choice.stored, one) for one in asked.before) else choice.text
        for choice in asked.among
    ]
    select = _select(texts, placeholder)
    if now and asked.optional:
        select["options"].append(_option("None", NONE))
    return select


def _select(texts: Sequence[str | None], placeholder: str) -> Json:
    options = [_option(text, str(place)) for place, text in enumerate(texts) if text is not None]
    return {
        "type": "static_select",
        "placeholder": {"type": "plain_text", "text": placeholder},
        "options": options,
    }


def _boxes(name: str, asked: Field) -> Json:
    options = [_option(choice.text, str(place)) for place, choice in enumerate(asked.among)]
    return {"type": name, "options": options}


def _option(text: str, value: str) -> Json:
    return {"text": {"type": "plain_text", "text": text}, "value": value}


def _line(asked: Field) -> Json:
    placeholder = asked.element.get("placeholder")
    line: Json = {"type": "plain_text_input"} | _given("initial_value", asked.before_text)
    return line | ({"placeholder": placeholder} if placeholder else {})


def _given(name: str, text: str) -> Json:
    return {name: text} if text else {}


def _input(block_id: str, name: str, element: Json, hint: str = "") -> Json:
    block = {
        "type": "input",
        "block_id": block_id,
        "label": {"type": "plain_text", "text": name},
        "element": element | {"action_id": ACTION},
    }
    return block | ({"hint": {"type": "plain_text", "text": hint}} if hint else {})
