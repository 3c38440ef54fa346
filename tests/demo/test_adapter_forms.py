"""Forms drawn for local-slack, and their answers read back."""

from typing import Any

import pytest

from bot.demo.adapter.answers import best_option, read, typed_search
from bot.demo.adapter.elements import Lists
from bot.demo.adapter.forms import Form, draw_form

Json = dict[str, Any]
LISTS = Lists(
    people=[("U1", "Alice Anderson"), ("U2", "Bob Brown")],
    channels=[("C1", "deals")],
    here="C1",
    answered={("b", "a"): [{"text": {"type": "plain_text", "text": "Jane"}, "value": "7"}]},
)


def option(value: str) -> Json:
    return {"text": {"type": "plain_text", "text": value.title()}, "value": value}


def drawn(element: Json, *, optional: bool = False, kept: Json | None = None) -> Form:
    label = {"type": "plain_text", "text": "Field"}
    block = {"type": "input", "block_id": "b", "label": label, "optional": optional}
    body = {"blocks": [{**block, "element": {"action_id": "a", **element}}]}
    return draw_form(body, LISTS, kept)


def answered(form: Form, **sent: Json) -> Json:
    values = {name.replace("_", "#"): {"answer": value} for name, value in sent.items()}
    state: Json = read(form, values, "Europe/London").values["b"]["a"]
    return state


def shown(form: Form, place: int = 0) -> Json:
    element: Json = form.blocks[place]["element"]
    return element


OPTIONS = [option("lead"), option("quoting"), option("closing"), option("won")]


def test_a_chosen_option_stands_in_the_placeholder() -> None:
    form = drawn({"type": "static_select", "options": OPTIONS, "initial_option": option("won")})
    assert shown(form)["placeholder"]["text"] == "Won"
    assert [one["text"]["text"] for one in shown(form)["options"]] == ["Lead", "Quoting", "Closing"]
    assert answered(form)["selected_option"] == option("won")
    chosen = answered(form, b={"selected_option": {"value": "1"}})
    assert chosen == {"type": "static_select", "selected_option": option("quoting")}


def test_an_optional_choice_can_be_taken_back() -> None:
    form = drawn({"type": "users_select", "initial_user": "U2"}, optional=True)
    assert shown(form)["placeholder"]["text"] == "Bob Brown"
    none = answered(form, b={"selected_option": {"value": "none"}})
    assert none == {"type": "users_select", "selected_user": None}


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ({"type": "users_select"}, {"selected_user": "U1"}),
        ({"type": "conversations_select"}, {"selected_conversation": "C1"}),
        ({"type": "channels_select"}, {"selected_channel": "C1"}),
        ({"type": "external_select", "min_query_length": 0}, {"selected_option": None}),
        ({"type": "radio_buttons", "options": OPTIONS}, {"selected_option": option("lead")}),
    ],
)
def test_each_select_answers_as_its_own_type(element: Json, expected: Json) -> None:
    if expected == {"selected_option": None}:
        expected = {"selected_option": LISTS.answered["b", "a"][0]}
    state = answered(drawn(element), b={"selected_option": {"value": "0"}})
    assert state == {"type": element["type"], **expected}


def test_the_current_conversation_is_chosen_when_asked() -> None:
    form = drawn({"type": "conversations_select", "default_to_current_conversation": True})
    assert shown(form)["placeholder"]["text"] == "#deals"
    assert answered(form)["selected_conversation"] == "C1"


def test_few_ticked_boxes_are_asked_one_by_one() -> None:
    boxes = {"type": "checkboxes", "options": OPTIONS[:2], "initial_options": [OPTIONS[0]]}
    form = drawn(boxes, optional=True)
    assert [shown(form, place)["placeholder"]["text"] for place in (0, 1)] == ["Yes", "No"]
    assert answered(form)["selected_options"] == [OPTIONS[0]]
    flipped = {"selected_option": {"value": "0"}}
    assert answered(form, b_0=flipped, b_1=flipped)["selected_options"] == [OPTIONS[1]]


def test_many_boxes_say_what_is_ticked_now() -> None:
    boxes = {"type": "multi_static_select", "options": OPTIONS, "initial_options": [OPTIONS[3]]}
    form = drawn(boxes)
    assert form.blocks[0]["hint"]["text"] == "Now: Won. Tick nothing to keep that."
    assert answered(form)["selected_options"] == [OPTIONS[3]]
    ticked = {"selected_options": [{"value": "0"}, {"value": "2"}]}
    assert answered(form, b=ticked)["selected_options"] == [OPTIONS[0], OPTIONS[2]]


@pytest.mark.parametrize(
    ("element", "typed", "state"),
    [
        ("plain_text_input", " a ", {"value": " a "}),
        ("plain_text_input", "", {"value": None}),
        ("number_input", "12.5", {"value": "12.5"}),
        ("timepicker", "9:05", {"selected_time": "09:05"}),
        ("datetimepicker", "2026-11-23 14:02", {"selected_date_time": 1795442520}),
    ],
)
def test_typed_fields(element: str, typed: str, state: Json) -> None:
    found = answered(drawn({"type": element}, optional=True), b={"value": typed})
    assert found == {"type": element, **state}


@pytest.mark.parametrize(
    ("element", "typed", "error"),
    [
        ("number_input", "ten", "Write a number."),
        ("timepicker", "25:00", "Write a time like 15:00."),
        ("datetimepicker", "soon", "Write a date and time like 2026-11-30 15:00."),
        ("plain_text_input", "  ", "Please complete this required field."),
    ],
)
def test_mistyped_fields_say_what_would_be_right(element: str, typed: str, error: str) -> None:
    values = {"b": {"answer": {"value": typed}}}
    assert read(drawn({"type": element}), values, "Europe/London").errors == {"b": error}


def test_dates_stay_as_they_were_or_are_cleared() -> None:
    form = drawn({"type": "datepicker", "initial_date": "2026-11-30"}, optional=True)
    assert answered(form)["selected_date"] == "2026-11-30"
    assert answered(form, b={"selected_date": ""})["selected_date"] is None


def test_a_form_drawn_anew_keeps_what_was_answered() -> None:
    kept = {"b": {"a": {"type": "plain_text_input", "value": "typed"}}}
    assert shown(drawn({"type": "plain_text_input", "initial_value": "x"}, kept=kept)) == {
        "type": "plain_text_input",
        "initial_value": "typed",
        "action_id": "answer",
    }


def test_typing_beside_an_external_select_searches() -> None:
    form = drawn({"type": "external_select"})
    assert [block["label"]["text"] for block in form.blocks] == ["Field", "Or type a field"]
    sent = {"b#typed": {"answer": {"value": " jane "}}}
    assert typed_search(form.fields[0], sent) == "jane"
    assert read(form, sent, "Europe/London").errors == {}


@pytest.mark.parametrize(
    ("typed", "offered", "best"),
    [
        ("jane", ["Create jane", "Jane"], "Jane"),
        ("jane", ["Create jane", "Jane Doe"], "Jane Doe"),
        ("ja", ["Create ja", "Jane Doe", "Jack"], "Create ja"),
        ("acme", ['Create "acme"', "Jane Doe, Acme Ltd"], "Jane Doe, Acme Ltd"),
        ("zed", ['Create "zed"', "Ned"], 'Create "zed"'),
        ("zed", [], None),
    ],
)
def test_the_best_option_is_what_a_person_would_choose(
    typed: str, offered: list[str], best: str | None
) -> None:
    options = [{"text": {"text": text}, "value": text} for text in offered]
    found = best_option(options, typed)
    assert (found or {}).get("value") == best


def test_a_button_inside_a_form_is_pressed_by_submitting() -> None:
    press = {"type": "button", "text": {"type": "plain_text", "text": "Next"}, "action_id": "next"}
    form = draw_form({"blocks": [{"type": "actions", "elements": [press]}]}, LISTS)
    (name,) = form.presses
    sent = {name: {"answer": {"selected_option": {"value": "0"}}}}
    pressed = read(form, sent, "Europe/London").pressed
    assert pressed is not None
    assert pressed.element["action_id"] == "next"
    assert read(form, {}, "Europe/London").pressed is None
