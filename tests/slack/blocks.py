"""What Slack checks of blocks and views: limits, surfaces, ids that must differ, sizes in all."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.slack import elements
from tests.slack.elements import count, keys, size, text
from tests.slack.errors import Invalid

Json = dict[str, Any]

MESSAGE_TEXT = 12_000
"""Slack refused 11,341 characters within 45 blocks and took 9,597 within 50: text and containers
count together, so each block is reckoned with 20 characters beside its text."""
VIEW_BYTES = 250_000
ONE_SURFACE = {"markdown": "message", "table": "message", "alert": "modal"}
"""Blocks that stand on one surface only; the others that we know stand on all."""


def _section(block: Json, where: str, surface: str) -> None:
    keys(block, {"type", "block_id", "text", "fields", "accessory", "expand"}, where)
    if "text" not in block and "fields" not in block:
        raise Invalid("missing required field: text or fields", where)
    if "text" in block:
        text(block["text"], 3000, f"{where}/text")
    if "fields" in block:
        count(block["fields"], 1, 10, f"{where}/fields")
        for index, one in enumerate(block["fields"]):
            text(one, 2000, f"{where}/fields/{index}")
    if "accessory" in block:
        here = f"{where}/accessory"
        elements.check(block["accessory"], here, elements.IN_SECTION, surface)


def _header(block: Json, where: str, _surface: str) -> None:
    keys(block, {"type", "block_id", "text"}, where)
    text(block.get("text"), 150, f"{where}/text", plain=True)


def _divider(block: Json, where: str, _surface: str) -> None:
    keys(block, {"type", "block_id"}, where)


def _image(block: Json, where: str, _surface: str) -> None:
    keys(block, {"type", "block_id", "image_url", "slack_file", "alt_text", "title"}, where)
    if ("image_url" in block) == ("slack_file" in block):
        raise Invalid("one of image_url and slack_file", where)
    if "image_url" in block:
        size(block["image_url"], 1, 3000, f"{where}/image_url")
    else:
        _slack_file(block["slack_file"], f"{where}/slack_file")
    size(block.get("alt_text"), 1, 2000, f"{where}/alt_text")
    if "title" in block:
        text(block["title"], 2000, f"{where}/title", plain=True)


def _slack_file(named: Any, where: str) -> None:
    """By its id here; Slack takes its address too."""
    keys(named, {"id"}, where)
    if not re.fullmatch(r"F[A-Z0-9]{8,}", str(named.get("id"))):
        raise Invalid("input must match regex pattern: ^[F][A-Z0-9]{8,}$", f"{where}/id")


def files_of(blocks: list[Json]) -> Iterator[tuple[str, str]]:
    """The files that blocks show, by their id, each with where."""
    for index, block in enumerate(blocks):
        if "slack_file" in block:
            yield block["slack_file"]["id"], f"/blocks/{index}/slack_file"


def _context(block: Json, where: str, surface: str) -> None:
    keys(block, {"type", "block_id", "elements"}, where)
    count(block.get("elements"), 1, 10, f"{where}/elements")
    for index, one in enumerate(block["elements"]):
        here = f"{where}/elements/{index}"
        if isinstance(one, dict) and one.get("type") == "image":
            elements.check(one, here, {"image"}, surface)
        else:
            text(one, 3000, here)


def _actions(block: Json, where: str, surface: str) -> None:
    keys(block, {"type", "block_id", "elements"}, where)
    count(block.get("elements"), 1, 25, f"{where}/elements")
    for index, one in enumerate(block["elements"]):
        elements.check(one, f"{where}/elements/{index}", elements.IN_ACTIONS, surface)


def _input(block: Json, where: str, surface: str) -> None:
    known = {"type", "block_id", "label", "hint", "element", "optional", "dispatch_action"}
    keys(block, known, where)
    text(block.get("label"), 2000, f"{where}/label", plain=True)
    if "hint" in block:
        text(block["hint"], 2000, f"{where}/hint", plain=True)
    elements.check(block.get("element"), f"{where}/element", elements.IN_INPUT, surface)


def _rich_text(block: Json, where: str, _surface: str) -> None:
    keys(block, {"type", "block_id", "elements"}, where)
    count(block.get("elements"), 1, 1000, f"{where}/elements")
    for index, one in enumerate(block["elements"]):
        _rich(one, f"{where}/elements/{index}", 0)


_RICH_PARTS = {"text", "link", "user", "usergroup", "channel", "broadcast", "emoji", "date"}
_RICH_TOP = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}


def _rich(part: Any, where: str, depth: int) -> None:
    kind = part.get("type") if isinstance(part, dict) else None
    if kind not in (_RICH_TOP if depth == 0 else _RICH_PARTS | _RICH_TOP):
        raise Invalid(f"unsupported type: {kind}", f"{where}/type")
    if kind == "text":
        size(part.get("text"), 1, MESSAGE_TEXT, f"{where}/text")
    if not 0 <= part.get("indent", 0) <= 8:
        raise Invalid("indent out of range", where)
    if kind in _RICH_TOP:
        count(part.get("elements"), 0, 1000, f"{where}/elements")
        for index, one in enumerate(part["elements"]):
            _rich(one, f"{where}/elements/{index}", depth + 1)


def _markdown(block: Json, where: str, _surface: str) -> None:
    keys(block, {"type", "block_id", "text"}, where)
    size(block.get("text"), 1, 12_000, f"{where}/text")


def _table(block: Json, where: str, _surface: str) -> None:
    keys(block, {"type", "block_id", "rows", "column_settings"}, where)
    count(block.get("rows"), 1, 100, f"{where}/rows")
    for index, row in enumerate(block["rows"]):
        count(row, 1, 20, f"{where}/rows/{index}")


def _alert(block: Json, where: str, _surface: str) -> None:
    keys(block, {"type", "block_id", "text", "level"}, where)
    text(block.get("text"), 200, f"{where}/text")


def _video(block: Json, where: str, _surface: str) -> None:
    raise Invalid("video needs links.embed:write and an unfurl domain", where)


_CHECKS: dict[str, Callable[[Json, str, str], None]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "image": _image,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "rich_text": _rich_text,
    "markdown": _markdown,
    "table": _table,
    "alert": _alert,
    "video": _video,
}


def interactive(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Each element that a person can use, with the block that it stands in."""
    for block in blocks:
        for element in (block.get("accessory"), block.get("element"), *_row(block)):
            if element and "action_id" in element:
                yield block, element


def _row(block: Json) -> list[Json]:
    return block["elements"] if block["type"] == "actions" else []


def check_blocks(blocks: Any, surface: str) -> None:
    """Check the blocks of a message, a modal or a Home tab."""
    count(blocks, 0, 50 if surface == "message" else 100, "/blocks")
    for index, block in enumerate(blocks):
        _check_block(block, f"/blocks/{index}", surface)
    _differ([b["block_id"] for b in blocks if "block_id" in b], "block_id")
    for block in blocks:
        _differ([element["action_id"] for _, element in interactive([block])], "action_id")
    if sum(e.get("focus_on_load", False) for _, e in interactive(blocks)) > 1:
        raise Invalid("focus_on_load at most once", "/blocks")
    if [b["type"] for b in blocks].count("table") > 1:
        raise Invalid("only_one_table_allowed", "/blocks")


def _check_block(block: Any, where: str, surface: str) -> None:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in _CHECKS:
        raise Invalid(f"unsupported type: {kind}", f"{where}/type")
    if ONE_SURFACE.get(kind, surface) != surface:
        raise Invalid(f"{kind} does not stand in a {surface}", where)
    if "block_id" in block:
        size(block["block_id"], 1, 255, f"{where}/block_id")
    _CHECKS[kind](block, where, surface)


def _differ(ids: list[str], name: str) -> None:
    if twice := {one for one in ids if ids.count(one) > 1}:
        raise Invalid(f"{name} {min(twice)!r} already exists", "/blocks")


def characters(value: Any) -> int:
    """All text that stands in blocks: what Slack adds up, as far as is known."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(characters(one) for one in value.values())
    return sum(characters(one) for one in value) if isinstance(value, list) else 0


def too_long(blocks: list[Json]) -> bool:
    return characters(blocks) + 20 * len(blocks) > MESSAGE_TEXT


_VIEW = {
    "type", "title", "submit", "close", "blocks", "private_metadata", "callback_id",
    "clear_on_close", "notify_on_close", "external_id", "submit_disabled",
}  # fmt: skip


def check_view(view: Any, surface: str) -> None:
    """Check a modal or a Home tab, as views.open, push, update and publish do."""
    keys(view, _VIEW, "/view")
    if view.get("type") != surface:
        raise Invalid(f"must be {surface}", "/view/type")
    count(view.get("blocks"), 0 if surface == "home" else 1, 100, "/view/blocks")
    for name, high in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        if name in view:
            size(view[name], 0, high, f"/view/{name}")
    if surface == "modal":
        _check_modal(view)
    check_blocks(view["blocks"], surface)


def _check_modal(view: Json) -> None:
    if "title" not in view:
        raise Invalid("missing required field: title", "/view")
    for name in ("title", "submit", "close"):
        if name in view:
            text(view[name], 24, f"/view/{name}", plain=True)
    inputs = any(isinstance(b, dict) and b.get("type") == "input" for b in view["blocks"])
    if inputs and "submit" not in view:
        raise Invalid("missing required field: submit, with input blocks", "/view")


def view_too_large(view: Any) -> bool:
    return len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES
