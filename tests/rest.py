"""When the bot has nothing more to do: asked of its outbox and of what it has under way."""

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.app import App
from bot.person.meeting import TRIES, Meeting
from store.outbox import budget, claims, outbox
from store.tables.machinery import OutboxRow

SOON = timedelta(seconds=1)
"""What is due later, a board's next look or a second try, is for those tests that are about it."""


def waits_for(app: App) -> str:
    """What it will show within a second, and what it is doing; no words when it is at rest."""
    under_way = {
        "private words": app.whispers._under_way,
        "calls of the outbox": app.delivery._under_way,
        "threads to catch up with": app.catching_up._under_way,
        "people to meet": _are_met_now(app.meeting),
    }
    doing = [what for what, things in under_way.items() if things]
    return ", ".join(doing or app.store.read_now(coming, app.clock()))


def _are_met_now(meeting: Meeting) -> bool:
    """Who could not be looked up is asked about again much later."""
    running = meeting._running is not None and not meeting._running.done()
    return running and all(tries == TRIES for _, _, tries in meeting._waiting)


def coming(session: Session, now: datetime) -> list[str]:
    """The rows of the outbox that are under way, or that delivery takes within a second: neither
    those that wait for Slack's pace nor those that wait for another that is due later.
    """
    soon = now + SOON
    closed = [charge for charge, at in budget.waiting(session, now).items() if at > soon]
    due = [
        claims.next_rows(soon, priority, 1, closed).whereclause for priority in outbox.PRIORITIES
    ]
    found = select(OutboxRow.key).where(or_(OutboxRow.state == outbox.SENDING, *due))
    return list(session.scalars(found))


def is_noted(session: Session, workspace_id: str, channel_id: str, ts: str) -> bool:
    """Whether the bot knows by now that this message of its stands: the database has it."""
    stands = (OutboxRow.channel_id == channel_id, OutboxRow.ts == ts)
    found = select(func.count()).where(OutboxRow.workspace_id == workspace_id, *stands)
    return bool(session.scalar(found))
