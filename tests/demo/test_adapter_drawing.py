"""Message blocks drawn for local-slack, and what a press on them means."""

from typing import Any

from bot.demo.adapter.drawing import Control, draw, pressed_action
from bot.demo.adapter.elements import Lists, first_states, with_ids
from bot.demo.adapter.messages import _attached, _within

Json = dict[str, Any]
LISTS = Lists(people=[("U1", "Alice"), ("U2", "Bob")])


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def option(value: str) -> Json:
    return {"text": plain(value.title()), "value": value}


def drawn(element: Json) -> tuple[Json, Control]:
    block = {"type": "actions", "block_id": "b", "elements": [{"action_id": "a", **element}]}
    found = draw([block], LISTS)
    (control,) = found.controls.values()
    shown: Json = found.blocks[0]["elements"][0]
    return shown, control


def chosen(number: int) -> Json:
    return {"selected_option": {"value": str(number)}, "action_ts": "1.0"}


def test_each_drawing_has_new_block_ids_and_the_press_has_the_bots() -> None:
    block = {
        "type": "actions",
        "block_id": "b",
        "elements": [{"type": "button", "text": plain("x")}],
    }
    first, second = draw([block], LISTS), draw([block], LISTS)
    assert first.blocks[0]["block_id"] != second.blocks[0]["block_id"]
    (control,) = first.controls.values()
    action = pressed_action(control, {"action_ts": "1.0"})
    assert action is not None
    assert (action["block_id"], action["type"]) == ("b", "button")


def test_checkboxes_toggle() -> None:
    options = [option("one"), option("two")]
    element = {"type": "checkboxes", "options": options, "initial_options": [options[0]]}
    shown, control = drawn(element)
    assert [one["text"]["text"] for one in shown["options"]] == ["✓ One", "Two"]
    added = pressed_action(control, chosen(1))
    assert added is not None
    assert added["selected_options"] == options
    taken = pressed_action(control, chosen(0))
    assert taken is not None
    assert taken["selected_options"] == []


def test_users_and_times_become_static() -> None:
    shown, control = drawn({"type": "users_select", "initial_user": "U2"})
    assert (shown["type"], shown["placeholder"]["text"]) == ("static_select", "Bob")
    action = pressed_action(control, chosen(0))
    assert action is not None
    assert action["selected_user"] == "U1"
    shown, control = drawn({"type": "timepicker", "initial_time": "09:30"})
    assert shown["placeholder"]["text"] == "09:30"
    action = pressed_action(control, chosen(0))
    assert action is not None
    assert action["selected_time"] == "00:00"


def test_a_menu_that_is_set_back_tells_nothing() -> None:
    _, control = drawn({"type": "overflow", "options": [option("one")]})
    assert pressed_action(control, {"selected_option": None}) is None
    assert pressed_action(control, {"selected_option": {"value": ""}}) is None
    assert pressed_action(control, chosen(9)) is None


def test_options_of_groups_stand_in_one_list() -> None:
    groups = [{"label": plain("Open"), "options": [option("lead")]}]
    shown, _ = drawn({"type": "static_select", "option_groups": groups})
    assert shown["options"][0]["text"]["text"] == "Lead"


def test_blocks_that_local_slack_lacks_are_still_read() -> None:
    span = {"type": "rich_text_section", "elements": [{"type": "text", "text": "hi"}]}
    link = {"type": "button", "text": plain("Card"), "url": "https://a.example/", "action_id": "l"}
    blocks = draw(
        [
            {"type": "rich_text", "elements": [span]},
            {"type": "video"},
            {"type": "actions", "elements": [link]},
            {"type": "input", "label": plain("Who"), "element": {"type": "users_select"}},
            {"type": "input", "label": plain("Why"), "element": {"type": "plain_text_input"}},
        ],
        LISTS,
    ).blocks
    kinds = [block["type"] for block in blocks]
    assert kinds == ["section", "context", "actions", "context", "section", "context"]
    assert blocks[3]["elements"][0]["text"] == "<https://a.example/|Card>"
    assert blocks[4]["accessory"]["type"] == "static_select"


def test_state_is_what_was_chosen_beforehand() -> None:
    element = {"type": "static_select", "options": [option("one")], "initial_option": option("one")}
    blocks = with_ids([{"type": "section", "text": plain("x"), "accessory": element}])
    assert first_states(blocks, LISTS) == {
        "block0": {"action0": {"type": "static_select", "selected_option": option("one")}}
    }


def test_attachments_stand_below() -> None:
    assert _attached({"text": "hi", "attachments": [{"fallback": "there"}]}) == [
        {"type": "section", "text": {"type": "mrkdwn", "text": "hi"}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "there"}},
    ]


def test_history_has_slacks_bounds() -> None:
    assert not _within({"ts": "1.0"}, {"oldest": "1.0"})
    assert _within({"ts": "1.0"}, {"oldest": "1.0", "inclusive": "1"})
    assert not _within({"ts": "2.0", "subtype": "ephemeral"}, {})
    assert _within({"ts": "1.0"}, {"oldest": "2.0", "ts": "1.0"})
