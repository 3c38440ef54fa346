"""How anything is heard: who acts is known, it counts once, and the person gets an answer.

`answered` is the one place that catches. A listener below it reads the payload, makes one store
call, and returns an Answer; it may raise any Refusal.
"""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar

from handlers.answer import Answer, How
from handlers.form.errors import errors_by_block
from handlers.grammar.prefix import prefixed, unmarked
from handlers.payload import StaleButton, StaleForm
from handlers.services import Services, Whisper
from handlers.views import confirm
from handlers.views.blocks import Message
from handlers.views.text import Style
from store.errors import Busy, Invalid, Refusal
from store.person.person import Actor, Role
from store.usecases import workspaces
from store.usecases.once import once

log = logging.getLogger(__name__)

T = TypeVar("T")
TOO_SLOW = "Slack took too long to open that. Please try again."


class Kind(Enum):
    COMMAND = "command"
    PRESS = "press"
    SHORTCUT = "shortcut"
    SUBMISSION = "submission"
    SUGGESTION = "suggestion"
    EVENT = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One thing that a person did in Slack."""

    kind: Kind
    actor: Actor
    body: Mapping[str, Any]
    services: Services
    now: datetime
    bot_user_id: str = ""
    once: str = ""
    """What it counts once by, when that is not the event, press or form itself."""

    @property
    def workspace_id(self) -> str:
        return self.actor.workspace_id

    @property
    def today(self) -> date:
        return self.now.astimezone(self.actor.zone).date()

    @property
    def channel_id(self) -> str | None:
        """Where it was done; a form doesn't know, unless it remembers."""
        if self.kind is Kind.COMMAND:
            return str(self.body["channel_id"])
        if self.kind is Kind.EVENT:
            return (self.body.get("event") or {}).get("channel")
        channel = self.body.get("channel") or {}
        return channel.get("id") or (self.body.get("container") or {}).get("channel_id")

    @property
    def thread_ts(self) -> str | None:
        """The thread that somebody wrote in: they are answered there."""
        event = self.body.get("event") or {}
        return event.get("thread_ts") if self.kind is Kind.EVENT else None

    @property
    def trigger_id(self) -> str:
        return str(self.body.get("trigger_id") or "")

    @property
    def view(self) -> Mapping[str, Any]:
        return self.body.get("view") or {}

    @property
    def in_modal(self) -> bool:
        return bool(self.view.get("type") == "modal")

    @property
    def how(self) -> How:
        """How a view comes to stand: above the one that was pressed in. Slack stacks three, so what
        is asked for in the third takes its place.
        """
        if not self.in_modal:
            return "open"
        below, root = self.view.get("previous_view_id"), self.view.get("root_view_id")
        return "update" if below and below != root else "push"

    @property
    def values(self) -> Any:
        return (self.view.get("state") or {}).get("values") or {}

    @property
    def pressed(self) -> Mapping[str, Any]:
        """The action: what was pressed, chosen or typed."""
        actions = self.body.get("actions") or [{}]
        return actions[0] if isinstance(actions[0], dict) else {}

    @property
    def value(self) -> str:
        """What rides with it: the button's value, or the chosen option's."""
        pressed = self.pressed
        chosen = pressed.get("selected_option") or {}
        return str(pressed.get("value") or chosen.get("value") or "")

    @property
    def meta(self) -> str:
        return str(self.view.get("private_metadata") or "")

    async def style(self) -> Style:
        """How this workspace writes money and days, now."""
        return Style(await self.read(workspaces.load, self.workspace_id), self.now)

    @property
    def response_url(self) -> str | None:
        return self.body.get("response_url") or None

    @property
    def key(self) -> str:
        """What makes it the same thing when it is heard again."""
        if self.once:
            return self.once
        if self.kind is Kind.SUBMISSION:
            return f"view:{self.view.get('id')}:{self.view.get('hash')}"
        if self.kind is Kind.EVENT:
            return f"event:{self.body.get('event_id')}"
        return f"trigger:{self.trigger_id}"

    async def read(self, use_case: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        return await self.services.store.read(use_case, *args, **kwargs)

    async def write(
        self,
        use_case: Callable[..., T],
        *args: Any,
        answer: Callable[[T], Answer],
        **kwargs: Any,
    ) -> Answer:
        """Runs the use case once, whatever is heard twice; a repeat gets the same answer, but for
        what was already told in private.
        """
        kept, repeated = await self.services.store.write(
            once,
            self.workspace_id,
            self.key,
            self.now,
            lambda session: answer(use_case(session, *args, **kwargs)).dump(),
        )
        given = Answer.load(kept)
        if repeated and self.kind is not Kind.COMMAND:
            return Answer(errors=given.errors, close=given.close)
        return given


Listener = Callable[[Heard], Awaitable[Answer]]


def answered(kind: Kind, listener: Listener, services: Services) -> Callable[..., Awaitable[None]]:
    """A Bolt listener around ours: whatever happens, the person gets an answer."""

    async def listen(ack: Any, body: dict[str, Any], context: Any) -> None:
        heard = Heard(
            kind=kind,
            actor=_nobody(str(context.team_id), str(context.user_id or "")),
            body=body,
            services=services,
            now=services.clock(),
            bot_user_id=str(context.bot_user_id or ""),
        )
        answer = prefixed(await _answer(heard, listener), services.prefix)
        await _give(heard, answer, ack)

    return listen


def _nobody(workspace_id: str, user_id: str) -> Actor:
    return Actor(workspace_id=workspace_id, id=user_id, name=user_id, role=Role.UNKNOWN)


async def _who(heard: Heard) -> Actor:
    """The person behind it. Of events only those that speak to the bot need one: looking up
    everybody who writes something in a channel would cost a call for each.
    """
    event, user = heard.body.get("event"), heard.body.get("user")
    team = user.get("team_id") if isinstance(user, dict) else None
    if event is not None:
        spoken_to = event.get("type") == "app_mention" or event.get("channel_type") == "im"
        if not (spoken_to and heard.actor.id):
            return heard.actor
        team = event.get("user_team") or event.get("source_team")
    return await heard.services.directory.actor(heard.workspace_id, heard.actor.id, team)


async def _answer(heard: Heard, listener: Listener) -> Answer:
    try:
        heard = replace(heard, actor=await _who(heard))
        if heard.kind is not Kind.EVENT:
            heard.actor.must_read()
        return await listener(heard)
    except Busy as busy:
        log.warning("Not taken now: %s. %s", heard.kind.value, busy.sentence)
        if heard.kind is Kind.EVENT:
            raise  # Slack repeats an event that was answered 5xx, and nothing else.
        return _refused(heard, busy)
    except Refusal as refusal:
        log.info("Refused: %s", type(refusal).__name__)
        return _refused(heard, refusal)
    except Exception:
        reference = secrets.token_hex(3).upper()
        log.exception("Failed, reference %s", reference)
        if heard.kind is Kind.EVENT:
            raise
        sorry = f"Something went wrong here ({reference}). Look before you try again."
        return _refused(heard, Refusal(sorry))


def _refused(heard: Heard, refusal: Refusal) -> Answer:
    if heard.kind is Kind.SUGGESTION:
        return Answer(options={"options": []})
    if heard.kind is Kind.SUBMISSION:
        refusal = StaleForm() if isinstance(refusal, StaleButton) else refusal
        fields = refusal if isinstance(refusal, Invalid) else Invalid({"": refusal.sentence})
        errors = errors_by_block(fields, heard.view)
        inputs = {block.get("block_id") for block in heard.view.get("blocks", ())}
        if set(errors) <= inputs:
            return Answer(errors=errors)
        return Answer(view=confirm.notice("Not done", refusal.sentence), how="update")
    typed_in = heard.how == "update" and heard.view.get("submit")
    if heard.kind is Kind.PRESS and heard.in_modal and not typed_in:
        # Said where they look: in front of the page, rather than in their direct messages. Only a
        # form that stands third has no room in front of it, and may not lose what was typed.
        return Answer(view=confirm.notice("Not done", refusal.sentence), how=heard.how)
    return Answer(say=confirm.refusal(refusal.sentence))


async def _give(heard: Heard, answer: Answer, ack: Any) -> None:
    """Shows and says it in the way that this kind of request can. Nothing here may raise: what
    was to be saved is saved.
    """
    match heard.kind:
        case Kind.SUGGESTION:
            await ack(**(answer.options or {"options": []}))
        case Kind.SUBMISSION:
            await ack(**_response(answer))
            _tell_after(heard, answer)
        case Kind.COMMAND:
            told = await _opened(heard, answer)
            await ack(**_ephemeral(told) if told else {})
        case _:
            told = await _opened(heard, answer)
            await ack()
            if told:
                _whisper(heard, told, where=answer.where, replace=answer.replace)


async def _opened(heard: Heard, answer: Answer) -> Message | None:
    """Opens the view, if there is one; what is left to say."""
    if answer.view is None:
        return answer.say
    how: How = "open" if answer.how == "push" and not heard.in_modal else answer.how
    opened = await heard.services.open_view(
        heard.workspace_id,
        answer.view,
        how,
        trigger_id=heard.trigger_id,
        view_id=str(heard.view.get("id") or ""),
    )
    return answer.say if opened else confirm.refusal(TOO_SLOW)


def _ephemeral(message: Message) -> dict[str, Any]:
    return message.payload | {"response_type": "ephemeral"}


def _response(answer: Answer) -> dict[str, Any]:
    if answer.errors:
        errors = {at: unmarked(sentence) for at, sentence in answer.errors.items()}
        return {"response_action": "errors", "errors": errors}
    if answer.view is not None:
        how = "push" if answer.how == "push" else "update"
        return {"response_action": how, "view": answer.view}
    return {"response_action": "clear"} if answer.close else {}


def _tell_after(heard: Heard, answer: Answer) -> None:
    if answer.say:
        _whisper(heard, answer.say, where=answer.where, url=answer.url, replace=bool(answer.url))
    if answer.below:
        view_id, view = answer.below
        heard.services.whisper(
            Whisper(
                workspace_id=heard.workspace_id,
                user_id=heard.actor.id,
                view_id=view_id,
                view=view,
            )
        )


def _whisper(
    heard: Heard,
    message: Message,
    *,
    where: str | None = None,
    url: str | None = None,
    replace: bool = False,
) -> None:
    heard.services.whisper(
        Whisper(
            workspace_id=heard.workspace_id,
            user_id=heard.actor.id,
            message=message,
            channel_id=where or heard.channel_id,
            thread_ts=heard.thread_ts,
            response_url=heard.response_url if heard.kind is not Kind.SUBMISSION else url,
            replace=replace,
        )
    )


async def stale_button(_heard: Heard) -> Answer:
    """What nobody listens to any more."""
    raise StaleButton
