"""One message to one recipient: sender, recipient, content, and what each answer means."""

from __future__ import annotations

import re
import smtplib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.engines.mail.wire.outcomes import (
    OK,
    START_DATA,
    TOO_LARGE,
    Accepted,
    Deferred,
    Outcome,
    Refused,
    RelayFault,
    Unanswered,
    is_goodbye,
    text,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

CLASS_OF_SUCCESS, CLASS_OF_REFUSAL = 2, 5
ANSWER_SECONDS, FINAL_ANSWER_SECONDS = 30, 600
"""RFC 5321 4.5.3.2.6 gives the peer ten minutes after the final dot: to wait less makes duplicates."""
ENDS_AN_ADDRESS = re.compile(r"[\s<>\x00]")


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
        try:
            answer = self.in_one_go() if self.connection.has_extn("pipelining") else self.step_by_step()
        except (OSError, smtplib.SMTPException) as error:
            raise RelayFault(f"The mail server broke off: {words(error)}", met_message=True, is_early=True) from error
        return self.content() if answer is None else answer

    def step_by_step(self) -> Outcome | None:
        """Say one command, hear its answer, say the next; None where the server waits for the content."""
        no: Outcome | None = self.sender_refusal(*self.connection.mail(self.sender, self.options()))
        no = no or self.refusal(*self.connection.rcpt(self.recipient), is_early=True)
        return no or self.go_ahead(*self.connection.docmd("DATA"))

    def in_one_go(self) -> Outcome | None:
        """Say sender, recipient and DATA in one breath (RFC 2920), then hear the three answers; None as above."""
        if not (is_bare(self.sender) and is_bare(self.recipient)):
            raise ValueError("An address in a command is one word.")
        options = "".join(f" {option}" for option in self.options())
        lines = (f"MAIL FROM:<{self.sender}>{options}", f"RCPT TO:<{self.recipient}>", "DATA")
        self.connection.send("".join(f"{line}\r\n" for line in lines).encode())
        answers = [self.connection.getreply() for _ in lines]
        no = self.sender_refusal(*answers[0]) or self.refusal(*answers[1], is_early=True)
        if no is None:
            return self.go_ahead(*answers[2])
        if answers[2][0] == START_DATA:
            self.connection.send(b".\r\n")
            self.connection.getreply()
        return no

    def sender_refusal(self, code: int, answer: bytes) -> Refused | None:
        """Say that the message is too large; any other no to the sender is the relay's doing: raises RelayFault."""
        if code == TOO_LARGE:
            return Refused(code, text(answer))
        if code != OK:
            said = f"The mail server refused the sender: {code} {text(answer)}"
            raise RelayFault(said, met_message=True, is_early=is_goodbye(code))
        return None

    def go_ahead(self, code: int, answer: bytes) -> Outcome | None:
        """Say what the answer to DATA means; None where the server waits for the content."""
        if code == START_DATA:
            return None
        return self.refusal(code, answer, is_early=True) or Deferred(code, text(answer))

    def content(self) -> Outcome:
        """Send the content with its final dot, and wait for the answer that counts.

        In one piece: the dot goes last, so that what fails before it all is sent was not handed over; and a small
        second piece would wait for the peer to acknowledge the first. An answer that cannot be read is none.
        """
        try:
            self.connection.send(stuffed(self.data) + b".\r\n")
        except (OSError, smtplib.SMTPException) as error:
            raise RelayFault(f"The mail server broke off: {words(error)}", met_message=True) from error
        try:
            if self.connection.sock is not None:
                self.connection.sock.settimeout(final_answer_seconds(self.limits))
            code, answer = self.connection.getreply()
            if self.connection.sock is not None:
                self.connection.sock.settimeout(answer_seconds(self.limits))
        except (OSError, smtplib.SMTPException) as error:
            return Unanswered(f"The mail server took the letter and did not answer: {words(error)}")
        if code < 0:
            return Unanswered(f"The mail server took the letter, and its answer cannot be read: {text(answer)}")
        return self.refusal(code, answer) or Accepted(code, text(answer))

    def refusal(self, code: int, answer: bytes, *, is_early: bool = False) -> Outcome | None:
        """Say what a no means; None where it was a yes. Raises RelayFault where the relay is closing."""
        if is_goodbye(code):
            raise RelayFault(f"The mail server closed: {code} {text(answer)}", met_message=True, is_early=is_early)
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
