"""Slash text becomes one typed request (pure): what it says, never whether it can be done.

Whatever can't be read is a Refusal with one line that shows the right form; in the words of a new
opportunity it simply stays in the name, so nothing that was typed is lost.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal, TypeVar

from handlers.dates import digits, read_date
from handlers.ids import Command, Verb
from store.errors import Invalid, Refusal
from store.money import COMMON, Money, is_currency, known_locale, read_money
from store.status import STAGES, Status
from store.text import fold, one_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What amounts, days and statuses are read by: the person's locale, the workspace's rest."""

    today: date
    currency: str
    locale: str
    labels: Mapping[Status, str] = field(default_factory=dict)

    def label(self, status: Status) -> str:
        return self.labels.get(status) or status.label


@dataclass(frozen=True, slots=True)
class Help:
    command: Command


@dataclass(frozen=True, slots=True)
class About:
    """/dealthread alone: what it is, with its buttons."""


@dataclass(frozen=True, slots=True)
class Settings:
    pass


@dataclass(frozen=True, slots=True)
class Setup:
    pass


@dataclass(frozen=True, slots=True)
class Mine:
    """/opp alone: my open opportunities."""


@dataclass(frozen=True, slots=True)
class NewOpportunity:
    """Both readings of "for X" at the end: only the store knows whether X is a contact.

    If one matches `contact_words` ("" without a "for"), `name`; else `name_with_contact`.
    """

    name: str = ""
    contact_words: str = ""
    name_with_contact: str = ""
    value: Money | None = None
    expected_close: date | None = None


@dataclass(frozen=True, slots=True)
class Show:
    number: int


@dataclass(frozen=True, slots=True)
class ChangeStatus:
    number: int
    to: "To"


@dataclass(frozen=True, slots=True)
class Search:
    words: str


@dataclass(frozen=True, slots=True)
class Recent:
    """/contact alone: the contacts touched last."""


@dataclass(frozen=True, slots=True)
class NewContact:
    name: str = ""


@dataclass(frozen=True, slots=True)
class SearchContacts:
    words: str


@dataclass(frozen=True, slots=True)
class Post:
    """/pipeline alone: the live board in this channel."""


@dataclass(frozen=True, slots=True)
class MyPipeline:
    pass


To = Status | Literal[Verb.RESUME, Verb.REOPEN]
"""Where a status change leads: Won, Lost and Paused ask; resume and reopen lead to its stage."""

DealthreadRequest = About | Help | Settings | Setup
OppRequest = Mine | Help | NewOpportunity | Show | ChangeStatus | Search
ContactRequest = Recent | Help | NewContact | SearchContacts
PipelineRequest = Post | MyPipeline | Help
R = TypeVar("R")
Request = DealthreadRequest | OppRequest | ContactRequest | PipelineRequest

HELP: Mapping[Command, tuple[tuple[str, str], ...]] = {
    Command.DEALTHREAD: (
        ("/dealthread", "What Dealthread is and can do"),
        ("/dealthread setup", "Choose the deals channel, currency and time zone"),
        ("/dealthread settings", "See and change the settings"),
    ),
    Command.OPP: (
        ("/opp", "My open opportunities"),
        ("/opp new Acme renewal for Jane Doe £12k close 30 Nov", "A new opportunity, prefilled"),
        ("/opp 12", "The page of number 12"),
        ("/opp acme", "Find by name, contact or company"),
        ("/opp find new horizon", "Find a name that begins with a command word"),
        ("/opp 12 quoting", "Change its status: a stage, won, lost, pause, resume, reopen"),
    ),
    Command.CONTACT: (
        ("/contact", "Recent contacts"),
        ("/contact jane", "Find by name, company or e-mail"),
        ("/contact new Jane Doe", "A new contact"),
    ),
    Command.PIPELINE: (
        ("/pipeline", "Post the live board in this channel"),
        ("/pipeline me", "My pipeline, shown only to me"),
    ),
}
"""Usage and meaning, line by line; `help` itself works everywhere and goes without saying."""

_NUMBER_MAX = 2**53
"""As in a payload: beyond it JSON numbers of other languages are no longer exact."""
_ESCAPED = re.compile(r"<([@#!]?)([^<>|]+)(?:\|([^<>]*))?>|&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}
_NUMBERED = re.compile(r"#?([0-9]{1,16})")
_VERBS: Mapping[str, To] = {
    "won": Status.WON, "win": Status.WON, "closed won": Status.WON,
    "lost": Status.LOST, "lose": Status.LOST, "closed lost": Status.LOST,
    "pause": Status.PAUSED, "paused": Status.PAUSED,
    "resume": Verb.RESUME, "resumed": Verb.RESUME, "unpause": Verb.RESUME,
    "reopen": Verb.REOPEN, "reopened": Verb.REOPEN, "re-open": Verb.REOPEN,
}  # fmt: skip
_STAGES: Mapping[str, Status] = {
    **{stage.value: stage for stage in STAGES},
    "pitch": Status.PITCHING, "quote": Status.QUOTING, "quoted": Status.QUOTING,
}  # fmt: skip
_RUN = 6
"""Words that a date or an amount has at most: Monday the 30th of November 2026."""
_SCALES = frozenset({"bn", "mn", "mio", "mln", "mrd", "tsd", "thousand", "million", "billion"})
_SIGNS = frozenset({"kr", "zł", "Kč", "Ft", "Rs", *map(str.lower, COMMON)})


def parse(command: Command, text: str, context: Context) -> Request:
    """The request that the text of a slash command means; Refusal when it means none."""
    if command is Command.OPP:
        return opp(text, context)
    others: Mapping[Command, Callable[[str], Request]] = {
        Command.DEALTHREAD: dealthread,
        Command.CONTACT: contact,
        Command.PIPELINE: pipeline,
    }
    return others[command](text)


def dealthread(text: str) -> DealthreadRequest:
    requests: Mapping[str, DealthreadRequest] = {
        "": About(),
        "setup": Setup(),
        "settings": Settings(),
        "help": Help(Command.DEALTHREAD),
    }
    return _one_of(requests, text, Command.DEALTHREAD)


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
    requests: Mapping[str, PipelineRequest] = {
        "": Post(),
        "me": MyPipeline(),
        "help": Help(Command.PIPELINE),
    }
    return _one_of(requests, text, Command.PIPELINE)


def _one_of(requests: Mapping[str, R], text: str, command: Command) -> R:
    request = requests.get(fold(unescaped(text)))
    if request is None:
        forms = [f"`{command} {word}`" for word in requests if word]
        raise Refusal(f"Write `{command}`, {', '.join(forms[:-1])} or {forms[-1]}.")
    return request


def unescaped(text: str) -> str:
    """What was typed, from what Slack made of it: mentions and links by their names, &<> as such.

    In one pass, so that a typed "&lt;" stays those four characters.
    """
    return _ESCAPED.sub(_typed, text)


def _typed(found: re.Match[str]) -> str:
    sign, target, name, entity = found.groups()
    if entity:
        return _ENTITIES[entity]
    shown = unescaped(name or target.removeprefix("mailto:"))
    mark = "@" if sign == "!" else sign
    return shown if shown.startswith(mark) else mark + shown


def _numbered(words: list[str], context: Context) -> Show | ChangeStatus | None:
    """12, #12, 12 quoting; None when it is rather a name: 12 angry men, or a number too large."""
    found = _NUMBERED.fullmatch(digits(words[0]))
    number = int(found[1]) if found else _NUMBER_MAX + 1
    if number > _NUMBER_MAX:
        return None
    if len(words) == 1:
        return Show(number)
    status = fold(" ".join(words[1:])).removeprefix("move ").removeprefix("to ").rstrip(".")
    to = _status(status, context)
    if to is not None:
        return ChangeStatus(number, to)
    if len(words) > 2 and not words[0].startswith("#"):  # noqa: PLR2004 - several words are a name.
        return None
    stages = ", ".join(context.label(stage) for stage in STAGES)
    raise Refusal(
        f"Write `/opp {number} {context.label(Status.QUOTING).lower()}`, "
        f"or one of {stages}, won, lost, pause, resume, reopen."
    )


def _status(words: str, context: Context) -> To | None:
    """The documented words first, then the workspace's labels, then the stages' own names."""
    labels = {fold(label): status for status, label in context.labels.items()}
    return _VERBS.get(words) or labels.get(words) or _STAGES.get(words)


def _new(words: list[str], context: Context) -> NewOpportunity:
    """Takes value, close and "for X" off the end, each once and in any order, while it can."""
    value: Money | None = None
    close: date | None = None
    person: list[str] = []
    while True:
        fors = [at for at, word in enumerate(words[:-1]) if word.lower() == "for"]
        if close is None and (dated := _close_at_end(words, context)):
            words, close = dated
        elif value is None and (priced := _value_at_end(words, context)):
            words, value = priced
        elif fors and not person:
            words, person = words[: fors[-1]], words[fors[-1] :]
        else:
            break
    name, contact_words = " ".join(words), " ".join(person[1:])
    return NewOpportunity(name, contact_words, " ".join(words + person), value, close)


def _close_at_end(words: list[str], context: Context) -> tuple[list[str], date] | None:
    """The words before "close 30 Nov", and the day."""
    for at in range(max(0, len(words) - _RUN - 1), len(words) - 1):
        if words[at].lower() in ("close", "closes"):
            text = " ".join(words[at + 1 :])
            with suppress(Invalid):
                return words[:at], read_date(text, today=context.today, locale=context.locale)
    return None


def _value_at_end(words: list[str], context: Context) -> tuple[list[str], Money] | None:
    """The words before "1.2m EUR", and the amount: the longest run of words that is one."""
    for at in range(max(0, len(words) - _RUN), len(words)):
        text, currency, locale = " ".join(words[at:]), context.currency, context.locale
        if _is_priced(words[at:], locale):
            with suppress(Invalid):
                return words[:at], read_money(text, currency=currency, locale=locale)
    return None


def _is_priced(run: list[str], locale: str) -> bool:
    """Whether words may be an amount in a name: by a sign, a code, k or m, never a bare number.

    The value's own field is not so strict. Here Bob, all and pen, currencies of Bolivia, Albania
    and Peru, are words: a code counts in capitals, or in small letters when it is a common one;
    12b is a door and 12 m a length.
    """
    text = digits(" ".join(run))
    if sum(any(ch.isdigit() for ch in word) for word in run) > 1 and not _spaces_group(locale):
        return False
    if any(unicodedata.category(ch) == "Sc" for ch in text):
        return True
    letters = re.findall(r"[^\W\d_]+", text)
    scales = [word.lower() for word in letters if word not in _SIGNS and not is_currency(word)]
    signed, loose = len(scales) < len(letters), {word.lower() for word in run if word.isalpha()}
    return bool(letters) and all(
        word in _SCALES or (word in ("k", "m") and (signed or word not in loose)) for word in scales
    )


@lru_cache(maxsize=64)
def _spaces_group(locale: str) -> bool:
    """Whether 12 500 is one number there; elsewhere "phase 2 500 EUR" is 500."""
    from babel.numbers import get_group_symbol  # noqa: PLC0415 - loaded when first used.

    return str(get_group_symbol(known_locale(locale))).isspace()
