"""Patterns of joint residentials are rows that people edit, and a residential is known as one, to be withdrawn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables; the pattern that an installation starts with comes with `programme init`."""
    op.create_table(
        "residential_pattern",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("organisation_id", NUMBER, nullable=True),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("revision", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_residential_pattern_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residential_pattern")),
    )
    op.create_index(op.f("ix_residential_pattern_organisation_id"), "residential_pattern", ["organisation_id"])
    op.create_table(
        "residential_part",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("pattern_id", NUMBER, nullable=False),
        sa.Column("position", NUMBER, nullable=False),
        sa.Column("weekday", NUMBER, nullable=False),
        sa.Column("title", sa.String(length=500), nullable=False),
        sa.Column("begins", NUMBER, nullable=False),
        sa.Column("minutes", NUMBER, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("in_person", "online", "travel", name="partkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("site", sa.String(length=10), nullable=False),
        sa.Column("from_site", sa.String(length=10), nullable=False),
        sa.Column("venue_id", NUMBER, nullable=True),
        sa.Column("stays_overnight", sa.Boolean(), nullable=False),
        sa.Column("is_proposed", sa.Boolean(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_residential_part_weekday")),
        sa.CheckConstraint(
            "begins >= 0 AND minutes > 0 AND begins + minutes < 1440", name=op.f("ck_residential_part_minutes")
        ),
        sa.ForeignKeyConstraint(
            ["pattern_id"],
            ["residential_pattern.id"],
            name=op.f("fk_residential_part_pattern_id_residential_pattern"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["venue_id"], ["venue.id"], name=op.f("fk_residential_part_venue_id_venue"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residential_part")),
        sa.UniqueConstraint("pattern_id", "position", name=op.f("uq_residential_part_pattern_id_position")),
    )
    op.create_index(op.f("ix_residential_part_venue_id"), "residential_part", ["venue_id"])
    op.create_table(
        "residential",
        sa.Column("series_id", NUMBER, nullable=False),
        sa.Column("cohort_id", NUMBER, nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_residential_series_id_series"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_residential_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("series_id", name=op.f("pk_residential")),
    )
    op.create_index(op.f("ix_residential_cohort_id"), "residential", ["cohort_id"])


def downgrade() -> None:
    """Take them out; patterns that were edited are lost, and which series are residentials."""
    op.drop_index(op.f("ix_residential_cohort_id"), table_name="residential")
    op.drop_table("residential")
    op.drop_index(op.f("ix_residential_part_venue_id"), table_name="residential_part")
    op.drop_table("residential_part")
    op.drop_index(op.f("ix_residential_pattern_organisation_id"), table_name="residential_pattern")
    op.drop_table("residential_pattern")
