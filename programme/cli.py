"""The `programme` command: its verbs, gathered."""

from __future__ import annotations

import click

from programme.commands.archiving import backup, restore
from programme.commands.importing import import_file
from programme.commands.mailing import inbox, mail_check
from programme.commands.people import grant, sign_in_link
from programme.commands.serving import serve
from programme.commands.setting_up.installing import init
from programme.commands.setting_up.migrating import migrate
from programme.commands.setting_up.showing import demo
from programme.commands.ticking import run_due_once, scheduler


@click.group()
def programme() -> None:
    """Run the Liverpool–Oxford programme."""


for verb in (init, demo, migrate, serve, scheduler, run_due_once, backup, restore, sign_in_link, grant, import_file):
    programme.add_command(verb)
for verb in (inbox, mail_check):
    programme.add_command(verb)
