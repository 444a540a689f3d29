"""an administrator can say that nothing is usual."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move up."""
    op.create_table(
        "usual_silence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column(
            "strand",
            sa.Enum(
                "cohorts", "placements", "entrepreneurship", "exchange", name="strand", native_enum=False, length=40
            ),
            nullable=True,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usual_silence")),
    )


def downgrade() -> None:
    """Move down."""
    op.drop_table("usual_silence")
