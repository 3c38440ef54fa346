"""response_url: five uses within thirty minutes, private unless it says otherwise."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.slack.blocks import check_blocks, too_long
from tests.slack.errors import Invalid
from tests.slack.view import with_ids
from tests.slack.world import Channel, Message, User

if TYPE_CHECKING:
    from tests.slack.server import StrictSlack

Json = dict[str, Any]

USES = 5
SECONDS = 30 * 60
_KNOWN = {
    "text", "blocks", "response_type", "replace_original", "delete_original", "thread_ts",
    "unfurl_links", "unfurl_media", "metadata", "mrkdwn", "attachments",
}  # fmt: skip


@dataclass(slots=True)
class ResponseUrl:
    """One url: who acted, where, on which message."""

    user: User
    channel: Channel
    at: float
    origin: Message | None = None
    uses: int = 0


def refusal(body: Any) -> str | None:
    """Why Slack (or the rule that every message has text) would not show this answer."""
    if not isinstance(body, dict):
        return "invalid_payload"
    if set(body) - _KNOWN:
        return f"unknown field {min(set(body) - _KNOWN)}"
    if body.get("delete_original"):
        return None
    blocks = body.get("blocks")
    if blocks is not None:
        try:
            check_blocks(blocks, "message")
        except Invalid as broken:
            return f"invalid_blocks: {broken}"
        if too_long(blocks):
            return "msg_blocks_too_long"
    return None if body.get("text") else "no_text"


def apply(slack: "StrictSlack", url: ResponseUrl, body: Json) -> None:
    """Show an answer: replaced, deleted, for all, or for the person alone."""
    origin, blocks = url.origin, body.get("blocks") or []
    if body.get("delete_original") and origin is not None:
        origin.gone = True
        slack.spawn(slack.remove(origin)) if origin.only_for is None else slack.touched(origin)
    elif body.get("replace_original") and origin is not None:
        before = origin.wire() if origin.only_for is None else {}
        origin.text, origin.blocks = body["text"], with_ids(blocks)
        slack.touched(origin)
        if origin.only_for is None:
            slack.spawn(slack.events.changed(origin, before))
    elif body.get("response_type", "ephemeral") == "in_channel":
        team = url.channel.team
        message = Message(url.channel, slack.stamps.next(), team.bot.id, body["text"])
        message.blocks, message.bot_id = with_ids(blocks), team.bot_id
        message.app_id, message.thread_ts = slack.app_id, body.get("thread_ts")
        slack.put(message)
        slack.spawn(slack.events.posted(message))
    else:
        slack.whisper(url.channel, url.user.id, body["text"], blocks, body.get("thread_ts"))


async def handle(slack: "StrictSlack", request: web.Request) -> web.Response:
    url = slack.response_urls.get(request.match_info["key"])
    if url is None or slack.clock() - url.at > SECONDS:
        return web.json_response({"ok": False, "error": "expired_url"}, status=404)
    if url.uses >= USES:
        return web.json_response({"ok": False, "error": "used_url"}, status=404)
    fault = slack.faults.of_call("response_url", {})
    if fault and (fault.status or fault.retry_after):
        headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
        return web.Response(status=fault.status or 429, headers=headers)
    try:
        body = await request.json()
    except ValueError:
        return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
    if error := refusal(body):
        slack.violate(f"response_url: {error}")
        return web.json_response({"ok": False, "error": error.split(":")[0]}, status=400)
    url.uses += 1
    apply(slack, url, body)
    return web.json_response({"ok": True})
