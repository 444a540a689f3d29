"""`programme init`: the env file, the schema, and what every installation starts with."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from programme.commands.chosen import settings
from programme.commands.ground import MIGRATIONS, writing
from programme.config import ROOT
from programme.core import clock
from programme.core.schema import moving
from programme.engines.calendar.feeds.renewing import rebuild
from programme.flows.founding import found
from programme.strands.cohorts.founding import found_doctoral

if TYPE_CHECKING:
    from programme.commands.chosen import Factory

DEMO_UID_HOST = "programme.example.ac.uk"


@click.command()
@click.option("--demo", is_flag=True, help="Settings for a demonstration: SQLite, mail captured.")
@click.option("--uid-host", help="Host in every calendar UID; fixed for ever (default: that of BASE_URL).")
@click.pass_obj
def init(factory: Factory, *, demo: bool, uid_host: str | None) -> None:
    """Write .env where there is none, move the schema up, and found the installation."""
    install(factory, demo=demo, uid_host=uid_host)
    click.echo("The installation is ready.")


def install(factory: Factory, *, demo: bool, uid_host: str | None = None) -> bool:
    """Do what `init` does; True where the installation is new."""
    write_env_file(env_path(), demo=demo)
    chosen = settings()
    sqlite_folder(chosen.database_url)
    chosen.store.mkdir(parents=True, exist_ok=True)
    moving.upgrade(chosen.database_url, MIGRATIONS)
    host = uid_host or (DEMO_UID_HOST if chosen.demo else urlsplit(chosen.base_url).hostname or DEMO_UID_HOST)
    with writing(factory) as session:
        is_new = found(session, uid_host=host, now=clock.now(), demo=chosen.demo)
        found_doctoral(session, now=clock.now())
        rebuild(session, base_url=chosen.base_url)
        return is_new


def env_path() -> Path:
    """Return where the env file is or will be."""
    return Path(os.environ.get("PROGRAMME_ENV", str(ROOT / ".env")))


def sqlite_folder(url: str) -> None:
    """Make the folder of a SQLite file."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)


def write_env_file(path: Path, *, demo: bool) -> bool:
    """Write settings with a random key, readable by the owner alone; an existing file stays as it is."""
    if path.exists():
        return False
    lines = [f"SECRET_KEY={secrets.token_urlsafe(48)}", "DATABASE_URL=sqlite:///var/programme.sqlite", "STORE=var"]
    if demo:
        port = os.environ.get("PORT", "8000")
        lines += ["DEMO=1", f"BASE_URL=http://127.0.0.1:{port}", "MAIL_URL=capture://"]
        lines += ["MAIL_FROM=programme@example.ac.uk"]
    else:
        lines += ["BASE_URL=", "MAIL_URL=", "MAIL_FROM="]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    click.echo(f"Wrote {path.name} with a random key.")
    return True
