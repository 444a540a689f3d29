"""Who sees a call that belongs to no event, and which approval a line of a round ended as a reference that holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

VISIBILITY = sa.Enum("public", "members", "hidden", name="visibility", native_enum=False, length=40)


def upgrade() -> None:
    """Move up: every call there is stays as it was, for everybody."""
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.add_column(sa.Column("visibility", VISIBILITY, nullable=False, server_default="public"))
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.alter_column("visibility", server_default=None)


def downgrade() -> None:
    """Move down."""
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.drop_column("visibility")
