"""Words that are kept until they are told: by direct message, once."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers.ids import Action, Ref
from handlers.views.blocks import Message, actions, button, section
from handlers.views.person import handover
from handlers.views.text import Style, clip


def word(_style: Style, data: dict[str, Any]) -> Message:
    """`say` names the occasion."""
    return _WORDS[data["say"]](data)


def _name(data: dict[str, Any]) -> str:
    return f"*{clip(str(data['name']), 400)}* #{data['number']}"


def _displaced(data: dict[str, Any]) -> Message:
    """A card could not stay in its channel."""
    name = _name(data)
    place = str(data.get("place", ""))
    now = f"to <#{place}>" if place.startswith(("C", "G")) else "here"
    text = (
        f"I can't post in {clip(str(data['channel']), 100)}, so the card of {name} has moved {now}."
    )
    if now == "here":
        text += " To have it there again, invite me with `/invite` and choose *Post card*."
    details = button("Details", Action.OPPORTUNITY_OPEN, Ref(int(data["number"])))
    return Message(text, [section(text), actions(details)])


def _unseen(data: dict[str, Any]) -> Message:
    """Its new owner is not in the private channel that it is in, whose name is not theirs to
    know.
    """
    name = _name(data)
    by = clip(str(data["by"]), 80)
    text = (
        f"{by} made you the owner of {name}. Its card is in a private channel that you aren't in, "
        f"so you can't see it yet. Ask {by} to invite you there."
    )
    return Message(text, [section(text)])


def _unseen_task(data: dict[str, Any]) -> Message:
    """They were given a task of such a deal, whose name is not theirs to know."""
    by = clip(str(data["by"]), 80)
    text = (
        f"{by} gave you a task on a deal in a private channel that you aren't in, so you can't see "
        f"it yet. Ask {by} to invite you there."
    )
    return Message(text, [section(text)])


def _board(data: dict[str, Any]) -> Message:
    """One can't be brought up to date any more."""
    text = (
        f"I can't post in {clip(str(data['channel']), 100)}, so your board there is no longer "
        "updated. Invite me with `/invite` and post it again with `/pipeline`."
    )
    return Message(text, [section(text)])


def _digest(data: dict[str, Any]) -> Message:
    """Theirs is paused, since it can't be posted."""
    channel, paused = clip(str(data["channel"]), 100), "so your digest there is paused."
    match data["why"]:
        case "shared":
            text = f"People from outside are in {channel} now, {paused}"
            text += " To have it in another channel, write `/pipeline digest` there."
        case "zone":
            zone = clip(str(data["tz"]), 64)
            text = f"The time zone {zone} of your digest in {channel} is not known any more, "
            text += "so it is paused. Write `/pipeline digest` there to choose another one."
        case _:
            text = f"I can't post in {channel}, {paused}"
            text += " Invite me with `/invite` and resume it with `/pipeline digest`."
    return Message(text, [section(text)])


_WORDS: Mapping[str, Callable[[dict[str, Any]], Message]] = {
    "displaced": _displaced,
    "unseen": _unseen,
    "unseen_task": _unseen_task,
    "board": _board,
    "digest": _digest,
    "handover": handover.received,
    "left": handover.left,
}
