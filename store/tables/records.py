"""The rows, private to the store. Every table and every unique key begins with its workspace."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.opportunity.status import Shelf, Status
from store.person.person import Role
from store.tables.columns import Base, Id, SlackId, Team, only


class WorkspaceRow(Base):
    __tablename__ = "workspaces"

    workspace_id: Mapped[str] = mapped_column(Team, primary_key=True)
    name: Mapped[str] = mapped_column(String(255), default="")
    app_id: Mapped[str] = mapped_column(SlackId, default="")
    bot_id: Mapped[str] = mapped_column(SlackId, default="")
    bot_user_id: Mapped[str] = mapped_column(SlackId, default="")
    bot_token: Mapped[bytes | None] = mapped_column(LargeBinary)
    currency: Mapped[str] = mapped_column(String(3), default="GBP")
    locale: Mapped[str] = mapped_column(String(20), default="en_GB")
    tz: Mapped[str] = mapped_column(String(64), default="UTC")
    deals_channel: Mapped[str | None] = mapped_column(SlackId)
    set_up_at: Mapped[datetime | None]
    guess_told_at: Mapped[datetime | None]
    last_number: Mapped[int] = mapped_column(Id, default=0)
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    heard_until: Mapped[datetime | None]
    """Until when every reply in a thread was heard: what came after is asked for at a start."""
    installed_at: Mapped[datetime | None]
    uninstalled_at: Mapped[datetime | None]


class PersonRow(Base):
    __tablename__ = "people"

    workspace_id: Mapped[str] = mapped_column(Team, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    tz: Mapped[str] = mapped_column(String(64), default="UTC")
    locale: Mapped[str] = mapped_column(String(20), default="")
    role: Mapped[Role]
    admin: Mapped[bool] = mapped_column(default=False)
    deactivated: Mapped[bool] = mapped_column(default=False)
    read_at: Mapped[datetime]


class ChannelRow(Base):
    """`kind` is public, private or im; `shared` with another organisation; `members_read_at` is
    null until the members of a private channel are known: until then nobody sees what is in it.
    """

    __tablename__ = "channels"

    workspace_id: Mapped[str] = mapped_column(Team, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    name: Mapped[str] = mapped_column(String(255), default="")
    kind: Mapped[str] = mapped_column(String(10))
    bot_in: Mapped[bool] = mapped_column(default=False)
    archived: Mapped[bool] = mapped_column(default=False)
    shared: Mapped[bool] = mapped_column(default=False)
    read_at: Mapped[datetime]
    members_read_at: Mapped[datetime | None]
    settings: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What was chosen for this channel; see usecases/settings/channels.py."""


class MemberRow(Base):
    """Who is in a private channel that matters here: one that has cards."""

    __tablename__ = "channel_members"

    workspace_id: Mapped[str] = mapped_column(Team, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)

    __table_args__ = (Index(None, "workspace_id", "user_id"),)


class ContactRow(Base):
    __tablename__ = "contacts"

    workspace_id: Mapped[str] = mapped_column(Team)
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(200))
    company: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(200), default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    folded: Mapped[str] = mapped_column(String(500), default="")
    """Name and company for comparing: a second contact alike is pointed out."""
    email_folded: Mapped[str] = mapped_column(String(254), default="")
    created_by: Mapped[str] = mapped_column(SlackId)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    updated_by: Mapped[str | None] = mapped_column(SlackId)
    archived_at: Mapped[datetime | None]
    archived: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - see above.
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        Index(None, "workspace_id", "archived", "updated_at", "id"),
        Index(None, "workspace_id", "folded"),
        Index(None, "workspace_id", "email_folded"),
    )


class OpportunityRow(Base):
    """`shelf`, `rank`, `close_key` and `weighted_minor` are derived from the rest by `settle`,
    in one place, so that lists are pages on an index and totals are sums.
    """

    __tablename__ = "opportunities"

    workspace_id: Mapped[str] = mapped_column(Team)
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    number: Mapped[int] = mapped_column(Id)
    name: Mapped[str] = mapped_column(String(150))
    contact_id: Mapped[int | None] = mapped_column(Id)
    value_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="")
    probability: Mapped[int]
    status: Mapped[Status]
    stage: Mapped[Status]
    owner_id: Mapped[str | None] = mapped_column(SlackId)
    created_by: Mapped[str] = mapped_column(SlackId)
    created_at: Mapped[datetime]
    expected_close: Mapped[date | None]
    notes: Mapped[str] = mapped_column(Text, default="")
    stage_since: Mapped[datetime]
    aged_from: Mapped[datetime]
    """`stage_since`, moved on by the length of each pause."""
    status_since: Mapped[datetime]
    status_by: Mapped[str | None] = mapped_column(SlackId)
    final_value_minor: Mapped[int | None] = mapped_column(BigInteger)
    final_currency: Mapped[str] = mapped_column(String(3), default="")
    closed_on: Mapped[date | None]
    open_days: Mapped[int | None]
    """When it is closed: the days from its making to that, pauses left out."""
    lost_reason: Mapped[str] = mapped_column(String(100), default="")
    lost_note: Mapped[str] = mapped_column(Text, default="")
    paused_until: Mapped[date | None]
    returns_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    archived_by: Mapped[str | None] = mapped_column(SlackId)
    card_channel: Mapped[str | None] = mapped_column(SlackId)
    card_ts: Mapped[str | None] = mapped_column(String(32))
    card_permalink: Mapped[str | None] = mapped_column(String(500))
    old_thread: Mapped[str | None] = mapped_column(String(500))
    """The permalink of the thread of a card that is gone, if it had replies."""
    audience: Mapped[str] = mapped_column(SlackId, default="")
    shelf: Mapped[Shelf]
    rank: Mapped[int]
    close_key: Mapped[str] = mapped_column(String(10), default="")
    weighted_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    last_change: Mapped[int | None] = mapped_column(Id)
    """The newest line of its history: what **Undo last change** is about."""
    next_task_id: Mapped[int | None] = mapped_column(Id)
    """Its open task that is due first: the next step. Derived, kept by `task.rows.settle_next`."""
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - see above.
    __table_args__ = (
        UniqueConstraint("workspace_id", "number"),
        UniqueConstraint("workspace_id", "id"),
        ForeignKeyConstraint(
            ["workspace_id", "contact_id"], ["contacts.workspace_id", "contacts.id"]
        ),
        Index(
            "ix_opportunities_totals",
            "workspace_id",
            "shelf",
            "rank",
            "currency",
            "close_key",
            "audience",
            "value_minor",
            "weighted_minor",
            "aged_from",
            "next_task_id",
        ),
        Index("ix_opportunities_closing", "workspace_id", "shelf", "rank", "close_key", "number"),
        Index(
            "ix_opportunities_weighted",
            "workspace_id",
            "shelf",
            "currency",
            "weighted_minor",
            "number",
        ),
        Index("ix_opportunities_days", "workspace_id", "shelf", "aged_from", "number"),
        Index("ix_opportunities_newest", "workspace_id", "shelf", "number"),
        Index("ix_opportunities_owner", "workspace_id", "owner_id", "shelf", "rank", "close_key"),
        Index("ix_opportunities_contact", "workspace_id", "contact_id", "shelf", "number"),
        Index("ix_opportunities_card", "workspace_id", "card_channel"),
        Index("ix_opportunities_returns", "returns_at"),
        # Figures are read from these two alone, by period and in the order of their groups.
        Index(
            "ix_opportunities_closed",
            "workspace_id",
            "closed_on",
            "status",
            "shelf",
            "audience",
            "open_days",
            **only("closed_on IS NOT NULL"),
        ),
        Index(
            "ix_opportunities_figures",
            "workspace_id",
            "status",
            "owner_id",
            "lost_reason",
            "currency",
            "final_currency",
            "closed_on",
            "shelf",
            "audience",
            "value_minor",
            "final_value_minor",
            **only("closed_on IS NOT NULL"),
        ),
    )


class HistoryRow(Base):
    __tablename__ = "history"

    workspace_id: Mapped[str] = mapped_column(Team)
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    opportunity_id: Mapped[int] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(20))
    by: Mapped[str | None] = mapped_column(SlackId)
    at: Mapped[datetime]
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    days_before: Mapped[int | None]
    from_stage: Mapped[Status | None]
    to_stage: Mapped[Status | None]
    """Which stage it left by this change, and which it entered; set by `stages_of`."""
    undone_by: Mapped[str | None] = mapped_column(SlackId)
    reverses: Mapped[int | None] = mapped_column(Id)

    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "opportunity_id"], ["opportunities.workspace_id", "opportunities.id"]
        ),
        Index(None, "workspace_id", "opportunity_id", "id"),
        Index("ix_history_at", "workspace_id", "at"),
        Index(
            "ix_history_stages",
            "workspace_id",
            "from_stage",
            "to_stage",
            "days_before",
            "at",
            "undone_by",
            "opportunity_id",
            **only("from_stage IS NOT NULL OR to_stage IS NOT NULL"),
        ),
    )


class ThreadRow(Base):
    """Every message that is or was a card: its thread counts as the opportunity's thread."""

    __tablename__ = "threads"

    workspace_id: Mapped[str] = mapped_column(Team, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    ts: Mapped[str] = mapped_column(String(32), primary_key=True)
    opportunity_id: Mapped[int] = mapped_column(Id)


class BoardRow(Base):
    """A posted board; `rows` are the ids on its page, so that none moves by itself."""

    __tablename__ = "boards"

    workspace_id: Mapped[str] = mapped_column(Team)
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    channel_id: Mapped[str] = mapped_column(SlackId)
    maker_id: Mapped[str] = mapped_column(SlackId)
    query: Mapped[dict[str, Any]]
    rows: Mapped[list[int]]
    live: Mapped[bool] = mapped_column(default=True)
    newer_id: Mapped[int | None] = mapped_column(Id)

    __table_args__ = (Index(None, "workspace_id", "channel_id", "live"),)
