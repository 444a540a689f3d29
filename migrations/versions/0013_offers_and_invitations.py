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
    """Move up; what is there gives places at once, to whoever might have them before."""
    usual = sa.text(str(USUAL_MORNING))
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.add_column(sa.Column("offer_hours", BIG, nullable=True))
        batch_op.add_column(sa.Column("offer_morning", BIG, nullable=False, server_default=usual))
        batch_op.add_column(sa.Column("eligible_group_id", BIG, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_opening_eligible_group_id_person_group"),
            "person_group",
            ["eligible_group_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_index(batch_op.f("ix_opening_eligible_group_id"), ["eligible_group_id"], unique=False)
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
    make_lists()


def make_lists() -> None:
    """Make the tables of addresses and invitations."""
    op.create_table(
        "listed_address",
        sa.Column("opening_id", BIG, nullable=False),
        sa.Column("address_key", sa.String(length=254), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_listed_address_opening_id_opening"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("opening_id", "address_key", name=op.f("pk_listed_address")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", BIG, nullable=False),
        sa.Column("opening_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=500), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("address_key", sa.String(length=254), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("link_version", BIG, nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_invitation_opening_id_opening"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("opening_id", "address_key", name=op.f("uq_invitation_opening_id_address_key")),
    )
    op.create_index("ix_invitation_list", "invitation", ["opening_id", "state", "id"], unique=False)
    op.create_index("ix_invitation_address_key", "invitation", ["address_key"], unique=False)


def downgrade() -> None:
    """Move down."""
    op.drop_table("invitation")
    op.drop_table("listed_address")
    op.drop_index("ix_registration_answer_by", table_name="registration")
    op.drop_column("registration", "answer_by")
    op.drop_column("registration", "offered_at")
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opening_eligible_group_id"))
        batch_op.drop_constraint(batch_op.f("fk_opening_eligible_group_id_person_group"), type_="foreignkey")
        batch_op.drop_column("eligible_group_id")
        batch_op.drop_column("offer_morning")
        batch_op.drop_column("offer_hours")
