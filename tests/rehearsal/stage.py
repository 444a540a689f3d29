"""Where the rehearsal is played: the programme's own command on a new database, a real SMTP peer, a real server."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from programme.config import ROOT
from tests.bed.servers import postgres, smtp
from tests.bed.servers.smtp import Peer, Received
from tests.rehearsal.visitor import Visitor

PATIENCE = 60
COMMAND = (sys.executable, "-c", "from programme.start import main; main()")
LINK = re.compile(r"https?://[^\s<>\"]+")


class DifferenceError(AssertionError):
    """Something is not as it should be; the text says what was seen."""


@dataclass
class Stage:
    """A running installation and what it sent."""

    base: str
    settings: dict[str, str]
    peer: Peer
    seen: int = 0
    steps: list[str] = field(default_factory=list)

    def command(self, *words: str) -> str:
        """Run `programme …` to its end and return what it printed."""
        done = subprocess.run(
            [*COMMAND, *words], env=self.settings, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise DifferenceError(f"programme {' '.join(words)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout.strip()

    def letters(self) -> list[Received]:
        """Return what the peer received since this was last asked."""
        new = self.peer.received[self.seen :]
        self.seen += len(new)
        return new

    def run_due(self, at: str = "") -> list[Received]:
        """Do what is due (now, or at an instant) and return the letters that went out."""
        self.command("run-due", *(["--at", at] if at else []))
        return self.letters()

    def sign_in(self, address: str) -> Visitor:
        """Return a visitor signed in by a printed link."""
        visitor = Visitor(self.base)
        page = visitor.get(self.command("sign-in-link", address))
        visitor.send(page.form(going_to="/sign-in/"))
        return visitor

    def expect(self, what: str, saw: object, wanted: object) -> None:
        """Print a step with what was seen; the first difference ends the rehearsal."""
        if saw != wanted:
            raise DifferenceError(f"{what}: saw {saw!r}, wanted {wanted!r}")
        self.say(what, saw)

    def say(self, what: str, saw: object) -> None:
        """Print a step."""
        print(f"  {len(self.steps) + 1:2}  {what}: {saw}", flush=True)
        self.steps.append(what)


def text_of(letter: Received) -> str:
    """Return the plain text of a letter."""
    part = letter.message.get_body(("plain",))
    return str(part.get_content()) if part else ""


def link_in(letter: Received, containing: str) -> str:
    """Return the first address in a letter that contains a word."""
    for found in LINK.findall(text_of(letter)):
        if containing in found:
            return str(found).rstrip(".,)")
    raise DifferenceError(
        f"no link with {containing!r} in the letter “{letter.message['Subject']}”:\n{text_of(letter)}"
    )


def calendar_in(letter: Received) -> str:
    """Return the calendar file of a letter."""
    for part in letter.message.walk():
        if part.get_content_type() == "text/calendar":
            return bytes(part.get_payload(decode=True)).decode().replace("\r\n ", "")
    raise DifferenceError(f"no calendar file in the letter “{letter.message['Subject']}”")


@contextmanager
def playing(kind: str) -> Iterator[Stage]:
    """Set up an installation on a database of `kind` and serve it, two workers wide, until the end."""
    with (
        tempfile.TemporaryDirectory(prefix="rehearsal-") as name,
        smtp.listening() as peer,
        database(kind, name) as url,
    ):
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        stage = Stage(base, environment(url, Path(name), base, peer.url), peer)
        stage.command("init", "--uid-host", "programme.example.ac.uk")
        server = subprocess.Popen(
            [*COMMAND, "serve", "--workers", "2", "--port", str(port)],
            env=stage.settings,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        try:
            wait_until_ready(base)
            yield stage
        finally:
            server.terminate()
            server.wait(PATIENCE)


@contextmanager
def database(kind: str, folder: str) -> Iterator[str]:
    """Give the address of an empty database."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/programme.sqlite"
        return
    binaries = postgres.programs()
    if binaries is None:
        raise DifferenceError("No PostgreSQL was found to rehearse on.")
    with postgres.running(binaries) as server:
        yield server.url(server.create())


def environment(url: str, folder: Path, base: str, mail: str) -> dict[str, str]:
    """Return the settings of the installation; its mail goes to the peer."""
    return {
        **os.environ,
        "PROGRAMME_ENV": str(folder / "absent.env"),
        "PYTHONPATH": str(ROOT),
        "SECRET_KEY": "only-for-rehearsing-" + "0123456789" * 4,
        "DATABASE_URL": url,
        "BASE_URL": base,
        "STORE": str(folder / "store"),
        "MAIL_URL": mail,
        "MAIL_FROM": "programme@example.ac.uk",
    }


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(base: str) -> None:
    """Return once the installation is ready."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urlopen(f"{base}/health/ready", timeout=PATIENCE) as answer:
                if answer.status == 200:
                    return
        except URLError:
            time.sleep(0.1)
    raise DifferenceError("The server did not become ready.")
