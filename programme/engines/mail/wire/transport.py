"""How a message leaves: over SMTP on a reused connection, or into the database where letters are captured."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from programme.engines.mail.wire.outcomes import OK, Accepted, Outcome, RelayFault, Unanswered, is_goodbye, words
from programme.engines.mail.wire.transactions import Transaction, answer_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from programme.settings.mail import MailServer

GOODBYE_SECONDS = 5
MESSAGES_A_CONNECTION = 100


class Transport(Protocol):
    """Something that takes messages, one recipient at a time."""

    def deliver(self, *, sender: str, recipient: str, data: bytes) -> Outcome:
        """Hand one message over; raises RelayFault."""

    def close(self) -> None:
        """Say goodbye."""


class Capture:
    """Takes everything; the row of CapturedMail is written with the message's completion, in one transaction."""

    def deliver(self, *, sender: str, recipient: str, data: bytes) -> Outcome:
        """Accept."""
        del sender, recipient, data
        return Accepted(answer="captured")

    def close(self) -> None:
        """Do nothing."""


@dataclass(slots=True)
class Relay:
    """A session with the installation's mail server, opened at the first message and kept for the next ones."""

    server: MailServer
    limits: Mapping[str, int] = field(default_factory=dict)
    connection: smtplib.SMTP | None = None
    handed_over: int = 0
    is_to_be_reset: bool = False

    def deliver(self, *, sender: str, recipient: str, data: bytes) -> Outcome:
        """Hand one message to one recipient over the open connection, or a new one.

        A server that ends a connection which has served (it takes so many letters on one) is asked again on a fresh
        one: that says whether it is at fault.
        """
        has_served = self.connection is not None and self.handed_over > 0
        try:
            return self.handed_on(sender, recipient, data)
        except RelayFault as fault:
            if not (has_served and fault.is_early):
                raise
        return self.handed_on(sender, recipient, data)

    def handed_on(self, sender: str, recipient: str, data: bytes) -> Outcome:
        """Hand a message over; a connection on which something went wrong is not used again."""
        try:
            connection = self.open()
            outcome = Transaction(connection, sender, recipient, data, self.limits).run()
        except BaseException:
            self.drop()
            raise
        self.after(outcome)
        return outcome

    def open(self) -> smtplib.SMTP:
        """Return the open connection, ready for a message; connects, secures and signs in where there is none."""
        if self.is_to_be_reset:
            self.reset()
        if self.connection is None:
            try:
                self.connection = connected(self.server, seconds=answer_seconds(self.limits))
            except (OSError, smtplib.SMTPException) as error:
                raise RelayFault(f"The mail server cannot be used: {words(error)}") from error
            self.handed_over = 0
        return self.connection

    def after(self, outcome: Outcome) -> None:
        """Make the connection ready for the next message, or end it when it has served."""
        self.handed_over += 1
        if isinstance(outcome, Unanswered):
            self.drop()
        elif self.handed_over >= self.limits.get("messages_a_connection", MESSAGES_A_CONNECTION):
            self.close()
        else:
            self.is_to_be_reset = not isinstance(outcome, Accepted)

    def reset(self) -> None:
        """Let the server forget a message that it did not take."""
        self.is_to_be_reset = False
        try:
            if self.connection is not None:
                self.connection.rset()
        except (OSError, smtplib.SMTPException):
            self.drop()

    def close(self) -> None:
        """Say goodbye."""
        if self.connection is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                if self.connection.sock is not None:
                    self.connection.sock.settimeout(GOODBYE_SECONDS)
                self.connection.quit()
        self.drop()

    def drop(self) -> None:
        """Let go of the connection without a word."""
        if self.connection is not None:
            self.connection.close()
        self.connection, self.is_to_be_reset = None, False


def connected(server: MailServer, *, seconds: int) -> smtplib.SMTP:
    """Connect, secure where asked (never in clear instead), and sign in."""
    connection = smtplib.SMTP(server.host or "", server.port, timeout=seconds)
    try:
        if connection.sock is not None:
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        greet(connection)
        if server.starttls:
            connection.starttls(context=ssl.create_default_context(cafile=server.authorities))
            connection.ehlo()
        if server.user is not None:
            connection.login(server.user, server.password or "")
    except (OSError, smtplib.SMTPException):
        connection.close()
        raise
    return connection


def greet(connection: smtplib.SMTP) -> None:
    """Say who we are; a server that is closing is not asked in an older way."""
    code, said = connection.ehlo()
    if code != OK:
        code, said = (code, said) if is_goodbye(code) else connection.helo()
    if code != OK:
        raise smtplib.SMTPHeloError(code, said)
