"""`programme migrate up|down|status`: the database's schema."""

from __future__ import annotations

import click

from programme.commands.ground import MIGRATIONS, settings
from programme.core import schema


@click.group()
def migrate() -> None:
    """Move the database's schema."""


@migrate.command("up")
def migrate_up() -> None:
    """Move the schema up to the newest."""
    schema.upgrade(settings().database_url, MIGRATIONS)
    click.echo("The schema is current.")


@migrate.command("down")
@click.argument("revision", default="-1")
def migrate_down(revision: str) -> None:
    """Move the schema down to REVISION (one step where none is given)."""
    schema.downgrade(settings().database_url, MIGRATIONS, revision=revision)
    click.echo(f"The schema is at {revision}.")


@migrate.command("status")
def migrate_status() -> None:
    """Say whether the schema is current; exits with 1 where it is not."""
    engine = schema.engine_for(settings().database_url)
    with engine.connect() as connection:
        found = schema.status(connection, MIGRATIONS)
    engine.dispose()
    click.echo(f"database: {found.current or 'empty'}; newest: {found.newest}")
    if not found.is_current:
        raise click.exceptions.Exit(1)
