"""Handover: the question, and what is said of it to each who is concerned."""

from dataclasses import fields
from typing import Any

from handlers.ids import Action, Callback, ListPage
from handlers.person.ids import Giver, HandingOver
from handlers.views.blocks import Json, Message, actions, button, context, modal, section
from handlers.views.inputs import field, person
from handlers.views.text import clip, counted, listed
from store.person.handover import Handover, Held

_NAME = 80


def handover_form(asked: Handover, handing: HandingOver) -> Json:
    """How much it is, and from whom to whom; who takes it is chosen here if nobody was named."""
    giver, much = clip(asked.giver.name, _NAME), _bold(asked.held)
    if asked.taker:
        taker = clip(asked.taker.name, _NAME)
        blocks = [section(f"Hand over {much} from {giver} to {taker}?")]
    else:
        taker = "The new owner"
        chosen = field("taker_id", "New owner", person("taker_id"), required=True)
        blocks = [section(f"Hand over {much} from {giver}."), chosen]
    kept = "Won, lost and archived deals stay as they are."
    return modal(
        "Hand over",
        [*blocks, context(f"{taker} is told once, and each deal's thread says so. {kept}")],
        callback=Callback.HANDOVER_DO,
        payload=handing,
        submit="Hand over",
    )


def done(made: Handover) -> Message:
    giver, taker = clip(made.giver.name, _NAME), clip(made.taker.name if made.taker else "", _NAME)
    said = f"Handed over {amount(made.held)} from {giver} to {taker}."
    return Message(said, [section(said)])


def received(data: dict[str, Any]) -> Message:
    """To the new owner, once for all of it."""
    whose = f" from {clip(str(data['giver']), _NAME)}" if data.get("giver") else ""
    text = f"{clip(str(data['by']), _NAME)} handed over {amount(_held(data))}{whose} to you."
    if data.get("hidden"):
        are = "is in a private channel" if data["hidden"] == 1 else "are in private channels"
        text += f" {counted(data['hidden'], 'deal')} {are} that you aren't in: ask to be invited."
    mine = button("My deals", f"{Action.MINE_PAGE}:mine", ListPage(None, 0))
    return Message(text, [section(text), actions(mine)])


def left(data: dict[str, Any]) -> Message:
    """To an admin: somebody is deactivated and still has what goes on."""
    name, much = clip(str(data["name"]), _NAME), amount(_held(data))
    text = f"{name} is deactivated and still has {much}. Hand them over here, or write this:"
    command = f"`/dealthread handover @{name} @…`"
    hand = button("Hand over", Action.HANDOVER_ASK, Giver(str(data["who"])))
    return Message(f"{text} {command}", [section(f"{text}\n{command}"), actions(hand)])


def _held(data: dict[str, Any]) -> Held:
    """As it was kept; words that are older than digests don't name them."""
    return Held(**{one.name: data.get(one.name, 0) for one in fields(Held)})


def amount(held: Held) -> str:
    """`12 open deals and 8 open tasks`; what there is none of is not said."""
    return listed([counted(*one) for one in _parts(held)])


def _bold(held: Held) -> str:
    return listed([f"*{counted(*one)}*" for one in _parts(held)])


def _parts(held: Held) -> list[tuple[int, str]]:
    parts = [(held.deals, "open deal"), (held.paused, "paused deal"), (held.tasks, "open task")]
    parts.append((held.digests, "digest"))
    return [one for one in parts if one[0]]
