"""`programme migrate up|down|status`: the database's schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from programme.commands.chosen import settings
from programme.commands.ground import MIGRATIONS, reading, writing
from programme.core import clock
from programme.core.schema import moving, revisions
from programme.core.web.words import join_words, plural
from programme.engines.calendar.feeds.renewing import differing, rebuild
from programme.strands.cohorts.founding import found_doctoral
from programme.strands.cohorts.progress.renewing import renew_all

if TYPE_CHECKING:
    from programme.commands.chosen import Factory


@click.group()
def migrate() -> None:
    """Move the database's schema."""


@migrate.command("up")
@click.pass_obj
def migrate_up(factory: Factory) -> None:
    """Move the schema up to the newest, add what this release starts with, and write anew what is reckoned."""
    moving.upgrade(settings().database_url, MIGRATIONS)
    with writing(factory) as session:
        now = clock.now()
        new = found_doctoral(session, now=now)
        moved = renew_all(session, now=now)
        rebuild(session, base_url=settings().base_url)
    if new:
        click.echo(f"Added what was missing: {join_words(new)}.")
    if moved:
        click.echo(f"Reckoned anew when {plural(moved, 'milestone')} of doctoral records must be reached.")
    click.echo("The schema is current.")


@migrate.command("check")
@click.pass_obj
def migrate_check(factory: Factory) -> None:
    """Compare every kept calendar entry with what would be written now; exits with 1 where one differs."""
    with reading(factory) as session:
        wrong = differing(session)
    click.echo(f"Events whose kept entry differs: {', '.join(map(str, wrong)) or 'none'}.")
    if wrong:
        raise click.exceptions.Exit(1)


@migrate.command("down")
@click.argument("revision", default="-1")
def migrate_down(revision: str) -> None:
    """Move the schema down to REVISION (one step where none is given)."""
    moving.downgrade(settings().database_url, MIGRATIONS, revision=revision)
    click.echo(f"The schema is at {revision}.")


@migrate.command("status")
def migrate_status() -> None:
    """Say whether the schema is current; exits with 1 where it is not."""
    engine = moving.engine_for(settings().database_url)
    with engine.connect() as connection:
        found = revisions.status(connection, MIGRATIONS)
    engine.dispose()
    click.echo(f"database: {found.current or 'empty'}; newest: {found.newest}")
    if not found.is_current:
        raise click.exceptions.Exit(1)
