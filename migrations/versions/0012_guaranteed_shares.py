"""places guaranteed to an organisation, and whom a registration counts for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_LIVE = sa.text("state in ('draft', 'pending', 'waitlisted', 'offered', 'confirmed')")


def upgrade() -> None:
    """Move up; who is registered already counts for where they say they belong, if an address of theirs shows it."""
    op.create_table(
        "quota",
        sa.Column("opening_id", BIG, nullable=False),
        sa.Column("organisation_id", BIG, nullable=False),
        sa.Column("places", BIG, nullable=False),
        sa.Column("release_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release_days", BIG, nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_quota_opening_id_opening"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_quota_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("opening_id", "organisation_id", name=op.f("pk_quota")),
    )
    with op.batch_alter_table("quota", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quota_organisation_id"), ["organisation_id"], unique=False)
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.add_column(sa.Column("counts_when_proved", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.alter_column("counts_when_proved", server_default=None)
    count_for_organisations()


def count_for_organisations() -> None:
    """Let registrations count for an organisation; the partial index is made anew, as SQLite copies the table."""
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index("uq_registration_live")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.add_column(sa.Column("counts_for_id", BIG, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_registration_counts_for_id_organisation"), "organisation", ["counts_for_id"], ["id"]
        )
    op.execute(
        "UPDATE registration SET counts_for_id = organisation_id WHERE EXISTS (SELECT 1 FROM affiliation"
        " WHERE affiliation.person_id = registration.person_id AND affiliation.basis = 'proved'"
        " AND affiliation.organisation_id = registration.organisation_id)"
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index(
            "ix_registration_share", ["opening_id", "state", "counts_for_id", "joined_at", "id"], unique=False
        )
    make_live_unique()


def make_live_unique() -> None:
    """Make the partial index anew."""
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index(
            "uq_registration_live",
            ["opening_id", "person_id"],
            unique=True,
            sqlite_where=IS_LIVE,
            postgresql_where=IS_LIVE,
        )


def downgrade() -> None:
    """Move down."""
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index("uq_registration_live")
        batch_op.drop_index("ix_registration_share")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_registration_counts_for_id_organisation"), type_="foreignkey")
        batch_op.drop_column("counts_for_id")
    make_live_unique()
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.drop_column("counts_when_proved")
    with op.batch_alter_table("quota", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quota_organisation_id"))
    op.drop_table("quota")
