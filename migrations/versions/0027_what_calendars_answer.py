"""What people's calendars answered, chair by chair, and the tray of replies that somebody has to look at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ANSWER = sa.Enum("accepted", "tentative", "declined", name="answer", native_enum=False, length=40)
TRAY = sa.Enum("waiting", "applied", "dismissed", name="traystate", native_enum=False, length=40)


def upgrade() -> None:
    """Move up: nobody has answered yet."""
    make_answers()
    make_tray()


def make_answers() -> None:
    """Make the table of answers."""
    op.create_table(
        "seat_reply",
        sa.Column("seat_id", BIG, nullable=False),
        sa.Column("answer", ANSWER, nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gave_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_seat_reply_seat_id_seat"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_seat_reply")),
    )


def make_tray() -> None:
    """Make the tray."""
    op.create_table(
        "odd_reply",
        sa.Column("id", BIG, nullable=False),
        sa.Column("state", TRAY, nullable=False),
        sa.Column("registration_id", BIG, nullable=True),
        sa.Column("event_id", BIG, nullable=True),
        sa.Column("uid", sa.String(length=254), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("attendee_address", sa.String(length=254), nullable=False),
        sa.Column("subject_line", sa.String(length=500), nullable=False),
        sa.Column("said", sa.String(length=20), nullable=False),
        sa.Column("answer", ANSWER, nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_odd_reply_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_odd_reply_event_id_event"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_odd_reply_decided_by_id_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_odd_reply")),
    )
    with op.batch_alter_table("odd_reply", schema=None) as batch_op:
        batch_op.create_index("ix_odd_reply_tray", ["state", "came_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_odd_reply_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_odd_reply_registration_id"), ["registration_id"], unique=False)


def downgrade() -> None:
    """Move down: what was answered is forgotten."""
    op.drop_table("odd_reply")
    op.drop_table("seat_reply")
