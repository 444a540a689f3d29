"""What commands stand on that read or write: an application, and a session in it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from programme.commands.chosen import settings
from programme.config import ROOT
from programme.core.database import begin_writing
from programme.extensions import database_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from programme.commands.chosen import Factory

MIGRATIONS = ROOT / "migrations"


@contextmanager
def reading(factory: Factory) -> Iterator[Session]:
    """Give a session inside the application's context."""
    with factory(settings()).app_context():
        yield database_session()


@contextmanager
def writing(factory: Factory) -> Iterator[Session]:
    """Give a session that began as a writer; committed when the block ends well."""
    with reading(factory) as session:
        begin_writing(session)
        yield session
        session.commit()
