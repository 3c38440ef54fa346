"""Add activities, tasks and comments, and the next step of an opportunity."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_add_what_hangs_on_deals"
down_revision = "20261123_make_the_first_tables"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activities",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_by", sa.String(length=32), nullable=True),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "opportunity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source_link", sa.String(length=500), nullable=False),
        sa.Column("source_author", sa.String(length=255), nullable=False),
        sa.Column("permalink", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "contact_id"],
            ["contacts.workspace_id", "contacts.id"],
            name=op.f("fk_activities_workspace_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "opportunity_id"],
            ["opportunities.workspace_id", "opportunities.id"],
            name=op.f("fk_activities_workspace_id_opportunity_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
    )
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.create_index("ix_activities_at", ["workspace_id", "at", "id"], unique=False)
        batch_op.create_index(
            "ix_activities_by", ["workspace_id", "by_id", "at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_activities_contact", ["workspace_id", "contact_id", "at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_activities_kind", ["workspace_id", "kind", "at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_activities_opportunity",
            ["workspace_id", "opportunity_id", "at", "id"],
            unique=False,
        )

    op.create_table(
        "comments",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "opportunity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("ts", sa.String(length=32), nullable=False),
        sa.Column("thread_ts", sa.String(length=32), nullable=False),
        sa.Column("by_id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("former", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edited_ts", sa.String(length=32), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "opportunity_id"],
            ["opportunities.workspace_id", "opportunities.id"],
            name=op.f("fk_comments_workspace_id_opportunity_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint(
            "workspace_id", "channel_id", "ts", name=op.f("uq_comments_workspace_id_channel_id_ts")
        ),
    )
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.create_index(
            "ix_comments_opportunity", ["workspace_id", "opportunity_id", "at", "id"], unique=False
        )

    op.create_table(
        "tasks",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("assignee_id", sa.String(length=32), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_key", sa.String(length=16), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=32), nullable=True),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.Column("called_id", sa.String(length=32), nullable=True),
        sa.Column("changed_by", sa.String(length=32), nullable=True),
        sa.Column(
            "changed_with", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "opportunity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("created_by", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source_link", sa.String(length=500), nullable=False),
        sa.Column("source_author", sa.String(length=255), nullable=False),
        sa.Column("permalink", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "contact_id"],
            ["contacts.workspace_id", "contacts.id"],
            name=op.f("fk_tasks_workspace_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "opportunity_id"],
            ["opportunities.workspace_id", "opportunities.id"],
            name=op.f("fk_tasks_workspace_id_opportunity_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index(
            "ix_tasks_assignee",
            ["workspace_id", "assignee_id", "open", "due_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_tasks_changed_with",
            ["workspace_id", "changed_with"],
            unique=False,
            sqlite_where=sa.text("changed_with IS NOT NULL"),
            postgresql_where=sa.text("changed_with IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_tasks_contact",
            ["workspace_id", "contact_id", "open", "due_key", "id"],
            unique=False,
        )
        batch_op.create_index("ix_tasks_done", ["workspace_id", "done_at", "id"], unique=False)
        batch_op.create_index(
            "ix_tasks_done_by", ["workspace_id", "done_by", "done_at", "id"], unique=False
        )
        batch_op.create_index(
            "ix_tasks_due", ["workspace_id", "open", "due_key", "id"], unique=False
        )
        batch_op.create_index(
            "ix_tasks_opportunity",
            ["workspace_id", "opportunity_id", "open", "due_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_tasks_remind",
            ["remind_at"],
            unique=False,
            sqlite_where=sa.text("remind_at IS NOT NULL"),
            postgresql_where=sa.text("remind_at IS NOT NULL"),
        )

    op.create_table(
        "catch_ups",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("lease", sa.String(length=40), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", name=op.f("pk_catch_ups")),
    )

    with op.batch_alter_table("opportunities", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "next_task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )

    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        batch_op.add_column(sa.Column("heard_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("installed_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("updated_by", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.drop_table("catch_ups")
    with op.batch_alter_table("workspaces", schema=None) as batch_op:
        batch_op.drop_column("installed_at")
        batch_op.drop_column("heard_until")

    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.drop_column("updated_by")

    with op.batch_alter_table("opportunities", schema=None) as batch_op:
        batch_op.drop_column("next_task_id")

    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_tasks_remind",
            sqlite_where=sa.text("remind_at IS NOT NULL"),
            postgresql_where=sa.text("remind_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_tasks_opportunity")
        batch_op.drop_index("ix_tasks_due")
        batch_op.drop_index("ix_tasks_done_by")
        batch_op.drop_index("ix_tasks_done")
        batch_op.drop_index("ix_tasks_contact")
        batch_op.drop_index(
            "ix_tasks_changed_with",
            sqlite_where=sa.text("changed_with IS NOT NULL"),
            postgresql_where=sa.text("changed_with IS NOT NULL"),
        )
        batch_op.drop_index("ix_tasks_assignee")

    op.drop_table("tasks")
    with op.batch_alter_table("comments", schema=None) as batch_op:
        batch_op.drop_index("ix_comments_opportunity")

    op.drop_table("comments")
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.drop_index("ix_activities_opportunity")
        batch_op.drop_index("ix_activities_kind")
        batch_op.drop_index("ix_activities_contact")
        batch_op.drop_index("ix_activities_by")
        batch_op.drop_index("ix_activities_at")

    op.drop_table("activities")
