"""The `programme` command: its verbs, each loaded when it is typed."""

from __future__ import annotations

import click

from programme.core.lazy import load_whole

VERBS = {
    "init": "setting_up.installing:init",
    "demo": "setting_up.showing:demo",
    "migrate": "setting_up.migrating:migrate",
    "serve": "serving:serve",
    "scheduler": "ticking:scheduler",
    "run-due": "ticking:run_due_once",
    "backup": "archiving:backup",
    "restore": "archiving:restore",
    "sign-in-link": "people:sign_in_link",
    "grant": "people:grant",
    "import": "importing:import_file",
    "inbox": "mailing:inbox",
    "mail-check": "mailing:mail_check",
}
"""Where each verb stands under `programme.commands`. Who only serves need not have in memory what the others load."""


class Verbs(click.Group):
    """A group that knows its commands by name, and loads the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order of their names."""
        del ctx
        return sorted(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a verb; None where there is none of that name."""
        del ctx
        if cmd_name not in VERBS:
            return None
        module, _, name = VERBS[cmd_name].partition(":")
        found: click.Command = getattr(load_whole(f"programme.commands.{module}"), name)
        return found


@click.group(cls=Verbs)
def programme() -> None:
    """Run the Liverpool–Oxford programme."""
