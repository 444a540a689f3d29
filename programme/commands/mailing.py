"""`programme inbox` and `programme mail-check`: what came back, from a pipe; and whether letters go at all."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
import structlog
from flask import current_app

from programme.commands.ground import reading, writing
from programme.core import clock
from programme.engines.mail.addresses.reading.parts import LONGEST_MESSAGE
from programme.engines.mail.addresses.taking_in import take_in
from programme.engines.mail.checking.steps import ACCEPTED, check

if TYPE_CHECKING:
    from programme.commands.chosen import Factory
    from programme.engines.mail.ports import MailRoom

TEMPORARY_FAILURE = 75
"""EX_TEMPFAIL: the mail system keeps the message and tries again."""
PIECE = 65_536
MARKS = {True: "ok", False: "NO", None: "  "}
log = structlog.get_logger(__name__)


@click.command("inbox")
@click.pass_obj
def inbox(factory: Factory) -> None:
    """Take in one message that came back, from standard input: for a pipe of the mail system."""
    raw = first_octets()
    try:
        with writing(factory) as session:
            take_in(session, raw, room=mail_room(), now=clock.now())
    except Exception as error:
        log.exception("message_not_taken_in")
        click.echo(f"Not taken in, try again later: {type(error).__name__}", err=True)
        sys.exit(TEMPORARY_FAILURE)


def first_octets() -> bytes:
    """Return as much of standard input as is read of a message; the rest is let go, for its writer must not hang."""
    raw = sys.stdin.buffer.read(LONGEST_MESSAGE)
    while sys.stdin.buffer.read(PIECE):
        pass
    return raw


@click.command("mail-check")
@click.argument("address")
@click.pass_obj
def mail_check(factory: Factory, address: str) -> None:
    """Send a test letter to ADDRESS and show what happens to it; ends with 1 where it did not go."""
    has_gone = False
    with reading(factory):
        for step in check(mail_room(), to=address, now=clock.now()):
            click.echo(f"{MARKS[step.is_ok]}  {step.name:<15} {step.told}")
            has_gone = has_gone or (step.name == ACCEPTED and bool(step.is_ok))
    click.echo("The mail server has the letter." if has_gone else "The letter did not go.")
    if not has_gone:
        sys.exit(1)


def mail_room() -> MailRoom:
    """Return the mail room of this installation."""
    room: MailRoom = current_app.extensions["mail_room"]
    return room
