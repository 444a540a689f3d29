"""Pictures of events: what was drawn once, and which event shows it with which words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
IS_SHOWN = sa.text("removed_at IS NULL")


def upgrade() -> None:
    """Move up: no event shows one yet."""
    op.create_table(
        "picture",
        sa.Column("id", BIG, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("width", BIG, nullable=False),
        sa.Column("height", BIG, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
    )
    op.create_table(
        "event_picture",
        sa.Column("id", BIG, nullable=False),
        sa.Column("event_id", BIG, nullable=False),
        sa.Column("picture_id", BIG, nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("credit", sa.String(length=500), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("removed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_picture_event_id_event"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["picture_id"], ["picture.id"], name=op.f("fk_event_picture_picture_id_picture")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_picture")),
    )
    with op.batch_alter_table("event_picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_picture_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_picture_picture_id"), ["picture_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_picture_removed_at"), ["removed_at"], unique=False)
        batch_op.create_index(
            "uq_event_picture_shown", ["event_id"], unique=True, sqlite_where=IS_SHOWN, postgresql_where=IS_SHOWN
        )


def downgrade() -> None:
    """Move down: the pictures are gone; what is left of their bytes is swept away."""
    op.execute("DELETE FROM document WHERE subject_kind = 'picture'")
    op.drop_table("event_picture")
    op.drop_table("picture")
