"""Fetching from the web: the address that was checked is the one connected to, with bounds on time and size."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from programme.core.fetching.addresses import is_public
from programme.core.fetching.targets import Target, followed, private, target_of
from programme.core.lazy import load
from programme.core.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from urllib3.connection import HTTPConnection
    from urllib3.response import BaseHTTPResponse

    Resolver = Callable[[str, int], Sequence[str]]
    """Look a name up: its addresses, in numbers. Raises OSError where there is none."""

MOST_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
OK, NOT_MODIFIED, NOT_FOUND, GONE, TOO_MANY = 200, 304, 404, 410, 429
NEEDS_SIGNING_IN = frozenset({401, 403})
FIRST_FAULT_OF_THEIRS = 500
LONGEST_MARK = 500
AGENT = "programme (calendar subscription)"
ACCEPTED = "text/calendar, application/calendar+json;q=0, text/plain;q=0.5, */*;q=0.1"


class Marks(NamedTuple):
    """By what a server knows what we have already: ETag and Last-Modified as it sent them; empty where it did not."""

    etag: str = ""
    last_modified: str = ""


class Fetched(NamedTuple):
    """What was fetched; `body` is None where it is what we have already."""

    body: bytes | None
    marks: Marks


class Unfetched(Refusal):
    """It could not be fetched; `status` is what the server answered, None where it did not come to that."""

    def __init__(self, sentence: str, *, status: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status

    @property
    def is_gone(self) -> bool:
        """Whether the server said that it is gone for good."""
        return self.status == GONE


def look_up(host: str, port: int) -> list[str]:
    """Return the addresses that the system's resolver knows of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Fetcher:
    """How things are fetched: from where besides the public internet, how names are looked up, and the bounds.

    Seconds: to connect, between two pieces of an answer, and for everything, redirects included. `most_bytes` counts
    what is decompressed.
    """

    allowed: frozenset[str] = frozenset()
    resolver: Resolver = field(default=look_up)
    connecting: float = 5
    reading: float = 10
    whole: float = 30
    most_bytes: int = 20_000_000

    def fetch(self, address: str, *, known: Marks | None = None) -> Fetched:
        """Fetch what is at an address; hold no transaction meanwhile.

        Raises Refusal for what is never fetched (`Unfetched` where it was tried), with a sentence for the person.
        """
        until = time.monotonic() + self.whole
        target = target_of(address, allowed=self.allowed)
        for _ in range(MOST_REDIRECTS + 1):
            found = self._at(target, known or Marks(), until)
            if isinstance(found, Fetched):
                return found
            target = followed(target, found, allowed=self.allowed)
        raise Unfetched(f"The address leads on and on, more than {MOST_REDIRECTS} times.")

    def _at(self, target: Target, known: Marks, until: float) -> Fetched | str:
        """Ask once; return what came, or where a redirect leads."""
        addresses = self._addresses(target)
        with failing_in_words(target, until):
            connection = self._connected(target, addresses, until)
            with ended_at(connection, until):
                connection.request("GET", target.path, headers=headers(target, known), preload_content=False)
                return self._answer(connection.getresponse(), known)

    def _addresses(self, target: Target) -> Sequence[str]:
        """Look a host up, and refuse it where any of its addresses is not the public's."""
        try:
            found = self.resolver(target.host, target.port)
        except (OSError, UnicodeError):
            found = ()
        if not found:
            raise Unfetched(f"“{target.host[:60]}” cannot be found on the internet.")
        if not target.is_allowed and not all(map(is_public, found)):
            raise Unfetched(private(target.host))
        return found

    def _connected(self, target: Target, addresses: Sequence[str], until: float) -> HTTPConnection:
        """Connect to one of the addresses that were checked, whatever its name leads to by now."""
        error: Exception = TimeoutError()
        for address in addresses:
            seconds = min(self.connecting, until - time.monotonic())
            if seconds <= 0:
                break
            connection = connection_to(target, address, seconds)
            try:
                connection.connect()
            except Exception as failed:  # noqa: BLE001  whatever it is, the next address may answer
                connection.close()
                error = failed
            else:
                connection.sock.settimeout(min(self.reading, max(until - time.monotonic(), 0.001)))
                return connection
        raise error

    def _answer(self, response: BaseHTTPResponse, known: Marks) -> Fetched | str:
        """Read an answer: what it holds, that it is the same as before, or where it leads."""
        location = response.headers.get("Location", "")
        if response.status in REDIRECTS and location:
            return location
        if response.status == NOT_MODIFIED and any(known):
            return Fetched(None, known)
        if response.status != OK:
            raise Unfetched(words_of(response.status), status=response.status)
        body = response.read(self.most_bytes + 1, decode_content=True)
        if len(body) > self.most_bytes:
            raise Unfetched(f"What is there is too large: {self.most_bytes / 1e6:.0f} MB is the most.")
        return Fetched(body, marks_of(response))


def connection_to(target: Target, address: str, seconds: float) -> HTTPConnection:
    """Return a connection to an address in numbers, whose certificate must be that of the name."""
    made = load("urllib3.connection")
    given: dict[str, Any] = {"host": address, "port": target.port, "timeout": seconds}
    if target.scheme == "http":
        plain: HTTPConnection = made.HTTPConnection(**given)
        return plain
    trusted = ssl.create_default_context()
    safe: HTTPConnection = made.HTTPSConnection(**given, server_hostname=target.host, ssl_context=trusted)
    return safe


def headers(target: Target, known: Marks) -> dict[str, str]:
    """Return what is said when asking: to whom, for what, and what we have already."""
    marks = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    host = target.url.partition("://")[2].partition("/")[0]
    said = {"Host": host, "Accept": ACCEPTED, "Accept-Encoding": "gzip", "User-Agent": AGENT, "Connection": "close"}
    return said | {name: mark for name, mark in marks.items() if mark}


def marks_of(response: BaseHTTPResponse) -> Marks:
    """Return the marks of an answer; one that is no line of letters, or endless, is left out."""
    found = (response.headers.get(name, "") for name in ("ETag", "Last-Modified"))
    return Marks(
        *(mark if mark.isascii() and mark.isprintable() and len(mark) <= LONGEST_MARK else "" for mark in found)
    )


@contextmanager
def ended_at(connection: HTTPConnection, until: float) -> Iterator[None]:
    """Close the line at an instant (monotonic), whatever trickles in: no bound on single reads would ever end it.

    Raises TimeoutError then, since a line that ends looks like an answer that ends.
    """
    line = connection.sock
    timer = threading.Timer(max(until - time.monotonic(), 0), hang_up, [line])
    timer.daemon = True
    timer.start()
    try:
        yield
        if time.monotonic() >= until:
            raise TimeoutError
    finally:
        timer.cancel()
        hang_up(line)
        connection.close()
        line.close()  # a response that was not read to its end holds on to it


def hang_up(line: socket.socket) -> None:
    """End both directions, which wakes whoever reads."""
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


@contextmanager
def failing_in_words(target: Target, until: float) -> Iterator[None]:
    """Turn whatever the network and the libraries raise into a sentence."""
    try:
        yield
    except Refusal:
        raise
    except ssl.SSLCertVerificationError as error:
        raise Unfetched(f"“{target.host}” does not prove that it is that: its certificate is not trusted.") from error
    except Exception as error:
        is_late = isinstance(error, TimeoutError) or time.monotonic() >= until or "Timeout" in type(error).__name__
        how = "took too long to answer" if is_late else "gave no answer that can be read"
        raise Unfetched(f"“{target.host}” {how}.") from error


def words_of(status: int) -> str:
    """Say what a server's refusal means."""
    if status == GONE:
        return "The server says that this calendar is gone for good (410)."
    if status == NOT_FOUND:
        return "The server knows of no calendar at this address (404)."
    if status in NEEDS_SIGNING_IN:
        return f"The server lets only those in who sign in ({status}). Ask its owners for a public address."
    if status == TOO_MANY:
        return "The server says that we ask too often (429)."
    whose = "has trouble of its own" if status >= FIRST_FAULT_OF_THEIRS else "does not give it"
    return f"The server {whose} ({status})."
