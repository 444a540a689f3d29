"""The one thing that is read for every answer to a calendar: the number that rises with each change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine
    from sqlalchemy.pool import PoolProxiedConnection

ASKED = "SELECT number FROM calendar_revision WHERE id = 1"
PREPARED = b"calendar_revision"
TUPLES_OK = 2
"""What libpq says of an answer with rows (PGRES_TUPLES_OK)."""


class Revisions:
    """Reads the number on connections of its own, without a transaction and without a session: that is its point.

    What is committed is seen at once, whoever committed it. The connections are made as the engine makes them, one for
    each thread that asks at the same time; to borrow one of the pool costs as much as to ask.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.error = engine.dialect.loaded_dbapi.Error
        self.idle: list[PoolProxiedConnection] = []
        self.ask = asked_of_postgresql if engine.dialect.name == "postgresql" else asked_of_sqlite
        event.listen(engine, "engine_disposed", self.close)

    def number(self) -> int | None:
        """Return the present number; None where it cannot be read: the application is to say why."""
        try:
            own: PoolProxiedConnection | None = self.idle.pop()
        except IndexError:
            own = self.made()
        if own is None:
            return None
        try:
            number = self.ask(own.dbapi_connection)
        except self.error:
            number = None
        if number is None:
            own.close()
        else:
            self.idle.append(own)
        return number

    def made(self) -> PoolProxiedConnection | None:
        """Return a new connection that the pool knows nothing of; None where there is none to be had."""
        try:
            made = self.engine.raw_connection()
        except SQLAlchemyError:
            return None
        made.detach()
        return made

    def close(self, engine: Engine) -> None:
        """Close what is idle, with the engine."""
        del engine
        while self.idle:
            self.idle.pop().close()


def asked_of_sqlite(driver: Any) -> int | None:
    """Ask SQLite."""
    row = driver.execute(ASKED).fetchone()
    return row[0] if row else None


def asked_of_postgresql(driver: Any) -> int | None:
    """Ask PostgreSQL, by a statement that it knows already: psycopg's own way takes three times the processor.

    A connection may have been made to forget its statements: it is told again only where it does not know.
    """
    if not driver.autocommit:
        driver.autocommit = True
    result = driver.pgconn.exec_prepared(PREPARED, [])
    if result.status != TUPLES_OK:
        driver.pgconn.prepare(PREPARED, ASKED.encode())
        result = driver.pgconn.exec_prepared(PREPARED, [])
    if result.status != TUPLES_OK:
        return None
    value = result.get_value(0, 0)
    return None if value is None else int(value)
