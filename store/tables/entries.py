"""The rows of what hangs on an opportunity: activities, tasks, comments. Private to the store.

Who sees one is never kept with it: that goes by the opportunity it hangs on, as it now is. One
without an opportunity is for every member.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from store.activity import ActivityKind
from store.tables.columns import Base, Id, SlackId, Team, only, words


class EntryRow(Base):
    """What activities and tasks have in common: their context, and where they came from."""

    __abstract__ = True

    workspace_id: Mapped[str] = mapped_column(Team)
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    opportunity_id: Mapped[int | None] = mapped_column(Id)
    contact_id: Mapped[int | None] = mapped_column(Id)
    created_by: Mapped[str] = mapped_column(SlackId)
    created_at: Mapped[datetime]
    source_link: Mapped[str] = mapped_column(String(500), default="")
    source_author: Mapped[str] = mapped_column(String(255), default="")
    """The message that it was made from, and who had written that; empty if from none."""
    permalink: Mapped[str | None] = mapped_column(String(500))
    """Of its message in the thread, once Slack has that."""
    version: Mapped[int] = mapped_column()

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.version}


def _context() -> tuple[ForeignKeyConstraint, ForeignKeyConstraint]:
    return (
        ForeignKeyConstraint(
            ["workspace_id", "opportunity_id"], ["opportunities.workspace_id", "opportunities.id"]
        ),
        ForeignKeyConstraint(
            ["workspace_id", "contact_id"], ["contacts.workspace_id", "contacts.id"]
        ),
    )


class ActivityRow(EntryRow):
    """Something that was done; `by_id` did it, and logged it. A deleted one keeps its row."""

    __tablename__ = "activities"

    kind: Mapped[ActivityKind] = mapped_column(words(ActivityKind))
    what: Mapped[str] = mapped_column(Text)
    by_id: Mapped[str] = mapped_column(SlackId)
    at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[str | None] = mapped_column(SlackId)

    __table_args__ = (
        *_context(),
        Index("ix_activities_at", "workspace_id", "at", "id"),
        Index("ix_activities_by", "workspace_id", "by_id", "at", "id"),
        Index("ix_activities_kind", "workspace_id", "kind", "at", "id"),
        Index("ix_activities_opportunity", "workspace_id", "opportunity_id", "at", "id"),
        Index("ix_activities_contact", "workspace_id", "contact_id", "at", "id"),
    )


class TaskRow(EntryRow):
    """Something to be done. `due_at` is an instant when it has an hour, else `due_on` alone says
    the day; `open` and `due_key` are derived from the rest by `task.rows.settle`, for lists.
    """

    __tablename__ = "tasks"

    title: Mapped[str] = mapped_column(String(200))
    notes: Mapped[str] = mapped_column(Text, default="")
    assignee_id: Mapped[str] = mapped_column(SlackId)
    due_on: Mapped[date | None]
    due_at: Mapped[datetime | None]
    due_key: Mapped[str] = mapped_column(String(16))
    open: Mapped[bool] = mapped_column(default=True)
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = mapped_column(SlackId)
    remind_at: Mapped[datetime | None]
    """When its assignee is reminded; null when they were, or are not to be."""
    quiet: Mapped[bool] = mapped_column(default=False)
    """**Stop** was pressed: nobody is reminded of it any more."""
    called_id: Mapped[str | None] = mapped_column(SlackId)
    """Whom its message in the thread mentions: the assignee that somebody else chose."""
    changed_by: Mapped[str | None] = mapped_column(SlackId)
    """Who changed it last, for whoever edits it meanwhile."""
    changed_with: Mapped[int | None] = mapped_column(Id)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The line of history that closed or moved it, and how it was before: Undo brings that back."""

    __table_args__ = (
        *_context(),
        Index("ix_tasks_assignee", "workspace_id", "assignee_id", "open", "due_key", "id"),
        Index("ix_tasks_due", "workspace_id", "open", "due_key", "id"),
        Index("ix_tasks_opportunity", "workspace_id", "opportunity_id", "open", "due_key", "id"),
        Index("ix_tasks_contact", "workspace_id", "contact_id", "open", "due_key", "id"),
        Index("ix_tasks_done", "workspace_id", "done_at", "id"),
        Index("ix_tasks_done_by", "workspace_id", "done_by", "done_at", "id"),
        Index("ix_tasks_remind", "remind_at", **only("remind_at IS NOT NULL")),
        Index(
            "ix_tasks_changed_with",
            "workspace_id",
            "changed_with",
            **only("changed_with IS NOT NULL"),
        ),
    )


class CommentRow(Base):
    """A reply that a person wrote in a card's thread. What was edited keeps its former texts, the
    oldest first, as [text, `edited_ts` of then]; a deleted one keeps its row. `edited_ts` is the
    newest edit that was heard of, for Slack's events have no order; empty as it was written.
    """

    __tablename__ = "comments"

    workspace_id: Mapped[str] = mapped_column(Team)
    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=True)
    opportunity_id: Mapped[int] = mapped_column(Id)
    channel_id: Mapped[str] = mapped_column(SlackId)
    ts: Mapped[str] = mapped_column(String(32))
    thread_ts: Mapped[str] = mapped_column(String(32))
    by_id: Mapped[str] = mapped_column(SlackId)
    text: Mapped[str] = mapped_column(Text)
    files: Mapped[list[Any]] = mapped_column(JSON, default=list)
    former: Mapped[list[Any]] = mapped_column(JSON, default=list)
    at: Mapped[datetime]
    edited_ts: Mapped[str] = mapped_column(String(32), default="")
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["workspace_id", "opportunity_id"], ["opportunities.workspace_id", "opportunities.id"]
        ),
        UniqueConstraint("workspace_id", "channel_id", "ts"),
        Index("ix_comments_opportunity", "workspace_id", "opportunity_id", "at", "id"),
    )
