"""The rows that make it run, private to the store: what is to be delivered and at which rates, what
was heard already, installations under way.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.columns import Base, Id, SlackId, Team, only


class OutboxRow(Base):
    """One thing that people must see in Slack; see store/outbox/outbox.py for its life."""

    __tablename__ = "outbox"

    workspace_id: Mapped[str] = mapped_column(Team)
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20))
    ref_id: Mapped[int | None] = mapped_column(Id)
    opportunity_id: Mapped[int | None] = mapped_column(Id)
    data: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    wanted: Mapped[int] = mapped_column(default=1)
    done: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(10), default="due")
    priority: Mapped[int] = mapped_column(default=1)
    due_at: Mapped[datetime | None]
    not_before: Mapped[datetime]
    lease: Mapped[str | None] = mapped_column(String(40))
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(500))
    channel_id: Mapped[str | None] = mapped_column(SlackId)
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    ts: Mapped[str | None] = mapped_column(String(32))
    permalink: Mapped[str | None] = mapped_column(String(500))
    aimed_at: Mapped[datetime | None]
    """When its first post was about to go out; null while nothing can have arrived."""
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        Index("ix_outbox_due", "priority", "due_at", "id", **only("due_at IS NOT NULL")),
        Index(
            "ix_outbox_thread",
            "workspace_id",
            "opportunity_id",
            "id",
            **only("due_at IS NOT NULL AND ts IS NULL"),
        ),
        Index("ix_outbox_state", "state", **only("state NOT IN ('idle', 'due')")),
        Index("ix_outbox_kind", "workspace_id", "kind"),
        Index("ix_outbox_message", "workspace_id", "channel_id", "ts"),
    )


class BudgetRow(Base):
    """A rate that Slack allows, shared by all copies: when the next call would be on pace."""

    __tablename__ = "budgets"

    workspace_id: Mapped[str] = mapped_column(Team, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    next_at: Mapped[datetime]

    __table_args__ = (Index(None, "next_at"),)


class HeardRow(Base):
    """What was already heard, with the answer it got: a repeat gets the same one."""

    __tablename__ = "heard"

    workspace_id: Mapped[str] = mapped_column(Team, primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    at: Mapped[datetime]

    __table_args__ = (Index(None, "at"),)


class CatchUpRow(Base):
    """Who picks up what was said in a workspace while nobody heard it; see
    usecases/comment/catching_up.py. A lease as in the outbox: where its holder died, another takes
    it when it has run out.
    """

    __tablename__ = "catch_ups"

    workspace_id: Mapped[str] = mapped_column(Team, primary_key=True)
    lease: Mapped[str | None] = mapped_column(String(40))
    leased_until: Mapped[datetime]
    refused: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """By channel, why Slack did not let it be read, the last time."""


class StateRow(Base):
    """An OAuth installation under way: single use, short-lived."""

    __tablename__ = "oauth_states"

    state: Mapped[str] = mapped_column(String(100), primary_key=True)
    workspace_id: Mapped[str] = mapped_column(Team, default="")
    expires_at: Mapped[datetime]
