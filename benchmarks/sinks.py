"""A local mail server to deliver to, in a process of its own, and what it noted."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from programme.config import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE, LONGEST = 30, 120


@dataclass
class Sink:
    """A running sink: where it listens, its notes, and at the end how many connections it had at once at most."""

    port: int
    notes: Path
    most: int = 0

    def arrivals(self) -> list[float]:
        """Return when each message was stored, in seconds."""
        return [float(line.split(" ", 1)[0]) for line in self.notes.read_text().splitlines()]

    def rate(self, *, most: int | None = None) -> float:
        """Return messages a second between the first and the last, of the first `most`."""
        found = sorted(self.arrivals())[:most]
        return (len(found) - 1) / (found[-1] - found[0])

    def wait_for(self, number: int) -> None:
        """Wait until so many messages are stored."""
        until = time.monotonic() + LONGEST
        while len(self.arrivals()) < number:
            if time.monotonic() > until:
                raise TimeoutError(f"{len(self.arrivals())} of {number} letters came.")
            time.sleep(0.1)


@contextmanager
def swallowing(folder: Path, *words: str) -> Iterator[Sink]:
    """Run a sink for a while."""
    notes = folder / "sink.txt"
    notes.unlink(missing_ok=True)
    command = [sys.executable, "-m", "tests.soak.sink", "--notes", str(notes), *words]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if process.stdout is None:
        raise RuntimeError("The sink has no voice.")
    sink = Sink(int(process.stdout.readline()), notes)
    try:
        yield sink
    finally:
        process.send_signal(signal.SIGTERM)
        sink.most = int(process.stdout.readline() or 0)
        process.wait(PATIENCE)
