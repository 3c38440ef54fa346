"""Listeners on `@Dealthread …`: help anywhere; in a card's thread, where Slack takes no commands,
what is to be done with its opportunity.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers import comment
from handlers.activity import activity
from handlers.answer import NOTHING, Answer, say
from handlers.grammar import grammar
from handlers.grammar.requests import (
    MENTIONS,
    AddTask,
    Details,
    LogActivity,
    MoveTo,
    ThreadHelp,
    To,
    in_words,
)
from handlers.grammar.words import Context
from handlers.ids import Press, Verb
from handlers.listening import Heard
from handlers.opportunity import status
from handlers.task import task
from handlers.views import confirm
from handlers.views import mention as view
from handlers.views.workspace import understood
from handlers.workspace import help_message
from store.errors import Busy, Refusal
from store.opportunity.status import Status
from store.usecases import workspaces
from store.usecases.comment import comments
from store.usecases.opportunity import opportunities
from store.usecases.opportunity import status as statuses
from store.usecases.person import people

_CALLED = re.compile(r"<@([UW][A-Z0-9]+)>")
MOST_CALLED = 3
"""People who are looked up while somebody waits; others, if not known, are called by their ids."""


async def mentioned(heard: Heard) -> Answer:
    """Other bots that name it are not answered, nor is a comment that does."""
    if _event(heard).get("bot_id"):
        return NOTHING
    if not await in_card_thread(heard):
        return await helped(heard)
    asks = comment.is_command(_event(heard), heard.bot_user_id)
    return await asked(heard) if asks else NOTHING


async def helped(heard: Heard) -> Answer:
    """What it understands, privately; once, however often Slack repeats the event."""
    try:
        heard.actor.must_read()
    except Refusal as refusal:
        told = confirm.refusal(refusal.sentence)
    else:
        told = help_message(await heard.read(workspaces.load, heard.workspace_id))
    return await heard.write(_nothing, answer=lambda _: say(told))


async def in_card_thread(heard: Heard) -> bool:
    event, thread_ts = _event(heard), heard.thread_ts
    if thread_ts is None or thread_ts == event.get("ts"):
        return False
    where = heard.workspace_id, str(event.get("channel")), thread_ts
    return await heard.read(comments.thread_of, *where) is not None


async def asked(heard: Heard) -> Answer:
    """Does it once for the message, whatever events Slack sends of it, also when it is edited; and
    says once what came of each version of it.
    """
    event = _event(heard)
    message = f"{event.get('channel')}:{event.get('ts')}"
    acting = replace(heard, once=f"mention:{message}")
    telling = replace(heard, once=f"told:{message}:{(event.get('edited') or {}).get('ts')}")
    try:
        answer = await _act(acting)
    except Busy:
        raise
    except Refusal as refusal:
        answer = say(confirm.refusal(refusal.sentence))
    return await telling.write(_nothing, answer=lambda _: answer) if answer.say else answer


async def _act(heard: Heard) -> Answer:
    where = str(heard.channel_id), str(heard.thread_ts)
    deal = await heard.read(comments.deal, *where, by=heard.actor)
    style = await heard.style()
    context = Context(
        today=heard.today,
        currency=style.workspace.currency,
        locale=heard.actor.locale,
        labels=style.workspace.labels,
    )
    match grammar.thread(await _words(heard), context):
        case ThreadHelp():
            rows = in_words(MENTIONS, style.workspace)
            return say(understood("What Dealthread understands here", rows))
        case Details():
            return say(view.details(style, deal))
        case MoveTo(to):
            return await _move(heard, deal.number, to)
        case AddTask() as words:
            return await task.add(heard, words, deal.number)
        case LogActivity() as words:
            return await activity.add(heard, words, deal.number)


async def _words(heard: Heard) -> str:
    """What follows the bot's name. Slack passes on whom it calls by their ids alone, and what is
    kept of it names them.
    """
    _, _, words = str(_event(heard).get("text") or "").partition(">")
    called = _CALLED.findall(words)
    if not called:
        return words
    for user_id in called[:MOST_CALLED]:
        await heard.services.directory.know(heard.workspace_id, user_id)
    named = await heard.read(people.names, heard.workspace_id, called)
    return _CALLED.sub(lambda found: f"<@{found[1]}|{named[found[1]].name}>", words)


async def _move(heard: Heard, number: int, to: To) -> Answer:
    """A form opens by a button only: what asks something is offered by one."""
    if to is Verb.RESUME:
        return await status.resume(heard, number)
    if to is Verb.REOPEN:
        return await _reopen(heard, number)
    if to not in status.ASKS:
        return await status.to(heard, Press(number, Status(to)))
    who = {"by": heard.actor, "now": heard.now}
    opportunity, _ = await heard.read(statuses.before_asking, number, Status(to), seen=None, **who)
    return say(view.asks(opportunity, Status(to)))


async def _reopen(heard: Heard, number: int) -> Answer:
    opportunity = await heard.read(opportunities.to_change, number, by=heard.actor, now=heard.now)
    style = await heard.style()
    if status.asks_close(style, opportunity):
        return say(view.asks_close(style, opportunity))
    return await status.reopen(heard, number)


def _event(heard: Heard) -> Mapping[str, Any]:
    event: Mapping[str, Any] = heard.body.get("event") or {}
    return event


def _nothing(_session: object) -> None:
    """Only that it was heard is kept."""
