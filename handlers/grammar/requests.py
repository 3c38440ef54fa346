"""What the text of a slash command can mean: one typed request each, and the help that says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Literal

from handlers.ids import Command, Verb
from store.activity import ActivityKind
from store.figures import Span
from store.money import Money
from store.opportunity.status import STAGES, Status
from store.workspace import Workspace


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
class Somebody:
    """A person as a command names them: by a mention, or in words where Slack made none of it."""

    user_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Handover:
    giver: Somebody
    taker: Somebody


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


@dataclass(frozen=True, slots=True)
class Digests:
    """/pipeline digest: those of this channel."""


@dataclass(frozen=True, slots=True)
class Stats:
    """/pipeline stats, and the period meant."""

    span: Span


@dataclass(frozen=True, slots=True)
class MyTasks:
    """/task alone: my open tasks."""


@dataclass(frozen=True, slots=True)
class TasksOf:
    number: int


@dataclass(frozen=True, slots=True)
class LatestActivities:
    """/activity alone: everybody's, newest first."""


@dataclass(frozen=True, slots=True)
class ActivitiesOf:
    """/activity 12: those of that opportunity."""

    number: int


@dataclass(frozen=True, slots=True)
class AddTask:
    """What words say of a task. An hour alone is that of the day on which it comes next.

    Only the store knows whether there is an opportunity of that `number`: if not, `otherwise` is
    what they say.
    """

    title: str = ""
    day: date | None = None
    hour: time | None = None
    person_id: str | None = None
    number: int | None = None
    otherwise: "AddTask | None" = None


@dataclass(frozen=True, slots=True)
class ThreadHelp:
    """@Dealthread alone in a card's thread, or with help."""


@dataclass(frozen=True, slots=True)
class Details:
    pass


@dataclass(frozen=True, slots=True)
class MoveTo:
    to: "To"


@dataclass(frozen=True, slots=True)
class LogActivity:
    """What stands in the form already."""

    number: int | None = None
    kind: ActivityKind | None = None
    what: str = ""


To = Status | Literal[Verb.RESUME, Verb.REOPEN]
"""Where a status change leads: Won, Lost and Paused ask; resume and reopen lead to its stage."""

DealthreadRequest = About | Help | Settings | Setup | Handover
OppRequest = Mine | Help | NewOpportunity | Show | ChangeStatus | Search
ContactRequest = Recent | Help | NewContact | SearchContacts
PipelineRequest = Post | MyPipeline | Digests | Stats | Help
TaskRequest = MyTasks | Help | TasksOf | AddTask
ThreadRequest = ThreadHelp | Details | MoveTo | AddTask | LogActivity
ActivityRequest = LatestActivities | ActivitiesOf | LogActivity | Help
Request = (
    DealthreadRequest
    | OppRequest
    | ContactRequest
    | PipelineRequest
    | TaskRequest
    | ActivityRequest
)

HELP: Mapping[Command, tuple[tuple[str, str], ...]] = {
    Command.DEALTHREAD: (
        ("/dealthread", "What Dealthread is and can do"),
        ("/dealthread setup", "Choose the deals channel, currency and time zone"),
        ("/dealthread settings", "See and change the settings: stages, lost reasons, channels"),
        (
            "/dealthread handover @alice @bob",
            "Hand over open deals, tasks and digests to somebody else",
        ),
    ),
    Command.OPP: (
        ("/opp", "My open opportunities"),
        ("/opp new Acme renewal for Jane Doe £12k close 30 Nov", "A new opportunity, prefilled"),
        ("/opp 12", "The page of #12"),
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
        ("/pipeline digest", "The digests of this channel: add, edit, pause, send now"),
        ("/pipeline stats", "Figures of this quarter: win rate, days, lost reasons, by owner"),
        ("/pipeline stats last quarter", "Figures of another period, such as this year"),
    ),
    Command.TASK: (
        ("/task", "My open tasks"),
        ("/task Send the quote to Jane friday 15:00 12", "A new task for #12, prefilled"),
        ("/task new", "A new task"),
        ("/task 12", "The tasks of #12"),
    ),
    Command.ACTIVITY: (
        ("/activity", "Who did what lately: calls, emails, meetings, notes"),
        ("/activity 12", "What was done for #12"),
        ("/activity new", "Log an activity"),
        ("/activity 12 Call: wants 3 seats", "Log a call on #12, prefilled"),
    ),
}
"""Usage and meaning, line by line; `help` itself works everywhere and goes without saying."""

MENTIONS: tuple[tuple[str, str], ...] = (
    ("@Dealthread quoting", "Change its status: a stage, won, lost, pause, resume, reopen"),
    ("@Dealthread task Send the quote friday 15:00 @bob", "Add a task"),
    ("@Dealthread log Call: wants 3 seats", "Log an activity"),
    ("@Dealthread details", "Where it stands, and its page"),
)
"""The same of what is written in a card's thread, where Slack takes no commands."""


def in_words(rows: Sequence[tuple[str, str]], workspace: Workspace) -> Sequence[tuple[str, str]]:
    """With the names that this workspace gives its stages, where they are its own."""
    called = [workspace.label(stage) for stage in STAGES]
    if called == [stage.label for stage in STAGES]:
        return rows
    quoting = workspace.label(Status.QUOTING).lower()
    stages = f"a stage ({', '.join(called)}),"
    return [
        (usage.replace(Status.QUOTING, quoting), meaning.replace("a stage,", stages))
        for usage, meaning in rows
    ]
