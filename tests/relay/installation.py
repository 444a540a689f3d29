"""An installation that writes to Alice and Bob by way of a mail server, and is given what comes back."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.config import ROOT
from programme.engines.mail.addresses.models import InboxMessage, Suppression
from programme.engines.mail.addresses.states import Cause, Meaning
from programme.engines.mail.models import OutboxMessage
from programme.engines.mail.ports import Purpose
from programme.engines.mail.states import Scope
from programme.people.identity import actor_of
from programme.scheduler import run_due
from programme.screens.organiser.home.sources.returning import standing_abroad
from tests.factories import things
from tests.factories.cast import LONG_AGO, assemble
from tests.factories.stories import many
from tests.relay.postfix import PATIENCE, Relay

TRY_AGAIN = 75
NOW = LONG_AGO + timedelta(days=30)
ALICE, BOB = "alice@liverpool.example.ac.uk", "bob@oxford.example.ac.uk"


class Installation:
    """Its database, its mail server, and its command as the mail server runs it."""

    def __init__(self, app: Flask, session: Session, relay: Relay, env_file: Path) -> None:
        self.app, self.session, self.relay, self.env_file = app, session, relay, env_file
        self.cast = assemble(session)
        self.opening = things.opening(session, events=[things.event(session, lead=self.cast.liverpool)], capacity=0)
        for who in (self.cast.alice, self.cast.bob):
            things.registration(session, to=self.opening, who=who, organisation_id=self.cast.liverpool.id)
            many.asks_for_news(session, who)
        session.commit()

    def write(self, purpose: Purpose = Purpose.SERVICE) -> None:
        """Olga writes to everybody, and the letters are handed over."""
        registered = {"kind": "registered", "opening": self.opening.id}
        audience = registered if purpose is Purpose.SERVICE else {"kind": "news"}
        olga = actor_of(self.cast.olga)
        row = many.draft(self.session, by=olga, organisation=self.cast.liverpool, audience=audience, purpose=purpose)
        many.send(self.session, row, by=olga, now=NOW)
        self.session.commit()
        run_due(self.app, NOW)

    def take_in(self) -> int:
        """Run `programme inbox` on the next message that is handed over; returns the code it ended with."""
        message = self.relay.handed_over()
        code = self.inbox(message.raw)
        message.answer(code)
        return code

    def inbox(self, raw: bytes) -> int:
        """Run the command as a mail server does: from a folder of no meaning, with next to nothing in its environment.

        The checkout under test comes first, whichever one the command was installed from.
        """
        program = Path(sys.executable).with_name("programme")
        environment = {"PATH": os.defpath, "PROGRAMME_ENV": str(self.env_file), "PYTHONPATH": str(ROOT)}
        command = [str(program), "inbox"]
        done = subprocess.run(
            command, input=raw, env=environment, cwd="/", capture_output=True, check=False, timeout=PATIENCE
        )
        assert done.returncode in {0, TRY_AGAIN}, done.stderr.decode()
        return done.returncode

    def letters_to(self, address: str) -> list[OutboxMessage]:
        """The letters to somebody, as they stand."""
        self.session.rollback()
        self.session.expire_all()
        rows = select(OutboxMessage).where(OutboxMessage.recipient == address).order_by(OutboxMessage.id)
        return list(self.session.scalars(rows))

    def letter_to(self, address: str) -> OutboxMessage:
        """The only letter to somebody."""
        (row,) = self.letters_to(address)
        return row

    def taken_in(self) -> list[InboxMessage]:
        """What came back, in order."""
        self.session.rollback()
        return list(self.session.scalars(select(InboxMessage).order_by(InboxMessage.id)))

    def meanings(self) -> list[Meaning]:
        """What it was understood as."""
        return [row.meaning for row in self.taken_in()]

    def stopped(self) -> list[tuple[str, Scope, Cause]]:
        """What stands against addresses."""
        self.session.rollback()
        return [(row.address, row.scope, row.cause) for row in self.session.scalars(select(Suppression))]

    def alerts(self) -> list[str]:
        """What administrators see of mail systems that call our letters unwelcome."""
        self.session.rollback()
        return [need.why for need in standing_abroad(self.session, now=datetime.now(UTC))]
