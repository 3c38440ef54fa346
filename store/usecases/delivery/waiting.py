"""What still waits to be shown in Slack, for whoever must know that it stands."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from store.outbox import outbox
from store.tables.machinery import OutboxRow


def pending(session: Session, now: datetime) -> bool:
    """Whether anything is due by now, or on its way to Slack."""
    under_way = OutboxRow.state == outbox.SENDING
    waiting = select(OutboxRow.id).where(or_(OutboxRow.due_at <= now, under_way))
    return session.scalar(waiting.limit(1)) is not None
