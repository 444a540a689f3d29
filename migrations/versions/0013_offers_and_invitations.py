"""places offered until a deadline; who may register by a group, a list of addresses, or an invitation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_OFFERED = sa.text("state = 'offered'")
USUAL_MORNING = 540


def upgrade() -> None:
    """Move up; what is there gives places at once, as before."""
    op.add_column("opening", sa.Column("offer_hours", BIG, nullable=True))
    op.add_column(
        "opening", sa.Column("offer_morning", BIG, nullable=False, server_default=sa.text(str(USUAL_MORNING)))
    )
    op.add_column("registration", sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("registration", sa.Column("answer_by", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_registration_answer_by",
        "registration",
        ["answer_by"],
        unique=False,
        sqlite_where=IS_OFFERED,
        postgresql_where=IS_OFFERED,
    )


def downgrade() -> None:
    """Move down."""
    op.drop_index("ix_registration_answer_by", table_name="registration")
    op.drop_column("registration", "answer_by")
    op.drop_column("registration", "offered_at")
    op.drop_column("opening", "offer_morning")
    op.drop_column("opening", "offer_hours")
