"""Machines on which an installation runs: what `programme` is typed on, and what their databases hold."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from programme.app import create_app
from programme.cli import programme
from programme.core.archive import kept
from programme.core.schema import moving
from programme.extensions import db
from programme.tables import METADATA
from tests.bed.application import PLAIN, settings_for

Rows = dict[str, list[tuple[Any, ...]]]


class Machine:
    """An installation somewhere: its database, its store, and its command line."""

    def __init__(self, url: str, store: Path, *, patch: pytest.MonkeyPatch) -> None:
        self.url, self.store, self.patch = url, store, patch
        self.others: dict[str, str] = {}
        self.engine = moving.engine_for(url)
        self.apps: list[Flask] = []

    def type(self, *words: str) -> Result:
        """Type a command here."""
        given = {**PLAIN, **self.others, "DATABASE_URL": self.url, "STORE": str(self.store)}
        for name, value in {**given, "PROGRAMME_ENV": str(self.store / "absent.env")}.items():
            self.patch.setenv(name, value)
        (self.store / "absent.env").touch()
        return CliRunner().invoke(programme, list(words), obj=self.app)

    def app(self, chosen: object = None) -> Flask:
        """Return its application."""
        self.apps.append(create_app(settings_for(self.url, store=self.store, **self.others)))
        return self.apps[-1]

    def rows(self) -> Rows:
        """Return every row of every table that a backup holds."""
        with self.engine.connect() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
                for table in kept(METADATA)
            }

    def close(self) -> None:
        """Let go of the database."""
        for app in self.apps:
            with app.app_context():
                db.engine.dispose()
        self.engine.dispose()
