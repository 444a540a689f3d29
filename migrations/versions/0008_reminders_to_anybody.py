"""reminders to other people than those with a place, repeated, and the usual ones as data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move up."""
    op.create_table(
        "usual_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column(
            "strand",
            sa.Enum(
                "cohorts", "placements", "entrepreneurship", "exchange", name="strand", native_enum=False, length=40
            ),
            nullable=True,
        ),
        sa.Column("letter", sa.String(length=60), nullable=False),
        sa.Column(
            "anchor",
            sa.Enum("start", "end", "closing", "deadline", "due", name="anchor", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("unit", sa.Enum("days", "hours", name="offsetunit", native_enum=False, length=40), nullable=False),
        sa.Column("offset", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "audience",
            sa.Enum(
                "confirmed",
                "waiting",
                "offered",
                "invited",
                "absent",
                "present",
                "organisers",
                "speakers",
                "answered",
                "tagged",
                "group",
                name="audience",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("repeat_days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usual_rule")),
    )
    with op.batch_alter_table("reminder_rule", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "audience",
                sa.Enum(
                    "confirmed",
                    "waiting",
                    "offered",
                    "invited",
                    "absent",
                    "present",
                    "organisers",
                    "speakers",
                    "answered",
                    "tagged",
                    "group",
                    name="audience",
                    native_enum=False,
                    length=40,
                ),
                nullable=False,
                server_default="confirmed",
            )
        )
        batch_op.add_column(sa.Column("parameters", sa.JSON(), nullable=True))
        batch_op.add_column(
            sa.Column("repeat_days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("subject_line", sa.String(length=500), nullable=False, server_default=sa.text("''"))
        )
        batch_op.add_column(sa.Column("words", sa.Text(), nullable=False, server_default=sa.text("''")))
    with op.batch_alter_table("reminder_rule", schema=None) as batch_op:
        batch_op.alter_column("audience", server_default=None)


def downgrade() -> None:
    """Move down."""
    with op.batch_alter_table("reminder_rule", schema=None) as batch_op:
        batch_op.drop_column("words")
        batch_op.drop_column("subject_line")
        batch_op.drop_column("repeat_days")
        batch_op.drop_column("parameters")
        batch_op.drop_column("audience")
    op.drop_table("usual_rule")
