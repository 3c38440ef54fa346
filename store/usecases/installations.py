"""Installations by OAuth that are under way: each begun in one browser, ended once."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from store.tables.machinery import StateRow

LIFETIME = timedelta(minutes=10)
"""As long as the code that Slack sends back holds."""


def begin(session: Session, state: str, now: datetime) -> None:
    """Keeps a state until it is used or its time is up; drops those whose time was up."""
    session.execute(delete(StateRow).where(StateRow.expires_at <= now))
    session.add(StateRow(state=state, expires_at=now + LIFETIME))


def end(session: Session, state: str, now: datetime) -> bool:
    """Whether this state was begun, not too long ago, and never used before. One statement: of two
    who come with the same state at once, the database lets one have it.
    """
    used = delete(StateRow).where(StateRow.state == state, StateRow.expires_at > now)
    return session.scalar(used.returning(StateRow.state)) is not None
