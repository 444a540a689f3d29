"""The `programme` command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from programme.config import ROOT, Settings, SettingsError
from programme.core import schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    Factory = Callable[[Settings | None], Flask]


@click.group()
def programme() -> None:
    """Run the Liverpool–Oxford programme."""


def settings() -> Settings:
    """Return the settings, or end with the sentence that says what is missing."""
    try:
        return Settings.from_environment()
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


@programme.group()
def migrate() -> None:
    """Move the database's schema."""


@migrate.command("up")
def migrate_up() -> None:
    """Move the schema up to the newest."""
    schema.upgrade(settings().database_url, ROOT / "migrations")
    click.echo("The schema is current.")


@migrate.command("down")
@click.argument("revision", default="-1")
def migrate_down(revision: str) -> None:
    """Move the schema down to REVISION (one step where none is given)."""
    schema.downgrade(settings().database_url, ROOT / "migrations", revision=revision)
    click.echo(f"The schema is at {revision}.")


@migrate.command("status")
def migrate_status() -> None:
    """Say whether the schema is current."""
    engine = schema.engine_for(settings().database_url)
    with engine.connect() as connection:
        found = schema.status(connection, ROOT / "migrations")
    engine.dispose()
    click.echo(f"database: {found.current or 'empty'}; newest: {found.newest}")
    if not found.is_current:
        raise click.exceptions.Exit(1)
