"""how long the ways between sites take; a roll of thousands in the order of joining."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Move up."""
    op.create_table(
        "travel_time",
        sa.Column("site", sa.String(length=20), nullable=False),
        sa.Column("other", sa.String(length=20), nullable=False),
        sa.Column("least", BIG, nullable=False),
        sa.Column("planned", BIG, nullable=False),
        sa.PrimaryKeyConstraint("site", "other", name=op.f("pk_travel_time")),
    )
    op.create_table(
        "opening_count",
        sa.Column("opening_id", BIG, nullable=False),
        sa.Column("revision", BIG, nullable=False),
        sa.Column("heads", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_opening_count_opening_id_opening"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("opening_id", name=op.f("pk_opening_count")),
    )
    op.create_index("ix_registration_joined", "registration", ["opening_id", "joined_at", "id"], unique=False)
    counted = ["opening_id", "state", "organisation_id", "counts_for_id", "prove_by"]
    op.create_index("ix_registration_origin", "registration", counted, unique=False)


def downgrade() -> None:
    """Move down."""
    op.drop_index("ix_registration_origin", table_name="registration")
    op.drop_index("ix_registration_joined", table_name="registration")
    op.drop_table("opening_count")
    op.drop_table("travel_time")
