"""Spreadsheets of cohorts that wait to be confirmed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the table of waiting spreadsheets."""
    op.create_table(
        "cohort_sheet",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("cohort_id", NUMBER, nullable=False),
        sa.Column("person_id", NUMBER, nullable=True),
        sa.Column("filename", sa.String(length=500), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("not_read", sa.JSON(), nullable=False),
        sa.Column("uploaded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_sheet_cohort_id_cohort"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_cohort_sheet_person_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_sheet")),
    )
    op.create_index(op.f("ix_cohort_sheet_cohort_id"), "cohort_sheet", ["cohort_id"])
    op.create_index(op.f("ix_cohort_sheet_person_id"), "cohort_sheet", ["person_id"])


def downgrade() -> None:
    """Take it away; what waits is uploaded again."""
    op.drop_index(op.f("ix_cohort_sheet_person_id"), table_name="cohort_sheet")
    op.drop_index(op.f("ix_cohort_sheet_cohort_id"), table_name="cohort_sheet")
    op.drop_table("cohort_sheet")
