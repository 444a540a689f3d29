"""letters that are due, found in the order in which they go, however many are due at one instant."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the index end in the id: a hundred thousand letters of one instant need no sorting."""
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_message_due")
        batch_op.create_index("ix_outbox_message_due", ["state", "priority", "due_at", "id"], unique=False)


def downgrade() -> None:
    """Take the id out again."""
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_message_due")
        batch_op.create_index("ix_outbox_message_due", ["state", "priority", "due_at"], unique=False)
