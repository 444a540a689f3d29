"""`programme scheduler` and `programme run-due`: the clock in a process of its own, or one turn of it by hand."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import TYPE_CHECKING

import click

from programme.clockwork import run_blocking
from programme.commands.chosen import settings
from programme.core import clock, logs
from programme.core.refusal import Refusal
from programme.engines.calendar.times import to_instant
from programme.scheduler import run_due

if TYPE_CHECKING:
    from programme.commands.chosen import Factory


GIVES_WAY = 10
"""How much the clock steps back for web workers on the same cores: a letter may wait a second, a person not."""


@click.command("scheduler")
@click.pass_obj
def scheduler(factory: Factory) -> None:
    """Keep the clock: reminders, letters, holds that lapse. Several may run."""
    os.nice(GIVES_WAY)
    ended: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: ended.put(number))
    logs.gather()
    click.echo("The clock is running. Ctrl-C ends it.")
    run_blocking(factory(settings()), ended)


@click.command("run-due")
@click.option("--at", "text", help="An instant like 2027-02-15T14:00Z; without a zone it is London time. Default: now.")
@click.pass_obj
def run_due_once(factory: Factory, *, text: str | None) -> None:
    """Do everything that is due, once, and say how much it was."""
    at = instant(text) if text else clock.now()
    for name, done in run_due(factory(settings()), at).items():
        click.echo(f"{name}: {done.count}" + (f" ({done.trouble})" if done.trouble else ""))


def instant(text: str) -> datetime:
    """Read an instant; raises click's complaint where it is none."""
    try:
        read = datetime.fromisoformat(text.strip())
        return to_instant(read) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        raise click.BadParameter("give an instant like 2027-02-15T14:00Z", param_hint="--at") from None
    except Refusal as refusal:
        raise click.BadParameter(refusal.sentence, param_hint="--at") from None
