"""A summary: everything about an opportunity, for one person, in one message."""

from dataclasses import dataclass

from store.opportunity.opportunity import Opportunity
from store.opportunity.timeline import Row
from store.task.task import Task
from store.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """`rows` are what was done, said and changed, oldest first, `total` all there is of it; `tasks`
    the open ones by when they are due, then the done ones, of `tasks_total`.
    """

    opportunity: Opportunity
    workspace: Workspace
    rows: tuple[Row, ...]
    total: int
    tasks: tuple[Task, ...]
    tasks_total: int
