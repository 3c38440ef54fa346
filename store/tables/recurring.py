"""The rows of what comes by itself: digests and each time they were due, what of the deals of a
person they were told needs them. Private to the store.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.digest.digest import Outcome, Rhythm
from store.tables.columns import Base, Id, SlackId, Team, only, words


class DigestRow(Base):
    """A pipeline summary posted on a schedule in a channel; `filter` as `boards.filter_as_json`.

    `next_slot` is the local day that it is due for, `next_at` that day's hour as an instant: null
    while it is paused. `last_slot` is the newest local day that was decided, which is never
    decided again, however the schedule is edited.
    """

    __tablename__ = "digests"

    workspace_id: Mapped[str] = mapped_column(Team)
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    channel_id: Mapped[str] = mapped_column(SlackId)
    maker_id: Mapped[str] = mapped_column(SlackId)
    rhythm: Mapped[Rhythm] = mapped_column(words(Rhythm))
    days: Mapped[list[int]]
    """Of a weekly one, the weekdays: 1 Monday to 7 Sunday (ISO 8601)."""
    month_day: Mapped[int]
    """Of a monthly one: 31 is the last day of a shorter month."""
    at: Mapped[str] = mapped_column(String(5))
    tz: Mapped[str] = mapped_column(String(64))
    filter: Mapped[dict[str, Any]]
    parts: Mapped[list[Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    changed_by: Mapped[str | None] = mapped_column(SlackId)
    paused_at: Mapped[datetime | None]
    paused_by: Mapped[str | None] = mapped_column(SlackId)
    """Null for Dealthread itself: it can't come any more as it is."""
    deleted_at: Mapped[datetime | None]
    next_slot: Mapped[date | None]
    next_at: Mapped[datetime | None]
    last_slot: Mapped[date | None]
    told_until: Mapped[datetime]
    """What changed before this was told by the last one: the next one begins here."""
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own name.
    __table_args__ = (
        UniqueConstraint("workspace_id", "id"),
        Index("ix_digests_channel", "workspace_id", "channel_id"),
        Index("ix_digests_maker", "workspace_id", "maker_id"),
        Index("ix_digests_next", "next_at", "id", **only("next_at IS NOT NULL")),
    )


class DigestRunRow(Base):
    """One time that a digest was due, or sent by hand: decided once, whoever decides it. `slot` is
    the local day, or `now …` for **Send now**; it tells what changed from `since` until `until`.
    """

    __tablename__ = "digest_runs"

    workspace_id: Mapped[str] = mapped_column(Team)
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    digest_id: Mapped[int] = mapped_column(Id)
    slot: Mapped[str] = mapped_column(String(32))
    due_at: Mapped[datetime]
    decided_at: Mapped[datetime]
    outcome: Mapped[Outcome] = mapped_column(words(Outcome))
    since: Mapped[datetime]
    until: Mapped[datetime]
    by: Mapped[str | None] = mapped_column(SlackId)
    """Who sent it by hand."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "digest_id", "slot"),
        ForeignKeyConstraint(["workspace_id", "digest_id"], ["digests.workspace_id", "digests.id"]),
    )


class AttentionRow(Base):
    """What an owner was told of one deal of theirs that needs attention: `said` is by reason what
    it was about and how bad, so that nothing is told twice unless it got worse.
    """

    __tablename__ = "attention"

    workspace_id: Mapped[str] = mapped_column(Team, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    opportunity_id: Mapped[int] = mapped_column(Id, primary_key=True)
    said: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    snoozed_until: Mapped[date | None]
    stopped: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "opportunity_id"], ["opportunities.workspace_id", "opportunities.id"]
        ),
        Index("ix_attention_opportunity", "workspace_id", "opportunity_id"),
    )


class RoundRow(Base):
    """When somebody who owns deals is next told what needs attention: one message a day at most,
    in their morning.
    """

    __tablename__ = "rounds"

    workspace_id: Mapped[str] = mapped_column(Team, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    next_at: Mapped[datetime]
    told_on: Mapped[date | None]
    """The local day of the last message."""

    __table_args__ = (Index("ix_rounds_next", "next_at"),)
