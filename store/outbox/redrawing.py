"""What looks different because a setting does is drawn anew, behind everything that somebody just
changed.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from store.outbox import outbox
from store.tables.machinery import OutboxRow
from store.tables.records import OpportunityRow


def cards(
    session: Session, workspace_id: str, now: datetime, which: ColumnElement[bool] | None = None
) -> None:
    """All cards that stand, or those of the opportunities that `which` is true of."""
    them = None
    if which is not None:
        them = select(OpportunityRow.id).where(OpportunityRow.workspace_id == workspace_id, which)
    outbox.want_standing(session, workspace_id, outbox.CARD, now, them)


def boards_and_homes(
    session: Session, workspace_id: str, now: datetime, *, by_id: str | None = None
) -> None:
    """All live boards, and the Home of everybody who ever looked at theirs."""
    outbox.want_boards(session, workspace_id, now, by_id=by_id)
    looked = select(OutboxRow.key).where(
        OutboxRow.workspace_id == workspace_id, OutboxRow.kind == outbox.HOME
    )
    ids = [key.removeprefix(f"{outbox.HOME}:") for key in session.scalars(looked)]
    outbox.want_homes(session, workspace_id, [one for one in ids if one != by_id], now)
