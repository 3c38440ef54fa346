"""What the Home of one person shows."""

from dataclasses import dataclass

from store.activity import Activity
from store.board import StageTotal
from store.contact import Contact
from store.digest.digest import Digest
from store.opportunity.opportunity import Opportunity
from store.person.person import Actor
from store.task.lists import TaskPage
from store.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Everything as they may see it: their overdue tasks and today's, the deals that they own by
    stage, the first of those that need attention, what was done last, the latest contacts, the
    digests.
    """

    viewer: Actor
    workspace: Workspace
    today: TaskPage
    tasks: bool
    """Whether they have, or had, any."""
    totals: tuple[StageTotal, ...]
    paused: int
    attention: tuple[Opportunity, ...]
    attention_total: int
    latest: tuple[Activity, ...]
    contacts: tuple[Contact, ...]
    digests: tuple[Digest, ...] = ()
    """The first of those that come to channels that they can see, and how many those are."""
    digests_total: int = 0

    @property
    def open(self) -> int:
        """How many open deals they own."""
        return sum(one.count for one in self.totals)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show yet, and never was."""
        theirs = bool(self.tasks or self.open or self.paused)
        return not (theirs or self.latest or self.contacts or self.digests)
