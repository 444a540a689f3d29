"""The one thing that is read for every answer to a calendar: the number that rises with each change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine
    from sqlalchemy.pool import PoolProxiedConnection

ASKED = "SELECT number FROM calendar_revision WHERE id = 1"
PREPARED = b"calendar_revision"
TUPLES_OK = 2
"""What libpq says of an answer with rows (PGRES_TUPLES_OK)."""


class Revisions:
    """Reads the number on a connection of the pool, without a transaction and without a session: that is its point.

    What is committed is seen at once, whoever committed it.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.ask = asked_of_postgresql if engine.dialect.name == "postgresql" else asked_of_sqlite

    def number(self) -> int | None:
        """Return the present number; None where it cannot be read: the application is to say why."""
        try:
            borrowed = self.engine.raw_connection()
        except SQLAlchemyError:
            return None
        try:
            return self.ask(borrowed)
        except self.engine.dialect.loaded_dbapi.Error:
            borrowed.invalidate()
            return None
        finally:
            borrowed.close()


def asked_of_sqlite(borrowed: PoolProxiedConnection) -> int | None:
    """Ask SQLite."""
    driver: Any = borrowed.dbapi_connection
    row = driver.execute(ASKED).fetchone()
    return row[0] if row else None


def asked_of_postgresql(borrowed: PoolProxiedConnection) -> int | None:
    """Ask PostgreSQL, by a statement that it knows already: psycopg's own way takes three times the processor.

    Psycopg lets a connection forget every statement after some (a rollback, a change of a table), ours with its own: so
    it is asked, and told again only where it does not know.
    """
    driver: Any = borrowed.dbapi_connection
    if not driver.autocommit:
        driver.autocommit = True
    result = driver.pgconn.exec_prepared(PREPARED, [])
    if result.status != TUPLES_OK:
        driver.pgconn.prepare(PREPARED, ASKED.encode())
        result = driver.pgconn.exec_prepared(PREPARED, [])
    if result.status != TUPLES_OK:
        borrowed.invalidate()
        return None
    value = result.get_value(0, 0)
    return None if value is None else int(value)
