"""Real processes to measure: the programme's own command on a database of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.load import Client
from programme.config import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PATIENCE = 60
COMMAND = (sys.executable, "-c", "from programme.start import main; main()")
UNLIMITED = "1000000 per minute"


def environment(database_url: str, folder: Path, port: int) -> dict[str, str]:
    """Return the settings of a measured installation: captured mail, limits out of the way."""
    return {
        **os.environ,
        "PROGRAMME_ENV": str(folder / "absent.env"),
        "PYTHONPATH": str(ROOT),
        "SECRET_KEY": "only-for-measuring-" + "0123456789" * 4,
        "DATABASE_URL": database_url,
        "BASE_URL": f"http://127.0.0.1:{port}",
        "STORE": str(folder / "store"),
        "MAIL_URL": "capture://",
        "MAIL_FROM": "programme@example.ac.uk",
        "DEMO": "1",
        "SIGN_UP_LIMIT": UNLIMITED,
        "SIGN_IN_LIMIT": UNLIMITED,
        "SEARCH_LIMIT": UNLIMITED,
    }


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    database_url: str, folder: Path, *, workers: int, scheduler: bool, more: Mapping[str, str] | None = None
) -> Iterator[tuple[int, list[int]]]:
    """Run `programme serve` (and `programme scheduler`), with `more` settings, and give (port, process ids)."""
    port = free_port()
    settings = environment(database_url, folder, port) | dict(more or {}) | {"BASE_URL": f"http://127.0.0.1:{port}"}
    verbs = [["serve", "--workers", str(workers), "--port", str(port)]] + ([["scheduler"]] if scheduler else [])
    processes = [start(verb, settings) for verb in verbs]
    try:
        wait_until_ready(port)
        yield port, [process.pid for process in processes]
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        for process in processes:
            process.wait(PATIENCE)


def start(verb: list[str], settings: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start one command quietly."""
    return subprocess.Popen([*COMMAND, *verb], env=settings, cwd=ROOT, stdout=subprocess.DEVNULL)


def run(verb: list[str], settings: dict[str, str]) -> None:
    """Run one command to its end."""
    subprocess.run([*COMMAND, *verb], env=settings, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def wait_until_ready(port: int, path: str = "/health/ready") -> float:
    """Return the seconds until `path` answered 200."""
    began = time.perf_counter()
    while time.perf_counter() - began < PATIENCE:
        client = Client("127.0.0.1", port)
        try:
            if client.get(path).status == 200:
                return time.perf_counter() - began
        except OSError:
            time.sleep(0.005)
        finally:
            client.close()
    raise TimeoutError(path)


def family(pid: int) -> list[int]:
    """Return the process and all that it started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += family(int(child))
    return found


def proportional_kb(pids: list[int]) -> int:
    """Return the summed proportional set size of the processes and their children, in kB."""
    total = 0
    for pid in {member for leader in pids for member in family(leader)}:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total
