"""The mailbox of bounces over IMAP: never in clear by a slip, and a little of it at a time.

What was understood is marked as read. What was not (a person's answer, what nobody foresaw) stays unread for people,
under a keyword by which it is left alone from then on.
"""

from __future__ import annotations

import contextlib
import imaplib
import re
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from programme.engines.mail.addresses.reading.parts import LONGEST_MESSAGE
from programme.settings.inbox import Encryption

if TYPE_CHECKING:
    from types import TracebackType

    from programme.settings.inbox import Inbox

ANSWER_SECONDS = 30
KEYWORD = "ProgrammeLeftThis"
NO_STARTTLS = "TLS not supported by server"
"""What imaplib says."""
READ = r"\Seen"
ANY_KEYWORD = rb"\*"
TROUBLES = (OSError, imaplib.IMAP4.error, ValueError)


class InboxFault(Exception):  # noqa: N818  the mail server's, not ours
    """The mailbox cannot be read; the text says why."""


@dataclass(slots=True)
class Mailbox:
    """A session with the mailbox, opened by `with`."""

    setting: Inbox
    connection: imaplib.IMAP4 = field(init=False)
    may_have_keywords: bool = False

    def __enter__(self) -> Self:
        """Connect, secure, sign in and choose the folder; raises InboxFault."""
        try:
            self.connection = connected(self.setting)
        except TROUBLES as error:
            raise InboxFault(f"The inbox cannot be reached: {words(error)}") from error
        try:
            self.sign_in()
            self.choose()
        except TROUBLES as error:
            self.leave()
            raise InboxFault(f"The inbox cannot be opened: {words(error)}") from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Say goodbye."""
        self.leave()

    def sign_in(self) -> None:
        """Sign in; by AUTH=PLAIN where that is offered, as names and passwords may have any letters then."""
        if "AUTH=PLAIN" in self.connection.capabilities:
            secret = f"\0{self.setting.user}\0{self.setting.password}".encode()
            self.connection.authenticate("PLAIN", lambda _: secret)
        else:
            self.connection.login(quoted(self.setting.user), self.setting.password)

    def choose(self) -> None:
        """Choose the folder, and see what marks it allows."""
        told(self.connection.select(quoted(self.setting.folder)))
        flags = self.connection.response("PERMANENTFLAGS")[1]
        self.may_have_keywords = any(ANY_KEYWORD in line for line in flags if isinstance(line, bytes))

    def unread(self, *, most: int) -> list[str]:
        """Return the first messages that nobody has read and we have not left alone; raises InboxFault."""
        asked = ("UNSEEN", "UNDELETED", *(("UNKEYWORD", KEYWORD) if self.may_have_keywords else ()))
        try:
            found = told(self.connection.uid("SEARCH", *asked))
        except TROUBLES as error:
            raise InboxFault(f"The inbox cannot be searched: {words(error)}") from error
        numbers = [number.decode() for line in found if isinstance(line, bytes) for number in line.split()]
        return numbers[:most]

    def message(self, number: str) -> bytes | None:
        """Return the beginning of a message without marking it; None where it is gone. Raises InboxFault."""
        try:
            found = told(self.connection.uid("FETCH", number, f"(BODY.PEEK[]<0.{LONGEST_MESSAGE}>)"))
        except TROUBLES as error:
            raise InboxFault(f"The inbox gives no message: {words(error)}") from error
        return next((part[1] for part in found if isinstance(part, tuple)), None)

    def note(self, number: str, *, is_understood: bool) -> None:
        """Mark a message as read, or leave it to people; raises InboxFault."""
        mark = READ if is_understood or not self.may_have_keywords else KEYWORD
        try:
            told(self.connection.uid("STORE", number, "+FLAGS.SILENT", f"({mark})"))
        except TROUBLES as error:
            raise InboxFault(f"The inbox cannot be marked: {words(error)}") from error

    def leave(self) -> None:
        """Say goodbye, if the server still listens."""
        with contextlib.suppress(*TROUBLES):
            self.connection.logout()
        drop(self.connection)


def connected(setting: Inbox) -> imaplib.IMAP4:
    """Connect and secure as the setting says; raises what went wrong rather than speak in clear."""
    context = ssl.create_default_context(cafile=setting.authorities)
    if setting.encryption is Encryption.TLS:
        return imaplib.IMAP4_SSL(setting.host, setting.port, ssl_context=context, timeout=ANSWER_SECONDS)
    connection = imaplib.IMAP4(setting.host, setting.port, timeout=ANSWER_SECONDS)
    if setting.encryption is Encryption.STARTTLS:
        try:
            connection.starttls(ssl_context=context)
        except TROUBLES:
            drop(connection)
            raise
    return connection


def drop(connection: imaplib.IMAP4) -> None:
    """Let go of a connection, whatever state it is in."""
    with contextlib.suppress(*TROUBLES):
        connection.shutdown()
    connection.sock.close()


def told(answer: tuple[str, list[Any]]) -> list[Any]:
    """Return what the server says to a command; raises where it says no."""
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(
            b" ".join(line for line in data if isinstance(line, bytes)).decode("utf-8", "replace")
        )
    return data


def quoted(text: str) -> str:
    """Return a text as a command may hold it."""
    escaped = re.sub(r'(["\\])', r"\\\1", text)
    return f'"{escaped}"'


def words(error: Exception) -> str:
    """Say an error in one line."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    said = error.args[0] if error.args else ""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(error)
    if text == NO_STARTTLS:
        return "it offers no encryption (STARTTLS), and nothing must go in clear"
    return " ".join(text.replace("\0", "").split())[:500] or type(error).__name__
