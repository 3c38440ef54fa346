"""What a listener answers, as data: it can be kept with the once key and given again."""

from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

from handlers.views.blocks import Json, Message

How = Literal["open", "push", "update"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """At most one of these in sight of the person, besides what the channel shows of the change.

    * `say`: a private sentence; `replace` puts it in the place of the one that was pressed;
      `where` is the channel that a form remembers: it is told there; `url` the private words that
      it was opened from: it takes their place.
    * `view`: a modal to `open`, to `push` above the one that is open, or to `update` it with.
    * `errors`: sentences by field of the form that was sent.
    * `close`: the form is done, and with it the modals below.
    * `options`: what a select offers.
    * `below`: the page under a form that is done, as it is now: its view id and the view.
    """

    say: Message | None = None
    replace: bool = False
    where: str | None = None
    url: str | None = None
    view: Json | None = None
    how: How = "open"
    errors: dict[str, str] | None = None
    close: bool = False
    options: Json | None = None
    below: tuple[str, Json] | None = None

    def dump(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value}

    @classmethod
    def load(cls, kept: dict[str, Any] | None) -> Self:
        said = dict(kept or {})
        if "say" in said:
            said["say"] = Message(**said["say"])
        if "below" in said:
            said["below"] = (said["below"][0], said["below"][1])
        return cls(**said)


NOTHING = Answer()
"""Heard, done, and nothing to say about it."""


def say(message: Message, *, replace: bool = False) -> Answer:
    return Answer(say=message, replace=replace)


def show(view: Json, how: How = "open") -> Answer:
    return Answer(view=view, how=how)
