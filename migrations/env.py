"""Alembic's entry: runs on the connection that `programme.core.schema` hands over."""

from __future__ import annotations

from alembic import context

from programme import tables
from programme.core.database import Instant


def render_plainly(kind: str, item: object, context: object) -> str | bool:
    """Write our own column types as the plain ones they are in the database."""
    del context
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.METADATA,
    render_as_batch=True,
    render_item=render_plainly,
    compare_type=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
