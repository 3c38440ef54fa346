"""What a person reads: the plain text of messages and views, and the labels of their buttons."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from tests.slack import values
from tests.slack.elements import choices
from tests.slack.world import Message, Workspace

Json = dict[str, Any]

_TOKEN = re.compile(r"<([^<>]+)>")
_BOLD = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
_ITALIC = re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])")


def unescape(words: str) -> str:
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _token(inner: str, team: Workspace | None) -> str:
    target, bar, label = inner.partition("|")
    if target[0] == "@" and team and target[1:] in team.users:
        return "@" + team.users[target[1:]].real_name
    if target[0] == "#" and team and target[1:] in team.channels:
        return "#" + team.channels[target[1:]].name
    if target[0] == "!":
        return label if target.startswith("!date") else "@" + target[1:]
    return label if bar else target


def mrkdwn(words: str, team: Workspace | None = None) -> str:
    """Render mrkdwn as a reader sees it; strikes keep their tildes, for they say something."""
    words = _TOKEN.sub(lambda match: _token(match[1], team), words)
    words = _ITALIC.sub(r"\1", _BOLD.sub(r"\1", words)).replace("`", "")
    return unescape(words)


def of_text(value: Json | None, team: Workspace | None = None) -> str:
    if not value:
        return ""
    return mrkdwn(value["text"], team) if value["type"] == "mrkdwn" else value["text"]


def of_element(element: Json, team: Workspace | None = None) -> str:
    kind = element["type"]
    if kind == "button":
        return f"[{of_text(element['text'])}]"
    if kind == "overflow":
        return f"⋯({' · '.join(map(values.label, element['options']))})"
    if kind == "image":
        return f"({element['alt_text']})"
    if kind in {"radio_buttons", "checkboxes"}:
        return " ".join(f"( ) {of_text(o['text'], team)}" for o in element["options"])
    shown = of_text(element.get("placeholder")) or kind
    if "initial_option" in element:
        shown = values.label(element["initial_option"])
    return f"[{shown} ▾]"


def _rich(part: Json, team: Workspace | None) -> str:
    leaf = _LEAVES.get(part["type"])
    if leaf is not None:
        return leaf(part, team)
    joint = "\n" if part["type"] in {"rich_text", "rich_text_list"} else ""
    return joint.join(_rich(one, team) for one in part.get("elements", ()))


_Read = Callable[[Json, Workspace | None], str]
_LEAVES: dict[str, _Read] = {
    "text": lambda part, _team: part["text"],
    "link": lambda part, _team: part.get("text", part["url"]),
    "user": lambda part, team: mrkdwn(f"<@{part['user_id']}>", team),
    "channel": lambda part, team: mrkdwn(f"<#{part['channel_id']}>", team),
    "emoji": lambda part, _team: f":{part['name']}:",
    "broadcast": lambda part, _team: f"@{part['range']}",
    "date": lambda part, _team: str(part.get("fallback", part["timestamp"])),
}


def _section(block: Json, team: Workspace | None) -> str:
    said = [of_text(block.get("text"), team)]
    said += [of_text(field, team) for field in block.get("fields", ())]
    if "accessory" in block:
        said.append(of_element(block["accessory"], team))
    return "\n".join(filter(None, said))


def _context(block: Json, team: Workspace | None) -> str:
    parts = block["elements"]
    return " ".join(
        of_element(one, team) if one["type"] == "image" else of_text(one, team) for one in parts
    )


def _input(block: Json, _team: Workspace | None) -> str:
    shown = [of_text(block["label"]) + ":", of_element(block["element"])]
    return " ".join([*shown, of_text(block.get("hint"))]).rstrip()


_BLOCKS: dict[str, _Read] = {
    "section": _section,
    "header": lambda block, team: of_text(block["text"], team),
    "alert": lambda block, team: of_text(block["text"], team),
    "context": _context,
    "actions": lambda block, team: " ".join(of_element(e, team) for e in block["elements"]),
    "input": _input,
    "rich_text": _rich,
    "markdown": lambda block, _team: block["text"],
    "image": lambda block, _team: f"({block['alt_text']})",
}


def of_block(block: Json, team: Workspace | None = None) -> str:
    """The text of one block, its buttons in brackets."""
    read = _BLOCKS.get(block["type"])
    return read(block, team) if read else ""


def of_blocks(blocks: Iterable[Json], team: Workspace | None = None) -> str:
    return "\n".join(filter(None, (of_block(block, team) for block in blocks)))


def text(shown: Any) -> str:
    """What a person sees of a message or a view: all its blocks, buttons in brackets."""
    if isinstance(shown, Message):
        team = shown.channel.team
        return of_blocks(shown.blocks, team) if shown.blocks else mrkdwn(shown.text, team)
    body: Json = shown.body
    head = of_text(body.get("title"))
    feet = [f"[{of_text(body[foot])}]" for foot in ("submit", "close") if foot in body]
    return "\n".join(filter(None, [head, of_blocks(body["blocks"], shown.team), " ".join(feet)]))


def buttons(shown: Any) -> list[str]:
    """The labels of all buttons, in order."""
    return [of_text(e["text"]) for _, e in usable(shown) if e["type"] == "button"]


def usable(shown: Any) -> list[tuple[Json, Json]]:
    """Every interactive element with its block."""
    blocks = shown.blocks if isinstance(shown, Message) else shown.body["blocks"]
    found = []
    for block in blocks:
        row = block["elements"] if block["type"] == "actions" else ()
        pair = (block.get("accessory"), block.get("element"), *row)
        found += [(block, e) for e in pair if e and e["type"] != "image"]
    return found


def in_row(shown: Any, row: str | None) -> list[tuple[Json, Json]]:
    """The elements from the first block on that contains the words; all without words."""
    found = usable(shown)
    if row is None:
        return found
    team = shown.channel.team if isinstance(shown, Message) else shown.team
    blocks = shown.blocks if isinstance(shown, Message) else shown.body["blocks"]
    at = [i for i, block in enumerate(blocks) if row in of_block(block, team)]
    assert at, f"no row {row!r} in:\n{text(shown)}"
    later = {id(block) for block in blocks[at[0] :]}
    return [(block, e) for block, e in found if id(block) in later]


def find_button(shown: Any, label: str, row: str | None = None) -> tuple[Json, Json]:
    """The button that reads so: exactly, else the only one that contains the words."""
    there = [(b, e) for b, e in in_row(shown, row) if e["type"] == "button"]
    exact = [pair for pair in there if of_text(pair[1]["text"]) == label]
    found = exact or [pair for pair in there if label in of_text(pair[1]["text"])]
    if not found or (len(found) > 1 and row is None):
        how = "several buttons" if found else "no button"
        raise AssertionError(f"{how} {label!r} (or name its row) in:\n{text(shown)}")
    return found[0]


def find_option(shown: Any, label: str, row: str | None = None) -> tuple[Json, Json, Json]:
    """The menu entry that reads so, with its element and block."""
    found = [
        (block, element, option)
        for block, element in in_row(shown, row)
        if element["type"] != "button"
        for option in choices(element)
        if values.label(option) == label
    ]
    if not found or (len(found) > 1 and row is None):
        how = "several options" if found else "no option"
        raise AssertionError(f"{how} {label!r} (or name its row) in:\n{text(shown)}")
    return found[0]


def find_field(shown: Any, label: str) -> tuple[Json, Json]:
    """The element of an input by its label, or of a row by its text or placeholder."""
    there = usable(shown)
    for block, element in there:
        if block["type"] == "input" and of_text(block["label"]) == label:
            return block, element
    for block, element in there:
        if element["type"] != "button" and label in {
            of_text(element.get("placeholder")),
            of_text(block.get("text")),
        }:
            return block, element
    raise AssertionError(f"no field {label!r} in:\n{text(shown)}")
