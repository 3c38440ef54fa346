"""Bring digests, what needs attention, and the settings of channels."""

import sqlalchemy as sa
from alembic import op

revision = "20261125_bring_digests"
down_revision = "20261125_add_what_hangs_on_deals"
branch_labels = None
depends_on = None

BY = ["workspace_id", "shelf", "rank", "currency"]
SUMMED = ["audience", "value_minor", "weighted_minor"]


def upgrade() -> None:
    op.create_table(
        "digests",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("maker_id", sa.String(length=32), nullable=False),
        sa.Column("rhythm", sa.String(length=20), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("month_day", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=5), nullable=False),
        sa.Column("tz", sa.String(length=64), nullable=False),
        sa.Column("filter", sa.JSON(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=32), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_by", sa.String(length=32), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_slot", sa.Date(), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_slot", sa.Date(), nullable=True),
        sa.Column("told_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_digests"),
        sa.UniqueConstraint("workspace_id", "id", name="uq_digests_workspace_id_id"),
    )
    op.create_index("ix_digests_channel", "digests", ["workspace_id", "channel_id"], unique=False)
    op.create_index("ix_digests_maker", "digests", ["workspace_id", "maker_id"], unique=False)
    op.create_index(
        "ix_digests_next",
        "digests",
        ["next_at", "id"],
        unique=False,
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )

    op.create_table(
        "rounds",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("workspace_id", "user_id", name="pk_rounds"),
    )
    op.create_index("ix_rounds_next", "rounds", ["next_at"], unique=False)

    op.create_table(
        "digest_runs",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column(
            "digest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("slot", sa.String(length=32), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id", "digest_id"],
            ["digests.workspace_id", "digests.id"],
            name="fk_digest_runs_workspace_id_digest_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_digest_runs"),
        sa.UniqueConstraint(
            "workspace_id", "digest_id", "slot", name="uq_digest_runs_workspace_id_digest_id_slot"
        ),
    )
    op.create_table(
        "attention",
        sa.Column("workspace_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column(
            "opportunity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "opportunity_id"],
            ["opportunities.workspace_id", "opportunities.id"],
            name="fk_attention_workspace_id_opportunity_id",
        ),
        sa.PrimaryKeyConstraint("workspace_id", "user_id", "opportunity_id", name="pk_attention"),
    )
    op.create_index(
        "ix_attention_opportunity", "attention", ["workspace_id", "opportunity_id"], unique=False
    )

    op.add_column("channels", sa.Column("settings", sa.JSON(), nullable=True))

    op.create_index("ix_history_at", "history", ["workspace_id", "at"], unique=False)

    op.create_index(
        "ix_opportunities_closed",
        "opportunities",
        ["workspace_id", "closed_on"],
        unique=False,
        sqlite_where=sa.text("closed_on IS NOT NULL"),
        postgresql_where=sa.text("closed_on IS NOT NULL"),
    )

    op.drop_index("ix_opportunities_totals", table_name="opportunities")
    op.create_index("ix_opportunities_totals", "opportunities", [*BY, "close_key", *SUMMED])


def downgrade() -> None:
    op.drop_index("ix_opportunities_totals", table_name="opportunities")
    op.create_index("ix_opportunities_totals", "opportunities", [*BY, *SUMMED])

    op.drop_index("ix_opportunities_closed", table_name="opportunities")

    op.drop_index("ix_history_at", table_name="history")

    op.drop_column("channels", "settings")

    op.drop_index("ix_attention_opportunity", table_name="attention")

    op.drop_table("attention")
    op.drop_table("digest_runs")
    op.drop_index("ix_rounds_next", table_name="rounds")

    op.drop_table("rounds")
    op.drop_index("ix_digests_next", table_name="digests")
    op.drop_index("ix_digests_maker", table_name="digests")
    op.drop_index("ix_digests_channel", table_name="digests")

    op.drop_table("digests")
