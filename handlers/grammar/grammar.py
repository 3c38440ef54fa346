"""Slash text becomes one typed request (pure): what it says, never whether it can be done.

Whatever can't be read is a Refusal with one line that shows the right form; in the words of a new
opportunity it simply stays in the name, so nothing that was typed is lost.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from handlers.grammar.dates import digits
from handlers.grammar.requests import (
    About,
    ActivitiesOf,
    ActivityRequest,
    ChangeStatus,
    ContactRequest,
    DealthreadRequest,
    Details,
    Digests,
    Handover,
    Help,
    LatestActivities,
    LogActivity,
    Mine,
    MoveTo,
    MyPipeline,
    MyTasks,
    NewContact,
    NewOpportunity,
    OppRequest,
    PipelineRequest,
    Post,
    Recent,
    Request,
    Search,
    SearchContacts,
    Settings,
    Setup,
    Show,
    Somebody,
    Stats,
    TaskRequest,
    TasksOf,
    ThreadHelp,
    ThreadRequest,
    To,
)
from handlers.grammar.words import Context, close_at_end, unescaped, value_at_end
from handlers.ids import Command, Verb
from handlers.task.words import add_task
from store.activity import ActivityKind
from store.errors import Refusal
from store.figures import Span
from store.money import Money
from store.opportunity.status import STAGES, Status
from store.settings.settings import WORDS, spoken
from store.text import clean, fold, one_line

R = TypeVar("R")
_NUMBER_MAX = 2**53
"""As in a payload: beyond it JSON numbers of other languages are no longer exact."""
_NUMBERED = re.compile(r"#?([0-9]{1,16})")
_WHO = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>|@([^@<>]+)|\b([UW][A-Z0-9]{6,})\b")
"""A mention, a name, or an id as Slack's pages show it."""
_VERBS: Mapping[str, To] = {
    "won": Status.WON, "win": Status.WON, "closed won": Status.WON,
    "lost": Status.LOST, "lose": Status.LOST, "closed lost": Status.LOST,
    "pause": Status.PAUSED, "paused": Status.PAUSED,
    "resume": Verb.RESUME, "resumed": Verb.RESUME, "unpause": Verb.RESUME,
    "reopen": Verb.REOPEN, "reopened": Verb.REOPEN, "re-open": Verb.REOPEN,
}  # fmt: skip
_STAGES = {word: stage for stage, words in WORDS.items() for word in words}
_STATS = frozenset({"stats", "figures", "statistics"})
_SPANS: Mapping[str, Span] = {
    **{span.value: span for span in Span},
    "": Span.THIS_QUARTER, "quarter": Span.THIS_QUARTER, "month": Span.THIS_MONTH,
    "year": Span.THIS_YEAR, "90 days": Span.LAST_90_DAYS, "90": Span.LAST_90_DAYS,
    "all": Span.ALL_TIME, "ever": Span.ALL_TIME,
}  # fmt: skip
_KINDS: Mapping[str, ActivityKind] = {
    **{kind.value: kind for kind in ActivityKind},
    "e-mail": ActivityKind.EMAIL, "mail": ActivityKind.EMAIL, "phone": ActivityKind.CALL,
}  # fmt: skip


def parse(command: Command, text: str, context: Context) -> Request:
    """The request that the text of a slash command means; Refusal when it means none."""
    if command is Command.OPP:
        return opp(text, context)
    others: Mapping[Command, Callable[[str], Request]] = {
        Command.DEALTHREAD: dealthread,
        Command.CONTACT: contact,
        Command.PIPELINE: pipeline,
        Command.TASK: lambda words: task(words, context),
        Command.ACTIVITY: activity,
    }
    return others[command](text)


def dealthread(text: str) -> DealthreadRequest:
    first, _, rest = text.strip().partition(" ")
    if fold(first) == "handover":
        return _handover(rest)
    requests: Mapping[str, DealthreadRequest] = {
        "": About(),
        "setup": Setup(),
        "settings": Settings(),
        "help": Help(Command.DEALTHREAD),
    }
    return _one_of(requests, text, Command.DEALTHREAD, "handover @alice @bob")


def _handover(text: str) -> Handover:
    named = [_somebody(found) for found in _WHO.finditer(text)]
    if len(named) != len(("giver", "taker")) or _WHO.sub("", text).strip():
        raise Refusal(
            "Write `/dealthread handover @alice @bob`: whose things, then who takes them."
        )
    return Handover(*named)


def _somebody(found: re.Match[str]) -> Somebody:
    mentioned, name, bare = found.groups()
    return Somebody(mentioned or bare or "", unescaped(name or "").strip())


def opp(text: str, context: Context) -> OppRequest:
    words = one_line(unescaped(text)).split()
    if not words:
        return Mine()
    first, rest = fold(words[0]), words[1:]
    if first == "help" and not rest:
        return Help(Command.OPP)
    if first == "new":
        return _new(rest, context)
    if first == "find":
        if not rest:
            raise Refusal("Write `/opp find` and some words of its name, like `/opp find acme`.")
        return Search(" ".join(rest))
    return _numbered(words, context) or Search(" ".join(words))


def contact(text: str) -> ContactRequest:
    first, _, rest = one_line(unescaped(text)).partition(" ")
    if not first:
        return Recent()
    if fold(first) == "help" and not rest:
        return Help(Command.CONTACT)
    if fold(first) == "new":
        return NewContact(rest)
    return SearchContacts(f"{first} {rest}".rstrip())


def pipeline(text: str) -> PipelineRequest:
    first, _, rest = fold(unescaped(text)).partition(" ")
    if first in ("digest", "digests"):
        return _digests(rest)
    if first in _STATS:
        return _stats(rest)
    requests: Mapping[str, PipelineRequest] = {
        "": Post(),
        "me": MyPipeline(),
        "digest": Digests(),
        "stats": Stats(Span.THIS_QUARTER),
        "help": Help(Command.PIPELINE),
    }
    return _one_of(requests, text, Command.PIPELINE)


def _stats(words: str) -> Stats:
    span = _SPANS.get(" ".join(words.removeprefix("of ").removeprefix("the ").split()))
    if span is None:
        *others, last = (one.value for one in Span)
        raise Refusal(f"Write `/pipeline stats` and a period: {', '.join(others)} or {last}.")
    return Stats(span)


def _digests(rest: str) -> Digests:
    if rest:
        raise Refusal(
            "Write `/pipeline digest`, and nothing after it: it lists this channel's digests, "
            "with buttons to add, edit, pause and send them."
        )
    return Digests()


def task(text: str, context: Context) -> TaskRequest:
    """`new` may be left out; a number alone asks for what is to be done there."""
    words = text.split()
    first = fold(unescaped(words[0])) if words else ""
    if not first:
        return MyTasks()
    if first == "help" and len(words) == 1:
        return Help(Command.TASK)
    if first == "new":
        return add_task(text.split(maxsplit=1)[1] if len(words) > 1 else "", context)
    found = _NUMBERED.fullmatch(digits(first)) if len(words) == 1 else None
    if found and int(found[1]) <= _NUMBER_MAX:
        return TasksOf(int(found[1]))
    return add_task(text, context)


def thread(text: str, context: Context) -> ThreadRequest:
    """What stands behind `@Dealthread` in a card's thread."""
    first, _, rest = text.strip().partition(" ")
    if fold(first) == "task":
        return add_task(rest, context)
    if fold(first) == "log":
        return LogActivity(None, *_typed(clean(unescaped(rest))))
    words = spoken(unescaped(text))
    if words in ("", "help"):
        return ThreadHelp()
    to = _moved(words, context)
    if to is not None:  # A stage may be called Open.
        return MoveTo(to)
    if words in ("details", "detail", "open", "show"):
        return Details()
    raise Refusal(
        f"Write `@Dealthread {context.label(Status.QUOTING).lower()}`, or one of "
        f"{_stages(context)}, won, lost, pause, resume, reopen, details, task, log."
    )


def _stages(context: Context) -> str:
    return ", ".join(context.label(stage) for stage in STAGES)


def activity(text: str) -> ActivityRequest:
    """A number, or "new", and what happened, which may begin with its type: 12 Call: wants it."""
    first, _, rest = one_line(unescaped(text)).partition(" ")
    if not first:
        return LatestActivities()
    if fold(first) == "help" and not rest:
        return Help(Command.ACTIVITY)
    number = _number(first)
    if number is not None:
        return LogActivity(number, *_typed(rest)) if rest else ActivitiesOf(number)
    if fold(first) != "new":
        raise Refusal("Write `/activity`, `/activity 12` or `/activity 12 Call: wants 3 seats`.")
    first, _, after = rest.partition(" ")
    number = _number(first)
    return LogActivity(number, *_typed(rest if number is None else after))


def _typed(words: str) -> tuple[ActivityKind | None, str]:
    """The type before a colon, and the rest; other words before one are part of what happened."""
    first, colon, rest = words.partition(":")
    kind = _KINDS.get(fold(first)) if colon else None
    return (kind, rest.strip()) if kind else (None, words)


def _number(word: str) -> int | None:
    """12, #12; none when it is too large to be one."""
    found = _NUMBERED.fullmatch(digits(word))
    number = int(found[1]) if found else _NUMBER_MAX + 1
    return number if number <= _NUMBER_MAX else None


def _one_of(requests: Mapping[str, R], text: str, command: Command, *more: str) -> R:
    request = requests.get(fold(unescaped(text)))
    if request is None:
        forms = [f"`{command} {word}`" for word in (*requests, *more) if word]
        raise Refusal(f"Write `{command}`, {', '.join(forms[:-1])} or {forms[-1]}.")
    return request


def _numbered(words: list[str], context: Context) -> Show | ChangeStatus | None:
    """12, #12, 12 quoting; None when it is rather a name: 12 angry men, or a number too large."""
    number = _number(words[0])
    if number is None:
        return None
    if len(words) == 1:
        return Show(number)
    to = _moved(spoken(" ".join(words[1:])), context)
    if to is not None:
        return ChangeStatus(number, to)
    if len(words) > 2 and not words[0].startswith("#"):  # noqa: PLR2004 - several words are a name.
        return None
    raise Refusal(
        f"Write `/opp {number} {context.label(Status.QUOTING).lower()}`, "
        f"or one of {_stages(context)}, won, lost, pause, resume, reopen."
    )


def _moved(words: str, context: Context) -> To | None:
    """Where `quoting`, `to quoting` and `move to quoting` lead."""
    return _status(words, context) or _status(
        words.removeprefix("move ").removeprefix("to "), context
    )


def _status(words: str, context: Context) -> To | None:
    """The documented words first, then the workspace's labels, then the stages' own names."""
    labels = {spoken(label): status for status, label in context.labels.items()}
    return _VERBS.get(words) or labels.get(words) or _STAGES.get(words)


def _new(words: list[str], context: Context) -> NewOpportunity:
    """Takes value, close and "for X" off the end, each once and in any order, while it can."""
    value: Money | None = None
    close: date | None = None
    person: list[str] = []
    while True:
        fors = [at for at, word in enumerate(words[:-1]) if word.lower() == "for"]
        if close is None and (dated := close_at_end(words, context)):
            words, close = dated
        elif value is None and (priced := value_at_end(words, context)):
            words, value = priced
        elif fors and not person:
            words, person = words[: fors[-1]], words[fors[-1] :]
        else:
            break
    name, contact_words = " ".join(words), " ".join(person[1:])
    return NewOpportunity(name, contact_words, " ".join(words + person), value, close)
