"""The letters that were captured instead of being sent, read back as a mail program would."""

import email
import email.policy
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from programme.engines.mail.models import CapturedMail
from programme.extensions import db


class Capture:
    """What delivery has handed over so far, oldest first; a letter still in the outbox is not among it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def messages(self) -> list[EmailMessage]:
        """Every letter, parsed."""
        return [email.message_from_bytes(raw, policy=email.policy.default) for raw in self.raw()]

    def to(self, recipient: str) -> list[EmailMessage]:
        """The letters to one address."""
        return [email.message_from_bytes(raw, policy=email.policy.default) for raw in self.raw(recipient)]

    def raw(self, recipient: str | None = None) -> list[bytes]:
        """The letters to one address, or to all, byte for byte."""
        letters = select(CapturedMail.raw).order_by(CapturedMail.id)
        if recipient is not None:
            letters = letters.where(CapturedMail.recipient == recipient)
        with Session(self.engine) as session:
            return list(session.scalars(letters))


@pytest.fixture
def capture(app: Flask) -> Capture:
    """The captured letters of this test's application."""
    with app.app_context():
        return Capture(db.engine)
