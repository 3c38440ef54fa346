"""The few pieces that every view is built from, and the checks that the SDK does not make."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    MarkdownTextObject,
    Option,
    OverflowMenuElement,
    PlainTextObject,
    SectionBlock,
    StaticSelectElement,
)

from handlers.ids import Callback
from handlers.payload import Payload
from handlers.views.text import plain

Json = dict[str, Any]

MESSAGE_BLOCKS = 50
MESSAGE_CHARACTERS = 9_000
"""Slack's own limit is not documented: 9,597 characters were taken, 11,341 refused.
https://github.com/slackapi/bolt-js/issues/2509"""
FIELD_CHARACTERS = 2_000
NOTIFICATION_CHARACTERS = 3_000
VIEW_BLOCKS = 100


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted; `text` is what notifications and screen readers say of it."""

    text: str
    blocks: list[Json]

    def __post_init__(self) -> None:
        if not self.text.strip() or len(self.text) > NOTIFICATION_CHARACTERS:
            raise ValueError(f"A message of {len(self.text)} characters for its notification")
        if len(self.blocks) > MESSAGE_BLOCKS:
            raise ValueError(f"A message of {len(self.blocks)} blocks")
        if (size := characters(self.blocks)) > MESSAGE_CHARACTERS:
            raise ValueError(f"A message of {size} characters")
        _check_fields(self.blocks)

    @property
    def payload(self) -> Json:
        return {"text": self.text, "blocks": self.blocks}


def characters(value: Any) -> int:
    """All text that stands in blocks, options of menus included."""
    return sum(len(text) for text in _texts(value))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _check_fields(blocks: list[Json]) -> None:
    for block in blocks:
        for field in block.get("fields", ()):
            if len(field["text"]) > FIELD_CHARACTERS:
                raise ValueError(f"A field of {len(field['text'])} characters")


def mrkdwn(text: str) -> MarkdownTextObject:
    """Verbatim: only what we mark as a link or a mention is one, not what looks like it."""
    return MarkdownTextObject(text=text, verbatim=True)


def words(text: str, most: int) -> PlainTextObject:
    """Plain text as it is, so that a name with `:x:` in it stays that name."""
    return PlainTextObject(text=plain(text, most), emoji=False)


def section(text: str, accessory: Any = None, *, block_id: str | None = None) -> Json:
    block = SectionBlock(text=mrkdwn(text), accessory=accessory, block_id=block_id)
    return _json(block)


def fields(*pairs: tuple[str, str]) -> Json:
    """Facts side by side: a bold noun, and below it what it is."""
    return _json(SectionBlock(fields=[mrkdwn(f"*{noun}*\n{value}") for noun, value in pairs]))


def context(text: str) -> Json:
    return _json(ContextBlock(elements=[mrkdwn(text)]))


def header(text: str) -> Json:
    return _json(HeaderBlock(text=words(text, 150)))


def divider() -> Json:
    return _json(DividerBlock())


def actions(*elements: Any, block_id: str | None = None) -> Json:
    return _json(ActionsBlock(elements=list(elements), block_id=block_id))


def button(
    label: str,
    action_id: str,
    payload: Payload | None = None,
    *,
    style: str | None = None,
    spoken: str | None = None,
) -> ButtonElement:
    """A button; `spoken` is what a screen reader says when the label alone would not do."""
    return ButtonElement(
        text=words(label, 75),
        action_id=action_id,
        value=payload.dump() if payload else None,
        style=style,
        accessibility_label=plain(spoken, 75) if spoken else None,
    )


def option(label: str, value: str, description: str = "") -> Option:
    return Option(
        text=words(label, 75),
        value=value,
        description=words(description, 75) if description else None,
    )


def menu(action_id: str, options: Sequence[Option]) -> OverflowMenuElement | None:
    """The ⋯ of a block, or none when there is nothing to choose."""
    return OverflowMenuElement(action_id=action_id, options=options) if options else None


def select(
    action_id: str, options: Sequence[Option], chosen: str | None, placeholder: str
) -> StaticSelectElement:
    """Slack wants the first choice to be one of the options, to the letter."""
    return StaticSelectElement(
        action_id=action_id,
        options=options,
        initial_option=picked(options, chosen),
        placeholder=words(placeholder, 150),
    )


def picked(options: Sequence[Option], chosen: str | None) -> Option | None:
    return next((one for one in options if one.value == chosen), None)


def modal(
    title: str,
    blocks: Sequence[Json],
    *,
    callback: Callback,
    payload: Payload | None = None,
    submit: str | None = None,
    close: str = "Cancel",
) -> Json:
    if len(blocks) > VIEW_BLOCKS:
        raise ValueError(f"A view of {len(blocks)} blocks")
    _check_fields(list(blocks))
    # Not the SDK's View: it parses blocks anew and loses those that it doesn't know.
    return {
        "type": "modal",
        "callback_id": str(callback),
        "title": _json(words(title, 24)),
        "close": _json(words(close, 24)),
        **({"submit": _json(words(submit, 24))} if submit else {}),
        "private_metadata": payload.dump() if payload else "",
        "blocks": list(blocks),
    }


def tab(blocks: Sequence[Json]) -> Json:
    """The Home of one person."""
    if len(blocks) > VIEW_BLOCKS:
        raise ValueError(f"A view of {len(blocks)} blocks")
    _check_fields(list(blocks))
    return {"type": "home", "blocks": list(blocks)}


def _json(block: Any) -> Json:
    """Plain JSON: the SDK has checked it, and whoever sends it needs no SDK to read it."""
    made: Json = block.to_dict()
    return made
