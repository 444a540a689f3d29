"""A server of somebody else's calendars: it answers with whatever octets a test gives it, as slowly as it likes."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import ssl

PATIENCE = 30
Pieces = Iterable[bytes | float]
"""What is sent, and how many seconds are waited between."""


@dataclass
class Elsewhere:
    """A server on this machine: `answers` by path, a callable is given what was asked; `asked` is all that came."""

    listener: socket.socket
    answers: dict[str, Pieces | Callable[[str], Pieces]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    presents: ssl.SSLContext | None = None
    """How it proves who it is; None speaks in clear."""

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    @property
    def host(self) -> str:
        """As an operator would name it to allow it."""
        return f"localhost:{self.port}"

    def url(self, path: str = "/feed.ics") -> str:
        return f"http://{self.host}{path}"

    def serve(self) -> None:
        """Answer each line on a thread of its own, until the listener is closed."""
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(line,), daemon=True).start()

    def answer(self, line: socket.socket) -> None:
        """Hear what is asked on one line, and answer it; whoever hangs up meanwhile is let go."""
        line.settimeout(PATIENCE)
        with line, suppress(OSError), self.proved(line) as proved:
            self.talk(proved)

    def proved(self, line: socket.socket) -> socket.socket:
        """Prove who it is, where it can."""
        return self.presents.wrap_socket(line, server_side=True) if self.presents else line

    def talk(self, line: socket.socket) -> None:
        """Answer one question."""
        heard = b""
        while b"\r\n\r\n" not in heard and (more := line.recv(65_536)):
            heard += more
        if not heard:
            return
        asked = heard.decode("latin-1")
        self.asked.append(asked)
        said = self.answers.get(asked.split(" ")[1], [b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"])
        for piece in said(asked) if callable(said) else said:
            if isinstance(piece, bytes):
                line.sendall(piece)
            else:
                time.sleep(piece)


def answered(body: bytes, *headers: str, status: str = "200 OK") -> list[bytes]:
    """Return an answer in whole."""
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""])
    return [head.encode("latin-1") + body]


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """A server of somebody else's, on this machine."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        made = Elsewhere(listener)
        thread = threading.Thread(target=made.serve, daemon=True, name="elsewhere")
        thread.start()
        yield made
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
    thread.join(PATIENCE)
