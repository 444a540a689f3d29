"""Alembic's entry: runs on the connection that `programme.core.schema.moving` hands over."""

from __future__ import annotations

from alembic import context

from programme import tables
from programme.core.database import Instant
from programme.engines.calendar.feeds import marks


def render_plainly(kind: str, item: object, context: object) -> str | bool:
    """Write our own column types as the plain ones they are in the database."""
    del context
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=tables.METADATA,
    render_as_batch=True,
    render_item=render_plainly,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    marks.lift(connection)  # a table that a trigger names cannot change its shape
    context.run_migrations()
    if context.get_context().get_current_revision() == context.get_head_revision():
        marks.place(connection)
