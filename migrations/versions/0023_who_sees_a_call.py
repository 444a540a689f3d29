"""Who sees a call that belongs to no event, and which approval a line of a round ended as a reference that holds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

VISIBILITY = sa.Enum("public", "members", "hidden", name="visibility", native_enum=False, length=40)
ENDED = "fk_decision_line_withdrawn_id_approval"


def upgrade() -> None:
    """Move up: every call there is stays for everybody; what points to an approval that is gone points to nothing."""
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.add_column(sa.Column("visibility", VISIBILITY, nullable=False, server_default="public"))
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.alter_column("visibility", server_default=None)
    op.execute("UPDATE decision_line SET withdrawn_id = NULL WHERE withdrawn_id NOT IN (SELECT id FROM approval)")
    with op.batch_alter_table("decision_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_line_withdrawn_id"), ["withdrawn_id"], unique=False)
        batch_op.create_foreign_key(op.f(ENDED), "approval", ["withdrawn_id"], ["id"], ondelete="SET NULL")


def downgrade() -> None:
    """Move down."""
    with op.batch_alter_table("decision_line", schema=None) as batch_op:
        batch_op.drop_constraint(op.f(ENDED), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_decision_line_withdrawn_id"))
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.drop_column("visibility")
