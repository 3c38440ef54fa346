"""A view as one person has it open: its blocks, what they have entered, its place in the stack."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.slack import reading, values
from tests.slack.elements import TYPED
from tests.slack.world import User, Workspace, new_id

Json = dict[str, Any]


def new_hash(now: float) -> str:
    return f"{int(now)}.{secrets.token_hex(4)}"


def with_ids(blocks: list[Json]) -> list[Json]:
    """Give blocks and elements the ids that the app left out, as Slack does."""
    done = []
    for block in blocks:
        block = {"block_id": secrets.token_hex(3), **block}  # noqa: PLW2901
        for name in ("accessory", "element"):
            if name in block and block[name]["type"] != "image":
                block[name] = {"action_id": secrets.token_hex(3), **block[name]}
        if block["type"] == "actions":
            block["elements"] = [
                {"action_id": secrets.token_hex(3), **element} for element in block["elements"]
            ]
        done.append(block)
    return done


@dataclass(slots=True, eq=False)
class View:
    """A modal or a Home tab; `values` are by block_id and action_id, `errors` by label."""

    body: Json
    team: Workspace
    user: User
    hash: str
    channel: str | None = None
    id: str = field(default_factory=lambda: new_id("V"))
    root: "View | None" = None
    previous: "View | None" = None
    values: dict[tuple[str, str], Json] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    offered: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    closed: bool = False

    def __post_init__(self) -> None:
        self.show(self.body)

    def show(self, body: Json) -> None:
        """Take new blocks; what was entered stays only where block_id and action_id are equal."""
        self.body = {**body, "blocks": with_ids(body["blocks"])}
        self.errors = {}
        kept, self.values = self.values, {}
        for block, element in reading.usable(self):
            if values.keeps_state(element):
                key = (block["block_id"], element["action_id"])
                old = kept.get(key)
                same = old is not None and old["type"] == element["type"]
                self.values[key] = old if same else values.initial(element, self.channel)

    @property
    def title(self) -> str:
        return reading.of_text(self.body.get("title"))

    def state(self) -> Json:
        out: Json = {}
        for (block_id, action_id), state in self.values.items():
            out.setdefault(block_id, {})[action_id] = state
        return {"values": out}

    def wire(self, app_id: str) -> Json:
        body = self.body
        return {
            "id": self.id,
            "team_id": self.team.id,
            "type": body["type"],
            "blocks": body["blocks"],
            "private_metadata": body.get("private_metadata", ""),
            "callback_id": body.get("callback_id", ""),
            "state": self.state(),
            "hash": self.hash,
            "title": body.get("title", {"type": "plain_text", "text": "View Title", "emoji": True}),
            "clear_on_close": body.get("clear_on_close", False),
            "notify_on_close": body.get("notify_on_close", False),
            "close": body.get("close"),
            "submit": body.get("submit"),
            "previous_view_id": self.previous.id if self.previous else None,
            "root_view_id": (self.root or self).id,
            "app_id": app_id,
            "external_id": body.get("external_id", ""),
            "app_installed_team_id": self.team.id,
            "bot_id": self.team.bot_id,
        }

    def field(self, label: str) -> tuple[Json, Json]:
        return reading.find_field(self, label)

    def _set(self, block: Json, element: Json, value: Any) -> None:
        told = block["type"] != "input" or block.get("dispatch_action")
        assert not told, "this field tells the app at once: await the person's fill or choose"
        key = (block["block_id"], element["action_id"])
        self.values[key] = values.entered(element, value)

    def fill(self, label: str, words: str) -> None:
        """Type into a text field; None or "" empties it. Longer than Slack lets one type fails."""
        block, element = self.field(label)
        high = element.get("max_length", 3000)
        assert len(words or "") <= high, f"{label} takes {high} characters, not {len(words)}"
        assert element["type"] in TYPED, f"{label} is a {element['type']}: choose, don't fill"
        self._set(block, element, words or None)

    def choose(self, label: str, wanted: Any) -> None:
        """Choose by what it says: an option, a person, a channel, a date; a list where many fit."""
        block, element = self.field(label)
        offered = self.offered.get((block["block_id"], element["action_id"]), [])
        self._set(block, element, values.chosen(element, wanted, offered, label))

    def value(self, label: str) -> Any:
        """What a field holds now, options as their labels."""
        block, element = self.field(label)
        held = values.current(self.values[block["block_id"], element["action_id"]])
        if isinstance(held, dict) and "text" in held:
            return values.label(held)
        if isinstance(held, list):
            return [values.label(o) if isinstance(o, dict) else o for o in held]
        return held

    def fields(self) -> dict[str, Any]:
        """All fields of a form with what they hold."""
        return {
            (name := reading.of_text(block["label"])): self.value(name)
            for block in self.body["blocks"]
            if block["type"] == "input"
        }

    def complaints(self) -> dict[str, str]:
        """What Slack's own client says of fields before it submits, by label."""
        found = {}
        for block, element in reading.usable(self):
            if block["type"] == "input":
                state = self.values[block["block_id"], element["action_id"]]
                said = values.complaint(element, state, optional=block.get("optional", False))
                if said:
                    found[reading.of_text(block["label"])] = said
        return found

    def input_ids(self) -> dict[str, str]:
        """Labels of the input blocks by block_id: where errors may stand."""
        blocks = (block for block in self.body["blocks"] if block["type"] == "input")
        return {block["block_id"]: reading.of_text(block["label"]) for block in blocks}
