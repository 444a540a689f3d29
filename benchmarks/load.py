"""A load generator of raw sockets: cheap enough to share two cores with what it measures."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD_END = b"\r\n\r\n"
SECONDS = 30


class BrokenAnswerError(Exception):
    """The server closed in the middle of an answer."""


@dataclass
class Answer:
    """Status, headers as they came, and body."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """Return a header's value, or nothing."""
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.decode().lower() == name:
                return value.strip().decode()
        return ""


class Client:
    """One connection kept alive."""

    def __init__(self, host: str, port: int, *, cookie: str = "") -> None:
        self.place = (host, port)
        self.cookie = f"Cookie: {cookie}\r\n" if cookie else ""
        self.connection: socket.socket | None = None

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        head = f"GET {path} HTTP/1.1\r\nHost: {self.host}\r\nAccept: text/html\r\n{self.cookie}\r\n"
        return self.ask(head.encode())

    def post(self, path: str, values: dict[str, str]) -> Answer:
        """Send a form."""
        body = urlencode(values).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {self.host}\r\nSec-Fetch-Site: same-origin\r\n{self.cookie}"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return self.ask(head.encode() + body)

    @property
    def host(self) -> str:
        """Return what goes into the Host header."""
        return f"{self.place[0]}:{self.place[1]}"

    def ask(self, request: bytes) -> Answer:
        """Send and read one answer; a connection that was closed while idle is opened again once."""
        for last in (False, True):
            try:
                return self.exchange(request)
            except (BrokenAnswerError, ConnectionError):
                self.close()
                if last:
                    raise
        raise AssertionError

    def exchange(self, request: bytes) -> Answer:
        """Send and read on the present connection."""
        if self.connection is None:
            self.connection = socket.create_connection(self.place, timeout=SECONDS)
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.connection.sendall(request)
        head, rest = self.read_head()
        answer = Answer(int(head.split(b" ", 2)[1]), head, rest)
        length = int(answer.header("content-length") or 0)
        while len(answer.body) < length:
            answer.body += self.receive()
        if answer.header("connection").lower() == "close":
            self.close()
        return answer

    def read_head(self) -> tuple[bytes, bytes]:
        """Read up to the empty line; returns the head and what came after it."""
        seen = b""
        while HEAD_END not in seen:
            seen += self.receive()
        head, _, rest = seen.partition(HEAD_END)
        return head, rest

    def receive(self) -> bytes:
        """Read some bytes."""
        part = self.connection.recv(262_144) if self.connection else b""
        if not part:
            raise BrokenAnswerError
        return part

    def close(self) -> None:
        """Close the connection."""
        if self.connection:
            self.connection.close()
        self.connection = None


@dataclass
class Result:
    """How many were done in how long, which answers came, and how long each took (seconds)."""

    done: int = 0
    seconds: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    errors: int = 0

    @property
    def a_second(self) -> float:
        """Return the rate."""
        return self.done / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Return the time that `share` of the work stayed under, in milliseconds."""
        ordered = sorted(self.times)
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def run(work: Callable[[Client, int], int], *, port: int, total: int, clients: int) -> Result:
    """Do `work(client, number)` for numbers 0 to total-1 on several connections; `work` returns a status."""
    result = Result()
    numbers = iter(range(total))
    lock = threading.Lock()

    def labour() -> None:
        client = Client("127.0.0.1", port)
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                break
            began = time.perf_counter()
            try:
                status = work(client, number)
            except (OSError, BrokenAnswerError):
                status = 0
            took = time.perf_counter() - began
            with lock:
                result.done += 1
                result.times.append(took)
                result.statuses[status] = result.statuses.get(status, 0) + 1
        client.close()

    threads = [threading.Thread(target=labour) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result.seconds = time.perf_counter() - began
    return result
