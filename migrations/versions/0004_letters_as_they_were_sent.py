"""letters as they were sent, what came back, and digests that took letters in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move up."""
    op.create_table(
        "letter_body",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("subject_line", sa.String(length=500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_body")),
        sa.UniqueConstraint("digest", name=op.f("uq_letter_body_digest")),
    )
    with op.batch_alter_table("letter_body", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_body_made_at"), ["made_at"], unique=False)
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("bounce_status", sa.String(length=20), server_default=sa.text("''"), nullable=False)
        )
        batch_op.add_column(
            sa.Column("bounce_detail", sa.String(length=500), server_default=sa.text("''"), nullable=False)
        )
        batch_op.add_column(sa.Column("body_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("blanks", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("digest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))


def downgrade() -> None:
    """Move down."""
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_column("digest_id")
        batch_op.drop_column("blanks")
        batch_op.drop_column("body_id")
        batch_op.drop_column("bounce_detail")
        batch_op.drop_column("bounce_status")
        batch_op.drop_column("bounced_at")
    with op.batch_alter_table("letter_body", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_body_made_at"))
    op.drop_table("letter_body")
