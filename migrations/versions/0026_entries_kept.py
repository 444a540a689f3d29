"""Entries of calendars kept as bytes, the row that tells that feeds may have changed, and alarms of own calendars."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_EACH_EVENT = """
INSERT INTO calendar_block (event_id, variant, mark, written, edition)
SELECT id, 'public', 1, 0, '' FROM event
"""


def upgrade() -> None:
    """Move up: every event has its block, to be written by `programme init` or when it is first read."""
    op.create_table(
        "calendar_revision",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_in", BIG, nullable=False),
        sa.Column("base_url", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_revision")),
    )
    op.create_table(
        "calendar_block",
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("variant", sa.String(20), nullable=False),
        sa.Column("mark", BIG, nullable=False),
        sa.Column("written", BIG, nullable=False),
        sa.Column("edition", sa.String(16), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_calendar_block_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "variant", name=op.f("pk_calendar_block")),
    )
    with op.batch_alter_table("calendar_block", schema=None) as batch_op:
        batch_op.create_index(
            "ix_calendar_block_standing", ["event_id", "variant", "mark", "written", "edition"], unique=False
        )
    op.execute(OF_EACH_EVENT)
    with op.batch_alter_table("personal_feed", schema=None) as batch_op:
        batch_op.add_column(sa.Column("alarm_minutes", BIG, nullable=True))


def downgrade() -> None:
    """Move down: feeds are written as they are read, and own calendars remind of nothing."""
    with op.batch_alter_table("personal_feed", schema=None) as batch_op:
        batch_op.drop_column("alarm_minutes")
    op.drop_table("calendar_block")
    op.drop_table("calendar_revision")
