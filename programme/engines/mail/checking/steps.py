"""A trial letter by the way that letters go, told step by step in the mail server's own words."""

from __future__ import annotations

import smtplib
import ssl
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from programme.engines.mail.addresses.inbox.mailbox import InboxFault, Mailbox
from programme.engines.mail.addresses.verp import TRIAL, TRIAL_KEY, return_path
from programme.engines.mail.checking.facts import Step, bad, facts, good, noted
from programme.engines.mail.wire.headers.mailboxes import Unsendable, message_id, on_the_wire
from programme.engines.mail.wire.messages import Body, Head, build
from programme.engines.mail.wire.outcomes import Accepted, RelayFault, text
from programme.engines.mail.wire.transport import Relay

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from programme.engines.mail.ports import MailRoom
    from programme.engines.mail.wire.outcomes import Outcome
    from programme.settings.mail import MailServer

CONNECTION, ENCRYPTION, SIGN_IN = "Connection", "Encryption", "Sign-in"
ACCEPTED = "Accepted"
NAMES = {"mail": "Sender", "rcpt": "Recipient", "data": "Letter offered", "": ACCEPTED}
"""What each command of SMTP is called; the last answer is to the letter itself."""
WORDS = "This letter was sent by “programme mail-check” to see whether letters arrive. Nothing needs to be done."
VERBS = frozenset({"mail", "rcpt", "data", "rset", "quit", "noop"})
LONE_DOT = b".\r\n"
"""What ends a letter that the mail server waits for although it refused the recipient."""
BAD = 400
MOST_COUNTED = 1_000


def check(room: MailRoom, *, to: str, now: datetime) -> Iterator[Step]:
    """Send a trial letter and say what happens, as it happens; it went where a step called Accepted is good."""
    sender = return_path(room, number=TRIAL, key=TRIAL_KEY)
    yield from facts(room, return_path=sender)
    yield from trial(room, sender=sender, to=to, now=now)
    yield inbox_step(room)


def trial(room: MailRoom, *, sender: str, to: str, now: datetime) -> Iterator[Step]:
    """Send the letter."""
    if room.server.captures:
        told = "MAIL_URL is capture://, so letters stay here, to be read at /mailbox; nothing leaves"
        yield bad(CONNECTION, told)
        return
    head = head_of(room, to=to, now=now)
    try:
        data = build(head, Body("Test letter", f"{WORDS}\n", f"<html><head></head><body><p>{WORDS}</p></body></html>"))
        recipient = on_the_wire(to)
    except Unsendable as refusal:
        yield bad("Recipient", str(refusal))
        return
    relay = Relay(room.server, room.limits)
    try:
        yield from conversation(relay, sender=sender, recipient=recipient, data=data)
    finally:
        relay.close()
    yield noted("Message-ID", head.message_id)


def head_of(room: MailRoom, *, to: str, now: datetime) -> Head:
    """Return the headers of the letter."""
    return Head(
        sender=room.mail_from,
        sender_name="Liverpool–Oxford programme",
        reply_to="",
        recipient=to,
        recipient_name="",
        message_id=message_id(f"{TRIAL_KEY}:{to}:{now:%Y%m%d%H%M%S%f}", secret=room.secret, sender=room.mail_from),
        date=now,
    )


def conversation(relay: Relay, *, sender: str, recipient: str, data: bytes) -> Iterator[Step]:
    """Talk to the mail server, and give every answer."""
    try:
        connection = relay.open()
    except RelayFault as fault:
        yield from not_open(fault, relay.server)
        return
    yield from opened(connection, relay.server)
    heard = Heard(connection)
    try:
        outcome: Outcome | RelayFault = relay.deliver(sender=sender, recipient=recipient, data=data)
    except RelayFault as fault:
        outcome = fault
    yield from heard.steps
    if isinstance(outcome, RelayFault):
        yield bad(ACCEPTED, str(outcome))
    elif not isinstance(outcome, Accepted) and not any(step.is_ok is False for step in heard.steps):
        yield bad(ACCEPTED, outcome.answer)


def opened(connection: smtplib.SMTP, server: MailServer) -> Iterator[Step]:
    """Say how the connection came about."""
    greeting = text((connection.ehlo_resp or connection.helo_resp or b"").split(b"\n")[0])
    yield good(CONNECTION, f"{server.host}:{server.port} is {greeting}")
    socket = connection.sock
    if isinstance(socket, ssl.SSLSocket):
        yield good(ENCRYPTION, f"{socket.version()}, with a certificate that is trusted")
    else:
        yield noted(ENCRYPTION, "none: MAIL_URL does not ask for it (?starttls=1)")
    if server.user is None:
        yield noted(SIGN_IN, "none: MAIL_URL holds no name")
    else:
        yield good(SIGN_IN, f"as {server.user}")


def not_open(fault: RelayFault, server: MailServer) -> Iterator[Step]:
    """Say how far the connection came."""
    where = place_of(fault.__cause__)
    if where != CONNECTION:
        yield good(CONNECTION, f"{server.host}:{server.port}")
    if where == SIGN_IN and server.starttls:
        yield good(ENCRYPTION, "with a certificate that is trusted")
    yield bad(where, str(fault))


def place_of(cause: BaseException | None) -> str:
    """Return the step at which a connection failed."""
    if isinstance(cause, smtplib.SMTPAuthenticationError):
        return SIGN_IN
    is_encryption = isinstance(cause, ssl.SSLError) or (
        isinstance(cause, smtplib.SMTPNotSupportedError) and "STARTTLS" in str(cause)
    )
    return ENCRYPTION if is_encryption else CONNECTION


@dataclass(slots=True)
class Heard:
    """Listens to a connection: every answer becomes a step, whether commands go one by one or in one breath."""

    connection: smtplib.SMTP
    steps: list[Step] = field(default_factory=list)
    said: deque[str] = field(default_factory=deque)

    def __post_init__(self) -> None:
        """Stand between the connection and whoever speaks on it."""
        send, get = self.connection.send, self.connection.getreply

        def say(words: bytes | str) -> None:
            self.said.extend(commands_in(words.encode() if isinstance(words, str) else bytes(words)))
            send(words)

        def hear() -> tuple[int, bytes]:
            code, answer = get()
            name = NAMES.get(self.said.popleft() if self.said else "?")
            if name is not None:
                self.steps.append(Step(name, is_ok=code < BAD, told=f"{code} {text(answer)}"))
            return code, answer

        self.connection.send = say  # type: ignore[method-assign, assignment]
        self.connection.getreply = hear  # type: ignore[method-assign]


def commands_in(words: bytes) -> list[str]:
    """Return the commands that are said, each of which is answered; the letter itself is an empty one."""
    lines = words.removesuffix(b"\r\n").split(b"\r\n")
    verbs = [line[:4].lower().decode("ascii", "replace") for line in lines]
    if verbs[0] in VERBS:
        return verbs
    return [""] if words != LONE_DOT else ["."]


def inbox_step(room: MailRoom) -> Step:
    """Say whether what comes back can be read."""
    name = "Inbox"
    if room.inbox is None:
        told = f"fed by a pipe to “programme inbox”, for {room.bounce_address}" if room.bounce_address else ""
        return noted(name, told or "nobody reads what comes back: set IMAP_URL, or BOUNCE_ADDRESS and a pipe")
    try:
        with Mailbox(room.inbox) as mailbox:
            count = len(mailbox.unread(most=MOST_COUNTED))
    except InboxFault as fault:
        return bad(name, str(fault))
    return good(name, f"{room.inbox.folder} of {room.inbox.user} can be read; {count} waiting there")
