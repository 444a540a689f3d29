"""letters are found by what they said, and by the day's letter that took them in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

HAS_BODY, IN_DIGEST = sa.text("body_id IS NOT NULL"), sa.text("digest_id IS NOT NULL")


def upgrade() -> None:
    """Move up."""
    op.create_index(
        "ix_outbox_message_body", "outbox_message", ["body_id"], sqlite_where=HAS_BODY, postgresql_where=HAS_BODY
    )
    op.create_index(
        "ix_outbox_message_digest", "outbox_message", ["digest_id"], sqlite_where=IN_DIGEST, postgresql_where=IN_DIGEST
    )


def downgrade() -> None:
    """Move down."""
    op.drop_index("ix_outbox_message_digest", "outbox_message")
    op.drop_index("ix_outbox_message_body", "outbox_message")
