"""Bring digests, what needs attention, the settings of channels, and what figures go by."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "20261125_bring_digests"
down_revision = "20261125_add_what_hangs_on_deals"
branch_labels = None
depends_on = None

BY = ["workspace_id", "shelf", "rank", "currency"]
SUMMED = ["audience", "value_minor", "weighted_minor"]
PRESSING = ["aged_from", "next_task_id"]
_PAGE = 1000
_RESTED = ("resumed", "returned", "reopened", "won", "lost")


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

    op.add_column("history", sa.Column("from_stage", sa.String(length=20), nullable=True))
    op.add_column("history", sa.Column("to_stage", sa.String(length=20), nullable=True))
    op.add_column("opportunities", sa.Column("open_days", sa.Integer(), nullable=True))
    _look_back()
    of_stages = sa.text("from_stage IS NOT NULL OR to_stage IS NOT NULL")
    op.create_index(
        "ix_history_stages",
        "history",
        [
            "workspace_id",
            "from_stage",
            "to_stage",
            "days_before",
            "at",
            "undone_by",
            "opportunity_id",
        ],
        unique=False,
        sqlite_where=of_stages,
        postgresql_where=of_stages,
    )

    op.create_index(
        "ix_opportunities_closed",
        "opportunities",
        ["workspace_id", "closed_on", "status", "shelf", "audience", "open_days"],
        unique=False,
        sqlite_where=sa.text("closed_on IS NOT NULL"),
        postgresql_where=sa.text("closed_on IS NOT NULL"),
    )
    op.create_index(
        "ix_opportunities_figures",
        "opportunities",
        [
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
        ],
        unique=False,
        sqlite_where=sa.text("closed_on IS NOT NULL"),
        postgresql_where=sa.text("closed_on IS NOT NULL"),
    )

    op.drop_index("ix_opportunities_totals", table_name="opportunities")
    op.create_index(
        "ix_opportunities_totals", "opportunities", [*BY, "close_key", *SUMMED, *PRESSING]
    )


def downgrade() -> None:
    op.drop_index("ix_opportunities_totals", table_name="opportunities")
    op.create_index("ix_opportunities_totals", "opportunities", [*BY, *SUMMED])

    op.drop_index("ix_opportunities_figures", table_name="opportunities")
    op.drop_index("ix_opportunities_closed", table_name="opportunities")

    op.drop_index("ix_history_stages", table_name="history")
    op.drop_column("opportunities", "open_days")
    op.drop_column("history", "to_stage")
    op.drop_column("history", "from_stage")

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


def _look_back() -> None:
    """What the history tells of the stages that deals left and entered so far, and how many days
    those that are closed were open.
    """
    connection = op.get_bind()
    lines = sa.table(
        "history",
        *(sa.column(name) for name in ("id", "opportunity_id", "kind", "by", "undone_by")),
        *(sa.column(name) for name in ("from_stage", "to_stage")),
        sa.column("fields", sa.JSON()),
    )
    deals = sa.table(
        "opportunities",
        *(sa.column(name) for name in ("id", "workspace_id", "stage", "open_days")),
        sa.column("created_at", sa.DateTime(timezone=True)),
        sa.column("closed_on", sa.Date()),
    )
    teams = sa.table("workspaces", sa.column("workspace_id"), sa.column("tz"))
    zones = {row[0]: ZoneInfo(row[1]) for row in connection.execute(sa.select(teams))}
    paged = sa.select(deals).order_by(deals.c.id).limit(_PAGE)
    page: list[Any] = list(connection.execute(paged))
    while page:
        of_page = lines.c.opportunity_id.between(page[0].id, page[-1].id)
        kept: dict[int, list[Any]] = {}
        for line in connection.execute(sa.select(lines).where(of_page).order_by(lines.c.id)):
            kept.setdefault(line.opportunity_id, []).append(line)
        for deal in page:
            found = kept.get(deal.id, [])
            for line_id, left, entered in _stages(deal, found):
                stages = {"from_stage": left, "to_stage": entered}
                connection.execute(sa.update(lines).where(lines.c.id == line_id).values(stages))
            if deal.closed_on is not None:
                days = _open_days(deal, found, zones[deal.workspace_id])
                closed = sa.update(deals).where(deals.c.id == deal.id)
                connection.execute(closed.values(open_days=days))
        page = list(connection.execute(paged.where(deals.c.id > page[-1].id)))


def _stages(deal: Any, found: list[Any]) -> Iterator[tuple[int, str | None, str | None]]:
    """Of each line that tells of one: its id, the stage left, the stage entered."""
    firsts = (line.fields["stage"][0] for line in found if "stage" in line.fields)
    now = next(firsts, deal.stage)
    for line in found:
        moved = line.fields.get("stage")
        if line.kind == "created" and line.by is not None:
            yield line.id, None, now
        elif line.kind == "moved" and moved:
            yield line.id, moved[0], moved[1]
        elif line.kind in ("won", "lost"):
            yield line.id, now, None
        elif line.kind == "reopened":
            yield line.id, None, now
        now = moved[1] if moved else now


def _open_days(deal: Any, found: list[Any], zone: ZoneInfo) -> int:
    """From its making to its closing; what was paused or closed before moved `aged_from` on."""
    rest = timedelta(0)
    for line in found:
        before, after = line.fields.get("aged_from", (None, None))
        if line.kind in _RESTED and line.undone_by is None and before and after:
            rest += datetime.fromisoformat(after) - datetime.fromisoformat(before)
    days: int = (deal.closed_on - _local(deal.created_at, zone)).days
    return max(0, days - round(rest / timedelta(days=1)))


def _local(moment: datetime, zone: ZoneInfo) -> date:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(zone).date()
