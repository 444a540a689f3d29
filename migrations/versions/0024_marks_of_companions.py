"""Who of a group came: a mark of their own for each who comes along; until now theirs was that of their chair."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AS_THEIR_CHAIR = """
INSERT INTO companion_mark (seat_id, companion_id, attendance, attended_at)
SELECT seat.id, companion.id, seat.attendance, seat.attended_at
FROM seat JOIN companion ON companion.registration_id = seat.registration_id
WHERE seat.attendance <> 'unknown'
"""


def upgrade() -> None:
    """Move up: whoever came along with somebody who was marked is marked alike, as they were counted."""
    op.create_table(
        "companion_mark",
        sa.Column("seat_id", BIG, nullable=False),
        sa.Column("companion_id", BIG, nullable=False),
        sa.Column(
            "attendance",
            sa.Enum("unknown", "present", "absent", name="attendance", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("attended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["seat_id"], ["seat.id"], name=op.f("fk_companion_mark_seat_id_seat"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["companion_id"],
            ["companion.id"],
            name=op.f("fk_companion_mark_companion_id_companion"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("seat_id", "companion_id", name=op.f("pk_companion_mark")),
    )
    with op.batch_alter_table("companion_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_companion_mark_companion_id"), ["companion_id"], unique=False)
    op.execute(AS_THEIR_CHAIR)


def downgrade() -> None:
    """Move down: the mark of a chair stands for its group again."""
    op.drop_table("companion_mark")
