"""the door: what it allows, presses taken in, and what is asked afterwards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Move up."""
    make_the_door()
    make_feedback()


def make_the_door() -> None:
    """Make what a door allows, and the presses that were taken in."""
    op.create_table(
        "door",
        sa.Column("opening_id", BIG, nullable=False),
        sa.Column("takes_walk_ins", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_door_opening_id_opening"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("opening_id", name=op.f("pk_door")),
    )
    op.create_table(
        "door_act",
        sa.Column("id", BIG, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("seat_id", BIG, nullable=False),
        sa.Column("taken_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_door_act_seat_id_seat"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_act")),
        sa.UniqueConstraint("key", name=op.f("uq_door_act_key")),
    )
    with op.batch_alter_table("door_act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_door_act_seat_id"), ["seat_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_door_act_taken_in_at"), ["taken_in_at"], unique=False)


def make_feedback() -> None:
    """Make the form that is asked afterwards, what was said, and who has said something."""
    op.create_table(
        "feedback_form",
        sa.Column("opening_id", BIG, nullable=False),
        sa.Column("questionnaire_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_feedback_form_opening_id_opening"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_id"], ["questionnaire.id"], name=op.f("fk_feedback_form_questionnaire_id_questionnaire")
        ),
        sa.PrimaryKeyConstraint("opening_id", name=op.f("pk_feedback_form")),
        sa.UniqueConstraint("questionnaire_id", name=op.f("uq_feedback_form_questionnaire_id")),
    )
    op.create_table(
        "feedback",
        sa.Column("id", BIG, nullable=False),
        sa.Column("opening_id", BIG, nullable=False),
        sa.Column("answer_sheet_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["opening_id"], ["opening.id"], name=op.f("fk_feedback_opening_id_opening"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["answer_sheet_id"], ["answer_sheet.id"], name=op.f("fk_feedback_answer_sheet_id_answer_sheet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("answer_sheet_id", name=op.f("uq_feedback_answer_sheet_id")),
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_opening_id"), ["opening_id"], unique=False)
    op.create_table(
        "feedback_given",
        sa.Column("registration_id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_feedback_given_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("registration_id", name=op.f("pk_feedback_given")),
    )


def downgrade() -> None:
    """Move down."""
    for table in ("feedback_given", "feedback", "feedback_form", "door_act", "door"):
        op.drop_table(table)
