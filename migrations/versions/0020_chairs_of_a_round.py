"""What a decision about many did to chairs, and which decision of the universities it ended, kept to be undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Rounds decided before know of none: of them chairs stay as they are, and keys are asked for anew."""
    with op.batch_alter_table("decision_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("chairs", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_id", BIG, nullable=True))


def downgrade() -> None:
    """Take both out again."""
    with op.batch_alter_table("decision_line", schema=None) as batch_op:
        batch_op.drop_column("withdrawn_id")
        batch_op.drop_column("chairs")
