"""How somebody wants letters to tell their calendar of their places: by invitation or by a plain file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

CALENDAR_BY = sa.Enum("invitation", "file", name="calendarby", native_enum=False, length=40)


def upgrade() -> None:
    """Nobody has chosen yet."""
    with op.batch_alter_table("letter_choice", schema=None) as batch_op:
        batch_op.add_column(sa.Column("calendar_by", CALENDAR_BY, nullable=True))


def downgrade() -> None:
    """Take it out again."""
    with op.batch_alter_table("letter_choice", schema=None) as batch_op:
        batch_op.drop_column("calendar_by")
