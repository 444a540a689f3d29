"""How a message leaves: over SMTP on a reused connection, or into the database where letters are captured."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from programme.config import MailServer

OK, START_DATA, CLOSING, TOO_LARGE = 250, 354, 421, 552
CLASS_OF_SUCCESS, CLASS_OF_REFUSAL = 2, 5
ANSWER_SECONDS, FINAL_ANSWER_SECONDS = 30, 600
"""RFC 5321 4.5.3.2.6 gives the peer ten minutes after the final dot: to wait less makes duplicates."""
MESSAGES_A_CONNECTION = 100
ENDS_AN_ADDRESS = re.compile(r"[\s<>\x00]")


@dataclass(frozen=True, slots=True)
class Accepted:
    """The peer took the message and answers for it now."""

    code: int = OK
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now (4xx): try again later."""

    code: int
    answer: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Never (5xx): this recipient or this message will not be taken."""

    code: int
    answer: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """The whole message was handed over and the answer was lost: it may have arrived."""

    answer: str


Outcome = Accepted | Deferred | Refused | Unanswered


class RelayFault(Exception):  # noqa: N818  the relay's, not ours
    """Connection, TLS, sign-in, sender or 421: the relay's own trouble, no recipient's.

    `met_message` says that it came while a message was under way, which then goes to the back of the queue.
    """

    def __init__(self, sentence: str, *, met_message: bool = False) -> None:
        super().__init__(sentence)
        self.met_message = met_message


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

    def deliver(self, *, sender: str, recipient: str, data: bytes) -> Outcome:
        """Hand one message to one recipient over the open connection, or a new one."""
        connection = self.open()
        try:
            outcome = Transaction(connection, sender, recipient, data, self.limits).run()
        except RelayFault:
            self.drop()
            raise
        except (OSError, smtplib.SMTPException) as error:
            self.drop()
            raise RelayFault(f"The mail server broke off: {words(error)}", met_message=True) from error
        self.after(outcome)
        return outcome

    def open(self) -> smtplib.SMTP:
        """Return the open connection; connects, secures and signs in where there is none."""
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
        elif not isinstance(outcome, Accepted) and self.connection is not None:
            try:
                self.connection.rset()
            except (OSError, smtplib.SMTPException):
                self.drop()

    def close(self) -> None:
        """Say goodbye."""
        if self.connection is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self.connection.quit()
        self.drop()

    def drop(self) -> None:
        """Let go of the connection without a word."""
        if self.connection is not None:
            self.connection.close()
        self.connection = None


@dataclass(frozen=True, slots=True)
class Transaction:
    """One message to one recipient: MAIL, RCPT, DATA, and what each answer means."""

    connection: smtplib.SMTP
    sender: str
    recipient: str
    data: bytes
    limits: Mapping[str, int]

    def run(self) -> Outcome:
        """Play the transaction; raises RelayFault, or what smtplib raises before anything was handed over."""
        impossible = self.impossible()
        if impossible is not None:
            return impossible
        return self.in_one_go() if self.connection.has_extn("pipelining") else self.step_by_step()

    def step_by_step(self) -> Outcome:
        """Say one command, hear its answer, say the next."""
        no: Outcome | None = self.sender_refusal(*self.connection.mail(self.sender, self.options()))
        no = no or self.refusal(*self.connection.rcpt(self.recipient))
        return no or self.content(*self.connection.docmd("DATA"))

    def in_one_go(self) -> Outcome:
        """Say sender, recipient and DATA in one breath (RFC 2920), then hear the three answers."""
        if not (is_bare(self.sender) and is_bare(self.recipient)):
            raise ValueError("An address in a command is one word.")
        options = "".join(f" {option}" for option in self.options())
        lines = (f"MAIL FROM:<{self.sender}>{options}", f"RCPT TO:<{self.recipient}>", "DATA")
        self.connection.send("".join(f"{line}\r\n" for line in lines).encode())
        answers = [self.connection.getreply() for _ in lines]
        no = self.sender_refusal(*answers[0]) or self.refusal(*answers[1])
        if no is None:
            return self.content(*answers[2])
        if answers[2][0] == START_DATA:
            self.connection.send(b".\r\n")
            self.connection.getreply()
        return no

    def sender_refusal(self, code: int, answer: bytes) -> Refused | None:
        """Say that the message is too large; any other no to the sender is the relay's doing: raises RelayFault."""
        if code == TOO_LARGE:
            return Refused(code, text(answer))
        if code != OK:
            raise RelayFault(f"The mail server refused the sender: {code} {text(answer)}")
        return None

    def content(self, code: int, answer: bytes) -> Outcome:
        """Send the content with its final dot, and wait for the answer that counts.

        In one piece: the dot goes last, so that what fails before it all is sent was not handed over; and a small
        second piece would wait for the peer to acknowledge the first.
        """
        if code != START_DATA:
            return self.refusal(code, answer) or Deferred(code, text(answer))
        self.connection.send(stuffed(self.data) + b".\r\n")
        try:
            if self.connection.sock is not None:
                self.connection.sock.settimeout(final_answer_seconds(self.limits))
            code, answer = self.connection.getreply()
            if self.connection.sock is not None:
                self.connection.sock.settimeout(answer_seconds(self.limits))
        except (OSError, smtplib.SMTPException) as error:
            return Unanswered(f"The mail server took the letter and did not answer: {words(error)}")
        return self.refusal(code, answer) or Accepted(code, text(answer))

    def refusal(self, code: int, answer: bytes) -> Outcome | None:
        """Say what a no means; None where it was a yes. Raises RelayFault where the relay is closing."""
        if code == CLOSING or code < 0:
            raise RelayFault(f"The mail server closed: {code} {text(answer)}", met_message=True)
        if code // 100 == CLASS_OF_SUCCESS:
            return None
        kind = Refused if code // 100 == CLASS_OF_REFUSAL else Deferred
        return kind(code, text(answer))

    def impossible(self) -> Refused | None:
        """Say why this server can never take this message, by what it said of itself."""
        limit = self.connection.esmtp_features.get("size", "")
        if limit.isdecimal() and 0 < int(limit) < len(self.data):
            return Refused(TOO_LARGE, f"The letter has {len(self.data):,} bytes; the mail server takes {int(limit):,}.")
        if not self.recipient.isascii() and not self.connection.has_extn("smtputf8"):
            return Refused(553, "The mail server cannot write to addresses with letters beyond ASCII.")
        return None

    def options(self) -> list[str]:
        """Return what MAIL FROM says besides the sender."""
        asked = [f"size={len(self.data)}"] if self.connection.has_extn("size") else []
        return asked if self.recipient.isascii() else [*asked, "SMTPUTF8", "BODY=8BITMIME"]


def connected(server: MailServer, *, seconds: int) -> smtplib.SMTP:
    """Connect, secure where asked (never in clear instead), and sign in."""
    connection = smtplib.SMTP(server.host or "", server.port, timeout=seconds)
    try:
        if connection.sock is not None:
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.ehlo_or_helo_if_needed()
        if server.starttls:
            connection.starttls(context=ssl.create_default_context(cafile=server.authorities))
            connection.ehlo()
        if server.user is not None:
            connection.login(server.user, server.password or "")
    except (OSError, smtplib.SMTPException):
        connection.close()
        raise
    return connection


def is_bare(address: str) -> bool:
    """Whether an address can stand in a command between its brackets and end nothing there."""
    return not ENDS_AN_ADDRESS.search(address)


def stuffed(data: bytes) -> bytes:
    """Return the content with dots doubled at the start of lines, ending in a line end."""
    has_dots = b"\n." in data or data.startswith(b".")
    doubled = re.sub(rb"(?m)^\.", b"..", data) if has_dots else data
    return doubled if doubled.endswith(b"\r\n") else doubled + b"\r\n"


def answer_seconds(limits: Mapping[str, int]) -> int:
    """Return how long to wait for an ordinary answer."""
    return limits.get("answer_seconds", ANSWER_SECONDS)


def final_answer_seconds(limits: Mapping[str, int]) -> int:
    """Return how long to wait for the answer after the final dot."""
    return limits.get("final_answer_seconds", FINAL_ANSWER_SECONDS)


def text(answer: bytes) -> str:
    """Return an answer as one line."""
    return " ".join(answer.decode("utf-8", "replace").replace("\0", "").split())[:500]


def words(error: Exception) -> str:
    """Say an error in one line."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {text(said if isinstance(said, bytes) else str(said).encode())}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    if isinstance(error, smtplib.SMTPNotSupportedError) and "STARTTLS" in str(error):
        return "it offers no encryption (STARTTLS), and letters must not go in clear"
    return " ".join(str(error).split())[:500] or type(error).__name__
