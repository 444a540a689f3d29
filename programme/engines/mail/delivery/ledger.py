"""The ledger: rows of the outbox as delivery reads and writes them, many by one prepared statement.

Ten thousand letters are read and written three times each; the session's own way of keeping rows costs several times
as much as the database does. What is read here is known to no session, and is written down by `write_down` alone.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import JSON, bindparam, select, update

from programme.engines.mail.models import OutboxMessage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Select, Update
    from sqlalchemy.orm import Session

TABLE: Any = OutboxMessage.__table__
AFTERWARDS = frozenset({"bounced_at", "bounce_status", "bounce_detail", "digest_id", "withdrawn_at"})
"""What concerns a letter that has gone or will not go."""
WHOLE = tuple(column.key for column in TABLE.c if column.key not in AFTERWARDS)
BRIEF = (
    *("id", "state", "letter", "dedup_key", "message_id", "person_id", "rule_id", "priority"),
    *("due_at", "valid_until", "attempts"),
)
"""What is asked of a letter as it is taken up."""
LEASED = ("lease_token", "lease_until", "inflight_at")
HELD = ("state", "due_at")
"""What changes as a letter is put off."""
TAKEN = ("state", *LEASED, "message_id")
"""What changes as a letter is taken up."""
MARKED = ("inflight_at", "lease_until", "subject_line", "body_id", "blanks")
"""What changes as a letter is about to leave."""
ENDED = (
    *("state", *LEASED, "attempts", "ambiguous_count", "due_at", "context"),
    *("last_code", "last_error", "accepted_at", "queue_id"),
)
"""What changes as it is known what became of it."""


class Entry:
    """A row as plain values: it reads like an OutboxMessage, and no session minds what happens to it."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)


def reading(names: tuple[str, ...]) -> Select[Any]:
    """Return the beginning of a statement that `entries` executes."""
    return select(*[TABLE.c[name] for name in names])


def entries(session: Session, statement: Select[Any], values: Mapping[str, Any]) -> Sequence[OutboxMessage]:
    """Return the rows that a statement finds, as plain values."""
    found = session.connection().execute(statement, values)
    names = tuple(found.keys())
    return [cast("OutboxMessage", Entry(dict(zip(names, row, strict=True)))) for row in found.all()]


def write_down(session: Session, rows: Sequence[OutboxMessage], columns: tuple[str, ...]) -> None:
    """Write some columns of rows that this transaction has locked."""
    if rows:
        known = [vars(row) for row in rows]
        values = [{"row": row["id"], **{f"new_{name}": row[name] for name in columns}} for row in known]
        session.connection().execute(writing_of(columns), values)


@cache
def writing_of(columns: tuple[str, ...]) -> Update:
    """Return the statement that writes columns of one row: built once."""
    values = {name: bindparam(f"new_{name}", type_=type_of(name)) for name in columns}
    statement: Update = update(TABLE).where(TABLE.c.id == bindparam("row")).values(values)
    return statement


def type_of(name: str) -> Any:
    """Return the type of a column; of JSON, nothing is written as nothing."""
    kind = TABLE.c[name].type
    return JSON(none_as_null=True) if isinstance(kind, JSON) else kind
