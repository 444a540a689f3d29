"""What commands stand on: settings, or the sentence that says what is missing; an application; a writer's session."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from programme.config import ROOT, Settings
from programme.core.database import begin_writing
from programme.extensions import database_session
from programme.settings.reading import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

    Factory = Callable[[Settings | None], Flask]

MIGRATIONS = ROOT / "migrations"


def settings() -> Settings:
    """Return the settings, or end with the sentence that says what is missing."""
    try:
        return Settings.from_environment()
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


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
