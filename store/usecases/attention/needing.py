"""What needs attention, as the condition of a query: what `opportunity.attention` says, in SQL."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, false, or_, select

from store.opportunity.attention import RETURNS_SOON
from store.opportunity.status import STAGES, Shelf, rank
from store.tables.entries import TaskRow
from store.tables.records import OpportunityRow
from store.usecases.task import lists as task_lists
from store.workspace import Workspace


def attention(place: Shelf, workspace: Workspace, now: datetime) -> ColumnElement[bool]:
    """Of what stands on that shelf."""
    if place is Shelf.OPEN:
        return _open(workspace, now)
    if place is Shelf.PAUSED:
        today = now.astimezone(workspace.zone).date()
        return OpportunityRow.paused_until <= today + RETURNS_SOON
    return false()


def _open(workspace: Workspace, now: datetime) -> ColumnElement[bool]:
    """Overdue to close, without a next step, red, or its next step overdue."""
    today = now.astimezone(workspace.zone).date()
    midnight = datetime.combine(today, datetime.min.time(), workspace.zone)
    red = [
        and_(
            OpportunityRow.rank == rank(stage),
            OpportunityRow.aged_from
            < min(now, midnight - timedelta(days=2 * workspace.expected_days[stage])),
        )
        for stage in STAGES
    ]
    # By what the index of totals has too: counting opens no deal.
    late = OpportunityRow.close_key < today.isoformat()
    aimless = OpportunityRow.next_task_id.is_(None)
    # Read once, from its index: there are few that are overdue, whoever looks at how many deals.
    undone = select(TaskRow.id).where(
        TaskRow.workspace_id == workspace.id, *task_lists.overdue(now, workspace.zone)
    )
    return or_(late, aimless, *red, OpportunityRow.next_task_id.in_(undone))
