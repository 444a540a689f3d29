"""Signatures know whose record they stand in and who asked; meetings of supervision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def words(*kinds: str, name: str) -> sa.Enum:
    """Return the type of a closed list of words."""
    return sa.Enum(*kinds, name=name, native_enum=False, length=40)


def upgrade() -> None:
    """Move up: nothing could be signed until now, so no row is lost."""
    op.create_table(
        "supervision_meeting",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("candidature_id", NUMBER, nullable=False),
        sa.Column("met_on", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", words("logged", "agreed", "refused", name="meetingstate"), nullable=False),
        sa.Column("logged_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["candidature_id"],
            ["candidature.id"],
            name=op.f("fk_supervision_meeting_candidature_id_candidature"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_meeting")),
        sa.UniqueConstraint("candidature_id", "met_on", name=op.f("uq_supervision_meeting_candidature_id_met_on")),
    )
    op.execute("DELETE FROM signature")
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.add_column(sa.Column("candidature_id", NUMBER, nullable=False))
        batch_op.add_column(sa.Column("asked_by_id", NUMBER, nullable=True))
        batch_op.create_index(batch_op.f("ix_signature_candidature_id"), ["candidature_id"])
        batch_op.create_index(batch_op.f("ix_signature_asked_by_id"), ["asked_by_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_signature_candidature_id_candidature"),
            "candidature",
            ["candidature_id"],
            ["id"],
            ondelete="CASCADE",
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_signature_asked_by_id_person"), "person", ["asked_by_id"], ["id"], ondelete="SET NULL"
        )


def downgrade() -> None:
    """Move down: who asked is forgotten, and the meetings."""
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_signature_asked_by_id_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_signature_candidature_id_candidature"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_signature_asked_by_id"))
        batch_op.drop_index(batch_op.f("ix_signature_candidature_id"))
        batch_op.drop_column("asked_by_id")
        batch_op.drop_column("candidature_id")
    op.drop_table("supervision_meeting")
