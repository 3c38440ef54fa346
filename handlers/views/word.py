"""Words that are kept until they are told: by direct message, once."""

from typing import Any

from handlers.ids import Action, Ref
from handlers.views.blocks import Message, actions, button, section
from handlers.views.text import Style, clip


def word(_style: Style, data: dict[str, Any]) -> Message:
    """`say` names the occasion; `displaced`: a card could not stay in its channel; `unseen`: its
    new owner is not in the private channel that it is in, whose name is not theirs to know;
    `board`: one can't be brought up to date any more.
    """
    if data["say"] == "board":
        return _board(data)
    name = f"*{clip(str(data['name']), 400)}* #{data['number']}"
    return _unseen(name, data) if data["say"] == "unseen" else _displaced(name, data)


def _displaced(name: str, data: dict[str, Any]) -> Message:
    place = str(data.get("place", ""))
    now = f"to <#{place}>" if place.startswith(("C", "G")) else "here"
    text = (
        f"I can't post in {clip(str(data['channel']), 100)}, so the card of {name} has moved {now}."
    )
    if now == "here":
        text += " To have it there again, invite me with `/invite` and choose *Post card*."
    details = button("Details", Action.OPPORTUNITY_OPEN, Ref(int(data["number"])))
    return Message(text, [section(text), actions(details)])


def _unseen(name: str, data: dict[str, Any]) -> Message:
    by = clip(str(data["by"]), 80)
    text = (
        f"{by} made you the owner of {name}. Its card is in a private channel that you aren't in, "
        f"so you can't see it yet. Ask {by} to invite you there."
    )
    return Message(text, [section(text)])


def _board(data: dict[str, Any]) -> Message:
    text = (
        f"I can't post in {clip(str(data['channel']), 100)}, so your board there is no longer "
        "updated. Invite me with `/invite` and post it again with `/pipeline`."
    )
    return Message(text, [section(text)])
