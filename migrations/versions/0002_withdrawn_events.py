"""what calendars hold of events that were withdrawn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move up."""
    op.create_table(
        "withdrawn_event",
        sa.Column("event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("was_public", sa.Boolean(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["event.id"],
            name=op.f("fk_withdrawn_event_event_id_event"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_withdrawn_event")),
    )
    with op.batch_alter_table("withdrawn_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_withdrawn_event_ends_at"), ["ends_at"], unique=False)


def downgrade() -> None:
    """Move down."""
    with op.batch_alter_table("withdrawn_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_withdrawn_event_ends_at"))

    op.drop_table("withdrawn_event")
