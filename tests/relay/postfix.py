"""A Postfix of our own: its folders, two ports and nothing else of the machine, no name server, gone afterwards."""

import os
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL, SIGTERM

PATIENCE = 30
"""Seconds until a mail server that does not do its part counts as broken."""

DOMAIN = "programme.example"
QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "saved", "trace")
UNDER_WAY = ("active", "deferred", "incoming")

SETTINGS = {
    "compatibility_level": "3.6",
    "myhostname": f"relay.{DOMAIN}",
    "mydestination": DOMAIN,
    "mynetworks": "127.0.0.0/8",
    "inet_interfaces": "127.0.0.1",
    "inet_protocols": "ipv4",
    "smtpd_relay_restrictions": "permit_mynetworks, reject",
    # no name server is asked for anything
    "smtp_dns_support_level": "disabled",
    "smtp_host_lookup": "native",
    "smtpd_peername_lookup": "no",
    # as the guide for operators has it: bounces+anything@ goes to a command, by the table of aliases
    "recipient_delimiter": "+",
    "local_recipient_maps": "$alias_maps",
    "alias_database": "",
    "biff": "no",
    "notify_classes": "",
    # tries again every second, for days
    "minimal_backoff_time": "1s",
    "maximal_backoff_time": "1s",
    "queue_run_delay": "1s",
}
PROGRAMS = """\
127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{signing_port} inet n - n - - smtpd
  -o smtpd_milters=unix:{milter}
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
local unix - n n - - local
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
HAND_OVER = """\
#!/bin/sh
# Hand a message over to the test, and end as it says.
set -e
place=$(mktemp -d {folder}/coming/XXXXXXXX)
cat >"$place/whole"
mv "$place/whole" "$place/message"
until [ -e "$place/answer" ]; do sleep 0.05; done
exit "$(cat "$place/answer")"
"""


@dataclass(frozen=True)
class HandedOver:
    """A message that the mail server has given to the command, which has not ended yet."""

    place: Path

    @property
    def raw(self) -> bytes:
        """What the command reads."""
        return (self.place / "message").read_bytes()

    def answer(self, code: int) -> None:
        """Let the command end with a code."""
        (self.place / "message").rename(self.place / "taken")
        (self.place / "code").write_text(str(code))
        (self.place / "code").rename(self.place / "answer")


@dataclass(frozen=True)
class Relay:
    """A running mail server; letters given to `signing_port` go by way of the milter at `milter`."""

    folder: Path
    port: int
    signing_port: int
    process: subprocess.Popen[bytes]

    @property
    def milter(self) -> Path:
        """Where a milter is looked for."""
        return self.folder / "milter"

    @property
    def log(self) -> str:
        """What it says it did."""
        file = self.folder / "log"
        return file.read_text(errors="replace") if file.exists() else "(it says nothing)"

    def handed_over(self) -> HandedOver:
        """Wait for the next message to the address of bounces."""
        self.wait_until(lambda: bool(self.waiting()), "nothing came back")
        return self.waiting()[0]

    def waiting(self) -> list[HandedOver]:
        """What was handed over and has no answer, the oldest first."""
        messages = (self.folder / "coming").glob("*/message")
        return [HandedOver(file.parent) for file in sorted(messages, key=lambda file: file.stat().st_mtime_ns)]

    def submit(self, sender: str, recipient: str, raw: bytes) -> None:
        """Hand a message in as anybody may."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=PATIENCE) as client:
            client.sendmail(sender, [recipient], raw)

    def wait_until_empty(self) -> None:
        """Return once nothing is on its way any more."""
        self.wait_until(lambda: not self.under_way(), "letters are still under way")

    def under_way(self) -> list[Path]:
        """What is in its queues."""
        return [file for name in UNDER_WAY for file in (self.folder / "queue" / name).rglob("*") if file.is_file()]

    def wait_until(self, true: Callable[[], bool], otherwise: str) -> None:
        """Wait until something is so; raises with its log where that never comes."""
        until = time.monotonic() + PATIENCE
        while not true():
            if self.process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"{otherwise}:\n{self.log}")
            time.sleep(0.02)


def daemons() -> Path | None:
    """The folder of its programs, where it is installed."""
    told = shutil.which("postconf", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
    if told is None:
        return None
    said = subprocess.run([told, "-d", "-h", "daemon_directory"], capture_output=True, text=True, check=True)
    return Path(said.stdout.strip())


@contextmanager
def running(programs: Path, *, next_hop: int, **others: str) -> Iterator[Relay]:
    """Start one that passes everything but mail to DOMAIN on to a port of this machine; end it by its number.

    Some of its settings may be others; none changes while it runs: what is under way just then would go out twice.
    """
    folder = Path(tempfile.mkdtemp(prefix="post-", dir="/tmp"))
    try:
        with reserved() as port, reserved() as signing_port:
            lay_out(folder, port=port, signing_port=signing_port)
            write_settings(folder, relayhost=f"[127.0.0.1]:{next_hop}", **others)
            # `master` itself and not `postfix start`, which leaves it to itself; in a session of its own, as it wants
            command = [str(programs / "master"), "-d", "-c", str(folder / "etc")]
            with (folder / "complaints").open("wb") as said:
                process = subprocess.Popen(command, stdout=said, stderr=said, cwd=folder, start_new_session=True)
            try:
                relay = Relay(folder, port, signing_port, process)
                relay.wait_until(lambda: answers(port) and answers(signing_port), "it does not answer")
                yield relay
            finally:
                end(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def lay_out(folder: Path, *, port: int, signing_port: int) -> None:
    """Make its folders, its table of programs and the command that bounces go to."""
    folder.chmod(0o755)  # its programs run under several accounts
    for name in ("data", *(f"queue/{name}" for name in (*QUEUES, "private", "public"))):
        (folder / name).mkdir(parents=True)
        shutil.chown(folder / name, "postfix")
    (folder / "queue" / "pid").mkdir()
    (folder / "coming").mkdir()
    (folder / "coming").chmod(0o777)
    (folder / "etc").mkdir()
    programs = PROGRAMS.format(port=port, signing_port=signing_port, milter=folder / "milter")
    (folder / "etc" / "master.cf").write_text(programs)
    (folder / "etc" / "aliases").write_text(f'bounces "|{folder}/hand-over"\n')
    (folder / "hand-over").write_text(HAND_OVER.format(folder=folder))
    (folder / "hand-over").chmod(0o755)


def write_settings(folder: Path, **others: str) -> None:
    """Write `main.cf`."""
    places = {
        "queue_directory": str(folder / "queue"),
        "data_directory": str(folder / "data"),
        "maillog_file": str(folder / "log"),
        "maillog_file_prefixes": str(folder),
        "alias_maps": f"texthash:{folder}/etc/aliases",
    }
    lines = "".join(f"{name} = {value}\n" for name, value in {**SETTINGS, **places, **others}.items())
    (folder / "etc" / "main.cf").write_text(lines)


@contextmanager
def reserved() -> Iterator[int]:
    """Hold a port that nobody else is given: Linux lets one program listen where another has only bound."""
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        yield port


def answers(port: int) -> bool:
    """Whether somebody greets there."""
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=PATIENCE) as client:
            return client.noop()[0] == 250
    except OSError:
        return False


def end(process: subprocess.Popen[bytes]) -> None:
    """End it, and with it the programs that it started: they are of its session."""
    process.send_signal(SIGTERM)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, SIGKILL)
        process.wait(PATIENCE)
