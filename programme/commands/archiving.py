"""`programme backup` and `programme restore`: database and files in one file, from either database to either."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy import update

from programme import tables
from programme.commands.chosen import settings
from programme.commands.ground import MIGRATIONS, writing
from programme.commands.setting_up.installing import sqlite_folder
from programme.core import archive, clock
from programme.core.schema import moving, revisions
from programme.engines.calendar.feeds.renewing import rebuild
from programme.engines.mail.models import Heartbeat
from programme.flows.founding import FOUNDED
from programme.people.models import Installation
from programme.strands.cohorts.planning.residential.patterns.founding import FOUNDED_PATTERNS
from programme.strands.cohorts.rulebooks.founding import FOUNDED_RULES
from programme.strands.cohorts.training.frameworks.loading import FOUNDED_FRAMEWORKS

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from programme.commands.chosen import Factory

NEW = frozenset(
    model.__tablename__ for model in (*FOUNDED, *FOUNDED_RULES, *FOUNDED_FRAMEWORKS, *FOUNDED_PATTERNS, Heartbeat)
)
"""Tables in which an installation that nobody used yet may have rows: its own beginning, and beats of its clock."""
PAUSE_REASON = "Restored from a backup: look at the outbox, then let letters go again."


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(factory: Factory, file: Path) -> None:
    """Write database and stored files into FILE, readable by you alone."""
    del factory
    chosen = settings()
    engine = moving.engine_for(chosen.database_url)
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":  # one moment for all the tables, as SQLite gives by itself
            connection.execution_options(isolation_level="REPEATABLE READ")
        rows = archive.write(
            connection, tables.METADATA, file, schema=revision(connection), store=chosen.store, progress=say
        )
    engine.dispose()
    click.echo(f"{rows:,} rows written to {file}.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def restore(factory: Factory, file: Path) -> None:
    """Fill a new installation from FILE. Nothing is sent until an administrator lets letters go again."""
    chosen = settings()
    sqlite_folder(chosen.database_url)
    moving.upgrade(chosen.database_url, MIGRATIONS)
    engine = moving.engine_for(chosen.database_url)
    try:
        with engine.execution_options(begin="IMMEDIATE").begin() as connection:
            rows = archive.read(
                connection,
                tables.METADATA,
                file,
                founded=NEW,
                schema=revision(connection),
                store=chosen.store,
                progress=say,
            )
            paused = {"sending_paused_at": clock.now(), "pause_reason": PAUSE_REASON}
            connection.execute(update(Installation).values(**paused))
    except archive.ArchiveError as error:
        raise click.ClickException(str(error)) from None
    finally:
        engine.dispose()
    with writing(factory) as session:
        rebuild(session, base_url=chosen.base_url)
    click.echo(f"{rows:,} rows restored. Sending is paused: open /organise/mail to let letters go.")


def revision(connection: Connection) -> str:
    """Return the database's schema revision, or end where it is not current."""
    found = revisions.status(connection, MIGRATIONS)
    if not found.is_current or found.current is None:
        raise click.ClickException("The schema is not current: run `programme migrate up` first.")
    return found.current


def say(table: str, rows: int) -> None:
    """Show that a table is done."""
    click.echo(f"  {table}: {rows:,}", err=True)
