"""What rides with the buttons and the form of a handover."""

from dataclasses import dataclass

from handlers.payload import Payload


@dataclass(frozen=True, slots=True)
class Giver(Payload):
    user_id: str


@dataclass(frozen=True, slots=True)
class HandingOver(Payload):
    """`taker_id` is None when the form asks for it."""

    giver_id: str
    taker_id: str | None = None
    channel_id: str | None = None
