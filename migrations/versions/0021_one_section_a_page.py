"""openings whose form is filled in one section a page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move up: every form there is stays on one page."""
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.add_column(sa.Column("section_a_page", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.alter_column("section_a_page", server_default=None)


def downgrade() -> None:
    """Move down."""
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.drop_column("section_a_page")
