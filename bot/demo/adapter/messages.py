"""The messages that the bot posted: drawn for local-slack, remembered as the bot sent them."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.demo.adapter.drawing import Control, Drawn, draw
from bot.demo.adapter.elements import Key, Lists, first_states, with_ids
from bot.demo.adapter.files import Files
from bot.demo.adapter.options import Options
from bot.demo.adapter.text import Json, label, readable
from bot.demo.adapter.upstream import Upstream
from bot.demo.workspace import Workspace

if TYPE_CHECKING:
    from bot.demo.adapter.views import View

_DEFAULT_LIMIT = 100
_EARLIER = 5
"""Drawings of a message that may still stand in somebody's slow browser."""


@dataclass
class Posted:
    channel: str
    ts: str
    body: Json
    drawn: Drawn
    to: str | None = None
    hook: str | None = None
    view: "View | None" = None
    thread_ts: str | None = None
    values: Json = field(default_factory=dict)
    earlier: tuple[Drawn, ...] = ()
    copy: "Posted | None" = None
    """In the channel, of a reply that was broadcast: it follows the reply."""

    def control(self, key: Key) -> Control | None:
        """What was pressed, also when the message has been drawn anew since: Slack tells the bot
        the button that the person saw.
        """
        drawings = (self.drawn, *self.earlier)
        return next((one.controls[key] for one in drawings if key in one.controls), None)


class Messages:
    def __init__(
        self, workspace: Workspace, upstream: Upstream, options: Options, files: Files
    ) -> None:
        self._workspace = workspace
        self._files = files
        self._upstream = upstream
        self._options = options
        self._posted: dict[tuple[str, str], Posted] = {}
        # Copies of broadcast replies stand in the channel, but Slack counts them no second time.
        self._copies: set[str] = set()

    def get(self, channel: str, ts: str) -> Posted | None:
        return self._posted.get((channel, ts))

    async def post(self, args: Json) -> Json:
        if not self._may_post(str(args.get("channel", ""))):
            return {"ok": False, "error": "not_in_channel"}
        body = _body(args)
        drawn = await self._draw(body, None)
        told = await self._upstream.call("chat.postMessage", self._shown(args, drawn))
        if not told.get("ok"):
            return told
        posted = self._remember(str(told["channel"]), str(told["ts"]), body, drawn)
        posted.thread_ts = args.get("thread_ts")
        if posted.thread_ts and _true(args.get("reply_broadcast")):
            await self._broadcast(posted, args)
        return told | {"message": {**told.get("message", {}), **body}}

    async def _broadcast(self, posted: Posted, args: Json) -> None:
        drawn = await self._draw(posted.body, None)
        rest = {name: value for name, value in args.items() if name != "thread_ts"}
        told = await self._upstream.call("chat.postMessage", self._shown(rest, drawn))
        self._copies.add(str(told.get("ts")))
        posted.copy = self._remember(posted.channel, str(told.get("ts")), posted.body, drawn)

    async def whisper(self, args: Json) -> Posted | None:
        """A message for one person; everybody sees it here, so its author's name says for whom."""
        body, person = _body(args), str(args.get("user"))
        drawn = await self._draw(body, person)
        return await self.whisper_drawn(args, body, drawn)

    async def whisper_drawn(self, args: Json, body: Json, drawn: Drawn) -> Posted | None:
        person = str(args.get("user"))
        name = f"{self._workspace.bot_name}, to {self._workspace.first_name(person)}"
        shown = self._shown(args, drawn) | {"username": name}
        told = await self._upstream.call("chat.postEphemeral", shown)
        if not told.get("ok"):
            return None
        posted = self._remember(str(args["channel"]), str(told["message_ts"]), body, drawn)
        posted.to, posted.thread_ts = person, args.get("thread_ts")
        return posted

    async def post_ephemeral(self, args: Json) -> Json:
        if not self._may_post(str(args.get("channel", ""))):
            return {"ok": False, "error": "not_in_channel"}
        posted = await self.whisper(args)
        if posted is None:
            return {"ok": False, "error": "channel_not_found"}
        return {"ok": True, "message_ts": posted.ts}

    async def update(self, args: Json) -> Json:
        posted = self.get(str(args.get("channel")), str(args.get("ts")))
        if posted is None or posted.to:
            return {"ok": False, "error": "message_not_found"}
        await self.replace(posted, args)
        told = {"ok": True, "channel": posted.channel, "ts": posted.ts}
        message = {"user": self._workspace.bot_user_id, "bot_id": self._workspace.bot_id}
        return told | {"text": posted.body.get("text", ""), "message": message | posted.body}

    async def replace(self, posted: Posted, args: Json) -> None:
        """What is left out stays, except that metadata `{}` is taken away."""
        posted.body = {**posted.body, **_body(args)}
        posted.values = first_states(posted.body.get("blocks") or (), Lists())
        await self.repaint(posted, await self._draw(posted.body, posted.to))
        if posted.copy is not None:
            await self.replace(posted.copy, args)

    async def repaint(self, posted: Posted, drawn: Drawn | None = None) -> None:
        """Draw again, which also sets its menus back; not marked as edited, as in Slack."""
        drawn = drawn or await self._draw(posted.body, posted.to, posted.values)
        posted.earlier = (posted.drawn, *posted.earlier)[:_EARLIER]
        posted.drawn = drawn
        if posted.hook is None:
            await self._upstream.ask_for_hook(posted.channel, posted.ts)
        if posted.hook is not None:
            tz = self._workspace.tz_of(posted.to)
            text = readable(str(posted.body.get("text") or ""), tz)
            await self._upstream.replace(posted.hook, {"text": text, "blocks": drawn.blocks})

    async def delete(self, args: Json) -> Json:
        key = (str(args.get("channel")), str(args.get("ts")))
        posted = self._posted.get(key)
        if posted is None:
            return {"ok": False, "error": "message_not_found"}
        return await self.remove(posted)

    async def remove(self, posted: Posted) -> Json:
        self._posted.pop((posted.channel, posted.ts), None)
        if posted.copy is not None:
            await self.remove(posted.copy)
        return await self._upstream.call(
            "chat.delete", {"channel": posted.channel, "ts": posted.ts}
        )

    async def history(self, args: Json) -> Json:
        return self._page(await self._upstream.call("conversations.history", args), args)

    async def replies(self, args: Json) -> Json:
        told = await self._upstream.call("conversations.replies", args)
        if not told.get("messages"):
            return {"ok": False, "error": "thread_not_found"}
        return self._page(told, args)

    def _page(self, told: Json, args: Json) -> Json:
        """Local-slack gives everything; the bounds and the limit are Slack's."""
        with_metadata = _true(args.get("include_all_metadata"))
        found = [
            self._as_sent(message, metadata=with_metadata)
            for message in told.get("messages", [])
            if _within(message, args) and message["ts"] not in self._copies
        ]
        limit = int(args.get("limit") or _DEFAULT_LIMIT)
        return told | {"messages": found[:limit], "has_more": len(found) > limit}

    def _as_sent(self, message: Json, *, metadata: bool) -> Json:
        posted = self.get(str(message.get("channel")), message["ts"])
        if posted is None:
            return message
        body = dict(posted.body)
        if not metadata:
            body.pop("metadata", None)
        return {**message, **body}

    def as_sent(self, posted: Posted) -> Json:
        """The message as an interaction's payload tells it."""
        message = {
            "type": "message",
            "user": self._workspace.bot_user_id,
            "bot_id": self._workspace.bot_id,
            "app_id": self._workspace.app_id,
            "team": self._workspace.team_id,
            "ts": posted.ts,
        }
        thread = {"thread_ts": posted.thread_ts} if posted.thread_ts else {}
        return message | thread | posted.body

    def _remember(self, channel: str, ts: str, body: Json, drawn: Drawn) -> Posted:
        values = first_states(body.get("blocks") or (), Lists())
        posted = Posted(channel, ts, body, drawn, values=values)
        self._posted[channel, ts] = posted
        return posted

    async def _draw(self, body: Json, to: str | None, values: Json | None = None) -> Drawn:
        blocks = [self._files.drawn(block) for block in body.get("blocks") or ()]
        lists = await self._options.lists(blocks, to)
        return draw([*blocks, *_attached(body)], lists, values)

    def _shown(self, args: Json, drawn: Drawn) -> Json:
        tz = self._workspace.tz_of(args.get("user"))
        dropped = ("blocks", "attachments", "metadata")
        shown = {name: value for name, value in args.items() if name not in dropped}
        shown["text"] = readable(str(args.get("text") or ""), tz)
        return shown | ({"blocks": drawn.blocks} if drawn.blocks else {})

    def _may_post(self, channel: str) -> bool:
        known = next((one for one in self._workspace.channels if one.id == channel), None)
        return known is None or self._workspace.bot_user_id in known.members


def _body(args: Json) -> Json:
    kept = {
        name: args[name]
        for name in ("text", "blocks", "attachments", "metadata")
        if args.get(name) is not None
    }
    if "blocks" in kept:
        kept["blocks"] = with_ids(kept["blocks"])
    return kept


def _attached(body: Json) -> list[Json]:
    """Local-slack draws no attachments: they stand below the message as blocks."""
    blocks: list[Json] = []
    for attachment in body.get("attachments") or ():
        words = attachment.get("text") or attachment.get("fallback") or ""
        section = {"type": "section", "text": {"type": "mrkdwn", "text": words}}
        blocks += attachment.get("blocks") or ([section] if words else [])
    if blocks and not body.get("blocks") and label(body):
        blocks.insert(0, {"type": "section", "text": {"type": "mrkdwn", "text": body["text"]}})
    return blocks


def _within(message: Json, args: Json) -> bool:
    if message.get("subtype") == "ephemeral":
        return False
    at, inclusive = float(message["ts"]), _true(args.get("inclusive"))
    oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or "inf")
    is_root = message["ts"] == args.get("ts")
    return is_root or (oldest < at < latest) or (inclusive and at in (oldest, latest))


def _true(value: object) -> bool:
    return value in (True, 1, "1", "true", "True")
