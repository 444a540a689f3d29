"""A nursery: a process that imported the programme once, and forks one of its commands as often as it is told.

What takes seconds of each process, to import everything, is done once for all the dispatchers that trials kill. It is
told in lines of JSON: `{"start": [words], "environment": {}, "log": file}` answers with the number of the process,
`{"wait": number, "seconds": 30}` with its code, negative where a signal ended it, or null where it goes on.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from programme.config import ROOT
from programme.core.lazy import load_whole
from programme.start import main as programme

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST = 60
LOADED = ("programme.app", "programme.commands.ticking")


@dataclass
class Child:
    """A command that runs in a process of its own."""

    number: int
    nursery: Nursery

    def send_signal(self, what: signal.Signals) -> None:
        """Send it a signal, if it is there still."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.number, what)

    def wait(self, seconds: float = LONGEST) -> int:
        """Return its code once it has ended; raises TimeoutError where it does not."""
        code = self.nursery.asked(wait=self.number, seconds=seconds)
        if code is None:
            raise TimeoutError(f"Process {self.number} has not ended in {seconds} seconds.")
        return int(code)

    def end(self) -> int:
        """Ask it to end, and return its code."""
        self.send_signal(signal.SIGTERM)
        return self.wait()


@dataclass
class Nursery:
    """What starts commands."""

    process: subprocess.Popen[str]

    def start(self, *words: str, environment: Mapping[str, str], log: str = os.devnull) -> Child:
        """Start `programme` with some words; its log goes to a file."""
        return Child(int(self.asked(start=words, environment=dict(environment), log=log)), self)

    def asked(self, **order: Any) -> Any:
        """Tell the nursery something, and return its answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{json.dumps(order)}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@contextmanager
def nursery() -> Iterator[Nursery]:
    """Run a nursery for a while; whoever is left in it ends with it."""
    command = [sys.executable, "-m", "tests.soak.nursery"]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield Nursery(process)


def main() -> None:
    """Do what is told until nobody tells anything; then end who is left."""
    running: dict[int, int | None] = {}
    for name in LOADED:
        load_whole(name)
    for line in sys.stdin:
        order = json.loads(line)
        answer: int | None
        if "start" in order:
            answer = number = born(order["start"], environment=order["environment"], log=order["log"])
            running[number] = None
        else:
            running[order["wait"]] = answer = ended(order["wait"], running, seconds=order["seconds"])
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()
    for number in [number for number, code in running.items() if code is None]:
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)


def born(words: list[str], *, environment: dict[str, str], log: str) -> int:
    """Fork a process that runs the command as if it were typed, and return its number."""
    number = os.fork()
    if number:
        return number
    for descriptor, file in enumerate((os.devnull, os.devnull, log)):
        os.dup2(os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT), descriptor)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv, os.nice = ["programme", *words], at_usual_priority
    try:
        programme()
    except SystemExit as end:
        os._exit(end.code if isinstance(end.code, int) else int(end.code is not None))
    os._exit(0)


def at_usual_priority(_steps: int) -> int:
    """Stay as urgent as everybody: a clock that gives way to all the tests beside it would hardly run."""
    return 0


def ended(number: int, running: dict[int, int | None], *, seconds: float) -> int | None:
    """Return the code of a process, waiting a while for its end."""
    until = time.monotonic() + seconds
    while running[number] is None and time.monotonic() < until:
        found, status = os.waitpid(number, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    return running[number]


if __name__ == "__main__":
    main()
