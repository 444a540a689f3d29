"""The declarative base, column types, and how transactions begin on each database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer, MetaData, String, event
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from enum import StrEnum

    from sqlalchemy.engine import Connection, Engine

LARGEST_ID = 2**63 - 1
BUSY_SECONDS = 30

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC on both databases; naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware value into what the database keeps."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant must be aware.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware UTC value."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigId = BigInteger().with_variant(Integer, "sqlite")
Key = Annotated[int, mapped_column(BigId, primary_key=True)]
Line = Annotated[str, mapped_column(String(500))]
"""A name or title: one line of at most 500 characters."""


class Base(DeclarativeBase):
    """Every table's base."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: Instant, int: BigId}  # noqa: RUF012  SQLAlchemy reads it from the class


def state_column(kind: type[StrEnum], *, default: StrEnum | None = None, index: bool = False) -> Any:
    """Return a column for a closed list of words, kept as text so that a new word needs no type change."""
    column_type = Enum(
        kind,
        native_enum=False,
        length=40,
        create_constraint=False,
        validate_strings=True,
        values_callable=lambda words: [word.value for word in words],
    )
    return mapped_column(column_type, default=default, index=index)


def begin_writing(session: Session) -> None:
    """Open the session's transaction as a writer, before its first query.

    On SQLite this is BEGIN IMMEDIATE: a read that becomes a write fails at once there, whatever the timeout.
    """
    session.connection(execution_options={"begin": "IMMEDIATE"})


def prepare_engine(engine: Engine) -> None:
    """Set up how connections of `engine` behave; call once, after it is made."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", prepare_sqlite_connection)
        event.listen(engine, "begin", begin_sqlite)


def prepare_sqlite_connection(connection: Any, record: object) -> None:
    """WAL, foreign keys, full durability; transactions are begun by us."""
    del record
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "cache_size=-16000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def begin_sqlite(connection: Connection) -> None:
    """Begin as the session asked: a plain BEGIN reads, IMMEDIATE writes."""
    kind = connection.get_execution_options().get("begin", "")
    connection.exec_driver_sql(f"BEGIN {kind}")
