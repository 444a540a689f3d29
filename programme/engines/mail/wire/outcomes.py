"""What the peer says of a message, and what went wrong that is the relay's own doing."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass

OK, START_DATA, CLOSING, TOO_LARGE = 250, 354, 421, 552


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

    `met_message` says that it came while a message was under way, which then goes to the back of the queue. `is_early`
    says that the server closed before any content was sent: on a connection that has served, that is only its end.
    """

    def __init__(self, sentence: str, *, met_message: bool = False, is_early: bool = False) -> None:
        super().__init__(sentence)
        self.met_message, self.is_early = met_message, is_early


def is_goodbye(code: int) -> bool:
    """Whether the server closes, or says what nobody understands."""
    return code == CLOSING or code < 0


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
