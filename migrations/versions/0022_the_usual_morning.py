"""From which hour in the morning offers may end where nobody chose for an opening: one for the installation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Nine, as it was for every opening before."""
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("offer_morning", BIG, nullable=False, server_default=sa.text("540")))


def downgrade() -> None:
    """Take it out again."""
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.drop_column("offer_morning")
