"""places in a series, choices of events, and groups of several."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LINE = 500
IS_LIVE = sa.text("state in ('draft', 'pending', 'waitlisted', 'offered', 'confirmed')")
IS_LEAVING = sa.text("leaves_at IS NOT NULL")
IS_APART = sa.text("state <> 'held'")
SHARE = ["opening_id", "state", "counts_for_id", "joined_at", "id"]


def upgrade() -> None:
    """Move up; whoever is registered already is one person, with every chair."""
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index("uq_registration_live")
        batch_op.drop_index("ix_registration_share")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.add_column(sa.Column("heads", BIG, nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("takes_weeks", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.alter_column("heads", server_default=None)
        batch_op.alter_column("takes_weeks", server_default=None)
    let_openings_say_how_many()
    bring_companions()
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lent_at", sa.DateTime(timezone=True), nullable=True))
    make_indexes()


def let_openings_say_how_many() -> None:
    """Let openings say how many events each person chooses, and how many one registration may be for."""
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.add_column(sa.Column("chooses", BIG, nullable=True))
        batch_op.add_column(sa.Column("may_choose_fewer", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("most_together", BIG, nullable=False, server_default="1"))
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.alter_column("may_choose_fewer", server_default=None)
        batch_op.alter_column("most_together", server_default=None)


def bring_companions() -> None:
    """Let others come along under a registration."""
    op.create_table(
        "companion",
        sa.Column("id", BIG, nullable=False),
        sa.Column("registration_id", BIG, nullable=False),
        sa.Column("name", sa.String(length=LINE), nullable=False),
        sa.Column("answer_sheet_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_sheet_id"], ["answer_sheet.id"], name=op.f("fk_companion_answer_sheet_id_answer_sheet")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["registration.id"],
            name=op.f("fk_companion_registration_id_registration"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companion")),
    )
    with op.batch_alter_table("companion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_companion_answer_sheet_id"), ["answer_sheet_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_companion_registration_id"), ["registration_id"], unique=False)


def make_indexes() -> None:
    """Make the indexes anew, after the tables were copied, as SQLite does."""
    make_live_unique()
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index("ix_registration_share", [*SHARE, "heads", "leaves_at"], unique=False)
        batch_op.create_index(
            "ix_registration_leaving",
            ["opening_id"],
            unique=False,
            sqlite_where=IS_LEAVING,
            postgresql_where=IS_LEAVING,
        )
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.create_index(
            "ix_seat_apart", ["event_id", "state"], unique=False, sqlite_where=IS_APART, postgresql_where=IS_APART
        )


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
    """Move down; a chair that was lent is one of somebody who waits again."""
    op.drop_table("companion")
    op.execute("UPDATE seat SET state = 'held' WHERE state = 'lent'")
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_index("ix_seat_apart")
    with op.batch_alter_table("seat", schema=None) as batch_op:
        batch_op.drop_column("lent_at")
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.drop_column("most_together")
        batch_op.drop_column("may_choose_fewer")
        batch_op.drop_column("chooses")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index("uq_registration_live")
        batch_op.drop_index("ix_registration_share")
        batch_op.drop_index("ix_registration_leaving")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_column("leaves_at")
        batch_op.drop_column("takes_weeks")
        batch_op.drop_column("heads")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index("ix_registration_share", SHARE, unique=False)
    make_live_unique()
