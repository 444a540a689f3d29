"""Where researchers are after their doctorate."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def words(*kinds: str, name: str) -> sa.Enum:
    """Return the type of a closed list of words."""
    return sa.Enum(*kinds, name=name, native_enum=False, length=40)


def upgrade() -> None:
    """Move up: nobody was asked yet."""
    op.create_table(
        "destination",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("candidature_id", NUMBER, nullable=False),
        sa.Column("years", NUMBER, nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("link_version", NUMBER, nullable=False),
        sa.Column(
            "occupation",
            words("research", "other_work", "own_company", "study", "looking", "else", name="occupation"),
            nullable=True,
        ),
        sa.Column("region", words("liverpool", "oxfordshire", "uk", "abroad", name="region"), nullable=True),
        sa.Column(
            "sector",
            words(
                "university", "materials", "health", "climate", "creative", "digital", "public", "other", name="sector"
            ),
            nullable=True,
        ),
        sa.Column("employer", sa.String(length=200), nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("declined_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["candidature_id"],
            ["candidature.id"],
            name=op.f("fk_destination_candidature_id_candidature"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destination")),
        sa.UniqueConstraint("candidature_id", "years", name=op.f("uq_destination_candidature_id_years")),
    )


def downgrade() -> None:
    """Move down: nobody said anything."""
    op.drop_table("destination")
