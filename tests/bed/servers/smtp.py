"""A real SMTP peer that keeps what it is sent, byte for byte, misbehaves when told to, and may prove who it is."""

import asyncio
import email
import email.policy
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PATIENCE = 10
"""Seconds the peer has to start."""


class Misbehaviour(Enum):
    """What a peer may do instead of answering."""

    HANG = "hang"
    DROP = "drop"


@dataclass
class Line:
    """One line of the script: at `verb`, for `recipient` or anyone, `act`, `times` times or always (None)."""

    verb: str
    act: str | Misbehaviour
    recipient: str | None
    times: int | None

    def is_for(self, verb: str, recipients: list[str]) -> bool:
        """Whether it is this line's turn."""
        return self.verb == verb and self.times != 0 and (self.recipient is None or self.recipient in recipients)


@dataclass(frozen=True)
class Received:
    """One message that reached the peer whole: accepted, or left without an answer when the peer hung or dropped."""

    sender: str
    recipients: list[str]
    data: bytes
    is_secured: bool

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        return email.message_from_bytes(self.data, policy=email.policy.default)


@dataclass
class Peer:
    """What the test holds: what came in, who signed in, and the script of what goes wrong."""

    url: str
    host: str
    port: int
    received: list[Received] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    script: list[Line] = field(default_factory=list)
    pipelines: bool = False
    connections: int = 0

    def answer(self, verb: str, reply: str, *, recipient: str | None = None, times: int | None = None) -> None:
        """At GREETING, EHLO, AUTH, MAIL, RCPT or DATA, reply e.g. "451 4.2.1 busy"."""
        self.script.append(Line(verb, reply, recipient, times))

    def hang(self, verb: str, *, recipient: str | None = None, times: int | None = None) -> None:
        """Stay silent there until the test ends."""
        self.script.append(Line(verb, Misbehaviour.HANG, recipient, times))

    def drop(self, verb: str, *, recipient: str | None = None, times: int | None = None) -> None:
        """Close the connection there; at DATA, after the last byte came in."""
        self.script.append(Line(verb, Misbehaviour.DROP, recipient, times))

    def behave(self) -> None:
        """Forget the script."""
        self.script.clear()

    def turn(self, verb: str, *recipients: str) -> str | Misbehaviour | None:
        """Take the act that the script has for this moment."""
        line = next((line for line in self.script if line.is_for(verb, list(recipients))), None)
        if line is None:
            return None
        if line.times is not None:
            line.times -= 1
        return line.act


class Handler:
    """Play the script over the wire."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer
        self.ended = asyncio.Event()

    async def handle_EHLO(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        answer = await self.play(server, "EHLO")
        offered = ["250-PIPELINING"] if self.peer.pipelines else []
        return [*responses[:-1], *offered, responses[-1]] if answer is None else [answer]

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, sender: str, options: list[str]
    ) -> str:
        answer = await self.play(server, "MAIL")
        if answer is None:
            envelope.mail_from = sender
            envelope.mail_options.extend(options)
        return answer or "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, recipient: str, options: list[str]
    ) -> str:
        answer = await self.play(server, "RCPT", recipient)
        if answer is None or answer.startswith("2"):
            envelope.rcpt_tos.append(recipient)
            envelope.rcpt_options.extend(options)
        return answer or "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        data = envelope.original_content or b""
        message = Received(envelope.mail_from or "", list(envelope.rcpt_tos), data, session.ssl is not None)
        act = self.peer.turn("DATA", *message.recipients)
        if act is None or isinstance(act, Misbehaviour) or act.startswith("2"):
            self.peer.received.append(message)
        return await self.perform(server, "DATA", act) or f"250 2.0.0 OK queued as {len(self.peer.received)}"

    async def play(self, server: SMTP, verb: str, *recipients: str) -> str | None:
        """Do what the script has for this moment; None is to go on as usual."""
        return await self.perform(server, verb, self.peer.turn(verb, *recipients))

    async def perform(self, server: SMTP, verb: str, act: str | Misbehaviour | None) -> str | None:
        """Reply, hang or drop."""
        self.peer.commands.append(verb)
        if act is Misbehaviour.HANG:
            await self.ended.wait()
        if isinstance(act, Misbehaviour):
            if server.transport is not None:
                server.transport.abort()
            return "421 4.3.0 gone"
        return act

    def authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: Any) -> AuthResult:
        """Note who signs in, and let everyone in unless the script says otherwise."""
        assert isinstance(given, LoginPassword)
        self.peer.logins.append((given.login.decode(), given.password.decode()))
        act = self.peer.turn("AUTH")
        return AuthResult(success=True) if act is None else AuthResult(success=False, handled=False, message=str(act))


class Conversation(SMTP):
    """One connection, which may end with its greeting."""

    async def push(self, status: str | bytes) -> None:
        """Say it; or, instead of the greeting, what the script says, and hang up."""
        is_greeting = self.session is not None and self.session.host_name is None and str(status)[:4] == "220 "
        act = self.event_handler.peer.turn("GREETING") if is_greeting else None
        await super().push(act or status)
        if act is not None and self.transport is not None:
            self.transport.close()


class PeerController(Controller):
    """A controller on a socket that is already ours, so that no port need be guessed."""

    def __init__(self, handler: Handler, *, listener: socket.socket, tls: ssl.SSLContext | None) -> None:
        host, port = listener.getsockname()
        super().__init__(
            handler,
            hostname=host,
            port=port,
            ready_timeout=PATIENCE,
            authenticator=handler.authenticate,
            auth_require_tls=False,
            enable_SMTPUTF8=True,
            tls_context=tls,
        )
        self.listener = listener

    def factory(self) -> SMTP:
        """Count a connection."""
        self.handler.peer.connections += 1
        return Conversation(self.handler, **self.SMTP_kwargs)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self.listener)


@pytest.fixture
def smtp_peer() -> Iterator[Peer]:
    """A peer that accepts everything; a test that asks for it delivers to it."""
    with listening() as peer:
        yield peer


@contextmanager
def listening(tls: ssl.SSLContext | None = None) -> Iterator[Peer]:
    """Run a peer for a while; with `tls` it offers STARTTLS."""
    listener = socket.create_server(("127.0.0.1", 0))
    host, port = listener.getsockname()
    peer = Peer(f"smtp://{host}:{port}", host, port)
    handler = Handler(peer)
    controller = PeerController(handler, listener=listener, tls=tls)
    controller.start()
    peer.connections = 0  # the controller knocked at its own door
    try:
        yield peer
    finally:
        controller.loop.call_soon_threadsafe(handler.ended.set)
        controller.stop()
        listener.close()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Who vouches for certificates."""
    return trustme.CA()


@pytest.fixture(scope="session")
def authority_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The authority's certificate as a file, for those who are to trust it."""
    file = tmp_path_factory.mktemp("authority") / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    return file


def presenting(certificate: trustme.LeafCert) -> ssl.SSLContext:
    """How a server presents `certificate`."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    return context


def presenting_itself(authority: trustme.CA, folder: Path) -> ssl.SSLContext:
    """How a server presents a certificate that nobody but itself has signed."""
    file = folder / "self-signed.pem"
    file.write_bytes(authority.private_key_pem.bytes() + authority.cert_pem.bytes())
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context
