"""Dovecot, once for all tests, and an installation that reads its mailbox."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from programme.config import Settings
from programme.engines.mail.addresses.models import InboxMessage
from programme.engines.mail.addresses.states import Meaning
from programme.engines.mail.models import CapturedMail, OutboxMessage
from programme.engines.registration.models import Opening, Registration
from programme.flows.registering import SignUp, sign_up
from programme.people.permissions import NOBODY
from programme.scheduler import run_due
from tests.bed import needs
from tests.bed.application import PLAIN, settings_for
from tests.bed.clock import Clock
from tests.bed.servers import dovecot
from tests.bed.servers.dovecot import Dovecot
from tests.factories import cast, things
from tests.factories.cast import LONG_AGO, Cast
from tests.flows.replying import replies

NOW = LONG_AGO + timedelta(days=30)


@pytest.fixture(scope="session")
def dovecot_running() -> Iterator[Dovecot]:
    """The mail server."""
    binary = dovecot.program()
    if binary is None:
        needs.lacking("dovecot", because="no such program was found, or it has no IMAP")
    with dovecot.running(binary) as server:
        yield server


@pytest.fixture
def mailbox(dovecot_running: Dovecot) -> Iterator[Dovecot]:
    """The mailbox, with nothing in it."""
    yield dovecot_running
    dovecot_running.empty()


@pytest.fixture
def given(mailbox: Dovecot, database_url: str, tmp_path: Path) -> dict[str, str]:
    """What the installation is set up with."""
    return {
        **PLAIN,
        "DATABASE_URL": database_url,
        "STORE": str(tmp_path),
        "IMAP_URL": mailbox.url,
        "IMAP_AUTHSERV_ID": replies.OUR_HOST,
        "SSL_CERT_FILE": str(mailbox.authority),
    }


@pytest.fixture
def settings(given: dict[str, str], tmp_path: Path) -> Settings:
    """The same, read."""
    return settings_for(given["DATABASE_URL"], store=tmp_path, **given)


def calendar_in(session: Session, letter: OutboxMessage) -> dict[str, str]:
    """The lines of the calendar in a letter, as it went out, by their names; nothing where it has none."""
    about = CapturedMail.outbox_message_id == letter.id
    message = message_from_bytes(session.scalars(select(CapturedMail.raw).where(about)).one())
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    text = bytes(parts[0].get_payload(decode=True)).decode().replace("\r\n ", "") if parts else ""
    return {line.partition(":")[0]: line.partition(":")[2] for line in text.splitlines()}


@dataclass
class Office:
    """An installation, people who registered by its form, and what their calendars answer."""

    app: Flask
    session: Session
    mailbox: Dovecot
    people: Cast
    opening: Opening

    def enter(self, address: str, *, now: datetime = NOW) -> Registration:
        """Somebody registers, and gets their letter."""
        sent = SignUp(name=address, address=address, organisation_id=None, answers={}, form_key=address)
        row = sign_up(self.session, self.opening.id, sent, actor=NOBODY, now=now).registration
        self.session.commit()
        return row

    def tick(self, *, after: timedelta = timedelta(0)) -> None:
        """All that is due is done: letters go, and the mailbox is read."""
        run_due(self.app, NOW + after)
        self.session.rollback()
        self.session.expire_all()

    def letter_to(self, address: str) -> OutboxMessage:
        """The newest letter to somebody."""
        found = select(OutboxMessage).where(OutboxMessage.recipient == address).order_by(OutboxMessage.id.desc())
        return self.session.scalars(found.limit(1)).one()

    def answer(self, shape: str, row: Registration, **given: str) -> None:
        """Somebody's calendar answers the newest letter to them, about the event and its version as that told them."""
        letter = self.letter_to(row.address)
        told = calendar_in(self.session, letter)
        stamp = f"{NOW:%Y%m%dT%H%M%SZ}"
        given = {"stamp": stamp, "sequence": told["SEQUENCE"], "key": letter.message_id or "", **given}
        self.mailbox.deliver(replies.message(shape, uid=told["UID"], attendee=row.address, **given))

    def states(self) -> dict[str, str]:
        """How everybody stands."""
        return {row.address: row.state.value for row in self.session.scalars(select(Registration))}

    def letters(self) -> list[tuple[str, str]]:
        """Every letter in the outbox, oldest first."""
        rows = self.session.execute(select(OutboxMessage.letter, OutboxMessage.recipient).order_by(OutboxMessage.id))
        return [(letter, recipient) for letter, recipient in rows]

    def meanings(self) -> list[Meaning]:
        """What came in."""
        return sorted(self.session.scalars(select(InboxMessage.meaning)))


@pytest.fixture
def office(app: Flask, session: Session, mailbox: Dovecot, clock: Clock) -> Office:
    """An installation with a talk that has one place."""
    clock.set(NOW)
    people = cast.assemble(session)
    opening = things.opening(session, events=[things.event(session, lead=people.oxford)], capacity=1)
    session.commit()
    return Office(app, session, mailbox, people, opening)
