"""The one thing that is read for every answer to a calendar: the number that rises with each change."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from programme.engines.calendar.feeds.feed import Revision
from programme.engines.calendar.models.blocks import LONG_AGO

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

ASKED = "SELECT number, at FROM calendar_revision WHERE id = 1"


class Revisions:
    """Reads the revision on a connection of the pool, without a transaction and without a session: that is its point.

    What is committed is seen at once, whoever committed it.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def now(self) -> Revision:
        """Return the present revision; zero where nothing was ever changed."""
        borrowed = self.engine.raw_connection()
        try:
            driver: Any = borrowed.dbapi_connection
            if self.engine.dialect.name == "postgresql" and not driver.autocommit:
                driver.autocommit = True
            row = driver.execute(ASKED).fetchone()
        finally:
            borrowed.close()
        return Revision(row[0], instant(row[1])) if row else Revision(0, LONG_AGO)


def instant(value: datetime | str) -> datetime:
    """Return what either driver gives as an aware instant; SQLite's has no zone and is UTC."""
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
