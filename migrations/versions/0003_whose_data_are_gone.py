"""registrations may outlive their person's data; people are known to have signed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

IS_LIVE = sa.text("state in ('draft', 'pending', 'waitlisted', 'offered', 'confirmed')")


def upgrade() -> None:
    """Move up; whoever read mail at their address so far counts as having an account, so that none is taken away."""
    op.add_column("person", sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE person SET signed_in_at = COALESCE("
        "(SELECT MAX(created_at) FROM browser_session WHERE browser_session.person_id = person.id), address_proved_at)"
    )
    let_person_be_empty(may=True)


def downgrade() -> None:
    """Move down; registrations that name nobody go, as they did not exist before."""
    nameless = "(SELECT id FROM registration WHERE person_id IS NULL)"
    op.execute(f"DELETE FROM seat WHERE registration_id IN {nameless}")  # noqa: S608  nothing of it is given
    op.execute("DELETE FROM registration WHERE person_id IS NULL")
    let_person_be_empty(may=False)
    with op.batch_alter_table("person") as table:
        table.drop_column("signed_in_at")


def let_person_be_empty(*, may: bool) -> None:
    """Let registrations be nobody's, or forbid it; the partial index is made anew, as SQLite copies the table."""
    with op.batch_alter_table("registration") as table:
        table.drop_index("uq_registration_live")
    with op.batch_alter_table("registration") as table:
        table.alter_column("person_id", existing_type=sa.BigInteger(), nullable=may)
    with op.batch_alter_table("registration") as table:
        table.create_index(
            "uq_registration_live",
            ["opening_id", "person_id"],
            unique=True,
            sqlite_where=IS_LIVE,
            postgresql_where=IS_LIVE,
        )
