"""`programme demo`: a demonstration, set up where there is none, begun afresh where asked for."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import click
from sqlalchemy import func, select

from programme.commands.chosen import settings
from programme.commands.ground import MIGRATIONS, writing
from programme.commands.setting_up.installing import env_path, install, write_env_file
from programme.core import clock
from programme.core.schema import moving
from programme.demo import people, story
from programme.engines.calendar.models import Event
from programme.engines.documents.shelf import Shelf

if TYPE_CHECKING:
    from programme.commands.chosen import Factory


@click.command()
@click.option("--fresh", is_flag=True, help="Throw the present demonstration away and begin again.")
@click.pass_obj
def demo(factory: Factory, *, fresh: bool) -> None:
    """Set up a demonstration programme; one that is there is kept."""
    write_env_file(env_path(), demo=True)
    if not settings().demo:
        raise click.ClickException("This installation is no demonstration (DEMO is not set), so it is left alone.")
    if fresh:
        begin_again()
    install(factory, demo=True)
    with writing(factory) as session:
        if not session.scalar(select(func.count()).select_from(Event)):
            with click.progressbar(length=story.STEPS, label="Telling the demonstration") as bar:
                shelf = Shelf(settings().store)
                story.tell(session, now=clock.now(), progress=lambda _: bar.update(1), shelf=shelf)
    hint()


def begin_again() -> None:
    """Empty the database and the store of a demonstration."""
    chosen = settings()
    moving.upgrade(chosen.database_url, MIGRATIONS)
    moving.downgrade(chosen.database_url, MIGRATIONS, revision="base")
    shutil.rmtree(chosen.store / "uploads", ignore_errors=True)


def hint() -> None:
    """Say where to look and how to sign in."""
    base = settings().base_url
    click.echo(
        f"""
The programme        {base}
Every e-mail         {base}/mailbox

Sign in at {base}/sign-in with one of these addresses, then open the link at {base}/mailbox:
  organiser, Liverpool   {people.LIVERPOOL_ORGANISER.address}
  organiser, Oxford      {people.OXFORD_ORGANISER.address}
  administrator          {people.ADMINISTRATOR.address}
  doctoral researcher    {people.RESEARCHERS[0].address}
  supervisor             {people.SUPERVISORS[0].address}
"""
    )
