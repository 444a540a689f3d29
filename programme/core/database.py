"""The declarative base, column types, and how transactions begin on each database."""

from __future__ import annotations

import fcntl
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer, MetaData, String, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, make_transient_to_detached, mapped_column
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from enum import StrEnum

    from sqlalchemy.engine import Connection, Engine
    from sqlalchemy.pool import ConnectionPoolEntry

LARGEST_ID = 2**63 - 1
BUSY_SECONDS = 30
WRITING, READING = "IMMEDIATE", "DEFERRED"
"""How a transaction begins, in SQLite's words; without either it may turn out to be one or the other."""

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


Row = TypeVar("Row", bound=Base)


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
    session.connection(execution_options={"begin": WRITING})


def begin_reading(session: Session) -> None:
    """Open the session's transaction as a reader, before its first query.

    PostgreSQL reads each statement as of its beginning, within a transaction or without: so it has none, and is spared
    two of the few round trips that a page takes.
    """
    session.connection(execution_options={"begin": READING})


def go_on_writing(session: Session) -> None:
    """End a transaction that only read, and open one as a writer: what follows must read afresh what it decides on."""
    session.commit()
    begin_writing(session)


def go_on_in_a_transaction(session: Session) -> None:
    """End what only read, and open a transaction: savepoints and reading row by row need one on PostgreSQL."""
    session.commit()
    session.connection(execution_options={"begin": ""})


def adopt(session: Session, row: Row) -> Row:
    """Let the session know a row that a statement of its own has just inserted: `row` has what was inserted, id too."""
    make_transient_to_detached(row)
    session.add(row)
    return row


class Turns:
    """Writers of one SQLite file take turns, in the order they come: by a lock in this process, then by one on a file.

    SQLite alone lets waiting writers sleep and look again, up to 100 ms each time, while the file lies idle. The
    operating system frees the lock of a process that dies.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.here = threading.Lock()

    def take(self, held: dict[Any, Any]) -> None:
        """Wait for the turn and note it in `held`; OperationalError where nobody gives way for long."""
        if "turn" in held:
            return
        if not self.here.acquire(timeout=BUSY_SECONDS):
            raise OperationalError("BEGIN IMMEDIATE", None, TimeoutError("database is locked"))
        try:
            held["turn"] = taken(self.path)
        except BaseException:
            self.here.release()
            raise

    def give(self, held: dict[Any, Any]) -> None:
        """Let the next one write."""
        descriptor = held.pop("turn", None)
        if descriptor is not None:
            os.close(descriptor)
            self.here.release()


def taken(path: Path) -> int:
    """Return the descriptor of a locked file; it is locked until it is closed."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def prepare_engine(engine: Engine) -> None:
    """Set up how connections of `engine` behave; call once, after it is made."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", prepare_sqlite_connection)
        begin_in_turn(engine, Turns(Path(f"{engine.url.database}-turn")))
    else:
        event.listen(engine, "begin", begin_without_transaction)


def begin_without_transaction(connection: Connection) -> None:
    """Let the driver begin no transaction for what only reads."""
    reads = connection.get_execution_options().get("begin") == READING
    driver: Any = connection.connection.dbapi_connection
    if driver.autocommit != reads:
        driver.autocommit = reads


def begin_in_turn(engine: Engine, turns: Turns) -> None:
    """Begin as the session asked: a plain BEGIN reads; IMMEDIATE writes, once it is its turn.

    The turn ends when the connection goes back to the pool, which is after its transaction.
    """

    def begin(connection: Connection) -> None:
        kind = connection.get_execution_options().get("begin", "")
        if kind == WRITING:
            turns.take(connection.info)
        connection.exec_driver_sql(f"BEGIN {kind}")

    def give(_: object, record: ConnectionPoolEntry) -> None:
        turns.give(record.info)

    event.listen(engine, "begin", begin)
    event.listen(engine, "checkin", give)
    event.listen(engine, "close", give)


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
