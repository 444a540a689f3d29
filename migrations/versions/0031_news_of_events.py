"""News of events are counted apart from the SEQUENCE, which another place does not raise; warnings may be put aside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Move up: until now every news raised the SEQUENCE, so that letters which wait bear it as their number."""
    with op.batch_alter_table("event") as batch:
        batch.add_column(sa.Column("news", NUMBER, nullable=False, server_default="0"))
    op.execute("UPDATE event SET news = sequence")
    with op.batch_alter_table("event") as batch:
        batch.alter_column("news", server_default=None, existing_type=NUMBER)
    op.create_table(
        "warning_put_aside",
        sa.Column("event_id", NUMBER, nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("put_aside_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_warning_put_aside_event_id_event"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "mark", name=op.f("pk_warning_put_aside")),
    )


def downgrade() -> None:
    """Move down: the SEQUENCE never falls, and no news shares its number."""
    op.drop_table("warning_put_aside")
    op.execute("UPDATE event SET sequence = news WHERE news > sequence")
    with op.batch_alter_table("event") as batch:
        batch.drop_column("news")
