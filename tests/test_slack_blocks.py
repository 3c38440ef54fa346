"""The strict Slack's limits on blocks and views, with slackblocks as a second opinion."""

from collections.abc import Callable
from typing import Any

import pytest
import slackblocks as sb

from tests.slack.blocks import check_blocks, check_view, too_long
from tests.slack.errors import Invalid

Json = dict[str, Any]


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def options(count: int) -> list[Json]:
    return [{"text": plain(f"{n}"), "value": f"{n}"} for n in range(count)]


def element(kind: str, **more: Any) -> Json:
    return {"type": kind, "action_id": "a", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def section(words: str = "x", **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}, **more}


def field(inner: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("Name"), "element": inner, **more}


def button(words: str = "Go", **more: Any) -> Json:
    return element("button", text=plain(words), **more)


def valid(blocks: list[Json], surface: str = "message") -> bool:
    try:
        check_blocks(blocks, surface)
    except Invalid:
        return False
    return True


def builds(make: Callable[[], Any]) -> Json | None:
    """What slackblocks builds, or None when it refuses."""
    try:
        return make()._resolve()
    except sb.InvalidUsageError:
        return None


one = [sb.Option(sb.PlainText("0"), "0")]
CASES: dict[str, tuple[Callable[[int], Json], Callable[[int], Any], int]] = {
    "section": (lambda n: section("x" * n), lambda n: sb.SectionBlock("x" * n), 3000),
    "fields": (
        lambda n: {"type": "section", "fields": [plain("x")] * n},
        lambda n: sb.SectionBlock(fields=["x"] * n),
        10,
    ),
    "a field": (
        lambda n: {"type": "section", "fields": [plain("x" * n)]},
        lambda n: sb.SectionBlock(fields=["x" * n]),
        2000,
    ),
    "header": (
        lambda n: {"type": "header", "text": plain("x" * n)},
        lambda n: sb.HeaderBlock("x" * n),
        150,
    ),
    "context": (
        lambda n: {"type": "context", "elements": [plain("x")] * n},
        lambda n: sb.ContextBlock([sb.Text("x")] * n),
        10,
    ),
    "actions": (
        lambda n: actions(*(button() | {"action_id": f"{i}"} for i in range(n))),
        lambda n: sb.ActionsBlock([sb.Button("Go", f"{i}") for i in range(n)]),
        25,
    ),
    "button text": (
        lambda n: actions(button("x" * n)),
        lambda n: sb.ActionsBlock([sb.Button("x" * n, "a")]),
        75,
    ),
    "button value": (
        lambda n: actions(button(value="x" * n)),
        lambda n: sb.ActionsBlock([sb.Button("x", "a", value="x" * n)]),
        2000,
    ),
    "action_id": (
        lambda n: actions(button() | {"action_id": "x" * n}),
        lambda n: sb.ActionsBlock([sb.Button("x", "x" * n)]),
        255,
    ),
    "block_id": (
        lambda n: section(block_id="x" * n),
        lambda n: sb.SectionBlock("x", block_id="x" * n),
        255,
    ),
    "overflow": (
        lambda n: actions(element("overflow", options=options(n))),
        lambda n: sb.ActionsBlock(
            [sb.OverflowMenu("a", [sb.Option(sb.PlainText(f"{i}"), f"{i}") for i in range(n)])]
        ),
        5,
    ),
    "select": (
        lambda n: actions(element("static_select", options=options(n))),
        lambda n: sb.ActionsBlock(
            [sb.StaticSelectMenu("a", [sb.Option(sb.PlainText(f"{i}"), f"{i}") for i in range(n)])]
        ),
        100,
    ),
    "checkboxes": (
        lambda n: actions(element("checkboxes", options=options(n))),
        lambda n: sb.ActionsBlock(
            [sb.CheckboxGroup("a", [sb.Option(sb.PlainText(f"{i}"), f"{i}") for i in range(n)])]
        ),
        10,
    ),
    "radio": (
        lambda n: actions(element("radio_buttons", options=options(n))),
        lambda n: sb.ActionsBlock(
            [sb.RadioButtonGroup("a", [sb.Option(sb.PlainText(f"{i}"), f"{i}") for i in range(n)])]
        ),
        10,
    ),
    "option text": (
        lambda n: actions(element("overflow", options=[{"text": plain("x" * n), "value": "v"}])),
        lambda n: sb.ActionsBlock([sb.OverflowMenu("a", [sb.Option(sb.PlainText("x" * n), "v")])]),
        75,
    ),
    "option value": (
        lambda n: actions(element("overflow", options=[{"text": plain("x"), "value": "v" * n}])),
        lambda n: sb.ActionsBlock([sb.OverflowMenu("a", [sb.Option(sb.PlainText("x"), "v" * n)])]),
        150,
    ),
    "placeholder": (
        lambda n: actions(element("static_select", options=options(1), placeholder=plain("x" * n))),
        lambda n: sb.ActionsBlock(
            [sb.StaticSelectMenu("a", one, placeholder=sb.PlainText("x" * n))]
        ),
        150,
    ),
    "label": (
        lambda n: field(element("plain_text_input")) | {"label": plain("x" * n)},
        lambda n: sb.InputBlock("x" * n, sb.PlainTextInput("a")),
        2000,
    ),
    "hint": (
        lambda n: field(element("plain_text_input"), hint=plain("x" * n)),
        lambda n: sb.InputBlock("x", sb.PlainTextInput("a"), hint="x" * n),
        2000,
    ),
    "alt_text": (
        lambda n: {"type": "image", "image_url": "https://x", "alt_text": "x" * n},
        lambda n: sb.ImageBlock("https://x", "x" * n),
        2000,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_limits_are_the_ones_that_slackblocks_knows(name: str) -> None:
    ours, theirs, limit = CASES[name]
    for size, fits in ((1, True), (limit, True), (limit + 1, False)):
        assert valid([ours(size)]) is fits, (name, size)
        built = builds(lambda size=size: theirs(size))
        assert (built is not None) is fits, (name, size, "slackblocks")
        assert built is None or valid([built]), (name, size, "what slackblocks builds")


def test_confirmations_are_limited_as_slackblocks_limits_them() -> None:
    limits = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
    for name, limit in limits.items():
        for size in (limit, limit + 1):
            words = dict.fromkeys(limits, "x") | {name: "x" * size}
            ours = button(confirm={key: plain(text) for key, text in words.items()})
            assert valid([actions(ours)]) is (size == limit)
            made = builds(lambda words=words: sb.ConfirmationDialogue(**words))
            assert (made is not None) is (size == limit)


REFUSED: dict[str, tuple[list[Json], str]] = {
    "unknown block": ([{"type": "banner"}], "message"),
    "not a block": ([None], "message"),
    "empty text": ([section("")], "message"),
    "mrkdwn header": ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "message"),
    "emoji on mrkdwn": (
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}],
        "message",
    ),
    "section with nothing": ([{"type": "section"}], "message"),
    "unknown field": ([section(colour="red")], "message"),
    "51 blocks": ([section()] * 51, "message"),
    "101 blocks": ([section()] * 101, "modal"),
    "the same block_id": ([section(block_id="b")] * 2, "message"),
    "the same action_id": ([actions(button(), button())], "message"),
    "markdown in a modal": ([{"type": "markdown", "text": "x"}], "modal"),
    "alert in a message": ([{"type": "alert", "text": plain("x")}], "message"),
    "an input element in actions": ([actions(element("plain_text_input"))], "message"),
    "a button in an input": ([field(button())], "modal"),
    "number in a message": (
        [field(element("number_input", is_decimal_allowed=False))],
        "message",
    ),
    "number without decimals said": ([field(element("number_input"))], "modal"),
    "date and time on Home": ([actions(element("datetimepicker"))], "home"),
    "a date that is none": ([actions(element("datepicker", initial_date="30 Nov"))], "message"),
    "initial option of others": (
        [
            actions(
                element(
                    "static_select",
                    options=options(2),
                    initial_option={"text": plain("1"), "value": "other"},
                )
            )
        ],
        "message",
    ),
    "initial option with other emoji": (
        [
            actions(
                element(
                    "radio_buttons",
                    options=options(2),
                    initial_option={"text": plain("1") | {"emoji": True}, "value": "1"},
                )
            )
        ],
        "message",
    ),
    "no options": ([actions(element("static_select", options=[]))], "message"),
    "mrkdwn option": (
        [
            actions(
                element(
                    "overflow",
                    options=[{"text": {"type": "mrkdwn", "text": "x"}, "value": "x"}],
                )
            )
        ],
        "message",
    ),
    "empty button value": ([actions(button(value=""))], "message"),
    "purple button": ([actions(button(style="purple"))], "message"),
    "placeholder on a button": ([actions(button(placeholder=plain("x")))], "message"),
    "initial value too long": (
        [field(element("plain_text_input", max_length=2, initial_value="xxx"))],
        "modal",
    ),
    "two in focus": (
        [
            field(element("plain_text_input", focus_on_load=True)),
            field(element("plain_text_input", focus_on_load=True)),
        ],
        "modal",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_slack_refuses_is_refused(name: str) -> None:
    blocks, surface = REFUSED[name]
    assert not valid(blocks, surface)


def test_the_same_action_id_may_stand_in_several_blocks() -> None:
    # Slack asks for unique action_ids within the containing block only: rows share their menu's.
    assert valid([section(accessory=button()), section(accessory=button())])


def view(**more: Any) -> Json:
    return {"type": "modal", "title": plain("T"), "blocks": [section()], **more}


@pytest.mark.parametrize(
    ("more", "fits"),
    [
        ({}, True),
        ({"title": plain("x" * 24)}, True),
        ({"title": plain("x" * 25)}, False),
        ({"submit": plain("x" * 25)}, False),
        ({"close": plain("x" * 25)}, False),
        ({"private_metadata": "x" * 3000}, True),
        ({"private_metadata": "x" * 3001}, False),
        ({"callback_id": "x" * 256}, False),
        ({"external_id": "x" * 256}, False),
        ({"blocks": []}, False),
        ({"blocks": [field(element("plain_text_input"))]}, False),
        ({"blocks": [field(element("plain_text_input"))], "submit": plain("Save")}, True),
        ({"type": "home"}, False),
        ({"colour": "red"}, False),
    ],
)
def test_views_are_limited(more: Json, *, fits: bool) -> None:
    try:
        check_view(view(**more), "modal")
    except Invalid:
        assert not fits
    else:
        assert fits


def test_all_text_of_a_message_is_added_up() -> None:
    assert not too_long([section("x" * 191)] * 50)
    assert too_long([section("x" * 251)] * 45)
