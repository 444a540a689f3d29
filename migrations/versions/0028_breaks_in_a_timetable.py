"""Breaks in an event's timetable: between its parts, and no events themselves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Move up."""
    op.create_table(
        "timetable_break",
        sa.Column("id", BIG, nullable=False),
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("begins_after", BIG, nullable=False),
        sa.Column("minutes", BIG, nullable=False),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_timetable_break_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timetable_break")),
    )
    with op.batch_alter_table("timetable_break", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_timetable_break_event_id"), ["event_id"], unique=False)


def downgrade() -> None:
    """Move down: the breaks are gone."""
    op.drop_table("timetable_break")
