"""The `programme` command: its verbs, gathered."""

from __future__ import annotations

import click

from programme.commands.archiving import backup, restore
from programme.commands.installing import init
from programme.commands.migrating import migrate
from programme.commands.serving import serve


@click.group()
def programme() -> None:
    """Run the Liverpool–Oxford programme."""


for verb in (init, migrate, serve, backup, restore):
    programme.add_command(verb)
