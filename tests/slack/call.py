"""One call of the Web API: its arguments, who calls, what came of it."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.slack.blocks import check_blocks, files_of, too_long
from tests.slack.errors import Invalid, Refused
from tests.slack.world import Channel, Workspace

if TYPE_CHECKING:
    from tests.slack.server import StrictSlack

Json = dict[str, Any]


@dataclass(slots=True)
class Call:
    """A recorded call; `status` 0 means that the connection was closed on the caller."""

    slack: "StrictSlack"
    method: str
    args: Json
    at: float
    team: Workspace | None = None
    authorization: str = field(default="", repr=False)
    status: int = 200
    answer: Json = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.answer.get("ok") is True

    @property
    def error(self) -> str | None:
        return self.answer.get("error")

    @property
    def workspace(self) -> Workspace:
        assert self.team is not None
        return self.team

    def flag(self, name: str) -> bool:
        return str(self.args.get(name, "")).lower() in {"true", "1"}

    def parsed(self, name: str, error: str) -> Any:
        """An argument that may come as JSON or as a string of JSON."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise Refused(error) from None

    def whole(self, name: str, default: int, high: int, error: str) -> int:
        value = str(self.args.get(name, default))
        if not value.isdigit() or not 1 <= int(value) <= high:
            raise Refused(error)
        return int(value)

    def need(self, *scopes: str) -> None:
        """Refuse when the app was granted none of these scopes."""
        granted = self.workspace.scopes
        if scopes and not granted.intersection(scopes):
            provided = ",".join(sorted(granted))
            raise Refused("missing_scope", needed=",".join(scopes), provided=provided)

    def channel(self, name: str = "channel") -> Channel:
        """The channel that the bot may know of: not private ones that it is not in."""
        team = self.workspace
        channel = team.channels.get(str(self.args.get(name)))
        if channel is None or (channel.kind != "public" and team.bot.id not in channel.members):
            raise Refused("channel_not_found")
        return channel

    def text_and_blocks(self) -> tuple[str | None, list[Json] | None]:
        """The checked `text` and `blocks`; None for what was not given."""
        blocks = self.parsed("blocks", "invalid_blocks_format")
        if blocks is not None:
            try:
                check_blocks(blocks, "message")
                self._check_files(blocks)
            except Invalid as broken:
                raise Refused("invalid_blocks", str(broken), errors=[str(broken)]) from None
            if too_long(blocks):
                raise Refused("msg_blocks_too_long")
        if self.args.get("attachments") or self.args.get("markdown_text"):
            raise Refused("invalid_arguments", "attachments and markdown_text are not played here")
        text = self.args.get("text")
        if not text:
            # Slack takes blocks without text; what people then see in notifications is unusable.
            raise Refused("no_text")
        return str(text), blocks

    def _check_files(self, blocks: list[Json]) -> None:
        for file_id, where in files_of(blocks):
            file = self.slack.files.all.get(file_id)
            if file is None or file.team is not self.team or not file.is_image:
                raise Invalid("invalid slack file", where)


def page(call: Call, items: list[Any], limit: int) -> tuple[list[Any], Json]:
    """One page of a list by cursor, and its `response_metadata`."""
    start = call.args.get("cursor") or "next:0"
    word, _, at = str(start).partition(":")
    if word != "next" or not at.isdigit():
        raise Refused("invalid_cursor")
    end = int(at) + limit
    following = f"next:{end}" if end < len(items) else ""
    return items[int(at) : end], {"response_metadata": {"next_cursor": following}}
