"""What Slack does with the answer in an acknowledgement."""

from typing import TYPE_CHECKING, Any

from tests.slack.delivery import Ack
from tests.slack.elements import count, groups, options
from tests.slack.errors import Invalid, Refused
from tests.slack.modals import STACK, checked
from tests.slack.respond import ResponseUrl, apply, refusal
from tests.slack.view import View, new_hash
from tests.slack.world import Channel, Message, User

if TYPE_CHECKING:
    from tests.slack.server import StrictSlack

Json = dict[str, Any]


def answered(
    slack: "StrictSlack", user: User, channel: Channel, name: str, ack: Ack
) -> Message | None:
    """Show the answer to a command; returns what its person alone sees."""
    if not ack.ok:
        reason = "operation_timeout" if ack.error else f"http status {ack.status}"
        words = f'{name} failed with the error "{reason}"'
        return slack.whisper(channel, user.id, words, [])
    if not ack.body:
        return None
    body = ack.body if isinstance(ack.body, dict) else {"text": str(ack.body)}
    if error := refusal(body):
        slack.violate(f"answer to {name}: {error}")
        return None
    before = len(slack.private[user.id])
    apply(slack, ResponseUrl(user, channel, slack.clock()), body)
    return slack.private[user.id][-1] if len(slack.private[user.id]) > before else None


def offered(slack: "StrictSlack", label: str, ack: Ack) -> list[Json]:
    """The options of an answer to what was typed; what Slack would not take shows nothing."""
    body = ack.body if ack.ok and isinstance(ack.body, dict) else {}
    try:
        if "option_groups" in body:
            if body["option_groups"]:
                groups(body["option_groups"], "/option_groups")
            return [one for group in body["option_groups"] for one in group["options"]]
        count(body.get("options"), 0, 100, "/options")
        options(body["options"], "/options", "external_select", 0, 100)
    except Invalid as broken:
        slack.violate(f"options of {label}: {broken}")
        return []
    return list(body["options"])


def submitted(slack: "StrictSlack", view: View, ack: Ack) -> None:
    """Close, change or cover a view as the answer to its submission says."""
    view.errors = {}
    if not ack.ok:
        view.errors = {"": "We had some trouble connecting. Try again?"}
        return
    body = ack.body
    if not body:
        slack.hide(view)
        return
    action = body.get("response_action") if isinstance(body, dict) else None
    effects = {"errors": _errors, "update": _update, "push": _push, "clear": _clear}
    if action not in effects:
        slack.violate(f"a submission answered with {body!r}")
        return
    try:
        effects[action](slack, view, body)
    except Refused as refused:
        slack.violate(f"response_action {action}: {refused.body()}")
    slack.notify()


def _errors(slack: "StrictSlack", view: View, body: Json) -> None:
    labels, errors = view.input_ids(), body.get("errors") or {}
    for key, words in errors.items():
        if key not in labels:
            slack.violate(f"errors for {key!r}, which is no input block of {sorted(labels)}")
        elif not isinstance(words, str) or not words:
            slack.violate(f"an error without words for {labels[key]!r}")
    if not errors:
        slack.violate("response_action errors without errors")
    view.errors = {labels.get(key, ""): str(words) for key, words in errors.items()}


def _update(slack: "StrictSlack", view: View, body: Json) -> None:
    view.show(checked(body.get("view"), "modal"))
    view.hash = new_hash(slack.clock())


def _push(slack: "StrictSlack", view: View, body: Json) -> None:
    new = checked(body.get("view"), "modal")
    if len(slack.stack(view.user.id)) >= STACK:
        raise Refused("push_limit_reached")
    slack.show(new, view.team, view.user, view.channel)


def _clear(slack: "StrictSlack", view: View, _body: Json) -> None:
    for one in list(slack.stack(view.user.id)):
        slack.hide(one)
