"""A mail server that swallows: a process of its own that notes each message, as slow or as faulty as it is told.

`python -m tests.soak.sink --notes FILE [--delay SECONDS] [--lose SHARE]` says its port. Each message it stores is a
line of the file: instant, recipient, Message-ID. `--lose` closes the connection after storing, instead of answering.
It says at the end how many connections were open at once at most.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

END = b"\r\n.\r\n"
ANSWERS = {
    b"EHLO": b"250-sink.example\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 SMTPUTF8\r\n",
    b"HELO": b"250 sink.example\r\n",
    b"MAIL": b"250 2.1.0 OK\r\n",
    b"RCPT": b"250 2.1.5 OK\r\n",
    b"RSET": b"250 2.0.0 OK\r\n",
    b"NOOP": b"250 2.0.0 OK\r\n",
    b"DATA": b"354 go on\r\n",
    b"QUIT": b"221 2.0.0 bye\r\n",
}


@dataclass
class Sink:
    """What all connections share: the notes, the manners, and how many there are."""

    notes: TextIO
    delay: float = 0.0
    lose: float = 0.0
    most: int = 0
    here: int = 0

    def note(self, recipient: bytes, data: bytes) -> None:
        """Write one message down, and let it be on the disk's way before it is answered."""
        head = data.partition(b"\r\n\r\n")[0]
        found = [line for line in head.split(b"\r\n") if line[:11].lower() == b"message-id:"]
        name = found[0][11:].strip().decode("ascii", "replace") if found else "-"
        self.notes.write(f"{time.time():.6f} {recipient.decode('utf-8', 'replace')} {name}\n")
        self.notes.flush()


class Connection(asyncio.Protocol):
    """One client: commands in, answers out, in order."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.buffer = b""
        self.recipient = b""
        self.in_data = False
        self.transport: asyncio.Transport | None = None
        self.busy: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.sink.here += 1
        self.sink.most = max(self.sink.most, self.sink.here)
        transport.write(b"220 sink.example ESMTP\r\n")

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the client."""
        self.sink.here -= 1

    def data_received(self, data: bytes) -> None:
        """Take what came; with a delay, one answer after the other."""
        self.buffer += data
        if not self.sink.delay:
            while self.step():
                pass
        elif self.busy is None or self.busy.done():
            self.busy = asyncio.get_running_loop().create_task(self.slowly())

    async def slowly(self) -> None:
        """Answer each command after the delay."""
        while self.is_whole():
            await asyncio.sleep(self.sink.delay)
            self.step()

    def is_whole(self) -> bool:
        """Whether a command, or a message, is there to its end."""
        return (END if self.in_data else b"\r\n") in self.buffer

    def step(self) -> bool:
        """Answer one command or message; False where none is whole."""
        if not self.is_whole() or self.transport is None:
            return False
        whole, self.buffer = self.buffer.split(END if self.in_data else b"\r\n", 1)
        if self.in_data:
            self.store(whole)
            return True
        verb = whole[:4].upper()
        if verb == b"RCPT":
            self.recipient = whole.partition(b"<")[2].partition(b">")[0]
        self.in_data = verb == b"DATA"
        self.transport.write(ANSWERS.get(verb, b"500 5.5.1 what?\r\n"))
        if verb == b"QUIT":
            self.transport.close()
        return True

    def store(self, data: bytes) -> None:
        """Keep a message, and say so or vanish."""
        assert self.transport is not None
        self.in_data = False
        self.sink.note(self.recipient, data)
        if self.sink.lose and random.random() < self.sink.lose:
            self.transport.abort()
        else:
            self.transport.write(b"250 2.0.0 stored\r\n")


async def serve(sink: Sink, port: int) -> None:
    """Swallow until told to end."""
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    server = await loop.create_server(lambda: Connection(sink), "127.0.0.1", port)
    say(server.sockets[0].getsockname()[1])
    await over.wait()
    server.close()
    say(sink.most)


def say(number: int) -> None:
    """Tell whoever started us a number."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def main(words: list[str]) -> None:
    """Read the manners and swallow."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--notes", type=Path, required=True)
    reader.add_argument("--port", type=int, default=0)
    reader.add_argument("--delay", type=float, default=0.0)
    reader.add_argument("--lose", type=float, default=0.0)
    asked = reader.parse_args(words)
    with asked.notes.open("a", encoding="utf-8") as notes:
        asyncio.run(serve(Sink(notes, asked.delay, asked.lose), asked.port))


if __name__ == "__main__":
    main(sys.argv[1:])
